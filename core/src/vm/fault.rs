//! Bringing a page into memory when it is touched (`vm_fault` in vm_fault.c).

use crate::Count;
use crate::PageData;
use crate::event::Sink;
use crate::object::ObjectKind;
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
    /// It was copied from an object behind, to be written to.
    Copied,
}

/// Why a page can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// It could not be read from swap.
    PageIn,
    /// The object went away while the fault slept.
    ObjectGone,
}

/// A page of an object.
type Place = (ObjectId, PageIndex);

/// What a step of a fault came to: the frame to be used and how it came about, or an error.
type Outcome = Result<(Frame, Found), FaultError>;

/// A fault on one page.
///
/// If the object does not have the page, it is looked for in the object behind it, and so on. To
/// be read it may stay there; to be written to it is copied.
#[derive(Clone, Debug)]
pub struct Fault {
    first: Place,
    /// Whether it is about to be written to.
    write: bool,
    /// The frame taken for the page in the first object.
    placeholder: Option<Frame>,
    /// The page-in under way: in which object, for which frame.
    pagein: Option<(GetPages, Place, Frame)>,
}

impl Fault {
    /// A fault on a page.
    pub fn new(object: ObjectId, index: PageIndex, write: bool) -> Fault {
        Fault {
            first: (object, index),
            write,
            placeholder: None,
            pagein: None,
        }
    }

