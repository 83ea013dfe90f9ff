//! How the disks of this browser go from one tab to another.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use wasm_bindgen_futures::spawn_local;

use super::owner::{self, Claim, Owner};
use super::state::State;
use super::{DATABASE, Inner, Session, Storage, memory, open_disks, restored};
use crate::disk::{Batch, BlockStore, Closed, StoreError};

/// Why a session is in memory while another tab has the disks.
pub(super) const ELSEWHERE: &str = "Another tab has the disks.";

/// How often to look whether a transaction has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// What a store says that another tab took over.
pub(super) const TAKEN_OVER: StoreError = StoreError::Gone(Closed::TakenOver);

/// The session that is told when another tab wants the disks. There is none yet when they are
/// claimed.
#[derive(Default)]
pub(super) struct Wanted(Rc<RefCell<Weak<Inner>>>);

impl Wanted {
    /// What tells it.
    pub(super) fn call(&self) -> Rc<dyn Fn()> {
        let session = self.0.clone();
        Rc::new(move || {
            let session = session.borrow().upgrade();
            if let Some(session) = session {
                Session(session).hand_over();
            }
        })
    }
}

impl Session {
    /// Has the disks until another tab wants them.
    pub(super) fn hold(&self, claim: Claim, wanted: &Wanted) {
        self.0.owns.set(true);
        *wanted.0.borrow_mut() = Rc::downgrade(&self.0);
        self.0.claim.replace(Some(claim));
    }

    /// Stops with the disks: another tab wants them. The transaction in flight comes to its end
    /// first.
    pub(super) fn hand_over(&self) {
        self.0.owner.set(Owner::TakenOver);
        self.pump();
    }

    /// Whether another tab has the disks, however this one goes on.
    pub fn has_no_disks(&self) -> bool {
        !self.0.owns.get()
    }

    /// Whether transfers have to wait because it isn't settled which disks they go to.
    pub(super) fn waits_for_disks(&self) -> bool {
        match self.0.owner.get() {
            Owner::This | Owner::Other => false,
            Owner::Taking => true,
            Owner::TakenOver => self.has_no_disks(),
        }
    }

    /// Stores what can be stored without a transfer, closes the database and lets the other tab
    /// have it.
    pub(super) async fn let_go(&self) {
        let (store, log) = {
            let mut state = self.0.state.borrow_mut();
            // What waited for the disks waits for the next.
            state.overhaul = None;
            state.moving = None;
            state.stall = None;
            (state.damaged, state.found) = (None, None);
            state.storage = Storage::Memory {
                reason: Some(ELSEWHERE.to_owned()),
            };
            let log = state.unsaved_log();
            (std::mem::replace(&mut state.store, memory()), log)
        };
        self.0.owns.set(false);
        let claim = self.0.claim.take();
        if let Some(log) = log {
            let batch = Batch {
                log: vec![log],
                ..Batch::default()
            };
            // If the other tab was quicker, it has none of it, and that too is a moment that was.
            let _ = store.commit(batch).await;
        }
        drop((store, claim));
    }

    /// Leaves the disks to the tab that has them, and goes on in memory: with what there is so far,
    /// or with all that this tab had when it let go of the disks.
    pub fn leave_disks(&self) {
        if self.0.owner.replace(Owner::This) == Owner::TakenOver {
            let mut state = self.0.state.borrow_mut();
            state.moving = Some((memory(), state.storage.clone()));
        }
        self.changed();
        self.pump();
    }

    /// Takes the disks from the tab that has them, with what is on them. What this tab has is
    /// forgotten. It takes a moment.
    pub fn take_over(&self) {
        let before = self.0.owner.replace(Owner::Taking);
        if before == Owner::Taking {
            return;
        }
        self.changed();
        let session = self.clone();
        spawn_local(async move {
            let wanted = Wanted::default();
            let claim = owner::demand(DATABASE, wanted.call()).await;
            match open_disks(DATABASE).await {
                Ok(store) => {
                    session.hold(claim, &wanted);
                    session.adopt(restored(store.into()).await).await;
                }
                Err(error) => {
                    session.0.owner.set(before);
                    session.0.state.borrow_mut().trouble = Some(error.to_string());
                    session.changed();
                    session.pump();
                }
            }
        });
    }

    /// Begins with this in the place of what there was.
    pub(super) async fn adopt(&self, fresh: State) {
        // What is on its way to the disks of before has to come back first.
        while self.0.state.borrow().pumping {
            gloo::timers::future::sleep(PAUSE).await;
        }
        {
            let mut state = self.0.state.borrow_mut();
            let history = std::mem::take(&mut state.history);
            *state = State {
                history: fresh.history.instead_of(&history),
                ..fresh
            };
        }
        self.0.owner.set(Owner::This);
        self.changed();
        self.pump();
    }
}
