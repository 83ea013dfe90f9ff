//! The pageout daemon (`vm_pageout`, `vm_pageout_scan` in vm_pageout.c).
//!
//! It sleeps until frames run short. Then it works through the inactive list, oldest page first:
//! what was used goes back to the active list, what is clean goes to the cache list, what is
//! dirty is written. If the inactive list is too short, the oldest pages of the active list that
//! were not used since the last look come after.

use super::cluster::{Flush, dirty_around};
use crate::event::Sink;
use crate::page::{Frame, PageAction, Queue};
use crate::pager::{Channel, Pager, Step, WaitChannel};

/// Passes in a row that come to nothing before the daemon gives up until something changes. The
/// first may only have moved pages to the inactive list.
const MAX_IDLE_PASSES: u32 = 2;

/// Most clusters written in one pass (`vm_max_launder`).
const MAX_LAUNDER: u32 = 32;

/// The daemon.
#[derive(Clone, Debug, Default)]
pub struct Daemon {
    /// The cluster handed to the pager.
    flush: Option<Flush>,
    /// The pass under way.
    pass: Option<Pass>,
    /// Passes in a row that came to nothing.
    idle_passes: u32,
}

/// One pass over the inactive list.
#[derive(Clone, Copy, Debug)]
struct Pass {
    /// Pages of the list not looked at yet.
    scan: u32,
    /// Clusters that may still be written.
    launder: u32,
    /// Whether anything came of it.
    progress: bool,
}

impl Daemon {
    /// What it sleeps on when there is enough memory.
    pub const IDLE: WaitChannel = WaitChannel {
        on: Channel::PageoutDaemon,
        wmesg: "psleep",
    };

    /// Goes on until it sleeps. It has no end.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> WaitChannel {
        loop {
            if let Some(flush) = &mut self.flush {
                let taken = match flush.run(pager) {
                    Step::Sleep(channel) => return channel,
                    Step::Done(taken) => taken,
                };
                self.flush = None;
                if let Some(pass) = &mut self.pass {
                    pass.progress |= taken > 0;
                }
            }
            let Some(pass) = &mut self.pass else {
                if !pager.pageout_needed() {
                    return Self::IDLE;
                }
                let scan = pager.pages.queues().count(Queue::Inactive);
                self.pass = Some(Pass {
                    scan,
                    launder: MAX_LAUNDER,
                    progress: false,
                });
                continue;
            };
            let first = pager.pages.queues().first(Queue::Inactive);
            match first.filter(|_| pass.scan > 0 && shortage(pager) > 0) {
                Some(frame) => {
                    pass.scan -= 1;
                    self.flush = pass.look_at(pager, frame);
                }
                None => {
                    deactivate(pager);
                    self.idle_passes = if pass.progress {
                        0
                    } else {
                        self.idle_passes + 1
                    };
                    self.pass = None;
                    if self.idle_passes >= MAX_IDLE_PASSES {
                        self.idle_passes = 0;
                        return Self::IDLE;
                    }
                }
            }
        }
    }
}

impl Pass {
    /// Decides on the page that has been inactive longest. A dirty one begins a write.
    fn look_at<S: Sink>(&mut self, pager: &mut Pager<S>, frame: Frame) -> Option<Flush> {
        let state = pager.pages.get(frame)?.state;
        if state.is_busy() || state.hold_count > 0 {
            pager.pages.requeue(frame);
        } else if state.referenced {
            pager.update_page(frame, &[PageAction::Activate], |state| {
                state.referenced = false;
                state.queue = Queue::Active;
            });
        } else if !state.valid {
            pager.free_page(frame);
            self.progress = true;
        } else if !state.dirty {
            pager.update_page(frame, &[PageAction::Cache], |state| {
                state.queue = Queue::Cache
            });
            pager.wake_for_memory();
            self.progress = true;
        } else {
            pager.pages.requeue(frame);
            if self.launder > 0 {
                self.launder -= 1;
                return Some(Flush::begin(pager, dirty_around(pager, frame), false));
            }
        }
        None
    }
}

/// Frames that are missing (`vm_paging_target`).
fn shortage<S: Sink>(pager: &Pager<S>) -> i64 {
    i64::from(pager.pages.targets().target) - i64::from(pager.pages.available())
}

/// Moves pages from the active to the inactive list until that is long enough. A page that was
/// used since the last look gets another chance.
fn deactivate<S: Sink>(pager: &mut Pager<S>) {
    let inactive = pager.pages.queues().count(Queue::Inactive);
    let wanted = i64::from(pager.pages.targets().inactive) - i64::from(inactive);
    let mut missing = wanted.max(0) + shortage(pager).max(0);
    for _ in 0..2 * pager.pages.queues().count(Queue::Active) {
        let Some(frame) = pager.pages.queues().first(Queue::Active) else {
            break;
        };
        if missing == 0 {
            break;
        }
        let state = pager
            .pages
            .get(frame)
            .map(|page| page.state)
            .unwrap_or_default();
        if state.referenced {
            pager.pages.requeue(frame);
            pager.update_page(frame, &[], |state| state.referenced = false);
        } else if state.is_busy() {
            pager.pages.requeue(frame);
        } else {
            pager.update_page(frame, &[PageAction::Deactivate], |state| {
                state.queue = Queue::Inactive;
            });
            missing -= 1;
        }
    }
}
