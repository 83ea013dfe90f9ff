//! What there is of everything, kept up to date event by event: so no view has to walk all
//! blocks or all pages to tell.

use std::cell::Cell;

use swap_pager::command::PageRange;
use swap_pager::page::PageState;
use swap_pager::units::{ObjectId, PageIndex, SwapBlock};
use swap_pager::{Event, LiteMap, Model};

/// Pages that are counted as one where a range has all of them.
const CHUNK: u32 = 512;

/// How many pages are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In memory, clean, not on swap.
    pub clean: u32,
    /// In memory, clean, with the same copy on swap.
    pub copy: u32,
    /// In memory, newer than swap.
    pub dirty: u32,
    /// In transfer.
    pub busy: u32,
    /// Only on swap.
    pub swapped: u32,
}

impl Tally {
    /// How many of the pages are in memory.
    pub fn resident(self) -> u32 {
        self.clean + self.copy + self.dirty + self.busy
    }

    /// How many of them were never touched.
    pub fn untouched(self, range: PageRange) -> u32 {
        range.count - self.resident() - self.swapped
    }

    /// The count that a page in this state is part of.
    fn of(&mut self, page: Option<PageState>, on_swap: bool) -> Option<&mut u32> {
        Some(match page {
            None if on_swap => &mut self.swapped,
            None => return None,
            Some(state) if state.busy > 0 || state.pg_busy => &mut self.busy,
            Some(state) if state.dirty => &mut self.dirty,
            Some(_) if on_swap => &mut self.copy,
            Some(_) => &mut self.clean,
        })
    }

    fn add(&mut self, page: Option<PageState>, on_swap: bool) {
        if let Some(count) = self.of(page, on_swap) {
            *count += 1;
        }
    }

    fn take(&mut self, page: Option<PageState>, on_swap: bool) {
        if let Some(count) = self.of(page, on_swap) {
            *count -= 1;
        }
    }

    fn plus(self, other: Tally) -> Tally {
        Tally {
            clean: self.clean + other.clean,
            copy: self.copy + other.copy,
            dirty: self.dirty + other.dirty,
            busy: self.busy + other.busy,
            swapped: self.swapped + other.swapped,
        }
    }
}

/// What lies in a stripe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stripe {
    /// How many of its blocks hold a page.
    pub used: u8,
    /// The object that most of them belong to.
    pub object: Option<ObjectId>,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    used: u8,
    /// The object with most blocks; `None` until somebody asks.
    object: Cell<Option<ObjectId>>,
}

/// Sums over stripes and pages of the moment that is shown.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    stripes: Vec<Kept>,
    /// By object, and within it by each [`CHUNK`] of pages.
    objects: LiteMap<ObjectId, Vec<Tally>>,
    /// Counts the changes that a map of the disks shows.
    changes: u64,
}

impl Summary {
    /// How many stripes the swap space has.
    pub fn stripes(&self) -> u32 {
        self.stripes.len() as u32
    }

    /// What lies in a stripe of the swap space.
    pub fn stripe(&self, model: &Model, number: u32) -> Stripe {
        let Some(kept) = self.stripes.get(number as usize) else {
            return Stripe::default();
        };
        if kept.used > 0 && kept.object.get().is_none() {
            kept.object.set(most_of(model, number));
        }
        Stripe {
            used: kept.used,
            object: kept.object.get().filter(|_| kept.used > 0),
        }
    }

    /// How many blocks of a stripe hold a page.
    pub fn used(&self, number: u32) -> u32 {
        self.stripes
            .get(number as usize)
            .map_or(0, |kept| u32::from(kept.used))
    }

    /// The last stripe in use.
    pub fn last_used(&self) -> Option<u32> {
        let last = self.stripes.iter().rposition(|kept| kept.used > 0);
        last.map(|last| last as u32)
    }

    /// Changes when what a map of the disks shows has.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How many pages of a range are in which state.
    pub fn tally(&self, model: &Model, object: ObjectId, range: PageRange) -> Tally {
        let chunks = self.objects.get(&object).map_or(&[][..], Vec::as_slice);
        let (mut page, end) = (range.start.0, range.end().0);
        let mut tally = Tally::default();
        while page < end {
            let to = (page - page % CHUNK).saturating_add(CHUNK);
            let size = model.objects.get(&object).map_or(0, |object| object.size);
            if page.is_multiple_of(CHUNK) && to.min(size.max(page + 1)) <= end {
                let chunk = chunks.get((page / CHUNK) as usize);
                tally = tally.plus(chunk.copied().unwrap_or_default());
            } else {
                tally = tally.plus(walked(model, object, page, to.min(end)));
            }
            page = to;
        }
        tally
    }

