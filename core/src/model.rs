//! What the views see: the state of the machine as its events tell it.

use std::collections::BTreeMap;
use std::sync::Arc;

use litemap::LiteMap;
use serde::Serialize;

use crate::PageData;
use crate::buf::Pools;
use crate::command::Command;
use crate::counters::Counters;
use crate::event::{BlistImage, Event, PageRecord, Sink, Transfer};
use crate::object::{Handle, VmObject};
use crate::page::{Frame, PageState, PageTargets};
use crate::pager::{Pager, WaitChannel};
use crate::policy::Policy;
use crate::stripe::Interleave;
use crate::swap_space::{Device, Full, image};
use crate::units::{ObjectId, OpId, PageIndex, SwapBlock};

/// A page in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelPage {
    /// The frame that holds it.
    pub frame: Frame,
    /// What is so about it.
    pub state: PageState,
    /// Its bytes.
    pub data: PageData,
}

/// An operation under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelOp {
    /// What was asked.
    pub command: Arc<Command>,
    /// What it sleeps on, if it does.
    pub sleeps_on: Option<WaitChannel>,
}

/// The state of the machine. [`apply`](Self::apply) takes an event in,
/// [`revert`](Self::revert) takes the last one back.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// How blocks are dealt out to the slots.
    pub interleave: Interleave,
    /// How room is found.
    pub policy: Policy,
    /// The slots for swap devices.
    pub slots: Vec<Option<Device>>,
    /// The allocator, once a device was switched on.
    pub blist: Option<BlistImage>,
    /// Free pages of swap.
    pub free: u32,
    /// How near the end of swap is.
    pub full: Full,
    /// Below so many free pages, swap is almost full.
    pub lowat: u32,
    /// Above so many free pages, it is no longer.
    pub hiwat: u32,
    /// The page that each swap block holds.
    pub owners: Vec<Option<(ObjectId, PageIndex)>>,
    /// The swap block of each page that has one.
    pub swap: BTreeMap<(ObjectId, PageIndex), SwapBlock>,
    /// The chains of the metadata hash, by bucket, the empty ones too: object and first page of
    /// each metadata block, in the order a search meets them.
    pub chains: Vec<Vec<(ObjectId, PageIndex)>>,
    /// What names stand behind handles.
    pub names: LiteMap<Handle, String>,
    /// The living objects.
    pub objects: LiteMap<ObjectId, VmObject>,
    /// The pages in memory.
    pub pages: BTreeMap<(ObjectId, PageIndex), ModelPage>,
    /// The buffers.
    pub pools: Pools,
    /// The transfers in flight, oldest first.
    pub in_flight: Vec<Transfer>,
    /// The statistics.
    pub counters: Counters,
    /// The operations under way.
    pub ops: LiteMap<OpId, ModelOp>,
    /// What the pageout daemon sleeps on.
    pub daemon: Option<WaitChannel>,
    /// Frames of memory there are.
    pub frames: u32,
    /// How many of them should be free.
    pub targets: PageTargets,
}

impl Model {
    /// The state of a pager, taken from itself.
    pub(crate) fn of_pager<S: Sink>(pager: &Pager<S>) -> Model {
        let blist = pager.space.blist().map(image);
        let mut owners = vec![None; blist.as_ref().map_or(0, |image| image.blocks as usize)];
        let mut swap = BTreeMap::new();
        for (object, index, block) in pager.meta.mappings() {
            swap.insert((object, index), block);
            if let Some(owner) = owners.get_mut(block.0 as usize) {
                *owner = Some((object, index));
            }
        }
        let page = |(frame, page): (Frame, &crate::page::Page)| {
            let (state, data) = (page.state, page.data.clone());
            ((page.object, page.index), ModelPage { frame, state, data })
        };
        // Not collected: that would be sorted first.
        let mut pages = BTreeMap::new();
        pages.extend(pager.pages.iter().map(page));
        Model {
            interleave: pager.space.interleave(),
            policy: pager.space.policy(),
            slots: pager.space.slots().to_vec(),
            blist,
            free: pager.space.free_pages(),
            full: pager.space.full(),
            lowat: pager.space.lowat(),
            hiwat: pager.space.hiwat(),
            owners,
            swap,
            chains: pager.meta.chains().collect(),
            names: LiteMap::new_vec(),
            objects: filled(pager.objects.iter().map(|object| (object.id, *object))),
            pages,
            pools: pager.bufs.pools,
            in_flight: pager.in_flight().to_vec(),
            counters: pager.counters,
            ops: LiteMap::new_vec(),
            daemon: None,
            frames: pager.pages.capacity(),
            targets: pager.pages.targets(),
        }
    }

