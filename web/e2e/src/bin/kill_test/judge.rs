//! What has to be in the database after a kill.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use swap_pager::disk::MemDisk;
use swap_pager::event::IoCmd;
use swap_pager::pager::IoRequest;
use swap_pager::stripe::Interleave;
use swap_pager::units::{DeviceBlock, DeviceId, IoId, SlotId};
use swap_pager::{Command, Config, Errno, EventQueue, Model, PageData, Vm};
use swap_playground_e2e::Result;
use swap_playground_e2e::raw::{Place, Stored, checksum};

/// What the stored log makes of a machine.
pub struct Replayed {
    /// The machine.
    pub model: Model,
    /// How many events there were.
    pub events: u64,
    /// Commands in the log.
    pub commands: usize,
    /// Every transfer that was ever asked for.
    requests: BTreeMap<IoId, IoRequest>,
    /// What was to be written to each block, in the order it was asked for.
    writes: BTreeMap<Place, Vec<(IoId, PageData)>>,
    /// Transfers whose end isn't in the log.
    pub in_flight: BTreeSet<IoId>,
    /// What the disks hold, as far as transfers are over.
    disks: MemDisk,
    /// Transfers that failed, and lines that only errors write.
    pub failures: Vec<String>,
}

/// Puts all that the log holds into a machine.
///
/// # Errors
/// When the log tells of what can't have happened.
pub fn replay(log: &[Value]) -> Result<Replayed> {
    let config = match log.first().map(|first| &first["start"]["config"]) {
        Some(config) => serde_json::from_value(config.clone())?,
        None => Config::default(),
    };
    let mut vm = Vm::new(config, EventQueue::new());
    let mut replayed = Replayed {
        model: vm.snapshot(),
        events: 0,
        commands: 0,
        requests: BTreeMap::new(),
        writes: BTreeMap::new(),
        in_flight: BTreeSet::new(),
        disks: MemDisk::default(),
        failures: Vec::new(),
    };
    for record in log.iter().skip(1) {
        if let Some(command) = record.get("do") {
            let command: Command = serde_json::from_value(command.clone())?;
            vm.apply(command)?;
            replayed.commands += 1;
        } else if let Some(done) = record.get("done") {
            let io: IoId = serde_json::from_value(done["io"].clone())?;
            let request = replayed.requests.get(&io);
            let request = request.filter(|_| replayed.in_flight.remove(&io));
            let request = request.ok_or_else(|| format!("{io} is complete and not in flight"))?;
            let result = match done.get("error") {
                None => replayed.disks.transfer(request),
                Some(error) => {
                    replayed.failures.push(record.to_string());
                    Err(serde_json::from_value::<Errno>(error.clone())?)
                }
            };
            vm.complete(io, result)?;
        } else {
            replayed.failures.push(record.to_string());
            // It is an event, though not one of the machine.
            replayed.events += u64::from(record.get("note").is_some());
        }
        replayed.drain(&mut vm);
    }
    replayed.model = vm.snapshot();
    Ok(replayed)
}

impl Replayed {
    fn drain(&mut self, vm: &mut Vm<EventQueue>) {
        while let Some(request) = vm.poll_io() {
            for (n, data) in (0..).zip(&request.data) {
                let place = (request.device.0, request.block.0 + n);
                let written = (request.io, data.clone());
                self.writes.entry(place).or_default().push(written);
            }
            self.in_flight.insert(request.io);
            self.requests.insert(request.io, request);
        }
        while vm.poll_event().is_some() {
            self.events += 1;
        }
    }

    /// Whether a transfer that was told to be complete is stored: what is wrong, if it isn't. With
    /// it come the pages that were looked at.
    pub fn lost(&self, io: IoId, stored: &Stored) -> (u32, Option<String>) {
        let Some(request) = self.requests.get(&io) else {
            return (
                0,
                Some(format!("{io} is complete, and the log knows nothing of it")),
            );
        };
        if request.cmd == IoCmd::Read {
            return (0, None);
        }
        for n in 0..request.pages {
            let place = (request.device.0, request.block.0 + n);
            // Nothing but a later write may have changed it.
            let writes = self.writes.get(&place).into_iter().flatten();
            let mut may_be = writes.skip_while(|(of, _)| *of != io).map(|(_, data)| data);
            let there = stored.blocks.get(&place);
            let is = |data: &PageData| there.is_some_and(|block| holds(data, &block.bytes));
            if !may_be.any(is) {
                let what = if there.is_some() {
                    "holds something else"
                } else {
                    "is not there"
                };
                return (
                    n,
                    Some(format!("{io} is complete, and block {place:?} {what}")),
                );
            }
        }
        (request.pages, None)
    }

    /// Blocks and log tell of the same instant: what is wrong, if they don't.
    pub fn torn(&self, stored: &Stored) -> Vec<String> {
        let mut torn = Vec::new();
        for (place, block) in &stored.blocks {
            if checksum(*place, &block.bytes) != block.checksum {
                torn.push(format!("block {place:?} has a wrong checksum"));
            }
            let mut writes = self.writes.get(place).into_iter().flatten();
            if !writes.any(|(_, data)| holds(data, &block.bytes)) {
                torn.push(format!(
                    "the log knows nothing of what block {place:?} holds"
                ));
            }
        }
        let interleave = self.model.interleave;
        for (disk, block, data) in self.disks.blocks() {
            let place = (disk.0, block.0);
            if !self.is_in_use(interleave, disk, block) || self.is_being_written(place) {
                continue;
            }
            if !stored
                .blocks
                .get(&place)
                .is_some_and(|block| holds(data, &block.bytes))
            {
                torn.push(format!(
                    "block {place:?} is in use and does not hold its page"
                ));
            }
        }
        torn
    }

    fn is_in_use(&self, interleave: Interleave, disk: DeviceId, block: DeviceBlock) -> bool {
        let mut slots = self.model.slots.iter();
        let slot = slots.position(|slot| slot.as_ref().is_some_and(|slot| slot.id == disk));
        slot.is_some_and(|slot| {
            let block = interleave.swap_block(SlotId(slot as u32), block);
            matches!(self.model.owners.get(block.0 as usize), Some(Some(_)))
        })
    }

    fn is_being_written(&self, place: Place) -> bool {
        let writes = self.writes.get(&place);
        writes.is_some_and(|writes| writes.iter().any(|(io, _)| self.in_flight.contains(io)))
    }
}

/// Whether a page has these bytes.
pub fn holds(data: &PageData, bytes: &[u8]) -> bool {
    data.bytes().is_some_and(|data| data[..] == *bytes)
}
