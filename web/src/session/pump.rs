//! Moves transfers between the machine and the disks, and the log to the store.

use gloo::timers::callback::Timeout;
use gloo::timers::future::TimeoutFuture;
use swap_pager::event::IoCmd;
use swap_pager::pager::{IoRequest, IoResult};
use swap_pager::{Errno, PageData};
use wasm_bindgen_futures::spawn_local;

use super::driver::Verdict;
use super::record::{RecordError, encode};
use super::restore::{contents, replay};
use super::state::{Overhaul, State};
use super::{Owner, Session, Storage};
use crate::disk::{
    Batch, BatchDone, BlockStore, Closed, ReadError, ReadRequest, StoreError, WriteRequest,
};

/// Most transfers in one transaction: more gain nothing.
const BATCH_REQUESTS: usize = 16;

/// Seconds that batches follow each other before the page gets a turn: disks in memory answer
/// without one, and all of a long operation would be one step.
const TURN: f64 = 0.004;

/// What the driver reckons times with: seconds since the page was opened.
pub fn seconds() -> f64 {
    let performance = gloo::utils::window().performance();
    performance.map_or(0.0, |performance| performance.now() / 1000.0)
}

/// A batch on its way, with what has to be known when it is back.
struct Trip {
    requests: Vec<(IoRequest, Verdict)>,
    /// How many of the inputs are stored with it.
    inputs: usize,
    batch: Batch,
}

impl Session {
    /// Moves batches until there is nothing left to do. Returns at once.
    pub(super) fn pump(&self) {
        if self.waits_for_disks() || std::mem::replace(&mut self.0.state.borrow_mut().pumping, true)
        {
            return;
        }
        let session = self.clone();
        spawn_local(async move {
            let stopped = session.pump_until_idle().await;
            if let Err(StoreError::Gone(Closed::TakenOver)) = stopped {
                session.0.owner.set(Owner::TakenOver);
            }
            if session.0.owner.get() == Owner::TakenOver {
                session.let_go().await;
            } else if let Err(error) = stopped {
                session.tell_trouble(&error);
            }
            session.0.state.borrow_mut().pumping = false;
            session.changed();
        });
    }

    async fn pump_until_idle(&self) -> Result<(), StoreError> {
        let mut turn = seconds();
        loop {
            if matches!(self.0.owner.get(), Owner::TakenOver | Owner::Taking) {
                return Ok(());
            }
            let overhaul = self.0.state.borrow_mut().overhaul.take();
            if let Some(overhaul) = overhaul {
                self.carry_out(overhaul).await?;
            }
            let now = seconds();
            let trip = self.0.state.borrow_mut().next_trip(now);
            let Some(trip) = trip else {
                if self.0.state.borrow_mut().next_of_agenda() {
                    self.changed();
                    continue;
                }
                self.wake_for_the_driver(now);
                return Ok(());
            };
            let store = self.0.state.borrow().store.clone();
            let Trip {
                requests,
                inputs,
                batch,
            } = trip;
            let arrived = store.commit(batch).await;
            let stopped = self
                .0
                .state
                .borrow_mut()
                .return_from(requests, inputs, arrived);
            self.changed();
            stopped?;
            // Nobody waits for the frames of a page that is hidden.
            if seconds() - turn > TURN && !gloo::utils::document().hidden() {
                TimeoutFuture::new(0).await;
                turn = seconds();
            }
        }
    }

    /// Has [`pump`](Self::pump) called when the driver has something to do next.
    fn wake_for_the_driver(&self, now: f64) {
        let wakes_at = self.0.state.borrow().driver.wakes_at();
        let timer = wakes_at.map(|at| {
            let session = self.clone();
            let millis = ((at - now) * 1000.0).ceil().clamp(1.0, 60_000.0) as u32;
            Timeout::new(millis, move || session.pump())
        });
        // The timer before it has nothing to do any more.
        self.0.timer.replace(timer);
    }

