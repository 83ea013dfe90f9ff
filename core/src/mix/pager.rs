//! The whole pager.

use super::{Generator, Sum};
use crate::PageData;
use crate::event::{IoCmd, NoEvents, Sink};
use crate::page::{Frame, Page, PageState};
use crate::pager::{Fixes, GetPages, Pager, PagerConfig, PutPages, Step, Strategy, StrategyCmd};
use crate::policy::Policy;
use crate::units::{DMMAX, DeviceId, IoId, ObjectId, PAGE_SIZE, PageIndex, SECTORS_PER_PAGE};

const OBJECTS: u32 = 64;
const OBJECT_PAGES: u32 = 4096;
/// Pages of an object and those behind its end that freespace may reach.
const ROW: u32 = OBJECT_PAGES + 64;
const DEVICES: u32 = 4;
const DEVICE_PAGES: u32 = 65_536;

/// Page-outs, page-ins and the rest on 64 objects of 4,096 pages and four devices of 65,536.
/// Transfers complete when the pager has to wait, the oldest first.
pub struct PagerMix<S> {
    pager: Pager<S>,
    generator: Generator,
    /// For each page of each object, whether it is part of an asynchronous write in flight.
    writing: Vec<bool>,
    tally: PagerTally,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PagerTally {
    /// putpages.
    pub put: u32,
    /// getpages.
    pub get: u32,
    /// haspage.
    pub has: u32,
    /// unswapped.
    pub unsw: u32,
    /// freespace.
    pub free: u32,
    /// Operations skipped because one of their pages was being written.
    pub skipped: u32,
    /// Free pages at the end.
    pub free_pages: u32,
    /// Pages with a block at the end.
    pub mapped: u32,
    /// The hash of all mappings at the end.
    pub map_hash: u64,
    /// v_swapin, v_swappgsin, v_swapout, v_swappgsout, v_intrans.
    pub counters: [u64; 5],
    /// Transfers.
    pub ios: u32,
}

impl PagerMix<NoEvents> {
    /// A mix without events.
    pub fn new() -> Self {
        Self::with_sink(NoEvents)
    }
}

impl Default for PagerMix<NoEvents> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Sink> PagerMix<S> {
    /// A mix whose events go to a sink.
    pub fn with_sink(events: S) -> Self {
        let config = PagerConfig {
            nswdev: DEVICES,
            nswbuf: 64,
            page_count: 65_536,
            zone_room: u32::MAX,
            lowat: 128,
            hiwat: 512,
            stripe: DMMAX,
            policy: Policy::FirstFit,
            fixes: Fixes::default(),
        };
        let mut pager = Pager::new(config, events);
        for device in 0..DEVICES {
            let on = pager.swapon(DeviceId(device), DEVICE_PAGES * SECTORS_PER_PAGE);
            debug_assert!(on.is_ok(), "{on:?}");
        }
        for _ in 0..OBJECTS {
            pager.alloc(None, u64::from(OBJECT_PAGES) * PAGE_SIZE as u64, 0);
        }
        PagerMix {
            pager,
            generator: Generator::new(),
            writing: vec![false; (OBJECTS * ROW) as usize],
            tally: PagerTally::default(),
        }
    }

    /// Where the events go.
    pub fn events(&mut self) -> &mut S {
        &mut self.pager.events
    }

    /// Runs so many operations.
    pub fn run(&mut self, ops: u32) {
        for _ in 0..ops {
            let kind = self.generator.below(100);
            let object = ObjectId(self.generator.below(OBJECTS) + 1);
            let page = self.generator.below(OBJECT_PAGES);
            self.step(kind, object, page);
            while self.pager.poll_wakeup().is_some() {}
        }
    }

    /// Completes what is in flight and tells what was done.
    // Not inlined: whoever counts instructions tells its hashing from the work by its name.
    #[inline(never)]
    pub fn finish(mut self) -> PagerTally {
        while let Some(oldest) = self.pager.in_flight().first() {
            let io = oldest.io;
            self.complete(io);
        }
        let mut sum = Sum::default();
        for (object, index, block) in self.pager.meta.mappings() {
            for number in [object.0, index.0, block.0] {
                sum.add(number);
            }
        }
        let counters = self.pager.counters;
        PagerTally {
            free_pages: self.pager.space.free_pages(),
            mapped: self.pager.meta.mapped(),
            map_hash: sum.value(),
            counters: [
                counters.v_swapin,
                counters.v_swappgsin,
                counters.v_swapout,
                counters.v_swappgsout,
                counters.v_intrans,
            ],
            ..self.tally
        }
    }

