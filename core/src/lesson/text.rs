//! The text of lessons: paragraphs and lists with a little markup.
//!
//! `*emphasis*`, `` `code` ``, `[term]` (a word of the glossary), `[words](term)`; lines that begin with
//! `- ` are a list. A star stands for itself where no word begins or ends, as in `2 * 3`.

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List(Vec<Vec<Inline>>),
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Plain(String),
    /// Stressed words.
    Strong(String),
    /// A command, a name of the kernel, a number as the machine has it.
    Code(String),
    /// Words that the glossary explains, and the entry that does: its anchor, as `radix-tree`.
    Term(String, String),
}

/// The paragraphs and lists of a text.
///
/// # Errors
/// The number of the line that is wrong, from 0, and why.
pub fn read(text: &str) -> Result<Vec<Block>, (usize, String)> {
    let mut blocks = Vec::new();
    // What is being read: its first line, whether it is part of a list, and its words.
    let mut open: Option<(usize, bool, String)> = None;
    for (number, line) in text.lines().map(str::trim).enumerate() {
        let item = line.strip_prefix("- ");
        if (line.is_empty() || item.is_some())
            && let Some(piece) = open.take()
        {
            close(piece, &mut blocks)?;
        }
        // A list goes on over an empty line only if it is another one.
        if line.is_empty() {
            if matches!(blocks.last(), Some(Block::List(_))) {
                blocks.push(Block::Paragraph(Vec::new()));
            }
            continue;
        }
        match (&mut open, item) {
            (Some((_, _, words)), None) => {
                words.push(' ');
                words.push_str(line);
            }
            (_, Some(item)) => open = Some((number, true, item.trim().to_owned())),
            (None, None) => open = Some((number, false, line.to_owned())),
        }
    }
    if let Some(piece) = open {
        close(piece, &mut blocks)?;
    }
    let is_empty = |block: &Block| matches!(block, Block::Paragraph(pieces) if pieces.is_empty());
    blocks.retain(|block| !is_empty(block));
    Ok(blocks)
}

fn close(
    (line, in_list, words): (usize, bool, String),
    blocks: &mut Vec<Block>,
) -> Result<(), (usize, String)> {
    let pieces = inline(&words).map_err(|why| (line, why))?;
    match (in_list, blocks.last_mut()) {
        (true, Some(Block::List(items))) => items.push(pieces),
        (true, _) => blocks.push(Block::List(vec![pieces])),
        (false, _) => blocks.push(Block::Paragraph(pieces)),
    }
    Ok(())
}

/// The pieces of one paragraph.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn inline(text: &str) -> Result<Vec<Inline>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let inside = &rest[c.len_utf8()..];
        let opens = inside.starts_with(|c: char| !c.is_whitespace()) && !before.is_alphanumeric();
        let (piece, length) = match c {
            '`' => {
                let end = inside.find('`').ok_or_else(|| unclosed(rest, '`'))?;
                (Inline::Code(inside[..end].to_owned()), end + 1)
            }
            '*' if opens => {
                let end = inside.find('*').ok_or_else(|| unclosed(rest, '*'))?;
                (Inline::Strong(inside[..end].to_owned()), end + 1)
            }
            '[' => {
                let end = inside.find(']').ok_or_else(|| unclosed(rest, ']'))?;
                let words = &inside[..end];
                let behind = &inside[end + 1..];
                match behind.strip_prefix('(').and_then(|term| term.find(')')) {
                    Some(close) => {
                        let term = Inline::Term(words.to_owned(), anchor(&behind[1..=close]));
                        (term, end + close + 3)
                    }
                    None => (Inline::Term(words.to_owned(), anchor(words)), end + 1),
                }
            }
            _ => {
                plain.push(c);
                before = c;
                rest = inside;
                continue;
            }
        };
        if !plain.is_empty() {
            pieces.push(Inline::Plain(std::mem::take(&mut plain)));
        }
        pieces.push(piece);
        rest = &inside[length..];
        before = 'a';
    }
    if !plain.is_empty() {
        pieces.push(Inline::Plain(plain));
    }
    Ok(pieces)
}

/// The anchor of an entry of the glossary: `Radix tree` has `radix-tree`.
fn anchor(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join("-").to_ascii_lowercase()
}

