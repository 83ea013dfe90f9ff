//! A session on a store that faults, and all that is known of it.

use std::fmt;
use std::ops::AddAssign;
use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use swap_pager::command::{OpError, OpResult, PageRange};
use swap_pager::session::driver::Verdict;
use swap_pager::units::{ObjectId, PageIndex};
use swap_pager::{Command, Config, Errno, Event, EventQueue, MIN_FRAMES, Model, Vm};
use swap_playground::disk::{AnyStore, BlockStore, Faults, Faulty, Rates};
use swap_playground::session::{Record, Session, Storage, decode};

use crate::common::Machine;
use crate::input::Input;
use crate::oracle::Oracle;
use crate::sound::assert_sound;
use crate::stores::Random;
use crate::watched::{Notes, Watched, carried};

/// Looks before a session that doesn't come to rest is called stuck; each takes a few milliseconds.
const PATIENCE: u32 = 5_000;

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    sessions: u32,
    commands: u32,
    transfers: u32,
    returns: u32,
    aborted: u32,
    full: u32,
    slow: u32,
    unreadable: u32,
    stalls: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Tally) {
        self.sessions += more.sessions;
        self.commands += more.commands;
        self.transfers += more.transfers;
        self.returns += more.returns;
        self.aborted += more.aborted;
        self.full += more.full;
        self.slow += more.slow;
        self.unreadable += more.unreadable;
        self.stalls += more.stalls;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally {
            sessions,
            commands,
            transfers,
            returns,
            ..
        } = self;
        let Tally {
            aborted,
            full,
            slow,
            unreadable,
            stalls,
            ..
        } = self;
        write!(
            f,
            "{sessions} sessions, {commands} commands, {transfers} transfers completed, {returns} \
             times gone and come back; {aborted} batches aborted, {full} without room, {slow} slow, \
             {unreadable} reads spoilt, {stalls} stalls"
        )
    }
}

/// A session under test.
pub struct World<O> {
    seed: u64,
    random: Random,
    faults: Faults,
    /// Opens the store as it is without faults.
    open: O,
    notes: Rc<Notes>,
    session: Session,
    oracle: Oracle,
    /// Events that were looked at.
    seen: u64,
    /// Transfers that were completed well since the session came back, and where they went.
    completed: std::collections::BTreeMap<crate::watched::Carried, u32>,
    tally: Tally,
}

