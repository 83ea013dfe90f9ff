//! A chain of sentences: what was decided, one step after the other.

use crate::view::ui::Thing;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it says.
    pub text: String,
    /// What it names, to be pointed at and looked into.
    pub thing: Option<Thing>,
}

/// One step of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// The event that it is taken from; 0 if it is from none.
    pub seq: u64,
    /// Whether it is a detail of the one before that is none.
    pub deep: bool,
    /// Whether something failed there.
    pub bad: bool,
    /// What it says.
    pub parts: Vec<Part>,
}

impl Sentence {
    /// Of an event, with nothing said yet.
    pub fn at(seq: u64) -> Sentence {
        Sentence {
            seq,
            ..Sentence::default()
        }
    }

    /// Of no event.
    pub fn plain(text: &str) -> Sentence {
        Sentence::at(0).say(text)
    }

    /// Goes on with words.
    pub fn say(self, text: &str) -> Sentence {
        self.part(text.to_owned(), None)
    }

    /// Goes on with words that name something.
    pub fn name(self, text: String, thing: Thing) -> Sentence {
        self.part(text, Some(thing))
    }

    /// Goes on with words that were made.
    pub fn told(self, text: String) -> Sentence {
        self.part(text, None)
    }

    fn part(mut self, text: String, thing: Option<Thing>) -> Sentence {
        if !text.is_empty() {
            self.parts.push(Part { text, thing });
        }
        self
    }

    /// As a detail.
    pub fn deep(mut self) -> Sentence {
        self.deep = true;
        self
    }

    /// As a failure.
    pub fn bad(mut self) -> Sentence {
        self.bad = true;
        self
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}
