//! Tests of session files: natively, and as wasm.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::session::{FORMAT, RecordError};
use swap_pager::units::{DeviceId, IoId};
use swap_pager::{Command, Errno};

/// A session whose shape depends on a seed.
fn records(seed: u32) -> Vec<Record> {
    let mut random = seed;
    let mut next = |end: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % end
    };
    let config = Config::default();
    let format = FORMAT;
    let mut records = vec![Record::Start { format, config }];
    for _ in 0..next(60) {
        records.push(match next(5) {
            0 => Record::Do(Command::SwapOn {
                disk: DeviceId(next(4)),
                pages: 64 + next(4000),
            }),
            1 => Record::Do(Command::Create {
                name: Some("line\nbreak \u{1f4be}".repeat(next(3) as usize)),
                pages: 1 + next(999),
            }),
            2 => Record::Done {
                io: IoId(next(99)),
                error: (next(2) == 0).then_some(Errno::Eio),
            },
            3 => Record::Note("it was so".into()),
            _ => Record::ByHand(next(2) == 0),
        });
    }
    records
}

fn read(file: &[u8]) -> Result<Vec<Record>, FileError> {
    let (what, body) = open(file)?;
    assert_eq!(what, What::Session);
    let (config, records) = session(body)?;
    let format = FORMAT;
    Ok([vec![Record::Start { format, config }], records].concat())
}

#[test]
fn what_was_written_is_read() -> Result<(), Box<dyn std::error::Error>> {
    for seed in 0..200 {
        let records = records(seed);
        assert_eq!(read(&write(&records)?)?, records, "seed {seed}");
    }
    Ok(())
}

/// Saved files must stay readable: this is what version 1 looks like.
#[test]
fn version_1_is_this() {
    let file = br#"{"file":"swap-playground","version":1,"what":"session","lines":2,"crc":671667186,"app":"0.1.0"}
{"start":{"format":2,"config":{"nswdev":4,"nswbuf":32,"lowat":128,"hiwat":512,"swap_zone":65536,"frames":32768,"fixes":{"reserve_tail":false,"far_metadata":false}}}}
{"do":{"cmd":"swapon","disk":0,"pages":256}}
"#;
    let swapon = Command::SwapOn {
        disk: DeviceId(0),
        pages: 256,
    };
    let read = read(file).map(|records| records[1..].to_vec());
    assert_eq!(read, Ok(vec![Record::Do(swapon)]));
}

#[test]
fn any_change_of_a_byte_and_any_cut_is_found() -> Result<(), Box<dyn std::error::Error>> {
    let records = records(7);
    let file = write(&records)?;
    let body = file.iter().position(|byte| *byte == b'\n').unwrap_or(0) + 1;
    for at in body..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1 << (at % 8);
        let found = read(&changed);
        let expected = matches!(found, Err(FileError::Checksum | FileError::Lines { .. }));
        assert!(expected, "byte {at}: {found:?}");
        assert!(read(&file[..at]).is_err(), "cut at {at}");
    }
    // In the header not every byte matters, but none leads to another session.
    for at in 0..body {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[at] ^= 1 << bit;
            if let Ok(found) = read(&changed) {
                assert_eq!(found, records, "byte {at}");
            }
        }
    }
    Ok(())
}

#[test]
fn what_is_wrong_is_told() -> Result<(), Box<dyn std::error::Error>> {
    let file = String::from_utf8(write(&records(1))?)?;
    assert_eq!(read(b""), Err(FileError::Foreign));
    assert_eq!(read(b"a text\nof somebody\n"), Err(FileError::Foreign));
    let other = file.replace("swap-playground", "slap-playground");
    assert_eq!(read(other.as_bytes()), Err(FileError::Foreign));
    let newer = file.replace("\"version\":1", "\"version\":9");
    assert_eq!(read(newer.as_bytes()), Err(FileError::Newer(9)));
    let longer = format!("{file}\n");
    assert!(matches!(
        read(longer.as_bytes()),
        Err(FileError::Lines { expected, found }) if found == expected + 1
    ));
    // A good file around a session that is none.
    let none = [Record::Note("no start".into())];
    assert_eq!(
        read(&write(&none)?),
        Err(FileError::Record(RecordError::NoStart))
    );
    assert_eq!(
        read(&write(&[])?),
        Err(FileError::Record(RecordError::NoStart))
    );
    assert!(
        FileError::Newer(9)
            .to_string()
            .contains("version 9; this one knows version 1")
    );
    Ok(())
}
