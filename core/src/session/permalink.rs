//! A session as a link: the part of an address after `#`, which no server ever sees.
//!
//! `session=1.LENGTH.CHECKSUM.DATA`: the version, how many characters the data have, their CRC-32
//! in hexadecimal, and the data, which are text that was packed by deflate and written in
//! base64url. Whatever becomes of a link on its way is found before it is unpacked.
//!
//! The first line of the text is what is shown: the moment, the view, and whether as a table. The
//! others are records as in a file, see [`Record`], but for transfers that went well: a run of
//! them is one line of words, a word for those that follow each other. `2*16` are 16 ends, the first
//! of which leaves out two numbers after the last before it; without a `*` it is one, and without a
//! number before it none is left out.
//!
//! Nothing here touches a browser, so packing is not done here.

use std::fmt;

use super::record::{self, Json, Record, RecordError};
use crate::Config;
use crate::crc32::CRC_32;
use crate::units::IoId;

/// The version of the links that are written here, and the latest that can be read.
pub const VERSION: u32 = 1;

/// What a link begins with, after `#`.
pub const MARK: &str = "session=";

/// Longer links are not offered: too much of what they pass through cuts them.
pub const MOST: usize = 8_000;

/// Most bytes of text that are unpacked, and most records. A link of a few bytes can be made that
/// unpacks to more than any memory holds.
pub const MOST_TEXT: usize = 4 << 20;
const MOST_RECORDS: usize = 200_000;

/// What a link shows of its session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The moment, if it isn't the last.
    pub moment: Option<u64>,
    /// The name of the view, if it says one.
    pub view: Option<String>,
    /// Whether that is shown as a table.
    pub table: bool,
}

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It isn't one of ours.
    Foreign,
    /// A newer version wrote it.
    Newer(u32),
    /// There is more or less of it than there should be.
    Length {
        /// How many characters of data there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A character of the data stands for nothing.
    Character {
        /// Which character of the data, from 1.
        at: usize,
        /// The character.
        found: char,
    },
    /// A character of it is not what was written.
    Checksum,
    /// The data can't be unpacked.
    Packing(String),
    /// It unpacks to more than a link can have.
    TooLarge,
    /// Its first line doesn't say what is shown.
    Shown,
    /// What the session in it says is wrong.
    Record(RecordError),
    /// The machine refuses what it says the machine accepted.
    Step {
        /// Which of the things that were put into the machine, from 1.
        step: usize,
        /// Why.
        why: String,
    },
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str(
                "It isn't a link to a session: it should go on with a version, a length and a \
                 checksum.",
            ),
            Self::Newer(version) => write!(
                f,
                "A newer version of Swap Playground made it (version {version}; this one knows \
                 version {VERSION}). Reload the page to get the newer version."
            ),
            Self::Length { expected, found } if found < expected => write!(
                f,
                "It is cut short: only {found} of {expected} characters of the session are there."
            ),
            Self::Length { expected, found } => write!(
                f,
                "Something is added to it: the session has {expected} characters, and there are \
                 {found}."
            ),
            Self::Character { at, found } => write!(
                f,
                "It is damaged: character {at} of the session is {found:?}, which no link has."
            ),
            Self::Checksum => f.write_str(
                "It is damaged: a character of it has changed, its checksum doesn't match.",
            ),
            Self::Packing(why) => write!(f, "It can't be unpacked ({why})."),
            Self::TooLarge => f.write_str("It unpacks to more than a link can have."),
            Self::Shown => f.write_str("Its first line doesn't say what is to be shown."),
            Self::Record(error) => write!(f, "The session in it can't be read: {error}."),
            Self::Step { step, why } => write!(
                f,
                "Step {step} of the session in it can't have happened: {why}."
            ),
        }
    }
}

impl std::error::Error for LinkError {}

/// A link of packed bytes, without the `#`.
pub fn write(packed: &[u8]) -> String {
    let data = encode(packed);
    let crc = CRC_32.checksum(data.as_bytes());
    format!("{MARK}{VERSION}.{}.{crc:08x}.{data}", data.len())
}

/// The packed bytes of a link, with or without what it begins with.
///
/// # Errors
/// What is wrong with it.
pub fn read(link: &str) -> Result<Vec<u8>, LinkError> {
    let link = link.trim();
    let link = link.strip_prefix('#').unwrap_or(link);
    let link = link.strip_prefix(MARK).unwrap_or(link);
    let mut parts = link.splitn(4, '.');
    let mut part = || parts.next().ok_or(LinkError::Foreign);
    let version: u32 = part()?.parse().map_err(|_| LinkError::Foreign)?;
    if version > VERSION {
        return Err(LinkError::Newer(version));
    }
    let expected: usize = part()?.parse().map_err(|_| LinkError::Foreign)?;
    let crc = u32::from_str_radix(part()?, 16).map_err(|_| LinkError::Foreign)?;
    let data = part()?;
    let found = data.chars().count();
    if found != expected {
        return Err(LinkError::Length { expected, found });
    }
    let packed = decode(data)?;
    if version == 0 || CRC_32.checksum(data.as_bytes()) != crc {
        return Err(LinkError::Checksum);
    }
    Ok(packed)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0)) << (16 - 8 * i);
        let bits = byte(0) | byte(1) | byte(2);
        for i in 0..=group.len() {
            text.push(DIGITS[(bits >> (18 - 6 * i)) as usize & 63].into());
        }
    }
    text
}

