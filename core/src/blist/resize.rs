//! Growing and shrinking (`blist_resize`, `blist_fill`).

use super::{BMAP_RADIX, Blist, BlistError, Place};
use crate::event::{NoEvents, Sink};
use crate::units::SwapBlock;

impl Blist {
    /// Rebuilds the list for `blocks` blocks: what was free stays free, what falls off the end
    /// is forgotten, and what is new is allocated, or free if `free_new` says so
    /// (`blist_resize`). All hints start afresh, even if the size stays the same.
    ///
    /// The caller tells of the change as a whole; no event is made for single nodes.
    ///
    /// # Errors
    /// [`BlistError::BadSize`]; nothing has changed then.
    pub fn resize(&mut self, blocks: u32, free_new: bool) -> Result<(), BlistError> {
        let mut rebuilt = Blist::new(blocks)?;
        let kept = self.blocks.min(blocks);
        self.copy_free(self.root, kept, &mut rebuilt)?;
        if free_new && kept < blocks {
            rebuilt.free(SwapBlock(kept), blocks - kept, &mut NoEvents)?;
        }
        *self = rebuilt;
        Ok(())
    }

    /// Takes whatever is still free in the range and returns how many blocks that were
    /// (`blist_fill`, which FreeBSD got later, for swapoff).
    ///
    /// # Errors
    /// [`BlistError::OutOfRange`].
    pub fn fill(
        &mut self,
        block: SwapBlock,
        count: u32,
        sink: &mut impl Sink,
    ) -> Result<u32, BlistError> {
        if u64::from(block.0) + u64::from(count) > u64::from(self.blocks) {
            return Err(BlistError::OutOfRange { block, count });
        }
        let free: Vec<u32> = (block.0..block.0 + count)
            .filter(|&b| self.any_free(SwapBlock(b), 1))
            .collect();
        for &b in &free {
            self.fill_one(b, sink);
        }
        Ok(free.len() as u32)
    }

    /// Frees in `target` what is free here among the first `count` blocks below `at`, in
    /// ascending order and in pieces as large as the tree has them (`blst_copy`).
    fn copy_free(&self, at: Place, count: u32, target: &mut Blist) -> Result<(), BlistError> {
        let node = self.nodes[at.index()];
        let mut free = |block, count| target.free(SwapBlock(block), count, &mut NoEvents);
        if at.is_leaf() {
            if node.value == u32::MAX {
                return free(at.block, count);
            }
            for bit in (0..count.min(BMAP_RADIX)).filter(|bit| node.value & (1 << bit) != 0) {
                free(at.block + bit, 1)?;
            }
            return Ok(());
        }
        if node.value == 0 {
            return Ok(());
        }
        if node.value == at.radix() {
            return free(at.block, count.min(at.radix()));
        }
        let mut left = count;
        for (_, child) in self.children(at) {
            let piece = left.min(child.radix());
            if piece == 0 {
                break;
            }
            self.copy_free(child, piece, target)?;
            left -= piece;
        }
        Ok(())
    }

    /// Takes one block that is known to be free.
    fn fill_one(&mut self, block: u32, sink: &mut impl Sink) {
        let mut at = self.root;
        while !at.is_leaf() {
            let mut node = self.nodes[at.index()];
            if node.value == at.radix() {
                self.open(at, true, sink);
            }
            node.value -= 1;
            node.hint = node.hint.min(node.value as i32);
            self.set(at.index(), node, sink);
            at = at.child(at.child_of(block));
        }
        let mut leaf = self.nodes[at.index()];
        leaf.value &= !(1 << (block - at.block));
        self.set(at.index(), leaf, sink);
        self.free -= 1;
        self.refresh_fits(block);
    }

    /// Copies the hints on the way to a block, after they sank.
    fn refresh_fits(&mut self, block: u32) {
        let mut at = self.root;
        while !at.is_leaf() {
            let n = at.child_of(block);
            let child = at.child(n);
            self.fits[at.index()].set(n, self.nodes[child.index()].hint);
            at = child;
        }
    }
}
