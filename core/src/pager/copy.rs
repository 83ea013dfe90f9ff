//! Moving swap from one object to another (`swap_pager_copy`, line 644).

use super::{Pager, Step};
use crate::error::KernelPanic;
use crate::event::Sink;
use crate::object::{ObjectKind, VmObject};
use crate::units::{ObjectId, PageIndex, SwapBlock};

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
    /// The next page of the target.
    next: Option<u32>,
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
            next: None,
            in_hand: None,
        }
    }

    /// Goes on.
    ///
    /// # Errors
    /// Where the kernel would panic: the source has metadata beyond page 0x20000000.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<Result<(), KernelPanic>> {
        if self.next.is_none() && self.destroy {
            pager.objects.delist(self.source);
        }
        let size = pager.object(self.target).map_or(0, |object| object.size);
        let mut next = self.next.unwrap_or(0);
        while next < size {
            if self.move_block(pager, next).is_err() {
                self.next = Some(next);
                return Step::Sleep(pager.wait_for_memory());
            }
            next += 1;
        }
        self.next = Some(next);
        if !self.destroy {
            return Step::Done(Ok(()));
        }
        let freed = pager.meta_free_all(self.source);
        let revert = |object: &mut VmObject| object.kind = ObjectKind::Default;
        pager.objects.update(self.source, revert, &mut pager.events);
        Step::Done(freed)
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
