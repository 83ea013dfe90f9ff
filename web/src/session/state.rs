//! What a session holds.

use std::collections::VecDeque;
use std::rc::Rc;

use swap_pager::pager::{IoRequest, IoResult, UnknownIo};
use swap_pager::units::IoId;
use swap_pager::{Command, CommandError, Config, Event, EventQueue, Model, Vm};

use super::Storage;
use super::record::{FORMAT, Record};
use crate::disk::AnyStore;

/// How many events the log keeps.
pub const LOG_ENTRIES: usize = 20_000;

/// How many points the curve of free space keeps.
const FREE_POINTS: usize = 4_000;

/// An event in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number among all events, from 1.
    pub seq: u64,
    /// What happened.
    pub event: Event,
}

/// Everything of a session but its listeners.
pub struct State {
    /// The machine.
    pub vm: Vm<EventQueue>,
    /// What the events of the machine tell.
    pub model: Model,
    /// The last events that tell something.
    pub log: VecDeque<Entry>,
    /// Numbers of events, and the free pages after each.
    pub free_history: VecDeque<(u64, u32)>,
    /// Events so far.
    pub events: u64,
    /// The disks.
    pub store: Rc<AnyStore>,
    /// Disks whose log can't be read. Nothing of theirs is touched until the session is cleared;
    /// then they are, and take over.
    pub damaged: Option<Rc<AnyStore>>,
    /// Where the disks are.
    pub storage: Storage,
    /// Transfers the disks have not been asked for yet.
    pub requests: VecDeque<IoRequest>,
    /// What was put into the machine and is not in the store's log yet.
    pub unsaved: Vec<Record>,
    /// Commands that were restored.
    pub restored: usize,
    /// What went wrong last.
    pub trouble: Option<String>,
    /// Whether batches are under way.
    pub pumping: bool,
    /// Whether all is to be forgotten.
    pub clearing: bool,
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
        State {
            vm,
            model,
            log: VecDeque::new(),
            free_history: VecDeque::from([(0, 0)]),
            events: 0,
            store,
            damaged: None,
            storage,
            requests: VecDeque::new(),
            unsaved: vec![Record::Start {
                format: FORMAT,
                config,
            }],
            restored: 0,
            trouble: None,
            pumping: false,
            clearing: false,
        }
    }

    /// Puts a command into the machine.
    pub fn apply(&mut self, command: Command) -> Result<(), CommandError> {
        self.vm.apply(command.clone())?;
        self.unsaved.push(Record::Do(command));
        self.drain();
        Ok(())
    }

    /// Puts the result of a transfer into the machine.
    pub fn complete(&mut self, io: IoId, result: IoResult) -> Result<(), UnknownIo> {
        let error = result.as_ref().err().copied();
        self.vm.complete(io, result)?;
        self.unsaved.push(Record::Done { io, error });
        self.drain();
        Ok(())
    }

    /// Puts a line into the log that the machine knows nothing of.
    pub fn note(&mut self, text: String) {
        self.remember(Event::Message { text });
    }

    /// Fetches all that came of an input.
    fn drain(&mut self) {
        while let Some(request) = self.vm.poll_io() {
            self.requests.push_back(request);
        }
        while let Some(event) = self.vm.poll_event() {
            self.model.apply(&event);
            self.events += 1;
            if let Event::FreeChanged { new, .. } = event {
                push_capped(&mut self.free_history, (self.events, new), FREE_POINTS);
            }
            if is_told(&event) {
                self.remember(event);
            }
        }
    }

    fn remember(&mut self, event: Event) {
        push_capped(
            &mut self.log,
            Entry {
                seq: self.events,
                event,
            },
            LOG_ENTRIES,
        );
    }
}

/// Whether an event tells a reader something by itself. The others only keep the model true;
/// some carry the bytes of pages or the whole allocator, which the log must not hold on to.
fn is_told(event: &Event) -> bool {
    !matches!(
        event,
        Event::BlistNode { .. }
            | Event::BlistReplaced { .. }
            | Event::BufReleased { .. }
            | Event::BufTaken { .. }
            | Event::Counted { .. }
            | Event::DeviceUsed { .. }
            | Event::FreeChanged { .. }
            | Event::ObjectChanged { .. }
            | Event::PageBytes { .. }
            | Event::PageChanged { .. }
            | Event::PageInserted { .. }
            | Event::PageRemoved { .. }
            | Event::PagingInProgress { .. }
            | Event::PoolsChanged { .. }
            | Event::SwblockAdded { .. }
            | Event::SwblockRemoved { .. }
    )
}

fn push_capped<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() >= most {
        queue.pop_front();
    }
    queue.push_back(item);
}
