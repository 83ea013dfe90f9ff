//! Telling the kernel that the contents of pages are no longer needed (`vm_object_madvise` with
//! MADV_FREE in vm_object.c).

use super::fault::{is_alive, sleep_on_page};
use crate::command::{OpError, OpResult, PageRange};
use crate::event::Sink;
use crate::page::{PageAction, Queue};
use crate::pager::{Pager, Step};
use crate::units::{ObjectId, PageIndex};

/// Giving up the contents of a range. Its swap is freed, and what is in memory counts as clean
/// and unused: it is still there until its frame is needed, and zeros afterwards.
#[derive(Clone, Debug)]
pub struct MadviseFree {
    object: ObjectId,
    next: PageIndex,
    end: PageIndex,
    given_up: u32,
}

impl MadviseFree {
    /// For these pages.
    pub fn new(object: ObjectId, range: PageRange) -> MadviseFree {
        MadviseFree {
            object,
            next: range.start,
            end: range.end(),
            given_up: 0,
        }
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<OpResult> {
        while self.next < self.end {
            if !is_alive(pager, self.object) {
                let error = OpError::ObjectGone {
                    object: self.object,
                };
                return Step::Done(OpResult::Failed { error });
            }
            if let Some(channel) = pager.wait_for_strategy(self.object) {
                return Step::Sleep(channel);
            }
            let frame = pager.pages.lookup(self.object, self.next);
            let state = frame
                .and_then(|frame| pager.pages.get(frame))
                .map(|page| page.state);
            if let (Some(frame), Some(state)) = (frame, state) {
                if state.is_busy() {
                    return Step::Sleep(sleep_on_page(pager, frame, "madvpo"));
                }
                pager.update_page(frame, &[PageAction::Deactivate], |state| {
                    state.dirty = false;
                    state.referenced = false;
                    state.queue = Queue::Inactive;
                });
            }
            pager.freespace(self.object, self.next, 1);
            self.given_up += 1;
            self.next = self.next.offset(1);
        }
        Step::Done(OpResult::GivenUp {
            pages: self.given_up,
        })
    }
}
