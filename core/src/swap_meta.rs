//! Which swap block holds which page (`struct swblock` and `swhash`, lines 1699 to 2005).
//!
//! A metadata block has 32 slots, for 32 neighbouring pages of one object. All of them hang in
//! one hash table, in chains.

use crate::event::{Event, Sink};
use crate::pager::Zone;
use crate::units::{ObjectId, PageIndex, SwapBlock};

/// Pages of one metadata block (`SWAP_META_PAGES`).
pub const SWAP_META_PAGES: u32 = 32;

const SWAP_META_MASK: u32 = SWAP_META_PAGES - 1;

/// Stands for "no block" in a slot (`SWAPBLK_NONE`), and for "no block" at the end of a chain.
const NONE: u32 = u32::MAX;

/// A metadata block (`struct swblock`).
#[derive(Clone, Debug)]
struct Swblock {
    /// The next in the chain (`swb_hnext`).
    next: u32,
    /// The object (`swb_object`).
    object: ObjectId,
    /// Its first page, a multiple of 32 (`swb_index`).
    index: PageIndex,
    /// Slots in use (`swb_count`).
    count: u32,
    /// The swap block of each page (`swb_pages`).
    blocks: [u32; SWAP_META_PAGES as usize],
}

impl Swblock {
    fn is_for(&self, object: ObjectId, index: PageIndex) -> bool {
        self.object == object && self.index.0 == index.0 & !SWAP_META_MASK
    }
}

/// A metadata block that exists, found once for several pages. It is good until the block loses
/// its last mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwblockId(u32);

/// No metadata block is to be had: the zone is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneEmpty;

/// What became of metadata blocks when a page lost its swap block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The block the page had.
    pub block: SwapBlock,
    /// Whether it was the last of its metadata block, which is gone now.
    pub swblock_gone: bool,
}

/// All metadata.
#[derive(Clone, Debug)]
pub struct SwapMeta {
    /// The first of each chain (`swhash`).
    buckets: Vec<u32>,
    swblocks: Vec<Swblock>,
    /// Slots of `swblocks` that are not in use.
    unused: Vec<u32>,
    /// Most metadata blocks there can be (the size of `swap_zone`).
    zone_limit: u32,
    /// Mappings in all.
    mapped: u32,
}

impl SwapMeta {
    /// No metadata; room for what the zone holds.
    pub fn new(zone: Zone) -> SwapMeta {
        SwapMeta {
            buckets: vec![NONE; zone.chains() as usize],
            swblocks: Vec::new(),
            unused: Vec::new(),
            zone_limit: zone.limit,
            mapped: 0,
        }
    }

    /// Pages that have a swap block.
    pub fn mapped(&self) -> u32 {
        self.mapped
    }

    /// The block of a page, if it has one (`swp_pager_meta_ctl` without flags, line 1963).
    pub fn lookup(&self, object: ObjectId, index: PageIndex) -> Option<SwapBlock> {
        self.near(object).lookup(index)
    }

