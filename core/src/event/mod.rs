//! What happened: every change of state, with what was before and what is after.
//!
//! Events are complete and can be taken back: [`Model`](crate::Model) applies and reverts them,
//! and folding all of them gives exactly what [`Vm::snapshot`](crate::Vm::snapshot) shows. Those
//! that change nothing tell why something was done.
//!
//! History keeps hundreds of thousands of them, so they are small: what is large and happens
//! seldom is boxed, and what happens for every page has an event of its own.

mod parts;
mod sink;

use std::sync::Arc;

use serde::Serialize;

use crate::PageData;
use crate::blist::{Finding, Node};
use crate::buf::{Pool, Pools};
use crate::command::{Command, OpResult};
use crate::counters::Count;
use crate::error::Errno;
use crate::object::{Handle, VmObject};
use crate::page::{Frame, PageAction, PageState};
use crate::pager::{Rtval, WaitChannel};
use crate::swap_space::{Device, Full};
use crate::units::{ObjectId, OpId, PageIndex, SlotId, SwapBlock};

pub use parts::{BlistImage, IoCmd, PageRecord, Place, Transfer};
pub use sink::{EventQueue, NoEvents, Sink};

/// Most are kept in the browser, whose pointers have four bytes.
const _: () = assert!(
    size_of::<Event>()
        <= if cfg!(target_pointer_width = "32") {
            48
        } else {
            56
        }
);

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "ev")]
pub enum Event {
    // What a person asked for.
    /// A command began.
    OpStarted {
        /// Its number.
        op: OpId,
        /// What was asked.
        command: Arc<Command>,
    },
    /// An operation can't go on and sleeps on a wait channel (`tsleep`).
    OpSlept {
        /// Which.
        op: OpId,
        /// On what.
        channel: WaitChannel,
    },
    /// A sleeping operation goes on (`wakeup`).
    OpWoken {
        /// Which.
        op: OpId,
        /// What it slept on.
        channel: WaitChannel,
    },
    /// An operation ended.
    OpEnded {
        /// Which.
        op: OpId,
        /// What was asked.
        command: Arc<Command>,
        /// What came of it.
        result: Box<OpResult>,
    },
    /// The kernel printed a line (`printf`).
    Message {
        /// The line.
        text: String,
    },

    // The swap space.
    /// A device was switched on, is being switched off, or was.
    DeviceChanged {
        /// Its slot.
        slot: SlotId,
        /// Before.
        old: Option<Box<Device>>,
        /// After.
        new: Option<Box<Device>>,
    },
    /// The pages in use on a device changed (`sw_used`).
    DeviceUsed {
        /// Its slot.
        slot: SlotId,
        /// Before.
        old: i64,
        /// After.
        new: i64,
    },
    /// The free pages of all swap changed (`vm_swap_size`).
    FreeChanged {
        /// Before.
        old: u32,
        /// After.
        new: u32,
    },
    /// The full states changed (`swap_pager_full`, `swap_pager_almost_full`).
    FullChanged {
        /// Before.
        old: Full,
        /// After.
        new: Full,
    },
    /// Room for so many pages was sought (`swp_pager_getswapspace`).
    GetSwapSpace {
        /// How many, in one run.
        pages: u32,
        /// The first block, if there was room.
        found: Option<SwapBlock>,
    },
    /// Blocks went back to the free space (`swp_pager_freeswapspace`).
    FreeSwapSpace {
        /// The first.
        block: SwapBlock,
        /// How many.
        pages: u32,
    },
    /// The allocator was made or rebuilt (`blist_create`, `blist_resize`).
    BlistReplaced {
        /// Before.
        old: Option<Arc<BlistImage>>,
        /// After.
        new: Arc<BlistImage>,
    },
    /// A node of the allocator changed.
    BlistNode {
        /// Its slot.
        index: u32,
        /// Before.
        old: Node,
        /// After.
        new: Node,
    },
    /// A search begins in a way that the original does not know: from another block than the
    /// first, or on one device. If it finds nothing, another may follow for the same room. See
    /// [`Policy`](crate::Policy).
    SearchBegan {
        /// The first block it may take.
        from: SwapBlock,
        /// Where it has to lie, if not anywhere.
        slot: Option<SlotId>,
    },
    /// A search looked at a node of the allocator.
    BlistVisited {
        /// Its slot.
        index: u32,
        /// The first block it covers.
        block: SwapBlock,
        /// How many blocks it covers.
        covers: u32,
        /// Whether it is a leaf.
        leaf: bool,
        /// Its hint as the search found it.
        hint: i32,
        /// The run sought, in blocks.
        sought: u32,
        /// What came of it.
        finding: Finding,
    },

