//! A machine that plays a session by itself, with disks in memory and a clock of its own.

use super::driver::Driver;
use super::record::{Record, RecordError};
use super::script::Action;
use crate::disk::MemDisk;
use crate::{Config, Event, EventQueue, Model, Vm};

/// A machine, its disks, and all that happened.
///
/// Transfers reach the disks as they do in the page: all that are due, up to 16 at a time, in their
/// order. So what a player says will happen is what the page then shows.
#[derive(Debug)]
pub struct Player {
    vm: Vm<EventQueue>,
    config: Config,
    model: Model,
    disks: MemDisk,
    driver: Driver,
    records: Vec<Record>,
    events: Vec<Event>,
    /// The time, in seconds.
    now: f64,
    /// Where what is measured begins, see [`mark`](Self::mark): how many events there were, and records.
    marked: (usize, usize),
}

impl Player {
    /// A new machine.
    pub fn new(config: Config) -> Player { todo!() }
    /// A machine into which all of `records` was put (without the start record). What was in flight then is in flight.
    ///
    /// # Errors
    /// What can't have happened.
    pub fn replay(config: Config, records: impl IntoIterator<Item = Record>) -> Result<Player, RecordError> { todo!() }
    /// Puts in what was put into another machine like it.
    ///
    /// # Errors
    /// What can't have happened.
    pub fn put(&mut self, record: Record) -> Result<(), RecordError> { todo!() }
    /// Does what a line of a script asks for, and all that comes of it: until nothing is under way but
    /// what waits for a person.
    ///
    /// # Errors
    /// Why the machine refuses it, as a sentence. Nothing has changed then.
    pub fn act(&mut self, action: Action) -> Result<(), String> { todo!() }
    /// Plays a whole script.
    ///
    /// # Errors
    /// The number of the first line that is wrong or refused, from 0, and why.
    pub fn play(&mut self, script: &str) -> Result<(), (usize, String)> { todo!() }
    /// What is measured begins here.
    pub fn mark(&mut self) { todo!() }
    // and: model(), events(), records(), config(), marked_events(), driver()
}
