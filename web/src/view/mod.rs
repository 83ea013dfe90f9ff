//! What a person sees: painters for the canvases and Yew components, a folder a panel.
//!
//! All of it reads the session's model and log, and nothing else. What can be reckoned without a
//! browser (geometry, words, what a person typed) is in modules of its own with tests.

pub mod buffers;
pub mod canvas;
pub mod command;
pub mod compare;
pub mod controls;
pub mod dialogs;
pub mod disks;
pub mod drawn;
pub mod format;
pub mod glossary;
pub mod header;
pub mod inspector;
pub mod keys;
pub mod layout;
pub mod lesson;
pub mod linear;
pub mod link;
pub mod listen;
pub mod live;
pub mod log;
pub mod look;
pub mod machine;
pub mod memory;
pub mod metadata;
pub mod objects;
pub mod parse;
pub mod picture;
pub mod place;
pub mod pressed;
pub mod progress;
pub mod stage;
pub mod start;
pub mod storage;
pub mod tabs;
#[cfg(test)]
pub(crate) mod test_machine;
pub mod timeline;
pub mod transport;
pub mod tree;
pub mod ui;
pub mod views;
pub mod why;

use yew::prelude::*;

use crate::session::Session;
use ui::{Dispatch, Ui};

/// What every panel is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Panel {
    /// The session.
    pub session: Session,
    /// Changes with the session: a panel is drawn anew when it does.
    pub tick: u64,
    /// The state of the page.
    pub ui: Ui,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
}