    /// The name of an object, if it has one.
    pub fn name(&self, object: ObjectId) -> Option<&str> {
        let handle = self.objects.get(&object)?.handle?;
        self.names.get(&handle).map(String::as_str)
    }

    // This and what it calls is marked to be inlined, so that it is compiled where it is used, and for
    // what that crate is for: the browser has it small.
    /// Takes in the next event.
    #[inline]
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::OpStarted { op, command } => self.add_op(*op, command, None),
            Event::OpSlept { op, channel } => self.set_sleep(*op, Some(*channel)),
            Event::OpWoken { op, .. } => self.set_sleep(*op, None),
            Event::OpEnded { op, .. } => {
                self.ops.remove(op);
            }
            Event::DeviceChanged { slot, new, .. } => {
                self.slots[slot.0 as usize] = new.as_deref().copied()
            }
            Event::DeviceUsed { slot, new, .. } => self.set_used(slot.0, *new),
            Event::FreeChanged { new, .. } => self.free = *new,
            Event::FullChanged { new, .. } => self.full = *new,
            Event::BlistReplaced { new, .. } => self.set_blist(Some((**new).clone())),
            Event::BlistNode { index, new, .. } => self.set_node(*index, *new),
            Event::SwblockAdded {
                bucket,
                object,
                index,
            } => self.chains[*bucket as usize].push((*object, *index)),
            Event::SwblockRemoved {
                bucket, position, ..
            } => {
                self.unchain(*bucket, |_| *position as usize);
            }
            Event::MetaSet {
                object,
                index,
                old,
                new,
            } => {
                self.set_swap((*object, *index), *old, *new);
            }
            Event::Named { handle, name } => {
                self.names.insert(*handle, name.clone());
            }
            Event::ObjectCreated { object } | Event::ObjectChanged { new: object, .. } => {
                self.objects.insert(object.id, **object);
            }
            Event::ObjectDestroyed { object } => {
                self.objects.remove(&object.id);
            }
            Event::PagingInProgress { object, new, .. } => self.set_paging(*object, *new),
            Event::PageInserted { frame, page } => self.add_page(*frame, page),
            Event::PageChanged {
                object, index, new, ..
            } => {
                self.change_page((*object, *index), |page| page.state = *new);
            }
            Event::PageBytes {
                object, index, new, ..
            } => {
                self.change_page((*object, *index), |page| page.data = new.clone());
            }
            Event::PageRemoved { page, .. } => {
                self.pages.remove(&(page.object, page.index));
            }
            Event::BufTaken { pool } => self.pools.take(*pool),
            Event::BufReleased { pool } => self.pools.give_back(*pool),
            Event::PoolsChanged { new, .. } => self.pools = **new,
            Event::IoStarted { transfer } => self.in_flight.push((**transfer).clone()),
            Event::IoDone { position, .. } => {
                self.in_flight.remove(*position as usize);
            }
            Event::Counted { count } => self.counters.add(*count),
            Event::Message { .. }
            | Event::GetSwapSpace { .. }
            | Event::FreeSwapSpace { .. }
            | Event::SearchBegan { .. }
            | Event::BlistVisited { .. }
            | Event::PutPages { .. }
            | Event::PutPagesReturned { .. }
            | Event::GetPages { .. } => {}
        }
    }

    /// Takes back the event that was taken in last.
    #[inline]
    pub fn revert(&mut self, event: &Event) {
        match event {
            Event::OpStarted { op, .. } => {
                self.ops.remove(op);
            }
            Event::OpSlept { op, .. } => self.set_sleep(*op, None),
            Event::OpWoken { op, channel } => self.set_sleep(*op, Some(*channel)),
            Event::OpEnded { op, command, .. } => self.add_op(*op, command, None),
            Event::DeviceChanged { slot, old, .. } => {
                self.slots[slot.0 as usize] = old.as_deref().copied()
            }
            Event::DeviceUsed { slot, old, .. } => self.set_used(slot.0, *old),
            Event::FreeChanged { old, .. } => self.free = *old,
            Event::FullChanged { old, .. } => self.full = *old,
            Event::BlistReplaced { old, .. } => {
                self.set_blist(old.as_ref().map(|image| (**image).clone()));
            }
            Event::BlistNode { index, old, .. } => self.set_node(*index, *old),
            Event::SwblockAdded { bucket, .. } => self.unchain(*bucket, |length| length - 1),
            Event::SwblockRemoved {
                bucket,
                position,
                object,
                index,
            } => {
                let chain = &mut self.chains[*bucket as usize];
                chain.insert(*position as usize, (*object, *index));
            }
            Event::MetaSet {
                object,
                index,
                old,
                new,
            } => {
                self.set_swap((*object, *index), *new, *old);
            }
            Event::Named { handle, .. } => {
                self.names.remove(handle);
            }
            Event::ObjectCreated { object } => {
                self.objects.remove(&object.id);
            }
            Event::ObjectChanged { old: object, .. } | Event::ObjectDestroyed { object } => {
                self.objects.insert(object.id, **object);
            }
            Event::PagingInProgress { object, old, .. } => self.set_paging(*object, *old),
            Event::PageInserted { page, .. } => {
                self.pages.remove(&(page.object, page.index));
            }
            Event::PageChanged {
                object, index, old, ..
            } => {
                self.change_page((*object, *index), |page| page.state = *old);
            }
            Event::PageBytes {
                object, index, old, ..
            } => {
                self.change_page((*object, *index), |page| page.data = old.clone());
            }
            Event::PageRemoved { frame, page } => self.add_page(*frame, page),
            Event::BufTaken { pool } => self.pools.give_back(*pool),
            Event::BufReleased { pool } => self.pools.take(*pool),
            Event::PoolsChanged { old, .. } => self.pools = **old,
            Event::IoStarted { .. } => {
                self.in_flight.pop();
            }
            Event::IoDone {
                transfer, position, ..
            } => {
                self.in_flight
                    .insert(*position as usize, (**transfer).clone());
            }
            Event::Counted { count } => self.counters.take_back(*count),
            Event::Message { .. }
            | Event::GetSwapSpace { .. }
            | Event::FreeSwapSpace { .. }
            | Event::SearchBegan { .. }
            | Event::BlistVisited { .. }
            | Event::PutPages { .. }
            | Event::PutPagesReturned { .. }
            | Event::GetPages { .. } => {}
        }
    }

    #[inline]
    fn add_op(&mut self, op: OpId, command: &Arc<Command>, sleeps_on: Option<WaitChannel>) {
        self.ops.insert(
            op,
            ModelOp {
                command: Arc::clone(command),
                sleeps_on,
            },
        );
    }

    #[inline]
    fn set_sleep(&mut self, op: OpId, sleeps_on: Option<WaitChannel>) {
        if op == OpId::PAGEOUT_DAEMON {
            self.daemon = sleeps_on;
        } else if let Some(op) = self.ops.get_mut(&op) {
            op.sleeps_on = sleeps_on;
        }
    }

    #[inline]
    fn set_used(&mut self, slot: u32, used: i64) {
        if let Some(device) = &mut self.slots[slot as usize] {
            device.used = used;
        }
    }

    #[inline]
    fn set_blist(&mut self, blist: Option<BlistImage>) {
        self.owners.resize(
            blist.as_ref().map_or(0, |image| image.blocks as usize),
            None,
        );
        self.blist = blist;
    }

    #[inline]
    fn set_node(&mut self, index: u32, node: crate::blist::Node) {
        if let Some(blist) = &mut self.blist {
            blist.nodes[index as usize] = node;
        }
    }

    /// Takes one metadata block out of a chain, at the place that `position` tells from the
    /// chain's length.
    #[inline]
    fn unchain(&mut self, bucket: u32, position: impl FnOnce(usize) -> usize) {
        let chain = &mut self.chains[bucket as usize];
        chain.remove(position(chain.len()));
    }

    #[inline]
    fn set_swap(
        &mut self,
        page: (ObjectId, PageIndex),
        from: Option<SwapBlock>,
        to: Option<SwapBlock>,
    ) {
        if let Some(block) = from {
            self.owners[block.0 as usize] = None;
            self.swap.remove(&page);
        }
        if let Some(block) = to {
            self.owners[block.0 as usize] = Some(page);
            self.swap.insert(page, block);
        }
    }

    fn set_paging(&mut self, object: ObjectId, paging_in_progress: u32) {
        if let Some(object) = self.objects.get_mut(&object) {
            object.paging_in_progress = paging_in_progress;
        }
    }

    #[inline]
    fn add_page(&mut self, frame: Frame, page: &PageRecord) {
        let PageRecord {
            object,
            index,
            state,
            data,
        } = page.clone();
        self.pages
            .insert((object, index), ModelPage { frame, state, data });
    }

    #[inline]
    fn change_page(&mut self, page: (ObjectId, PageIndex), change: impl FnOnce(&mut ModelPage)) {
        if let Some(page) = self.pages.get_mut(&page) {
            change(page);
        }
    }
}

/// A map of these. One that is collected or extended has code that sorts, for each kind of map.
pub(crate) fn filled<K: Ord, V>(entries: impl Iterator<Item = (K, V)>) -> LiteMap<K, V> {
    let mut map = LiteMap::new_vec();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}
