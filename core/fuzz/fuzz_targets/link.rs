//! Any text as a link to a session, and any bytes as what is unpacked of one: a session or an error.
//! What was read is written so that it is read the same way again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swap_playground::session::permalink::{read, session, text, write};
use swap_playground::session::{FORMAT, Record};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(link) = str::from_utf8(bytes) {
        let _ = read(link);
    }
    assert_eq!(read(&write(bytes)).as_deref(), Ok(bytes));
    let Ok((shown, config, records)) = session(bytes) else {
        return;
    };
    let format = FORMAT;
    let all = [vec![Record::Start { format, config }], records.clone()].concat();
    let written = text(&shown, &all).expect("what was read can be written");
    assert_eq!(session(&written), Ok((shown, config, records)));
});
