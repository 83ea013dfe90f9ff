//! How far a reader has come with a lesson, as a text that can be kept for another day.
//!
//! Its first line is [`Progress`], as JSON; the other lines are the records of the lesson's machine. The same records
//! give the same machine, so a reader finds all as it was, moments of the past too.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::measure::Answer;
use super::{Lesson, Question, code};
use crate::Config;
use crate::session::Player;
use crate::session::record::{self, Json, Record, RecordError};

/// The version of the texts that are written here.
const FORMAT: u32 = 1;

/// Most bytes that the records of a machine take. Of a longer session the end is left out, and what came of it is to be
/// done again: all lessons together have to find room in what a browser keeps for a site.
const MOST: usize = 256 << 10;

/// How far a reader has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The version of the text; what is written has this program's.
    pub format: u32,
    /// What the text of the lesson comes to, as [`Lesson::digest`].
    pub digest: u32,
    /// The reader's name.
    pub name: String,
    /// How often each reader began the lesson, by what [`Progress::reader`] makes of the name.
    pub begun: Vec<(u32, u32)>,
    /// Where the reader is: 0 is the cover, then come the steps, the challenge and the end.
    pub place: usize,
    /// Where the machine was set up; none if it has to be set up again.
    pub ready: Option<Mark>,
    /// What became of each step.
    pub steps: Vec<StepDone>,
    /// What became of the challenge.
    pub challenge: ChallengeDone,
}

/// A moment of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// How many inputs it had had, its start among them.
    pub inputs: usize,
    /// How many events there had been.
    pub events: u64,
}

/// What became of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDone {
    /// Whether there is nothing left to answer or to run.
    pub done: bool,
    /// The moment at which it was done, if the machine still has it.
    pub mark: Option<Mark>,
    /// The moment at which its script began.
    pub before: u64,
    /// What was answered first.
    pub given: Option<FirstAnswer>,
    /// Whether help was wanted.
    pub hint: bool,
}

/// What was answered first, and what was right then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstAnswer {
    /// The answer; none if the question was passed over.
    pub answer: Option<String>,
    /// The right one; none if there was none.
    pub right: Option<String>,
}

/// What became of the challenge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeDone {
    /// How many inputs the machine had had when it began; none if it is to begin.
    pub from: Option<usize>,
    /// How often it was begun.
    pub begun: u32,
    /// Whether it was met.
    pub met: bool,
    /// Whether the solution was shown before.
    pub shown: bool,
}

/// Why what was kept can't be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgressError {
    /// The first line is none that was written here.
    Damaged(String),
    /// A newer version wrote it.
    Newer(u32),
    /// The records of the machine are wrong.
    Record(RecordError),
    /// The lesson has another text now.
    OtherText,
    /// What it tells does not fit the lesson.
    Odd(&'static str),
}

impl fmt::Display for ProgressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(why) => write!(f, "it is damaged ({why})"),
            Self::Newer(format) => write!(
                f,
                "a newer version of the page wrote it (format {format}; this one knows format {FORMAT})"
            ),
            Self::Record(error) => write!(f, "its machine can't be made again: {error}"),
            Self::OtherText => f.write_str("the text of the lesson has changed since"),
            Self::Odd(what) => write!(f, "{what} does not fit the lesson"),
        }
    }
}

impl std::error::Error for ProgressError {}

impl Progress {
    /// What tells readers apart: their names would be legible to the next.
    pub fn reader(name: &str) -> u32 {
        code::seed(name) as u32
    }

    /// How often the reader began the lesson.
    pub fn beginnings(begun: &[(u32, u32)], name: &str) -> u32 {
        let reader = Progress::reader(name);
        let mut counts = begun.iter().filter(|(known, _)| *known == reader);
        counts.next().map_or(0, |(_, count)| *count)
    }

    /// The text to keep, with what was put into the machine, its start first.
    ///
    /// # Errors
    /// None that could come about: all of it is plain data.
    pub fn write(mut self, records: &[Record]) -> Result<String, serde_json::Error> {
        self.format = FORMAT;
        let (mut lines, mut bytes) = (Vec::new(), 0);
        for record in records {
            let line = serde_json::to_string(record)?;
            bytes += line.len() + 1;
            if bytes > MOST {
                let end = self.cut(lines.len());
                lines.truncate(end);
                break;
            }
            lines.push(line);
        }
        let head = serde_json::to_string(&self)?;
        lines.insert(0, head);
        Ok(lines.join("\n"))
    }

