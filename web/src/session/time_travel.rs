//! Which moment of a session is shown, how time goes on from there, and how a past moment becomes the present.

use swap_pager::Command;

use super::Session;
use super::clock::{AT_ONCE, Clock};
use super::history::Stride;
use super::record::Record;
use super::state::{Input, Overhaul};

impl Session {
    /// How time goes on.
    pub fn clock(&self) -> Clock {
        self.0.state.borrow().clock
    }

    /// Shows a moment, and stays there.
    pub fn seek(&self, moment: u64) {
        let mut state = self.0.state.borrow_mut();
        state.clock.pause();
        state.seek(moment);
        drop(state);
        self.changed();
    }

    /// Shows all that came of the first so many commands, and stays there.
    pub fn show_command(&self, commands: u32) {
        let moment = {
            let state = self.0.state.borrow();
            let is_command = |input: &Input| matches!(input.record, Record::Do(_));
            let mut given = (0..state.inputs.len()).filter(|&i| is_command(&state.inputs[i]));
            let next = given.nth(commands as usize);
            let last = next.and_then(|next| state.inputs.get(next.checked_sub(1)?));
            last.map_or(state.history.end(), |input| input.until)
        };
        self.seek(moment);
    }

    /// Stays at the moment that is shown.
    pub fn pause(&self) {
        self.0.state.borrow_mut().clock.pause();
        self.changed();
    }

    /// Whether the past is shown because a person went back to it, and not because there is
    /// more to watch.
    pub fn is_back(&self) -> bool {
        self.0.state.borrow().back
    }

    /// Goes a step on or back, and stays there.
    pub fn step(&self, stride: Stride, forward: bool) {
        let to = self.history().step(stride, forward);
        self.seek(to);
    }

    /// Has time go on at one of [`SPEEDS`](clock::SPEEDS), from the moment that is shown.
    pub fn play(&self, speed: usize) {
        self.0.state.borrow_mut().clock.set(true, speed);
        self.changed();
    }

    /// Has time go on at another of [`SPEEDS`](clock::SPEEDS) from when it goes on.
    pub fn set_speed(&self, speed: usize) {
        let mut state = self.0.state.borrow_mut();
        let playing = state.clock.playing;
        state.clock.set(playing, speed);
        drop(state);
        self.changed();
    }

    /// Shows the present, and from now on whatever happens at once.
    pub fn go_live(&self) {
        let end = self.events();
        self.seek(end);
        self.play(AT_ONCE);
    }

    /// How many inputs of the machine, and how many events, are forgotten if the session goes on
    /// from the moment that is shown: from the last one before it at which nothing was half done.
    pub fn lost_by_going_on(&self) -> (usize, u64) {
        let state = self.0.state.borrow();
        let kept = state.inputs_at(state.history.at());
        let until = state
            .inputs
            .get(kept.wrapping_sub(1))
            .map_or(0, |input| input.until);
        (state.inputs.len() - kept, state.history.end() - until)
    }

    /// Makes the moment that is shown the present: what came after it is forgotten, and the disks
    /// are brought back to it. It takes a moment; until then the session stays as it is.
    pub fn go_on_from_here(&self) {
        let kept = {
            let mut state = self.0.state.borrow_mut();
            state.plan_held();
            state.inputs_at(state.history.at()).max(1)
        };
        self.overhaul(Overhaul::GoOnFrom(kept));
    }

    /// The commands that are held until it is said what they are meant for.
    pub fn held(&self) -> Vec<Command> {
        self.0.state.borrow().held.clone()
    }

    /// Forgets the commands that are held.
    pub fn drop_held(&self) {
        self.0.state.borrow_mut().held.clear();
        self.changed();
    }

    /// Shows the present, and gives the commands that were held there.
    pub fn give_held(&self) {
        self.go_live();
        self.0.state.borrow_mut().plan_held();
        self.changed();
        self.pump();
    }
}
