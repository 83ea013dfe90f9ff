//! A session: the machine, its disks, and what of it survives a reload.
//!
//! Commands go to the machine at once. The transfers it asks for go to the disks, a batch a
//! transaction, and with each batch go the records of all that was put into the machine since
//! the last one: so no block is ever stored whose cause is not stored with it. The machine
//! hears of a transfer only when its transaction is complete.
//!
//! To restore a session, what was put into the machine is put in again, in the same order. A
//! transfer whose end was not recorded is then still in flight, and is carried out anew.

pub mod clock;
pub mod file;
pub mod files;
pub mod frames;
pub mod history;
#[cfg(target_family = "wasm")]
mod js;
mod lesson;
mod lifecycle;
pub(crate) mod links;
mod listeners;
mod owner;
pub mod permalink;
mod pump;
pub(crate) mod record;
mod restore;
pub mod space;
pub mod stall;
mod state;
pub mod summary;
mod take_over;
mod time_travel;
mod ways;
mod zip;

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use swap_pager::compare::asked;
use swap_pager::session::script::Action;
use swap_pager::units::{DeviceBlock, DeviceId, IoId};
use swap_pager::{Command, CommandError, Config, Model, PageData};

use crate::disk::{
    AnyStore, Batch, BlockStore, Durability, IdbStore, MemoryStore, ReadRequest, StoreError,
};
use history::History;
use listeners::Listener;
use owner::Claim;
use pump::seconds;
use space::Space;
use stall::Stall;
use state::{Overhaul, State};
use swap_pager::session::driver::{Driver, Plan, Verdict};
use take_over::{ELSEWHERE, Wanted};

pub use listeners::Subscription;
pub use owner::Owner;
pub use record::{FORMAT, Record, RecordError, decode, encode};
pub use ways::Stored;

/// The database that the page keeps its session in.
pub const DATABASE: &str = "swap-playground";

/// Where the disks of a session are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In the browser's database on this device; a reload finds them again.
    IndexedDb,
    /// In memory; they are gone when the page is closed.
    Memory {
        /// Why not on the device, if that was wanted.
        reason: Option<String>,
    },
}

/// How a session is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where its disks are.
    pub storage: Storage,
    /// Commands that were restored when the page was loaded.
    pub restored: usize,
    /// What went wrong with storage last, as a sentence; until dismissed.
    pub trouble: Option<String>,
    /// Set while the store refuses, and what is to be stored waits.
    pub stall: Option<Stall>,
    /// Whether something is being stored just now.
    pub saving: bool,
    /// Which tab has the disks of this browser.
    pub owner: Owner,
}

/// A session. Clones are the same session.
#[derive(Clone)]
pub struct Session(Rc<Inner>);

struct Inner {
    state: RefCell<State>,
    listeners: RefCell<Vec<(u64, Listener)>>,
    next_listener: RefCell<u64>,
    frame: RefCell<Option<gloo::render::AnimationFrame>>,
    /// The moment shown in the last frame, and for how many more frames there is a rush.
    shown: Cell<(u64, u32)>,
    /// The room on this device.
    space: RefCell<Space>,
    /// Which tab has the disks of this browser.
    owner: Cell<Owner>,
    /// Keeps other tabs from them.
    claim: RefCell<Option<Claim>>,
    /// The database of the session, also while it is not in it.
    database: Option<String>,
    /// Whether the database is this page's to open.
    owns: Cell<bool>,
    /// Whether it came from a link.
    linked: Cell<bool>,
    /// Since when the page is frozen.
    frozen: Cell<Option<f64>>,
    /// Hear what becomes of the page.
    watching: RefCell<Vec<gloo::events::EventListener>>,
    /// Wakes the pump when the driver has something to do.
    timer: RefCell<Option<gloo::timers::callback::Timeout>>,
}

impl PartialEq for Session {
    fn eq(&self, other: &Session) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Opens the session of this browser. Where there is no storage to be had, or another tab
    /// has it, the session is in memory and its status says why; or because that is wanted. With
    /// `?durability=strict` in the address every write waits for the drive: see [`Durability`].
    pub async fn open(in_memory: bool) -> Session {
        if in_memory {
            return Session::in_memory(None, None);
        }
        let wanted = Wanted::default();
        let in_memory = |reason: String| Session::in_memory(Some(reason), Some(DATABASE.into()));
        let Some(claim) = owner::claim(DATABASE, wanted.call()).await else {
            let session = in_memory(ELSEWHERE.to_owned());
            // It is asked about instead.
            session.0.state.borrow_mut().trouble = None;
            session.0.owner.set(Owner::Other);
            session.0.owns.set(false);
            return session;
        };
        let session = match open_disks(DATABASE).await {
            Ok(store) => Session::with_store(store.into()).await,
            Err(error) => in_memory(error.to_string()),
        };
        session.hold(claim, &wanted);
        session
    }

