//! Forcing pages out (`vm_pageout_clean`, `vm_pageout_flush` in vm_pageout.c, then
//! `vm_object_page_remove` in vm_object.c).

use super::cluster::{Flush, is_dirty_and_idle};
use super::fault::{is_alive, sleep_on_page};
use crate::command::{OpError, OpResult, PageRange, PagedOut};
use crate::event::Sink;
use crate::page::{Frame, PageState};
use crate::pager::{Pager, Step, WaitChannel};
use crate::units::{MAX_PAGEOUT_CLUSTER, ObjectId, PageIndex};

/// Forcing a range of an object out of memory.
///
/// Dirty pages are gathered into clusters of up to 16 that lie together, aligned as the daemon
/// aligns them, and handed to the pager. Pages leave memory as soon as they are clean.
#[derive(Clone, Debug)]
pub struct Pageout {
    object: ObjectId,
    /// The next page to look at for a cluster.
    next: PageIndex,
    /// The next page to take out of memory.
    release: PageIndex,
    end: PageIndex,
    sync: bool,
    /// The cluster handed to the pager.
    flush: Option<Flush>,
    tally: PagedOut,
}

impl Pageout {
    /// For these pages. With `sync` each write is waited for, as when a process does it;
    /// without, it is the daemon's work and several are under way at once.
    pub fn new(object: ObjectId, range: PageRange, sync: bool) -> Pageout {
        let (next, end) = (range.start, range.end());
        let tally = PagedOut::default();
        Pageout {
            object,
            next,
            release: next,
            end,
            sync,
            flush: None,
            tally,
        }
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<OpResult> {
        loop {
            if let Some(flush) = &mut self.flush {
                match flush.run(pager) {
                    Step::Sleep(channel) => return Step::Sleep(channel),
                    Step::Done(taken) => self.tally.written += taken,
                }
                self.flush = None;
            }
            if !is_alive(pager, self.object) {
                let error = OpError::ObjectGone {
                    object: self.object,
                };
                return Step::Done(OpResult::Failed { error });
            }
            let cluster = self.next_cluster(pager);
            if cluster.is_empty() {
                return match self.release_until(pager, self.end) {
                    Some(channel) => Step::Sleep(channel),
                    None => Step::Done(OpResult::PagedOut(self.tally)),
                };
            }
            self.release_clean(pager);
            self.flush = Some(Flush::begin(pager, cluster, self.sync));
        }
    }

    /// The next dirty pages that lie together and don't cross a multiple of 16. Looks no
    /// further than they go.
    fn next_cluster<S: Sink>(&mut self, pager: &Pager<S>) -> Vec<Frame> {
        let mut cluster = Vec::new();
        while self.next < self.end {
            let frame = pager.pages.lookup(self.object, self.next);
            let dirty = frame.filter(|&frame| is_dirty_and_idle(pager, frame));
            match dirty {
                Some(frame) => cluster.push(frame),
                None if !cluster.is_empty() => break,
                None => {}
            }
            self.next = self.next.offset(1);
            if !cluster.is_empty() && self.next.0.is_multiple_of(MAX_PAGEOUT_CLUSTER) {
                break;
            }
        }
        cluster
    }

    /// Takes pages that are clean already out of memory, in order, as far as nothing has to be
    /// waited for.
    fn release_clean<S: Sink>(&mut self, pager: &mut Pager<S>) {
        while self.release < self.next {
            let frame = pager.pages.lookup(self.object, self.release);
            let state = frame
                .and_then(|frame| pager.pages.get(frame))
                .map(|page| page.state);
            if state.is_some_and(|state| state.is_busy() || state.dirty) {
                return;
            }
            self.release_page(pager, frame, state.unwrap_or_default());
        }
    }

    /// Takes pages out of memory up to `end`; returns what to sleep on if one is busy.
    fn release_until<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
        end: PageIndex,
    ) -> Option<WaitChannel> {
        while self.release < end {
            let frame = pager.pages.lookup(self.object, self.release);
            let state = frame
                .and_then(|frame| pager.pages.get(frame))
                .map(|page| page.state);
            if let (Some(frame), true) = (frame, state.is_some_and(PageState::is_busy)) {
                return Some(sleep_on_page(pager, frame, "vmopar"));
            }
            self.release_page(pager, frame, state.unwrap_or_default());
        }
        None
    }

    fn release_page<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
        frame: Option<Frame>,
        state: PageState,
    ) {
        self.release = self.release.offset(1);
        let Some(frame) = frame else {
            return;
        };
        if state.valid && !state.dirty {
            pager.free_page(frame);
            self.tally.freed += 1;
        } else {
            self.tally.kept += 1;
        }
    }
}
