//! What there is of room on swap at a moment, and in how many pieces.

use crate::Model;
use crate::blist::BMAP_RADIX;
use crate::units::{DeviceBlock, MAX_PAGEOUT_CLUSTER, SlotId};

/// The room on swap, and how what lies there lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Free pages (`vm_swap_size`).
    pub free: u64,
    /// Runs of free blocks on one disk with blocks behind them that are in use.
    pub holes: u64,
    /// The longest run of free blocks on one disk.
    pub longest: u64,
    /// How many clusters of 16 pages fit that end up in one transfer: neither a leaf nor a stripe
    /// may end in them.
    pub clusters: u64,
    /// Runs of pages that lie in a row: so many transfers it takes at least to read all that is on
    /// swap.
    pub runs: u64,
}

impl Room {
    /// Of a machine at a moment.
    pub fn of(model: &Model) -> Room {
        let mut room = Room {
            free: u64::from(model.free),
            ..Room::default()
        };
        let interleave = model.interleave;
        // No run of blocks of a search leaves its leaf, and no transfer leaves its stripe.
        let whole = interleave.stripe().min(BMAP_RADIX);
        for (slot, device) in (0..).map(SlotId).zip(&model.slots) {
            let Some(device) = device.filter(|device| !device.closing) else {
                continue;
            };
            let (mut hole, mut within) = (0, 0);
            let mut before = None;
            for at in interleave.stripe()..device.pages {
                let block = interleave.swap_block(slot, DeviceBlock(at));
                let owner = model.owners.get(block.0 as usize).copied().flatten();
                if at % whole == 0 {
                    within = 0;
                }
                if at % interleave.stripe() == 0 {
                    before = None;
                }
                if let Some((object, page)) = owner {
                    room.holes += u64::from(hole > 0);
                    (hole, within) = (0, 0);
                    let follows = before == page.0.checked_sub(1).map(|last| (object, last));
                    room.runs += u64::from(!follows || before.is_none());
                    before = Some((object, page.0));
                    continue;
                }
                before = None;
                (hole, within) = (hole + 1, within + 1);
                room.longest = room.longest.max(hole);
                room.clusters += u64::from(within % MAX_PAGEOUT_CLUSTER == 0);
            }
        }
        room
    }
}
