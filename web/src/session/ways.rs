//! What can be done about the room on this device, and about a store that refuses.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::record::decode;
use super::space::{self, Room};
use super::stall::Way;
use super::state::State;
use super::take_over::Wanted;
use super::{Session, Storage, open_disks, owner};
use crate::disk::{AnyStore, BlockStore, Closed, MemoryStore, StoreError};

/// What the disks take up, and how safe they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What the browser says of the room, if it says anything.
    pub room: Option<Room>,
    /// Whether it promised to keep what is stored, if it says.
    pub persistent: Option<bool>,
    /// Bytes of the log.
    pub log: u64,
}

impl Session {
    /// What the disks take up. [`ask_for_room`](Self::ask_for_room) has it told anew.
    pub fn stored(&self) -> Stored {
        let space = self.0.space.borrow();
        Stored {
            room: space.room(),
            persistent: space.persistent(),
            log: self.0.state.borrow().log_bytes,
        }
    }

    /// Asks the browser how much room there is.
    pub fn ask_for_room(&self) {
        let session = self.clone();
        spawn_local(async move { session.learn_of_room().await });
    }

    pub(super) async fn learn_of_room(&self) {
        let (room, persistent) = space::ask().await;
        self.0.space.borrow_mut().learn(room, persistent);
        self.changed();
    }

    /// Asks the browser to keep what is stored even when the device runs out of room.
    pub fn ask_to_keep(&self) {
        let session = self.clone();
        spawn_local(async move {
            space::beg().await;
            session.learn_of_room().await;
        });
    }

    /// Takes a way on from a store that refuses.
    pub fn take(&self, way: Way) {
        match way {
            Way::TryAgain => self.try_again(),
            Way::Reopen => self.reopen(),
            Way::Memory => self.go_on_in_memory(),
            Way::Fail => self.let_fail(),
        }
    }

    /// Brings to the store once more what it refused.
    pub fn try_again(&self) {
        self.0.state.borrow_mut().stall = None;
        self.pump();
    }

    /// Goes on with disks in memory, which get all that the session has. What is stored stays as
    /// it is.
    pub fn go_on_in_memory(&self) {
        {
            let mut state = self.0.state.borrow_mut();
            let why = state.stall.take().map(|stall| brief(&stall.error));
            let reason = Some(why.unwrap_or("You chose so.").to_owned());
            let store = Rc::new(MemoryStore::new().into());
            state.moving = Some((store, Storage::Memory { reason }));
        }
        self.pump();
    }

    /// Has the transfers fail that the store refuses. What was to change all of the store, doesn't.
    pub fn let_fail(&self) {
        {
            let mut state = self.0.state.borrow_mut();
            let stall = state.stall.take();
            if state.moving.take().is_some() {
            } else if state.overhaul.take().is_some() {
                state.agenda.clear();
            } else if let Some(stall) = stall {
                state.note(stall.error.to_string());
                state.fail_at_hand();
            }
        }
        self.changed();
        self.pump();
    }

    /// Whether there are disks on this device that the session could go back to.
    pub fn can_reopen(&self) -> bool {
        self.0.database.is_some()
    }

    /// Whether another session was found there.
    pub fn has_found(&self) -> bool {
        self.0.state.borrow().found.is_some()
    }

    /// Opens the disks on this device again, and goes on with them: with what is stored there if
    /// that is all there is to store, else all of the session is stored anew. If another session
    /// is there, a person has to say which of them is to be kept.
    pub fn reopen(&self) {
        let session = self.clone();
        spawn_local(async move {
            let opened = session.opened().await;
            let mut state = session.0.state.borrow_mut();
            match opened {
                Ok((store, stored)) => state.go_back_to(store, &stored),
                Err(error) if state.stall.is_some() => {
                    let needed = 0;
                    state.stall_for(error, needed, false);
                }
                Err(error) => {
                    let reason = Some(error.to_string());
                    state.storage = Storage::Memory { reason };
                }
            }
            let empty = state.found.is_some() && state.inputs.len() == 1;
            drop(state);
            if empty {
                session.open_found();
            }
            session.changed();
            session.pump();
        });
    }

    /// The disks on this device, and their log.
    async fn opened(&self) -> Result<(AnyStore, Vec<Vec<u8>>), StoreError> {
        let gone = StoreError::Gone(Closed::ByTheBrowser);
        let name = self.0.database.as_ref().ok_or(gone)?;
        if !self.0.owns.get() {
            let wanted = Wanted::default();
            if let Some(claim) = owner::claim(name, wanted.call()).await {
                self.hold(claim, &wanted);
            }
        }
        if !self.0.owns.get() {
            return Err(StoreError::Blocked);
        }
        let store: AnyStore = open_disks(name).await?.into();
        let log = store.load_log().await?;
        Ok((store, log))
    }

    /// Stores this session in the place of the one that was found.
    pub fn replace_found(&self) {
        {
            let mut state = self.0.state.borrow_mut();
            state.moving = state.found.take().map(|store| (store, Storage::IndexedDb));
            state.stall = None;
        }
        self.pump();
    }

    /// Leaves this session for the one that was found: the page is loaded anew.
    pub fn open_found(&self) {
        if self.0.linked.get() {
            self.forget_link();
        }
        // There is nothing to be warned of.
        self.0.state.borrow_mut().stall = None;
        // It fails only on a page that is going away.
        let _ = gloo::utils::window().location().reload();
    }
}

impl State {
    /// Goes on with disks that have this log, unless that is another session's.
    fn go_back_to(&mut self, store: AnyStore, stored: &[Vec<u8>]) {
        let store = Rc::new(store);
        let stored = match decode(stored) {
            Ok(None) => Some(0),
            Ok(Some((config, records))) => {
                let mine = self.inputs.iter().skip(1).map(|input| &input.record);
                let part = config == self.config
                    && records.len() < self.inputs.len()
                    && records
                        .iter()
                        .zip(mine)
                        .all(|(stored, mine)| stored == mine);
                part.then_some(records.len() + 1)
            }
            Err(_) => None,
        };
        let Some(stored) = stored else {
            self.found = Some(store);
            return;
        };
        let stays = self.store.survives_reload() && self.moving.is_none();
        if stays && stored == self.saved {
            self.store = store;
        } else {
            self.moving = Some((store, Storage::IndexedDb));
        }
        self.stall = None;
    }
}

/// Why the disks are in memory.
fn brief(error: &StoreError) -> &'static str {
    match error {
        StoreError::Quota => "There was no room left on this device.",
        StoreError::Gone(_) => "The disks on this device were closed underneath.",
        _ => "The disks on this device refused.",
    }
}
