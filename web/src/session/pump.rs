//! Moves transfers between the machine and the disks, and the log to the store.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo::timers::future::TimeoutFuture;
use swap_pager::event::IoCmd;
use swap_pager::pager::{IoRequest, IoResult};
use swap_pager::{Errno, PageData};
use wasm_bindgen_futures::spawn_local;

use super::record::{RecordError, encode};
use super::restore::{contents, replay};
use super::space::{self, Size};
use super::stall::{Patience, Stall};
use super::state::{Overhaul, State};
use super::take_over::TAKEN_OVER;
use super::{Owner, Session, Storage};
use crate::disk::{
    AnyStore, Batch, BatchDone, BlockStore, ReadError, ReadRequest, StoreError, WriteRequest,
};
use swap_pager::session::driver::Verdict;

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

/// A batch, and what is to become of the session when it is stored.
struct Errand {
    store: Rc<AnyStore>,
    batch: Batch,
    /// How many of the inputs are stored with it.
    inputs: usize,
    then: Then,
}

/// What is to become of the session when a batch is stored. If it is not, nothing of it does.
enum Then {
    /// Transfers arrive.
    Arrive(Vec<(IoRequest, Verdict)>),
    /// The session is this one.
    Become(Overhaul, Box<State>),
    /// It lives in the store of the errand.
    Live(Storage),
}

/// Why a batch is not stored.
struct Refusal {
    error: StoreError,
    /// Whether the store was spared the attempt.
    held_back: bool,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        let held_back = false;
        Refusal { error, held_back }
    }
}

impl Session {
    /// Moves batches until there is nothing left to do, or the store refuses. Returns at once.
    pub(super) fn pump(&self) {
        if self.waits_for_disks() || std::mem::replace(&mut self.0.state.borrow_mut().pumping, true)
        {
            return;
        }
        let session = self.clone();
        spawn_local(async move {
            session.pump_until_idle().await;
            if session.0.owner.get() == Owner::TakenOver {
                session.let_go().await;
            }
            session.0.state.borrow_mut().pumping = false;
            session.changed();
        });
    }

    async fn pump_until_idle(&self) {
        let mut turn = seconds();
        let mut patience = Patience::default();
        loop {
            if matches!(self.0.owner.get(), Owner::TakenOver | Owner::Taking) {
                return;
            }
            let now = seconds();
            let errand = self.0.state.borrow_mut().next_errand(now);
            let Some(errand) = errand else {
                if self.0.state.borrow_mut().next_of_agenda() {
                    self.changed();
                    continue;
                }
                self.wake_for_the_driver(now);
                return;
            };
            let Errand {
                store,
                batch,
                inputs,
                then,
            } = errand;
            let size = space::size(&batch);
            let sent = self.send(&store, batch, size).await;
            let mut pause = None;
            {
                let mut state = self.0.state.borrow_mut();
                match sent {
                    Ok(done) => {
                        patience = Patience::default();
                        state.arrive(store, then, inputs, size, done);
                    }
                    Err(Refusal { error, .. }) if error == TAKEN_OVER => {
                        state.put_back(store, then);
                        self.0.owner.set(Owner::TakenOver);
                    }
                    Err(Refusal { error, held_back }) => {
                        state.put_back(store, then);
                        pause = patience.pause(&error);
                        if pause.is_none() {
                            state.stall_for(error, size.total(), held_back);
                        }
                    }
                }
            }
            self.changed();
            if let Some(pause) = pause {
                TimeoutFuture::new(pause).await;
            }
            // Nobody waits for the frames of a page that is hidden.
            if seconds() - turn > TURN && !gloo::utils::document().hidden() {
                TimeoutFuture::new(0).await;
                turn = seconds();
            }
        }
    }

    /// Brings a batch to its store, unless that would leave too little room.
    async fn send(&self, store: &AnyStore, batch: Batch, size: Size) -> Result<BatchDone, Refusal> {
        if !store.survives_reload() {
            return Ok(store.commit(batch).await?);
        }
        let space = &self.0.space;
        let stale = space.borrow().is_stale(size.total());
        if stale {
            self.learn_of_room().await;
        }
        // The log alone always goes: the headroom is there for it.
        if size.blocks > 0 && !space.borrow().fits(size.total()) {
            return Err(Refusal {
                error: StoreError::Quota,
                held_back: true,
            });
        }
        let sent = store.commit(batch).await;
        if sent == Err(StoreError::Quota) {
            // What was reckoned was wrong.
            self.learn_of_room().await;
        }
        let done = sent?;
        space.borrow_mut().wrote(size.total());
        let beg = space.borrow_mut().should_beg();
        if beg {
            self.ask_to_keep();
        }
        Ok(done)
    }

    /// Has [`pump`](Self::pump) called when the driver has something to do next.
    fn wake_for_the_driver(&self, now: f64) {
        let wakes_at = {
            let state = self.0.state.borrow();
            state.driver.wakes_at().filter(|_| state.stall.is_none())
        };
        let timer = wakes_at.map(|at| {
            let session = self.clone();
            let millis = ((at - now) * 1000.0).ceil().clamp(1.0, 60_000.0) as u32;
            Timeout::new(millis, move || session.pump())
        });
        // The timer before it has nothing to do any more.
        self.0.timer.replace(timer);
    }
}

