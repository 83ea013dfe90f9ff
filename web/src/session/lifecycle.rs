//! What the browser does to a page that nobody looks at: it freezes it, and thaws it later. While a
//! page is frozen nothing of it runs, but time goes on, and its connection to the database may be
//! closed. And before a page is gone, its session is asked whether anything would be lost.

use std::rc::{Rc, Weak};

use gloo::events::{EventListener, EventListenerOptions};
use js_sys::Reflect;
use swap_pager::units::{DeviceBlock, DeviceId};
use wasm_bindgen_futures::spawn_local;

use super::pump::seconds;
use super::take_over::TAKEN_OVER;
use super::{Inner, Session};
use crate::disk::{Batch, BlockStore, ReadRequest};

/// The browser's names for being frozen and thawed. Only Chromium has the first pair; the second
/// also tells of a page that was left and comes back.
const FREEZES: [&str; 2] = ["freeze", "pagehide"];
const THAWS: [&str; 2] = ["resume", "pageshow"];

/// Listens for what becomes of the page, as long as the listeners are kept.
pub fn watch(session: &Session) -> Vec<EventListener> {
    let (window, document) = (gloo::utils::window(), gloo::utils::document());
    let places: [&web_sys::EventTarget; 2] = [&document, &window];
    let mut listeners = Vec::new();
    for (name, place) in FREEZES.into_iter().zip(places) {
        let session = Rc::downgrade(&session.0);
        listeners.push(EventListener::new(place, name, move |_| {
            with(&session, |session| {
                let frozen = &session.0.frozen;
                frozen.set(frozen.get().or(Some(seconds())));
            });
        }));
    }
    for (name, place) in THAWS.into_iter().zip(places) {
        let session = Rc::downgrade(&session.0);
        listeners.push(EventListener::new(place, name, move |_| {
            with(&session, Session::thaw);
        }));
    }
    let asked = Rc::downgrade(&session.0);
    let options = EventListenerOptions::enable_prevent_default();
    listeners.push(EventListener::new_with_options(
        &window,
        "beforeunload",
        options,
        move |event| {
            with(&asked, |session| {
                if session.0.state.borrow().would_be_lost() {
                    event.prevent_default();
                    // As older browsers want it; it fails on none.
                    let _ = Reflect::set(event, &"returnValue".into(), &true.into());
                }
            });
        },
    ));
    listeners
}

fn with(session: &Weak<Inner>, act: impl FnOnce(&Session)) {
    if let Some(inner) = session.upgrade() {
        act(&Session(inner));
    }
}

impl Session {
    /// Goes on after the page was frozen. Nobody waited for a transfer in that time; and whether
    /// the disks are still there is found out now, not when something is to be stored.
    fn thaw(&self) {
        let Some(frozen) = self.0.frozen.take() else {
            return;
        };
        let away = seconds() - frozen;
        self.0.state.borrow_mut().driver.was_away(away);
        self.pump();
        let session = self.clone();
        spawn_local(async move { session.check_connection().await });
    }

    async fn check_connection(&self) {
        let store = self.0.state.borrow().store.clone();
        // A transaction without a request: all there is to it is that it can be begun.
        let nothing = ReadRequest {
            disk: DeviceId(0),
            block: DeviceBlock(0),
            pages: 0,
        };
        let batch = Batch {
            reads: vec![nothing],
            ..Batch::default()
        };
        if let Err(error) = store.commit(batch).await {
            let mut state = self.0.state.borrow_mut();
            // The pump may have found it out by itself, and somebody have done something about it.
            if error == TAKEN_OVER {
                drop(state);
                self.hand_over();
            } else if state.stall.is_none() && Rc::ptr_eq(&store, &state.store) {
                state.stall_for(error, 0, false);
            }
            self.changed();
        }
    }
}
