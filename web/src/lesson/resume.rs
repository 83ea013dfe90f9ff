//! A lesson that is left comes back where it was: what is kept of it, and how it goes on from that.

use std::rc::Rc;

use swap_pager::lesson::progress::{ChallengeDone, FirstAnswer, Mark, Progress, StepDone};
use swap_pager::lesson::{Lesson, code};

use super::course::Course;
use super::kept;
use super::state::{Given, Place, State, Visit};
use super::trial::Trial;
use crate::session::Session;
use crate::session::record::Reader;
use crate::view::why::about;

impl Course {
    /// Keeps how far the reader is, unless something is under way: it is kept when that is over.
    pub(super) fn keep(&self) {
        if !self.state().busy {
            self.keep_at_rest();
        }
    }

    /// Keeps how far the reader is, with the machine as it was when nothing was under way last.
    pub(super) fn keep_at_rest(&self) {
        let kept = {
            let state = self.state();
            if !self.0.keeps || state.beginnings() == 0 || !state.ready {
                return;
            }
            let mut records = self.0.session.records(0);
            records.truncate(state.rest);
            let text = progress(&state).write(&records);
            text.is_ok_and(|text| kept::keep_progress(&state.lesson.id, &text))
        };
        self.0.state.borrow_mut().unkept = !kept;
    }

    /// How often each reader began the lesson, with one beginning more by this one.
    pub(super) fn begun_again(&self, name: &str) -> Vec<(u32, u32)> {
        let state = self.state();
        // Another tab may have begun it since.
        let kept = self.0.keeps.then(|| kept::progress(&state.lesson.id));
        let kept = kept.flatten().map(|text| Progress::begun::<Reader>(&text));
        let mut begun = kept.unwrap_or_else(|| state.beginnings.clone());
        let reader = Progress::reader(name);
        match begun.iter_mut().find(|(known, _)| *known == reader) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => begun.push((reader, 1)),
        }
        begun
    }

    /// Goes on from what was kept. Returns where the reader was.
    ///
    /// # Errors
    /// Why that can't be done, as a part of a sentence.
    pub(super) async fn resume(&self, text: &str) -> Result<Place, String> {
        let read = Progress::read::<Reader>(text);
        let (kept, config, records) = read.map_err(|error| error.to_string())?;
        let source = &self.0.source;
        let lesson = Lesson::read(&source.file, &source.toml, code::seed(&kept.name));
        let lesson = lesson.map_err(|_| "the lesson can't be read with that name".to_owned())?;
        let checked = kept.check(&lesson, config, &records);
        checked.map_err(|error| error.to_string())?;
        let mut visits = Vec::new();
        for (step, done) in lesson.steps.iter().zip(&kept.steps) {
            let mut visit = visit(step.ask.as_ref(), done);
            // Why the answer was right is told from what had happened by then.
            if let (Some(_), Some(inputs)) = (&visit.given, visit.inputs) {
                let by_then = records.iter().take(inputs.saturating_sub(1));
                if let Some(session) = Session::replayed(config, by_then.cloned().collect()) {
                    visit.tale = Rc::new(about::tell(&session, step, visit.before));
                    session.close();
                }
            }
            visits.push(visit);
        }
        let place = match kept.place {
            0 => Place::Cover,
            place if place <= visits.len() => Place::Step(place - 1),
            place if place == visits.len() + 1 => Place::Challenge,
            _ => Place::End,
        };
        self.0.session.restore(config, records);
        let ready = kept.ready.unwrap_or_default();
        self.set(|state| {
            *state = State {
                name: kept.name,
                visits,
                busy: true,
                ready: kept.ready.is_some(),
                begun: ready.events,
                begun_inputs: kept.ready.map(|mark| mark.inputs),
                beginnings: kept.begun,
                returned: true,
                trial: Trial::resumed(
                    kept.challenge.begun,
                    kept.challenge.met,
                    kept.challenge.shown,
                ),
                ..State::new(lesson)
            };
        });
        if !self.settle().await {
            return Ok(Place::Cover);
        }
        if kept.ready.is_none() {
            let lesson = self.state().lesson.clone();
            let ready = self.play(&lesson.setup).await;
            self.set(|state| {
                (state.ready, state.begun) = (ready, self.0.session.events());
                state.begun_inputs = Some(self.0.session.inputs());
            });
        }
        self.set(|state| {
            let lesson = state.lesson.clone();
            if let (Some(from), Some(challenge)) = (kept.challenge.from, &lesson.challenge) {
                let begun = state.trial.begin(&self.0.session, challenge, from);
                state.trouble = begun.err();
            }
        });
        Ok(place)
    }
}

/// What is kept of a lesson.
fn progress(state: &State) -> Progress {
    let steps = state.visits.len();
    let mark = |inputs: Option<usize>, events| inputs.map(|inputs| Mark { inputs, events });
    let is_there = |inputs: &usize| *inputs <= state.rest;
    Progress {
        digest: state.lesson.digest,
        name: state.name.clone(),
        begun: state.beginnings.clone(),
        place: match state.place {
            Place::Cover => 0,
            Place::Step(at) => at + 1,
            Place::Challenge => steps + 1,
            Place::End => steps + 2,
        },
        ready: mark(state.begun_inputs, state.begun),
        steps: state.visits.iter().map(step_done).collect(),
        challenge: ChallengeDone {
            from: state.trial.from.filter(is_there),
            begun: state.trial.begun,
            met: state.trial.met,
            shown: state.trial.shown,
        },
        ..Progress::default()
    }
}

fn step_done(visit: &Visit) -> StepDone {
    let marked = visit.inputs.zip(visit.moment);
    StepDone {
        done: visit.done,
        mark: marked.map(|(inputs, events)| Mark { inputs, events }),
        before: visit.before,
        given: visit.given.as_ref().map(|given| FirstAnswer {
            answer: given.answer.as_ref().map(ToString::to_string),
            right: given.right.as_ref().ok().map(ToString::to_string),
        }),
        hint: visit.hint,
    }
}

fn visit(question: Option<&swap_pager::lesson::Question>, done: &StepDone) -> Visit {
    let given = question.zip(done.given.as_ref());
    // It was checked that they fit.
    let given = given.and_then(|(question, given)| given.read(question).ok());
    Visit {
        done: done.done,
        moment: done.mark.map(|mark| mark.events),
        inputs: done.mark.map(|mark| mark.inputs),
        before: done.before,
        given: given.map(|(answer, right)| Given {
            correct: answer.is_some() && answer == right,
            answer,
            right: right.ok_or_else(|| "There was no right answer then.".to_owned()),
        }),
        hint: done.hint,
        tale: Rc::default(),
    }
}
