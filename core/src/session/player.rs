//! A machine that plays a session by itself, with disks in memory and a clock of its own.

use std::cell::OnceCell;
use std::collections::VecDeque;

use super::driver::{Driver, Plan, Verdict};
use super::record::{Record, RecordError};
use super::script::{self, Action};
use crate::disk::MemDisk;
use crate::language::Names;
use crate::pager::{IoRequest, IoResult};
use crate::units::{DeviceId, IoId};
use crate::{Command, CommandError, Config, Event, EventQueue, Model, Vm};

/// Most transfers that the disks are given at a time.
const BATCH: usize = 16;

/// A machine, its disks, and all that happened.
///
/// Transfers reach the disks as they do in the page: all that are due, up to 16 at a time, in their
/// order. So what a player says will happen is what the page then shows.
///
/// Time stands still but for what [`act`](Self::act) waits for: it is then as late as a transfer
/// takes to be due.
#[derive(Clone, Debug)]
pub struct Player {
    vm: Vm<EventQueue>,
    config: Config,
    /// The machine as it is, once somebody has looked.
    model: OnceCell<Model>,
    disks: MemDisk,
    driver: Driver,
    /// Transfers the driver has not been given yet.
    requests: VecDeque<IoRequest>,
    records: Vec<Record>,
    events: Vec<Event>,
    /// The time, in seconds.
    now: f64,
    /// Where what is measured begins, see [`mark`](Self::mark): how many events there were, and records.
    marked: (usize, usize),
}

impl Player {
    /// A new machine.
    pub fn new(config: Config) -> Player {
        let mut player = Player {
            vm: Vm::new(config, EventQueue::new()),
            config,
            model: OnceCell::new(),
            disks: MemDisk::default(),
            driver: Driver::default(),
            requests: VecDeque::new(),
            records: Vec::new(),
            events: Vec::new(),
            now: 0.0,
            marked: (0, 0),
        };
        player.fetch();
        player
    }

    /// A machine into which all of `records` was put (without the start record). What was in flight then is in flight.
    ///
    /// # Errors
    /// What can't have happened.
    pub fn replay(
        config: Config,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<Player, RecordError> {
        let mut player = Player::new(config);
        for record in records {
            player.put(record)?;
        }
        Ok(player)
    }

    /// Puts in what was put into another machine like it.
    ///
    /// # Errors
    /// What can't have happened. The line it names is that of the record in a log that begins with a
    /// start record.
    pub fn put(&mut self, record: Record) -> Result<(), RecordError> {
        let line = self.records.len() + 2;
        let refused = |why: String| RecordError::Refused { line, why };
        match record {
            Record::Start { .. } => return Err(RecordError::SecondStart { line }),
            Record::Do(command) => self
                .apply(command)
                .map_err(|error| refused(error.to_string()))?,
            Record::Done { io, error } => {
                let request = self.take(io);
                let request = request.ok_or_else(|| refused(format!("{io} is not in flight")))?;
                let result = match error {
                    None => self.disks.transfer(&request),
                    Some(errno) => Err(errno),
                };
                self.complete(io, result)
                    .map_err(|error| refused(error.to_string()))?;
            }
            Record::Note(text) => {
                self.events.push(Event::Message { text: text.clone() });
                self.took(Record::Note(text));
            }
            Record::Plan { disk, plan } => self.set_plan(disk, plan),
            Record::ByHand(by_hand) => self.set_by_hand(by_hand),
            Record::Wait(io) => self
                .complain(io)
                .map_err(|error| refused(error.to_string()))?,
        }
        Ok(())
    }

    /// Does what a line of a script asks for, and all that comes of it: until nothing is under way but
    /// what waits for a person.
    ///
    /// # Errors
    /// Why the machine refuses it, as a sentence. Nothing has changed then.
    pub fn act(&mut self, action: Action) -> Result<(), String> {
        match action {
            Action::Do(command) => self.apply(command).map_err(|error| error.to_string())?,
            Action::Plan(disk, plan) => self.set_plan(disk, plan),
            Action::ByHand(by_hand) => self.set_by_hand(by_hand),
            Action::Finish(io, verdict) => {
                self.hand_over();
                if !self.driver.say(io, verdict, self.now) {
                    return Err(self.driver.waits_not(io));
                }
            }
        }
        self.settle();
        Ok(())
    }

    /// Reads a line of a script and does what it asks for.
    ///
    /// # Errors
    /// What is wrong with it, or why the machine refuses it, as a sentence.
    pub fn play_line(&mut self, line: &str) -> Result<(), String> {
        let action = script::read(line, &self.names(), |disk| self.driver.plan(disk));
        self.act(action.map_err(|error| error.why)?)
    }

    /// Plays a whole script.
    ///
    /// # Errors
    /// The number of the first line that is wrong or refused, from 0, and why.
    pub fn play(&mut self, script: &str) -> Result<(), (usize, String)> {
        for (number, line) in script::lines(script) {
            self.play_line(line).map_err(|why| (number, why))?;
        }
        Ok(())
    }

    /// Goes on until nothing is under way but what waits for a person.
    pub fn settle(&mut self) {
        loop {
            self.hand_over();
            for io in self.driver.complaints(self.now) {
                let known = self.complain(io);
                debug_assert!(known.is_ok(), "what waits is in flight: {known:?}");
            }
            let due = self.driver.due(self.now, BATCH);
            if due.is_empty() {
                // While all waits for a person no time goes by: the kernel would complain for ever.
                let Some(at) = self.driver.due_at() else {
                    return;
                };
                let next = self.driver.wakes_at().map_or(at, |wakes| wakes.min(at));
                self.now = next.max(self.now);
                continue;
            }
            for (request, verdict) in &due {
                if matches!(verdict, Verdict::Fail(_)) {
                    // What is left of the plan is part of the session.
                    self.set_plan(request.device, self.driver.plan(request.device));
                }
            }
            // All of a batch reach the disks before the machine hears of any.
            let results: Vec<(IoId, IoResult)> = due
                .iter()
                .map(|(request, verdict)| {
                    let result = match verdict {
                        Verdict::CarryOut => self.disks.transfer(request),
                        Verdict::Fail(errno) => Err(*errno),
                    };
                    (request.io, result)
                })
                .collect();
            for (io, result) in results {
                let known = self.complete(io, result);
                debug_assert!(known.is_ok(), "requests come from the machine: {known:?}");
            }
        }
    }

    /// What is measured begins here.
    pub fn mark(&mut self) {
        self.marked = (self.events.len(), self.records.len());
    }

    /// The machine as it is.
    pub fn model(&self) -> &Model {
        self.model.get_or_init(|| self.vm.snapshot())
    }

    /// All that happened.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// All that was put into the machine, but for the start record.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What happened since the [mark](Self::mark).
    pub fn marked_events(&self) -> &[Event] {
        self.events.get(self.marked.0..).unwrap_or_default()
    }

    /// What was put into the machine since the [mark](Self::mark).
    pub fn marked_records(&self) -> &[Record] {
        self.records.get(self.marked.1..).unwrap_or_default()
    }

    /// What the machine was built with.
    pub fn config(&self) -> Config {
        self.config
    }

    /// When transfers go to their disks, and what waits. Transfers of a session that was replayed
    /// wait here once something is [done](Self::act) or it [goes on](Self::settle).
    pub fn driver(&self) -> &Driver {
        &self.driver
    }

    /// How late it is, in seconds since the start.
    pub fn now(&self) -> f64 {
        self.now
    }

    /// What the words of commands can stand for.
    pub fn names(&self) -> Names<'_> {
        Names::of(self.model())
    }

