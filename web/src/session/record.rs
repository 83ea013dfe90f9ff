//! What the log of a session holds, as the store has it: one entry has the records of one batch, a
//! line of JSON each.

use serde::Deserialize;
use swap_pager::Config;
use swap_pager::session::record::{self, Json};
pub use swap_pager::session::record::{FORMAT, Record, RecordError, encode};

use crate::part::{PartError, split};

/// Has the browser read JSON.
#[cfg(target_family = "wasm")]
pub struct Reader;

#[cfg(target_family = "wasm")]
impl Json for Reader {
    fn read<'de, T: Deserialize<'de>>(line: &'de [u8]) -> Result<T, String> {
        super::js::from_json(line).map_err(|error| error.to_string())
    }
}

/// The fuzzer and native tests have no browser to read JSON for them.
#[cfg(not(target_family = "wasm"))]
pub use record::SerdeJson as Reader;

/// The machine's configuration and the other records of a whole log; `None` of an empty one.
pub type Log = Result<Option<(Config, Vec<Record>)>, RecordError>;

/// Reads a log.
pub fn decode(entries: &[impl AsRef<[u8]>]) -> Log {
    record::decode::<Reader>(entries)
}

split! {
    stage,
    /// Reads a log, where that may be the first there is to read.
    ///
    /// # Errors
    /// When what reads logs can't be fetched.
    pub fn decoded(entries: Vec<Vec<u8>>) -> Result<Log, PartError> {
        Ok(decode(&entries))
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::command::{PageRange, Pattern};
    use swap_pager::units::{DeviceId, IoId, ObjectId, PageIndex};
    use swap_pager::{Command, Errno};

    fn start() -> Record {
        Record::Start {
            format: FORMAT,
            config: Config::default(),
        }
    }

    #[test]
    fn a_log_is_read_as_it_was_written() -> Result<(), Box<dyn std::error::Error>> {
        let range = PageRange {
            start: PageIndex(3),
            count: 9,
        };
        let object = ObjectId(1);
        let first = vec![
            start(),
            Record::Do(Command::SwapOn {
                disk: DeviceId(2),
                pages: 4096,
            }),
            Record::Do(Command::Create {
                name: Some("line\nbreak".into()),
                pages: 64,
            }),
            Record::Do(Command::Fill {
                object,
                range,
                pattern: Pattern::Label(7),
            }),
        ];
        let second = vec![
            Record::Do(Command::Pageout {
                object,
                range,
                sync: false,
            }),
            Record::Done {
                io: IoId(1),
                error: None,
            },
            Record::Done {
                io: IoId(2),
                error: Some(Errno::Eio),
            },
        ];
        let entries = [encode(&first)?, encode(&second)?];
        let records = [&first[1..], &second[..]].concat();
        assert_eq!(decode(&entries)?, Some((Config::default(), records)));
        assert_eq!(decode(&[] as &[Vec<u8>])?, None);
        Ok(())
    }

    /// Stored sessions must stay readable: this is what format 2 looks like.
    /// Format 1 has only `do` and `done`.
    #[test]
    fn format_2_is_this() -> Result<(), Box<dyn std::error::Error>> {
        let log = br#"{"start":{"format":2,"config":{"nswdev":4,"nswbuf":32,"lowat":128,"hiwat":512,"swap_zone":65536,"frames":32768,"fixes":{"reserve_tail":false,"far_metadata":false}}}}
{"do":{"cmd":"swapon","disk":0,"pages":4096}}
{"do":{"cmd":"create","name":"heap","pages":128}}
{"do":{"cmd":"fill","object":1,"start":0,"count":128,"pattern":{"label":1}}}
{"do":{"cmd":"pageout","object":1,"start":0,"count":128,"sync":false}}
{"done":{"io":1}}
{"done":{"io":2,"error":"EIO"}}
{"note":"disk 0, block 32: its checksum is wrong"}
{"plan":{"disk":1,"plan":{"delay":5,"seek":0,"fail_reads":0,"fail_writes":2,"bad_start":0,"bad_count":0,"unplugged":false}}}
{"byhand":true}
{"wait":3}
"#;
        let (config, records) = decode(&[log.to_vec()])?.ok_or("a log with records")?;
        assert_eq!(config, Config::default());
        assert_eq!(records.len(), 10);
        let again = [vec![start()], records].concat();
        assert_eq!(encode(&again)?, log);
        Ok(())
    }

    #[test]
    fn a_bad_log_is_refused_with_the_line() {
        let decode = |text: &str| decode(&[text.as_bytes().to_vec()]);
        let first = r#"{"start":{"format":1,"config":{"nswdev":4,"nswbuf":32,"lowat":128,"hiwat":512,"swap_zone":65536}}}"#;
        assert_eq!(decode(r#"{"done":{"io":1}}"#), Err(RecordError::NoStart));
        assert_eq!(
            decode(&first.replace("\"format\":1", "\"format\":3")),
            Err(RecordError::NewerFormat { found: 3 })
        );
        assert_eq!(
            decode(&format!("{first}\n{first}")),
            Err(RecordError::SecondStart { line: 2 })
        );
        for bad in [
            "{",
            "{\"done\":{}}",
            "{\"do\":{\"cmd\":\"format\"}}",
            "\u{0}",
        ] {
            let error = decode(&format!("{first}\n{bad}"));
            assert!(
                matches!(error, Err(RecordError::NotARecord { line: 2, .. })),
                "{error:?}"
            );
        }
    }
}
