//! The state of a machine as one plain object.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use swap_pager::buf::Pools;
use swap_pager::event::{Place, Transfer};
use swap_pager::object::VmObject;
use swap_pager::page::{Frame, PageState, PageTargets};
use swap_pager::pager::WaitChannel;
use swap_pager::stripe::Interleave;
use swap_pager::swap_space::{Device, Full};
use swap_pager::units::{ObjectId, OpId, PageIndex, SlotId, SwapBlock};
use swap_pager::{Command, Config, Counters, Model};

/// The state of a machine at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Snapshot {
    /// What the machine was made with.
    pub config: Config,
    /// The swap space as a whole.
    pub swap: SwapSnapshot,
    /// The disks that are switched on, by slot.
    pub disks: Vec<DiskSnapshot>,
    /// The objects, by number.
    pub objects: Vec<ObjectSnapshot>,
    /// The transfers in flight, oldest first.
    pub transfers: Vec<Transfer>,
    /// The operations under way, oldest first.
    pub operations: Vec<OperationSnapshot>,
    /// What the pageout daemon sleeps on.
    pub daemon: Option<WaitChannel>,
    /// Memory.
    pub memory: MemorySnapshot,
    /// The buffers for transfers.
    pub buffers: Pools,
    /// The statistics since the machine started.
    pub counters: Counters,
}

/// The swap space as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwapSnapshot {
    /// Free pages (`vm_swap_size`).
    pub free: u32,
    /// How near the end of it is.
    pub full: Full,
    /// Below so many free pages it is almost full (`nswap_lowat`).
    pub lowat: u32,
    /// Above so many free pages it is no longer (`nswap_hiwat`).
    pub hiwat: u32,
    /// Blocks it has, those of empty slots and of the first stripe of each disk included
    /// (`nswap`).
    pub blocks: u32,
}

/// A disk that is switched on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiskSnapshot {
    /// The slot it is in: every stripe whose number leaves this rest when it is divided by the
    /// number of slots lies on it.
    pub slot: SlotId,
    /// The disk.
    #[serde(flatten)]
    pub device: Device,
}

/// A memory object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectSnapshot {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The object.
    #[serde(flatten)]
    pub object: VmObject,
    /// Its pages that are in memory or on swap, by index. Those that are missing were never
    /// touched.
    pub pages: Vec<PageSnapshot>,
}

/// A page of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageSnapshot {
    /// Its place in the object.
    pub index: PageIndex,
    /// The frame of memory that holds it; null if it is not in memory.
    pub frame: Option<Frame>,
    /// What is so about it; null if it is not in memory.
    pub state: Option<PageState>,
    /// Its swap block; null if it has none.
    pub block: Option<SwapBlock>,
    /// Where that block lies; null if it has none.
    pub place: Option<Place>,
}

/// An operation under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationSnapshot {
    /// Its number.
    pub op: OpId,
    /// What was asked.
    pub command: Arc<Command>,
    /// What it sleeps on.
    pub sleeps_on: Option<WaitChannel>,
}

/// Memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemorySnapshot {
    /// Frames there are (`v_page_count`).
    pub frames: u32,
    /// Frames that hold nothing (`v_free_count`).
    pub free: u32,
    /// How many of them should be free.
    pub targets: PageTargets,
}

impl Snapshot {
    /// Of a machine with that configuration, whose disks are interleaved so.
    pub fn of(config: Config, interleave: Interleave, model: &Model) -> Snapshot {
        let disks = model.slots.iter().zip(0..).filter_map(|(device, slot)| {
            Some(DiskSnapshot {
                slot: SlotId(slot),
                device: (*device)?,
            })
        });
        let objects = model.objects.values().map(|object| ObjectSnapshot {
            name: model.name(object.id).map(str::to_owned),
            object: *object,
            pages: pages(object.id, interleave, model),
        });
        let operations = model.ops.iter().map(|(op, asked)| OperationSnapshot {
            op: *op,
            command: Arc::clone(&asked.command),
            sleeps_on: asked.sleeps_on,
        });
        Snapshot {
            config,
            swap: SwapSnapshot {
                free: model.free,
                full: model.full,
                lowat: model.lowat,
                hiwat: model.hiwat,
                blocks: model.blist.as_ref().map_or(0, |blist| blist.blocks),
            },
            disks: disks.collect(),
            objects: objects.collect(),
            transfers: model.in_flight.clone(),
            operations: operations.collect(),
            daemon: model.daemon,
            memory: MemorySnapshot {
                frames: model.frames,
                free: model.frames.saturating_sub(model.pages.len() as u32),
                targets: model.targets,
            },
            buffers: model.pools,
            counters: model.counters,
        }
    }
}

fn pages(object: ObjectId, interleave: Interleave, model: &Model) -> Vec<PageSnapshot> {
    let all = (object, PageIndex(0))..=(object, PageIndex(u32::MAX));
    let absent = |index| PageSnapshot {
        index,
        frame: None,
        state: None,
        block: None,
        place: None,
    };
    let mut pages = BTreeMap::new();
    for (&(_, index), page) in model.pages.range(all.clone()) {
        let at = pages.entry(index).or_insert_with(|| absent(index));
        at.frame = Some(page.frame);
        at.state = Some(page.state);
    }
    for (&(_, index), &block) in model.swap.range(all) {
        let at = pages.entry(index).or_insert_with(|| absent(index));
        let (slot, lies_at) = interleave.locate(block);
        let device = model.slots.get(slot.0 as usize).copied().flatten();
        at.block = Some(block);
        at.place = device.map(|device| Place {
            device: device.id,
            slot,
            block: lies_at,
        });
    }
    pages.into_values().collect()
}