    /// Whether a command is under way.
    pub fn is_busy(&self) -> bool {
        self.vm.is_busy()
    }

    /// A machine that is in the same state and has no past, with disks that do at once what they
    /// are told. Their faults are the same, but for those that go away by themselves.
    #[cfg(any(test, feature = "lesson"))]
    pub(crate) fn at_once(&self) -> Player {
        let mut copy = Player {
            vm: self.vm.clone(),
            model: OnceCell::new(),
            disks: self.disks.clone(),
            driver: self.driver.clone(),
            requests: self.requests.clone(),
            records: Vec::new(),
            events: Vec::new(),
            marked: (0, 0),
            ..*self
        };
        let disks: Vec<DeviceId> = copy.vm.devices().iter().flatten().map(|d| d.id).collect();
        for disk in disks {
            let lasting = Plan {
                delay: 0,
                seek: 0,
                fail_reads: 0,
                fail_writes: 0,
                ..copy.driver.plan(disk)
            };
            copy.driver.set_plan(disk, lasting);
        }
        copy.driver.set_by_hand(false, copy.now);
        copy.settle();
        copy
    }

    fn apply(&mut self, command: Command) -> Result<(), CommandError> {
        self.vm.apply(command.clone())?;
        self.took(Record::Do(command));
        Ok(())
    }

    fn complete(&mut self, io: IoId, result: IoResult) -> Result<(), crate::pager::UnknownIo> {
        let error = result.as_ref().err().copied();
        self.vm.complete(io, result)?;
        self.took(Record::Done { io, error });
        Ok(())
    }

    fn set_plan(&mut self, disk: DeviceId, plan: Plan) {
        self.driver.set_plan(disk, plan);
        let plan = self.driver.plan(disk);
        self.took(Record::Plan { disk, plan });
    }

    fn set_by_hand(&mut self, by_hand: bool) {
        self.driver.set_by_hand(by_hand, self.now);
        self.took(Record::ByHand(by_hand));
    }

    fn complain(&mut self, io: IoId) -> Result<(), crate::pager::UnknownIo> {
        self.vm.indefinite_wait(io)?;
        self.took(Record::Wait(io));
        Ok(())
    }

    /// Fetches all that came of what was put in.
    fn took(&mut self, record: Record) {
        self.records.push(record);
        self.fetch();
    }

    fn fetch(&mut self) {
        while let Some(request) = self.vm.poll_io() {
            self.requests.push_back(request);
        }
        while let Some(event) = self.vm.poll_event() {
            self.events.push(event);
        }
        self.model = OnceCell::new();
    }

    /// Gives the driver what the machine asked for.
    fn hand_over(&mut self) {
        while let Some(request) = self.requests.pop_front() {
            let mut devices = self.vm.devices().iter().flatten();
            let device = devices.find(|device| device.id == request.device);
            let pages = device.map_or(0, |device| device.pages);
            self.driver.take(request, pages, self.now);
        }
    }

    /// Takes a transfer out that is in flight.
    fn take(&mut self, io: IoId) -> Option<IoRequest> {
        let place = self.requests.iter().position(|request| request.io == io);
        match place {
            Some(place) => self.requests.remove(place),
            None => self.driver.withdraw(io),
        }
    }
}

#[cfg(test)]
#[path = "player_tests.rs"]
mod tests;
