//! Any bytes as an unpacked session file: a session or an error. What was read is written the same
//! way again. With a header that fits, so that what comes after it is reached too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swap_playground::disk::layout::CRC_32;
use swap_playground::session::file::{What, header, open, session, write};
use swap_playground::session::{FORMAT, Record};

fuzz_target!(|bytes: &[u8]| {
    let _ = open(bytes);
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u32;
    let file = [&header(What::Session, lines, CRC_32.checksum(bytes)), bytes].concat();
    let (what, body) = open(&file).expect("the header fits");
    assert_eq!((what, body), (What::Session, bytes));
    let Ok((config, records)) = session(body) else {
        return;
    };
    let format = FORMAT;
    let all = [vec![Record::Start { format, config }], records.clone()].concat();
    let written = write(&all).expect("what was read can be written");
    let (_, body) = open(&written).expect("it was just written");
    assert_eq!(session(body), Ok((config, records)));
});