    /// Goes on, until the page is in memory and not busy.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<Outcome> {
        loop {
            if let Some((getpages, place, frame)) = &mut self.pagein {
                let (place, frame) = (*place, *frame);
                let status = match getpages.run(pager) {
                    Step::Sleep(channel) => return Step::Sleep(channel),
                    Step::Done(status) => status,
                };
                self.pagein = None;
                if let Some(step) = self.paged_in(pager, place, frame, status) {
                    return step;
                }
                continue;
            }
            let (object, index) = self.first;
            if !is_alive(pager, object) {
                return Step::Done(Err(FaultError::ObjectGone));
            }
            if let Some(frame) = pager.pages.lookup(object, index) {
                return self.resident(pager, frame);
            }
            if let Some(channel) = pager.wait_for_strategy(object) {
                return Step::Sleep(channel);
            }
            let Some(frame) = take_frame(pager, object, index) else {
                return Step::Sleep(pager.wait_for_memory());
            };
            pager.count(Count::Fault);
            pager.pip_change(object, 1);
            self.placeholder = Some(frame);
            self.begin_pagein(pager, self.first, frame);
        }
    }

    /// The page is in memory.
    fn resident<S: Sink>(&self, pager: &mut Pager<S>, frame: Frame) -> Step<Outcome> {
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
        Step::Done(Ok((frame, Found::Resident)))
    }

    /// Takes frames for the neighbours of a page on swap, and hands all to the pager
    /// (`vm_fault_additional_pages`).
    fn begin_pagein<S: Sink>(&mut self, pager: &mut Pager<S>, place: Place, wanted: Frame) {
        let (object, index) = place;
        let range = read_ahead(pager, place);
        let reqpage = (index.0 - range.start) as usize;
        let take = |at| match PageIndex(at) {
            at if at == index => Some(wanted),
            at => take_frame(pager, object, at),
        };
        let frames: Vec<Frame> = range.filter_map(take).collect();
        self.pagein = Some((GetPages::new(object, frames, reqpage), place, wanted));
    }

    /// Goes on after the pager was asked for the page of one object. `None` if it is to be asked
    /// for that of the next.
    fn paged_in<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
        place: Place,
        frame: Frame,
        status: PageinStatus,
    ) -> Option<Step<Outcome>> {
        match status {
            PageinStatus::Ok if place == self.first => {
                Some(Step::Done(self.finish(pager, Found::PagedIn)))
            }
            PageinStatus::Ok => {
                release(pager, frame);
                Some(Step::Done(self.found_behind(
                    pager,
                    place,
                    frame,
                    Found::PagedIn,
                )))
            }
            PageinStatus::Fail => {
                if place != self.first {
                    pager.free_page(frame);
                }
                self.look_behind(pager, place)
            }
            PageinStatus::Error => {
                if place != self.first {
                    pager.free_page(frame);
                    pager.pip_change(place.0, -1);
                }
                self.give_up(pager);
                Some(Step::Done(Err(FaultError::PageIn)))
            }
        }
    }

    /// Goes on to the object behind one that does not have the page; zeros if there is none.
    fn look_behind<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
        mut place: Place,
    ) -> Option<Step<Outcome>> {
        loop {
            let behind = self.behind(pager, place);
            let left = place;
            if let Some(next) = behind {
                pager.pip_change(next.0, 1);
            }
            if left != self.first {
                pager.pip_change(left.0, -1);
            }
            let Some(next) = behind else {
                pager.count(Count::ZeroFilled);
                return Some(Step::Done(self.finish(pager, Found::ZeroFilled)));
            };
            place = next;
            if let Some(frame) = pager.pages.lookup(next.0, next.1) {
                let state = pager
                    .pages
                    .get(frame)
                    .map(|page| page.state)
                    .unwrap_or_default();
                if state.pg_busy {
                    // Let go of all, and begin again once it is free.
                    let channel = sleep_on_page(pager, frame, "vmpfw");
                    pager.pip_change(next.0, -1);
                    self.give_up(pager);
                    return Some(Step::Sleep(channel));
                }
                return Some(Step::Done(self.found_behind(
                    pager,
                    next,
                    frame,
                    Found::Resident,
                )));
            }
            if let Some(channel) = pager.wait_for_strategy(next.0) {
                pager.pip_change(next.0, -1);
                self.give_up(pager);
                return Some(Step::Sleep(channel));
            }
            if pager
                .object(next.0)
                .is_some_and(|object| object.kind == ObjectKind::Default)
            {
                continue;
            }
            let Some(frame) = take_frame(pager, next.0, next.1) else {
                pager.pip_change(next.0, -1);
                self.give_up(pager);
                return Some(Step::Sleep(pager.wait_for_memory()));
            };
            self.begin_pagein(pager, next, frame);
            return None;
        }
    }

    /// The same page in the object behind.
    fn behind<S: Sink>(&self, pager: &Pager<S>, (object, index): Place) -> Option<Place> {
        let backing = pager.object(object)?.backing?;
        let behind = PageIndex(index.0.checked_add(backing.offset)?);
        let size = pager.object(backing.object)?.size;
        (behind.0 < size).then_some((backing.object, behind))
    }

    /// The page was found in an object behind: it is copied to be written to, and used where it
    /// is to be read.
    fn found_behind<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
        place: Place,
        frame: Frame,
        found: Found,
    ) -> Outcome {
        pager.pip_change(place.0, -1);
        if !self.write {
            self.give_up(pager);
            return Ok((frame, found));
        }
        let data = pager
            .pages
            .get(frame)
            .map_or_else(PageData::zero, |page| page.data.clone());
        if let Some(copy) = self.placeholder {
            pager.pages.set_data(copy, data, &mut pager.events);
        }
        pager.count(Count::Copied);
        self.finish(pager, Found::Copied)
    }

    /// The page is in the frame taken for it in the first object.
    fn finish<S: Sink>(&mut self, pager: &mut Pager<S>, found: Found) -> Outcome {
        let frame = self.placeholder.take().ok_or(FaultError::ObjectGone)?;
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
        pager.pip_change(self.first.0, -1);
        Ok((frame, found))
    }

    /// Lets go of the frame taken for the page in the first object.
    fn give_up<S: Sink>(&mut self, pager: &mut Pager<S>) {
        if let Some(frame) = self.placeholder.take() {
            pager.free_page(frame);
            pager.pip_change(self.first.0, -1);
        }
    }
}

/// The pages to offer the pager: the one that is needed, and those on either side that haspage
/// says follow on, as far as they are not in memory. Only the one if memory is short.
fn read_ahead<S: Sink>(pager: &Pager<S>, (object, index): Place) -> std::ops::Range<u32> {
    let at = index.0;
    if pager.pages.free_count() <= pager.pages.targets().reserved + READ_BEHIND + READ_AHEAD {
        return at..at + 1;
    }
    let near = pager.haspage(object, index);
    let absent = |index: &u32| pager.pages.lookup(object, PageIndex(*index)).is_none();
    let first = at - near.before.min(READ_BEHIND);
    let last = at + near.after.min(READ_AHEAD);
    let before = (first..at).rev().take_while(absent).count() as u32;
    let after = (at + 1..=last).take_while(absent).count() as u32;
    at - before..at + after + 1
}

/// A page that was read is busy no more.
fn release<S: Sink>(pager: &mut Pager<S>, frame: Frame) {
    pager.update_page(
        frame,
        &[PageAction::Activate, PageAction::Wakeup],
        |state| {
            state.pg_busy = false;
            state.queue = Queue::Active;
        },
    );
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
