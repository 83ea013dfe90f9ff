//! Reading the lines of a recording, and fields out of them.

use std::fmt;
use std::io::{self, BufRead};

use serde_json::{Map, Value};

/// A recording that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError {
    /// The line, from 1; `None` if the file as a whole can't be read.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub why: String,
}

impl TraceError {
    pub(super) fn at(line: usize, why: impl Into<String>) -> TraceError {
        TraceError {
            line: Some(line),
            why: why.into(),
        }
    }

    pub(super) fn read(error: io::Error) -> TraceError {
        TraceError {
            line: None,
            why: error.to_string(),
        }
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.why),
            None => f.write_str(&self.why),
        }
    }
}

impl std::error::Error for TraceError {}

/// A line of a recording.
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// What it says.
    pub fields: Map<String, Value>,
}

/// The lines of a recording. Empty ones are skipped.
pub fn lines(input: impl BufRead) -> impl Iterator<Item = Result<Line, TraceError>> {
    let numbered = input.lines().enumerate().map(|(i, line)| (i + 1, line));
    let filled = numbered.filter(|(_, line)| !matches!(line, Ok(line) if line.trim().is_empty()));
    filled.map(|(number, line)| {
        let line = line.map_err(|error| TraceError::at(number, error.to_string()))?;
        match serde_json::from_str(&line) {
            Ok(Value::Object(fields)) => Ok(Line { number, fields }),
            Ok(_) => Err(TraceError::at(number, "this is no JSON object")),
            Err(error) => Err(TraceError::at(number, error.to_string())),
        }
    })
}

/// A number that must be there and fit.
pub fn number<T: TryFrom<i64>>(fields: &Map<String, Value>, name: &str) -> Result<T, String> {
    let value = fields.get(name).and_then(Value::as_i64);
    let value = value.ok_or_else(|| format!("\"{name}\" is missing or no whole number"))?;
    T::try_from(value).map_err(|_| format!("\"{name}\" is {value}, which is out of range"))
}

/// A yes or no that counts as no when it isn't there.
pub fn flag(fields: &Map<String, Value>, name: &str) -> Result<bool, String> {
    match fields.get(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => Err(format!("\"{name}\" is {other}, not true or false")),
    }
}

/// A word that must be there.
pub fn word<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    let value = fields.get(name).and_then(Value::as_str);
    value.ok_or_else(|| format!("\"{name}\" is missing or no string"))
}

/// A list of numbers; an empty one when it isn't there.
pub fn numbers(fields: &Map<String, Value>, name: &str) -> Result<Vec<u32>, String> {
    let bad = || format!("\"{name}\" is no list of whole numbers from 0 up");
    let list = match fields.get(name) {
        None => return Ok(Vec::new()),
        Some(list) => list.as_array().ok_or_else(bad)?,
    };
    let item = |item: &Value| {
        item.as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .ok_or_else(bad)
    };
    list.iter().map(item).collect()
}
