//! The swap space: its devices, its free blocks, and the water marks.

use std::sync::Arc;

use serde::Serialize;

use crate::blist::{BMAP_RADIX, Blist};
use crate::error::Errno;
use crate::event::{BlistImage, Event, NoEvents, Sink};
use crate::policy::Policy;
use crate::stripe::Interleave;
use crate::units::{DeviceBlock, DeviceId, MAX_SWAP_SECTORS, SECTORS_PER_PAGE, SlotId, SwapBlock};

/// A device that is switched on (`struct swdevt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Which disk it is.
    pub id: DeviceId,
    /// Its length in pages (`sw_nblks`).
    pub pages: u32,
    /// Pages of it in use (`sw_used`).
    pub used: i64,
    /// Whether it is being switched off and takes nothing new (`SW_CLOSING`, which came later).
    pub closing: bool,
}

impl Device {
    /// Free pages on it; none while it is being switched off.
    pub fn free(&self, interleave: Interleave) -> i64 {
        match self.closing {
            true => 0,
            false => i64::from(interleave.usable(self.pages)) - self.used,
        }
    }
}

/// How near the swap space is to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Full {
    /// 2 once a search for room has failed, until there is room above the low water mark
    /// (`swap_pager_full`).
    pub full: u8,
    /// Below the low water mark, until above the high one (`swap_pager_almost_full`).
    pub almost_full: bool,
}

/// What swapon did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SwapOn {
    /// The slot the device took.
    pub slot: SlotId,
    /// Its length in pages.
    pub pages: u32,
    /// The blocks of the whole swap space now (`nswap`).
    pub nswap: u32,
}

/// Blocks that are given back one after the other and lie in a row in one stripe.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "what was put off is still to be given back"]
pub struct FreeRun {
    start: u32,
    end: u32,
}

/// The swap space.
#[derive(Clone, Debug)]
pub struct SwapSpace {
    /// How blocks are dealt out to devices.
    interleave: Interleave,
    /// How room is found.
    policy: Policy,
    /// Where the next search begins, if not with the first block: a block or a slot, as the
    /// policy has it.
    cursor: u32,
    /// The slots for devices (`swdevt`).
    slots: Vec<Option<Device>>,
    /// Devices that are being switched off: nearly always none.
    closing: u32,
    /// Which blocks are free; made when the first device is switched on (`swapblist`).
    blist: Option<Blist>,
    /// Free pages (`vm_swap_size`).
    free: u32,
    /// How near the end is.
    full: Full,
    /// Below so many free pages, swap is almost full (`nswap_lowat`, line 194).
    lowat: u32,
    /// Above so many free pages, swap is no longer almost full (`nswap_hiwat`, line 195).
    hiwat: u32,
}

impl SwapSpace {
    /// A swap space with these slots, all empty, and these water marks in pages.
    pub fn new(interleave: Interleave, policy: Policy, lowat: u32, hiwat: u32) -> SwapSpace {
        SwapSpace {
            interleave,
            policy,
            cursor: 0,
            slots: vec![None; interleave.slots() as usize],
            closing: 0,
            blist: None,
            free: 0,
            full: Full::default(),
            lowat,
            hiwat,
        }
    }

    /// How blocks are dealt out to devices.
    pub fn interleave(&self) -> Interleave {
        self.interleave
    }

    /// How room is found.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The slots, with the devices in them.
    pub fn slots(&self) -> &[Option<Device>] {
        &self.slots
    }

    /// The allocator, once a device was switched on.
    pub fn blist(&self) -> Option<&Blist> {
        self.blist.as_ref()
    }

    /// Free pages (`vm_swap_size`).
    pub fn free_pages(&self) -> u32 {
        self.free
    }

    /// How near the end is.
    pub fn full(&self) -> Full {
        self.full
    }

