//! A lesson that is open: where its reader is, and what was done.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use swap_pager::lesson::measure::Answer;
use swap_pager::lesson::{Lesson, LessonError, Step, code};

use super::kept::{self, Went};
use super::shelf::Source;
use super::tasks::Task;
use super::trial::Trial;
use crate::embed::PortRef;
use crate::session::Session;
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
        }
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
        };
        code::write(&self.lesson, &self.name, &results)
    }
}

pub(super) struct Inner {
    pub(super) source: Source,
    pub(super) session: Session,
    pub(super) port: PortRef,
    pub(super) state: RefCell<State>,
    pub(super) closed: Cell<bool>,
}

/// A lesson that is open. Clones are the same.
#[derive(Clone)]
pub struct Course(pub(super) Rc<Inner>);

impl PartialEq for Course {
    fn eq(&self, other: &Course) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Course {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Course").field(&self.0.source.file).finish()
    }
}

impl Course {
    /// Opens a lesson, with a session of its own.
    ///
    /// # Errors
    /// All that is wrong with its text.
    pub fn open(source: Source, port: PortRef) -> Result<Course, Vec<LessonError>> {
        let lesson = Lesson::read(&source.file, &source.toml, 0)?;
        let course = Course(Rc::new(Inner {
            session: Session::for_lesson(lesson.config),
            source,
            port,
            state: RefCell::new(State::new(lesson)),
            closed: Cell::default(),
        }));
        course.task(Task::Begin(None));
        Ok(course)
    }

    /// Its session.
    pub fn session(&self) -> &Session {
        &self.0.session
    }

    /// Its title, with its number if its file has one.
    pub fn title(&self) -> String {
        let title = &self.state().lesson.title;
        let digits: String = self
            .0
            .source
            .file
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        match digits.trim_start_matches('0') {
            "" => title.clone(),
            number => format!("Lesson {number} · {title}"),
        }
    }

    /// Its name in the page's address.
    pub fn address(&self) -> Option<String> {
        self.0.source.address.clone()
    }

