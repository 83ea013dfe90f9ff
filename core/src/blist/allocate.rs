//! Finding free blocks: first fit in tree order (`blist_alloc`).

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
    pub fn alloc(
        &mut self,
        count: u32,
        sink: &mut impl Sink,
    ) -> Result<Option<SwapBlock>, BlistError> {
        if count == 0 || count > MAX_ALLOC {
            return Err(BlistError::BadCount(count));
        }
        let found = self.alloc_at(self.root(), count, sink);
        if found.is_some() {
            self.free -= count;
        }
        Ok(found.map(SwapBlock))
    }

    fn alloc_at(&mut self, at: Place, count: u32, sink: &mut impl Sink) -> Option<u32> {
        if at.is_leaf() {
            self.alloc_in_leaf(at, count, sink)
        } else {
            self.alloc_in_node(at, count, sink)
        }
    }

    /// `blst_leaf_alloc`.
    fn alloc_in_leaf(&mut self, at: Place, count: u32, sink: &mut impl Sink) -> Option<u32> {
        let leaf = self.nodes[at.index];
        if leaf.value == 0 {
            self.found(at, count, Finding::AllAllocated, sink);
            self.set(at.index, Node { hint: 0, ..leaf }, sink);
            return None;
        }
        let Some(first) = lowest_run(leaf.value, count) else {
            self.found(at, count, Finding::NoRun, sink);
            self.set(
                at.index,
                Node {
                    hint: count as i32 - 1,
                    ..leaf
                },
                sink,
            );
            return None;
        };
        let block = at.block + first;
        self.found(at, count, Finding::Found(SwapBlock(block)), sink);
        let value = leaf.value & !run_mask(first, count);
        self.set(at.index, Node { value, ..leaf }, sink);
        Some(block)
    }

    /// `blst_meta_alloc`.
    fn alloc_in_node(&mut self, at: Place, count: u32, sink: &mut impl Sink) -> Option<u32> {
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
        if node.value == at.radix {
            self.open_all_free(at, sink);
        }
        for child in (0..META_RADIX).map(|n| at.child(n)) {
            let hint = self.nodes[child.index].hint;
            if hint == -1 {
                break;
            }
            if (count as i32) > hint {
                self.found(child, count, Finding::HintTooSmall, sink);
                continue;
            }
            if let Some(block) = self.alloc_at(child, count, sink) {
                let value = node.value - count;
                let hint = node.hint.min(value as i32);
                self.set(at.index, Node { value, hint }, sink);
                return Some(block);
            }
        }
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

    /// Gives the children of a collapsed all-free node their real contents again.
    pub(super) fn open_all_free(&mut self, at: Place, sink: &mut impl Sink) {
        for child in (0..META_RADIX).map(|n| at.child(n)) {
            if self.nodes[child.index].is_terminator() {
                break;
            }
            self.set(child.index, child.all_free(), sink);
        }
    }

    fn found(&self, at: Place, sought: u32, finding: Finding, sink: &mut impl Sink) {
        let node = self.nodes[at.index];
        sink.note(|| Event::BlistVisited {
            index: at.index as u32,
            block: SwapBlock(at.block),
            covers: at.radix.min(self.blocks),
            leaf: at.is_leaf(),
            hint: node.hint,
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
    while length < count && starts != 0 {
        let step = length.min(count - length);
        starts &= starts >> step;
        length += step;
    }
    let first = starts.trailing_zeros();
    (first < BMAP_RADIX).then_some(first)
}
