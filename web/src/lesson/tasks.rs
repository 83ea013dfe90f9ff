//! What takes its time in a lesson: setting the machine up, answering, running scripts.
//!
//! One such thing is under way at a time; each waits for the machine where it has to.

use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use swap_pager::lesson::measure::Answer;
use swap_pager::lesson::{Lesson, Question, Script, Step, code};
use swap_pager::session::{Player, script};
use wasm_bindgen_futures::spawn_local;

use super::course::Course;
use super::shelf::Source;
use super::state::{Given, Place, State};
use crate::embed::answered;
use crate::view::stage::prefers_calm;
use crate::view::why::about;

/// How often it is looked whether there is anything to wait for, and the time between two lines of a
/// script, in milliseconds.
const LOOK: u32 = 12;
const BEAT: u32 = 160;

/// Something that takes its time.
pub(super) enum Task {
    /// Sets the machine up; with a name, for the reader of that name, who begins to read then.
    Begin(Option<String>),
    /// Goes on from what the browser has kept.
    Resume(String),
    /// Answers the question, or passes it over, and runs the script.
    Answer(Option<Answer>),
    /// Runs the script; goes on then, if there is nothing to be read.
    Run { on: bool },
    /// Sets the challenge up.
    Challenge,
    /// Begins the challenge again.
    Again,
    /// Shows its solution.
    Show,
}

impl Course {
    /// Begins something that takes its time, unless something else is under way.
    pub(super) fn task(&self, task: Task) {
        if std::mem::replace(&mut self.0.state.borrow_mut().busy, true) {
            return;
        }
        let course = self.clone();
        self.0.session.look_again();
        spawn_local(async move {
            let then = course.carry_out(task).await;
            if course.0.closed.get() {
                return;
            }
            course.set(|state| {
                state.busy = false;
                state.line = None;
                state.branch = course.0.session.history().branch();
                state.rest = course.0.session.inputs();
            });
            match then {
                Some(place) => course.go(place),
                None => course.keep(),
            }
        });
    }

    /// Carries a task out. Returns where it leads.
    async fn carry_out(&self, task: Task) -> Option<Place> {
        self.set(|state| (state.trouble, state.wrong) = (None, String::new()));
        if !self.settle().await {
            return None;
        }
        match task {
            Task::Begin(name) => self.set_up(name).await,
            Task::Resume(kept) => match self.resume(&kept).await {
                Ok(place) => Some(place),
                Err(why) => {
                    self.set_up(None).await;
                    let trouble = format!(
                        "What was kept of this lesson can't be gone on with: {why}. It begins anew."
                    );
                    self.set(|state| state.trouble = Some(trouble));
                    None
                }
            },
            Task::Answer(answer) => {
                self.set(|state| state.rest = self.0.session.inputs());
                self.close_question(answer);
                // Whoever reloads the page now has answered.
                self.keep_at_rest();
                self.run_step().await;
                None
            }
            Task::Run { on } => {
                let (place, silent) = {
                    let state = self.state();
                    (
                        state.place,
                        state
                            .step()
                            .is_some_and(|(_, step, _)| step.after.is_empty()),
                    )
                };
                let done = self.run_step().await;
                if done && on && silent && self.state().place == place {
                    // Back in a moment, when nothing is under way any more.
                    let course = self.clone();
                    spawn_local(async move { course.next() });
                }
                None
            }
            Task::Challenge => {
                let lesson = self.state().lesson.clone();
                let challenge = lesson.challenge.as_ref()?;
                if let Some(setup) = &challenge.setup {
                    self.0
                        .session
                        .renew(challenge.config.unwrap_or(lesson.config));
                    // The steps were another machine's.
                    self.set(|state| {
                        (state.begun, state.begun_inputs) = (0, Some(1));
                        for visit in &mut state.visits {
                            (visit.moment, visit.inputs) = (None, None);
                        }
                    });
                    if !self.settle().await || !self.play(setup).await {
                        return None;
                    }
                } else if !self.0.session.history().is_live() {
                    self.0.session.go_live();
                }
                self.try_challenge();
                None
            }
            Task::Again => {
                self.start_over().await;
                None
            }
            Task::Show => {
                let lesson = self.state().lesson.clone();
                let challenge = lesson.challenge.as_ref()?;
                if self.start_over().await {
                    self.set(|state| state.trial.shown = true);
                    self.play(&challenge.solution).await;
                }
                None
            }
        }
    }

