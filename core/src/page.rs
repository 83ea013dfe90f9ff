//! Pages in memory (`struct vm_page`, the object/index table of vm_page.c).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;

use crate::PageData;
use crate::event::{Event, Sink};
use crate::page_queues::PageQueues;
use crate::units::{ObjectId, PageIndex};

/// A page frame: which one of the machine's pages of memory (an index into `vm_page_array`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Frame(pub u32);

/// The list a page is on (`m->queue`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Queue {
    /// On no list (`PQ_NONE`).
    #[default]
    None,
    /// Not used of late (`PQ_INACTIVE`).
    Inactive,
    /// In use (`PQ_ACTIVE`).
    Active,
    /// Clean and free for the taking, but still with its contents (`PQ_CACHE`).
    Cache,
}

/// What is so about a page at a moment. `valid` and `dirty` are for the whole page: the swap
/// pager never deals in parts of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct PageState {
    /// Its contents count (`m->valid`).
    pub valid: bool,
    /// Its contents are newer than what is on swap (`m->dirty`).
    pub dirty: bool,
    /// Writes of it in progress (`m->busy`, the soft-busy count).
    pub busy: u16,
    /// One operation has it to itself (`PG_BUSY`).
    pub pg_busy: bool,
    /// A transfer by the swap pager is under way (`PG_SWAPINPROG`).
    pub swap_in_progress: bool,
    /// Someone sleeps until it is no longer busy (`PG_WANTED`).
    pub wanted: bool,
    /// Used since the last look (`PG_REFERENCED`).
    pub referenced: bool,
    /// Holds that keep it in memory (`m->hold_count`).
    pub hold_count: u16,
    /// The list it is on.
    pub queue: Queue,
}

impl PageState {
    /// Whether a transfer or an operation has it (`vm_page_sleep_busy` with `also_m_busy`).
    pub fn is_busy(self) -> bool {
        self.pg_busy || self.busy > 0
    }
}

/// What was done to a page, in the kernel's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PageAction {
    /// `vm_page_activate`.
    Activate,
    /// `vm_page_deactivate`.
    Deactivate,
    /// `vm_page_io_start`: one more write in progress.
    IoStart,
    /// `vm_page_io_finish`: one write fewer.
    IoFinish,
    /// `vm_page_protect`: mappings made read-only, so that the next write is noticed.
    Protect,
    /// `vm_page_cache`: clean, its frame free for the taking.
    Cache,
    /// `vm_page_free`: out of memory.
    Free,
    /// `vm_page_flash`: sleepers woken, the page stays busy.
    Flash,
    /// `vm_page_wakeup`: no longer busy, sleepers woken.
    Wakeup,
    /// `vm_page_dirty`.
    Dirty,
    /// The swap pager took it for a transfer.
    SwapInProgress,
    /// `vm_page_zero_fill`.
    ZeroFill,
}

/// A page in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The object it belongs to.
    pub object: ObjectId,
    /// Its place there.
    pub index: PageIndex,
    /// What is so about it.
    pub state: PageState,
    /// Its bytes.
    pub data: PageData,
}

/// How many frames should be free, in pages (`cnt.v_free_*`). The kernel's formulas, but with a
/// reserve that suits machines of a few hundred pages as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PageTargets {
    /// Frames kept back, for the pageout daemon and the like (`v_free_reserved`).
    pub reserved: u32,
    /// Below so many, whoever needs a frame waits (`v_free_min`).
    pub min: u32,
    /// Below so many, memory is very short (`v_free_severe`).
    pub severe: u32,
    /// So many the daemon brings about (`v_free_target`).
    pub target: u32,
    /// And so many on the inactive list (`v_inactive_target`).
    pub inactive: u32,
}

impl PageTargets {
    /// The targets for a machine of so many frames (`vm_pageout`).
    pub fn new(frames: u32) -> PageTargets {
        let reserved = (frames / 32).clamp(2, 50);
        let room = 4 + frames / 200;
        let min = reserved + room;
        let target = 4 * room + reserved;
        PageTargets {
            reserved,
            min,
            severe: reserved + room / 2,
            target,
            inactive: target / 2 * 3,
        }
    }
}

/// A page's object and index in one number, which orders pages by both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64);

impl Key {
    fn new(object: ObjectId, index: PageIndex) -> Key {
        Key(u64::from(object.0) << 32 | u64::from(index.0))
    }

    fn index(self) -> PageIndex {
        PageIndex(self.0 as u32)
    }
}

/// All pages in memory.
#[derive(Clone, Debug)]
pub struct PageTable {
    /// Frames there are.
    capacity: u32,
    /// How many should be free.
    targets: PageTargets,
    /// By frame; `None` is a free frame.
    frames: Vec<Option<Page>>,
    /// Frames given back, the last one first to be used again.
    free: Vec<Frame>,
    /// Which frame holds a page (the hash of vm_page.c, and each object's `memq`).
    by_index: BTreeMap<Key, Frame>,
    /// The lists that pages are on.
    queues: PageQueues,
}

impl PageTable {
    /// So many frames, all free.
    pub fn new(capacity: u32) -> PageTable {
        PageTable {
            capacity,
            targets: PageTargets::new(capacity),
            frames: Vec::new(),
            free: Vec::new(),
            by_index: BTreeMap::new(),
            queues: PageQueues::default(),
        }
    }