    /// Switches a device of so many 512-byte sectors on (`swapon`, `swaponvp` in vm_swap.c).
    ///
    /// It takes the first empty slot. The list of blocks grows to hold the largest device in
    /// every slot, and is rebuilt even if its size stays. All the device's stripes become free
    /// but the first, where the disk label lies. The water marks are not looked at.
    ///
    /// # Errors
    /// EBUSY when the disk is on already, EINVAL when no slot is left, ENXIO when it has no
    /// sectors or too many.
    pub fn swapon(
        &mut self,
        id: DeviceId,
        sectors: u32,
        sink: &mut impl Sink,
    ) -> Result<SwapOn, Errno> {
        let slot = self.slot_for(id)?;
        if sectors == 0 {
            return Err(Errno::Enxio);
        }
        let most = MAX_SWAP_SECTORS / self.interleave.slots();
        if sectors > most {
            sink.note(|| Event::Message {
                text: format!("exceeded maximum of {most} blocks per swap unit"),
            });
            return Err(Errno::Enxio);
        }
        let pages = sectors / SECTORS_PER_PAGE;
        let wanted = pages.next_multiple_of(self.interleave.stripe()) * self.interleave.slots();
        let nswap = self.blist.as_ref().map_or(0, Blist::blocks).max(wanted);

        let rebuilt = self
            .rebuilt_blist(nswap, slot, pages)
            .map_err(|_| Errno::Enxio)?;
        let device = Device {
            id,
            pages,
            used: 0,
            closing: false,
        };
        self.slots[slot.0 as usize] = Some(device);
        sink.note(|| Event::DeviceChanged {
            slot,
            old: None,
            new: Some(Box::new(device)),
        });
        sink.note(|| Event::BlistReplaced {
            old: self.blist.as_ref().map(|old| Arc::new(image(old))),
            new: Arc::new(image(&rebuilt)),
        });
        let added = self.interleave.usable(pages);
        self.blist = Some(rebuilt);
        self.set_free(self.free + added, sink);
        Ok(SwapOn { slot, pages, nswap })
    }

    /// The device in a slot.
    pub fn device(&self, slot: SlotId) -> Option<Device> {
        *self.slots.get(slot.0 as usize)?
    }

    /// The slot of a block whose device is being switched off.
    #[inline]
    pub fn closing_slot(&self, block: SwapBlock) -> Option<SlotId> {
        if self.closing == 0 {
            return None;
        }
        let slot = self.interleave.slot_of(block);
        self.device(slot)?.closing.then_some(slot)
    }

    /// The slot a disk is in.
    pub fn slot_of_device(&self, id: DeviceId) -> Option<SlotId> {
        let is_it = |device: &Option<Device>| device.is_some_and(|device| device.id == id);
        self.slots
            .iter()
            .position(is_it)
            .map(|slot| SlotId(slot as u32))
    }

    /// Free pages on the device in a slot; none while it is being switched off.
    pub fn free_on(&self, slot: SlotId) -> i64 {
        self.device(slot)
            .map_or(0, |device| device.free(self.interleave))
    }

    /// The low water mark, in pages (`nswap_lowat`).
    pub fn lowat(&self) -> u32 {
        self.lowat
    }

    /// The high water mark, in pages (`nswap_hiwat`).
    pub fn hiwat(&self) -> u32 {
        self.hiwat
    }

    /// Takes what is free on a device out of the free space for good, so that nothing new goes
    /// there (`swapoff`, which came later). A second time it does nothing.
    pub fn close_device(&mut self, slot: SlotId, sink: &mut impl Sink) {
        let (Some(device), Some(blist)) = (self.device(slot), &mut self.blist) else {
            return;
        };
        if device.closing {
            return;
        }
        let old = Arc::new(image(blist));
        let mut taken = 0;
        let stripe = self.interleave.stripe();
        for start in (stripe..device.pages).step_by(stripe as usize) {
            let block = self.interleave.swap_block(slot, DeviceBlock(start));
            let filled = blist.fill(block, stripe.min(device.pages - start), &mut NoEvents);
            taken += filled.unwrap_or(0);
        }
        let new = Arc::new(image(blist));
        sink.note(|| Event::BlistReplaced {
            old: Some(old),
            new,
        });
        let closing = Device {
            closing: true,
            ..device
        };
        self.slots[slot.0 as usize] = Some(closing);
        self.closing += 1;
        sink.note(|| Event::DeviceChanged {
            slot,
            old: Some(Box::new(device)),
            new: Some(Box::new(closing)),
        });
        self.set_free(self.free - taken, sink);
        self.sizecheck(sink);
    }

    /// Takes a device with nothing on it out of its slot.
    pub fn remove_device(&mut self, slot: SlotId, sink: &mut impl Sink) {
        let Some(place) = self.slots.get_mut(slot.0 as usize) else {
            return;
        };
        let old = place.take();
        self.closing -= u32::from(old.is_some_and(|device| device.closing));
        sink.note(|| Event::DeviceChanged {
            slot,
            old: old.map(Box::new),
            new: None,
        });
    }

    /// Takes room for so many pages in one run (`swp_pager_getswapspace`, line 494). `None` if
    /// the allocator finds none; that makes swap full, even if a shorter run is found next.
    pub fn getswapspace(&mut self, pages: u32, sink: &mut impl Sink) -> Option<SwapBlock> {
        let found = match &mut self.blist {
            Some(blist) if self.policy == Policy::FirstFit => {
                blist.alloc(pages, sink).unwrap_or(None)
            }
            Some(_) => self.search_elsewhere(pages, sink),
            None => None,
        };
        sink.note(|| Event::GetSwapSpace { pages, found });
        let Some(block) = found else {
            if self.full.full != 2 {
                sink.note(|| message("swap_pager_getswapspace: failed"));
                self.set_full(
                    Full {
                        full: 2,
                        almost_full: true,
                    },
                    sink,
                );
            }
            return None;
        };
        self.set_free(self.free - pages, sink);
        self.count_taken(block, pages, sink);
        self.sizecheck(sink);
        Some(block)
    }

