//! The quantities of the pager, each a type of its own.
//!
//! The kernel counts nearly everything in pages and calls most of it `daddr_t` or
//! `vm_pindex_t`. Here a swap block, a block of a device and an index into an object can't be
//! mistaken for one another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bytes in a page, and in a swap block (`PAGE_SIZE`).
pub const PAGE_SIZE: usize = 4096;

/// Largest cluster that one pageout writes, in pages (`MAX_PAGEOUT_CLUSTER`, line 87).
pub const MAX_PAGEOUT_CLUSTER: u32 = 16;

/// Pages a cluster of the pager may hold (`SWB_NPAGES`, line 90).
pub const SWB_NPAGES: u32 = MAX_PAGEOUT_CLUSTER;

/// Length of a stripe in pages: so many blocks lie on one device before the next takes over
/// (`dmmax`, line 275). A machine can be built with other [stripes](crate::stripe::STRIPES).
pub const DMMAX: u32 = SWB_NPAGES * 2;

/// Most slots for swap devices a machine can have (`NSWAPDEV`).
pub const NSWAPDEV: u32 = 4;

/// Largest transfer of the kernel, in bytes (`MAXPHYS`).
pub const MAXPHYS: u32 = 128 * 1024;

/// Bytes in the unit that disks are measured in (`DEV_BSIZE`).
pub const DEV_BSIZE: usize = 512;

/// Sectors of [`DEV_BSIZE`] bytes in a page.
pub const SECTORS_PER_PAGE: u32 = (PAGE_SIZE / DEV_BSIZE) as u32;

/// Sectors the largest device may have, times the number of slots (swapon's limit,
/// `0x40000000 / BLIST_META_RADIX`).
pub const MAX_SWAP_SECTORS: u32 = 0x4000_0000 / 16;

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $shown:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($shown, "{}"), self.0)
            }
        }
    };
}

unit! {
    /// A block of the swap space, one page long (`daddr_t` in swap_pager.c). The space is one
    /// line of blocks, dealt out to the devices stripe by stripe. "No block" (`SWAPBLK_NONE`)
    /// is `None`.
    SwapBlock, ""
}

unit! {
    /// A block of one swap device, one page long, counted from the start of that device.
    DeviceBlock, ""
}

unit! {
    /// The identity of a disk, whatever slot it is in (`sw_vp` in vm_swap.c).
    DeviceId, "disk "
}

unit! {
    /// A place for a swap device in the interleave (an index into `swdevt`).
    SlotId, "slot "
}

unit! {
    /// A memory object (`vm_object_t`). Numbers start at 1 and are never given out twice.
    ObjectId, "object "
}

unit! {
    /// The place of a page in its object, in pages (`vm_pindex_t`).
    PageIndex, "page "
}

unit! {
    /// A transfer between the pager and a swap device, from start to completion. Numbers start
    /// at 1 and are never given out twice.
    IoId, "I/O "
}

unit! {
    /// An operation that a command began. Numbers start at 1 and are never given out twice.
    OpId, "op "
}

impl OpId {
    /// The pageout daemon, which no command began.
    pub const PAGEOUT_DAEMON: OpId = OpId(0);
}

impl SwapBlock {
    /// The block `n` further on. `n` must not lead past the end of the swap space, which is
    /// far below `u32::MAX`.
    pub fn offset(self, n: u32) -> SwapBlock {
        SwapBlock(self.0 + n)
    }
}

impl PageIndex {
    /// The page `n` further on, at most the last that can be counted.
    pub fn offset(self, n: u32) -> PageIndex {
        PageIndex(self.0.saturating_add(n))
    }
}
