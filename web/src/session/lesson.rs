//! What a lesson wants of its session: scripts, and all that was put into the machine.

use std::rc::Rc;

use swap_pager::language::Names;
use swap_pager::session::script::{self, Action};
use swap_pager::{Config, Model};

use super::record::Record;
use super::restore::replay;
use super::state::{Input, Overhaul, State};
use super::{Session, Storage, memory};

/// Why the disks of such a session are in memory.
const OF_A_LESSON: &str = "They are those of a lesson. Your own disks are kept as they are.";

impl Session {
    /// A session for a lesson, in memory. What is stored on this device is not touched.
    pub fn for_lesson(config: Config) -> Session {
        let reason = Some(OF_A_LESSON.to_owned());
        let state = State::with_config(config, memory(), Storage::Memory { reason });
        Session::of_state(state, None)
    }

    /// The machine as it is now, whatever moment is shown.
    pub fn present(&self) -> Model {
        self.0.state.borrow().vm.snapshot()
    }

    /// What was put into the machine after the first so many inputs, its start among them.
    pub fn records(&self, after: usize) -> Vec<Record> {
        let state = self.0.state.borrow();
        let inputs = state.inputs.get(after..).unwrap_or_default();
        inputs.iter().map(|input| input.record.clone()).collect()
    }

    /// How many inputs there have been, the start among them.
    pub fn inputs(&self) -> usize {
        self.0.state.borrow().inputs.len()
    }

    /// How many commands were given after the first so many inputs.
    pub fn commands_after(&self, inputs: usize) -> usize {
        let state = self.0.state.borrow();
        let later = state.inputs.get(inputs..).unwrap_or_default();
        let is_command = |input: &&Input| matches!(input.record, Record::Do(_));
        later.iter().filter(is_command).count()
    }

    /// Whether nothing is under way but what waits for a person.
    pub fn is_settled(&self) -> bool {
        let state = self.0.state.borrow();
        let waits = state.driver.waiting().is_empty() || state.driver.is_by_hand();
        let done = state.requests.is_empty() && state.at_hand.is_empty();
        waits && done && !state.pumping && state.agenda.is_empty() && state.overhaul.is_none()
    }

    /// Does what a line of a script asks for. The present is shown for that.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn act(&self, line: &str) -> Result<(), String> {
        if self.is_back() || !self.clock().playing {
            self.go_live();
        }
        let action = {
            let model = self.present();
            let driver = self.driver();
            script::read(line, &Names::of(&model), |disk| driver.plan(disk))
        };
        match action.map_err(|error| error.to_string())? {
            Action::Do(command) => self.run(command).map_err(|error| error.to_string())?,
            Action::Plan(disk, plan) => self.set_plan(disk, plan),
            Action::ByHand(by_hand) => self.set_by_hand(by_hand),
            Action::Finish(io, verdict) => {
                self.waits(io)?;
                self.finish_by_hand(io, verdict);
            }
        }
        Ok(())
    }

    /// Begins with a machine that is built so.
    pub fn renew(&self, config: Config) {
        self.0.state.borrow_mut().agenda.clear();
        self.overhaul(Overhaul::StartAnew(config));
    }

    /// Begins with a machine into which all of these records are put.
    pub fn restore(&self, config: Config, records: Vec<Record>) {
        self.0.state.borrow_mut().agenda.clear();
        self.overhaul(Overhaul::Replace(Rc::new((config, records))));
    }

    /// A machine into which all of these records were put, to be looked at and closed.
    pub fn replayed(config: Config, records: Vec<Record>) -> Option<Session> {
        let state = State::with_config(config, memory(), Storage::Memory { reason: None });
        let (state, _) = replay(&state, config, records).ok()?;
        Some(Session::of_state(state, None))
    }

    /// Forgets all that was put into the machine after the first so many inputs.
    pub fn back_to(&self, inputs: usize) {
        self.overhaul(Overhaul::GoOnFrom(inputs));
    }

    /// Has everybody look who listens: what is told of the session has changed.
    pub fn look_again(&self) {
        self.changed();
    }
}