    /// How it stands.
    pub fn state(&self) -> Ref<'_, State> {
        self.0.state.borrow()
    }

    /// Lets go of its session.
    pub fn close(&self) {
        self.0.closed.set(true);
        self.0.session.close();
    }

    pub(super) fn set<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.0.state.borrow_mut());
        self.0.session.look_again();
        changed
    }

    /// Begins to read. With a name the numbers are those of the name.
    pub fn begin(&self, name: &str) {
        let name = name.trim();
        kept::keep_name(name);
        // The machine is ready for nobody's name already.
        let fresh = {
            let state = self.state();
            state.ready && state.name == name && !state.is_begun()
        };
        match fresh {
            true => self.go(Place::Step(0)),
            false => self.task(Task::Begin(Some(name.to_owned()))),
        }
    }

    /// Goes on: to what is to be read or done next.
    pub fn next(&self) {
        let state = self.state();
        let place = match state.place {
            Place::Cover => Some(Place::Step(0)),
            Place::Step(at) if at + 1 < state.visits.len() => Some(Place::Step(at + 1)),
            Place::Step(_) if state.lesson.challenge.is_some() => Some(Place::Challenge),
            Place::Step(_) | Place::Challenge => Some(Place::End),
            Place::End => None,
        };
        let left = state.step().filter(|(.., visit)| !visit.done);
        let left = left.map(|(_, step, visit)| step.ask.is_some() && visit.given.is_none());
        drop(state);
        match (left, place) {
            (Some(true), _) => self.task(Task::Answer(None)),
            (Some(false), _) => self.task(Task::Run { on: true }),
            (None, Some(place)) => self.go(place),
            (None, None) => {}
        }
    }

    /// Goes back to what was read before.
    pub fn back(&self) {
        let state = self.state();
        let last = state.visits.len().saturating_sub(1);
        let place = match state.place {
            Place::Cover | Place::Step(0) => Place::Cover,
            Place::Step(at) => Place::Step(at - 1),
            Place::End if state.lesson.challenge.is_some() => Place::Challenge,
            Place::Challenge | Place::End => Place::Step(last),
        };
        drop(state);
        if !self.state().busy {
            self.go(place);
        }
    }

    /// Runs what the step has.
    pub fn run(&self) {
        self.task(Task::Run { on: false });
    }

    /// Answers the question with what was typed or chosen.
    pub fn answer(&self, text: &str) {
        let read = {
            let state = self.state();
            let asked = state.step().and_then(|(_, step, visit)| {
                let open = visit.given.is_none();
                step.ask.as_ref().filter(|_| open)
            });
            let Some(question) = asked else { return };
            let text = text.trim();
            match text.is_empty() {
                true => Err("Answer first: your first answer counts.".to_owned()),
                false => question.parse(text),
            }
        };
        match read {
            Ok(answer) => self.task(Task::Answer(Some(answer))),
            Err(wrong) => self.set(|state| state.wrong = wrong),
        }
    }

    /// Shows the help of the question.
    pub fn hint(&self) {
        self.set(|state| {
            if let Place::Step(at) = state.place {
                state.visits[at].hint = true;
            }
        });
    }

    /// Begins the challenge again.
    pub fn again(&self) {
        self.task(Task::Again);
    }

    /// Shows a way to do the challenge.
    pub fn show(&self) {
        self.task(Task::Show);
    }

    /// Looks at what became of the machine meanwhile: a person can do to it what can be done to any.
    pub fn look(&self) {
        let mut state = self.0.state.borrow_mut();
        if state.busy || !state.ready {
            return;
        }
        let session = &self.0.session;
        let (branch, end) = (session.history().branch(), session.events());
        let mut changed = false;
        if state.branch != branch {
            state.branch = branch;
            changed = true;
            // Somebody went on from a moment of the past: what came after it is to be done again.
            for visit in &mut state.visits {
                if visit.moment.is_some_and(|moment| moment > end) {
                    (visit.done, visit.moment) = (false, None);
                }
            }
            let left = state.visits.iter().position(|visit| !visit.done);
            if let (Some(left), true) = (left, state.place != Place::Cover) {
                state.place = match state.place {
                    Place::Step(at) => Place::Step(at.min(left)),
                    _ => Place::Step(left),
                };
            }
            let lesson = state.lesson.clone();
            match (state.trial.from, &lesson.challenge) {
                // What was done since it began is still there, or some of it.
                (Some(from), Some(challenge)) if from <= session.inputs() => {
                    let begun = state.trial.begin(session, challenge, from);
                    state.trouble = begun.err();
                }
                _ => state.trial.forget(),
            }
            if end < state.begun {
                state.ready = false;
                state.place = Place::Cover;
                let gone = "The machine of this lesson is gone: begin it again.";
                state.trouble = Some(gone.to_owned());
            }
        }
        let lesson = state.lesson.clone();
        if let Some(challenge) = lesson.challenge.as_ref() {
            let wanted = state.place == Place::Challenge && state.trial.from.is_none();
            if wanted && changed {
                drop(state);
                return self.task(Task::Challenge);
            }
            if state.trial.is_stale(session) {
                state.trial.judge(session, challenge);
                changed = true;
            }
        }
        drop(state);
        if changed {
            session.look_again();
        }
    }

    /// Shows a place, and the moment at which it was done if more was done since.
    pub(super) fn go(&self, place: Place) {
        let session = &self.0.session;
        let (moment, begins) = self.set(|state| {
            state.place = place;
            state.wrong.clear();
            let moment = match place {
                Place::Step(at) => {
                    let step = &state.lesson.steps[at];
                    // There is nothing to do but to read.
                    if step.run.is_none() && step.ask.is_none() && !state.visits[at].done {
                        state.visits[at].done = true;
                        state.visits[at].moment = Some(session.events());
                    }
                    let later = state.visits[at + 1..].iter().any(|visit| visit.done);
                    let later = later || state.trial.from.is_some();
                    state.visits[at].moment.filter(|_| later)
                }
                _ => None,
            };
            let begins = place == Place::Challenge && state.trial.from.is_none();
            (moment, begins)
        });
        match moment {
            Some(moment) => session.seek(moment),
            None if !session.history().is_live() => session.go_live(),
            None => {}
        }
        if begins {
            self.task(Task::Challenge);
        }
        if place == Place::End {
            let state = self.state();
            state.went().keep(&state.lesson.id);
        }
    }
}
