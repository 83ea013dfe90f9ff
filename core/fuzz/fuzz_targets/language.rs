//! Any text as a command: it is read or refused, and what was read is written the same way again.
//! Wherever the cursor is, there are completions or none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swap_pager::language::{Names, NamedObject, complete, parse, print};
use swap_pager::units::{DeviceId, ObjectId};

fuzz_target!(|text: &str| {
    let object = |id, name, pages| NamedObject { id: ObjectId(id), name, pages };
    let names = Names {
        objects: vec![
            object(1, Some("heap"), 128),
            object(2, Some("my \"stack\""), 64),
            object(3, Some("object"), 1),
            object(4, None, u32::MAX),
        ],
        disks: vec![DeviceId(0)],
    };
    match parse(text, &names) {
        Ok(command) => {
            let written = print(&command, &names);
            assert_eq!(parse(&written, &names), Ok(command));
        }
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some());
            assert!(!error.to_string().is_empty());
        }
    }
    for cursor in 0..=text.len().min(64) {
        let found = complete(text, cursor, &names);
        assert!(text.get(found.span).is_some());
    }
});
