//! What is said about disks that refuse, and about the ways on.

use crate::session::space::Room;
use crate::session::stall::{Stall, Way};
use crate::view::format::{bytes, count};

/// What a way on is called, and what comes of it.
pub fn way(way: Way, stall: &Stall) -> (&'static str, &'static str) {
    match way {
        Way::TryAgain => (
            "Try again",
            "Bring the same to the disks once more. Nothing is stored twice.",
        ),
        Way::Reopen => (
            "Store it all anew",
            "Open the disks on this device again, and store in them all that this session has. If they have it still, nothing needs to be done.",
        ),
        Way::Memory => (
            "Go on in memory",
            "The session goes on as it is, with disks that are gone when the page is closed. What is stored on this device stays as it is.",
        ),
        Way::Fail if stall.whole => (
            "Leave the disks as they are",
            "Don't do what was to change all of them.",
        ),
        Way::Fail => (
            "Let them fail",
            "To the kernel it is an I/O error of the disk (EIO). Pages that were to be written stay in memory, dirty.",
        ),
    }
}

/// How a way on is named in the page, for tests.
pub fn name(way: Way) -> &'static str {
    match way {
        Way::TryAgain => "again",
        Way::Reopen => "reopen",
        Way::Memory => "memory",
        Way::Fail => "fail",
    }
}

/// What waits, and that it is not lost.
pub fn waits(stall: &Stall) -> String {
    let what = match (stall.whole, stall.transfers) {
        (true, _) => "What was to change all disks has not been done".to_owned(),
        (false, 0) => "What was done since is not stored yet".to_owned(),
        (false, 1) => "1 transfer waits".to_owned(),
        (false, more) => format!("{} wait", count(more as u64, "transfer")),
    };
    format!("{what}. Nothing is lost as long as this page is open.")
}

/// The figures of a want of room.
pub fn figures(stall: &Stall, room: Room) -> String {
    let free = bytes(room.free());
    if !stall.held_back {
        return format!(
            "By its own account {free} are free, but it doesn't tell everything: the device may be full."
        );
    }
    format!(
        "{} of {} are used, so {free} are free. The next write takes up to {}, and {} are left alone: a database with no room at all can't even tidy up.",
        bytes(room.used.min(room.limit)),
        bytes(room.limit),
        bytes(stall.needed),
        bytes(room.headroom())
    )
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::disk::StoreError;

    fn stall(transfers: usize, whole: bool) -> Stall {
        Stall {
            error: StoreError::Quota,
            needed: 262_144,
            held_back: true,
            transfers,
            whole,
        }
    }

    #[test]
    fn it_is_told_what_waits() {
        assert!(waits(&stall(1, false)).starts_with("1 transfer waits. "));
        assert!(waits(&stall(4, false)).starts_with("4 transfers wait. "));
        assert!(waits(&stall(0, false)).starts_with("What was done since"));
        assert!(waits(&stall(4, true)).starts_with("What was to change all"));
    }

    #[test]
    fn figures_are_in_units_people_know() {
        let room = Room {
            used: 93 << 20,
            limit: 100 << 20,
        };
        let mut stall = stall(4, false);
        assert_eq!(
            figures(&stall, room),
            "93 MiB of 100 MiB are used, so 7 MiB are free. The next write takes up to 256 KiB, \
             and 8 MiB are left alone: a database with no room at all can't even tidy up."
        );
        stall.held_back = false;
        assert!(figures(&stall, room).contains("By its own account 7 MiB are free"));
    }
}
