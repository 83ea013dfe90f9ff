//! Any bytes as a recording: a report or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swap_pager::replay::replay;

fuzz_target!(|bytes: &[u8]| {
    let _ = replay(bytes);
});
