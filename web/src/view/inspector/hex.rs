//! Bytes as hexadecimal numbers and text, eight a row.

/// Bytes a row.
pub const ROW: usize = 8;

/// Bytes shown before a person asks for more.
pub const FIRST: usize = 256;

/// A row: where it begins, its bytes in hexadecimal, and the same as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The offset of the first byte, four digits.
    pub offset: String,
    /// The bytes, two digits each.
    pub bytes: String,
    /// The bytes as text; a dot for what can't be shown.
    pub text: String,
}

/// The rows of the first `most` bytes.
pub fn rows(bytes: &[u8], most: usize) -> Vec<Row> {
    let shown = &bytes[..most.min(bytes.len())];
    let row = |(i, bytes): (usize, &[u8])| Row {
        offset: format!("{:04x}", i * ROW),
        bytes: bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .join(" "),
        text: bytes
            .iter()
            .map(|&byte| match byte {
                b' '..=b'~' => byte as char,
                _ => '·',
            })
            .collect(),
    };
    shown.chunks(ROW).enumerate().map(row).collect()
}

/// Least length of text at the beginning that is worth telling.
const TEXT: usize = 4;

/// Most of it that is told.
const TEXT_MOST: usize = 60;

/// The text that bytes begin with, if they do: up to the end of the line, or what can't be shown.
pub fn text_at_start(bytes: &[u8]) -> Option<String> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
    };
    let line: String = valid.chars().take_while(|c| !c.is_control()).collect();
    let length = line.chars().count();
    match length {
        ..TEXT => None,
        TEXT..=TEXT_MOST => Some(line),
        _ => Some(line.chars().take(TEXT_MOST).chain(['…']).collect()),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn control_characters_do_not_break_a_row() {
        let rows = rows(b"object 1\nx\x7f\xff", 256);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].text, "object 1");
        assert_eq!(rows[1].offset, "0008");
        assert_eq!(rows[1].bytes, "0a 78 7f ff");
        assert_eq!(rows[1].text, "·x··");
    }

    #[test]
    fn text_at_the_start_is_told_up_to_what_is_no_text() {
        let told = |bytes: &[u8]| text_at_start(bytes);
        assert_eq!(
            told(b"object 1 page 3 #7\nobject"),
            Some("object 1 page 3 #7".into())
        );
        assert_eq!(told("Grüße\0\0".as_bytes()), Some("Grüße".into()));
        assert_eq!(told(b"sleep\xff\xfe"), Some("sleep".into()));
        assert_eq!(told(b"abc\0"), None);
        assert_eq!(told(&[0; 16]), None);
        let long = told(&[b'x'; 4096]).map(|text| text.chars().count());
        assert_eq!(long, Some(61));
    }

    #[test]
    fn no_more_is_shown_than_there_is() {
        assert_eq!(rows(&[0; 4096], FIRST).len(), 32);
        assert_eq!(rows(&[0; 20], FIRST).len(), 3);
        assert!(rows(&[], FIRST).is_empty());
    }
}
