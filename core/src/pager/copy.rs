//! Moving swap from one object to another (`swap_pager_copy`, line 644).

use super::{Pager, Step};
use crate::error::KernelPanic;
use crate::event::Sink;
use crate::object::{ObjectKind, VmObject};
use crate::units::{ObjectId, PageIndex, SwapBlock};

/// An object of so many pages is looked at page by page; for a longer one it pays to find the
/// pages with blocks first.
const SHORT: u32 = 4096;

/// Moving the swap blocks of one object to another, as when a shadow object is collapsed
/// (`swap_pager_copy`). Where both have a block for a page, the one of the target stays and the
/// other is freed.
#[derive(Clone, Debug)]
pub struct Copy {
    source: ObjectId,
    target: ObjectId,
    /// What is added to a page of the target to get that of the source.
    offset: u32,
    destroy: bool,
    /// The pages of the target still to be looked at, the next one last; made when it begins.
    pages: Option<Vec<u32>>,
    /// A block taken from the source and not entered in the target yet.
    in_hand: Option<SwapBlock>,
}

impl Copy {
    /// Page `i` of the target gets what page `i + offset` of the source has. With `destroy`, all
    /// other swap of the source is freed, and it is no swap object any more.
    pub fn new(source: ObjectId, target: ObjectId, offset: u32, destroy: bool) -> Copy {
        Copy {
            source,
            target,
            offset,
            destroy,
            pages: None,
            in_hand: None,
        }
    }

    /// Goes on.
    ///
    /// # Errors
    /// Where the kernel would panic: the source has metadata beyond page 0x20000000.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<Result<(), KernelPanic>> {
        if self.pages.is_none() {
            if self.destroy {
                pager.objects.delist(self.source);
            }
            self.pages = Some(self.pages_to_visit(pager));
        }
        while let Some(&index) = self.pages.as_ref().and_then(|pages| pages.last()) {
            if self.move_block(pager, index).is_err() {
                return Step::Sleep(pager.wait_for_memory());
            }
            self.pages.as_mut().and_then(Vec::pop);
        }
        if !self.destroy {
            return Step::Done(Ok(()));
        }
        let freed = pager.meta_free_all(self.source);
        let revert = |object: &mut VmObject| object.kind = ObjectKind::Default;
        pager.objects.update(self.source, revert, &mut pager.events);
        Step::Done(freed)
    }

    /// The pages of the target that have one with a block behind them, the first one last. The
    /// kernel looks at every page of the target, which comes to the same.
    fn pages_to_visit<S: Sink>(&self, pager: &Pager<S>) -> Vec<u32> {
        let size = pager.object(self.target).map_or(0, |object| object.size);
        if self.source == self.target || size <= SHORT {
            (0..size).rev().collect()
        } else {
            // In order, as they are: what lies before the target wraps, and is no page of it.
            let blocks = pager.meta.indexes_of(self.source).into_iter();
            blocks
                .rev()
                .map(|index| index.0.wrapping_sub(self.offset))
                .filter(|&i| i < size)
                .collect()
        }
    }

    fn move_block<S: Sink>(
        &mut self,
        pager: &mut Pager<S>,
        index: u32,
    ) -> Result<(), crate::swap_meta::ZoneEmpty> {
        let there = PageIndex(index.wrapping_add(self.offset));
        let here = PageIndex(index);
        if self.in_hand.is_none() {
            if pager.meta_lookup(self.target, here).is_some() {
                pager.meta_free_one(self.source, there);
                return Ok(());
            }
            self.in_hand = pager.meta_pop(self.source, there);
        }
        if let Some(block) = self.in_hand {
            pager.meta_build(self.target, here, block)?;
            self.in_hand = None;
        }
        Ok(())
    }
}
