//! What a session holds.

use std::collections::VecDeque;
use std::rc::Rc;

use swap_pager::pager::{IoRequest, IoResult, UnknownIo};
use swap_pager::units::{DeviceId, IoId};
use swap_pager::{Command, CommandError, Config, Event, EventQueue, Model, Vm};

use super::Storage;
use super::clock::Clock;
use super::files::Offer;
use super::history::History;
use super::pump::seconds;
use super::record::{FORMAT, Record};
use super::stall::Stall;
use crate::disk::AnyStore;
use swap_pager::session::driver::{Driver, Plan, Verdict};

/// So many events of one input are shown at once; what more there is, frame by frame.
const SHOWN_AT_ONCE: u64 = 4_096;

/// Seconds of a frame for what is still to be shown, and after how many events that is looked at.
const SHOWING: f64 = 0.005;
const LOOK_EVERY: u64 = 128;

/// What was put into the machine, or told by its driver.
#[derive(Clone, Debug)]
pub struct Input {
    /// What it was.
    pub record: Record,
    /// The moment at which all that came of it had happened.
    pub until: u64,
}

/// Everything of a session but its listeners.
pub struct State {
    /// The machine.
    pub vm: Vm<EventQueue>,
    /// What the machine was built with.
    pub config: Config,
    /// The machine as it was at the moment that is shown.
    pub model: Model,
    /// All that happened.
    pub history: History,
    /// How time goes on.
    pub clock: Clock,
    /// The disks.
    pub store: Rc<AnyStore>,
    /// Disks whose log can't be read. Nothing of theirs is touched until the session is cleared;
    /// then they are, and take over.
    pub damaged: Option<Rc<AnyStore>>,
    /// Where the disks are.
    pub storage: Storage,
    /// Transfers the driver has not been given yet.
    pub requests: VecDeque<IoRequest>,
    /// When transfers go to their disks.
    pub driver: Driver,
    /// All that was put into the machine, beginning with its configuration.
    pub inputs: Vec<Input>,
    /// How many of the inputs the store has.
    pub saved: usize,
    /// Bytes of the log that the store has.
    pub log_bytes: u64,
    /// Commands that were restored.
    pub restored: usize,
    /// What went wrong last.
    pub trouble: Option<String>,
    /// Whether batches are under way.
    pub pumping: bool,
    /// Whether a person went back to look at the past.
    pub back: bool,
    /// Commands given while the past was looked at: it is asked first when they are meant.
    pub held: Vec<Command>,
    /// Transfers whose time has come, but which could not be brought to the store.
    pub at_hand: Vec<(IoRequest, Verdict)>,
    /// Set while the store refuses: nothing is brought to it then.
    pub stall: Option<Stall>,
    /// Where the whole session is to go before anything else happens.
    pub moving: Option<(Rc<AnyStore>, Storage)>,
    /// Disks that were found when the session wanted to go back to them, with another session.
    pub found: Option<Rc<AnyStore>>,
    /// The file that is to be opened.
    pub offer: Option<Offer>,
    /// What is to be done with all of the store before the next batch.
    pub overhaul: Option<Overhaul>,
    /// Commands still to be given, each when the one before is over.
    pub agenda: VecDeque<Command>,
}

/// What changes the whole store.
#[derive(Clone)]
pub enum Overhaul {
    /// All is forgotten, and a machine with this configuration begins.
    StartAnew(Config),
    /// All that was put in after the first so many inputs is forgotten.
    GoOnFrom(usize),
    /// All is forgotten, and a session that was read from a file begins.
    Replace(Rc<(Config, Vec<Record>)>),
}

impl State {
    /// A new machine with these disks.
    pub fn new(store: Rc<AnyStore>, storage: Storage) -> State {
        State::with_config(Config::default(), store, storage)
    }

    /// A new machine, so configured, with these disks.
    pub fn with_config(config: Config, store: Rc<AnyStore>, storage: Storage) -> State {
        let vm = Vm::new(config, EventQueue::new());
        let model = vm.snapshot();
        let start = Record::Start {
            format: FORMAT,
            config,
        };
        State {
            vm,
            config,
            model,
            history: History::default(),
            clock: Clock::default(),
            store,
            damaged: None,
            storage,
            requests: VecDeque::new(),
            driver: Driver::default(),
            inputs: vec![Input {
                record: start,
                until: 0,
            }],
            saved: 0,
            log_bytes: 0,
            restored: 0,
            trouble: None,
            pumping: false,
            back: false,
            held: Vec::new(),
            at_hand: Vec::new(),
            stall: None,
            moving: None,
            found: None,
            offer: None,
            overhaul: None,
            agenda: VecDeque::new(),
        }
    }

