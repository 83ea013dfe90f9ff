//! Metadata of objects (`swp_pager_meta_build`, `_free`, `_free_all`, `_ctl`).

use super::{Channel, Pager};
use crate::error::KernelPanic;
use crate::event::Sink;
use crate::object::{ObjectKind, VmObject};
use crate::swap_meta::{SWAP_META_PAGES, SwblockId, Taken, ZoneEmpty};
use crate::swap_space::FreeRun;
use crate::units::{ObjectId, PageIndex, SwapBlock};

/// The page index at which `swp_pager_meta_free_all` gives up (line 1934).
const META_FREE_ALL_LAST: u32 = 0x2000_0000;

impl<S: Sink> Pager<S> {
    /// Makes a default object a swap object (`swp_pager_meta_build` without a block, line 1772).
    pub(crate) fn convert_to_swap(&mut self, object: ObjectId) {
        if self.is_swap(object) {
            return;
        }
        let convert = |object: &mut VmObject| {
            object.kind = ObjectKind::Swap;
            object.swp_bcount = 0;
        };
        self.objects.update(object, convert, &mut self.events);
        self.objects.enlist(object);
    }

    /// Gives a page of an object a swap block; the one it had goes back to the free space
    /// (`swp_pager_meta_build`, line 1759).
    ///
    /// # Errors
    /// [`ZoneEmpty`] when a metadata block is needed and none is to be had.
    pub(crate) fn meta_build(
        &mut self,
        object: ObjectId,
        index: PageIndex,
        block: SwapBlock,
    ) -> Result<(), ZoneEmpty> {
        self.convert_to_swap(object);
        let swblock = self.meta_ensure(object, index)?;
        let mut freed = FreeRun::default();
        self.meta_enter(swblock, index, block, &mut freed);
        self.space.end_run(freed, &mut self.events);
        Ok(())
    }

    /// The metadata block for a page of a swap object, made if there is none.
    ///
    /// # Errors
    /// [`ZoneEmpty`].
    pub(super) fn meta_ensure(
        &mut self,
        object: ObjectId,
        index: PageIndex,
    ) -> Result<SwblockId, ZoneEmpty> {
        let (swblock, made) = self.meta.ensure_swblock(object, index, &mut self.events)?;
        if made {
            self.count_swblocks(object, 1);
        }
        Ok(swblock)
    }

    /// Gives a page a swap block, in the metadata block that is for it. The one it had joins the
    /// run of those that go back.
    #[inline]
    pub(super) fn meta_enter(
        &mut self,
        swblock: SwblockId,
        index: PageIndex,
        block: SwapBlock,
        freed: &mut FreeRun,
    ) {
        if let Some(old) = self.meta.set(swblock, index, block, &mut self.events) {
            self.space.free_in_run(freed, old, &mut self.events);
            self.wake_if_closing(old);
        }
        self.wake_if_closing(block);
    }

    /// The block of a page (`swp_pager_meta_ctl` without flags, line 1964).
    pub(crate) fn meta_lookup(&self, object: ObjectId, index: PageIndex) -> Option<SwapBlock> {
        self.meta.lookup(object, index)
    }

    /// Takes a page's block away without freeing it (`swp_pager_meta_ctl` with SWM_POP).
    pub(crate) fn meta_pop(&mut self, object: ObjectId, index: PageIndex) -> Option<SwapBlock> {
        let swblock = self.meta.find(object, index)?;
        Some(self.meta_take(object, swblock, index)?.block)
    }

    #[inline]
    fn meta_take(
        &mut self,
        object: ObjectId,
        swblock: SwblockId,
        index: PageIndex,
    ) -> Option<Taken> {
        let taken = self.meta.take(swblock, index, &mut self.events)?;
        self.wake_if_closing(taken.block);
        if taken.swblock_gone {
            self.swblock_gone(object);
        }
        Some(taken)
    }

    /// An object has one metadata block fewer, which may be what another waits for.
    #[cold]
    fn swblock_gone(&mut self, object: ObjectId) {
        self.count_swblocks(object, -1);
        self.wake(Channel::FreePages);
    }

    /// Takes away and frees the blocks of so many pages that one metadata block is for, as if by
    /// [`meta_free_one`](Self::meta_free_one) one after the other.
    pub(super) fn meta_free_run(
        &mut self,
        object: ObjectId,
        swblock: SwblockId,
        start: PageIndex,
        count: u32,
    ) {
        let mut freed = FreeRun::default();
        for index in (0..count).map(|n| PageIndex(start.0 + n)) {
            if let Some(taken) = self.meta_take(object, swblock, index) {
                let block = taken.block;
                self.space.free_in_run(&mut freed, block, &mut self.events);
                if taken.swblock_gone {
                    break;
                }
            }
        }
        self.space.end_run(freed, &mut self.events);
    }

    /// Takes a page's block away and frees it (`swp_pager_meta_ctl` with SWM_FREE). Tells
    /// whether there was one.
    pub(crate) fn meta_free_one(&mut self, object: ObjectId, index: PageIndex) -> bool {
        let block = self.meta_pop(object, index);
        if let Some(block) = block {
            self.space.freeswapspace(block, 1, &mut self.events);
        }
        block.is_some()
    }

    /// Frees all blocks of an object (`swp_pager_meta_free_all`, line 1904).
    ///
    /// # Errors
    /// [`KernelPanic::MetaFreeAllNotFound`] when metadata lies beyond page 0x20000000, unless
    /// that is mended ([`Fixes::far_metadata`](super::Fixes)). What was found before is freed.
    pub(crate) fn meta_free_all(&mut self, object: ObjectId) -> Result<(), KernelPanic> {
        let mut first = 0;
        while self
            .objects
            .get(object)
            .is_some_and(|object| object.swp_bcount > 0)
        {
            if let Some(swblock) = self.meta.find(object, PageIndex(first)) {
                self.meta_free_run(object, swblock, PageIndex(first), SWAP_META_PAGES);
            }
            first += SWAP_META_PAGES;
            if first > META_FREE_ALL_LAST {
                if self.fixes.far_metadata {
                    self.meta_free_rest(object);
                    continue;
                }
                return Err(KernelPanic::MetaFreeAllNotFound);
            }
        }
        Ok(())
    }

    /// Wakes a swapoff that waits for what becomes of the last blocks of its device.
    #[inline]
    fn wake_if_closing(&mut self, block: SwapBlock) {
        if let Some(slot) = self.space.closing_slot(block) {
            self.wake(Channel::Device(slot));
        }
    }

    /// Frees what an object has wherever it lies.
    fn meta_free_rest(&mut self, object: ObjectId) {
        for index in self.meta.indexes_of(object) {
            self.meta_free_one(object, index);
        }
    }

    pub(crate) fn is_swap(&self, object: ObjectId) -> bool {
        self.objects
            .get(object)
            .is_some_and(|object| object.kind == ObjectKind::Swap)
    }

    fn count_swblocks(&mut self, object: ObjectId, change: i32) {
        let count = |object: &mut VmObject| {
            object.swp_bcount = object.swp_bcount.saturating_add_signed(change);
        };
        self.objects.update(object, count, &mut self.events);
    }
}
