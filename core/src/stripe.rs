//! How the swap space is dealt out to the devices (`swapdev_strategy` in vm_swap.c, and
//! `BLK2DEVIDX`, line 137).
//!
//! The space is one line of blocks. It is cut into stripes of [`DMMAX`] blocks, and the stripes
//! go to the slots in turn: slot 0, 1, 2, 3, 0, … whether a slot holds a device or not.

use crate::units::{DMMAX, DeviceBlock, SlotId, SwapBlock};

/// The interleave over a number of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interleave {
    slots: u32,
}

impl Interleave {
    /// An interleave over `slots` slots (`nswdev`); 0 counts as 1.
    pub fn new(slots: u32) -> Interleave {
        Interleave {
            slots: slots.max(1),
        }
    }

    /// Slots, filled or empty (`nswdev`).
    pub fn slots(self) -> u32 {
        self.slots
    }

    /// Where a swap block lies: which slot, and which block of the device there.
    pub fn locate(self, block: SwapBlock) -> (SlotId, DeviceBlock) {
        let stripe = block.0 / DMMAX;
        let slot = stripe % self.slots;
        let row = stripe / self.slots;
        (SlotId(slot), DeviceBlock(row * DMMAX + block.0 % DMMAX))
    }

    /// The slot whose device holds a swap block (`BLK2DEVIDX`).
    pub fn slot_of(self, block: SwapBlock) -> SlotId {
        SlotId(block.0 / DMMAX % self.slots)
    }

    /// The swap block at a place of a device: the inverse of [`locate`](Self::locate).
    pub fn swap_block(self, slot: SlotId, block: DeviceBlock) -> SwapBlock {
        let stripe = block.0 / DMMAX * self.slots + slot.0;
        SwapBlock(stripe * DMMAX + block.0 % DMMAX)
    }

    /// Whether two blocks lie in the same stripe (`dmmax_mask`, line 276).
    pub fn same_stripe(self, a: SwapBlock, b: SwapBlock) -> bool {
        a.0 / DMMAX == b.0 / DMMAX
    }

    /// Whether a request stays on one device: with more than one slot it must not cross the
    /// border of a stripe.
    pub fn fits(self, block: SwapBlock, pages: u32) -> bool {
        self.slots == 1 || block.0 % DMMAX + pages <= DMMAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_second_row_of_four_slots_begins_at_block_128() {
        let four = Interleave::new(4);
        assert_eq!(four.locate(SwapBlock(127)), (SlotId(3), DeviceBlock(31)));
        assert_eq!(four.locate(SwapBlock(128)), (SlotId(0), DeviceBlock(32)));
        assert_eq!(four.locate(SwapBlock(332)), (SlotId(2), DeviceBlock(76)));
    }

    proptest! {
        #[test]
        fn every_block_has_one_place(slots in 1u32..=4, block in 0u32..0x0400_0000) {
            let interleave = Interleave::new(slots);
            let (slot, at) = interleave.locate(SwapBlock(block));
            prop_assert!(slot.0 < slots);
            prop_assert_eq!(interleave.swap_block(slot, at), SwapBlock(block));
        }
    }
}
