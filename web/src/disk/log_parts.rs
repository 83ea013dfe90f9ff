//! The log as values of the database. [`layout`](super::layout) says how they look.

use super::StoreError;
use super::layout::{CRC, CRC_32, LOG_PART};

/// What a value of [`LOG`](super::layout::LOG) holds: its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LogPart {
    /// Nothing. The log begins here.
    Head = 0,
    /// A part of a record that goes on in the next value.
    More = 1,
    /// The last part of a record, often the only one.
    Last = 2,
}

/// The value that a new log begins with.
pub fn log_head() -> Vec<u8> {
    log_value(LogPart::Head, &[])
}

/// The values for a record of the log.
pub fn encode_log(record: &[u8]) -> Vec<Vec<u8>> {
    let (parts, last) = match record.len().checked_sub(1) {
        // Not at `len`: a record of just one part has its bytes in that part.
        Some(end) => record.split_at(end / LOG_PART * LOG_PART),
        None => (record, record),
    };
    let more = parts.chunks(LOG_PART).map(|p| log_value(LogPart::More, p));
    more.chain([log_value(LogPart::Last, last)]).collect()
}

fn log_value(part: LogPart, bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(1 + bytes.len() + CRC);
    value.push(part as u8);
    value.extend_from_slice(bytes);
    let crc = CRC_32.checksum(&value);
    value.extend_from_slice(&crc.to_le_bytes());
    value
}

/// How the log of a session begins that has records of format 1, and of format 2.
const STARTS: [&[u8]; 2] = [b"{\"start\":{\"format\":1,", b"{\"start\":{\"format\":2,"];

/// The first value of a log after its head, if its start record says format 1, with one that says
/// format 2. The records themselves are the same in both; format 2 has more kinds.
pub fn in_format_2(value: &[u8]) -> Option<Vec<u8>> {
    let [old, new] = STARTS;
    let (part, _) = LogReader::open_value(value).ok()?;
    let rest = value[1..].strip_prefix(old)?;
    let rest = rest.split_last_chunk::<CRC>()?.0;
    Some(log_value(part, &[new, rest].concat()))
}

/// Puts the records of the log together again, from its values in the order of their keys.
#[derive(Debug, Default)]
pub struct LogReader {
    records: Vec<Vec<u8>>,
    /// The parts so far of a record that isn't complete.
    begun: Option<Vec<u8>>,
    /// How many values there were.
    seen: u64,
    last_key: Option<u64>,
}

impl LogReader {
    /// The key of the value taken last.
    pub fn last_key(&self) -> Option<u64> {
        self.last_key
    }

    /// Takes the next value.
    pub fn take(&mut self, key: u64, value: &[u8]) -> Result<(), StoreError> {
        if self.last_key.is_some_and(|last| last + 1 != key) {
            return Err(self.damaged("is missing"));
        }
        let (part, bytes) = self.open(value)?;
        self.seen += 1;
        self.last_key = Some(key);
        match part {
            LogPart::Head => {}
            LogPart::More => self.begun.get_or_insert_default().extend_from_slice(bytes),
            LogPart::Last => {
                let mut record = self.begun.take().unwrap_or_default();
                record.extend_from_slice(bytes);
                self.records.push(record);
            }
        }
        Ok(())
    }

    /// The records, when all values were taken.
    pub fn finish(self) -> Result<Vec<Vec<u8>>, StoreError> {
        if self.seen == 0 || self.begun.is_some() {
            return Err(self.damaged("is missing"));
        }
        Ok(self.records)
    }

    fn open<'a>(&self, value: &'a [u8]) -> Result<(LogPart, &'a [u8]), StoreError> {
        let (part, bytes) = LogReader::open_value(value).map_err(|what| self.damaged(what))?;
        match (part == LogPart::Head, self.seen == 0) {
            (true, false) => Err(self.damaged("starts the log a second time")),
            (false, true) => Err(self.damaged("is missing")),
            _ => Ok((part, bytes)),
        }
    }

    /// What a value holds, if its checksum matches.
    fn open_value(value: &[u8]) -> Result<(LogPart, &[u8]), &'static str> {
        let (value, crc) = value.split_last_chunk::<CRC>().ok_or("is too short")?;
        if CRC_32.checksum(value).to_le_bytes() != *crc {
            return Err("has changed since it was written");
        }
        let part = match value.first() {
            Some(0) => LogPart::Head,
            Some(1) => LogPart::More,
            Some(2) => LogPart::Last,
            _ => return Err("is of an unknown kind"),
        };
        Ok((part, &value[1..]))
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::LogDamaged {
            record: self.seen + 1,
            what: what.into(),
        }
    }
}

#[cfg(test)]
#[path = "log_parts_tests.rs"]
mod tests;
