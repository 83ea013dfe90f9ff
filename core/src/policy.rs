//! Where a search for room on swap begins, and what it may take.
//!
//! The original knows one way. The two others came later, and are here to be compared with it; as
//! near to the later code as one linear space of blocks lets them be. What differs stands with
//! each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How room is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// From the first block on, the first run that is long enough: what the original does
    /// (`blist_alloc`).
    #[default]
    FirstFit,
    /// From the leaf on that gave room last, and if there is none up to the end, from the first
    /// block on. This is what DragonFly's pager has code for (`blist_allocat` with
    /// `swapiterator`, tried twice). As there, the leaf is looked at as a whole, so that room
    /// before the last allocation in the same leaf may be taken; and a node whose first blocks
    /// were passed over keeps its hint. In the version we know, the line that moves
    /// `swapiterator` is commented out; here it moves.
    NextFit,
    /// On the devices in turn, beginning behind the one that gave room last, and on each the
    /// first run that is long enough. So it has been in FreeBSD since 5.2
    /// (`swp_pager_getswapspace`). There each device has an allocator and a range of blocks of
    /// its own, and there are no stripes. Here all share one tree, and a device is searched by
    /// looking at its leaves only: nodes above leaves are for all devices, so they are looked at
    /// more often than there, and their hints are lowered only where no leaf was left out. A
    /// device with fewer pages free than are sought is not searched at all. The turn goes by
    /// slots; there by the order of swapon. After a search that found nothing it begins with the
    /// first device again, as there.
    RoundRobin,
}

impl Policy {
    /// All there are.
    pub const ALL: [Policy; 3] = [Policy::FirstFit, Policy::NextFit, Policy::RoundRobin];

    /// Whether the pager of 2001 did it so.
    pub fn is_original(&self) -> bool {
        *self == Policy::FirstFit
    }

    /// The shortest stripe it makes sense with. Where devices are searched one by one, a leaf has
    /// to lie on one of them.
    pub(crate) fn shortest_stripe(self) -> u32 {
        match self {
            Policy::RoundRobin => crate::blist::BMAP_RADIX,
            Policy::FirstFit | Policy::NextFit => 0,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Policy::FirstFit => "first fit",
            Policy::NextFit => "next fit",
            Policy::RoundRobin => "round robin",
        })
    }
}