    /// Looks up several pages of an object that lie near each other.
    pub fn near(&self, object: ObjectId) -> Near<'_> {
        Near {
            meta: self,
            object,
            swblock: None,
        }
    }

    /// The metadata block of a page, if it exists (`swp_pager_hash`, line 1725).
    #[inline]
    pub fn find(&self, object: ObjectId, index: PageIndex) -> Option<SwblockId> {
        let mut id = self.buckets[self.bucket(object, index) as usize];
        while let Some(swblock) = self.swblocks.get(id as usize) {
            if swblock.is_for(object, index) {
                return Some(SwblockId(id));
            }
            id = swblock.next;
        }
        None
    }

    /// Makes sure that a page's metadata block exists, and tells whether it had to be made.
    ///
    /// # Errors
    /// [`ZoneEmpty`]; the kernel sleeps then until there is memory.
    pub fn ensure_swblock(
        &mut self,
        object: ObjectId,
        index: PageIndex,
        sink: &mut impl Sink,
    ) -> Result<(SwblockId, bool), ZoneEmpty> {
        if let Some(found) = self.find(object, index) {
            return Ok((found, false));
        }
        self.make_swblock(object, index, sink).map(|id| (id, true))
    }

    fn make_swblock(
        &mut self,
        object: ObjectId,
        index: PageIndex,
        sink: &mut impl Sink,
    ) -> Result<SwblockId, ZoneEmpty> {
        let in_use = self.swblocks.len() - self.unused.len();
        if in_use >= self.zone_limit as usize {
            return Err(ZoneEmpty);
        }
        let first = PageIndex(index.0 & !SWAP_META_MASK);
        let fresh = Swblock {
            next: NONE,
            object,
            index: first,
            count: 0,
            blocks: [NONE; SWAP_META_PAGES as usize],
        };
        let id = match self.unused.pop() {
            Some(id) => {
                self.swblocks[id as usize] = fresh;
                id
            }
            None => {
                self.swblocks.push(fresh);
                self.swblocks.len() as u32 - 1
            }
        };
        let bucket = self.bucket(object, index);
        *self.chain_end(bucket) = id;
        sink.note(|| Event::SwblockAdded {
            bucket,
            object,
            index: first,
        });
        Ok(SwblockId(id))
    }

    /// Gives a page of a metadata block a swap block and returns the one it had.
    pub fn set(
        &mut self,
        swblock: SwblockId,
        index: PageIndex,
        block: SwapBlock,
        sink: &mut impl Sink,
    ) -> Option<SwapBlock> {
        let swblock = &mut self.swblocks[swblock.0 as usize];
        let object = swblock.object;
        let old = block_in(std::mem::replace(&mut swblock.blocks[slot(index)], block.0));
        if old.is_none() {
            swblock.count += 1;
            self.mapped += 1;
        }
        sink.note(|| Event::MetaSet {
            object,
            index,
            old,
            new: Some(block),
        });
        old
    }

    /// Takes the block of a page of a metadata block away (`swp_pager_meta_ctl` with SWM_POP).
    /// The metadata block goes with the last of its blocks.
    #[inline]
    pub fn take(
        &mut self,
        SwblockId(id): SwblockId,
        index: PageIndex,
        sink: &mut impl Sink,
    ) -> Option<Taken> {
        let swblock = &mut self.swblocks[id as usize];
        let object = swblock.object;
        let block = block_in(std::mem::replace(&mut swblock.blocks[slot(index)], NONE))?;
        swblock.count -= 1;
        self.mapped -= 1;
        let swblock_gone = swblock.count == 0;
        sink.note(|| Event::MetaSet {
            object,
            index,
            old: Some(block),
            new: None,
        });
        if swblock_gone {
            self.unlink(id, sink);
        }
        Some(Taken {
            block,
            swblock_gone,
        })
    }

    /// The pages of an object that have a block, in order. It looks through all metadata there is.
    pub fn indexes_of(&self, object: ObjectId) -> Vec<PageIndex> {
        let of_object =
            |&(id, index, _): &(ObjectId, PageIndex, SwapBlock)| (id == object).then_some(index);
        self.mappings().iter().filter_map(of_object).collect()
    }

    /// Every mapping: object, page and block, in the order of objects and pages.
    pub fn mappings(&self) -> Vec<(ObjectId, PageIndex, SwapBlock)> {
        let mut all: Vec<_> = (0..self.buckets.len() as u32)
            .flat_map(|bucket| self.chain(bucket))
            .flat_map(|swblock| {
                let Swblock { object, index, .. } = *swblock;
                let slots = swblock.blocks.iter().enumerate();
                slots.filter_map(move |(i, &block)| {
                    Some((object, index.offset(i as u32), block_in(block)?))
                })
            })
            .collect();
        all.sort_unstable();
        all
    }

    /// The chains by bucket, the empty ones too: the object and first page of each metadata
    /// block, in the order a search meets them.
    pub fn chains(&self) -> impl Iterator<Item = Vec<(ObjectId, PageIndex)>> + '_ {
        (0..self.buckets()).map(|bucket| self.chain(bucket).map(|s| (s.object, s.index)).collect())
    }

    /// Chains of the hash table (`swhash_mask` + 1).
    pub fn buckets(&self) -> u32 {
        self.buckets.len() as u32
    }

    /// The chain for a page.
    #[inline]
    fn bucket(&self, object: ObjectId, index: PageIndex) -> u32 {
        bucket_of(object, index, self.buckets.len() as u32)
    }

    fn chain(&self, bucket: u32) -> impl Iterator<Item = &Swblock> + '_ {
        let mut id = self.buckets[bucket as usize];
        std::iter::from_fn(move || {
            let swblock = self.swblocks.get(id as usize)?;
            id = swblock.next;
            Some(swblock)
        })
    }

    /// The link at the end of a chain.
    fn chain_end(&mut self, bucket: u32) -> &mut u32 {
        let mut last = None;
        let mut id = self.buckets[bucket as usize];
        while id != NONE {
            last = Some(id as usize);
            id = self.swblocks[id as usize].next;
        }
        match last {
            Some(last) => &mut self.swblocks[last].next,
            None => &mut self.buckets[bucket as usize],
        }
    }

    fn unlink(&mut self, id: u32, sink: &mut impl Sink) {
        let Swblock {
            object,
            index,
            next,
            ..
        } = self.swblocks[id as usize];
        let bucket = self.bucket(object, index);
        let mut position = 0;
        let mut before = None;
        let mut at = self.buckets[bucket as usize];
        while at != id {
            before = Some(at as usize);
            at = self.swblocks[at as usize].next;
            position += 1;
        }
        match before {
            Some(before) => self.swblocks[before].next = next,
            None => self.buckets[bucket as usize] = next,
        }
        self.unused.push(id);
        sink.note(|| Event::SwblockRemoved {
            bucket,
            position,
            object,
            index,
        });
    }
}

