//! Giving blocks back (`blist_free`).

use super::fits::Hint;
use super::level::{Above, Leaf, Level, Level1, Level2, Level3, Level4, Level5, Level6, at_root};
use super::{BMAP_RADIX, Blist, BlistError, META_RADIX, Node, Place, run_mask};
use crate::event::Sink;
use crate::units::SwapBlock;

impl Blist {
    /// Gives back `count` blocks from `block` on (`blist_free`). With a count of 0 nothing is
    /// freed, but hints on the way to the block may rise, as in the original.
    ///
    /// # Errors
    /// [`BlistError::OutOfRange`], [`BlistError::AlreadyFree`]; nothing has changed then.
    pub fn free<S: Sink>(
        &mut self,
        block: SwapBlock,
        count: u32,
        sink: &mut S,
    ) -> Result<(), BlistError> {
        let end = u64::from(block.0) + u64::from(count);
        if end > u64::from(self.blocks) {
            return Err(BlistError::OutOfRange { block, count });
        }
        let one_leaf = block.0 % BMAP_RADIX + count <= BMAP_RADIX;
        if one_leaf && (count > 0 || !S::ON) {
            // What nearly every call does. (A free of no blocks has told each of its steps, even
            // those that changed nothing.)
            if !self.free_in_one_leaf(block, count, false, sink) {
                return Err(BlistError::AlreadyFree { block, count });
            }
        } else if self.any_free(block, count) {
            return Err(BlistError::AlreadyFree { block, count });
        } else {
            self.free_at(self.root, block.0, count, sink);
        }
        self.free += count;
        Ok(())
    }

    /// Gives back blocks of one leaf in one piece, if it ends the same as giving back one after
    /// the other, and tells whether it did. It does: each block would raise the same hints on the
    /// way. Not so where a node becomes entirely free: only the last block would do that, after
    /// the others had left their marks below.
    pub(crate) fn free_as_each(
        &mut self,
        block: SwapBlock,
        count: u32,
        sink: &mut impl Sink,
    ) -> bool {
        let freed = self.free_in_one_leaf(block, count, true, sink);
        if freed {
            self.free += count;
        }
        freed
    }

    /// Gives back blocks of one leaf, and tells whether it did. It changes nothing if some are
    /// free already, or if a node would become entirely free by several where `as_each` is set.
    fn free_in_one_leaf<S: Sink>(
        &mut self,
        block: SwapBlock,
        count: u32,
        as_each: bool,
        sink: &mut S,
    ) -> bool {
        at_root!(self.root, free_here(self, 0, block.0, count, as_each, sink)).is_some()
    }

    pub(super) fn free_at(&mut self, at: Place, block: u32, count: u32, sink: &mut impl Sink) {
        if at.is_leaf() {
            self.free_in_leaf(at, block, count, sink);
        } else {
            self.free_in_node(at, block, count, sink);
        }
    }

    /// `blst_leaf_free`. The hint goes to its maximum: too high costs one look at the leaf, too
    /// low would hide the blocks.
    fn free_in_leaf(&mut self, at: Place, block: u32, count: u32, sink: &mut impl Sink) {
        let value = self.nodes[at.index()].value | run_mask(block - at.block, count);
        self.set(
            at.index(),
            Node {
                value,
                hint: BMAP_RADIX as i32,
            },
            sink,
        );
    }

    /// `blst_meta_free`.
    fn free_in_node(&mut self, at: Place, block: u32, count: u32, sink: &mut impl Sink) {
        let mut node = self.nodes[at.index()];
        if node.value == 0 {
            node.hint = count as i32;
            if count != at.radix() {
                self.open(at, false, sink);
            }
        }
        node.value += count;
        self.set(at.index(), node, sink);
        if node.value == at.radix() {
            return;
        }
        let mut next = block;
        let mut left = count;
        // At the end of a full tree there is no child left.
        for n in (block - at.block) >> at.shift..META_RADIX {
            let child = at.child(n);
            if child.block >= next + left {
                break;
            }
            let piece = left.min(child.block + child.radix() - next);
            self.free_at(child, next, piece, sink);
            let hint = self.nodes[child.index()].hint;
            self.fits[at.index()].set(n, hint);
            node.hint = node.hint.max(hint);
            self.set(at.index(), node, sink);
            next += piece;
            left -= piece;
        }
    }
}

/// Giving back blocks of one leaf. It writes the same as [`Blist::free_at`], but looks on the way
/// down the tree and writes on the way up.
trait Free: Level {
    /// Gives back blocks below a node and returns its hint; `None` if it may not, see
    /// [`Blist::free_in_one_leaf`].
    fn free<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        as_each: bool,
        sink: &mut S,
    ) -> Option<Hint>;

    /// The same; where events are wanted, as a function of its own, as in
    /// [`Alloc`](super::allocate).
    #[inline(always)]
    fn free_here<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        as_each: bool,
        sink: &mut S,
    ) -> Option<Hint> {
        if S::ON {
            Self::free_apart(list, slot, block, count, as_each, sink)
        } else {
            Self::free(list, slot, block, count, as_each, sink)
        }
    }

    #[inline(never)]
    fn free_apart<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        as_each: bool,
        sink: &mut S,
    ) -> Option<Hint> {
        Self::free(list, slot, block, count, as_each, sink)
    }
}

impl Free for Leaf {
    #[inline(always)]
    fn free<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        _as_each: bool,
        sink: &mut S,
    ) -> Option<Hint> {
        let leaf = list.nodes[slot];
        let mask = run_mask(block % BMAP_RADIX, count);
        if leaf.value & mask != 0 {
            return None;
        }
        let freed = Node {
            value: leaf.value | mask,
            hint: BMAP_RADIX as i32,
        };
        list.set(slot, freed, sink);
        Some(Hint {
            before: leaf.hint,
            after: freed.hint,
        })
    }
}

impl<Below: Free> Free for Above<Below> {
    #[inline(always)]
    fn free<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        as_each: bool,
        sink: &mut S,
    ) -> Option<Hint> {
        let mut node = list.nodes[slot];
        let before = node.hint;
        if node.value + count >= Self::RADIX {
            // Either all that is allocated here is freed now, or more than that.
            if as_each && count > 1 || list.any_free(SwapBlock(block), count) {
                return None;
            }
            // What is below counts no more, and the hint stays as it is.
            node.value += count;
            list.set(slot, node, sink);
            let after = before;
            return Some(Hint { before, after });
        }
        if node.value == 0 {
            // All below is allocated, so that nothing can be free already.
            list.open(
                Self::place(slot, block / Self::RADIX * Self::RADIX),
                false,
                sink,
            );
            node.hint = count as i32;
        }
        if count == 0 && block.is_multiple_of(1 << Self::SHIFT) {
            // No child reaches beyond where it ends.
            list.set(slot, node, sink);
            let after = node.hint;
            return Some(Hint { before, after });
        }
        let child = (block >> Self::SHIFT) % META_RADIX;
        let below = slot + 1 + (child * Self::STRIDE) as usize;
        let hint = Below::free_here(list, below, block, count, as_each, sink)?;
        if hint.changed() {
            list.fits[slot].set(child, hint.after);
        }
        let after = node.hint.max(hint.after);
        node = Node {
            value: node.value + count,
            hint: after,
        };
        list.set(slot, node, sink);
        Some(Hint { before, after })
    }
}
