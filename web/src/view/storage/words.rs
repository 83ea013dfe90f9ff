//! What is said about disks that refuse, and about the ways on.

use crate::disk::StoreError;
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

/// What happened, in one sentence.
pub fn brief(stall: &Stall, room: Option<Room>) -> String {
    match room {
        Some(room) if stall.held_back => {
            format!("There is hardly any room left: {}.", bytes(room.free()))
        }
        _ => {
            let text = stall.error.to_string();
            let end = text.find(". ").map_or(text.len(), |end| end + 1);
            text[..end].to_owned()
        }
    }
}

/// What happened, with what can be done outside of the page.
pub fn what(stall: &Stall, room: Option<Room>) -> String {
    let text = stall.error.to_string();
    let Some(room) = room.filter(|_| stall.error == StoreError::Quota) else {
        return text;
    };
    let free = bytes(room.free());
    if !stall.held_back {
        return format!(
            "{text} By its own account {free} are free, but it doesn't tell everything: the device may be full."
        );
    }
    format!(
        "{} of {} are used, so {free} are free. The next write takes up to {}, and {} are left alone: a database with no room at all can't even tidy up. Free some space, or clear all and begin with smaller disks.",
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
        let room = Some(Room {
            used: 93 << 20,
            limit: 100 << 20,
        });
        let mut stall = stall(4, false);
        assert_eq!(brief(&stall, room), "There is hardly any room left: 7 MiB.");
        let told = what(&stall, room);
        assert!(told.starts_with(
            "93 MiB of 100 MiB are used, so 7 MiB are free. The next write takes up to 256 KiB, \
             and 8 MiB are left alone"
        ));
        // The browser refused, whatever it says.
        stall.held_back = false;
        assert!(what(&stall, room).contains("By its own account 7 MiB are free"));
        assert_eq!(what(&stall, None), StoreError::Quota.to_string());
        assert_eq!(
            brief(&stall, room),
            "There is no room left: the browser lets this site store no more."
        );
    }
}
