//! The swap pager: what swap_pager.c does, one file an operation.
//!
//! Nothing here does I/O or sleeps. A transfer is put in a queue for the driver, which hands its
//! result to [`Pager::complete`]. Where the kernel sleeps, an operation returns
//! [`Step::Sleep`] with the wait channel; it is run again when that channel is woken, and looks
//! anew whether it can go on.

mod alloc;
mod copy;
mod dealloc;
mod frames;
mod freespace;
mod getpages;
mod haspage;
mod init;
mod io;
mod iodone;
mod meta;
mod putpages;
mod reserve;
mod strategy;
mod unswapped;

use std::collections::VecDeque;
use std::fmt;

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::PageData;
use crate::buf::{BufId, Bufs, Pool};
use crate::counters::{Count, Counters};
use crate::error::Errno;
use crate::event::{Event, IoCmd, Sink, Transfer};
use crate::object::ObjectTable;
use crate::page::{Frame, PageAction, PageState, PageTable};
use crate::policy::Policy;
use crate::stripe::Interleave;
use crate::swap_meta::SwapMeta;
use crate::swap_space::{SwapOn, SwapSpace};
use crate::units::{DeviceBlock, DeviceId, IoId, ObjectId, PageIndex, SlotId, SwapBlock};
use strategy::Chain;

pub use alloc::Allocated;
pub use copy::Copy;
pub use dealloc::{Dealloc, Deallocated};
pub use getpages::{GetPages, PageinStatus};
pub use haspage::HasPage;
pub use init::Zone;
pub use putpages::{PutPages, Rtval};
pub use reserve::{NoRoom, Reserve};
pub use strategy::{ChainId, Strategy, StrategyCmd, StrategyDone};

/// What an operation sleeps on: the address given to tsleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Channel {
    /// A page that is busy.
    Page(ObjectId, PageIndex),
    /// A buffer whose transfer is under way.
    Buf(BufId),
    /// A limit on buffers that is reached.
    Pool(Pool),
    /// All buffers being in use.
    AnyBuf,
    /// Paging in progress on an object.
    Object(ObjectId),
    /// Transfers of a request of strategy in flight.
    Chain(ChainId),
    /// A device that is being switched off and still has blocks in use.
    Device(SlotId),
    /// Memory being used up.
    FreePages,
    /// Memory running short: what the pageout daemon sleeps on.
    PageoutDaemon,
}

/// A sleep: on what, and under which name (`tsleep`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct WaitChannel {
    /// What would wake it.
    pub on: Channel,
    /// The name that ps shows, such as `swread` (`wmesg`).
    pub wmesg: &'static str,
}

impl fmt::Display for WaitChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wmesg)
    }
}

/// How far an operation came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// To its end.
    Done(T),
    /// It sleeps; run it again when the channel is woken.
    Sleep(WaitChannel),
}

/// A transfer for the driver to carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IoRequest {
    /// Its number, to be given back with the result.
    pub io: IoId,
    /// Its direction.
    pub cmd: IoCmd,
    /// The disk.
    pub device: DeviceId,
    /// The first block there.
    pub block: DeviceBlock,
    /// How many pages.
    pub pages: u32,
    /// For a write, the bytes of each page; empty for a read.
    pub data: Vec<PageData>,
}

/// The result of a transfer: for a read the bytes of each page, for a write nothing.
pub type IoResult = Result<Vec<PageData>, Errno>;

/// The transfer is not in flight: it was never started, or is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownIo(pub IoId);

impl fmt::Display for UnknownIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not in flight", self.0)
    }
}

impl std::error::Error for UnknownIo {}

/// What the pager is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PagerConfig {
    /// Slots for swap devices (`nswdev`).
    pub nswdev: u32,
    /// Buffers for transfers (`nswbuf`).
    pub nswbuf: u32,
    /// Pages of memory (`v_page_count`): the more, the larger the metadata zone.
    pub page_count: u32,
    /// Metadata blocks the kernel has room for.
    pub zone_room: u32,
    /// The low water mark, in pages (`nswap_lowat`).
    pub lowat: u32,
    /// The high water mark, in pages (`nswap_hiwat`).
    pub hiwat: u32,
    /// Which bugs of the original are mended.
    pub fixes: Fixes,
    /// Length of a stripe in pages (`dmmax`); see [`Interleave::new`].
    pub stripe: u32,
    /// How room is found.
    pub policy: Policy,
}

/// Which bugs of the original are mended. None by default: the original decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fixes {
    /// What reserve has left of its last piece goes back to the free space. In the original it
    /// leaks, and the swap of as many pages behind the range is freed instead (line 611).
    pub reserve_tail: bool,
    /// An object with swap beyond page 0x20000000 can be let go of. In the original that is a
    /// panic (line 1935).
    pub far_metadata: bool,
}

impl Fixes {
    /// The names by which lessons and scripts set them, see [`named`](Self::named).
    pub const NAMES: [&str; 2] = ["reserve_tail", "far_metadata"];

    /// One of them by its name.
    pub fn named(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "reserve_tail" => &mut self.reserve_tail,
            "far_metadata" => &mut self.far_metadata,
            _ => return None,
        })
    }
}