impl State {
    /// What to bring to a store next, if anything.
    fn next_errand(&mut self, now: f64) -> Option<Errand> {
        match &self.stall {
            None => {}
            // The headroom is there for the log.
            Some(stall) if stall.held_back => return self.trip(Vec::new()),
            Some(_) => return None,
        }
        if let Some((store, storage)) = self.moving.take() {
            match self.moved(store, storage) {
                Ok(errand) => return Some(errand),
                Err(error) => {
                    self.trouble = Some(format!("The disks stay where they are: {error}."))
                }
            }
        }
        if let Some(overhaul) = self.overhaul.take() {
            match self.overhauled(overhaul) {
                Ok(errand) => return Some(errand),
                Err(error) => {
                    // What was to be done afterwards was meant for what came of it.
                    self.agenda.clear();
                    let trouble = format!("This moment can't be gone on from: {error}.");
                    self.trouble = Some(trouble);
                }
            }
        }
        let mut requests = std::mem::take(&mut self.at_hand);
        if requests.is_empty() {
            requests = self.due(now);
        }
        self.trip(requests)
    }

    /// The whole session as it is, for another store.
    fn moved(&self, store: Rc<AnyStore>, storage: Storage) -> Result<Errand, RecordError> {
        let records = self.inputs.iter().skip(1);
        let records = records.map(|input| input.record.clone()).collect();
        let (again, disks) = replay(self, self.config, records)?;
        let batch = Batch {
            anew: true,
            writes: contents(&again.model, &disks),
            log: again.unsaved_log().into_iter().collect(),
            ..Batch::default()
        };
        Ok(Errand {
            store,
            batch,
            inputs: self.inputs.len(),
            then: Then::Live(storage),
        })
    }

    /// The session after an overhaul, and what makes the store that of it.
    fn overhauled(&self, overhaul: Overhaul) -> Result<Errand, RecordError> {
        let mut batch = Batch {
            anew: true,
            ..Batch::default()
        };
        let store = || {
            let store = self.damaged.clone().unwrap_or_else(|| self.store.clone());
            let storage = if store.survives_reload() {
                Storage::IndexedDb
            } else {
                self.storage.clone()
            };
            (store, storage)
        };
        let fresh = match &overhaul {
            Overhaul::StartAnew(config) => {
                let (store, storage) = store();
                State::with_config(*config, store, storage)
            }
            Overhaul::Replace(session) => {
                let (config, records) = &**session;
                let (mut fresh, disks) = replay(self, *config, records.clone())?;
                batch.writes = contents(&fresh.model, &disks);
                batch.log.extend(fresh.unsaved_log());
                fresh.saved = fresh.inputs.len();
                (fresh.store, fresh.storage) = store();
                fresh
            }
            Overhaul::GoOnFrom(inputs) => {
                let records = self.inputs.get(1..*inputs).unwrap_or_default();
                let records = records.iter().map(|input| input.record.clone()).collect();
                let (mut fresh, disks) = replay(self, self.config, records)?;
                batch.writes = contents(&fresh.model, &disks);
                batch.log.extend(fresh.unsaved_log());
                fresh.saved = fresh.inputs.len();
                fresh.restored = self.restored;
                fresh
            }
        };
        Ok(Errand {
            store: fresh.store.clone(),
            batch,
            inputs: fresh.saved,
            then: Then::Become(overhaul, Box::new(fresh)),
        })
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

    /// Brings transfers to the store, with what it lacks of the log.
    fn trip(&mut self, requests: Vec<(IoRequest, Verdict)>) -> Option<Errand> {
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
        Some(Errand {
            store: self.store.clone(),
            batch,
            inputs: self.inputs.len(),
            then: Then::Arrive(requests),
        })
    }

    /// A batch is stored: what was to become of the session, becomes of it.
    fn arrive(
        &mut self,
        store: Rc<AnyStore>,
        then: Then,
        inputs: usize,
        size: Size,
        done: BatchDone,
    ) {
        match then {
            Then::Arrive(requests) => {
                self.saved = inputs;
                self.log_bytes += size.log;
                self.finish_all(requests, done.reads);
            }
            Then::Live(storage) => {
                self.saved = inputs;
                self.log_bytes = size.log;
                self.store = store;
                self.storage = storage;
                self.damaged = None;
                self.found = None;
            }
            Then::Become(_, fresh) => {
                let history = std::mem::take(&mut self.history);
                *self = State {
                    pumping: true,
                    saved: inputs,
                    log_bytes: size.log,
                    agenda: std::mem::take(&mut self.agenda),
                    history: fresh.history.instead_of(&history),
                    ..*fresh
                };
            }
        }
    }

    /// A batch is not stored: all is as it was before it was made up.
    fn put_back(&mut self, store: Rc<AnyStore>, then: Then) {
        match then {
            Then::Arrive(requests) => self.at_hand = requests,
            Then::Become(overhaul, _) => self.overhaul = Some(overhaul),
            Then::Live(storage) => self.moving = Some((store, storage)),
        }
    }

    /// From now on all that is to be stored waits.
    pub fn stall_for(&mut self, error: StoreError, needed: u64, held_back: bool) {
        self.stall = Some(Stall {
            error,
            needed,
            held_back,
            transfers: self.at_hand.len(),
            whole: self.moving.is_some() || self.overhaul.is_some(),
        });
    }

    /// Tells the machine that transfers are done. There is a result for each read that was carried
    /// out.
    fn finish_all(
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

    /// Tells the machine that the transfers at hand failed, all of them.
    pub fn fail_at_hand(&mut self) {
        for (request, verdict) in std::mem::take(&mut self.at_hand) {
            let errno = match verdict {
                Verdict::CarryOut => Errno::Eio,
                Verdict::Fail(errno) => errno,
            };
            self.finish(request, Err(errno));
        }
    }

    fn finish(&mut self, request: IoRequest, result: IoResult) {
        let known = self.complete(request.io, result);
        debug_assert!(known.is_ok(), "requests come from the machine: {known:?}");
    }
}
