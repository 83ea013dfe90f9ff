//! What can come next while a command is typed.

use std::ops::Range;

use super::error::{Expected, list};
use super::names::{NamedObject, Names};
use super::parse::command;
use super::print::put_object;
use super::reader::{Reader, closing_quote, is_gap, last_token, token_end, whole};
use super::usage::{Usage, find, usage};
use crate::units::{DeviceId, NSWAPDEV};
use crate::words::shown::shown;

/// What can come at a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// The bytes of the text that an item replaces: the word at that place, or none.
    pub span: Range<usize>,
    /// What can be put there.
    pub items: Vec<Completion>,
    /// What is expected there, as a phrase without a full stop; empty if what stands before it
    /// is wrong. It is there without items as well.
    pub expected: String,
    /// The command that is typed, once it can be told.
    pub usage: Option<&'static Usage>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What to write.
    pub text: String,
    /// What it means, in a few words.
    pub hint: String,
}

/// What can come at `cursor`, a number of bytes, in place of the word that reaches up to it. What
/// follows the cursor plays no part.
pub fn complete(text: &str, cursor: usize, names: &Names<'_>) -> Completions {
    let cursor = text.floor_char_boundary(cursor);
    let before = &text[..cursor];
    let start = last_token(before);
    let partial = &before[start..];
    let end = if partial.is_empty() || closing_quote(partial).is_some() {
        cursor
    } else {
        token_end(text, start).max(cursor)
    };

    // What the parser looks for where the word begins is what can be there.
    let mut reader = Reader::new(&before[..start]);
    let _ = command(&mut reader, names);
    let wanted = reader.wanted_at_end();

    let mut offers = Offers {
        partial,
        items: Vec::new(),
    };
    // What touches the word before would become part of it.
    if before[..start].is_empty() || before[..start].ends_with(is_gap) {
        for expected in &wanted {
            offers.all_of(*expected, names);
        }
    }
    Completions {
        span: start..end,
        items: offers.items,
        expected: list(&wanted),
        usage: find(Reader::new(text).peek()),
    }
}

struct Offers<'a> {
    /// What is typed of the word so far.
    partial: &'a str,
    items: Vec<Completion>,
}

impl Offers<'_> {
    fn all_of(&mut self, expected: Expected, names: &Names<'_>) {
        match expected {
            Expected::Command => self.commands(),
            Expected::Object => {
                for object in &names.objects {
                    self.object(object, names);
                }
            }
            Expected::ObjectNumber => {
                for object in &names.objects {
                    let hint = object.name.unwrap_or("unnamed");
                    self.offer(&object.id.0.to_string(), hint);
                }
            }
            Expected::Disk => {
                for disk in &names.disks {
                    self.offer(&disk.0.to_string(), "a disk that is on");
                }
            }
            Expected::NewDisk => {
                for disk in 0..NSWAPDEV {
                    if !names.disks.contains(&DeviceId(disk)) {
                        self.offer(&disk.to_string(), "a disk that is off");
                    }
                }
            }
            Expected::Page(size) => {
                self.offer(&size.saturating_sub(1).to_string(), "the last page")
            }
            Expected::Pages(size) => self.pages(size.saturating_sub(1)),
            Expected::Word(word) => self.offer(word, about(word)),
            Expected::NewName
            | Expected::Count
            | Expected::Text
            | Expected::Number(_)
            | Expected::Nothing => {}
        }
    }

    /// Adds an item if it begins with what is typed and is more than that.
    #[inline(never)]
    fn offer(&mut self, text: &str, hint: &str) {
        let typed = self.partial.len();
        let head = text.as_bytes().get(..typed);
        let begins = head.is_some_and(|head| head.eq_ignore_ascii_case(self.partial.as_bytes()));
        if begins && text.len() > typed {
            self.add(text.to_owned(), hint.to_owned());
        }
    }

    fn add(&mut self, text: String, hint: String) {
        self.items.push(Completion { text, hint });
    }

    /// All commands; other words for them only once one is typed.
    fn commands(&mut self) {
        for usage in usage() {
            self.offer(usage.verb, usage.arguments);
        }
        if !self.partial.is_empty() {
            for usage in usage() {
                for alias in usage.aliases {
                    self.offer(alias, usage.arguments);
                }
            }
        }
    }

    /// An object by its name; by its number if that is what is typed.
    fn object(&mut self, object: &NamedObject<'_>, names: &Names<'_>) {
        let pages = object.pages.to_string();
        let pages_words = if object.pages == 1 { " page" } else { " pages" };
        let mut hint = pages + pages_words;
        if whole(self.partial).is_some() {
            if let Some(name) = object.name {
                hint = [&shown(name), ", ", &hint].concat();
            }
            return self.offer(&object.id.0.to_string(), &hint);
        }
        let mut text = String::new();
        put_object(&mut text, object.id, names);
        if object.name.is_some() {
            hint = [&object.id.to_string(), ", ", &hint].concat();
        }
        let typed = self.partial.trim_start_matches(['"', '“']);
        let quoted = text.starts_with('"') || typed.len() < self.partial.len();
        match object.name {
            Some(name) if quoted && name.starts_with(typed) => {
                if text != self.partial {
                    self.add(text, hint);
                }
            }
            _ => self.offer(&text, &hint),
        }
    }

    fn pages(&mut self, last: u32) {
        let last_page = last.to_string();
        if last == 0 {
            return self.offer("0", "its only page");
        }
        self.offer(&["0..", &last_page].concat(), "all its pages");
        self.offer("all", "all its pages");
        let first = self.partial.trim_end_matches('.');
        let inside = whole(first).is_some_and(|page| page > 0 && page < last.into());
        if inside {
            self.offer(&[first, "..", &last_page].concat(), "from there to the end");
        }
    }
}