/// The swap pager with all it knows.
#[derive(Clone, Debug)]
pub struct Pager<S> {
    /// Devices and free blocks.
    pub space: SwapSpace,
    /// Which block holds which page.
    pub meta: SwapMeta,
    /// Memory objects.
    pub objects: ObjectTable,
    /// Pages in memory.
    pub pages: PageTable,
    /// Buffers.
    pub bufs: Bufs,
    /// Statistics.
    pub counters: Counters,
    /// Whether memory is very short, so that pages go to the cache queue as soon as they are
    /// clean (`vm_page_count_severe`).
    pub severe: bool,
    /// Which bugs of the original are mended.
    pub fixes: Fixes,
    /// Where events go.
    pub events: S,
    /// Transfers the driver has not fetched yet.
    queue: VecDeque<IoRequest>,
    /// Transfers started and not over, oldest first.
    in_flight: Vec<Transfer>,
    /// The number of the last transfer.
    last_io: IoId,
    /// Requests of strategy under way.
    chains: LiteMap<ChainId, Chain>,
    /// The number of the last of them.
    last_chain: ChainId,
    /// Channels woken and not yet looked at.
    woken: VecDeque<Channel>,
}

impl<S: Sink> Pager<S> {
    /// A pager without devices or objects (`swap_pager_init`, `swap_pager_swap_init`, lines 258
    /// and 286).
    pub fn new(config: PagerConfig, mut events: S) -> Pager<S> {
        let zone = Zone::new(config.page_count, config.zone_room);
        if let Some(text) = zone.message() {
            events.note(|| Event::Message { text });
        }
        Pager {
            space: SwapSpace::new(
                Interleave::new(config.nswdev, config.stripe),
                config.policy,
                config.lowat,
                config.hiwat,
            ),
            meta: SwapMeta::new(zone),
            objects: ObjectTable::default(),
            pages: PageTable::new(config.page_count),
            bufs: Bufs::new(config.nswbuf),
            counters: Counters::default(),
            severe: false,
            fixes: config.fixes,
            events,
            queue: VecDeque::new(),
            in_flight: Vec::new(),
            last_io: IoId(0),
            chains: LiteMap::new_vec(),
            last_chain: ChainId(0),
            woken: VecDeque::new(),
        }
    }

    /// Switches a device of so many 512-byte sectors on; see [`SwapSpace::swapon`].
    ///
    /// # Errors
    /// As [`SwapSpace::swapon`].
    pub fn swapon(&mut self, device: DeviceId, sectors: u32) -> Result<SwapOn, Errno> {
        self.space.swapon(device, sectors, &mut self.events)
    }

    /// The next transfer for the driver to carry out.
    pub fn poll_io(&mut self) -> Option<IoRequest> {
        self.queue.pop_front()
    }

    /// Transfers started and not over, oldest first.
    pub fn in_flight(&self) -> &[Transfer] {
        &self.in_flight
    }

    /// The next channel that was woken. Operations that sleep on it are to be run again.
    pub fn poll_wakeup(&mut self) -> Option<Channel> {
        self.woken.pop_front()
    }

    /// Changes what is so about a page and wakes who waits for it, if it may go on: the page is
    /// no longer busy, or `flash` says so (`vm_page_flash`, `vm_page_wakeup`).
    #[inline]
    pub(crate) fn update_page(
        &mut self,
        frame: Frame,
        actions: &'static [PageAction],
        change: impl FnOnce(&mut PageState),
    ) {
        let mut woken = false;
        let update = |state: &mut PageState| {
            let was_transferring = state.swap_in_progress;
            change(state);
            if state.wanted {
                let over = was_transferring && !state.swap_in_progress;
                woken = over || !state.is_busy();
                state.wanted = !woken;
            }
        };
        self.pages.update(frame, actions, update, &mut self.events);
        if woken {
            self.wake_page(frame);
        }
    }

    /// Wakes who waits for the page in a frame.
    fn wake_page(&mut self, frame: Frame) {
        if let Some(page) = self.pages.get(frame) {
            self.wake(Channel::Page(page.object, page.index));
        }
    }

    /// Counts references to an object by paging in progress, and wakes who waits for the last of
    /// them to go (`vm_object_pip_add`, `vm_object_pip_wakeupn`).
    pub(crate) fn pip_change(&mut self, object: ObjectId, change: i64) {
        let mut left = 0;
        let count = |object: &mut crate::object::VmObject| {
            left = (i64::from(object.paging_in_progress) + change).max(0) as u32;
            object.paging_in_progress = left;
        };
        self.objects.update(object, count, &mut self.events);
        if left == 0 {
            self.wake(Channel::Object(object));
        }
    }

    #[inline]
    pub(crate) fn count(&mut self, count: Count) {
        self.counters.add(count);
        self.events.note(|| Event::Counted { count });
    }

    pub(crate) fn printf(&mut self, text: impl FnOnce() -> String) {
        self.events.note(|| Event::Message { text: text() });
    }

    /// Whether a page's block lies in a slot.
    pub(crate) fn is_on(&self, object: ObjectId, index: PageIndex, slot: SlotId) -> bool {
        let block = self.meta_lookup(object, index);
        block.is_some_and(|block| self.space.interleave().slot_of(block) == slot)
    }

    /// Whether a request for the block and one for the next could be one transfer.
    fn same_stripe(&self, a: SwapBlock, b: SwapBlock) -> bool {
        self.space.interleave().same_stripe(a, b)
    }
}