    async fn set_up(&self, name: Option<String>) -> Option<Place> {
        let begins = name.is_some();
        if let Some(name) = name {
            let Source { file, toml, .. } = &self.0.source;
            let lesson = match Lesson::read(file, toml, code::seed(&name)) {
                Ok(lesson) => lesson,
                Err(wrong) => {
                    let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
                    self.set(|state| state.trouble = Some(wrong.join(" ")));
                    return None;
                }
            };
            self.0.session.renew(lesson.config);
            let beginnings = self.begun_again(&name);
            self.set(|state| {
                let busy = true;
                *state = State {
                    name,
                    busy,
                    beginnings,
                    ..State::new(lesson)
                };
            });
            if !self.settle().await {
                return None;
            }
        }
        let lesson = self.state().lesson.clone();
        let ready = self.play(&lesson.setup).await;
        self.set(|state| {
            (state.ready, state.begun) = (ready, self.0.session.events());
            state.begun_inputs = Some(self.0.session.inputs());
        });
        begins.then_some(Place::Step(0)).filter(|_| ready)
    }

    /// The question is answered, or passed over; the first time counts.
    fn close_question(&self, answer: Option<Answer>) {
        let Some((at, step)) = self.at_step() else {
            return;
        };
        let Some(question) = &step.ask else { return };
        let right = self.right(question, step.run.as_ref());
        let correct = answer.is_some() && answer.as_ref() == right.as_ref().ok();
        let given = Given {
            answer,
            right,
            correct,
        };
        let lesson = self.state().lesson.id.clone();
        let told = given.clone();
        self.set(|state| state.visits[at].given = state.visits[at].given.take().or(Some(given)));
        // Who is told may call back at once: nothing is borrowed any more.
        answered(&self.0.port, &lesson, at + 1, &told);
    }

    fn at_step(&self) -> Option<(usize, Step)> {
        let state = self.state();
        let (at, step, _) = state.step()?;
        Some((at, step.clone()))
    }

    /// Runs what the step has. Tells whether it is done then.
    async fn run_step(&self) -> bool {
        let Some((at, step)) = self.at_step() else {
            return false;
        };
        if self.state().visits[at].done {
            return true;
        }
        let session = &self.0.session;
        let before = session.events();
        self.set(|state| state.visits[at].before = before);
        if let Some(run) = &step.run
            && !self.play(run).await
        {
            return false;
        }
        self.set(|state| {
            let visit = &mut state.visits[at];
            if visit.given.is_some() {
                visit.tale = Rc::new(about::tell(session, &step, before));
            }
            (visit.done, visit.moment) = (true, Some(session.events()));
            visit.inputs = Some(session.inputs());
        });
        true
    }

    fn try_challenge(&self) {
        let session = &self.0.session;
        self.set(|state| {
            let lesson = state.lesson.clone();
            let Some(challenge) = &lesson.challenge else {
                return;
            };
            state.trial.begun += 1;
            let begun = state.trial.begin(session, challenge, session.inputs());
            state.trouble = begun.err();
        });
    }

    /// Brings the machine back to where the challenge began.
    async fn start_over(&self) -> bool {
        let Some(from) = self.state().trial.from else {
            return false;
        };
        self.0.session.back_to(from);
        let settled = self.settle().await;
        if settled {
            self.try_challenge();
        }
        settled
    }

    /// Plays a script, a line when all that came of the one before is over. Tells whether it came to
    /// its end.
    pub(super) async fn play(&self, script: &Script) -> bool {
        for (n, line) in script::lines(&script.text) {
            if n > 0 && self.state().place != Place::Cover && !prefers_calm() {
                TimeoutFuture::new(BEAT).await;
            }
            if !self.settle().await {
                return false;
            }
            self.set(|state| state.line = Some(n));
            if let Err(why) = self.0.session.act(line) {
                let trouble = format!(
                    "\"{line}\" in line {} of the lesson: {why}",
                    script.line + n
                );
                self.set(|state| state.trouble = Some(trouble));
                return false;
            }
        }
        self.settle().await
    }

    /// Waits until nothing is under way but what waits for a person, and all of it is shown. Tells
    /// whether the lesson is still open.
    pub(super) async fn settle(&self) -> bool {
        let session = &self.0.session;
        loop {
            if self.0.closed.get() {
                return false;
            }
            let shown = session.history().is_live() || !session.clock().playing;
            if session.is_settled() && (shown || session.is_back()) {
                return true;
            }
            TimeoutFuture::new(LOOK).await;
        }
    }

    /// The right answer to the question of a step, as things stand.
    ///
    /// # Errors
    /// Why there is none.
    pub fn right(&self, question: &Question, run: Option<&Script>) -> Result<Answer, String> {
        let session = &self.0.session;
        let copy = Player::replay(session.config(), session.records(1));
        let mut copy = copy.map_err(|error| error.to_string())?;
        copy.mark();
        if let Some(run) = run {
            let played = copy.play(&run.text);
            played.map_err(|(line, why)| format!("line {}: {why}", run.line + line))?;
        }
        question.answer.of(&copy)
    }
}
