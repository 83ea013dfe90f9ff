//! The state of the command line: what is typed, what completes it, and what was typed before.

use std::ops::Range;

use swap_pager::language::{Completion, Names};
use swap_pager::session::script::complete;

/// Completions shown at most.
const SHOWN: usize = 8;

/// Commands remembered.
const REMEMBERED: usize = 200;

/// What is typed, and what could be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandLine {
    /// What is in the field.
    pub text: String,
    /// Where the cursor is, in bytes.
    pub cursor: usize,
    /// The completions that are offered.
    pub items: Vec<Completion>,
    /// The part of the text that a completion replaces.
    span: Range<usize>,
    /// What is expected at the cursor.
    pub expected: String,
    /// The completion that is chosen.
    pub chosen: Option<usize>,
    /// What is wrong with the last command, and where, in bytes.
    pub error: Option<(String, Range<usize>)>,
    past: Vec<String>,
    /// Where in the past the text is from, counted from the newest.
    back: usize,
}

impl CommandLine {
    /// The same with another text in the field.
    pub fn typed(&self, text: String, cursor: usize, names: &Names<'_>) -> CommandLine {
        let mut completions = complete(&text, cursor, names);
        completions.items.truncate(SHOWN);
        if text.trim().is_empty() {
            completions.items.clear();
        }
        CommandLine {
            text,
            cursor,
            items: completions.items,
            span: completions.span,
            expected: completions.expected,
            chosen: None,
            error: None,
            past: self.past.clone(),
            back: 0,
        }
    }

    /// Goes through the completions, or without any through what was typed before.
    pub fn moved(&self, down: bool, names: &Names<'_>) -> CommandLine {
        if self.items.is_empty() || self.back > 0 {
            return self.remembered(down, names);
        }
        let last = self.items.len() - 1;
        let chosen = match (self.chosen, down) {
            (None, true) => Some(0),
            (None, false) => Some(last),
            (Some(at), true) => (at < last).then_some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        CommandLine {
            chosen,
            ..self.clone()
        }
    }

    fn remembered(&self, down: bool, names: &Names<'_>) -> CommandLine {
        let back = if down {
            self.back.saturating_sub(1)
        } else {
            (self.back + 1).min(self.past.len())
        };
        let text = match back {
            0 => String::new(),
            back => self.past[self.past.len() - back].clone(),
        };
        let cursor = text.len();
        CommandLine {
            back,
            items: Vec::new(),
            ..self.typed(text, cursor, names)
        }
    }

    /// The same with a completion put in.
    pub fn completed(&self, item: usize, names: &Names<'_>) -> CommandLine {
        let Some(item) = self.items.get(item) else {
            return self.clone();
        };
        let before = self.text.get(..self.span.start).unwrap_or_default();
        let after = self.text.get(self.span.end..).unwrap_or_default();
        let mut text = format!("{before}{} ", item.text);
        let cursor = text.len();
        text.push_str(after.trim_start());
        self.typed(text, cursor, names)
    }

    /// The same without completions.
    pub fn closed(&self) -> CommandLine {
        CommandLine {
            items: Vec::new(),
            chosen: None,
            ..self.clone()
        }
    }

    /// The same with what is wrong.
    pub fn refused(&self, why: String, span: Range<usize>) -> CommandLine {
        CommandLine {
            error: Some((why, span)),
            ..self.closed()
        }
    }

    /// An empty line that remembers this one.
    pub fn done(&self) -> CommandLine {
        let mut past = self.past.clone();
        if past.last() != Some(&self.text) {
            past.push(self.text.clone());
        }
        if past.len() > REMEMBERED {
            past.remove(0);
        }
        CommandLine {
            past,
            ..CommandLine::default()
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    fn typed(text: &str, names: &Names<'_>) -> CommandLine {
        CommandLine::default().typed(text.to_owned(), text.len(), names)
    }

    #[test]
    fn a_completion_takes_the_place_of_the_word_begun() {
        let model = machine();
        let names = Names::of(&model);
        let line = typed("pageo", &names).completed(0, &names);
        assert_eq!(line.text, "pageout ");
        let heap = line.items.iter().position(|item| item.text == "heap");
        let line = line.completed(heap.expect("the heap is offered"), &names);
        assert_eq!(line.text, "pageout heap ");
    }

    #[test]
    fn arrows_go_through_completions_and_out_of_them() {
        let model = machine();
        let names = Names::of(&model);
        let line = typed("s", &names);
        assert!(line.items.len() > 1);
        let up = line.moved(false, &names);
        assert_eq!(up.chosen, Some(line.items.len() - 1));
        assert_eq!(up.moved(true, &names).chosen, None);
        assert_eq!(line.moved(true, &names).chosen, Some(0));
    }

    #[test]
    fn what_was_typed_before_comes_back() {
        let model = machine();
        let names = Names::of(&model);
        let mut line = CommandLine::default();
        for text in ["read heap 1", "read heap 2", "read heap 2"] {
            line = line.typed(text.to_owned(), 0, &names).done();
        }
        let back = line.moved(false, &names);
        assert_eq!(back.text, "read heap 2");
        let back = back.moved(false, &names);
        assert_eq!(back.text, "read heap 1");
        assert_eq!(back.moved(false, &names).text, "read heap 1");
        assert_eq!(back.moved(true, &names).moved(true, &names).text, "");
    }
}
