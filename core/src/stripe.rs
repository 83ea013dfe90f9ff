//! How the swap space is dealt out to the devices (`swapdev_strategy` in vm_swap.c, and
//! `BLK2DEVIDX`, line 137).
//!
//! The space is one line of blocks. It is cut into stripes, of [`DMMAX`](crate::units::DMMAX)
//! blocks in the original, and the stripes go to the slots in turn: slot 0, 1, 2, 3, 0, … whether
//! a slot holds a device or not.

use std::ops::RangeInclusive;

use crate::units::{DeviceBlock, SlotId, SwapBlock};

/// The lengths in blocks that a stripe can have; of those between, the powers of two.
pub const STRIPES: RangeInclusive<u32> = 8..=128;

/// The interleave over a number of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interleave {
    slots: u32,
    /// The binary logarithm of the stripe's length.
    shift: u32,
}

impl Interleave {
    /// An interleave over `slots` slots (`nswdev`) with stripes of so many blocks (`dmmax`). What
    /// makes no sense is brought to the nearest that does: at least one slot, and a length in
    /// [`STRIPES`].
    pub fn new(slots: u32, stripe: u32) -> Interleave {
        let stripe = stripe.clamp(*STRIPES.start(), *STRIPES.end());
        Interleave {
            slots: slots.max(1),
            shift: stripe.ilog2(),
        }
    }

    /// Slots, filled or empty (`nswdev`).
    pub fn slots(self) -> u32 {
        self.slots
    }

    /// Length of a stripe in blocks (`dmmax`).
    pub fn stripe(self) -> u32 {
        1 << self.shift
    }

    /// How many pages of a disk swapping can use: all but the first stripe.
    pub fn usable(self, disk_pages: u32) -> u32 {
        disk_pages.saturating_sub(self.stripe())
    }

    /// The number of the stripe that a swap block lies in.
    pub fn stripe_of(self, block: SwapBlock) -> u32 {
        block.0 >> self.shift
    }

    /// The first swap block of a stripe.
    pub fn first_of(self, stripe: u32) -> SwapBlock {
        SwapBlock(stripe << self.shift)
    }

    /// Where a swap block lies: which slot, and which block of the device there.
    pub fn locate(self, block: SwapBlock) -> (SlotId, DeviceBlock) {
        let stripe = self.stripe_of(block);
        let slot = stripe % self.slots;
        let row = stripe / self.slots;
        let at = (row << self.shift) + self.within(block.0);
        (SlotId(slot), DeviceBlock(at))
    }

    /// The slot whose device holds a swap block (`BLK2DEVIDX`).
    pub fn slot_of(self, block: SwapBlock) -> SlotId {
        SlotId(self.stripe_of(block) % self.slots)
    }

    /// The swap block at a place of a device: the inverse of [`locate`](Self::locate).
    pub fn swap_block(self, slot: SlotId, block: DeviceBlock) -> SwapBlock {
        let stripe = (block.0 >> self.shift) * self.slots + slot.0;
        self.first_of(stripe).offset(self.within(block.0))
    }

    /// The first block from this one on that lies in a slot, which is one of those there are.
    pub fn next_in(self, slot: SlotId, block: SwapBlock) -> SwapBlock {
        let stripe = self.stripe_of(block);
        match (slot.0 + self.slots - stripe % self.slots) % self.slots {
            0 => block,
            ahead => self.first_of(stripe + ahead),
        }
    }

    /// Whether two blocks lie in the same stripe (`dmmax_mask`, line 276).
    pub fn same_stripe(self, a: SwapBlock, b: SwapBlock) -> bool {
        self.stripe_of(a) == self.stripe_of(b)
    }

    /// Blocks from this one to the end of its stripe.
    pub fn left_in_stripe(self, block: SwapBlock) -> u32 {
        self.stripe() - self.within(block.0)
    }

    /// Whether a request stays on one device: with more than one slot it must not cross the
    /// border of a stripe.
    pub fn fits(self, block: SwapBlock, pages: u32) -> bool {
        self.slots == 1 || pages <= self.left_in_stripe(block)
    }

    /// How far into its stripe a block lies.
    fn within(self, block: u32) -> u32 {
        block & (self.stripe() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::DMMAX;
    use proptest::prelude::*;

    #[test]
    fn the_first_stripe_of_a_disk_is_not_for_swap() {
        let four = Interleave::new(4, DMMAX);
        assert_eq!(four.usable(4096), 4064);
        assert_eq!(four.usable(32), 0);
        assert_eq!(four.usable(33), 1);
    }

    #[test]
    fn the_second_row_of_four_slots_begins_at_block_128() {
        let four = Interleave::new(4, DMMAX);
        assert_eq!(four.locate(SwapBlock(127)), (SlotId(3), DeviceBlock(31)));
        assert_eq!(four.locate(SwapBlock(128)), (SlotId(0), DeviceBlock(32)));
        assert_eq!(four.locate(SwapBlock(332)), (SlotId(2), DeviceBlock(76)));
    }

    #[test]
    fn a_stripe_has_a_length_that_makes_sense() {
        let lengths = [0, 1, 8, 15, 32, 100, 128, 4000].map(|n| Interleave::new(4, n).stripe());
        assert_eq!(lengths, [8, 8, 8, 8, 32, 64, 128, 128]);
    }

    proptest! {
        #[test]
        fn every_block_has_one_place(
            slots in 1u32..=4,
            shift in 3u32..=7,
            block in 0u32..0x0400_0000,
            pages in 0u32..40,
        ) {
            let interleave = Interleave::new(slots, 1 << shift);
            let (slot, at) = interleave.locate(SwapBlock(block));
            prop_assert!(slot.0 < slots);
            prop_assert_eq!(slot, interleave.slot_of(SwapBlock(block)));
            prop_assert_eq!(interleave.swap_block(slot, at), SwapBlock(block));
            let last = SwapBlock(block + pages.max(1) - 1);
            let one_stripe = interleave.same_stripe(SwapBlock(block), last);
            prop_assert_eq!(interleave.fits(SwapBlock(block), pages), slots == 1 || one_stripe);
        }

        #[test]
        fn the_next_block_of_a_slot_is_the_first_that_lies_there(
            slots in 1u32..=4,
            shift in 3u32..=7,
            slot in 0u32..4,
            block in 0u32..10_000,
        ) {
            let interleave = Interleave::new(slots, 1 << shift);
            let slot = SlotId(slot % slots);
            let first = (block..).map(SwapBlock).find(|&b| interleave.slot_of(b) == slot);
            prop_assert_eq!(Some(interleave.next_in(slot, SwapBlock(block))), first);
        }
    }
}