    /// A session with these disks, restored from their log. Where the log can't be read, nothing
    /// of it is touched: the session goes on in memory until it is cleared.
    pub async fn with_store(store: AnyStore) -> Session {
        let database = store.database();
        Session::of_state(restored(store).await, database)
    }

    fn in_memory(reason: Option<String>, database: Option<String>) -> Session {
        let storage = Storage::Memory {
            reason: reason.clone(),
        };
        let mut state = State::new(memory(), storage);
        state.trouble = reason.map(|reason| format!("The disks are in memory. {reason}"));
        Session::of_state(state, database)
    }

    fn of_state(state: State, database: Option<String>) -> Session {
        let session = Session(Rc::new(Inner {
            state: RefCell::new(state),
            listeners: RefCell::default(),
            next_listener: RefCell::new(0),
            frame: RefCell::default(),
            shown: Cell::default(),
            space: RefCell::default(),
            owner: Cell::default(),
            claim: RefCell::default(),
            database,
            owns: Cell::new(true),
            linked: Cell::default(),
            frozen: Cell::default(),
            watching: RefCell::default(),
            timer: RefCell::default(),
        }));
        session.0.watching.replace(lifecycle::watch(&session));
        session.pump();
        session
    }

    /// The machine as it was at the moment that is shown.
    pub fn model(&self) -> Ref<'_, Model> {
        Ref::map(self.0.state.borrow(), |state| &state.model)
    }

    /// All that happened, and the moment that is shown.
    pub fn history(&self) -> Ref<'_, History> {
        Ref::map(self.0.state.borrow(), |state| &state.history)
    }

    /// How many events there have been.
    pub fn events(&self) -> u64 {
        self.history().end()
    }

    /// What the machine was built with.
    pub fn config(&self) -> Config {
        self.0.state.borrow().config
    }

    /// Whether the machine has something to do.
    pub fn is_busy(&self) -> bool {
        let state = self.0.state.borrow();
        let now = &state.model;
        // In the past a transfer may be in flight for ever.
        let working = !now.ops.is_empty() || !now.in_flight.is_empty();
        state.stall.is_none() && (state.pumping || (working && state.history.is_live()))
    }

    /// Has the machine do something. While a person looks at the past, it is held until
    /// [`give_held`](Self::give_held) or [`go_on_from_here`](Self::go_on_from_here) says what
    /// it is meant for.
    ///
    /// # Errors
    /// When the command makes no sense; nothing has changed then.
    pub fn run(&self, command: Command) -> Result<(), CommandError> {
        {
            let mut state = self.0.state.borrow_mut();
            if state.holds() {
                state.check(&command)?;
                state.held.push(command);
            } else {
                state.apply(command)?;
            }
        }
        self.changed();
        self.pump();
        Ok(())
    }

    /// What [`run`](Self::run) would say to a command, without doing it.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn check(&self, command: &Command) -> Result<(), CommandError> {
        self.0.state.borrow().check(command)
    }

    /// When transfers go to their disks. This is of the present, whatever moment is shown.
    pub fn driver(&self) -> Ref<'_, Driver> {
        Ref::map(self.0.state.borrow(), |state| &state.driver)
    }

    /// Changes how a disk behaves from now on.
    pub fn set_plan(&self, disk: DeviceId, plan: Plan) {
        self.0.state.borrow_mut().set_plan(disk, plan);
        self.changed();
        self.pump();
    }

    /// Sets whether a person completes each transfer from now on.
    pub fn set_by_hand(&self, by_hand: bool) {
        self.0.state.borrow_mut().set_by_hand(by_hand, seconds());
        self.changed();
        self.pump();
    }

    /// Completes a transfer that waits, or has it fail. Nothing happens if it does not wait.
    pub fn finish_by_hand(&self, io: IoId, verdict: Verdict) {
        self.0.state.borrow_mut().driver.say(io, verdict, seconds());
        self.changed();
        self.pump();
    }

    /// Whether a transfer waits for its time, or for a person.
    ///
    /// # Errors
    /// That it doesn't, and which do.
    pub fn waits(&self, io: IoId) -> Result<(), String> {
        let driver = self.driver();
        let mut waiting = driver.waiting().iter();
        match waiting.any(|waiting| waiting.request.io == io) {
            true => Ok(()),
            false => Err(driver.waits_not(io)),
        }
    }

    /// Reads a block from where it is stored, without the machine: no page comes in by that, and
    /// nobody hears of it. The bytes were checked against their checksum.
    ///
    /// # Errors
    /// Why it can't be had, as a sentence.
    pub async fn peek(&self, disk: DeviceId, block: DeviceBlock) -> Result<PageData, String> {
        if self.waits_for_disks() {
            return Err(ELSEWHERE.to_owned());
        }
        let store = self.0.state.borrow().store.clone();
        let pages = 1;
        let batch = Batch {
            reads: vec![ReadRequest { disk, block, pages }],
            ..Batch::default()
        };
        let done = store.commit(batch).await;
        let mut reads = done.map_err(|error| error.to_string())?.reads;
        let read = reads.pop().unwrap_or_else(|| Ok(Vec::new()));
        let mut pages = read.map_err(|error| error.to_string())?;
        Ok(pages.pop().unwrap_or_else(PageData::forgotten))
    }

    /// How the session is doing.
    pub fn status(&self) -> Status {
        let state = self.0.state.borrow();
        Status {
            storage: state.storage.clone(),
            restored: state.restored,
            trouble: state.trouble.clone(),
            stall: state.stall.clone(),
            saving: state.pumping,
            owner: self.0.owner.get(),
        }
    }

    /// Puts trouble on the screen.
    pub fn tell(&self, trouble: String) {
        self.0.state.borrow_mut().trouble = Some(trouble);
        self.changed();
    }

    /// Takes the last trouble off the screen.
    pub fn dismiss_trouble(&self) {
        self.0.state.borrow_mut().trouble = None;
        self.changed();
    }

    /// Forgets everything: disks, objects and the log. It takes a moment; until then the
    /// session stays as it is.
    pub fn clear(&self) {
        self.overhaul(Overhaul::StartAnew(Config::default()));
    }

    /// What the machine was asked to do so far, one after the other, for another to do it too.
    pub fn asked(&self) -> Vec<Action> {
        let state = self.0.state.borrow();
        asked(state.inputs.iter().map(|input| &input.record))
    }

    /// Forgets everything as [`clear`](Self::clear) does, and begins with a machine that is
    /// built with `config`. It is given the same commands `again` if that is wanted, and then
    /// those of `more`. What it refuses is left out.
    pub fn start_anew(&self, config: Config, again: bool, more: Option<Command>) {
        let commands = {
            let state = self.0.state.borrow();
            let given = state.inputs.iter().filter(|_| again);
            let given = given.filter_map(|input| match &input.record {
                Record::Do(command) => Some(command.clone()),
                _ => None,
            });
            given.chain(more).collect()
        };
        self.0.state.borrow_mut().agenda = commands;
        self.overhaul(Overhaul::StartAnew(config));
    }

    fn overhaul(&self, overhaul: Overhaul) {
        {
            let mut state = self.0.state.borrow_mut();
            state.overhaul = Some(overhaul);
            state.stall = None;
        }
        self.pump();
    }

    /// Lets go of the machine's disks and of everybody who listens: nothing happens any more.
    pub fn close(&self) {
        self.0.listeners.borrow_mut().clear();
        self.0.watching.borrow_mut().clear();
        self.0.frame.take();
        self.0.timer.take();
        self.0.claim.take();
        let mut state = self.0.state.borrow_mut();
        *state = State::new(memory(), state.storage.clone());
    }
}

/// What [`Session::with_store`] begins with.
async fn restored(store: AnyStore) -> State {
    let storage = if store.survives_reload() {
        Storage::IndexedDb
    } else {
        Storage::Memory { reason: None }
    };
    let mut state = State::new(Rc::new(store), storage);
    match restore::restore(&mut state).await {
        Ok(()) => state,
        Err(error) => {
            let reason = Some(error.clone());
            let mut fresh = State::new(memory(), Storage::Memory { reason });
            fresh.damaged = Some(state.store);
            fresh.trouble = Some(error);
            fresh
        }
    }
}

fn memory() -> Rc<AnyStore> {
    Rc::new(MemoryStore::new().into())
}

/// Opens the disks on this device, with the durability that the address asks for.
async fn open_disks(name: &str) -> Result<IdbStore, StoreError> {
    let durability = match wishes("durability=strict") {
        true => Durability::Strict,
        false => Durability::default(),
    };
    IdbStore::open_with(name, durability).await
}

/// Whether this is one of the wishes in the address.
fn wishes(wish: &str) -> bool {
    let query = gloo::utils::window().location().search();
    let query = query.unwrap_or_default();
    query
        .trim_start_matches('?')
        .split('&')
        .any(|one| one == wish)
}
