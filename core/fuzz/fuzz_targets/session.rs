//! Any bytes as the log of a stored session: records or an error. What was read is written the
//! same way again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swap_playground::session::{FORMAT, Record, decode, encode};

fuzz_target!(|bytes: &[u8]| {
    let Ok(Some((config, records))) = decode(&[bytes.to_vec()]) else {
        return;
    };
    let mut all = vec![Record::Start { format: FORMAT, config }];
    all.extend(records.clone());
    let written = encode(&all).expect("what was read can be written");
    assert_eq!(decode(&[written]), Ok(Some((config, records))));
});
