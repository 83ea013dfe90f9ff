//! Brings a stored session back.

use std::collections::BTreeMap;

use swap_pager::disk::MemDisk;
use swap_pager::pager::IoRequest;
use swap_pager::units::IoId;

use super::record::{self, Record, RecordError};
use super::state::State;
use crate::disk::{BlockStore, StoreError};

/// Puts all into the machine that the store's log says was put into it. Page bytes are made
/// again on the way: what was written to a disk is written to one in memory, and read from
/// there. Transfers whose end is not in the log stay to be carried out.
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
    replay(state, &entries).map_err(|error| {
        format!(
            "The stored session can't be read: {error}. It is left as it is; this one is in \
             memory. \"Clear all\" deletes the stored one."
        )
    })
}

fn replay(state: &mut State, entries: &[Vec<u8>]) -> Result<(), RecordError> {
    let Some((config, records)) = record::decode(entries)? else {
        return Ok(());
    };
    *state = State::with_config(config, state.store.clone(), state.storage.clone());
    let mut disks = MemDisk::default();
    let mut waiting: BTreeMap<IoId, IoRequest> = BTreeMap::new();
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
                let request = waiting.remove(&io);
                let request = request.ok_or_else(|| refused(format!("{io} is not in flight")))?;
                let result = match error {
                    None => disks.transfer(&request),
                    Some(errno) => Err(errno),
                };
                state
                    .complete(io, result)
                    .map_err(|error| refused(error.to_string()))?;
            }
        }
        waiting.extend(
            state
                .requests
                .drain(..)
                .map(|request| (request.io, request)),
        );
    }
    state.requests.extend(waiting.into_values());
    state.unsaved.clear();
    Ok(())
}
