//! Finding free blocks: first fit in tree order (`blist_alloc`).

use std::ops::Range;

use super::fits::Hint;
use super::level::{Above, Leaf, Level, Level1, Level2, Level3, Level4, Level5, Level6, at_root};
use super::{BMAP_RADIX, Blist, BlistError, Finding, MAX_ALLOC, META_RADIX, Node, Place, run_mask};
use crate::event::{Event, Sink};
use crate::units::SwapBlock;

impl Blist {
    /// Takes `count` blocks in one run and returns the first, or `None` when the search found
    /// no such run (`blist_alloc`). `None` does not always mean that there is none: see the
    /// [module docs](super).
    ///
    /// # Errors
    /// [`BlistError::BadCount`].
    pub fn alloc<S: Sink>(
        &mut self,
        count: u32,
        sink: &mut S,
    ) -> Result<Option<SwapBlock>, BlistError> {
        if count == 0 || count > MAX_ALLOC {
            return Err(BlistError::BadCount(count));
        }
        let (found, _) = at_root!(self.root, alloc_here(self, 0, 0, count, sink));
        if found.is_some() {
            self.free -= count;
        }
        Ok(found.map(SwapBlock))
    }

    /// Tells of children that were passed over because of their hints.
    #[inline]
    fn found_too_small<S: Sink>(&self, at: Place, passed: Range<u32>, sought: u32, sink: &mut S) {
        if S::ON {
            for (_, child) in self.children(at).filter(|(n, _)| passed.contains(n)) {
                self.found(child, sought, Finding::HintTooSmall, sink);
            }
        }
    }

    #[inline]
    pub(super) fn found<S: Sink>(&self, at: Place, sought: u32, finding: Finding, sink: &mut S) {
        if S::ON {
            sink.emit(self.visited(at, sought, finding));
        }
    }

    // Not inlined: the search has many places that tell what it found.
    #[inline(never)]
    fn visited(&self, at: Place, sought: u32, finding: Finding) -> Event {
        Event::BlistVisited {
            index: at.slot,
            block: SwapBlock(at.block),
            covers: at.radix().min(self.blocks - at.block),
            leaf: at.is_leaf(),
            hint: self.nodes[at.index()].hint,
            sought,
            finding,
        }
    }
}

/// Takes blocks of the leaf at a place, for those who come another way.
pub(super) fn leaf_alloc<S: Sink>(
    list: &mut Blist,
    at: Place,
    count: u32,
    sink: &mut S,
) -> Option<u32> {
    Leaf::alloc_apart(list, at.index(), at.block, count, sink).0
}

trait Alloc: Level {
    /// Takes blocks below a node that begins with `block`. Returns the first, if there was room,
    /// and the node's hint.
    fn alloc<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        sink: &mut S,
    ) -> (Option<u32>, Hint);

    /// The same. Where events are wanted it is a function of its own: a level is much code then,
    /// and there are 28 places that one level or another would be put into.
    #[inline(always)]
    fn alloc_here<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        sink: &mut S,
    ) -> (Option<u32>, Hint) {
        if S::ON {
            Self::alloc_apart(list, slot, block, count, sink)
        } else {
            Self::alloc(list, slot, block, count, sink)
        }
    }

    #[inline(never)]
    fn alloc_apart<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        sink: &mut S,
    ) -> (Option<u32>, Hint) {
        Self::alloc(list, slot, block, count, sink)
    }
}

impl Alloc for Leaf {
    /// `blst_leaf_alloc`.
    #[inline(always)]
    fn alloc<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        sink: &mut S,
    ) -> (Option<u32>, Hint) {
        let at = Self::place(slot, block);
        let leaf = list.nodes[slot];
        let before = leaf.hint;
        let Some(first) = lowest_run(leaf.value, count) else {
            let (finding, hint) = match leaf.value {
                0 => (Finding::AllAllocated, 0),
                _ => (Finding::NoRun, count as i32 - 1),
            };
            list.found(at, count, finding, sink);
            list.set(slot, Node { hint, ..leaf }, sink);
            let after = hint;
            return (None, Hint { before, after });
        };
        let block = block + first;
        list.found(at, count, Finding::Found(SwapBlock(block)), sink);
        let value = leaf.value & !run_mask(first, count);
        list.set(slot, Node { value, ..leaf }, sink);
        let after = before;
        (Some(block), Hint { before, after })
    }
}

impl<Below: Alloc> Alloc for Above<Below> {
    /// `blst_meta_alloc`.
    #[inline(always)]
    fn alloc<S: Sink>(
        list: &mut Blist,
        slot: usize,
        block: u32,
        count: u32,
        sink: &mut S,
    ) -> (Option<u32>, Hint) {
        let at = Self::place(slot, block);
        let mut node = list.nodes[slot];
        let before = node.hint;
        if node.value == 0 {
            list.found(at, count, Finding::AllAllocated, sink);
            node.hint = count as i32;
            list.set(slot, node, sink);
            let after = node.hint;
            return (None, Hint { before, after });
        }
        list.found(at, count, Finding::Entered, sink);
        if node.value == Self::RADIX {
            list.open(at, true, sink);
        }
        let mut looked_at = 0;
        for n in list.fits[slot].at_least(count) {
            list.found_too_small(at, looked_at..n, count, sink);
            looked_at = n + 1;
            let child = slot + 1 + (n * Self::STRIDE) as usize;
            let (found, hint) =
                Below::alloc_here(list, child, block + (n << Self::SHIFT), count, sink);
            if hint.changed() {
                list.fits[slot].set(n, hint.after);
            }
            if found.is_some() {
                node.value -= count;
                node.hint = node.hint.min(node.value as i32);
                list.set(slot, node, sink);
                let after = node.hint;
                return (found, Hint { before, after });
            }
        }
        list.found_too_small(at, looked_at..META_RADIX, count, sink);
        if node.hint >= count as i32 {
            node.hint = count as i32 - 1;
            list.set(slot, node, sink);
        }
        list.found(at, count, Finding::NoRun, sink);
        let after = node.hint;
        (None, Hint { before, after })
    }
}

/// The place of the lowest run of `count` set bits, if there is one.
///
/// A run of `count` bits is two of half the length that overlap or touch: and-ing the bitmap with
/// itself shifted by half leaves the places where a run of the other half would do. Once that is
/// one bit, only places where a run begins are left.
#[inline]
fn lowest_run(bitmap: u32, count: u32) -> Option<u32> {
    let mut starts = bitmap;
    let mut left = count;
    while left > 1 {
        let half = left / 2;
        starts &= starts >> half;
        left -= half;
    }
    let first = starts.trailing_zeros();
    (first < BMAP_RADIX).then_some(first)
}
