//! Where the reader of a lesson is, and what was done.

use std::rc::Rc;

use swap_pager::lesson::code::Begun;
use swap_pager::lesson::measure::Answer;
use swap_pager::lesson::progress::Progress;
use swap_pager::lesson::{Lesson, Step, code};

use super::kept::Went;
use super::trial::Trial;
use crate::view::why::tale::Sentence;

/// Where a reader is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Before the first step.
    #[default]
    Cover,
    /// At a step.
    Step(usize),
    /// At the challenge.
    Challenge,
    /// At the end.
    End,
}

/// What was answered, and what is right.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The answer; none if the question was passed over.
    pub answer: Option<Answer>,
    /// The right one, or why there is none.
    pub right: Result<Answer, String>,
    /// Whether they are the same.
    pub correct: bool,
}

/// What became of a step.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Whether there is nothing left to answer or to run.
    pub done: bool,
    /// The moment at which it was done, if the machine still has it.
    pub moment: Option<u64>,
    /// How many inputs the machine had had then.
    pub(super) inputs: Option<usize>,
    /// The moment at which its script began.
    pub(super) before: u64,
    /// What was answered.
    pub given: Option<Given>,
    /// Whether help was wanted.
    pub hint: bool,
    /// Why the right answer is what it is.
    pub tale: Rc<Vec<Sentence>>,
}

/// All that changes while a lesson is read.
#[derive(Debug)]
pub struct State {
    /// The lesson, with the numbers of its reader.
    pub lesson: Rc<Lesson>,
    /// The reader's name.
    pub name: String,
    /// Where the reader is.
    pub place: Place,
    /// What became of each step.
    pub visits: Vec<Visit>,
    /// How far the challenge is.
    pub trial: Trial,
    /// Whether something is carried out, and which line of a script.
    pub busy: bool,
    /// Counted from 0, in the text of the script.
    pub line: Option<usize>,
    /// What is wrong with what was typed.
    pub wrong: String,
    /// What can't be gone on with, as a sentence.
    pub trouble: Option<String>,
    /// Whether the machine is set up.
    pub(super) ready: bool,
    /// Counts what was forgotten of the past, as the history does.
    pub(super) branch: u32,
    /// The moment at which all was set up.
    pub(super) begun: u64,
    /// How many inputs the machine had had then; none if it is another's by now.
    pub(super) begun_inputs: Option<usize>,
    /// How often each reader began the lesson, as [`Progress`] has it.
    pub(super) beginnings: Vec<(u32, u32)>,
    /// How many inputs the machine had had when nothing was under way last: so many are kept.
    pub(super) rest: usize,
    /// Whether the reader has come back to it, and done nothing yet.
    pub returned: bool,
    /// Whether the browser keeps nothing of it.
    pub unkept: bool,
}

impl State {
    pub(super) fn new(lesson: Lesson) -> State {
        State {
            visits: vec![Visit::default(); lesson.steps.len()],
            lesson: Rc::new(lesson),
            name: String::new(),
            place: Place::default(),
            trial: Trial::default(),
            busy: false,
            line: None,
            wrong: String::new(),
            trouble: None,
            ready: false,
            branch: 0,
            begun: 0,
            begun_inputs: None,
            beginnings: Vec::new(),
            rest: 0,
            returned: false,
            unkept: false,
        }
    }

    /// How often the lesson was begun by this reader; 0 before it is.
    pub fn beginnings(&self) -> u32 {
        Progress::beginnings(&self.beginnings, &self.name)
    }

    /// The step that the reader is at, and what became of it.
    pub fn step(&self) -> Option<(usize, &Step, &Visit)> {
        let Place::Step(at) = self.place else {
            return None;
        };
        Some((at, self.lesson.steps.get(at)?, self.visits.get(at)?))
    }

    /// Whether something of it was read.
    pub fn is_begun(&self) -> bool {
        self.visits.iter().any(|visit| visit.done)
    }

    /// How the lesson went so far.
    pub fn went(&self) -> Went {
        let asked = self.lesson.steps.iter().filter(|step| step.ask.is_some());
        let right = self.visits.iter().flat_map(|visit| &visit.given);
        Went {
            right: right.filter(|given| given.correct).count() as u32,
            questions: asked.count() as u32,
            met: self.lesson.challenge.as_ref().map(|_| self.trial.met),
        }
    }

    /// The code of what was done.
    pub fn code(&self) -> String {
        let asked = self.lesson.steps.iter().zip(&self.visits);
        let asked = asked.filter(|(step, _)| step.ask.is_some());
        let answers = asked.map(|(_, visit)| visit.given.as_ref()?.answer.clone());
        let results = code::Results {
            answers: answers.collect(),
            challenge: self.went().met,
            begun: Some(Begun {
                lesson: self.beginnings(),
                challenge: self.trial.begun,
            }),
        };
        code::write(&self.lesson, &self.name, &results)
    }
}
