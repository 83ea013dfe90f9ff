//! A session: the machine, its disks, and what of it survives a reload.
//!
//! Commands go to the machine at once. The transfers it asks for go to the disks, a batch a
//! transaction, and with each batch go the records of all that was put into the machine since
//! the last one: so no block is ever stored whose cause is not stored with it. The machine
//! hears of a transfer only when its transaction is complete.
//!
//! To restore a session, what was put into the machine is put in again, in the same order. A
//! transfer whose end was not recorded is then still in flight, and is carried out anew.

mod js;
mod pump;
mod record;
mod restore;
mod state;
mod tab_lock;

use std::cell::{Ref, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use swap_pager::{Command, CommandError, Model};

use crate::disk::{AnyStore, IdbStore, MemoryStore, StoreError};
use state::State;

pub use record::{FORMAT, Record, RecordError, decode, encode};
pub use state::{Entry, LOG_ENTRIES};

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
    /// Whether something is being stored just now.
    pub saving: bool,
}

/// A session. Clones are the same session.
#[derive(Clone)]
pub struct Session(Rc<Inner>);

type Listener = Rc<dyn Fn()>;

struct Inner {
    state: RefCell<State>,
    listeners: RefCell<Vec<(u64, Listener)>>,
    next_listener: RefCell<u64>,
    frame: RefCell<Option<gloo::render::AnimationFrame>>,
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

/// Keeps a listener on a session until dropped.
pub struct Subscription {
    session: Session,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.session
            .0
            .listeners
            .borrow_mut()
            .retain(|(id, _)| *id != self.id);
    }
}

impl Session {
    /// Opens the session of this browser. Where there is no storage to be had, or another tab
    /// has it, the session is in memory and its status says why.
    pub async fn open() -> Session {
        if !tab_lock::take(DATABASE).await {
            let reason = "Another tab has the disks: close it and reload this page to use them.";
            return Session::in_memory(Some(reason.to_owned()));
        }
        match IdbStore::open(DATABASE).await {
            Ok(store) => Session::with_store(store.into()).await,
            Err(error) => Session::in_memory(Some(error.to_string())),
        }
    }

    /// A session with these disks, restored from their log. Where the log can't be read, nothing
    /// of it is touched: the session goes on in memory until it is cleared.
    pub async fn with_store(store: AnyStore) -> Session {
        let storage = if store.survives_reload() {
            Storage::IndexedDb
        } else {
            Storage::Memory { reason: None }
        };
        let mut state = State::new(Rc::new(store), storage);
        match restore::restore(&mut state).await {
            Ok(()) => Session::of_state(state),
            Err(error) => {
                let mut fresh = State::new(
                    Rc::new(MemoryStore::new().into()),
                    Storage::Memory {
                        reason: Some(error.clone()),
                    },
                );
                fresh.damaged = Some(state.store);
                fresh.trouble = Some(error);
                Session::of_state(fresh)
            }
        }
    }

    fn in_memory(reason: Option<String>) -> Session {
        let store = Rc::new(MemoryStore::new().into());
        Session::of_state(State::new(store, Storage::Memory { reason }))
    }

    fn of_state(state: State) -> Session {
        let session = Session(Rc::new(Inner {
            state: RefCell::new(state),
            listeners: RefCell::default(),
            next_listener: RefCell::new(0),
            frame: RefCell::default(),
        }));
        session.pump();
        session
    }

    /// The state of the machine.
    pub fn model(&self) -> Ref<'_, Model> {
        Ref::map(self.0.state.borrow(), |state| &state.model)
    }

    /// What happened, oldest first: the last [`LOG_ENTRIES`] events that tell something.
    pub fn log(&self) -> Ref<'_, VecDeque<Entry>> {
        Ref::map(self.0.state.borrow(), |state| &state.log)
    }

    /// How the free space went: numbers of events, and the free pages after each.
    pub fn free_history(&self) -> Ref<'_, VecDeque<(u64, u32)>> {
        Ref::map(self.0.state.borrow(), |state| &state.free_history)
    }

    /// How many events there have been.
    pub fn events(&self) -> u64 {
        self.0.state.borrow().events
    }

    /// Has the machine do something.
    ///
    /// # Errors
    /// When the command makes no sense; nothing has changed then.
    pub fn run(&self, command: Command) -> Result<(), CommandError> {
        self.0.state.borrow_mut().apply(command)?;
        self.changed();
        self.pump();
        Ok(())
    }

    /// What [`run`](Self::run) would say to a command, without doing it.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn check(&self, command: &Command) -> Result<(), CommandError> {
        self.0.state.borrow().vm.check(command)
    }

    /// How the session is doing.
    pub fn status(&self) -> Status {
        let state = self.0.state.borrow();
        Status {
            storage: state.storage.clone(),
            restored: state.restored,
            trouble: state.trouble.clone(),
            saving: state.pumping,
        }
    }

    /// Takes the last trouble off the screen.
    pub fn dismiss_trouble(&self) {
        self.0.state.borrow_mut().trouble = None;
        self.changed();
    }

    /// Forgets everything: disks, objects and the log. It takes a moment; until then the
    /// session stays as it is.
    pub fn clear(&self) {
        self.0.state.borrow_mut().clearing = true;
        self.pump();
    }

    /// Has `listener` called after changes, at most once a frame, until what is returned is
    /// dropped.
    pub fn subscribe(&self, listener: impl Fn() + 'static) -> Subscription {
        let id = self.0.next_listener.replace_with(|id| *id + 1);
        self.0.listeners.borrow_mut().push((id, Rc::new(listener)));
        Subscription {
            session: self.clone(),
            id,
        }
    }

    /// Has the listeners called at the next frame.
    fn changed(&self) {
        if self.0.frame.borrow().is_some() {
            return;
        }
        let session = self.clone();
        let frame = gloo::render::request_animation_frame(move |_| {
            session.0.frame.borrow_mut().take();
            let listeners: Vec<_> = session
                .0
                .listeners
                .borrow()
                .iter()
                .map(|(_, call)| call.clone())
                .collect();
            for listener in listeners {
                listener();
            }
        });
        *self.0.frame.borrow_mut() = Some(frame);
    }

    fn tell_trouble(&self, error: &StoreError) {
        self.0.state.borrow_mut().trouble = Some(error.to_string());
    }
}