    /// Changes the whole store, in one transaction, and the session with it.
    async fn carry_out(&self, overhaul: Overhaul) -> Result<(), StoreError> {
        // What was to be done afterwards is only done if all of this goes well.
        let agenda = std::mem::take(&mut self.0.state.borrow_mut().agenda);
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
            agenda,
            history: fresh.history.instead_of(&history),
            ..fresh
        };
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
            Overhaul::Adopt(state) => return Ok((*state, Batch::default())),
            Overhaul::GoOnFrom(inputs) => {
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
    pub(super) fn unsaved_log(&self) -> Option<Vec<u8>> {
        let unsaved = self.inputs.get(self.saved..).unwrap_or_default();
        if unsaved.is_empty() || self.inputs.len() == 1 {
            return None;
        }
        // Records are plain data: there is nothing in them that JSON can't hold.
        encode(unsaved.iter().map(|input| &input.record)).ok()
    }

    /// Gives the driver what the machine asked for, and takes from it what is due.
    fn due(&mut self, now: f64) -> Vec<(IoRequest, Verdict)> {
        while let Some(request) = self.requests.pop_front() {
            let mut devices = self.vm.devices().iter().flatten();
            let device = devices.find(|device| device.id == request.device);
            let pages = device.map_or(0, |device| device.pages);
            self.driver.take(request, pages, now);
        }
        for io in self.driver.complaints(now) {
            let known = self.complain(io);
            debug_assert!(known.is_ok(), "what waits is in flight: {known:?}");
        }
        let due = self.driver.due(now, BATCH_REQUESTS);
        for (request, verdict) in &due {
            if matches!(verdict, Verdict::Fail(_)) {
                // What is left of the plan is stored.
                self.set_plan(request.device, self.driver.plan(request.device));
            }
        }
        due
    }

    /// What to bring to the store next, if anything.
    fn next_trip(&mut self, now: f64) -> Option<Trip> {
        let requests = self.due(now);
        let log = self.unsaved_log();
        if requests.is_empty() && log.is_none() {
            return None;
        }
        let mut batch = Batch::default();
        batch.log.extend(log);
        for (request, verdict) in &requests {
            if *verdict != Verdict::CarryOut {
                continue;
            }
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

    /// Takes in what came of a batch.
    fn return_from(
        &mut self,
        requests: Vec<(IoRequest, Verdict)>,
        inputs: usize,
        arrived: Result<BatchDone, StoreError>,
    ) -> Result<(), StoreError> {
        match arrived {
            Ok(done) => {
                self.saved = inputs;
                self.arrive(requests, done.reads);
                Ok(())
            }
            Err(StoreError::Gone(Closed::TakenOver)) => {
                self.put_back(requests);
                Err(StoreError::Gone(Closed::TakenOver))
            }
            Err(error) => {
                self.fail(requests);
                Err(error)
            }
        }
    }

    /// Tells the machine that the transfers of a batch are done. There is a result for each
    /// read that was carried out.
    fn arrive(
        &mut self,
        requests: Vec<(IoRequest, Verdict)>,
        reads: Vec<Result<Vec<PageData>, ReadError>>,
    ) {
        let mut reads = reads.into_iter();
        for (request, verdict) in requests {
            let result = match (verdict, request.cmd) {
                (Verdict::Fail(errno), _) => Err(errno),
                (Verdict::CarryOut, IoCmd::Write) => Ok(Vec::new()),
                (Verdict::CarryOut, IoCmd::Read) => reads
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
    fn fail(&mut self, requests: Vec<(IoRequest, Verdict)>) {
        for (request, verdict) in requests {
            let errno = match verdict {
                Verdict::CarryOut => Errno::Eio,
                Verdict::Fail(errno) => errno,
            };
            self.finish(request, Err(errno));
        }
    }

    /// Has the transfers of a batch wait for other disks. Those that were to fail need none.
    fn put_back(&mut self, requests: Vec<(IoRequest, Verdict)>) {
        for (request, verdict) in requests {
            match verdict {
                Verdict::CarryOut => self.requests.push_back(request),
                Verdict::Fail(errno) => self.finish(request, Err(errno)),
            }
        }
    }

    fn finish(&mut self, request: IoRequest, result: IoResult) {
        let known = self.complete(request.io, result);
        debug_assert!(known.is_ok(), "requests come from the machine: {known:?}");
    }
}
