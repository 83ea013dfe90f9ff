//! Tests of the log's values: natively, and as wasm.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

/// The values of a log with these records.
fn log(records: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let values = records.iter().flat_map(|record| encode_log(record));
    [log_head()].into_iter().chain(values).collect()
}

/// Reads a log back whose first value has the key 7.
fn read(values: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut reader = LogReader::default();
    for (key, value) in (7..).zip(values) {
        reader.take(key, value)?;
    }
    reader.finish()
}

fn damaged(record: u64, what: &str) -> Result<Vec<Vec<u8>>, StoreError> {
    Err(StoreError::LogDamaged {
        record,
        what: what.into(),
    })
}

#[test]
fn records_come_back_whatever_their_length() {
    let lengths = [0, 1, LOG_PART - 1, LOG_PART, LOG_PART + 1, 3 * LOG_PART, 5];
    let records: Vec<Vec<u8>> = lengths.iter().map(|&len| vec![len as u8; len]).collect();
    let values = log(&records);
    assert_eq!(read(&values), Ok(records));
    assert_eq!(values.len(), 1 + 1 + 1 + 1 + 1 + 2 + 3 + 1);
    assert!(values.iter().all(|value| value.len() <= LOG_PART + 5));
}

#[test]
fn an_empty_log_has_its_head() {
    assert_eq!(read(&log(&[])), Ok(vec![]));
    assert_eq!(read(&[]), damaged(1, "is missing"));
}

#[test]
fn losses_are_found() {
    let long = vec![1; 2 * LOG_PART];
    let values = log(&[long, vec![2], vec![3]]);
    // The head.
    assert_eq!(read(&values[1..]), damaged(1, "is missing"));
    // The end of a record of two parts.
    assert_eq!(read(&values[..2]), damaged(3, "is missing"));
    // One in the middle.
    let mut reader = LogReader::default();
    reader.take(1, &values[0]).expect("the head is there");
    let lost = reader.take(3, &values[2]);
    assert_eq!(lost.map(|()| vec![]), damaged(2, "is missing"));
}

#[test]
fn changes_are_found() {
    let whole = log(&[b"a record".to_vec()]);
    for at in 0..whole[1].len() {
        let mut changed = whole.clone();
        changed[1][at] ^= 0x10;
        assert_eq!(
            read(&changed),
            damaged(2, "has changed since it was written")
        );
    }
    let mut short = whole.clone();
    short[1].truncate(3);
    assert_eq!(read(&short), damaged(2, "is too short"));
    let twice = [log_head(), log_head()];
    assert_eq!(read(&twice), damaged(2, "starts the log a second time"));
    let mut unknown = vec![9, 9];
    unknown.extend_from_slice(&CRC_32.checksum(&[9, 9]).to_le_bytes());
    assert_eq!(
        read(&[log_head(), unknown]),
        damaged(2, "is of an unknown kind")
    );
}