    /// Frames there are (`v_page_count`).
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How many frames should be free.
    pub fn targets(&self) -> PageTargets {
        self.targets
    }

    /// Frames that hold nothing (`v_free_count`).
    pub fn free_count(&self) -> u32 {
        self.capacity - self.resident()
    }

    /// Frames that hold nothing, or nothing that could not be had again
    /// (`v_free_count + v_cache_count`).
    pub fn available(&self) -> u32 {
        self.free_count() + self.queues.count(Queue::Cache)
    }

    /// The lists that pages are on.
    pub fn queues(&self) -> &PageQueues {
        &self.queues
    }

    /// Puts a page at the end of the list it is on.
    pub fn requeue(&mut self, frame: Frame) {
        let queue = self.get(frame).map_or(Queue::None, |page| page.state.queue);
        self.queues.remove(queue, frame);
        self.queues.push(queue, frame);
    }

    /// The frame that holds a page (`vm_page_lookup`).
    pub fn lookup(&self, object: ObjectId, index: PageIndex) -> Option<Frame> {
        self.by_index.get(&Key::new(object, index)).copied()
    }

    /// The page in a frame.
    pub fn get(&self, frame: Frame) -> Option<&Page> {
        self.frames.get(frame.0 as usize)?.as_ref()
    }

    /// The pages of an object in memory, in order (`object->memq`).
    pub fn of_object(&self, object: ObjectId) -> impl Iterator<Item = (PageIndex, Frame)> + '_ {
        let all = Key::new(object, PageIndex(0))..=Key::new(object, PageIndex(u32::MAX));
        self.by_index
            .range(all)
            .map(|(key, &frame)| (key.index(), frame))
    }

    /// All pages with their frames, by object and index.
    pub fn iter(&self) -> impl Iterator<Item = (Frame, &Page)> + '_ {
        self.by_index
            .values()
            .filter_map(|&frame| Some((frame, self.get(frame)?)))
    }

    /// Pages in memory.
    pub fn resident(&self) -> u32 {
        self.by_index.len() as u32
    }

    /// Puts a page into a free frame (`vm_page_alloc`, `vm_page_insert`). `None` if a page with
    /// that object and index is in memory already, or if no frame is free.
    pub fn insert(&mut self, page: Page, sink: &mut impl Sink) -> Option<Frame> {
        if self.free_count() == 0 {
            return None;
        }
        let Entry::Vacant(place) = self.by_index.entry(Key::new(page.object, page.index)) else {
            return None;
        };
        let frame = self.free.pop().unwrap_or(Frame(self.frames.len() as u32));
        place.insert(frame);
        if self.frames.len() <= frame.0 as usize {
            self.frames.push(None);
        }
        sink.note(|| Event::PageInserted {
            frame,
            page: page.clone().into(),
        });
        self.queues.push(page.state.queue, frame);
        self.frames[frame.0 as usize] = Some(page);
        Some(frame)
    }

    /// Takes a page out of memory (`vm_page_free`).
    pub fn remove(&mut self, frame: Frame, sink: &mut impl Sink) -> Option<Page> {
        let page = self.frames.get_mut(frame.0 as usize)?.take()?;
        self.by_index.remove(&Key::new(page.object, page.index));
        self.queues.remove(page.state.queue, frame);
        self.free.push(frame);
        sink.note(|| Event::PageRemoved {
            frame,
            page: page.clone().into(),
        });
        Some(page)
    }

    /// Moves a page to another object (`vm_page_rename`). There must be none in its place; its
    /// list and its bytes stay as they are.
    pub fn rename(
        &mut self,
        frame: Frame,
        object: ObjectId,
        index: PageIndex,
        sink: &mut impl Sink,
    ) -> Option<Frame> {
        let page = self.remove(frame, sink)?;
        self.insert(
            Page {
                object,
                index,
                ..page
            },
            sink,
        )
    }

    /// Changes what is so about a page, and tells by which actions.
    #[inline]
    pub fn update(
        &mut self,
        frame: Frame,
        actions: &'static [PageAction],
        change: impl FnOnce(&mut PageState),
        sink: &mut impl Sink,
    ) {
        let Some(page) = self
            .frames
            .get_mut(frame.0 as usize)
            .and_then(Option::as_mut)
        else {
            return;
        };
        let old = page.state;
        change(&mut page.state);
        let (object, index, new) = (page.object, page.index, page.state);
        if old.queue != new.queue {
            self.queues.remove(old.queue, frame);
            self.queues.push(new.queue, frame);
        }
        sink.note(|| Event::PageChanged {
            object,
            index,
            old,
            new,
            actions,
        });
    }

    /// Gives a page other bytes.
    pub fn set_data(&mut self, frame: Frame, data: PageData, sink: &mut impl Sink) {
        let Some(page) = self
            .frames
            .get_mut(frame.0 as usize)
            .and_then(Option::as_mut)
        else {
            return;
        };
        let old = std::mem::replace(&mut page.data, data.clone());
        let (object, index) = (page.object, page.index);
        sink.note(|| Event::PageBytes {
            object,
            index,
            old,
            new: data,
        });
    }
}
