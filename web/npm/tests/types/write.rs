//! Types in TypeScript.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use syn::{Field, Fields, GenericArgument, ItemEnum, ItemStruct, PathArguments, Variant};

use crate::source::{Serde, Source, Type, docs};

const HEAD: &str = "\
// Written from the Rust types, by the test `types` of the crate swap-pager-js. Do not edit.
";

/// Types that have another name in TypeScript: browsers have an `Event` and a `Node` already.
const RENAMED: [(&str, &str); 3] = [
    ("Event", "MachineEvent"),
    ("Node", "TreeNode"),
    ("Code", "ErrorCode"),
];

/// A command is stored by way of a struct with all fields that commands have. What it comes to is an object
/// with this key, and the fields of its variant beside it.
const COMMAND_TAG: &str = "cmd";

/// Longest line of documentation that stands on one line.
const WIDTH: usize = 110;

pub struct Writer<'a> {
    source: &'a Source,
    /// Types that were met, and those of them that are not written yet, the next one last.
    met: BTreeSet<String>,
    next: Vec<String>,
}

impl<'a> Writer<'a> {
    pub fn new(source: &'a Source) -> Writer<'a> {
        Writer {
            source,
            met: BTreeSet::new(),
            next: Vec::new(),
        }
    }

    /// These types and all that they have in them, by name.
    pub fn write(mut self, roots: &[&str]) -> String {
        let mut written = Vec::new();
        for root in roots {
            self.meet(root);
        }
        while let Some(name) = self.next.pop() {
            let text = match self.source.get(&name) {
                Type::Struct(item) => self.of_struct(item),
                Type::Enum(item) => self.of_enum(item),
                Type::Unit(attributes) => {
                    format!(
                        "{}export type {} = number;\n",
                        comment(&docs(attributes), ""),
                        renamed(&name)
                    )
                }
            };
            written.push((renamed(&name).to_owned(), text));
        }
        written.sort();
        let mut out = HEAD.to_owned();
        for (_, text) in written {
            out.push('\n');
            out.push_str(&text);
        }
        out
    }

    fn meet(&mut self, name: &str) {
        if self.met.insert(name.to_owned()) {
            self.next.push(name.to_owned());
        }
    }

    fn of_struct(&mut self, item: &ItemStruct) -> String {
        let name = item.ident.to_string();
        let name = renamed(&name);
        let head = comment(&docs(&item.attrs), "");
        match &item.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                format!(
                    "{head}export type {name} = {};\n",
                    self.of(&fields.unnamed[0].ty)
                )
            }
            Fields::Named(fields) => {
                let (flat, own): (Vec<_>, Vec<_>) = fields
                    .named
                    .iter()
                    .partition(|field| Serde::of(&field.attrs).flatten);
                let flat: Vec<String> = flat.iter().map(|field| self.of(&field.ty)).collect();
                let extends = match flat.is_empty() {
                    true => String::new(),
                    false => format!(" extends {}", flat.join(", ")),
                };
                let own = self.fields(own.into_iter(), false, "    ");
                format!("{head}export interface {name}{extends} {{\n{own}}}\n")
            }
            _ => panic!("what is {name} in TypeScript?"),
        }
    }

    fn of_enum(&mut self, item: &ItemEnum) -> String {
        let mut serde = Serde::of(&item.attrs);
        let is_command = serde.into.is_some();
        if is_command {
            serde.tag = Some(COMMAND_TAG.to_owned());
            serde.rename_all = Some("lowercase".to_owned());
        }
        let name = item.ident.to_string();
        let mut out = format!(
            "{}export type {} =",
            comment(&docs(&item.attrs), ""),
            renamed(&name)
        );
        for variant in &item.variants {
            let shape = match &serde.tag {
                Some(tag) => self.tagged(variant, tag, &serde.variant(&variant.ident), is_command),
                None => self.untagged(variant, &serde.variant(&variant.ident)),
            };
            let _ = write!(
                out,
                "\n{}    | {shape}",
                comment(&docs(&variant.attrs), "    ")
            );
        }
        out.push_str(";\n");
        out
    }

    fn tagged(&mut self, variant: &Variant, tag: &str, name: &str, is_command: bool) -> String {
        match &variant.fields {
            Fields::Unit => format!("{{ {tag}: \"{name}\" }}"),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                format!(
                    "({{ {tag}: \"{name}\" }} & {})",
                    self.of(&fields.unnamed[0].ty)
                )
            }
            Fields::Named(fields) => {
                let fields = self.fields(fields.named.iter(), is_command, "          ");
                format!("{{\n          {tag}: \"{name}\";\n{fields}      }}")
            }
            Fields::Unnamed(_) => panic!("serde has no such variant: {name}"),
        }
    }

    fn untagged(&mut self, variant: &Variant, name: &str) -> String {
        match &variant.fields {
            Fields::Unit => format!("\"{name}\""),
            Fields::Unnamed(fields) => {
                let types: Vec<String> = fields
                    .unnamed
                    .iter()
                    .map(|field| self.of(&field.ty))
                    .collect();
                match types.as_slice() {
                    [one] => format!("{{ {name}: {one} }}"),
                    several => format!("{{ {name}: [{}] }}", several.join(", ")),
                }
            }
            Fields::Named(fields) => {
                let fields = self.fields(fields.named.iter(), false, "              ");
                format!("{{\n          {name}: {{\n{fields}          }};\n      }}")
            }
        }
    }

    /// Fields, a line each. Those of a command have ranges taken apart, and may leave out what is optional.
    fn fields<'f>(
        &mut self,
        fields: impl Iterator<Item = &'f Field>,
        is_command: bool,
        indent: &str,
    ) -> String {
        let mut out = String::new();
        for field in fields {
            if Serde::of(&field.attrs).skip {
                continue;
            }
            if is_command && path_name(&field.ty).as_deref() == Some("PageRange") {
                let Type::Struct(range) = self.source.get("PageRange") else {
                    panic!("a range has fields");
                };
                out.push_str(&self.fields(range.fields.iter(), is_command, indent));
                continue;
            }
            let name = field.ident.as_ref().expect("fields of structs have names");
            let optional = is_command && path_name(&field.ty).as_deref() == Some("Option")
                || Serde::of(&field.attrs).optional;
            let mark = if optional { "?" } else { "" };
            let ty = self.of(&field.ty);
            out.push_str(&comment(&docs(&field.attrs), indent));
            let _ = writeln!(out, "{indent}{name}{mark}: {ty};");
        }
        out
    }

    /// A type where it is used.
    fn of(&mut self, ty: &syn::Type) -> String {
        match ty {
            syn::Type::Reference(reference) => self.of(&reference.elem),
            syn::Type::Slice(slice) => array(&self.of(&slice.elem)),
            syn::Type::Tuple(tuple) => {
                let types: Vec<String> = tuple.elems.iter().map(|ty| self.of(ty)).collect();
                format!("[{}]", types.join(", "))
            }
            syn::Type::Path(path) => {
                let last = path.path.segments.last().expect("a path has a name");
                let mut inner = || match &last.arguments {
                    PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
                        Some(GenericArgument::Type(ty)) => self.of(ty),
                        _ => panic!("of what is this {}?", last.ident),
                    },
                    _ => panic!("of what is this {}?", last.ident),
                };
                match last.ident.to_string().as_str() {
                    "u8" | "u16" | "u32" | "u64" | "i32" | "i64" => "number".to_owned(),
                    "bool" => "boolean".to_owned(),
                    "String" | "str" => "string".to_owned(),
                    "Box" | "Arc" => inner(),
                    "Option" => format!("{} | null", inner()),
                    "Vec" => array(&inner()),
                    name => {
                        self.meet(name);
                        renamed(name).to_owned()
                    }
                }
            }
            _ => panic!("there is a type with no counterpart in TypeScript"),
        }
    }
}

fn path_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn array(of: &str) -> String {
    if of.contains(' ') && !of.starts_with('[') {
        format!("({of})[]")
    } else {
        format!("{of}[]")
    }
}

fn renamed(name: &str) -> &str {
    let found = RENAMED.iter().find(|(rust, _)| *rust == name);
    found.map_or(name, |(_, typescript)| typescript)
}

fn comment(lines: &[String], indent: &str) -> String {
    let joined = lines.join(" ");
    if lines.is_empty() {
        panic!("all that is written is to be documented");
    }
    if joined.len() + indent.len() <= WIDTH && !lines.iter().any(String::is_empty) {
        return format!("{indent}/** {joined} */\n");
    }
    let mut out = format!("{indent}/**\n");
    for line in lines {
        let line = format!("{indent} * {line}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let _ = writeln!(out, "{indent} */");
    out
}
