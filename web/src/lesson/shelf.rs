//! Where lessons come from: the site's own, which are listed in a file beside them, and files that
//! somebody drops on the page.

use js_sys::{Array, JSON, Reflect};
use swap_pager::lesson::{Lesson, LessonError};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::part::{PartError, split};
use crate::session::links::get;

/// The text of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name of its file.
    pub file: String,
    /// The text.
    pub toml: String,
    /// Its name in the page's address, if it is one of the site's or has an address.
    pub address: Option<String>,
}

/// What is to become of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A lesson is opened: by its name, or its address.
    Named(String),
    /// A lesson is opened, whose text is there.
    Read(Source),
    /// The lesson is left.
    Leave,
}

/// One of the site's lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in addresses.
    pub id: String,
    /// Its file.
    pub file: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// How long it takes.
    pub minutes: String,
    /// Its number; none if it has none.
    pub number: String,
}

/// Lists the lessons of a site.
///
/// # Errors
/// Why that can't be done, as a sentence.
pub async fn list(site: &str) -> Result<Vec<Entry>, String> {
    let address = format!("{site}lessons/index.json");
    let (body, _) = get(&address, "list of lessons", true).await?;
    let list = JSON::parse(&text(&body).await?).unwrap_or(JsValue::NULL);
    if !Array::is_array(&list) {
        return Err(format!("{address} is no list of lessons."));
    }
    Ok(Array::from(&list)
        .iter()
        .map(|entry| entry_of(&entry))
        .collect())
}

fn entry_of(entry: &JsValue) -> Entry {
    let said = |name: &str| {
        let value = Reflect::get(entry, &name.into()).unwrap_or(JsValue::NULL);
        let number = || Some((value.as_f64()? as u32).to_string());
        value.as_string().or_else(number).unwrap_or_default()
    };
    Entry {
        id: said("id"),
        file: said("file"),
        title: said("title"),
        summary: said("summary"),
        minutes: said("minutes"),
        number: said("number"),
    }
}

/// Fetches a lesson: one of the site's by its name, or a file of the same origin by its address.
///
/// # Errors
/// Why it can't be had, as a sentence.
pub async fn fetch(site: &str, name: &str) -> Result<Source, String> {
    // No name of a lesson has such a letter, or such an end.
    let elsewhere = name.contains('/') || name.ends_with(".toml");
    let address = match elsewhere {
        true => name.to_owned(),
        false => {
            let all = list(site).await?;
            let Some(entry) = all.iter().find(|entry| entry.id == name) else {
                let names: Vec<_> = all.iter().map(|entry| entry.id.as_str()).collect();
                let names = names.join(", ");
                return Err(format!("There is no lesson \"{name}\": there are {names}."));
            };
            format!("{site}lessons/{}", entry.file)
        }
    };
    let (body, whole) = get(&address, "lesson", !elsewhere).await?;
    let file = whole.split(['?', '#']).next().unwrap_or_default();
    Ok(Source {
        file: file.rsplit('/').next().unwrap_or_default().to_owned(),
        toml: text(&body).await?,
        address: Some(name.to_owned()),
    })
}

/// The text of a file.
///
/// # Errors
/// When it is none.
pub async fn text(file: &Blob) -> Result<String, String> {
    let bad = |_| "The file can't be read.".to_owned();
    let text = JsFuture::from(file.text()).await.map_err(bad)?;
    text.as_string().ok_or_else(|| bad(JsValue::NULL))
}

split! {
    lessons,
    /// Looks at a lesson of somebody's own as its author wants it: reads it, and plays it once.
    /// Returns all that is wrong with it.
    ///
    /// # Errors
    /// When what reads lessons can't be fetched.
    pub fn proof(source: Source) -> Result<Vec<LessonError>, PartError> {
        Ok(match Lesson::read(&source.file, &source.toml, 0) {
            Ok(lesson) => lesson.check(),
            Err(wrong) => wrong,
        })
    }
}