    /// Takes an event in. The model may have taken it in already, or not.
    pub(super) fn apply(&mut self, model: &Model, event: &Event) {
        self.note(model, event, true);
    }

    /// Takes an event back.
    pub(super) fn revert(&mut self, model: &Model, event: &Event) {
        self.note(model, event, false);
    }

    fn note(&mut self, model: &Model, event: &Event, forward: bool) {
        match event {
            Event::MetaSet {
                object,
                index,
                old,
                new,
            } => {
                let (old, new) = if forward { (*old, *new) } else { (*new, *old) };
                self.changes += 1;
                self.moved(model, old, new, *object);
                if old.is_some() != new.is_some() {
                    let page = model.pages.get(&(*object, *index)).map(|page| page.state);
                    let tally = self.chunk(*object, *index);
                    tally.take(page, old.is_some());
                    tally.add(page, new.is_some());
                }
            }
            Event::PageChanged {
                object,
                index,
                old,
                new,
                ..
            } => {
                let (old, new) = if forward { (old, new) } else { (new, old) };
                self.turned(model, (*object, *index), Some(*old), Some(*new));
            }
            Event::PageInserted { page, .. } | Event::PageRemoved { page, .. } => {
                let comes = matches!(event, Event::PageInserted { .. }) == forward;
                let state = Some(page.state);
                let (old, new) = if comes { (None, state) } else { (state, None) };
                self.turned(model, (page.object, page.index), old, new);
            }
            Event::BlistReplaced { old, new, .. } => {
                let blocks = if forward {
                    new.blocks
                } else {
                    old.as_ref().map_or(0, |image| image.blocks)
                };
                let stripes = blocks.div_ceil(model.interleave.stripe()) as usize;
                self.stripes.resize(stripes, Kept::default());
                self.changes += 1;
            }
            Event::ObjectDestroyed { object } if forward => {
                self.objects.remove(&object.id);
            }
            Event::ObjectCreated { object } if !forward => {
                self.objects.remove(&object.id);
            }
            Event::DeviceChanged { .. } | Event::IoStarted { .. } | Event::IoDone { .. } => {
                self.changes += 1;
            }
            _ => {}
        }
    }

    fn moved(
        &mut self,
        model: &Model,
        from: Option<SwapBlock>,
        to: Option<SwapBlock>,
        object: ObjectId,
    ) {
        if let Some(kept) = from.and_then(|block| self.at(model, block)) {
            kept.used = kept.used.saturating_sub(1);
            kept.object.set(None);
        }
        if let Some(kept) = to.and_then(|block| self.at(model, block)) {
            kept.used += 1;
            // A stripe that goes on as it was needs no look.
            let same = kept.used == 1 || kept.object.get() == Some(object);
            kept.object.set(same.then_some(object));
        }
    }

    fn at(&mut self, model: &Model, block: SwapBlock) -> Option<&mut Kept> {
        let stripe = model.interleave.stripe_of(block);
        self.stripes.get_mut(stripe as usize)
    }

    fn turned(
        &mut self,
        model: &Model,
        page: (ObjectId, PageIndex),
        old: Option<PageState>,
        new: Option<PageState>,
    ) {
        let look = |state: Option<PageState>| {
            state.map(|state| (state.busy > 0 || state.pg_busy, state.dirty))
        };
        if look(old) == look(new) {
            return;
        }
        let on_swap = model.swap.contains_key(&page);
        let tally = self.chunk(page.0, page.1);
        tally.take(old, on_swap);
        tally.add(new, on_swap);
    }

    fn chunk(&mut self, object: ObjectId, page: PageIndex) -> &mut Tally {
        let chunks = self.objects.entry(object).or_default();
        let at = (page.0 / CHUNK) as usize;
        if chunks.len() <= at {
            chunks.resize(at + 1, Tally::default());
        }
        &mut chunks[at]
    }
}

