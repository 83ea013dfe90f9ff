//! What the log of a session holds: everything that was put into the machine, in order.
//!
//! Stored, a record is a line of JSON.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::driver::Plan;
use crate::units::{DeviceId, IoId};
use crate::{Command, Config, Errno};

/// The version of the records that this code writes. Version 1 had only commands and
/// the ends of transfers; it is read too.
pub const FORMAT: u32 = 2;

/// One thing that was put into the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Record {
    /// The machine was built. The first record of every log, and only that.
    Start {
        /// The version of the records, [`FORMAT`].
        format: u32,
        /// What it was built with.
        config: Config,
    },
    /// A command.
    Do(Command),
    /// The end of a transfer.
    Done {
        /// Which.
        io: IoId,
        /// Why it failed, if it did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<Errno>,
    },
    /// A line for the log that the machine knows nothing of.
    Note(String),
    /// How a disk behaves from now on.
    Plan {
        /// The disk.
        disk: DeviceId,
        /// How it behaves.
        plan: Plan,
    },
    /// Whether a person completes each transfer from now on.
    ByHand(bool),
    /// The kernel complained about a page-in that takes very long.
    Wait(IoId),
}

/// Why a log can't be read or replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// A line is no record.
    NotARecord {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It does not begin with a start record.
    NoStart,
    /// A start record stands further down.
    SecondStart {
        /// Which line, from 1.
        line: usize,
    },
    /// It was written by a newer version.
    NewerFormat {
        /// The version it has.
        found: u32,
    },
    /// The machine refuses what the log says it accepted.
    Refused {
        /// Which line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
}

impl RecordError {
    /// The same in a text that has so many lines before the records.
    pub fn below(mut self, lines: usize) -> RecordError {
        match &mut self {
            Self::NotARecord { line, .. }
            | Self::SecondStart { line }
            | Self::Refused { line, .. } => *line += lines,
            Self::NoStart | Self::NewerFormat { .. } => {}
        }
        self
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotARecord { line, why } => write!(f, "line {line} is no record: {why}"),
            Self::NoStart => f.write_str("it does not begin with a start record"),
            Self::SecondStart { line } => write!(f, "it starts a second time at line {line}"),
            Self::NewerFormat { found } => write!(
                f,
                "a newer version of Swap Playground wrote it (format {found}; this one knows \
                 format {FORMAT}): reload the page to get the newer version"
            ),
            Self::Refused { line, why } => {
                write!(f, "what line {line} tells can't have happened: {why}")
            }
        }
    }
}

impl std::error::Error for RecordError {}

/// What reads JSON: the page has the browser do it.
#[cfg(feature = "saved")]
pub trait Json {
    /// What a text says.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, String>;
}

/// Reads JSON without a browser.
#[cfg(feature = "saved")]
#[derive(Clone, Copy, Debug)]
pub struct SerdeJson;

#[cfg(feature = "saved")]
impl Json for SerdeJson {
    fn read<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, String> {
        serde_json::from_slice(text).map_err(|error| error.to_string())
    }
}

/// The records as lines of JSON.
///
/// # Errors
/// None that could come about: records are plain data.
#[cfg(feature = "saved")]
pub fn encode<'a>(
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::new();
    for record in records {
        serde_json::to_writer(&mut bytes, record)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// The machine's configuration and the other records of a whole log; `None` of an empty one.
///
/// # Errors
/// What is wrong with it.
#[cfg(feature = "saved")]
pub fn decode<J: Json>(
    entries: &[impl AsRef<[u8]>],
) -> Result<Option<(Config, Vec<Record>)>, RecordError> {
    let lines = entries
        .iter()
        .flat_map(|entry| entry.as_ref().split(|&byte| byte == b'\n'));
    let mut records = Vec::new();
    for (i, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        let not_a_record = |why| RecordError::NotARecord { line: i + 1, why };
        let record: Record = J::read(line).map_err(not_a_record)?;
        if i > 0 && matches!(record, Record::Start { .. }) {
            return Err(RecordError::SecondStart { line: i + 1 });
        }
        records.push(record);
    }
    started(records)
}

/// The configuration that records begin with, and the other records; `None` if there are none. That
/// none of the others starts anew, the caller has seen to.
///
/// # Errors
/// When the first is no start, or of a newer format.
pub fn started(mut records: Vec<Record>) -> Result<Option<(Config, Vec<Record>)>, RecordError> {
    if records.is_empty() {
        return Ok(None);
    }
    match records.remove(0) {
        Record::Start { format, config } if format <= FORMAT => Ok(Some((config, records))),
        Record::Start { format, .. } => Err(RecordError::NewerFormat { found: format }),
        _ => Err(RecordError::NoStart),
    }
}
