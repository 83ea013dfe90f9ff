//! Moves transfers between the machine and the disks, and the log to the store.

use swap_pager::event::IoCmd;
use swap_pager::pager::{IoRequest, IoResult};
use swap_pager::{Errno, PageData};
use wasm_bindgen_futures::spawn_local;

use super::record::{Record, encode};
use super::state::State;
use super::{Session, Storage};
use crate::disk::{Batch, BlockStore, ReadError, ReadRequest, StoreError, WriteRequest};

/// Most transfers in one transaction: more gain nothing.
const BATCH_REQUESTS: usize = 16;

/// A batch on its way, with what has to be known when it is back.
struct Trip {
    requests: Vec<IoRequest>,
    records: Vec<Record>,
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
            if self.0.state.borrow().clearing {
                self.forget_all().await?;
            }
            let Some(trip) = self.0.state.borrow_mut().next_trip() else {
                return Ok(());
            };
            let store = self.0.state.borrow().store.clone();
            let Trip {
                requests,
                records,
                batch,
            } = trip;
            let arrived = store.commit(batch).await;
            let mut state = self.0.state.borrow_mut();
            let stopped = match arrived {
                Ok(done) => {
                    state.arrive(requests, done.reads);
                    None
                }
                Err(error) => {
                    // What is not stored stays to be stored, before anything that came since.
                    state.unsaved.splice(0..0, records);
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

    /// Empties the disks, and begins with a new machine.
    async fn forget_all(&self) -> Result<(), StoreError> {
        let store = {
            let state = self.0.state.borrow();
            state.damaged.clone().unwrap_or_else(|| state.store.clone())
        };
        let cleared = store.clear().await;
        let mut state = self.0.state.borrow_mut();
        state.clearing = false;
        cleared?;
        let storage = if store.survives_reload() {
            Storage::IndexedDb
        } else {
            state.storage.clone()
        };
        *state = State {
            pumping: true,
            ..State::new(store, storage)
        };
        drop(state);
        self.changed();
        Ok(())
    }
}

impl State {
    /// What to bring to the store next, if anything.
    fn next_trip(&mut self) -> Option<Trip> {
        // A machine that nothing was put into is not worth storing.
        let only_start = matches!(self.unsaved[..], [Record::Start { .. }]);
        if self.requests.is_empty() && (self.unsaved.is_empty() || only_start) {
            return None;
        }
        let count = self.requests.len().min(BATCH_REQUESTS);
        let requests: Vec<IoRequest> = self.requests.drain(..count).collect();
        let records = std::mem::take(&mut self.unsaved);
        let mut batch = Batch::default();
        if !records.is_empty() {
            // Records are plain data: there is nothing in them that JSON can't hold.
            batch.log.extend(encode(&records).ok());
        }
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
            records,
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
