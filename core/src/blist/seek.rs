//! Finding free blocks elsewhere than from the first block on, for the policies that came later.

use super::allocate::leaf_alloc;
use super::{Blist, BlistError, Finding, MAX_ALLOC, Node, Place};
use crate::event::Sink;
use crate::units::SwapBlock;

impl Blist {
    /// As [`alloc`](Self::alloc), but only in some of the leaves. `next` tells from which block
    /// on, at or behind the one it is given, blocks will do; a leaf is taken or left as a whole.
    ///
    /// A node keeps its hint if leaves below it were passed over that might have had room. So it
    /// is in DragonFly (`blist_allocat`).
    ///
    /// # Errors
    /// [`BlistError::BadCount`].
    pub fn alloc_where<S: Sink>(
        &mut self,
        count: u32,
        next: &dyn Fn(SwapBlock) -> SwapBlock,
        sink: &mut S,
    ) -> Result<Option<SwapBlock>, BlistError> {
        if count == 0 || count > MAX_ALLOC {
            return Err(BlistError::BadCount(count));
        }
        let (found, _) = self.seek(self.root, count, next, sink);
        if found.is_some() {
            self.free -= count;
        }
        Ok(found.map(SwapBlock))
    }

    /// Takes blocks below a node. Returns the first, if there was room, and whether the node's
    /// hint, as it is now, speaks of all leaves below.
    fn seek<S: Sink>(
        &mut self,
        at: Place,
        count: u32,
        next: &dyn Fn(SwapBlock) -> SwapBlock,
        sink: &mut S,
    ) -> (Option<u32>, bool) {
        if at.is_leaf() {
            return (leaf_alloc(self, at, count, sink), true);
        }
        let node = self.nodes[at.index()];
        if node.value == 0 {
            self.found(at, count, Finding::AllAllocated, sink);
            return (None, true);
        }
        self.found(at, count, Finding::Entered, sink);
        if node.value == at.radix() {
            self.open(at, true, sink);
        }
        let mut all = true;
        for (n, child) in self.children(at) {
            let hint = self.nodes[child.index()].hint;
            let fits = hint >= count as i32;
            if next(SwapBlock(child.block)).0 >= child.block + child.radix() {
                all &= !fits;
                continue;
            }
            if !fits {
                self.found(child, count, Finding::HintTooSmall, sink);
                continue;
            }
            let (found, all_below) = self.seek(child, count, next, sink);
            self.fits[at.index()].set(n, self.nodes[child.index()].hint);
            if found.is_some() {
                let value = node.value - count;
                let hint = node.hint.min(value as i32);
                self.set(at.index(), Node { value, hint }, sink);
                return (found, true);
            }
            all &= all_below;
        }
        if all && node.hint >= count as i32 {
            let hint = count as i32 - 1;
            self.set(at.index(), Node { hint, ..node }, sink);
        }
        self.found(at, count, Finding::NoRun, sink);
        (None, all)
    }
}
