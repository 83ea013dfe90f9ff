//! Gathering dirty pages and handing them to the pager (`vm_pageout_clean`, `vm_pageout_flush`).

use crate::event::Sink;
use crate::page::{Frame, PageAction, Queue};
use crate::pager::{Pager, PutPages, Rtval, Step};
use crate::units::{MAX_PAGEOUT_CLUSTER, ObjectId, PageIndex};

/// Whether a page is to be written and can be.
pub fn is_dirty_and_idle<S: Sink>(pager: &Pager<S>, frame: Frame) -> bool {
    let state = pager
        .pages
        .get(frame)
        .map(|page| page.state)
        .unwrap_or_default();
    state.valid && state.dirty && !state.is_busy()
}

/// The page and the dirty pages next to it, as far as they don't cross a multiple of 16
/// (`vm_pageout_clean`).
pub fn dirty_around<S: Sink>(pager: &Pager<S>, frame: Frame) -> Vec<Frame> {
    let Some(page) = pager.pages.get(frame) else {
        return Vec::new();
    };
    let (object, at) = (page.object, page.index.0);
    let dirty = |index: u32| {
        let frame = pager.pages.lookup(object, PageIndex(index))?;
        is_dirty_and_idle(pager, frame).then_some(frame)
    };
    let window = at - at % MAX_PAGEOUT_CLUSTER;
    let mut cluster: Vec<Frame> = (window..at).rev().map_while(dirty).collect();
    cluster.reverse();
    cluster.extend((at..window + MAX_PAGEOUT_CLUSTER).map_while(dirty));
    cluster
}

/// A cluster being handed to the pager.
#[derive(Clone, Debug)]
pub struct Flush {
    object: ObjectId,
    frames: Vec<Frame>,
    putpages: PutPages,
}

impl Flush {
    /// Marks neighbouring pages as being written, and hands them to the pager. With `sync` each
    /// write is waited for.
    pub fn begin<S: Sink>(pager: &mut Pager<S>, frames: Vec<Frame>, sync: bool) -> Flush {
        for &frame in &frames {
            pager.update_page(
                frame,
                &[PageAction::IoStart, PageAction::Protect],
                |state| {
                    state.busy += 1;
                },
            );
        }
        let first = frames.first().and_then(|&frame| pager.pages.get(frame));
        let object = first.map(|page| page.object).unwrap_or_default();
        pager.pip_change(object, frames.len() as i64);
        let putpages = PutPages::new(object, frames.clone(), sync, !sync);
        Flush {
            object,
            frames,
            putpages,
        }
    }

    /// Goes on until the pager has taken the pages. Those it did not take are let go of. Returns
    /// how many it took.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<u32> {
        let rtvals = match self.putpages.run(pager) {
            Step::Sleep(channel) => return Step::Sleep(channel),
            Step::Done(rtvals) => rtvals,
        };
        let mut taken = 0;
        for (&frame, rtval) in self.frames.iter().zip(rtvals) {
            if rtval == Rtval::Pend {
                taken += 1;
                continue;
            }
            pager.update_page(
                frame,
                &[PageAction::Activate, PageAction::IoFinish],
                |state| {
                    state.queue = Queue::Active;
                    state.busy = state.busy.saturating_sub(1);
                },
            );
            pager.pip_change(self.object, -1);
        }
        Step::Done(taken)
    }
}