/// The object that most of a stripe's blocks belong to.
fn most_of(model: &Model, stripe: u32) -> Option<ObjectId> {
    let first = model.interleave.first_of(stripe).0 as usize;
    let blocks = model.owners.get(first..).unwrap_or_default();
    let length = model.interleave.stripe() as usize;
    let mut counts: Vec<(u32, ObjectId)> = Vec::new();
    for (object, _) in blocks.iter().take(length).flatten() {
        match counts.iter_mut().find(|(_, of)| of == object) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, *object)),
        }
    }
    let most = counts.into_iter().max_by_key(|(count, _)| *count);
    most.map(|(_, object)| object)
}

/// The same as the chunks tell, from the pages themselves.
fn walked(model: &Model, object: ObjectId, first: u32, end: u32) -> Tally {
    let mut tally = Tally::default();
    let keys = (object, PageIndex(first))..(object, PageIndex(end));
    let mut both = 0;
    for (key, page) in model.pages.range(keys.clone()) {
        let on_swap = model.swap.contains_key(key);
        both += u32::from(on_swap);
        tally.add(Some(page.state), on_swap);
    }
    tally.swapped = model.swap.range(keys).count() as u32 - both;
    tally
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::session::history::History;
    use swap_pager::command::{Command, Pattern};
    use swap_pager::units::DeviceId;
    use swap_pager::{Config, EventQueue, Vm};

    fn range(start: u32, count: u32) -> PageRange {
        let start = PageIndex(start);
        PageRange { start, count }
    }

    /// The summary says what a walk over everything says.
    fn agrees(history: &History, model: &Model) {
        let summary = history.summary();
        let mut last = None;
        for stripe in 0..summary.stripes() {
            let length = model.interleave.stripe() as usize;
            let first = stripe as usize * length;
            let blocks = &model.owners[first..(first + length).min(model.owners.len())];
            let used = blocks.iter().flatten().count();
            let told = summary.stripe(model, stripe);
            assert_eq!(usize::from(told.used), used, "stripe {stripe}");
            assert_eq!(told.object, most_of(model, stripe), "stripe {stripe}");
            last = if used > 0 { Some(stripe) } else { last };
        }
        assert_eq!(summary.last_used(), last);
        for (&object, state) in &model.objects {
            for range in [
                range(0, state.size),
                range(7, 20),
                range(100, 900),
                range(512, 512),
                range(500, 600),
            ] {
                if range.end().0 > state.size {
                    continue;
                }
                let end = range.end().0;
                let told = summary.tally(model, object, range);
                assert_eq!(told, walked(model, object, range.start.0, end), "{range}");
            }
        }
    }

    #[test]
    fn sums_are_right_at_every_moment() {
        let mut vm = Vm::new(Config::default(), EventQueue::new());
        let mut model = vm.snapshot();
        let mut history = History::default();
        let [one, two] = [ObjectId(1), ObjectId(2)];
        let create = |pages| Command::Create { name: None, pages };
        let fill = |object, range| Command::Fill {
            object,
            range,
            pattern: Pattern::Byte(3),
        };
        let pageout = |object, range| Command::Pageout {
            object,
            range,
            sync: false,
        };
        let commands = [
            Command::SwapOn {
                disk: DeviceId(0),
                pages: 2048,
            },
            create(1100),
            create(50),
            fill(one, range(0, 700)),
            pageout(one, range(0, 600)),
            fill(two, range(0, 50)),
            Command::SwapOn {
                disk: DeviceId(1),
                pages: 4096,
            },
            pageout(two, range(0, 50)),
            Command::Read {
                object: one,
                range: range(10, 40),
            },
            fill(one, range(20, 5)),
            Command::Free {
                object: one,
                range: range(200, 100),
            },
            Command::Destroy { object: two },
        ];
        for command in commands {
            assert_eq!(vm.apply(command).err(), None);
            while let Some(io) = vm.poll_io() {
                let bytes = vec![swap_pager::PageData::zero(); io.pages as usize];
                let read = io.cmd == swap_pager::event::IoCmd::Read;
                let bytes = if read { bytes } else { Vec::new() };
                assert_eq!(vm.complete(io.io, Ok(bytes)), Ok(()));
            }
            while let Some(event) = vm.poll_event() {
                history.push(event, true, &mut model);
            }
            agrees(&history, &model);
        }
        let end = history.end();
        for eighth in [7, 3, 1, 0, 5, 8] {
            history.seek(end * eighth / 8, &mut model);
            agrees(&history, &model);
        }
    }
}
