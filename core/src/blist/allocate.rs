//! Finding free blocks: first fit in tree order (`blist_alloc`).

use std::ops::Range;

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
        let root = self.root();
        let found = match root.level {
            0 => self.alloc_in_leaf(root, count, sink),
            _ => self.alloc_in_node(root, count, sink),
        };
        if found.is_some() {
            self.free -= count;
        }
        Ok(found.map(SwapBlock))
    }

    /// `blst_leaf_alloc`.
    #[inline]
    fn alloc_in_leaf<S: Sink>(&mut self, at: Place, count: u32, sink: &mut S) -> Option<u32> {
        let leaf = self.nodes[at.index];
        let Some(first) = lowest_run(leaf.value, count) else {
            let (finding, hint) = match leaf.value {
                0 => (Finding::AllAllocated, 0),
                _ => (Finding::NoRun, count as i32 - 1),
            };
            self.found(at, count, finding, sink);
            self.set(at.index, Node { hint, ..leaf }, sink);
            return None;
        };
        let block = at.block + first;
        self.found(at, count, Finding::Found(SwapBlock(block)), sink);
        let value = leaf.value & !run_mask(first, count);
        self.set(at.index, Node { value, ..leaf }, sink);
        Some(block)
    }

    /// `blst_meta_alloc`.
    fn alloc_in_node<S: Sink>(&mut self, at: Place, count: u32, sink: &mut S) -> Option<u32> {
        let node = self.nodes[at.index];
        if node.value == 0 {
            self.found(at, count, Finding::AllAllocated, sink);
            self.set(
                at.index,
                Node {
                    hint: count as i32,
                    ..node
                },
                sink,
            );
            return None;
        }
        self.found(at, count, Finding::Entered, sink);
        if node.value == at.radix() {
            self.open(at, true, sink);
        }
        let mut looked_at = 0;
        for n in self.fits[at.index].at_least(count) {
            self.found_too_small(at, looked_at..n, count, sink);
            looked_at = n + 1;
            let child = at.child(n);
            let found = match child.level {
                0 => self.alloc_in_leaf(child, count, sink),
                _ => self.alloc_in_node(child, count, sink),
            };
            self.fits[at.index].set(n, self.nodes[child.index].hint);
            if found.is_some() {
                let value = node.value - count;
                let hint = node.hint.min(value as i32);
                self.set(at.index, Node { value, hint }, sink);
                return found;
            }
        }
        self.found_too_small(at, looked_at..META_RADIX, count, sink);
        if node.hint >= count as i32 {
            self.set(
                at.index,
                Node {
                    hint: count as i32 - 1,
                    ..node
                },
                sink,
            );
        }
        self.found(at, count, Finding::NoRun, sink);
        None
    }

    /// Tells of children that were passed over because of their hints.
    fn found_too_small<S: Sink>(&self, at: Place, passed: Range<u32>, sought: u32, sink: &mut S) {
        if S::ON {
            for (_, child) in self.children(at).filter(|(n, _)| passed.contains(n)) {
                self.found(child, sought, Finding::HintTooSmall, sink);
            }
        }
    }

    fn found(&self, at: Place, sought: u32, finding: Finding, sink: &mut impl Sink) {
        sink.note(|| Event::BlistVisited {
            index: at.index as u32,
            block: SwapBlock(at.block),
            covers: at.radix().min(self.blocks - at.block),
            leaf: at.is_leaf(),
            hint: self.nodes[at.index].hint,
            sought,
            finding,
        });
    }
}

/// The place of the lowest run of `count` set bits, if there is one.
///
/// And-ing the bitmap with itself shifted leaves a bit set only where a run of growing length
/// begins: after shifts of 1, 2, 4, … that add up to `count - 1`, where one of `count` does.
fn lowest_run(bitmap: u32, count: u32) -> Option<u32> {
    let mut starts = bitmap;
    let mut length = 1;
    while length < count {
        let step = length.min(count - length);
        starts &= starts >> step;
        length += step;
    }
    let first = starts.trailing_zeros();
    (first < BMAP_RADIX).then_some(first)
}