    fn step(&mut self, kind: u32, object: ObjectId, page: u32) {
        match kind {
            0..40 => {
                let Some(frames) = self.take_pages(
                    object,
                    page & !15,
                    16,
                    PageState {
                        valid: true,
                        dirty: true,
                        busy: 1,
                        ..PageState::default()
                    },
                ) else {
                    return;
                };
                self.tally.put += 1;
                self.pager.pip_change(object, 16);
                let mut putpages = PutPages::new(object, frames.clone(), false, true);
                self.wait_for(|pager| putpages.run(pager));
                self.drop_pages(object, frames);
            }
            40..65 => {
                let Some(frames) = self.take_pages(
                    object,
                    page & !7,
                    8,
                    PageState {
                        pg_busy: true,
                        ..PageState::default()
                    },
                ) else {
                    return;
                };
                self.tally.get += 1;
                let mut getpages = GetPages::new(object, frames.clone(), 4);
                self.wait_for(|pager| getpages.run(pager));
                self.drop_pages(object, frames);
            }
            65..80 => {
                self.tally.has += 1;
                std::hint::black_box(self.pager.haspage(object, PageIndex(page)));
            }
            80..90 => {
                if !self.is_writing(object, page, 1) {
                    self.tally.unsw += 1;
                    self.pager.unswapped(object, PageIndex(page));
                }
            }
            90..95 => {
                if !self.is_writing(object, page, 64) {
                    self.tally.free += 1;
                    self.pager.freespace(object, PageIndex(page), 64);
                }
            }
            _ => {
                let cmd = if kind < 97 {
                    StrategyCmd::Read
                } else {
                    StrategyCmd::Write
                };
                if self.is_writing(object, page & !7, 8) {
                    return;
                }
                let (start, bytes) = (PageIndex(page & !7), 8 * PAGE_SIZE as u64);
                let mut strategy = Strategy::new(object, cmd, start, bytes, Vec::new());
                self.wait_for(|pager| strategy.run(pager));
            }
        }
    }

    /// Whether a page of the range is being written; the operation is skipped then.
    fn is_writing(&mut self, object: ObjectId, start: u32, count: u32) -> bool {
        let start = place(object, PageIndex(start));
        let writing = self.writing[start..start + count as usize].contains(&true);
        self.tally.skipped += u32::from(writing);
        writing
    }

    /// Puts pages into memory for an operation; `None` if it is to be skipped.
    fn take_pages(
        &mut self,
        object: ObjectId,
        start: u32,
        count: u32,
        state: PageState,
    ) -> Option<Vec<Frame>> {
        if self.is_writing(object, start, count) {
            return None;
        }
        let mut frames = Vec::with_capacity(count as usize);
        for index in (start..start + count).map(PageIndex) {
            let page = Page {
                object,
                index,
                state,
                data: PageData::zero(),
            };
            frames.extend(self.pager.pages.insert(page, &mut self.pager.events));
        }
        Some(frames)
    }

    /// Takes pages out of memory again, but for those that are being written.
    fn drop_pages(&mut self, object: ObjectId, frames: Vec<Frame>) {
        for frame in frames {
            let page = self.pager.pages.get(frame);
            let Some(page) = page.filter(|page| page.object == object) else {
                continue;
            };
            if page.state.swap_in_progress {
                self.writing[place(object, page.index)] = true;
            } else {
                self.pager.pages.remove(frame, &mut self.pager.events);
            }
        }
    }

    fn wait_for<T>(&mut self, mut run: impl FnMut(&mut Pager<S>) -> Step<T>) -> Option<T> {
        loop {
            while self.pager.poll_io().is_some() {
                self.tally.ios += 1;
            }
            if let Step::Done(done) = run(&mut self.pager) {
                while self.pager.poll_io().is_some() {
                    self.tally.ios += 1;
                }
                return Some(done);
            }
            let oldest = self.pager.in_flight().first()?.io;
            self.complete(oldest);
        }
    }

    fn complete(&mut self, io: IoId) {
        let transfer = self
            .pager
            .in_flight()
            .iter()
            .find(|transfer| transfer.io == io);
        let Some(transfer) = transfer else {
            return;
        };
        let (cmd, pages, object) = (transfer.cmd, transfer.pages, transfer.object);
        let data = match cmd {
            IoCmd::Read => vec![PageData::zero(); pages as usize],
            IoCmd::Write => Vec::new(),
        };
        let done = self.pager.complete(io, Ok(data));
        debug_assert!(done.is_ok(), "{done:?}");
        let (IoCmd::Write, Some((object, first))) = (cmd, object) else {
            return;
        };
        for index in first.0..first.0 + pages {
            self.writing[place(object, PageIndex(index))] = false;
            if let Some(frame) = self.pager.pages.lookup(object, PageIndex(index)) {
                self.pager.pages.remove(frame, &mut self.pager.events);
            }
        }
    }
}

/// Where [`PagerMix::writing`] has a page.
fn place(object: ObjectId, index: PageIndex) -> usize {
    ((object.0 - 1) * ROW + index.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventQueue;

    fn run(ops: u32) -> PagerTally {
        let mut mix = PagerMix::new();
        mix.run(ops);
        mix.finish()
    }

    #[test]
    fn does_the_same_work_as_the_original() {
        let expected = PagerTally {
            put: 403,
            get: 249,
            has: 144,
            unsw: 94,
            free: 62,
            skipped: 0,
            free_pages: 255_451,
            mapped: 6_565,
            map_hash: 0x2c76_88f5_0b96_6192,
            counters: [2, 16, 434, 6_696, 2],
            ios: 436,
        };
        assert_eq!(run(1_000), expected);
        let expected = PagerTally {
            put: 7_904,
            get: 5_072,
            has: 3_000,
            unsw: 2_024,
            free: 990,
            skipped: 3,
            free_pages: 170_515,
            mapped: 91_501,
            map_hash: 0xd378_bef0_7cea_4650,
            counters: [1_106, 8_708, 9_005, 131_352, 1_025],
            ios: 10_111,
        };
        assert_eq!(run(20_000), expected);
    }

    #[test]
    fn events_change_nothing() {
        let mut mix = PagerMix::with_sink(EventQueue::new());
        mix.run(1_000);
        assert_eq!(mix.finish(), run(1_000));
    }
}