fn unclosed(rest: &str, sign: char) -> String {
    let words: String = rest.chars().take(20).collect();
    format!("`{sign}` is missing to close what begins with: {words}")
}

/// A text for the terminal: stressed words are as others, and lines have up to so many characters.
pub fn plain(blocks: &[Block], width: usize) -> String {
    let mut text = String::new();
    for block in blocks {
        if !text.is_empty() {
            text.push('\n');
        }
        match block {
            Block::Paragraph(pieces) => wrap(&plain_inline(pieces), width, "", &mut text),
            Block::List(items) => {
                for item in items {
                    wrap(&plain_inline(item), width, "- ", &mut text);
                }
            }
        }
    }
    text
}

/// A paragraph for the terminal, in one line.
pub fn plain_inline(pieces: &[Inline]) -> String {
    let words = |piece: &Inline| match piece {
        Inline::Plain(words) | Inline::Strong(words) | Inline::Term(words, _) => words.clone(),
        Inline::Code(words) => format!("`{words}`"),
    };
    pieces.iter().map(words).collect()
}

/// Lines of words, the first of which begins with `head` and the others with as many spaces.
fn wrap(words: &str, width: usize, head: &str, text: &mut String) {
    text.push_str(head);
    let mut used = head.len();
    let mut first = true;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if !first && used + 1 + length > width {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', head.len()));
            used = head.len();
        } else if !first {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += length;
        first = false;
    }
    text.push('\n');
}

/// The same text with something done to all words of it.
pub(super) fn changed(blocks: &[Block], change: &impl Fn(&str) -> String) -> Vec<Block> {
    let pieces = |pieces: &Vec<Inline>| -> Vec<Inline> {
        let piece = |piece: &Inline| match piece {
            Inline::Plain(words) => Inline::Plain(change(words)),
            Inline::Strong(words) => Inline::Strong(change(words)),
            Inline::Code(words) => Inline::Code(change(words)),
            Inline::Term(words, anchor) => Inline::Term(change(words), anchor.clone()),
        };
        pieces.iter().map(piece).collect()
    };
    let block = |block: &Block| match block {
        Block::Paragraph(paragraph) => Block::Paragraph(pieces(paragraph)),
        Block::List(items) => Block::List(items.iter().map(pieces).collect()),
    };
    blocks.iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Inline {
        Inline::Plain(text.to_owned())
    }

    #[test]
    fn paragraphs_and_lists_are_parted() {
        let text = "One\nparagraph.\n\nAnother:\n- first\n  goes on\n- second\n\nThe end.";
        let expected = vec![
            Block::Paragraph(vec![words("One paragraph.")]),
            Block::Paragraph(vec![words("Another:")]),
            Block::List(vec![vec![words("first goes on")], vec![words("second")]]),
            Block::Paragraph(vec![words("The end.")]),
        ];
        assert_eq!(read(text), Ok(expected));
        assert_eq!(read("\n \n"), Ok(Vec::new()));
    }

    #[test]
    fn markup_is_read() {
        let text = "A *leaf* has `32` [blocks](block): a [Radix tree], 2 * 3*4";
        let term = |words: &str, anchor: &str| Inline::Term(words.to_owned(), anchor.to_owned());
        let expected = vec![
            words("A "),
            Inline::Strong("leaf".to_owned()),
            words(" has "),
            Inline::Code("32".to_owned()),
            words(" "),
            term("blocks", "block"),
            words(": a "),
            term("Radix tree", "radix-tree"),
            words(", 2 * 3*4"),
        ];
        assert_eq!(inline(text), Ok(expected));
    }

    #[test]
    fn what_is_not_closed_is_told_with_the_line() {
        let why = "`*` is missing to close what begins with: *two".to_owned();
        assert_eq!(read("one\n\n*two"), Err((2, why)));
        assert!(inline("`x").is_err());
        assert!(inline("[x").is_err());
    }

    #[test]
    fn a_terminal_gets_lines() {
        let blocks =
            read("A *long* paragraph of `words` here.\n\n- an item that is long").expect("a text");
        assert_eq!(
            plain(&blocks, 16),
            "A long paragraph\nof `words` here.\n\n- an item that\n  is long\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[*`()a-z \n\\[\\]é-]{0,60}") {
            if let Ok(blocks) = read(&text) {
                plain(&blocks, 10);
            }
        }
    }
}
