//! The types in Rust that can be serialised, by name.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use syn::parse::ParseStream;
use syn::{Attribute, Expr, ExprLit, Ident, Item, ItemEnum, ItemStruct, Lit, Meta};

/// A type.
pub enum Type {
    Struct(ItemStruct),
    Enum(ItemEnum),
    /// A number made by the macro `unit!`.
    Unit(Vec<Attribute>),
}

/// All of them. Those of one name are told apart only when one is wanted.
#[derive(Default)]
pub struct Source {
    types: BTreeMap<String, Vec<Type>>,
}

impl Source {
    /// Reads all files below these folders.
    pub fn read(folders: &[&Path]) -> io::Result<Source> {
        let mut source = Source::default();
        for folder in folders {
            source.read_folder(folder)?;
        }
        Ok(source)
    }

    /// The type of that name.
    pub fn get(&self, name: &str) -> &Type {
        match self.types.get(name).map(Vec::as_slice) {
            Some([one]) => one,
            Some(_) => panic!("there are several types called {name}"),
            None => panic!("no type called {name} can be serialised"),
        }
    }

    fn read_folder(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.read_folder(&path)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path)?;
                let file = syn::parse_file(&text).map_err(io::Error::other)?;
                file.items.into_iter().for_each(|item| self.add(item));
            }
        }
        Ok(())
    }

    fn add(&mut self, item: Item) {
        let (name, found) = match item {
            Item::Struct(item) if is_serialised(&item.attrs) => {
                (item.ident.to_string(), Type::Struct(item))
            }
            Item::Enum(item) if is_serialised(&item.attrs) => {
                (item.ident.to_string(), Type::Enum(item))
            }
            Item::Macro(item) if item.mac.path.is_ident("unit") => {
                let unit = |input: ParseStream<'_>| {
                    let attributes = input.call(Attribute::parse_outer)?;
                    let name: Ident = input.parse()?;
                    input.parse::<syn::Token![,]>()?;
                    input.parse::<Lit>()?;
                    Ok((name.to_string(), Type::Unit(attributes)))
                };
                item.mac
                    .parse_body_with(unit)
                    .expect("unit! is given docs, a name and a text")
            }
            _ => return,
        };
        self.types.entry(name).or_default().push(found);
    }
}

fn is_serialised(attributes: &[Attribute]) -> bool {
    let mut found = false;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let derived = attribute.parse_nested_meta(|derived| {
            found |= derived.path.is_ident("Serialize");
            Ok(())
        });
        derived.expect("derive lists traits");
    }
    found
}

/// What serde is told about a type, a variant or a field.
#[derive(Default)]
pub struct Serde {
    pub tag: Option<String>,
    pub rename_all: Option<String>,
    /// It is stored as another type.
    pub into: Option<String>,
    pub skip: bool,
    pub flatten: bool,
    /// It is left out where it says nothing.
    pub optional: bool,
}

impl Serde {
    pub fn of(attributes: &[Attribute]) -> Serde {
        let mut told = Serde::default();
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("serde"))
        {
            let parsed = attribute.parse_nested_meta(|meta| {
                let name = meta
                    .path
                    .get_ident()
                    .map(Ident::to_string)
                    .unwrap_or_default();
                let value = match meta.value() {
                    Ok(value) => Some(value.parse::<syn::LitStr>()?.value()),
                    Err(_) => None,
                };
                match name.as_str() {
                    "tag" => told.tag = value,
                    "rename_all" => told.rename_all = value,
                    "into" => told.into = value,
                    "skip" => told.skip = true,
                    "flatten" => told.flatten = true,
                    "skip_serializing_if" => told.optional = true,
                    // What is read only, or makes no difference to what is written.
                    "try_from" | "default" | "deny_unknown_fields" | "transparent" => {}
                    other => {
                        return Err(
                            meta.error(format!("what does serde({other}) mean in TypeScript?"))
                        );
                    }
                }
                Ok(())
            });
            parsed.unwrap_or_else(|error| panic!("{error}"));
        }
        told
    }

    /// The name of a variant as it is written.
    pub fn variant(&self, name: &Ident) -> String {
        let name = name.to_string();
        match self.rename_all.as_deref() {
            None => name,
            Some("lowercase") => name.to_lowercase(),
            Some("UPPERCASE") => name.to_uppercase(),
            Some(other) => panic!("what is {name} in {other}?"),
        }
    }
}

/// What is said about an item, a line each; links lead nowhere outside Rust and become what they show.
pub fn docs(attributes: &[Attribute]) -> Vec<String> {
    let line = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    };
    let text: Vec<String> = attributes.iter().filter_map(line).collect();
    without_links(&text.join("\n"))
        .lines()
        .map(str::to_owned)
        .collect()
}

fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let Some(length) = rest[start..].find(']') else {
            break;
        };
        out.push_str(&rest[..start]);
        out.push_str(&rest[start + 1..start + length]);
        rest = &rest[start + length + 1..];
        if let Some(target) = rest.strip_prefix('(') {
            rest = target.split_once(')').map_or("", |(_, after)| after);
        }
    }
    out.push_str(rest);
    out
}
