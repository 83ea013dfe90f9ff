//! Takes tables of TOML apart, and notes what is wrong with the line.

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::super::LessonError;
use super::super::vary::{Value, fill};
use super::{ABOVE, LESSON, type_of};
use crate::crc32::CRC_32;
use crate::language::nearest;

/// A table, where it begins, and what it is.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub table: &'a DeTable<'a>,
    pub line: usize,
    pub what: &'a str,
}

impl<'a> At<'a> {
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub fn is_table(&self, key: &str) -> bool {
        self.get(key)
            .is_some_and(|value| value.get_ref().is_table())
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let mut entries = self.table.iter();
        entries
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }
}

/// A text, with the numbers put in, and the line that its first line is in.
#[derive(Default)]
pub struct Words {
    pub text: String,
    pub line: usize,
}

pub struct Reader<'a> {
    source: &'a str,
    errors: Vec<LessonError>,
    /// What stands for what in braces.
    pub numbers: Vec<(String, Value)>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a str) -> Reader<'a> {
        Reader {
            source,
            errors: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// All that is wrong, in the order of lines.
    pub fn errors(mut self) -> Vec<LessonError> {
        // Few: a sort would bring in much code.
        let mut sorted: Vec<LessonError> = Vec::new();
        for error in self.errors.drain(..) {
            let place = sorted.partition_point(|before| before.line <= error.line);
            if !sorted.contains(&error) {
                sorted.insert(place, error);
            }
        }
        sorted
    }

    pub fn fail(&mut self, line: usize, why: String) {
        self.errors.push(LessonError { line, why });
    }

    pub fn fail_at(&mut self, at: usize, why: String) {
        self.fail(self.line_at(at), why);
    }

    /// A checksum of the text, in which it makes no difference how lines end.
    pub fn digest(&self) -> u32 {
        let mut digest = CRC_32.digest();
        for part in self.source.split('\r') {
            digest.update(part.as_bytes());
        }
        digest.finalize()
    }

    fn line_at(&self, at: usize) -> usize {
        let before = self
            .source
            .as_bytes()
            .get(..at)
            .unwrap_or(self.source.as_bytes());
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    pub fn line_of_key(&self, at: &At<'_>, key: &str) -> usize {
        let mut keys = at.table.keys();
        let found = keys.find(|name| name.get_ref() == key);
        found.map_or(at.line, |name| self.line_at(name.span().start))
    }

    /// Notes all keys that are none of these.
    pub fn known(&mut self, at: &At<'_>, known: &[&'static str]) {
        for key in at.table.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let meant = match nearest(name, known.iter().copied()) {
                Some(meant) => format!(" Did you mean `{meant}`?"),
                None if LESSON.contains(&name) => format!(" {ABOVE}"),
                None => String::new(),
            };
            let why = format!(
                "`{name}` is nothing that {} has.{meant} There are: {}.",
                at.what,
                known.join(", ")
            );
            self.fail_at(key.span().start, why);
        }
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let found = type_of(value.get_ref());
        let why = format!("`{key}` is {found}: write {expected}.");
        self.fail_at(value.span().start, why);
    }

    /// A table in a table.
    pub fn table<'t>(&mut self, at: &At<'t>, key: &str, what: &'static str) -> Option<At<'t>> {
        let value = at.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(At {
                table,
                line: self.line_of_key(at, key),
                what,
            }),
            _ => {
                let name = format!("a table, as [{key}] or {{ … }}");
                self.wrong_type(key, value, &name);
                None
            }
        }
    }

    /// Tables that stand one after the other.
    pub fn tables<'t>(&mut self, at: &At<'t>, key: &str, what: &'static str) -> Vec<At<'t>> {
        let Some(value) = at.get(key) else {
            return Vec::new();
        };
        let expected = format!("[[{key}]] before each");
        let DeValue::Array(values) = value.get_ref() else {
            self.wrong_type(key, value, &expected);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in values.iter() {
            match value.get_ref() {
                DeValue::Table(table) => tables.push(At {
                    table,
                    line: self.line_at(value.span().start),
                    what,
                }),
                _ => self.wrong_type(key, value, &expected),
            }
        }
        tables
    }

    /// A text with the numbers put in.
    pub fn text(&mut self, at: &At<'_>, key: &str) -> Option<Words> {
        self.filled(at, key, false)
    }

    /// The same; `answered` tells whether it can name an answer.
    pub fn filled(&mut self, at: &At<'_>, key: &str, answered: bool) -> Option<Words> {
        let value = at.get(key)?;
        self.words(key, value, answered)
    }

    /// A text that has to be there and say something.
    pub fn required(&mut self, at: &At<'_>, key: &str) -> Words {
        match self.text(at, key) {
            Some(words) if !words.text.trim().is_empty() => words,
            found => {
                if found.is_some() || !at.has(key) {
                    let (line, how) = match found {
                        Some(words) => (words.line, "is empty"),
                        None => (at.line, "is missing"),
                    };
                    self.fail(line, format!("`{key}` {how}: {} has one.", at.what));
                }
                Words::default()
            }
        }
    }

    /// A list of texts; numbers are texts too.
    pub fn strings(&mut self, at: &At<'_>, key: &str) -> Vec<Words> {
        let Some(value) = at.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(values) = value.get_ref() else {
            self.wrong_type(key, value, "a list of texts, as [\"one\", \"two\"]");
            return Vec::new();
        };
        let words = |value| self.words(key, value, false);
        values.iter().filter_map(words).collect()
    }

    /// A list of texts and numbers that has one at least.
    pub fn values(&mut self, at: &At<'_>, key: &str) -> Option<Vec<Value>> {
        let value = at.get(key)?;
        let mut found = Vec::new();
        if let DeValue::Array(values) = value.get_ref() {
            for value in values.iter() {
                match value.get_ref() {
                    DeValue::String(text) => found.push(Value::Word(text.to_string())),
                    DeValue::Integer(number) => match whole(number) {
                        Some(number) => found.push(Value::Number(number)),
                        None => self.wrong_type(key, value, "numbers from 0 on"),
                    },
                    _ => self.wrong_type(key, value, "texts or numbers"),
                }
            }
        }
        if found.is_empty() {
            self.wrong_type(key, value, "what to choose from, as [\"heap\", \"stack\"]");
            return None;
        }
        Some(found)
    }

    /// A whole number within bounds.
    pub fn number(&mut self, at: &At<'_>, key: &str, least: u64, most: u64) -> Option<u64> {
        let value = at.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => whole(number),
            _ => None,
        };
        let fits = number.filter(|number| (least..=most).contains(number));
        if fits.is_none() {
            let expected = format!("a whole number from {least} to {most}");
            let why = match value.get_ref() {
                DeValue::Integer(number) => format!("`{key}` is {number}: write {expected}."),
                other => format!("`{key}` is {}: write {expected}.", type_of(other)),
            };
            self.fail_at(value.span().start, why);
        }
        fits
    }

    pub fn flag(&mut self, at: &At<'_>, key: &str) -> bool {
        match at.get(key).map(|value| (value, value.get_ref())) {
            None => false,
            Some((_, DeValue::Boolean(flag))) => *flag,
            Some((value, _)) => {
                self.wrong_type(key, value, "true or false");
                false
            }
        }
    }

    fn words(&mut self, key: &str, value: &Spanned<DeValue<'_>>, answered: bool) -> Option<Words> {
        let start = value.span().start;
        let source = self.source.get(start..).unwrap_or_default();
        // A line break right after the quotes is no part of the text.
        let long = ["\"\"\"", "'''"]
            .iter()
            .find_map(|quotes| source.strip_prefix(quotes));
        let skipped = long.is_some_and(|text| text.starts_with('\n') || text.starts_with("\r\n"));
        let line = self.line_at(start) + usize::from(skipped);
        let text = match value.get_ref() {
            DeValue::String(text) => text,
            DeValue::Integer(number) => {
                let text = number.to_string();
                return Some(Words { text, line });
            }
            _ => {
                self.wrong_type(key, value, "a text in quotes");
                return None;
            }
        };
        match fill(text, &self.numbers, answered) {
            Ok(text) => Some(Words { text, line }),
            Err((at, why)) => {
                let lines = if long.is_some() {
                    text[..at].matches('\n').count()
                } else {
                    0
                };
                self.fail(line + lines, why);
                None
            }
        }
    }
}

fn whole(number: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}
