//! Names and notes that people wrote, so that they leave the texts around them alone.
//!
//! A name stands in sentences, in titles and in pictures, where no element can be put around it: characters
//! of the text itself keep it apart.

/// Around a text that is read in a direction of its own: what HTML has `<bdi>` for.
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// A text on one line, which says nothing about the direction of what stands around it. Characters that would
/// are replaced; a name in Hebrew or Arabic is kept apart from the numbers beside it.
#[inline]
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut is_isolated = false;
    for c in text.chars() {
        if !is_isolated && is_right_to_left(c) {
            is_isolated = true;
            shown.insert(0, FIRST_STRONG_ISOLATE);
        }
        shown.push(match c {
            '\n' => '↵',
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => ' ',
            c if directs(c) => '\u{fffd}',
            c => c,
        });
    }
    if is_isolated {
        shown.push(POP_ISOLATE);
    }
    shown
}

/// Whether a character tells in which direction what follows is to be read.
#[inline]
pub(crate) fn directs(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a letter belongs to a script that is read from the right, or a mark counts as one.
fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::language::{Names, parse, print};
    use crate::words::wording;

    const NASTY: &str = "a\u{202e}b\u{2066}c\nd\u{2028}e";

    #[test]
    fn what_would_reach_into_other_texts_is_replaced() {
        assert_eq!(shown("heap 1"), "heap 1");
        assert_eq!(shown("Müller & Söhne"), "Müller & Söhne");
        assert_eq!(shown(NASTY), "a\u{fffd}b\u{fffd}c↵d e");
        assert_eq!(shown("ערמה"), "\u{2068}ערמה\u{2069}");
        assert_eq!(shown(""), "");
    }

    #[test]
    fn the_log_shows_them_so_and_the_language_reads_what_it_prints() {
        let create = Command::Create {
            name: Some(NASTY.to_owned()),
            pages: 8,
        };
        let (_, words, _) = wording::Names::default().command(&create);
        assert_eq!(words, "a\u{fffd}b\u{fffd}c↵d e, 8 pages");
        let printed = print(&create, &Names::default());
        assert!(printed.is_ascii(), "{printed}");
        assert_eq!(parse(&printed, &Names::default()), Ok(create));
        let text = "first\nsecond".to_owned();
        let line = wording::Names::default().line(1, &crate::Event::Message { text });
        assert_eq!(line.map(|line| line.rest), Some("first↵second".to_owned()));
    }
}
