//! What can be done about the room on this device, and about a store that refuses.

use wasm_bindgen_futures::spawn_local;

use super::Session;
use super::space::{self, Room};

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
}
