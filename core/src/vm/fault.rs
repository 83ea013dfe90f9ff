//! Bringing a page into memory when it is touched (`vm_fault` in vm_fault.c).

use crate::PageData;
use crate::event::Sink;
use crate::page::{Frame, Page, PageAction, PageState, Queue};
use crate::pager::{Channel, GetPages, PageinStatus, Pager, Step, WaitChannel};
use crate::units::{ObjectId, PageIndex};

/// Most pages before a page that are read along with it (`VM_FAULT_READ_BEHIND`).
const READ_BEHIND: u32 = 8;

/// Most pages after a page that are read along with it (`VM_FAULT_READ_AHEAD`).
const READ_AHEAD: u32 = 8;

/// How a page came to be in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was there.
    Resident,
    /// It had never been written, and was filled with zeros.
    ZeroFilled,
    /// It was read from swap.
    PagedIn,
}

/// Why a page can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// It could not be read from swap.
    PageIn,
    /// The object went away while the fault slept.
    ObjectGone,
}

/// A fault on one page.
#[derive(Clone, Debug)]
pub struct Fault {
    object: ObjectId,
    index: PageIndex,
    /// Whether it is about to be written to.
    write: bool,
    /// The page-in under way, and the frame it is for.
    pagein: Option<(GetPages, Frame)>,
}

impl Fault {
    /// A fault on a page.
    pub fn new(object: ObjectId, index: PageIndex, write: bool) -> Fault {
        Fault {
            object,
            index,
            write,
            pagein: None,
        }
    }

    /// Goes on, until the page is in memory and not busy.
    pub fn run<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
    ) -> Step<Result<(Frame, Found), FaultError>> {
        loop {
            if let Some((getpages, frame)) = &mut self.pagein {
                let frame = *frame;
                let status = match getpages.run(pager) {
                    Step::Sleep(channel) => return Step::Sleep(channel),
                    Step::Done(status) => status,
                };
                return Step::Done(self.finish(pager, frame, status));
            }
            if !is_alive(pager, self.object) {
                return Step::Done(Err(FaultError::ObjectGone));
            }
            let Some(frame) = pager.pages.lookup(self.object, self.index) else {
                if let Some(channel) = self.begin_pagein(pager) {
                    return Step::Sleep(channel);
                }
                continue;
            };
            let state = pager
                .pages
                .get(frame)
                .map(|page| page.state)
                .unwrap_or_default();
            if state.pg_busy || (self.write && state.busy > 0) {
                return Step::Sleep(sleep_on_page(pager, frame, "vmpfw"));
            }
            if state.queue != Queue::Active {
                pager.update_page(frame, &[PageAction::Activate], |state| {
                    state.queue = Queue::Active;
                });
            }
            return Step::Done(Ok((frame, Found::Resident)));
        }
    }

    /// Takes frames for the page and its neighbours on swap, and hands them to the pager
    /// (`vm_fault_additional_pages`). Returns what to sleep on if there is no frame.
    fn begin_pagein<S: Sink>(&mut self, pager: &mut Pager<S>) -> Option<WaitChannel> {
        let Some(wanted) = take_frame(pager, self.object, self.index) else {
            return Some(pager.wait_for_memory());
        };
        pager.count(|counters| counters.v_vm_faults += 1);
        let range = self.read_ahead(pager);
        let reqpage = (self.index.0 - range.start) as usize;
        let take = |index| match PageIndex(index) {
            index if index == self.index => Some(wanted),
            index => take_frame(pager, self.object, index),
        };
        let frames: Vec<Frame> = range.filter_map(take).collect();
        pager.pip_change(self.object, 1);
        self.pagein = Some((GetPages::new(self.object, frames, reqpage), wanted));
        None
    }

    /// The pages to offer: the one that is needed, and those on either side that haspage says
    /// follow on, as far as they are not in memory. Only the one if memory is short.
    fn read_ahead<S: Sink>(&self, pager: &Pager<S>) -> std::ops::Range<u32> {
        let at = self.index.0;
        if pager.pages.free_count() <= pager.pages.targets().reserved + READ_BEHIND + READ_AHEAD {
            return at..at + 1;
        }
        let near = pager.haspage(self.object, self.index);
        let absent = |index: &u32| pager.pages.lookup(self.object, PageIndex(*index)).is_none();
        let first = at - near.before.min(READ_BEHIND);
        let last = at + near.after.min(READ_AHEAD);
        let before = (first..at).rev().take_while(absent).count() as u32;
        let after = (at + 1..=last).take_while(absent).count() as u32;
        at - before..at + after + 1
    }

    fn finish<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
        frame: Frame,
        status: PageinStatus,
    ) -> Result<(Frame, Found), FaultError> {
        self.pagein = None;
        let result = match status {
            PageinStatus::Ok => Ok((frame, Found::PagedIn)),
            PageinStatus::Fail => {
                pager.count(|counters| counters.v_zfod += 1);
                Ok((frame, Found::ZeroFilled))
            }
            PageinStatus::Error => Err(FaultError::PageIn),
        };
        match result {
            Err(_) => pager.free_page(frame),
            Ok((_, found)) => {
                let actions: &[PageAction] = match found {
                    Found::ZeroFilled => &[
                        PageAction::ZeroFill,
                        PageAction::Activate,
                        PageAction::Wakeup,
                    ],
                    _ => &[PageAction::Activate, PageAction::Wakeup],
                };
                pager.update_page(frame, actions, |state| {
                    state.valid = true;
                    state.pg_busy = false;
                    state.queue = Queue::Active;
                });
            }
        }
        pager.pip_change(self.object, -1);
        result
    }
}

/// Marks a page as waited for and names the sleep (`vm_page_sleep_busy`).
pub fn sleep_on_page<S: Sink>(
    pager: &mut Pager<S>,
    frame: Frame,
    wmesg: &'static str,
) -> WaitChannel {
    pager.update_page(frame, &[], |state| state.wanted = true);
    let page = pager.pages.get(frame);
    let (object, index) = page
        .map(|page| (page.object, page.index))
        .unwrap_or_default();
    WaitChannel {
        on: Channel::Page(object, index),
        wmesg,
    }
}

/// A frame for a page that is not in memory, busy for its caller (`vm_page_alloc`).
fn take_frame<S: Sink>(pager: &mut Pager<S>, object: ObjectId, index: PageIndex) -> Option<Frame> {
    let state = PageState {
        pg_busy: true,
        ..PageState::default()
    };
    pager.alloc_page(Page {
        object,
        index,
        state,
        data: PageData::zero(),
    })
}

/// Whether the object is there and not being taken apart.
pub fn is_alive<S: Sink>(pager: &Pager<S>, object: ObjectId) -> bool {
    pager.object(object).is_some_and(|object| !object.dead)
}
