//! Giving blocks back (`blist_free`).

use super::{BMAP_RADIX, Blist, BlistError, META_RADIX, Node, Place, run_mask};
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
        if self.any_free(block, count) {
            return Err(BlistError::AlreadyFree { block, count });
        }
        self.free_at(self.root(), block.0, count, sink);
        self.free += count;
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
            node = Node {
                value: count,
                hint: count as i32,
            };
            if count != at.radix {
                self.open_all_allocated(at, sink);
            }
        } else {
            node.value += count;
        }
        self.set(at.index, node, sink);
        if node.value == at.radix {
            return;
        }

        let radix = at.child_radix();
        let mut next = block;
        let mut left = count;
        for child in ((block - at.block) / radix..META_RADIX).map(|n| at.child(n)) {
            if child.block >= next + left {
                break;
            }
            let piece = left.min(child.block + radix - next);
            self.free_at(child, next, piece, sink);
            node.hint = node.hint.max(self.nodes[child.index].hint);
            self.set(at.index, node, sink);
            next += piece;
            left -= piece;
        }
    }

    /// Gives the children of a collapsed all-allocated node their real contents again.
    fn open_all_allocated(&mut self, at: Place, sink: &mut impl Sink) {
        for child in (0..META_RADIX).map(|n| at.child(n)) {
            if self.nodes[child.index].is_terminator() {
                break;
            }
            self.set(child.index, Node::default(), sink);
        }
    }
}