    /// Takes room in one of the ways that came later; see [`Policy`].
    #[cold]
    #[inline(never)]
    fn search_elsewhere(&mut self, pages: u32, sink: &mut impl Sink) -> Option<SwapBlock> {
        if self.policy == Policy::RoundRobin {
            let slots = self.interleave.slots();
            for slot in (self.cursor..self.cursor + slots).map(|n| SlotId(n % slots)) {
                if self.free_on(slot) < i64::from(pages) {
                    continue;
                }
                let interleave = self.interleave;
                let next = move |block| interleave.next_in(slot, block);
                if let Some(found) = self.search(pages, Some(slot), &next, sink) {
                    self.cursor = slot.0 + 1;
                    return Some(found);
                }
            }
            self.cursor = 0;
            return None;
        }
        let from = SwapBlock(self.cursor - self.cursor % BMAP_RADIX);
        let mut found = self.search(pages, None, &move |block| block.max(from), sink);
        if found.is_none() && from.0 > 0 {
            found = self.search(pages, None, &|block| block, sink);
        }
        self.cursor = found.map_or(self.cursor, |block| block.0);
        found
    }

    fn search(
        &mut self,
        pages: u32,
        slot: Option<SlotId>,
        next: &dyn Fn(SwapBlock) -> SwapBlock,
        sink: &mut impl Sink,
    ) -> Option<SwapBlock> {
        let from = next(SwapBlock(0));
        sink.note(|| Event::SearchBegan { from, slot });
        let found = self.blist.as_mut()?.alloc_where(pages, next, sink);
        found.unwrap_or(None)
    }

    /// Gives blocks back (`swp_pager_freeswapspace`, line 532). Blocks that were not taken are
    /// ignored: the pager gives back only what it holds.
    ///
    /// What lies in several stripes goes back stripe by stripe. The kernel would count all of it
    /// on the first one's device; there a run never leaves its stripe.
    pub fn freeswapspace(&mut self, block: SwapBlock, pages: u32, sink: &mut impl Sink) {
        if !self.interleave.fits(block, pages) {
            let first = self.interleave.left_in_stripe(block);
            self.freeswapspace(block, first, sink);
            self.freeswapspace(block.offset(first), pages - first, sink);
            return;
        }
        if self.closing_slot(block).is_some() {
            // Its blocks are not to be found again.
            sink.note(|| Event::FreeSwapSpace { block, pages });
            self.count_used(block, -i64::from(pages), sink);
            return;
        }
        let Some(blist) = &mut self.blist else {
            return;
        };
        let freed = blist.free(block, pages, sink);
        debug_assert!(freed.is_ok(), "{freed:?}");
        if freed.is_err() {
            return;
        }
        sink.note(|| Event::FreeSwapSpace { block, pages });
        self.set_free(self.free + pages, sink);
        self.count_used(block, -i64::from(pages), sink);
        self.sizecheck(sink);
    }

    /// Gives one block back. If no one is told of it, that is put off while its neighbours
    /// follow: the allocator takes a run at once, to the same end. There must be an
    /// [`end_run`](Self::end_run) before anything else is done with the swap space.
    pub fn free_in_run<S: Sink>(&mut self, run: &mut FreeRun, block: SwapBlock, sink: &mut S) {
        if S::ON || self.closing > 0 {
            self.freeswapspace(block, 1, sink);
        } else if block.0 == run.end && self.goes_on_at(block) {
            run.end += 1;
        } else {
            let before = FreeRun {
                start: block.0,
                end: block.0 + 1,
            };
            self.end_run(std::mem::replace(run, before), sink);
        }
    }

    /// Whether a block can join a run with the one before it: they lie in one stripe and in one
    /// leaf.
    fn goes_on_at(&self, block: SwapBlock) -> bool {
        let together = self.interleave.stripe().min(BMAP_RADIX);
        block.0 & (together - 1) != 0
    }

    /// Gives back what [`free_in_run`](Self::free_in_run) put off.
    pub fn end_run(&mut self, FreeRun { start, end }: FreeRun, sink: &mut impl Sink) {
        let (first, pages) = (SwapBlock(start), end - start);
        let blist = self.blist.as_mut().filter(|_| pages > 0);
        if !blist.is_some_and(|blist| blist.free_as_each(first, pages, sink)) {
            for block in (start..end).map(SwapBlock) {
                self.freeswapspace(block, 1, sink);
            }
            return;
        }
        // Of the looks at the water marks, one for each block, the first may find that swap is
        // almost full, and the last that it no longer is.
        self.set_free(self.free + 1, sink);
        self.sizecheck(sink);
        self.set_free(self.free + pages - 1, sink);
        self.sizecheck(sink);
        self.count_used(first, -i64::from(pages), sink);
    }