    // Metadata.
    /// A metadata block was made and hung at the end of its hash chain.
    SwblockAdded {
        /// The chain.
        bucket: u32,
        /// The object it is for.
        object: ObjectId,
        /// The first page it is for.
        index: PageIndex,
    },
    /// A metadata block lost its last mapping and is gone.
    SwblockRemoved {
        /// The chain.
        bucket: u32,
        /// Its place there, from 0.
        position: u32,
        /// The object it was for.
        object: ObjectId,
        /// The first page it was for.
        index: PageIndex,
    },
    /// A page got, changed or lost its swap block.
    MetaSet {
        /// The object.
        object: ObjectId,
        /// The page.
        index: PageIndex,
        /// Before.
        old: Option<SwapBlock>,
        /// After.
        new: Option<SwapBlock>,
    },

    // Objects and pages.
    /// A name was given a handle.
    Named {
        /// The handle.
        handle: Handle,
        /// The name.
        name: String,
    },
    /// An object was made.
    ObjectCreated {
        /// The object.
        object: Box<VmObject>,
    },
    /// Something about an object changed.
    ObjectChanged {
        /// Before.
        old: Box<VmObject>,
        /// After.
        new: Box<VmObject>,
    },
    /// More or less of an object is paging (`paging_in_progress`), and nothing else about it
    /// changed.
    PagingInProgress {
        /// The object.
        object: ObjectId,
        /// Before.
        old: u32,
        /// After.
        new: u32,
    },
    /// An object is gone.
    ObjectDestroyed {
        /// As it was.
        object: Box<VmObject>,
    },
    /// A page came into memory.
    PageInserted {
        /// The frame that holds it.
        frame: Frame,
        /// The page.
        page: PageRecord,
    },
    /// Something about a page changed.
    PageChanged {
        /// The object.
        object: ObjectId,
        /// The page.
        index: PageIndex,
        /// Before.
        old: PageState,
        /// After.
        new: PageState,
        /// What the kernel did to it, in order.
        actions: &'static [PageAction],
    },
    /// A page got other bytes.
    PageBytes {
        /// The object.
        object: ObjectId,
        /// The page.
        index: PageIndex,
        /// Before.
        #[serde(skip)]
        old: PageData,
        /// After.
        #[serde(skip)]
        new: PageData,
    },
    /// A page went out of memory.
    PageRemoved {
        /// The frame that held it.
        frame: Frame,
        /// The page.
        page: PageRecord,
    },

    // The pagerops.
    /// Pages are handed to the pager to be written (`swap_pager_putpages`).
    PutPages {
        /// The object.
        object: ObjectId,
        /// The first page.
        start: PageIndex,
        /// How many.
        count: u32,
        /// Whether the caller waits for each write.
        sync: bool,
    },
    /// What putpages answered, a value a page.
    PutPagesReturned {
        /// The object.
        object: ObjectId,
        /// The first page.
        start: PageIndex,
        /// The answers.
        rtvals: Vec<Rtval>,
    },
    /// A page is asked of the pager, others around it welcome (`swap_pager_getpages`).
    GetPages {
        /// The object.
        object: ObjectId,
        /// The first page offered.
        start: PageIndex,
        /// How many are offered.
        count: u32,
        /// The page that must come.
        wanted: PageIndex,
    },

    // Buffers and transfers.
    /// A buffer was taken (`getpbuf`).
    BufTaken {
        /// The pool it counts against.
        pool: Option<Pool>,
    },
    /// A buffer was given back (`relpbuf`).
    BufReleased {
        /// The pool it counts against.
        pool: Option<Pool>,
    },
    /// The limits of the pools were set.
    PoolsChanged {
        /// Before.
        old: Box<Pools>,
        /// After.
        new: Box<Pools>,
    },
    /// A transfer was handed to a device (`VOP_STRATEGY`).
    IoStarted {
        /// The transfer.
        transfer: Box<Transfer>,
    },
    /// A transfer is over (`biodone`).
    IoDone {
        /// The transfer.
        transfer: Box<Transfer>,
        /// Its place among the transfers in flight, from 0.
        position: u32,
        /// Why it failed, if it did.
        error: Option<Errno>,
    },
    /// The statistics moved.
    Counted {
        /// By what.
        count: Count,
    },
}