/// What a keyword means.
fn about(word: &str) -> &'static str {
    match word {
        "sync" => "each write is waited for",
        "async" => "several writes may be under way",
        "at" => "the first byte to write",
        "with label" | "label" => "lines that say which page it is, with a number",
        "with byte" | "byte" => "the same byte throughout",
        "with noise" | "noise" => "bytes that look random, made from a number",
        "free" => "MADV_FREE: the contents may be lost",
        "read" => "read the blocks",
        "write" => "write a pattern to the blocks",
        "delete" => "free the blocks",
        "reserve" => "give each page a block",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::names;
    use super::*;

    /// The texts on offer at the `|`, and what is expected there.
    fn offered(marked: &str) -> (String, String) {
        let (before, after) = marked.split_once('|').expect("it is marked");
        let found = complete(&[before, after].concat(), before.len(), &names());
        let items: Vec<_> = found.items.iter().map(|item| item.text.as_str()).collect();
        (items.join(" / "), found.expected)
    }

    #[test]
    fn completions_are_what_can_come_next() {
        for (text, items) in [
            ("pa|", "pageout"),
            ("pUt|", "putpages"),
            ("swap|", "swapon / swapoff / swaponvp"),
            ("read |", "heap / \"my stack\" / object 3"),
            ("read h|", "heap"),
            ("read \"my|", "\"my stack\""),
            ("read m|", "\"my stack\""),
            ("read 2|", ""),
            ("read object |", "1 / 2 / 3"),
            ("fill heap |", "0..127 / all"),
            ("fill heap 5..|", "5..127"),
            ("fill heap 5|", "5..127"),
            ("fill heap 0..3 |", "with label / with byte / with noise"),
            ("fill heap 0..3 with |", "label / byte / noise"),
            ("fill heap 0..3 with l|", "label"),
            ("pageout 3 |", "0 / sync / async"),
            ("pageout 3 0 s| x", "sync"),
            ("swapon |", "1 / 2 / 3"),
            ("swapoff disk |", "0"),
            ("sysctl |", "vm.swap_async_max="),
            ("madvise heap 5 |", "free"),
            ("strategy heap 5 |", "read / write / delete / reserve"),
            ("write heap 5 \"a\" |", "at"),
            ("fill nothing |", ""),
            ("fork heap |", ""),
        ] {
            assert_eq!(offered(text).0, items, "{text}");
        }
    }

    #[test]
    fn what_is_expected_is_told_without_completions_too() {
        for (text, expected) in [
            (
                "create |",
                "a name (in quotes if it has spaces) or how many pages",
            ),
            ("create heap |", "how many pages"),
            ("write heap 5 |", "a text in quotes"),
            ("fill heap 5 byte |", "a byte (0 to 255, or 0x00 to 0xff)"),
            ("fork heap |", "nothing more"),
            ("fill nothing |", ""),
        ] {
            assert_eq!(
                offered(text),
                (String::new(), expected.to_owned()),
                "{text}"
            );
        }
        let found = complete("pageot heap", 2, &names());
        assert_eq!((found.span, found.usage), (0..6, None));
        let found = complete("putpages  ", 9, &names());
        assert_eq!(
            (found.span, found.usage.map(|usage| usage.verb)),
            (9..9, Some("pageout"))
        );
    }
}
