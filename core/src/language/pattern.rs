//! What to fill pages and blocks with.

use super::DEFAULT_PATTERN;
use super::error::Expected;
use super::reader::{Fallible, Reader, whole};
use crate::command::{DirectCmd, Pattern};

/// What to do with blocks.
pub(super) fn direct(reader: &mut Reader<'_>) -> Fallible<DirectCmd> {
    if reader.keyword("read") {
        Ok(DirectCmd::Read)
    } else if reader.keyword("write") {
        pattern(reader).map(DirectCmd::Write)
    } else if reader.keyword("delete") {
        Ok(DirectCmd::Delete)
    } else if reader.keyword("reserve") {
        Ok(DirectCmd::Reserve)
    } else {
        Err(reader.unfit())
    }
}

/// What to fill pages with; if nothing is said, the usual.
pub(super) fn pattern(reader: &mut Reader<'_>) -> Fallible<Pattern> {
    const NUMBER: Expected = Expected::Number("a number that the pages depend on");
    const KINDS: [(&str, &str); 3] = [
        ("label", "with label"),
        ("byte", "with byte"),
        ("noise", "with noise"),
    ];
    let with = reader.accept("with");
    for (kind, (short, long)) in KINDS.into_iter().enumerate() {
        reader.want(Expected::Word(if with { short } else { long }));
        if reader.accept(short) {
            return Ok(match kind {
                0 => Pattern::Label(reader.number(NUMBER)?),
                1 => Pattern::Byte(byte(reader)?),
                _ => Pattern::Noise(reader.number(NUMBER)?),
            });
        }
    }
    if with {
        Err(reader.unfit())
    } else {
        Ok(DEFAULT_PATTERN)
    }
}

/// A byte, decimal or hexadecimal.
fn byte(reader: &mut Reader<'_>) -> Fallible<u8> {
    reader.want(Expected::Number("a byte (0 to 255, or 0x00 to 0xff)"));
    let word = reader.peek();
    let hex = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    let byte = match hex {
        Some(hex) if hex.starts_with('+') => None,
        Some(hex) => u8::from_str_radix(hex, 16).ok(),
        None => whole(word).and_then(|number| u8::try_from(number).ok()),
    };
    let Some(byte) = byte else {
        return Err(reader.unfit());
    };
    reader.advance(word.len());
    Ok(byte)
}
