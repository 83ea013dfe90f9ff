//! Replays recordings of the original C code and compares everything they tell.
//!
//! A recording is JSON Lines, plain or gzip-compressed: a header with the configuration, then
//! one operation a line with its arguments, its result, what happened meanwhile, and the state
//! afterwards.

mod blist;
mod fnv;
mod pager;
mod stripe;
mod trace;

use std::fmt;
use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use serde_json::{Map, Value};

pub use trace::TraceError;

/// Where a replay first went another way than the recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The number of the operation.
    pub op: u64,
    /// The field, with the way to it, such as `state.free`.
    pub field: String,
    /// What the recording says.
    pub expected: Value,
    /// What the replay did.
    pub got: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            op,
            field,
            expected,
            got,
        } = self;
        write!(
            f,
            "op {op}, {field}\n  expected {expected}\n  got      {got}"
        )
    }
}

/// What a replay came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Operations replayed.
    pub ops: u64,
    /// Operations that went another way than recorded.
    pub differing_ops: u64,
    /// The first difference.
    pub first: Option<Difference>,
}

/// One kind of recording being replayed.
trait Replay {
    /// Does what a line says and returns the fields it has to compare, as the recording would
    /// have them.
    fn step(&mut self, line: &Map<String, Value>) -> Result<Map<String, Value>, String>;

    /// What a field of the recording is compared as.
    fn normalize(&self, _field: &str, expected: &Value) -> Value {
        expected.clone()
    }
}

/// Replays a recording, plain or gzip-compressed.
///
/// # Errors
/// When it can't be read, or a line is no recording: the line and what is wrong with it.
pub fn replay(input: impl Read) -> Result<Report, TraceError> {
    let mut input = BufReader::new(input);
    let gzip = input
        .fill_buf()
        .map_err(TraceError::read)?
        .starts_with(&[0x1f, 0x8b]);
    if gzip {
        replay_lines(BufReader::new(MultiGzDecoder::new(input)))
    } else {
        replay_lines(input)
    }
}

fn replay_lines(input: impl BufRead) -> Result<Report, TraceError> {
    let mut lines = trace::lines(input);
    let header = lines
        .next()
        .unwrap_or_else(|| Err(TraceError::at(1, "the file is empty")))?;
    let mut replay = begin(&header.fields).map_err(|why| TraceError::at(header.number, why))?;
    let mut report = Report::default();
    for line in lines {
        let trace::Line { number, fields } = line?;
        let got = replay
            .step(&fields)
            .map_err(|why| TraceError::at(number, why))?;
        report.ops += 1;
        let op = fields
            .get("i")
            .and_then(Value::as_u64)
            .unwrap_or(report.ops);
        let difference = first_difference(op, &fields, &got, replay.as_ref());
        if let Some(difference) = difference {
            report.differing_ops += 1;
            report.first.get_or_insert(difference);
        }
    }
    Ok(report)
}

fn begin(header: &Map<String, Value>) -> Result<Box<dyn Replay>, String> {
    let config = header.get("config").ok_or("the header has no \"config\"")?;
    match config.get("kind").and_then(Value::as_str) {
        Some("pager") => Ok(Box::new(pager::PagerReplay::new(config)?)),
        Some("blist") => Ok(Box::new(blist::BlistReplay::default())),
        Some("stripe") => Ok(Box::new(stripe::StripeReplay::new(config)?)),
        other => Err(format!(
            "config.kind is {other:?}: pager, blist and stripe are known"
        )),
    }
}

/// The first field of the recording that the replay has otherwise. Fields that only the replay
/// has are not looked at, but for a panic that the recording knows nothing of.
fn first_difference(
    op: u64,
    expected: &Map<String, Value>,
    got: &Map<String, Value>,
    replay: &dyn Replay,
) -> Option<Difference> {
    let compared = got
        .iter()
        .filter(|(field, _)| expected.contains_key(*field) || *field == "panic");
    for (field, got) in compared {
        let expected = replay.normalize(field, expected.get(field).unwrap_or(&Value::Null));
        if let Some((field, expected, got)) = differing(field, &expected, got) {
            return Some(Difference {
                op,
                field,
                expected,
                got,
            });
        }
    }
    let missing = ["ret", "panic"]
        .into_iter()
        .find(|field| expected.contains_key(*field) && !got.contains_key(*field))?;
    let expected = expected[missing].clone();
    Some(Difference {
        op,
        field: missing.to_owned(),
        expected,
        got: Value::Null,
    })
}

/// Narrows a difference down to the innermost field that differs.
fn differing(path: &str, expected: &Value, got: &Value) -> Option<(String, Value, Value)> {
    if expected == got {
        return None;
    }
    if let (Value::Object(expected), Value::Object(got)) = (expected, got) {
        let keys = expected.keys().chain(got.keys());
        return keys.into_iter().find_map(|key| {
            let [expected, got] = [expected, got].map(|map| map.get(key).unwrap_or(&Value::Null));
            differing(&format!("{path}.{key}"), expected, got)
        });
    }
    if let (Value::Array(expected), Value::Array(got)) = (expected, got)
        && expected.len() == got.len()
    {
        return expected
            .iter()
            .zip(got)
            .enumerate()
            .find_map(|(i, (expected, got))| differing(&format!("{path}[{i}]"), expected, got));
    }
    Some((path.to_owned(), expected.clone(), got.clone()))
}
