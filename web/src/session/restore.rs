//! Brings a stored session back, or an earlier moment of one.

use swap_pager::disk::MemDisk;
use swap_pager::pager::IoRequest;
use swap_pager::units::{DeviceBlock, DeviceId, SlotId};
use swap_pager::{Config, Model};

use super::record::{self, Record, RecordError};
use super::state::State;
use crate::disk::{BlockStore, StoreError, WriteRequest};

/// Puts all into the machine that the store's log says was put into it. Transfers whose end is
/// not in the log stay to be carried out.
///
/// # Errors
/// What is wrong, as a sentence. The store is untouched then.
pub async fn restore(state: &mut State) -> Result<(), String> {
    let entries = state.store.load_log().await.map_err(|error| match error {
        StoreError::LogDamaged { .. } => format!(
            "{error} \"Clear all\" does that. Until then it is left as it is, and this session is \
             in memory."
        ),
        _ => error.to_string(),
    })?;
    if entries.is_empty() {
        return Ok(());
    }
    let log_bytes = entries.iter().map(|entry| entry.len() as u64).sum();
    let log = record::decoded(entries).await;
    let log = log.map_err(|error| error.to_string())?;
    let replayed = log.and_then(|log| match log {
        Some((config, records)) => replay(state, config, records).map(Some),
        None => Ok(None),
    });
    match replayed {
        Ok(Some((mut restored, _))) => {
            restored.saved = restored.inputs.len();
            restored.log_bytes = log_bytes;
            *state = restored;
            Ok(())
        }
        Ok(None) => Ok(()),
        Err(error) => Err(format!(
            "The stored session can't be read: {error}. It is left as it is; this one is in \
             memory. \"Clear all\" deletes the stored one."
        )),
    }
}

/// A session in the store of `state`, with all of `records` put into its machine. Page bytes are
/// made again on the way: what was written to a disk is written to one in memory, and read from
/// there.
pub fn replay(
    state: &State,
    config: Config,
    records: Vec<Record>,
) -> Result<(State, MemDisk), RecordError> {
    let mut state = State::with_config(config, state.store.clone(), state.storage.clone());
    let mut disks = MemDisk::default();
    let mut waiting: Vec<IoRequest> = Vec::new();
    for (i, record) in records.into_iter().enumerate() {
        let refused = |why: String| RecordError::Refused { line: i + 2, why };
        match record {
            Record::Start { .. } => return Err(RecordError::SecondStart { line: i + 2 }),
            Record::Do(command) => {
                state
                    .apply(command)
                    .map_err(|error| refused(error.to_string()))?;
                state.restored += 1;
            }
            Record::Done { io, error } => {
                let place = waiting.iter().position(|request| request.io == io);
                let request = place.map(|place| waiting.remove(place));
                let request = request.ok_or_else(|| refused(format!("{io} is not in flight")))?;
                let result = match error {
                    None => disks.transfer(&request),
                    Some(errno) => Err(errno),
                };
                state
                    .complete(io, result)
                    .map_err(|error| refused(error.to_string()))?;
            }
            Record::Note(text) => state.note(text),
            Record::Plan { disk, plan } => state.set_plan(disk, plan),
            Record::ByHand(by_hand) => state.set_by_hand(by_hand, 0.0),
            Record::Wait(io) => state
                .complain(io)
                .map_err(|error| refused(error.to_string()))?,
        }
        waiting.extend(state.requests.drain(..));
    }
    state.requests.extend(waiting);
    state.catch_up();
    Ok((state, disks))
}

/// What has to be written to empty disks so that they hold all that a machine has on swap.
pub fn contents(model: &Model, disks: &MemDisk) -> Vec<WriteRequest> {
    let interleave = model.interleave;
    let in_use = |disk: DeviceId, block: DeviceBlock| {
        let mut slots = model.slots.iter();
        let slot = slots.position(|slot| slot.as_ref().is_some_and(|slot| slot.id == disk))?;
        let block = interleave.swap_block(SlotId(slot as u32), block);
        model.owners.get(block.0 as usize).copied().flatten()
    };
    let mut writes: Vec<WriteRequest> = Vec::new();
    for (disk, block, data) in disks.blocks() {
        if in_use(disk, block).is_none() {
            continue;
        }
        match writes.last_mut() {
            Some(last) if last.disk == disk && last.block.0 + last.data.len() as u32 == block.0 => {
                last.data.push(data.clone());
            }
            _ => writes.push(WriteRequest {
                disk,
                block,
                data: vec![data.clone()],
            }),
        }
    }
    writes
}