fn decode(text: &str) -> Result<Vec<u8>, LinkError> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0u32, 0);
    for (i, found) in text.chars().enumerate() {
        let digit = DIGITS.iter().position(|digit| char::from(*digit) == found);
        let digit = digit.ok_or(LinkError::Character { at: i + 1, found })?;
        bits = bits << 6 | digit as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Ok(bytes)
}

/// The text of a link that is still to be packed: what is shown, and the records.
///
/// # Errors
/// None that could come about: records are plain data.
pub fn text<'a>(
    shown: &Shown,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Vec<u8>, serde_json::Error> {
    let moment = shown.moment.map(|moment| moment.to_string());
    let table = if shown.table { " table" } else { "" };
    let (moment, view) = (moment.as_deref(), shown.view.as_deref());
    let first = format!("{} {}{table}", moment.unwrap_or("-"), view.unwrap_or("-"));
    let mut text = first.into_bytes();
    // How many ends are still to be written: what they leave out, and their number.
    let (mut skip, mut count) = (0, 0u32);
    let (mut last, mut inside) = (0, false);
    for record in records {
        let done = match record {
            Record::Done { io, error: None } => Some(i64::from(io.0)),
            _ => None,
        };
        if let Some(io) = done
            && count > 0
            && io == last + 1
        {
            (last, count) = (io, count + 1);
            continue;
        }
        put(&mut text, &mut inside, skip, count);
        count = 0;
        match done {
            Some(io) => {
                (skip, count) = (io - last - 1, 1);
                last = io;
            }
            None => {
                inside = false;
                text.push(b'\n');
                serde_json::to_writer(&mut text, record)?;
            }
        }
    }
    put(&mut text, &mut inside, skip, count);
    text.push(b'\n');
    Ok(text)
}

/// Writes a word for ends that follow each other; `inside` tells whether a line of them is begun.
fn put(text: &mut Vec<u8>, inside: &mut bool, skip: i64, count: u32) {
    if count == 0 {
        return;
    }
    text.push(if *inside { b' ' } else { b'\n' });
    *inside = true;
    if skip != 0 || count == 1 {
        text.extend(skip.to_string().bytes());
    }
    if count > 1 {
        text.extend(format!("*{count}").bytes());
    }
}

/// What the text of a link says.
///
/// # Errors
/// What is wrong with it.
pub fn session<J: Json>(text: &[u8]) -> Result<(Shown, Config, Vec<Record>), LinkError> {
    let end = text.iter().position(|byte| *byte == b'\n');
    let (first, body) = text.split_at(end.ok_or(LinkError::Shown)?);
    let shown = read_shown(first).ok_or(LinkError::Shown)?;
    let mut records = Vec::new();
    let mut last = 0;
    for (i, line) in body[1..].split(|byte| *byte == b'\n').enumerate() {
        let at = i + 2;
        match line.first() {
            None => {}
            Some(b'{') => {
                let record = J::read(line);
                let bad = |why| LinkError::Record(RecordError::NotARecord { line: at, why });
                let record = record.map_err(bad)?;
                if !records.is_empty() && matches!(record, Record::Start { .. }) {
                    return Err(LinkError::Record(RecordError::SecondStart { line: at }));
                }
                records.push(record);
            }
            Some(_) => read_ends(line, &mut last, &mut records).map_err(|error| {
                error.unwrap_or_else(|| {
                    let why = "the ends of transfers are not numbers".to_owned();
                    LinkError::Record(RecordError::NotARecord { line: at, why })
                })
            })?,
        }
    }
    let (config, records) = record::started(records)
        .map_err(LinkError::Record)?
        .ok_or(LinkError::Record(RecordError::NoStart))?;
    Ok((shown, config, records))
}

fn read_shown(line: &[u8]) -> Option<Shown> {
    let mut words = str::from_utf8(line).ok()?.split(' ');
    let moment = match words.next()? {
        "-" => None,
        moment => Some(moment.parse().ok()?),
    };
    let view = Some(words.next()?).filter(|view| *view != "-");
    let table = match words.next() {
        None => false,
        Some("table") => true,
        Some(_) => return None,
    };
    let view = view.map(str::to_owned);
    words.next().is_none().then_some(Shown {
        moment,
        view,
        table,
    })
}

/// Reads a line of ends. An error is `None` if a word of it is none.
fn read_ends(
    line: &[u8],
    last: &mut i64,
    records: &mut Vec<Record>,
) -> Result<(), Option<LinkError>> {
    let line = str::from_utf8(line).map_err(|_| None)?;
    for word in line.split(' ') {
        let (skip, count) = word.split_once('*').unwrap_or((word, "1"));
        let skip: i64 = match skip {
            "" => 0,
            skip => skip.parse().map_err(|_| None)?,
        };
        let count: usize = count.parse().map_err(|_| None)?;
        if records.len().saturating_add(count) > MOST_RECORDS {
            return Err(Some(LinkError::TooLarge));
        }
        *last = last.checked_add(skip).ok_or(None)?;
        for _ in 0..count {
            let io = last.checked_add(1).and_then(|io| u32::try_from(io).ok());
            let io = IoId(io.ok_or(None)?);
            *last = i64::from(io.0);
            records.push(Record::Done { io, error: None });
        }
    }
    Ok(())
}
