//! The end of a transfer (`swp_pager_sync_iodone`, `swp_pager_async_iodone`, lines 1484 and
//! 1512).

use super::{Channel, Pager};
use crate::buf::BufId;
use crate::event::{IoCmd, Sink};
use crate::page::{Frame, Page, PageAction, PageState, Queue};
use crate::units::{IoId, PAGE_SIZE, SECTORS_PER_PAGE};

impl<S: Sink> Pager<S> {
    /// Marks a transfer over and wakes the operation that waits for it
    /// (`swp_pager_sync_iodone`, line 1484).
    pub(super) fn sync_iodone(&mut self, id: BufId) {
        if let Some(buf) = self.bufs.get_mut(id) {
            buf.done = true;
        }
        self.wake(Channel::Buf(id));
    }

    /// Finishes the pages of a transfer and gives its buffer back (`swp_pager_async_iodone`,
    /// line 1512).
    ///
    /// A failed transfer leaves the metadata alone, against what the comments in the original
    /// say: the bad block is freed when the page is next written, and then given out again.
    pub(super) fn async_iodone(&mut self, id: BufId) {
        let Some(buf) = self.bufs.get_mut(id) else {
            return;
        };
        buf.done = true;
        let (cmd, error, reqpage) = (buf.cmd, buf.error, buf.reqpage);
        let (io, npages, block) = (buf.io.unwrap_or_default(), buf.npages, buf.block);
        let frames = std::mem::take(&mut buf.pages);
        let object = frames
            .first()
            .and_then(|&frame| self.pages.get(frame))
            .map(|page| page.object);

        if let Some(error) = error {
            let what = if cmd == IoCmd::Read {
                "pagein"
            } else {
                "pageout"
            };
            // By now the kernel's b_blkno counts sectors of the device.
            let place = self.space.strategy(block, npages);
            let sector = place.map_or(block.0, |(_, at)| at.0 * SECTORS_PER_PAGE);
            let (size, number) = (npages as usize * PAGE_SIZE, error.number());
            self.printf(|| {
                format!(
                    "swap_pager: I/O error - {what} failed; blkno {sector},size {size}, \
                     error {number}"
                )
            });
        }
        let requested = |i: usize| reqpage == Some(i as u32);
        let frames = frames.iter().copied();
        match (cmd, error.is_some()) {
            (IoCmd::Read, false) => {
                let read = |(i, frame)| self.finish_read(frame, requested(i));
                frames.enumerate().for_each(read);
            }
            (IoCmd::Read, true) => {
                let failed = |(i, frame)| self.fail_read(frame, requested(i));
                frames.enumerate().for_each(failed);
            }
            (IoCmd::Write, false) => frames.for_each(|frame| self.finish_write(frame)),
            (IoCmd::Write, true) => frames.for_each(|frame| self.fail_write(frame)),
        }
        if let Some(object) = object {
            self.pip_change(object, -i64::from(npages));
        }
        self.relpbuf(id);
        if self.pageout_needed() {
            // Pages that were just cleaned are what the daemon is after.
            self.wake(Channel::PageoutDaemon);
        }
        debug_assert!(
            io != IoId(0),
            "a buffer is finished only after its transfer started"
        );
    }

    /// The page that was asked for stays busy for its caller; the others are let go of.
    fn finish_read(&mut self, frame: Frame, requested: bool) {
        use PageAction::{Deactivate, Flash, Wakeup};
        let actions: &[PageAction] = if requested {
            &[Flash]
        } else {
            &[Deactivate, Wakeup]
        };
        self.update_page(frame, actions, |state| {
            state.swap_in_progress = false;
            state.valid = true;
            state.dirty = false;
            if !requested {
                state.queue = Queue::Inactive;
                state.pg_busy = false;
            }
        });
    }

    fn fail_read(&mut self, frame: Frame, requested: bool) {
        let actions: &[PageAction] = if requested {
            &[PageAction::Flash]
        } else {
            &[PageAction::Free]
        };
        self.update_page(frame, actions, |state| {
            state.swap_in_progress = false;
            state.valid = false;
        });
        if !requested {
            self.free_page(frame);
        }
    }

    /// The page is clean. When memory is very short it goes to the cache list at once.
    fn finish_write(&mut self, frame: Frame) {
        use PageAction::{Cache, IoFinish, Protect};
        let finish = |state: &mut PageState| {
            state.swap_in_progress = false;
            state.dirty = false;
            state.busy = state.busy.saturating_sub(1);
        };
        let last = |page: &Page| {
            let PageState {
                busy,
                pg_busy,
                hold_count,
                ..
            } = page.state;
            busy <= 1 && !pg_busy && hold_count == 0
        };
        if self.severe && self.pages.get(frame).is_some_and(last) {
            self.update_page(frame, &[IoFinish, Cache], |state| {
                finish(state);
                state.queue = Queue::Cache;
            });
            self.wake_for_memory();
        } else {
            self.update_page(frame, &[IoFinish, Protect], finish);
        }
    }

    /// The page stays dirty, and goes to the active queue so as not to clog the inactive one.
    fn fail_write(&mut self, frame: Frame) {
        self.update_page(
            frame,
            &[PageAction::Activate, PageAction::IoFinish],
            |state| {
                state.swap_in_progress = false;
                state.dirty = true;
                state.queue = Queue::Active;
                state.busy = state.busy.saturating_sub(1);
            },
        );
    }

    /// Wakes whoever sleeps on a channel (`wakeup`).
    pub(crate) fn wake(&mut self, channel: Channel) {
        self.woken.push_back(channel);
    }
}
