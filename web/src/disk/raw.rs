//! A whole database as lines of text: for one that can't be opened, so that nothing in it is lost,
//! and back again where its format is known.
//!
//! The first line is `{"version":2}`, with the version of the database. Then comes a line an entry:
//! `{"store":"pages","key":35,"bytes":"…"}` with bytes in base64, or `"value"` and what JSON has for
//! it where they aren't bytes.

use js_sys::{Array, JSON, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbKeyRange};

use super::StoreError;
use super::idb_open;
use super::idb_request::{Failure, Mode, Transaction, result};
use super::layout::{FORMAT, FORMAT_KEY, GROUPS, LOG, META, PAGES};
use super::log_parts::{LogReader, in_format_2};

/// How many entries are fetched at a time.
const CHUNK: u32 = 64;

/// Hands out all that is in the database of this name, whatever it is, as lines of text.
pub async fn export(name: &str, mut take: impl FnMut(&[u8])) -> Result<(), StoreError> {
    let db = idb_open::open_as_it_is(name).await?;
    let done = export_all(&db, &mut take).await;
    db.close();
    done.map_err(|failure| StoreError::of_transaction(&failure.name, &failure.message))
}

async fn export_all(db: &IdbDatabase, take: &mut impl FnMut(&[u8])) -> Result<(), Failure> {
    take(format!("{{\"version\":{}}}\n", db.version() as u32).as_bytes());
    let names = db.object_store_names();
    for name in (0..names.length()).filter_map(|i| names.get(i)) {
        let mut last = JsValue::UNDEFINED;
        loop {
            let range = match last.is_undefined() {
                true => JsValue::UNDEFINED,
                false => IdbKeyRange::lower_bound_with_open(&last, true)?.into(),
            };
            let stores = [name.as_str()];
            let chunk = Transaction::run(db, &stores, Mode::Read, |transaction| {
                let store = transaction.store(&name)?;
                let keys = store.get_all_keys_with_key_and_limit(&range, CHUNK)?;
                Ok((keys, store.get_all_with_key_and_limit(&range, CHUNK)?))
            });
            let (keys, values) = chunk.await?;
            let (keys, values) = (Array::from(&result(&keys)?), Array::from(&result(&values)?));
            let mut text = String::new();
            for (key, value) in keys.iter().zip(values.iter()) {
                text += &format!(
                    "{{\"store\":{},\"key\":{}",
                    json(&(&name).into()),
                    json(&key)
                );
                match value.dyn_ref::<Uint8Array>() {
                    Some(bytes) => {
                        text += ",\"bytes\":\"";
                        text += &to_base64(&bytes.to_vec());
                        text += "\"}\n";
                    }
                    None => text += &format!(",\"value\":{}}}\n", json(&value)),
                }
                last = key;
            }
            take(text.as_bytes());
            if keys.length() < CHUNK {
                break;
            }
        }
    }
    Ok(())
}

fn json(value: &JsValue) -> String {
    let text = JSON::stringify(value).ok();
    text.and_then(|text| text.as_string())
        .unwrap_or_else(|| "null".into())
}

/// The entries of a database that can be written again.
#[derive(Debug, Default)]
pub struct Entries {
    pub(super) entries: Vec<(&'static str, f64, Vec<u8>)>,
}

/// What is wrong with the lines of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawError {
    /// A line is no entry. The number is counted from 1.
    Line(usize),
    /// The database has a format that isn't known.
    Store(StoreError),
}

impl Entries {
    /// Reads the lines of a database. One of an older format comes in today's.
    ///
    /// # Errors
    /// When a line is damaged, or the format isn't known.
    pub fn read(lines: &[u8]) -> Result<Entries, RawError> {
        let mut entries = Entries::default();
        let mut format = JsValue::UNDEFINED;
        for (i, line) in lines.split(|byte| *byte == b'\n').enumerate().skip(1) {
            if line.is_empty() {
                continue;
            }
            let read = || {
                let line = JSON::parse(str::from_utf8(line).ok()?).ok()?;
                let get = |name: &str| Reflect::get(&line, &name.into()).ok();
                let store = get("store")?.as_string()?;
                let store = [GROUPS, PAGES, LOG, META]
                    .into_iter()
                    .find(|ours| *ours == store)?;
                Some((store, get("key")?, get("bytes")?, get("value")?))
            };
            let bad = RawError::Line(i + 1);
            let (store, key, bytes, value) = read().ok_or_else(|| bad.clone())?;
            if store == META {
                if key == FORMAT_KEY {
                    format = value;
                }
                continue;
            }
            let bytes = bytes.as_string().and_then(|bytes| from_base64(&bytes));
            let (key, bytes) = key.as_f64().zip(bytes).ok_or(bad)?;
            entries.entries.push((store, key, bytes));
        }
        let known = if format == 1.0 { 1 } else { FORMAT };
        idb_open::check_format(&format, known).map_err(RawError::Store)?;
        if known == 1
            && let Some((_, _, first)) = entries.log_mut().nth(1)
            && let Some(newer) = in_format_2(first)
        {
            *first = newer;
        }
        Ok(entries)
    }

    fn log_mut(&mut self) -> impl Iterator<Item = &mut (&'static str, f64, Vec<u8>)> {
        self.entries.iter_mut().filter(|(store, ..)| *store == LOG)
    }

    /// The records of the log.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn log(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut log = LogReader::default();
        for (_, key, value) in self.entries.iter().filter(|(store, ..)| *store == LOG) {
            log.take(*key as u64, value)?;
        }
        log.finish()
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes in base64.
pub fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            text.push(match i <= three.len() {
                true => DIGITS[(bits >> (18 - 6 * i) & 63) as usize] as char,
                false => '=',
            });
        }
    }
    text
}

/// The bytes of base64.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for four in digits.chunks(4) {
        let mut bits = 0;
        for i in 0..4 {
            let value = match four.get(i) {
                None => 0,
                Some(b'+') => 62,
                Some(b'/') => 63,
                Some(digit @ b'0'..=b'9') => digit - b'0' + 52,
                Some(digit @ b'a'..=b'z') => digit - b'a' + 26,
                Some(digit @ b'A'..=b'Z') => digit - b'A',
                Some(_) => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        let three = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
        bytes.extend_from_slice(&three[..four.len() - 1]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ];
        for (plain, coded) in cases {
            assert_eq!(to_base64(plain.as_bytes()), coded);
            assert_eq!(from_base64(coded).as_deref(), Some(plain.as_bytes()));
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(from_base64(&to_base64(&all)), Some(all));
        for bad in ["Z", "Zg=", "Zg-_", "Z===", "Zm9vY"] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }
}
