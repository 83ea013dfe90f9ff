//! Lessons: text, what to look at, what to do, questions and a challenge, read from TOML.
//!
//! `www/lessons/README.md` tells teachers what a lesson has. A reader's name gives a [seed](code::seed); the
//! seed gives the numbers that stand in the lesson in braces; and a [`Lesson`] is what comes of it. No right
//! answer stands in it: each is what a [measure] comes to on a [`Player`] that has played the scripts.
//!
//! ```
//! use swap_pager::lesson::{Lesson, measure::Answer};
//! use swap_pager::session::Player;
//!
//! let toml = r#"
//! title = "One disk"
//! setup = "swapon 0 1024"
//! [[step]]
//! title = "Free"
//! text = "The first [stripe] is kept for the label."
//! ask = "How many blocks are free?"
//! answer = "free"
//! after = "It is {answer}."
//! "#;
//! let lesson = Lesson::read("01-one-disk.toml", toml, 7).map_err(|errors| errors[0].clone())?;
//! assert_eq!(lesson.check(), []);
//! let mut player = Player::new(lesson.config);
//! player.play(&lesson.setup.text).map_err(|(_, why)| why)?;
//! let question = lesson.steps[0].ask.as_ref().ok_or("it asks")?;
//! assert_eq!(question.answer.of(&player)?, Answer::Number(992));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
pub mod code;
pub mod measure;
#[cfg(feature = "saved")]
pub mod progress;
mod read;
#[cfg(test)]
mod tests;
pub mod text;
mod vary;

use std::fmt;

use crate::Config;
use crate::session::Player;
use measure::{Answer, Goal, Kind, Measure, parse_answer};
use vary::{ANSWER, GIVEN};

pub use check::check_for;

/// The views and panels of the page that lessons can name. The first six share the middle.
pub const VIEWS: [&str; 10] = [
    "stripes",
    "linear",
    "tree",
    "metadata",
    "buffers",
    "memory",
    "objects",
    "inspector",
    "log",
    "timeline",
];

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
    /// What is told once the answer is known and it has run; see [`Step::told`] for how.
    pub after: Vec<text::Block>,
    /// The line of the file it begins in.
    pub line: usize,
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
    /// The line of the file it begins in.
    pub line: usize,
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
    pub fn read(file: &str, toml: &str, seed: u64) -> Result<Lesson, Vec<LessonError>> {
        read::read(file, toml, seed)
    }

    /// Plays it as somebody would who takes the solution: whether every script runs, every question has an answer
    /// that is among its choices, what the eye is drawn to is there, and the challenge is not met before and met
    /// after its solution. [`check_for`] does that for many readers.
    pub fn check(&self) -> Vec<LessonError> {
        check::check(self)
    }

    /// The right answers, in the order in which they are asked.
    ///
    /// # Errors
    /// A script that does not run, or a question that has no answer.
    pub fn answers(&self) -> Result<Vec<Answer>, LessonError> {
        check::answers(self)
    }

    /// What the challenge begins with: a machine that has played all before it, marked.
    ///
    /// # Errors
    /// A script that does not run.
    pub fn before_challenge(&self) -> Result<Player, LessonError> {
        check::before_challenge(self)
    }

    /// The questions, in the order in which they are asked.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.steps.iter().filter_map(|step| step.ask.as_ref())
    }

    /// What is told after a step once somebody has answered, see [`Step::told`]; nothing if there is no such step.
    pub fn after(
        &self,
        step: usize,
        given: Option<&Answer>,
        answer: Option<&Answer>,
    ) -> Vec<text::Block> {
        self.steps
            .get(step)
            .map(|step| step.told(given, answer))
            .unwrap_or_default()
    }
}

impl Step {
    /// What is told afterwards, with what somebody answered and the right answer in the places for them. What
    /// was passed over is `nothing`.
    pub fn told(&self, given: Option<&Answer>, answer: Option<&Answer>) -> Vec<text::Block> {
        let word = |answer: Option<&Answer>| answer.map_or("nothing".to_owned(), Answer::to_string);
        let (given, answer) = (word(given), word(answer));
        let put = |words: &str| {
            let mut put = String::with_capacity(words.len());
            for c in words.chars() {
                match c {
                    ANSWER => put.push_str(&answer),
                    GIVEN => put.push_str(&given),
                    c => put.push(c),
                }
            }
            put
        };
        text::changed(&self.after, &put)
    }
}

impl Question {
    /// How it is asked for. If there are [choices](Self::choices), the answer is one of them.
    pub fn kind(&self) -> Kind {
        self.answer.kind()
    }

    /// The answer that somebody typed or chose.
    ///
    /// # Errors
    /// What to write instead, as a sentence.
    pub fn parse(&self, text: &str) -> Result<Answer, String> {
        let answer = parse_answer(&self.kind(), text)?;
        if self.choices.is_empty() || self.choices.contains(&answer.to_string()) {
            return Ok(answer);
        }
        let choices = self.choices.join(", ");
        Err(format!("`{answer}` is none of the choices: {choices}."))
    }
}

impl Asked {
    /// How it is asked for; whether something holds, by yes and no.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Measure(measure) => measure.kind(),
            Self::Holds(_) => Kind::Words(vec!["yes".to_owned(), "no".to_owned()]),
        }
    }

    /// The right answer, on a player that has played what is asked about.
    ///
    /// # Errors
    /// Why there is none, as a sentence.
    pub fn of(&self, player: &Player) -> Result<Answer, String> {
        match self {
            Self::Measure(measure) => measure.of(player),
            Self::Holds(goal) => {
                let (holds, _) = goal.holds(player)?;
                Ok(Answer::Word(if holds { "yes" } else { "no" }.to_owned()))
            }
        }
    }
}
