//! Lessons: text, what to look at, what to do, questions and a challenge, read from TOML.
//!
//! (The whole schema is to be documented here, with an example; `www/lessons/README.md` tells it to teachers.)

mod check;
pub mod code;
pub mod measure;
mod read;
pub mod text;
mod vary;

use std::fmt;

use crate::Config;
use measure::{Goal, Measure};

/// A lesson, with the numbers of one seed filled in: see [`Lesson::read`].
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its name in addresses: that of its file, without numbers before it and `.toml` after.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence.
    pub summary: String,
    /// How long it takes.
    pub minutes: u32,
    /// The machine.
    pub config: Config,
    /// The views that are shown at first, by their names in links.
    pub views: Vec<String>,
    /// What is done before the first step.
    pub setup: Script,
    /// The steps.
    pub steps: Vec<Step>,
    /// What is to be achieved at the end.
    pub challenge: Option<Challenge>,
    /// What its text comes to: a result code is of this text and no other.
    pub digest: u32,
}

/// Lines of a script, and where they are in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The lines, see [`script`](crate::session::script).
    pub text: String,
    /// The line of the file its first line is in, from 1.
    pub line: usize,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its title.
    pub title: String,
    /// What is told.
    pub text: Vec<text::Block>,
    /// What the teacher may say to it.
    pub notes: Option<String>,
    /// The view that is shown, if it changes.
    pub show: Option<String>,
    /// What the eye is drawn to, once what it runs has run.
    pub focus: Option<Focus>,
    /// What is done when the person says so, after the question if there is one.
    pub run: Option<Script>,
    /// What is asked before.
    pub ask: Option<Question>,
    /// What is told once the answer is known and it has run.
    pub after: Vec<text::Block>,
}

/// What the eye is drawn to. Objects have the names they have then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A panel or view: `objects`, `stripes`, `linear`, `tree`, `metadata`, `buffers`, `memory`, `inspector`, `log`, `timeline`.
    Panel(String),
    /// `object heap`.
    Object(String),
    /// `page heap 5`.
    Page(String, u32),
    /// `block 132`, `disk 1`, `block of heap 5` ...
    Block(u32),
    /// The block that a page has, wherever that is.
    BlockOf(String, u32),
    /// The disk in a slot.
    Disk(u32),
}

/// A question, asked before it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question.
    pub ask: Vec<text::Inline>,
    /// What gives the right answer: it is never written down.
    pub answer: Asked,
    /// Answers to choose from, where the measure doesn't say all there are.
    pub choices: Vec<String>,
    /// Help, for who wants it.
    pub hint: Vec<text::Inline>,
    /// The line of the file.
    pub line: usize,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// What a measure comes to.
    Measure(Measure),
    /// Whether something holds.
    Holds(Goal),
}

/// Something to be achieved, in any way.
#[derive(Clone, Debug, PartialEq)]
pub struct Challenge {
    /// Its title.
    pub title: String,
    /// What is to be done.
    pub text: Vec<text::Block>,
    /// A fresh machine is set up so; without it the challenge goes on from the last step.
    pub setup: Option<Script>,
    /// The machine of that setup.
    pub config: Option<Config>,
    /// What has to hold, all of it.
    pub goals: Vec<(Goal, Vec<text::Inline>)>,
    /// A way to do it.
    pub solution: Script,
}

/// What is wrong with a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonError {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong and what to do, as a sentence.
    pub why: String,
}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for LessonError {}

impl Lesson {
    /// A lesson with the numbers that come of `seed`. `file` is the name of its file.
    ///
    /// # Errors
    /// All that is wrong with the text, in its order.
    pub fn read(file: &str, toml: &str, seed: u64) -> Result<Lesson, Vec<LessonError>> { todo!() }
    /// Plays it as somebody would who takes the solution: whether every script runs, every question has an answer
    /// that is among its choices, and the challenge is not met before and met after its solution.
    pub fn check(&self) -> Vec<LessonError> { todo!() }
}
