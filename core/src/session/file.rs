//! A session as a file.
//!
//! The file is packed by gzip. Unpacked, it is lines of text that end in a line feed. The first is
//! the [`Header`] in JSON. The others are what it is about:
//!
//! - of a `session`, its records as in its log, see [`Record`]. From
//!   them all is made again, pages too: they are what commands wrote.
//! - of a `database`, the entries of its object stores as they are, see `disk::raw` of
//!   the page. That is for a database that can't be opened.
//!
//! | version | what differs |
//! |---|---|
//! | 1 | the first |
//!
//! A file is read as a whole before anything is done with it: whatever is wrong is found first.
//! Nothing here touches a browser, so packing is not done here.

use std::fmt;

use super::record::{self, Json, Record, RecordError};
use crate::Config;
use crate::crc32::CRC_32;
use serde::{Deserialize, Serialize};

/// The version of the files that are written here, and the latest that can be read.
pub const VERSION: u32 = 1;

/// Most bytes of a session that are unpacked, and of a database. A file of a few bytes can be made
/// that unpacks to more than any memory holds.
pub const MOST: usize = 64 << 20;
/// The same of a database, which has the pages themselves.
pub const MOST_RAW: usize = 512 << 20;

const MAGIC: &str = "swap-playground";

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A session.
    Session,
    /// A database as it is.
    Database,
}

/// The first line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// `swap-playground`.
    pub file: String,
    /// [`VERSION`].
    pub version: u32,
    /// What it is about.
    pub what: What,
    /// How many lines follow.
    pub lines: u32,
    /// The CRC-32 of all that follows.
    pub crc: u32,
    /// The version of the program that wrote it, for people.
    pub app: String,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// It can't be unpacked.
    Packing(String),
    /// It unpacks to more than [`MOST`] or [`MOST_RAW`].
    TooLarge,
    /// It isn't one of ours.
    Foreign,
    /// A newer version wrote it.
    Newer(u32),
    /// It has fewer or more lines than it should have.
    Lines {
        /// How many it should have.
        expected: u32,
        /// How many it has.
        found: u32,
    },
    /// A byte of it is not what was written.
    Checksum,
    /// What the session in it says is wrong.
    Record(RecordError),
    /// A line of a database says nothing that could be stored.
    Entry {
        /// Which line, from 1.
        line: usize,
    },
    /// It is about a database that this version doesn't know.
    Database(String),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packing(why) => write!(
                f,
                "It is no session file, or damaged or cut short: it can't be unpacked ({why})."
            ),
            Self::TooLarge => f.write_str("It unpacks to more than a session can have."),
            Self::Foreign => f.write_str("It isn't a session that Swap Playground has saved."),
            Self::Newer(version) => write!(
                f,
                "A newer version of Swap Playground wrote it (version {version}; this one knows \
                 version {VERSION}). Reload the page to get the newer version."
            ),
            Self::Lines { expected, found } => write!(
                f,
                "It is damaged: it should have {expected} lines after the first, and has {found}."
            ),
            Self::Checksum => f.write_str(
                "It is damaged: it has changed since it was written, its checksum doesn't match.",
            ),
            Self::Record(error) => write!(f, "The session in it can't be read: {error}."),
            Self::Entry { line } => write!(f, "Line {line} of it is no entry of a database."),
            Self::Database(what) => write!(f, "The database in it can't be read: {what}"),
        }
    }
}

impl std::error::Error for FileError {}

/// The header of a file with these lines.
pub fn header(what: What, lines: u32, crc: u32) -> Vec<u8> {
    let header = Header {
        file: MAGIC.into(),
        version: VERSION,
        what,
        lines,
        crc,
        app: env!("CARGO_PKG_VERSION").into(),
    };
    // Plain data: there is nothing in it that JSON can't hold.
    let mut line = serde_json::to_vec(&header).unwrap_or_default();
    line.push(b'\n');
    line
}

/// A session as a file that is still to be packed.
///
/// # Errors
/// None that could come about: records are plain data.
pub fn write<'a>(
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Vec<u8>, serde_json::Error> {
    let body = record::encode(records)?;
    let lines = body.iter().filter(|byte| **byte == b'\n').count();
    let mut file = header(What::Session, lines as u32, CRC_32.checksum(&body));
    file.extend(body);
    Ok(file)
}

/// What an unpacked file is about, and its lines as they were written.
///
/// # Errors
/// What is wrong with it.
pub fn open<J: Json>(file: &[u8]) -> Result<(What, &[u8]), FileError> {
    let end = file.iter().position(|byte| *byte == b'\n');
    let (first, body) = file.split_at(end.ok_or(FileError::Foreign)?);
    let body = &body[1..];
    let header: Header = J::read(first).map_err(|_| FileError::Foreign)?;
    if header.file != MAGIC {
        return Err(FileError::Foreign);
    }
    if header.version > VERSION {
        return Err(FileError::Newer(header.version));
    }
    let found = body.iter().filter(|byte| **byte == b'\n').count() as u32;
    if found != header.lines {
        let expected = header.lines;
        return Err(FileError::Lines { expected, found });
    }
    if CRC_32.checksum(body) != header.crc {
        return Err(FileError::Checksum);
    }
    Ok((header.what, body))
}

/// The session in the lines of a file.
///
/// # Errors
/// What is wrong with it.
pub fn session<J: Json>(body: &[u8]) -> Result<(Config, Vec<Record>), FileError> {
    let session =
        record::decode::<J>(&[body]).map_err(|error| FileError::Record(error.below(1)))?;
    session.ok_or(FileError::Record(RecordError::NoStart))
}
