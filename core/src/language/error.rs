//! Why a text is no command, and what to write instead.

use std::fmt;
use std::ops::Range;

use super::reader::whole;
use crate::CommandError;
use crate::words::shown::shown;

/// A text that is no command. Shown, it is a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes of the text that are wrong; empty where something is missing.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub problem: Problem,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such command.
    NoCommand {
        /// The word.
        word: String,
        /// The command that may be meant.
        meant: Option<&'static str>,
    },
    /// There is no such object.
    NoObject {
        /// Its name or number, as written.
        word: String,
        /// The name that may be meant.
        meant: Option<String>,
        /// The objects there are: `heap (1), stack (2)`.
        objects: String,
    },
    /// The text ends too early.
    Missing {
        /// What can come there.
        expected: Vec<Expected>,
    },
    /// A word can't stand where it does.
    Unexpected {
        /// The word.
        word: String,
        /// What can stand there.
        expected: Vec<Expected>,
    },
    /// A number is larger than can be counted.
    TooLarge {
        /// The number, as written.
        word: String,
    },
    /// A range of pages has no last page.
    NoEnd {
        /// The range, as written.
        word: String,
    },
    /// A range of pages has no first page.
    NoStart {
        /// The range, as written.
        word: String,
    },
    /// A range of pages is the wrong way round.
    Reversed {
        /// The page that comes first in the text.
        first: u32,
        /// The other one, which is lower.
        last: u32,
    },
    /// Quotes are opened, but not closed.
    Unclosed,
    /// A backslash stands before something that it says nothing about.
    Escape,
    /// The machine would refuse this, whatever state it is in.
    Refused(CommandError),
}

/// What can stand at a place of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A command.
    Command,
    /// An object, by name or number.
    Object,
    /// The number of an object.
    ObjectNumber,
    /// A disk that is on, by number.
    Disk,
    /// A disk to be switched on, by number.
    NewDisk,
    /// The name of a new object.
    NewName,
    /// A number of pages.
    Count,
    /// One page of an object that has so many.
    Page(u32),
    /// Pages of an object that has so many.
    Pages(u32),
    /// A text in quotes.
    Text,
    /// Another number, in these words.
    Number(&'static str),
    /// This very word.
    Word(&'static str),
    /// The end of the command.
    Nothing,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Command => "a command",
            Self::Object => "an object (its name or number)",
            Self::ObjectNumber => "the number of an object",
            Self::Disk => "the number of a disk that is on",
            Self::NewDisk => "the number of a disk",
            Self::NewName => "a name (in quotes if it has spaces)",
            Self::Count => "how many pages",
            Self::Page(0..=1) | Self::Pages(0..=1) => "page 0",
            Self::Page(size) => return write!(f, "a page from 0 to {}", size - 1),
            Self::Pages(size) => return write!(f, "pages (0..{} or all)", size - 1),
            Self::Text => "a text in quotes",
            Self::Number(what) => what,
            Self::Word(word) => return write!(f, "`{word}`"),
            Self::Nothing => "nothing more",
        })
    }
}

/// What can come, as one phrase.
pub(super) fn list(expected: &[Expected]) -> String {
    let mut list = String::new();
    for (i, one) in expected.iter().enumerate() {
        list.push_str(match i {
            0 => "",
            _ if i + 1 == expected.len() => " or ",
            _ => ", ",
        });
        list.push_str(&one.to_string());
    }
    list
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCommand { word, meant } => {
                write!(f, "`{}` is no command.", shown(word))?;
                match meant {
                    Some(meant) => write!(f, " Did you mean `{meant}`?"),
                    None => {
                        f.write_str(" Commands:")?;
                        for (i, usage) in super::usage().iter().enumerate() {
                            f.write_str(if i == 0 { " " } else { ", " })?;
                            f.write_str(usage.verb)?;
                        }
                        f.write_str(".")
                    }
                }
            }
            Self::NoObject {
                word,
                meant,
                objects,
            } => {
                match whole(word) {
                    Some(_) => write!(f, "There is no object {word}.")?,
                    None => write!(f, "There is no object called `{}`.", shown(word))?,
                }
                if let Some(meant) = meant {
                    write!(f, " Did you mean `{meant}`?")?;
                }
                match objects.as_str() {
                    "" => f.write_str(" Create one first, as in `create heap 128`."),
                    _ => write!(f, " Objects: {objects}."),
                }
            }
            Self::Missing { expected } if expected[..] == [Expected::Command] => {
                f.write_str("Write a command, such as `create heap 128`.")
            }
            Self::Missing { expected } => {
                write!(f, "The command is not complete: add {}.", list(expected))
            }
            Self::Unexpected { word, expected } => {
                let (word, expected) = (shown(word), list(expected));
                write!(f, "`{word}` does not fit here: write {expected}.")
            }
            Self::TooLarge { word } => write!(f, "{word} is more than can be counted here."),
            Self::NoEnd { word } => {
                write!(f, "`{word}` has no end: write first..last, as in 0..63.")
            }
            Self::NoStart { word } => {
                write!(f, "`{word}` has no beginning: write first..last, as in 0..63.")
            }
            Self::Reversed { first, last } => {
                write!(f, "{first} comes after {last}: write the lower page first.")
            }
            Self::Unclosed => f.write_str("The quotes are not closed: add a \" at the end."),
            Self::Escape => f.write_str(
                "A backslash in quotes begins \\\", \\\\, \\n, \\r, \\t or \\u{…}: write \\\\ for itself.",
            ),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SyntaxError {}