    /// Forgets what came after so many inputs: goes back to the last moment before at which nothing was under way, and
    /// tells how many inputs there were then.
    fn cut(&mut self, inputs: usize) -> usize {
        let marks = self.steps.iter().filter_map(|step| step.mark);
        let ends = marks.chain(self.ready).map(|mark| mark.inputs);
        let ends = ends.chain(self.challenge.from).filter(|end| *end <= inputs);
        let end = ends.max().unwrap_or(1);
        self.ready = self.ready.filter(|mark| mark.inputs <= end);
        self.challenge.from = self.challenge.from.filter(|from| *from <= end);
        for step in &mut self.steps {
            if step.mark.is_some_and(|mark| mark.inputs > end) {
                (step.done, step.mark) = (false, None);
            }
        }
        let left = self.steps.iter().position(|step| !step.done);
        self.place = self.place.min(left.map_or(usize::MAX, |left| left + 1));
        end
    }

    /// Reads a text that was kept: it, the machine's configuration and the other records.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn read<J: Json>(text: &str) -> Result<(Progress, Config, Vec<Record>), ProgressError> {
        let (head, records) = text.split_once('\n').unwrap_or((text, ""));
        let progress: Progress = J::read(head.as_bytes()).map_err(ProgressError::Damaged)?;
        if progress.format != FORMAT {
            return Err(ProgressError::Newer(progress.format));
        }
        let log = record::decode::<J>(&[records.as_bytes()]);
        let log = log.map_err(|error| ProgressError::Record(error.below(1)))?;
        let (config, records) = log.ok_or(ProgressError::Record(RecordError::NoStart))?;
        Ok((progress, config, records))
    }

    /// How often each reader began, of a text that may be of no other use.
    pub fn begun<J: Json>(text: &str) -> Vec<(u32, u32)> {
        let head = text.split('\n').next().unwrap_or_default();
        let progress: Result<Progress, String> = J::read(head.as_bytes());
        progress.map_or_else(|_| Vec::new(), |progress| progress.begun)
    }

    /// Looks whether it is of this lesson, which has the reader's numbers, and whether the records can have been put
    /// into the machine.
    ///
    /// # Errors
    /// Why not.
    pub fn check(
        &self,
        lesson: &Lesson,
        config: Config,
        records: &[Record],
    ) -> Result<(), ProgressError> {
        if self.digest != lesson.digest {
            return Err(ProgressError::OtherText);
        }
        let steps = lesson.steps.len();
        let places = steps + 2;
        let is_challenge = self.place == steps + 1;
        if self.steps.len() != steps
            || self.place > places
            || is_challenge && lesson.challenge.is_none()
        {
            return Err(ProgressError::Odd("the number of steps"));
        }
        let own = lesson.challenge.as_ref().and_then(|own| own.config);
        if config != lesson.config && Some(config) != own {
            return Err(ProgressError::Odd("the machine"));
        }
        for (done, step) in self.steps.iter().zip(&lesson.steps) {
            let given = done.given.as_ref();
            match (given, &step.ask) {
                (Some(given), Some(question)) => {
                    given.read(question)?;
                }
                (Some(_), None) => return Err(ProgressError::Odd("an answer")),
                (None, _) => {}
            }
        }
        let marks = self.steps.iter().filter_map(|step| step.mark);
        let ends = marks.chain(self.ready).map(|mark| mark.inputs);
        let mut ends = ends.chain(self.challenge.from);
        if ends.any(|end| end == 0 || end > records.len() + 1) {
            return Err(ProgressError::Odd("a moment"));
        }
        let replayed = Player::replay(config, records.iter().cloned());
        replayed.map(drop).map_err(ProgressError::Record)
    }
}

impl FirstAnswer {
    /// The answer, and the right one, to a question.
    ///
    /// # Errors
    /// That they can't be.
    pub fn read(
        &self,
        question: &Question,
    ) -> Result<(Option<Answer>, Option<Answer>), ProgressError> {
        let parse = |text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => question.parse(text).map(Some),
        };
        let read = |text| parse(text).map_err(|_| ProgressError::Odd("an answer"));
        Ok((read(&self.answer)?, read(&self.right)?))
    }
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
