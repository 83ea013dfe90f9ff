//! How much room the disks have on this device.
//!
//! The browser tells what the site uses and what it may use, but the answer takes a while, and once
//! it has refused a write for want of room, even small ones fail and the answer no longer says
//! what is really left. So it is asked seldom, what is written in between is reckoned here, and
//! writes are held back before the browser would refuse one. Chromium gives nothing away: it tells
//! every site of 10 GiB more than it uses. There only the browser itself can refuse.

use js_sys::{Function, Promise, Reflect};
use swap_pager::units::PAGE_SIZE;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::disk::Batch;

const MIB: u64 = 1 << 20;

/// The browser is asked again after so many bytes.
const ASK_AGAIN: u64 = 16 * MIB;

/// A session with less on its disks is made again in no time: it is not worth a question.
const WORTH_KEEPING: u64 = MIB;

/// What is stored for a page besides its bytes, at most: checksum, key, and what the database
/// needs to find it.
const PAGE_EXTRA: u64 = 64;

/// What the browser says, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// What the site uses.
    pub used: u64,
    /// What it may use.
    pub limit: u64,
}

impl Room {
    /// What is left.
    pub fn free(self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// What is not written to: 2 % of all, since what the browser tells is no more exact than that,
    /// but 8 MiB at least. So much the database may need for a while to rewrite its own files, and
    /// the log of what is done about the want of room has to find a place too. 64 MiB are enough of
    /// the largest disk.
    pub fn headroom(self) -> u64 {
        (self.limit / 50).clamp(8 * MIB, 64 * MIB)
    }
}

/// What is known of the room, and what was written since.
#[derive(Clone, Debug, Default)]
pub struct Space {
    room: Option<Room>,
    /// Bytes written since that was told.
    since: u64,
    /// Whether the browser was asked at all. Some tell nothing.
    asked: bool,
    /// Bytes written by this page.
    written: u64,
    /// Whether the browser promised to keep what is stored; `None` if it doesn't say.
    persistent: Option<bool>,
    /// Whether it was asked to.
    begged: bool,
}

impl Space {
    /// The room as it should be by now.
    pub fn room(&self) -> Option<Room> {
        self.room.map(|room| Room {
            used: room.used + self.since,
            ..room
        })
    }

    /// Whether the browser promised to keep what is stored; `None` if it doesn't say.
    pub fn persistent(&self) -> Option<bool> {
        self.persistent
    }

    /// Whether the browser should be asked before so many bytes more.
    pub fn is_stale(&self, more: u64) -> bool {
        !self.asked || self.room.is_some() && (self.since + more > ASK_AGAIN || !self.fits(more))
    }

    /// Whether so many bytes more leave the headroom free. Where nothing is known, they do.
    pub fn fits(&self, more: u64) -> bool {
        let room = self.room();
        room.is_none_or(|room| room.free() >= more.saturating_add(room.headroom()))
    }

    /// Takes in what the browser says.
    pub fn learn(&mut self, room: Option<Room>, persistent: Option<bool>) {
        self.asked = true;
        self.room = room;
        self.since = 0;
        self.persistent = persistent;
    }

    /// So many bytes were written.
    pub fn wrote(&mut self, bytes: u64) {
        self.since += bytes;
        self.written += bytes;
    }

    /// Whether it is time to ask the browser to keep what is stored. It is so only once.
    pub fn should_beg(&mut self) -> bool {
        let now = self.written > WORTH_KEEPING && self.persistent == Some(false) && !self.begged;
        self.begged |= now;
        now
    }
}

/// What a batch takes up in bytes, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// For its blocks.
    pub blocks: u64,
    /// For its records of the log.
    pub log: u64,
}

impl Size {
    /// For all of it.
    pub fn total(self) -> u64 {
        self.blocks + self.log
    }
}

/// What a batch takes up.
pub fn size(batch: &Batch) -> Size {
    let pages: usize = batch.writes.iter().map(|write| write.data.len()).sum();
    let log: usize = batch.log.iter().map(Vec::len).sum();
    Size {
        blocks: pages as u64 * (PAGE_SIZE as u64 + PAGE_EXTRA),
        log: log as u64,
    }
}

/// Asks the browser about the room, and whether it keeps what is stored.
pub async fn ask() -> (Option<Room>, Option<bool>) {
    let estimate = call("estimate").await;
    let figure = |name: &str| {
        let figure = Reflect::get(estimate.as_ref()?, &name.into()).ok()?;
        Some(figure.as_f64()? as u64)
    };
    let room = figure("usage").zip(figure("quota"));
    let room = room.map(|(used, limit)| Room { used, limit });
    let persistent = call("persisted").await.and_then(|kept| kept.as_bool());
    (room, persistent)
}

/// Asks the browser to keep what is stored, and tells whether it will. It may ask the person.
pub async fn beg() -> Option<bool> {
    call("persist").await?.as_bool()
}

/// What a method of the browser's StorageManager comes to. By name: web-sys has the interface only
/// in part. Pages that are not served securely have none, and sandboxed ones may not ask.
async fn call(method: &str) -> Option<JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    let method: Function = Reflect::get(&storage, &method.into())
        .ok()?
        .dyn_into()
        .ok()?;
    let promise: Promise = method.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn space(used: u64, limit: u64) -> Space {
        let mut space = Space::default();
        let room = Room {
            used: used * MIB,
            limit: limit * MIB,
        };
        space.learn(Some(room), Some(false));
        space
    }

    #[test]
    fn the_headroom_suits_small_and_large_disks() {
        let headroom = |limit: u64| {
            let room = Room {
                used: 0,
                limit: limit * MIB,
            };
            room.headroom() / MIB
        };
        assert_eq!([20, 400, 1_000, 100_000].map(headroom), [8, 8, 20, 64]);
    }

    #[test]
    fn writes_stop_before_the_headroom() {
        let mut space = space(80, 100);
        assert!(space.fits(12 * MIB) && !space.fits(12 * MIB + 1));
        space.wrote(10 * MIB);
        assert!(space.fits(2 * MIB) && !space.fits(3 * MIB));
        assert_eq!(space.room().map(|room| room.used / MIB), Some(90));
        // What is written may have replaced something: the browser knows better.
        assert!(space.is_stale(3 * MIB) && !space.is_stale(MIB));
        assert!(!space.fits(u64::MAX));
    }

    #[test]
    fn the_browser_is_asked_seldom_and_those_that_tell_nothing_once() {
        let mut space = Space::default();
        assert!(space.is_stale(0));
        space.learn(None, None);
        space.wrote(1 << 40);
        assert!(!space.is_stale(1 << 40) && space.fits(1 << 40));
        let mut space = self::space(0, 10_000);
        space.wrote(15 * MIB);
        assert!(!space.is_stale(MIB) && space.is_stale(MIB + 1));
    }

    #[test]
    fn what_is_worth_keeping_is_asked_for_once() {
        let mut space = space(0, 100);
        space.wrote(MIB);
        assert!(!space.should_beg());
        space.wrote(1);
        assert!(space.should_beg() && !space.should_beg());
        // It is kept already, or nobody knows.
        for persistent in [Some(true), None] {
            let mut space = Space::default();
            space.learn(None, persistent);
            space.wrote(2 * MIB);
            assert!(!space.should_beg());
        }
    }
}
