//! Moves transfers between the machine and the disks, and the log to the store.

use swap_pager::event::IoCmd;
use swap_pager::pager::{IoRequest, IoResult};
use swap_pager::{Errno, PageData};
use wasm_bindgen_futures::spawn_local;

use super::record::{RecordError, encode};
use super::restore::{contents, replay};
use super::state::{Overhaul, State};
use super::{Session, Storage};
use crate::disk::{Batch, BlockStore, ReadError, ReadRequest, StoreError, WriteRequest};

/// Most transfers in one transaction: more gain nothing.
const BATCH_REQUESTS: usize = 16;

/// A batch on its way, with what has to be known when it is back.
struct Trip {
    requests: Vec<IoRequest>,
    /// How many of the inputs are stored with it.
    inputs: usize,
    batch: Batch,
}

impl Session {
    /// Moves batches until there is nothing left to do. Returns at once.
    pub(super) fn pump(&self) {
        if std::mem::replace(&mut self.0.state.borrow_mut().pumping, true) {
            return;
        }
        let session = self.clone();
        spawn_local(async move {
            let stopped = session.pump_until_idle().await;
            session.0.state.borrow_mut().pumping = false;
            if let Err(error) = stopped {
                session.tell_trouble(&error);
            }
            session.changed();
        });
    }

    async fn pump_until_idle(&self) -> Result<(), StoreError> {
        loop {
            let overhaul = self.0.state.borrow_mut().overhaul.take();
            if let Some(overhaul) = overhaul {
                self.overhaul(overhaul).await?;
            }
            let Some(trip) = self.0.state.borrow_mut().next_trip() else {
                return Ok(());
            };
            let store = self.0.state.borrow().store.clone();
            let Trip {
                requests,
                inputs,
                batch,
            } = trip;
            let arrived = store.commit(batch).await;
            let mut state = self.0.state.borrow_mut();
            let stopped = match arrived {
                Ok(done) => {
                    state.saved = inputs;
                    state.arrive(requests, done.reads);
                    None
                }
                Err(error) => {
                    state.fail(requests);
                    Some(error)
                }
            };
            drop(state);
            self.changed();
            if let Some(error) = stopped {
                return Err(error);
            }
        }
    }

    /// Changes the whole store, in one transaction, and the session with it.
    async fn overhaul(&self, overhaul: Overhaul) -> Result<(), StoreError> {
        let (overhaul, then) = match overhaul {
            Overhaul::GoOnFrom(kept, then) => (Overhaul::GoOnFrom(kept, Vec::new()), then),
            other => (other, Vec::new()),
        };
        let overhauled = self.0.state.borrow().overhauled(overhaul);
        let (fresh, batch) = match overhauled {
            Ok(overhauled) => overhauled,
            Err(error) => {
                let trouble = format!("This moment can't be gone on from: {error}.");
                self.0.state.borrow_mut().trouble = Some(trouble);
                return Ok(());
            }
        };
        let inputs = fresh.saved;
        fresh.store.commit(batch).await?;
        let mut state = self.0.state.borrow_mut();
        let history = std::mem::take(&mut state.history);
        *state = State {
            pumping: true,
            saved: inputs,
            history: fresh.history.instead_of(&history),
            ..fresh
        };
        state.give(then);
        drop(state);
        self.changed();
        Ok(())
    }
}

impl State {
    /// The session after an overhaul, and what makes the store that of it.
    fn overhauled(&self, overhaul: Overhaul) -> Result<(State, Batch), RecordError> {
        let mut batch = Batch {
            anew: true,
            ..Batch::default()
        };
        let fresh = match overhaul {
            Overhaul::StartAnew(config) => {
                let store = self.damaged.clone().unwrap_or_else(|| self.store.clone());
                let storage = if store.survives_reload() {
                    Storage::IndexedDb
                } else {
                    self.storage.clone()
                };
                State::with_config(config, store, storage)
            }
            Overhaul::GoOnFrom(inputs, _) => {
                let records = self.inputs.get(1..inputs).unwrap_or_default();
                let records = records.iter().map(|input| input.record.clone()).collect();
                let (mut fresh, disks) = replay(self, self.config, records)?;
                batch.writes = contents(&fresh.model, &disks);
                batch.log.extend(fresh.unsaved_log());
                fresh.saved = fresh.inputs.len();
                fresh.restored = self.restored;
                fresh
            }
        };
        Ok((fresh, batch))
    }

    /// The records that the store does not have yet, as an entry of its log. A machine that
    /// nothing was put into is not worth storing.
    fn unsaved_log(&self) -> Option<Vec<u8>> {
        let unsaved = self.inputs.get(self.saved..).unwrap_or_default();
        if unsaved.is_empty() || self.inputs.len() == 1 {
            return None;
        }
        // Records are plain data: there is nothing in them that JSON can't hold.
        encode(unsaved.iter().map(|input| &input.record)).ok()
    }

    /// What to bring to the store next, if anything.
    fn next_trip(&mut self) -> Option<Trip> {
        let log = self.unsaved_log();
        if self.requests.is_empty() && log.is_none() {
            return None;
        }
        let count = self.requests.len().min(BATCH_REQUESTS);
        let requests: Vec<IoRequest> = self.requests.drain(..count).collect();
        let mut batch = Batch::default();
        batch.log.extend(log);
        for request in &requests {
            let (disk, block) = (request.device, request.block);
            match request.cmd {
                IoCmd::Read => batch.reads.push(ReadRequest {
                    disk,
                    block,
                    pages: request.pages,
                }),
                IoCmd::Write => {
                    batch.writes.push(WriteRequest {
                        disk,
                        block,
                        data: request.data.clone(),
                    });
                }
            }
        }
        Some(Trip {
            requests,
            inputs: self.inputs.len(),
            batch,
        })
    }

    /// Tells the machine that the transfers of a batch are done. There is a result for each read.
    fn arrive(&mut self, requests: Vec<IoRequest>, reads: Vec<Result<Vec<PageData>, ReadError>>) {
        let mut reads = reads.into_iter();
        for request in requests {
            let result = match request.cmd {
                IoCmd::Write => Ok(Vec::new()),
                IoCmd::Read => reads
                    .next()
                    .unwrap_or_else(|| Ok(Vec::new()))
                    .map_err(|error| {
                        self.note(error.to_string());
                        Errno::Eio
                    }),
            };
            self.finish(request, result);
        }
    }

    /// Tells the machine that the transfers of a batch failed, all of them.
    fn fail(&mut self, requests: Vec<IoRequest>) {
        for request in requests {
            self.finish(request, Err(Errno::Eio));
        }
    }

    fn finish(&mut self, request: IoRequest, result: IoResult) {
        let known = self.complete(request.io, result);
        debug_assert!(known.is_ok(), "requests come from the machine: {known:?}");
    }
}