impl<S, O> World<O>
where
    S: BlockStore + fmt::Debug + 'static,
    O: AsyncFn() -> S,
{
    /// Runs a session to its end.
    pub async fn run(
        seed: u64,
        (inputs, tight): (Vec<Input>, bool),
        rates: Rates,
        open: O,
    ) -> Tally {
        let faults = Faults::new(seed, Rates::default());
        let notes = Rc::new(Notes::default());
        let session = opened(&open, &faults, &notes).await;
        let mut world = World {
            seed,
            random: Random(seed),
            faults,
            open,
            notes,
            session,
            oracle: Oracle::new(empty(Config::default()), 0),
            seen: 0,
            completed: Default::default(),
            tally: Tally::default(),
        };
        world.begin(tight).await;
        world.faults.set(rates);
        for input in &inputs {
            world.put_in(input).await;
        }
        world.faults.set(Rates::default());
        world.session.set_by_hand(false);
        world.settle().await;
        world.read_all().await;
        world.go_and_come_back().await;
        world.settle().await;
        world.read_all().await;
        let faults = world.faults.tally();
        Tally {
            sessions: 1,
            aborted: faults.aborted,
            full: faults.full,
            slow: faults.slow,
            unreadable: faults.unreadable,
            ..world.tally
        }
    }

    /// A machine with swap enough for all, so that no one is killed. In every other session a
    /// person completes the transfers, in whichever order.
    async fn begin(&mut self, tight: bool) {
        let mut config = self.session.config();
        if tight {
            config.frames = MIN_FRAMES;
            self.session.start_anew(config, false, None);
            self.settle_unseen().await;
        }
        self.oracle = Oracle::new(empty(config), 0);
        for disk in 10..12 {
            let disk = swap_pager::units::DeviceId(disk);
            let command = Command::SwapOn { disk, pages: 4096 };
            self.session.run(command).expect("there is a slot");
        }
        self.settle().await;
        self.session.set_by_hand(self.seed.is_multiple_of(2));
    }

    async fn put_in(&mut self, input: &Input) {
        let command = input.command(&self.session.model());
        match (input, command) {
            (Input::Lost { .. }, _) if self.random.below(3) == 0 => self.go_and_come_back().await,
            (Input::Complete { place, fault }, _) => {
                let waiting: Vec<_> = {
                    let driver = self.session.driver();
                    driver.waiting().iter().map(|one| one.request.io).collect()
                };
                if let Some(io) = waiting.get(place % waiting.len().max(1)) {
                    let verdict = match fault {
                        None => Verdict::CarryOut,
                        Some(_) => Verdict::Fail(Errno::Eio),
                    };
                    self.session.finish_by_hand(*io, verdict);
                }
            }
            (_, Some(command)) => {
                // What is under way goes on with the object that the fork leaves behind.
                let forks = match command {
                    Command::Fork { object } => self.oracle.is_changing(object),
                    _ => false,
                };
                if !forks && self.session.run(command).is_ok() {
                    self.tally.commands += 1;
                }
            }
            _ => {}
        }
        // Often the next input comes before anything of this one is stored.
        if self.random.below(3) > 0 {
            TimeoutFuture::new(self.random.below(3)).await;
        }
        self.go_on_if_stalled();
        self.look();
    }

    /// Takes in what happened.
    fn look(&mut self) {
        let history = self.session.history();
        for (_, event) in history.after(self.seen) {
            self.oracle.see(event);
            if let Event::IoDone {
                transfer,
                error: None,
                ..
            } = event
                && let Some(place) = transfer.place
            {
                let what = carried(transfer.cmd, place.device, place.block, transfer.pages);
                let times = self.completed.entry(what).or_default();
                *times += 1;
                let told = self.notes.carried.borrow().get(&what).copied();
                assert!(
                    *times <= told.unwrap_or(0),
                    "seed {}: {transfer:?} is complete, and was not carried out",
                    self.seed
                );
                self.tally.transfers += 1;
            }
        }
        self.seen = history.end();
    }

    /// A person finds a way on; now and then it is to let the transfers fail.
    fn go_on_if_stalled(&mut self) {
        let status = self.session.status();
        if status.stall.is_none() || status.saving {
            return;
        }
        self.tally.stalls += 1;
        match self.random.below(4) {
            0 => self.session.let_fail(),
            _ => self.session.try_again(),
        }
    }

    /// The page is gone in the middle of whatever it does, and comes back.
    async fn go_and_come_back(&mut self) {
        self.look();
        self.faults.cut();
        self.tally.returns += 1;
        let store = (self.open)().await;
        self.notes.hold_against(&store).await;
        let log = store.load_log().await.expect("it is whole");
        drop(store);
        let gone = self.session.clone();
        self.session = loop {
            let session = opened(&self.open, &self.faults, &self.notes).await;
            // Where the log could not be read just now, it is as it was.
            if session.status().storage == Storage::IndexedDb {
                break session;
            }
        };
        let back = self.session.model().clone();
        let moment = self.session.events();
        // Nothing of it is the machine's doing yet.
        self.equals_replay(&log, &back);

        gone.seek(moment);
        assert_eq!(gone.history().at(), moment, "seed {}", self.seed);
        assert!(
            *gone.model() == back,
            "seed {}: it comes back to what it never was",
            self.seed
        );
        self.oracle = Oracle::new(empty(self.session.config()), 0);
        self.completed.clear();
        for (_, event) in self.session.history().after(0).take(moment as usize) {
            self.oracle.see(event);
        }
        self.seen = moment;
    }

    /// Puts the stored log into a machine, and holds the session against that.
    fn equals_replay(&self, log: &[Vec<u8>], model: &Model) {
        let stored = decode(log).expect("it is a log");
        let (config, records) = stored.unwrap_or((self.session.config(), Vec::new()));
        let mut machine = Machine::new(config);
        for record in records {
            match record {
                Record::Do(command) => machine.start(command),
                Record::Done { io, error } => {
                    let mut waiting = machine.waiting.iter();
                    let place = waiting.position(|request| request.io == io);
                    machine.complete(place.expect("it is in flight"), error);
                }
                _ => {}
            }
        }
        assert_sound(&machine);
        assert!(
            machine.model == *model,
            "seed {}: the session is not what its log makes of a machine",
            self.seed
        );
    }

    /// Waits until nothing is under way, whatever stands in the way.
    async fn settle(&mut self) {
        self.settle_unseen().await;
        self.look();
    }

    async fn settle_unseen(&mut self) {
        for _ in 0..PATIENCE {
            TimeoutFuture::new(1).await;
            if self.session.status().stall.is_some() {
                self.session.try_again();
            } else if !self.session.status().saving && !self.session.is_busy() {
                return;
            }
        }
        panic!(
            "seed {}: stuck with {:?}, {:?}",
            self.seed,
            self.session.status(),
            self.session.model().ops
        );
    }

    /// In the end all can be read, whatever failed before; save where an error that was told left
    /// nothing behind.
    async fn read_all(&mut self) {
        let objects: Vec<_> = self.session.model().objects.values().copied().collect();
        for object in objects {
            let mut start = 0;
            while start < object.size {
                let Some(failed) = self.read(object.id, start, object.size - start).await else {
                    break;
                };
                assert_eq!(
                    self.oracle.may_read((object.id, failed)),
                    None,
                    "seed {}: {} {failed} can't be read",
                    self.seed,
                    object.id
                );
                start = failed.0 + 1;
            }
        }
    }

    /// Reads pages, and returns the one that can't be.
    async fn read(&mut self, object: ObjectId, start: u32, count: u32) -> Option<PageIndex> {
        let start = PageIndex(start);
        let range = PageRange { start, count };
        let before = self.session.events();
        let read = Command::Read { object, range };
        self.session.run(read).expect("the object is there");
        self.settle().await;
        let history = self.session.history();
        let ended = history.after(before).find_map(|(_, event)| match event {
            Event::OpEnded { result, .. } => Some((**result).clone()),
            _ => None,
        });
        match ended {
            Some(OpResult::Touched(_)) => None,
            Some(OpResult::Failed {
                error: OpError::PageIn { page },
            }) => Some(page),
            other => panic!("seed {}: reading ended with {other:?}", self.seed),
        }
    }
}

/// Opens the session anew on its store, with the faults of the plan.
async fn opened<S>(open: &impl AsyncFn() -> S, faults: &Faults, notes: &Rc<Notes>) -> Session
where
    S: BlockStore + fmt::Debug + 'static,
{
    let store = Faulty::new(open().await, faults.clone());
    let store = Watched::new(store, notes.clone());
    Session::with_store(AnyStore::new(store)).await
}

/// A machine that nothing was put into.
fn empty(config: Config) -> Model {
    Vm::new(config, EventQueue::new()).snapshot()
}