/// Looks up pages of one object. It remembers the metadata block, so that the next page needs no
/// search if it lies in the same.
#[derive(Clone, Debug)]
pub struct Near<'a> {
    meta: &'a SwapMeta,
    object: ObjectId,
    /// The metadata block found last.
    swblock: Option<&'a Swblock>,
}

impl Near<'_> {
    /// The block of a page, if it has one.
    pub fn lookup(&mut self, index: PageIndex) -> Option<SwapBlock> {
        let first = PageIndex(index.0 & !SWAP_META_MASK);
        if self.swblock.is_none_or(|swblock| swblock.index != first) {
            self.search(index);
        }
        block_in(self.swblock?.blocks[slot(index)])
    }

    fn search(&mut self, index: PageIndex) {
        let found = self.meta.find(self.object, index);
        self.swblock = found.map(|id| &self.meta.swblocks[id.0 as usize]);
    }
}

/// The chain for a page, of a hash of so many chains, a power of two. The kernel mixes the page
/// index with the object's address. Ours have none, so each is given one: objects lie 132 bytes
/// apart. The five low bits of the index are zeroed but not shifted out, so that one object
/// reaches only a 32nd of the chains.
#[inline]
pub fn bucket_of(object: ObjectId, index: PageIndex, chains: u32) -> u32 {
    let address = 0xc100_0000_u32.wrapping_add(object.0.wrapping_mul(132));
    ((index.0 & !SWAP_META_MASK) ^ address) & (chains - 1)
}

fn slot(index: PageIndex) -> usize {
    (index.0 & SWAP_META_MASK) as usize
}

fn block_in(slot: u32) -> Option<SwapBlock> {
    (slot != NONE).then_some(SwapBlock(slot))
}