    /// Whether commands are held: the machine that is seen is not the one that would do them.
    pub fn holds(&self) -> bool {
        self.back && !self.clock.playing
    }

    /// Shows a moment.
    pub fn seek(&mut self, moment: u64) {
        let before = self.history.at();
        self.history.seek(moment, &mut self.model);
        let at = self.history.at();
        self.back = !self.history.is_live() && (self.back || at < before);
    }

    /// Whether a command makes sense. Of objects that are only in the past or only in the present
    /// it can't be said as long as it is not known which of them is meant.
    pub fn check(&self, command: &Command) -> Result<(), CommandError> {
        match self.vm.check(command) {
            Err(CommandError::NoObject(_) | CommandError::Shared(_) | CommandError::NoDisk(_))
                if self.holds() =>
            {
                Ok(())
            }
            checked => checked,
        }
    }

    /// Puts a command into the machine.
    pub fn apply(&mut self, command: Command) -> Result<(), CommandError> {
        self.vm.apply(command.clone())?;
        self.drain(Record::Do(command));
        Ok(())
    }

    /// Puts the result of a transfer into the machine.
    pub fn complete(&mut self, io: IoId, result: IoResult) -> Result<(), UnknownIo> {
        let error = result.as_ref().err().copied();
        self.vm.complete(io, result)?;
        self.drain(Record::Done { io, error });
        Ok(())
    }

    /// Puts a line into the log that the machine knows nothing of.
    pub fn note(&mut self, text: String) {
        let event = Event::Message { text: text.clone() };
        self.happen(event);
        self.drain(Record::Note(text));
    }

    /// Changes how a disk behaves, and says so.
    pub fn set_plan(&mut self, disk: DeviceId, plan: Plan) {
        self.driver.set_plan(disk, plan);
        let plan = self.driver.plan(disk);
        self.drain(Record::Plan { disk, plan });
    }

    /// Sets whether a person completes each transfer.
    pub fn set_by_hand(&mut self, by_hand: bool, now: f64) {
        self.driver.set_by_hand(by_hand, now);
        self.drain(Record::ByHand(by_hand));
    }

    /// Has the kernel complain about a page-in that takes very long.
    pub fn complain(&mut self, io: IoId) -> Result<(), UnknownIo> {
        self.vm.indefinite_wait(io)?;
        self.drain(Record::Wait(io));
        Ok(())
    }

    /// Fetches all that came of an input.
    fn drain(&mut self, record: Record) {
        while let Some(request) = self.vm.poll_io() {
            self.requests.push_back(request);
        }
        let shown = self.history.end() + SHOWN_AT_ONCE;
        while let Some(event) = self.vm.poll_event() {
            let follows = self.clock.follows() && self.history.end() < shown;
            self.history.push(event, follows, &mut self.model);
        }
        let until = self.history.end();
        self.inputs.push(Input { record, until });
    }

    fn happen(&mut self, event: Event) {
        let follows = self.clock.follows();
        self.history.push(event, follows, &mut self.model);
    }

    /// Shows what is due by now, in seconds. Tells whether there is more to come.
    pub fn go_on(&mut self, now: f64) -> bool {
        if self.history.is_live() {
            self.clock.rest();
            return false;
        }
        let to = self.history.at().saturating_add(self.clock.events_at(now));
        let start = seconds();
        while self.history.at() < to.min(self.history.end()) && seconds() - start < SHOWING {
            let next = self.history.at() + LOOK_EVERY;
            self.seek(next.min(to));
        }
        self.clock.playing && !self.history.is_live()
    }

    /// Puts what is held on the agenda.
    pub fn plan_held(&mut self) {
        self.agenda.extend(self.held.drain(..));
    }

    /// Gives the next command of the agenda if the machine has nothing else to do. What it doesn't
    /// take is told. Tells whether there was one.
    pub fn next_of_agenda(&mut self) -> bool {
        while !self.vm.is_busy() {
            let Some(command) = self.agenda.pop_front() else {
                return false;
            };
            match self.apply(command) {
                Ok(()) => return true,
                Err(error) => self.trouble = Some(format!("That could not be done. {error}")),
            }
        }
        false
    }

    /// Shows the present, however much there is to be shown for that.
    pub fn catch_up(&mut self) {
        self.history.seek(self.history.end(), &mut self.model);
    }

    /// Whether something would be lost if the page were gone now.
    pub fn would_be_lost(&self) -> bool {
        let unsaved = self.inputs.len() > self.saved.max(1);
        let stall = self.stall.as_ref();
        stall.is_some_and(|stall| unsaved || stall.is_cut_off() && self.saved > 0)
    }

    /// How many inputs had been taken in as a whole at a moment.
    pub fn inputs_at(&self, moment: u64) -> usize {
        self.inputs.partition_point(|input| input.until <= moment)
    }
}
