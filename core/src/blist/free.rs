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

    /// Gives back blocks of one leaf: what nearly every call does. The same as
    /// [`free_at`](Self::free_at), but down the tree once to look and to write, and up once for
    /// the hints.
    fn free_in_one_leaf(
        &mut self,
        block: SwapBlock,
        count: u32,
        sink: &mut impl Sink,
    ) -> Result<(), BlistError> {
        let mask = run_mask(block.0 % BMAP_RADIX, count);
        let path = self
            .path_to(block, mask)
            .ok_or(BlistError::AlreadyFree { block, count })?;
        let mut lowest = 0;
        for level in (1..=self.levels).rev() {
            let at = path[level as usize];
            let mut node = self.nodes[at.index];
            if node.value == 0 {
                node.hint = count as i32;
                self.open(at, false, sink);
            }
            node.value += count;
            self.set(at.index, node, sink);
            if node.value == at.radix() {
                lowest = level;
                break;
            }
        }
        if lowest == 0 {
            let leaf = path[0].index;
            let value = self.nodes[leaf].value | mask;
            self.set(
                leaf,
                Node {
                    value,
                    hint: BMAP_RADIX as i32,
                },
                sink,
            );
        }
        for level in lowest + 1..=self.levels {
            let (at, child) = (path[level as usize], path[level as usize - 1]);
            let hint = self.nodes[child.index].hint;
            self.fits[at.index].set(at.child_of(block.0), hint);
            let node = self.nodes[at.index];
            if hint > node.hint {
                self.set(at.index, Node { hint, ..node }, sink);
            }
        }
        Ok(())
    }

    /// The nodes from the leaf of a block (first) to the root, or `None` if one of the blocks in
    /// `mask` is free.
    fn path_to(&self, block: SwapBlock, mask: u32) -> Option<[Place; SKIP.len()]> {
        let mut path = [self.root(); SKIP.len()];
        let mut collapsed = false;
        for level in (1..=self.levels).rev() {
            let at = path[level as usize];
            let value = self.nodes[at.index].value;
            if !collapsed && value == at.radix() {
                return None;
            }
            collapsed |= value == 0;
            path[level as usize - 1] = at.child(at.child_of(block.0));
        }
        (collapsed || self.nodes[path[0].index].value & mask == 0).then_some(path)
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
