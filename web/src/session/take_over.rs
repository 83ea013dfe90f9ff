//! How the disks of this browser go from one tab to another.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;

use super::owner::{self, Claim, Owner};
use super::state::Overhaul;
use super::{DATABASE, Inner, Session, Storage, memory, restored};
use crate::disk::{Batch, BlockStore, IdbStore};

/// Why a session is in memory while another tab has the disks.
pub(super) const ELSEWHERE: &str = "Another tab has the disks.";

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
        *wanted.0.borrow_mut() = Rc::downgrade(&self.0);
        self.0.claim.replace(Some(claim));
    }

    /// Stops with the disks: another tab wants them. The transaction in flight comes to its end
    /// first.
    fn hand_over(&self) {
        self.0.owner.set(Owner::TakenOver);
        self.pump();
    }

    /// Whether transfers have to wait because it isn't settled which disks they go to.
    pub(super) fn waits_for_disks(&self) -> bool {
        match self.0.owner.get() {
            Owner::This | Owner::Other => false,
            Owner::Taking => true,
            Owner::TakenOver => self.0.claim.borrow().is_none(),
        }
    }

    /// Stores what can be stored without a transfer, closes the database and lets the other tab
    /// have it.
    pub(super) async fn let_go(&self) {
        let (store, log) = {
            let mut state = self.0.state.borrow_mut();
            // What waited for the disks waits for the next.
            state.overhaul = None;
            state.damaged = None;
            state.storage = Storage::Memory {
                reason: Some(ELSEWHERE.to_owned()),
            };
            let log = state.unsaved_log();
            (std::mem::replace(&mut state.store, memory()), log)
        };
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

    /// Goes on without the disks that another tab has: with what there is in memory so far, or
    /// with what this tab had when it let go of them.
    pub fn go_on_in_memory(&self) {
        let all = self.0.state.borrow().inputs.len();
        if self.0.owner.replace(Owner::This) == Owner::TakenOver {
            self.overhaul(Overhaul::GoOnFrom(all));
        }
        self.changed();
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
            match IdbStore::open(DATABASE).await {
                Ok(store) => {
                    session.hold(claim, &wanted);
                    let state = restored(store.into()).await;
                    session.0.owner.set(Owner::This);
                    session.0.state.borrow_mut().agenda.clear();
                    session.overhaul(Overhaul::Adopt(Box::new(state)));
                }
                Err(error) => {
                    session.0.owner.set(before);
                    session.tell_trouble(&error);
                    session.changed();
                    session.pump();
                }
            }
        });
    }
}