    /// Where a transfer goes (`swapdev_strategy` in vm_swap.c).
    ///
    /// # Errors
    /// EINVAL when it crosses the border of a stripe or runs past the end of the device, ENODEV
    /// when the slot is empty. A slot without a device has no length, so that EINVAL comes
    /// first: ENODEV is left for a transfer of no pages.
    pub fn strategy(&self, block: SwapBlock, pages: u32) -> Result<(SlotId, DeviceBlock), Errno> {
        if !self.interleave.fits(block, pages) {
            return Err(Errno::Einval);
        }
        let (slot, at) = self.interleave.locate(block);
        let device = self.slots[slot.0 as usize];
        let end = u64::from(at.0) + u64::from(pages);
        if end > device.map_or(0, |device| u64::from(device.pages)) {
            return Err(Errno::Einval);
        }
        if device.is_none() {
            return Err(Errno::Enodev);
        }
        Ok((slot, at))
    }

    /// The slot a disk would take. The kernel looks no further than the first empty slot; here
    /// swapoff may have emptied one before the slot that the disk is in.
    fn slot_for(&self, id: DeviceId) -> Result<SlotId, Errno> {
        if self.slot_of_device(id).is_some() {
            return Err(Errno::Ebusy);
        }
        let empty = self.slots.iter().position(Option::is_none);
        empty.map(|slot| SlotId(slot as u32)).ok_or(Errno::Einval)
    }

    /// The list of blocks as it is once a device of so many pages is in that slot.
    fn rebuilt_blist(
        &self,
        nswap: u32,
        slot: SlotId,
        pages: u32,
    ) -> Result<Blist, crate::blist::BlistError> {
        let mut blist = match &self.blist {
            Some(blist) => {
                let mut blist = blist.clone();
                blist.resize(nswap, false)?;
                blist
            }
            None => Blist::new(nswap)?,
        };
        let stripe = self.interleave.stripe();
        for start in (stripe..pages).step_by(stripe as usize) {
            let block = self.interleave.swap_block(slot, DeviceBlock(start));
            blist.free(block, stripe.min(pages - start), &mut NoEvents)?;
        }
        Ok(blist)
    }

    /// Looks at the water marks (`swp_sizecheck`, line 234).
    fn sizecheck(&mut self, sink: &mut impl Sink) {
        let mut full = self.full;
        if self.free < self.lowat {
            if !full.almost_full {
                sink.note(|| message("swap_pager: out of swap space"));
                full.almost_full = true;
            }
        } else {
            full.full = 0;
            if self.free > self.hiwat {
                full.almost_full = false;
            }
        }
        self.set_full(full, sink);
    }

    fn set_free(&mut self, new: u32, sink: &mut impl Sink) {
        let old = std::mem::replace(&mut self.free, new);
        if old != new {
            sink.note(|| Event::FreeChanged { old, new });
        }
    }

    fn set_full(&mut self, new: Full, sink: &mut impl Sink) {
        let old = std::mem::replace(&mut self.full, new);
        if old != new {
            sink.note(|| Event::FullChanged { old, new });
        }
    }

    /// Counts blocks that were taken. A run may lie in several stripes.
    fn count_taken(&mut self, block: SwapBlock, pages: u32, sink: &mut impl Sink) {
        let first = match self.interleave.fits(block, pages) {
            true => pages,
            false => self.interleave.left_in_stripe(block),
        };
        self.count_used(block, i64::from(first), sink);
        if first < pages {
            self.count_taken(block.offset(first), pages - first, sink);
        }
    }

    fn count_used(&mut self, block: SwapBlock, change: i64, sink: &mut impl Sink) {
        let slot = self.interleave.slot_of(block);
        let Some(device) = &mut self.slots[slot.0 as usize] else {
            return;
        };
        let old = device.used;
        device.used += change;
        let new = device.used;
        if old != new {
            sink.note(|| Event::DeviceUsed { slot, old, new });
        }
    }
}

/// The allocator as events carry it.
pub(crate) fn image(blist: &Blist) -> BlistImage {
    BlistImage {
        blocks: blist.blocks(),
        radix: blist.radix(),
        skip: blist.skip(),
        nodes: blist.nodes().to_vec(),
    }
}

fn message(text: &str) -> Event {
    Event::Message {
        text: text.to_owned(),
    }
}
