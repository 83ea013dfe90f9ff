//! Giving blocks back (`blist_free`).

use super::{BMAP_RADIX, Blist, BlistError, META_RADIX, Node, Place, SKIP, run_mask};
use crate::event::Sink;
use crate::units::SwapBlock;

impl Blist {
    /// Gives back `count` blocks from `block` on (`blist_free`). With a count of 0 nothing is
    /// freed, but hints on the way to the block may rise, as in the original.
    ///
    /// # Errors
    /// [`BlistError::OutOfRange`], [`BlistError::AlreadyFree`]; nothing has changed then.
    pub fn free(
        &mut self,
        block: SwapBlock,
        count: u32,
        sink: &mut impl Sink,
    ) -> Result<(), BlistError> {
        let end = u64::from(block.0) + u64::from(count);
        if end > u64::from(self.blocks) {
            return Err(BlistError::OutOfRange { block, count });
        }
        if count > 0 && block.0 % BMAP_RADIX + count <= BMAP_RADIX {
            self.free_in_one_leaf(block, count, sink)?;
        } else if self.any_free(block, count) {
            return Err(BlistError::AlreadyFree { block, count });
        } else {
            self.free_at(self.root(), block.0, count, sink);
        }
        self.free += count;
        Ok(())
    }

    /// Gives back blocks of one leaf: what nearly every call does. It writes the same as
    /// [`free_at`](Self::free_at), but looks on the way down the tree and writes on the way up.
    fn free_in_one_leaf(
        &mut self,
        block: SwapBlock,
        count: u32,
        sink: &mut impl Sink,
    ) -> Result<(), BlistError> {
        let already_free = BlistError::AlreadyFree { block, count };
        let mut path = [0; SKIP.len()];
        let mut at = self.root();
        while !at.is_leaf() {
            let value = self.nodes[at.index].value;
            if value == at.radix() {
                return Err(already_free);
            }
            if value + count == at.radix() {
                if self.any_free(block, count) {
                    return Err(already_free);
                }
                break;
            }
            if value == 0 {
                // All below is allocated, so from here on nothing can be free already.
                self.open(at, false, sink);
            }
            path[at.level as usize] = at.index;
            at = at.child(at.child_of(block.0));
        }

        let mut node = self.nodes[at.index];
        if at.is_leaf() {
            let mask = run_mask(block.0 % BMAP_RADIX, count);
            if node.value & mask != 0 {
                return Err(already_free);
            }
            node = Node {
                value: node.value | mask,
                hint: BMAP_RADIX as i32,
            };
        } else {
            // Entirely free now: what is below counts no more, and the hint stays as it is.
            node.value += count;
        }
        self.set(at.index, node, sink);

        for level in at.level + 1..=self.levels {
            let Node {
                hint: child_hint, ..
            } = node;
            let index = path[level as usize];
            let child = (block.0 >> (4 * level + 1)) % META_RADIX;
            self.fits[index].set(child, child_hint);
            node = self.nodes[index];
            if node.value == 0 {
                node.hint = count as i32;
            }
            node = Node {
                value: node.value + count,
                hint: node.hint.max(child_hint),
            };
            self.set(index, node, sink);
        }
        Ok(())
    }

    fn free_at(&mut self, at: Place, block: u32, count: u32, sink: &mut impl Sink) {
        if at.is_leaf() {
            self.free_in_leaf(at, block, count, sink);
        } else {
            self.free_in_node(at, block, count, sink);
        }
    }

    /// `blst_leaf_free`. The hint goes to its maximum: too high costs one look at the leaf, too
    /// low would hide the blocks.
    fn free_in_leaf(&mut self, at: Place, block: u32, count: u32, sink: &mut impl Sink) {
        let value = self.nodes[at.index].value | run_mask(block - at.block, count);
        self.set(
            at.index,
            Node {
                value,
                hint: BMAP_RADIX as i32,
            },
            sink,
        );
    }

    /// `blst_meta_free`.
    fn free_in_node(&mut self, at: Place, block: u32, count: u32, sink: &mut impl Sink) {
        let mut node = self.nodes[at.index];
        if node.value == 0 {
            node.hint = count as i32;
            if count != at.radix() {
                self.open(at, false, sink);
            }
        }
        node.value += count;
        self.set(at.index, node, sink);
        if node.value == at.radix() {
            return;
        }
        let mut next = block;
        let mut left = count;
        for n in at.child_of(block)..META_RADIX {
            let child = at.child(n);
            if child.block >= next + left {
                break;
            }
            let piece = left.min(child.block + child.radix() - next);
            self.free_at(child, next, piece, sink);
            let hint = self.nodes[child.index].hint;
            self.fits[at.index].set(n, hint);
            node.hint = node.hint.max(hint);
            self.set(at.index, node, sink);
            next += piece;
            left -= piece;
        }
    }
}
