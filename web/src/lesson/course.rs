//! A lesson that is open, and what its reader does in it.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use swap_pager::lesson::{Lesson, LessonError};

use super::kept;
use super::shelf::Source;
use super::state::{Place, State};
use super::tasks::Task;
use crate::embed::PortRef;
use crate::session::Session;

pub(super) struct Inner {
    pub(super) source: Source,
    pub(super) session: Session,
    pub(super) port: PortRef,
    pub(super) state: RefCell<State>,
    pub(super) closed: Cell<bool>,
    /// Whether the browser is to keep how far the reader is.
    pub(super) keeps: bool,
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
    /// Opens a lesson, with a session of its own, where its reader left it. What the browser is to keep of it
    /// depends on `keeps`.
    ///
    /// # Errors
    /// All that is wrong with its text.
    pub fn open(source: Source, port: PortRef, keeps: bool) -> Result<Course, Vec<LessonError>> {
        let lesson = Lesson::read(&source.file, &source.toml, 0)?;
        let kept = keeps.then(|| kept::progress(&lesson.id)).flatten();
        let course = Course(Rc::new(Inner {
            session: Session::for_lesson(lesson.config),
            source,
            port,
            state: RefCell::new(State::new(lesson)),
            closed: Cell::default(),
            keeps,
        }));
        course.task(match kept {
            Some(kept) => Task::Resume(kept),
            None => Task::Begin(None),
        });
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
            true => {
                if self.state().beginnings() == 0 {
                    let beginnings = self.begun_again(name);
                    self.set(|state| (state.beginnings, state.trouble) = (beginnings, None));
                }
                self.go(Place::Step(0));
            }
            false => self.task(Task::Begin(Some(name.to_owned()))),
        }
    }

    /// Goes on: to what is to be read or done next.
    pub fn next(&self) {
        self.0.state.borrow_mut().returned = false;
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
        self.0.state.borrow_mut().returned = false;
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
        self.keep();
    }

    /// Shows the cover, from which it can be begun again.
    pub fn cover(&self) {
        if !self.state().busy {
            self.go(Place::Cover);
        }
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
            state.rest = session.inputs();
            changed = true;
            // Somebody went on from a moment of the past: what came after it is to be done again.
            for visit in &mut state.visits {
                if visit.moment.is_some_and(|moment| moment > end) {
                    (visit.done, visit.moment, visit.inputs) = (false, None, None);
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
                state.rest = session.inputs();
                changed = true;
            }
        }
        drop(state);
        if changed {
            self.keep();
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
                        state.visits[at].inputs = Some(session.inputs());
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
        self.keep();
        if place == Place::End {
            let state = self.state();
            state.went().keep(&state.lesson.id);
        }
    }
}
