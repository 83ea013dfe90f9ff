//! Faults from a seed, before any kind of store: for tests.
//!
//! The page never makes one. Since it is generic, there is no code of it in a program that doesn't
//! use it, so no switch keeps it out.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo::timers::future::TimeoutFuture;
use swap_pager::PageData;
use swap_pager::random::Random;
use swap_pager::units::DeviceBlock;

use super::{Batch, BatchDone, BlockStore, ReadError, ReadRequest, StoreError};

/// How often what goes wrong, of a thousand times each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Batches that are taken back as a whole. Reading the log fails in this way too.
    pub aborted: u32,
    /// Batches with something to store that find no room...
    pub full: u32,
    /// ...as do up to so many after them.
    pub full_for: u32,
    /// Batches that take their time, before or after they are carried out...
    pub slow: u32,
    /// ...up to so many milliseconds.
    pub slowest: u32,
    /// Reads that bring an error instead of what is there.
    pub unreadable: u32,
}

/// What went wrong so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Batches that were carried out and told to be.
    pub done: u32,
    /// Batches that were taken back, and logs that were not read.
    pub aborted: u32,
    /// Batches that found no room.
    pub full: u32,
    /// Batches that took their time.
    pub slow: u32,
    /// Reads that brought an error.
    pub unreadable: u32,
}

/// A plan of what goes wrong, drawn from a seed. Clones are the same plan: a test keeps one while a
/// session has the store.
#[derive(Clone, Debug)]
pub struct Faults(Rc<Plan>);

#[derive(Debug)]
struct Plan {
    random: RefCell<Random>,
    rates: Cell<Rates>,
    /// So many more batches find no room.
    full: Cell<u32>,
    tally: Cell<Tally>,
    /// How often the stores were cut off.
    cuts: Cell<u32>,
}

impl Faults {
    /// The plan of a seed.
    pub fn new(seed: u64, rates: Rates) -> Faults {
        Faults(Rc::new(Plan {
            random: RefCell::new(Random::new(seed)),
            rates: Cell::new(rates),
            full: Cell::default(),
            tally: Cell::default(),
            cuts: Cell::default(),
        }))
    }

    /// From now on these are the rates. A shortage of room is over.
    pub fn set(&self, rates: Rates) {
        self.0.rates.set(rates);
        self.0.full.set(0);
    }

    /// What went wrong so far.
    pub fn tally(&self) -> Tally {
        self.0.tally.get()
    }

    /// Nobody hears of the stores of this plan any more, as if the browser had been killed. A batch
    /// that has reached its store may be carried out still; all others are not. Stores that are
    /// made from now on work.
    pub fn cut(&self) {
        self.0.cuts.set(self.0.cuts.get() + 1);
    }

    fn count(&self, change: impl FnOnce(&mut Tally)) {
        let mut tally = self.0.tally.get();
        change(&mut tally);
        self.0.tally.set(tally);
    }

    /// The next number of the seed, below `end`.
    fn below(&self, end: u32) -> u32 {
        self.0.random.borrow_mut().below(end)
    }

    /// Whether something happens that happens so often of a thousand times.
    fn happens(&self, rate: u32) -> bool {
        self.below(1000) < rate
    }

    /// Why a batch is refused, if it is.
    fn refusal(&self, stores: bool) -> Option<StoreError> {
        let rates = self.0.rates.get();
        if stores {
            if self.0.full.get() == 0 && self.happens(rates.full) {
                self.0.full.set(1 + self.below(rates.full_for + 1));
            }
            if let Some(left) = self.0.full.get().checked_sub(1) {
                self.0.full.set(left);
                self.count(|tally| tally.full += 1);
                return Some(StoreError::Quota);
            }
        }
        self.happens(rates.aborted).then(|| {
            self.count(|tally| tally.aborted += 1);
            StoreError::Aborted {
                name: "AbortError".into(),
                message: "a fault of the test".into(),
            }
        })
    }

    /// Milliseconds before and after a batch is carried out.
    fn pauses(&self) -> (u32, u32) {
        let rates = self.0.rates.get();
        if !self.happens(rates.slow) {
            return (0, 0);
        }
        self.count(|tally| tally.slow += 1);
        let millis = 1 + self.below(rates.slowest);
        match self.below(2) {
            0 => (millis, 0),
            _ => (0, millis),
        }
    }

    /// What is said to be wrong with a read that went well, if anything is.
    fn bad_block(&self, read: &ReadRequest) -> Option<ReadError> {
        if read.pages == 0 || !self.happens(self.0.rates.get().unreadable) {
            return None;
        }
        self.count(|tally| tally.unreadable += 1);
        let disk = read.disk;
        let block = DeviceBlock(read.block.0 + self.below(read.pages));
        Some(match self.below(3) {
            0 => ReadError::Missing { disk, block },
            1 => ReadError::Checksum { disk, block },
            _ => ReadError::Damaged {
                disk,
                block,
                what: "a fault of the test".into(),
            },
        })
    }
}

/// A store before which things go wrong by a plan. It keeps the contract of [`BlockStore`]: what it
/// says is not stored never is, and without faults it is as good as the store behind it.
#[derive(Debug)]
pub struct Faulty<S> {
    store: S,
    faults: Faults,
    /// How often the plan had cut its stores off when this one was made.
    cuts: u32,
    queue: Queue,
}

impl<S> Faulty<S> {
    /// Puts the faults of a plan before a store.
    pub fn new(store: S, faults: Faults) -> Faulty<S> {
        let cuts = faults.0.cuts.get();
        let queue = Queue::default();
        Faulty {
            store,
            faults,
            cuts,
            queue,
        }
    }

    /// The store without the faults.
    pub fn into_inner(self) -> S {
        self.store
    }

    /// Goes on unless the store is cut off; then never.
    async fn unless_cut(&self) {
        if self.faults.0.cuts.get() != self.cuts {
            pending().await
        }
    }

    async fn pause(&self, millis: u32) {
        if millis > 0 {
            TimeoutFuture::new(millis).await;
        }
        self.unless_cut().await;
    }
}

impl<S: BlockStore> BlockStore for Faulty<S> {
    async fn commit(&self, batch: Batch) -> Result<BatchDone, StoreError> {
        let turn = self.queue.turn();
        turn.comes().await;
        let (before, after) = self.faults.pauses();
        self.pause(before).await;
        let stores = batch.anew || !batch.writes.is_empty() || !batch.log.is_empty();
        if let Some(error) = self.faults.refusal(stores) {
            self.pause(after).await;
            return Err(error);
        }
        let reads = batch.reads.clone();
        let done = self.store.commit(batch).await;
        self.pause(after).await;
        let mut done = done?;
        self.faults.count(|tally| tally.done += 1);
        let spoil = |(read, found): (&ReadRequest, &mut Result<Vec<PageData>, ReadError>)| {
            if let (Ok(_), Some(bad)) = (&found, self.faults.bad_block(read)) {
                *found = Err(bad);
            }
        };
        reads.iter().zip(&mut done.reads).for_each(spoil);
        Ok(done)
    }

    async fn load_log(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let turn = self.queue.turn();
        turn.comes().await;
        self.unless_cut().await;
        if let Some(error) = self.faults.refusal(false) {
            return Err(error);
        }
        let log = self.store.load_log().await;
        self.unless_cut().await;
        log
    }

    async fn clear(&self) -> Result<(), StoreError> {
        let batch = Batch {
            anew: true,
            ..Batch::default()
        };
        self.commit(batch).await.map(|_| ())
    }

    fn survives_reload(&self) -> bool {
        self.store.survives_reload()
    }

    fn database(&self) -> Option<String> {
        self.store.database()
    }
}

/// Who waits for a turn, so that nothing overtakes what is slow.
#[derive(Debug, Default)]
struct Queue {
    next: Cell<u64>,
    waiting: RefCell<BTreeSet<u64>>,
    wakers: RefCell<Vec<Waker>>,
}

/// A place in the queue; given up when dropped.
struct Turn<'a> {
    queue: &'a Queue,
    number: u64,
}

impl Queue {
    fn turn(&self) -> Turn<'_> {
        let number = self.next.get();
        self.next.set(number + 1);
        self.waiting.borrow_mut().insert(number);
        Turn {
            queue: self,
            number,
        }
    }
}

impl Turn<'_> {
    async fn comes(&self) {
        poll_fn(|context| {
            if self.queue.waiting.borrow().first() == Some(&self.number) {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            self.queue.wakers.borrow_mut().push(waker);
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.queue.waiting.borrow_mut().remove(&self.number);
        for waker in self.queue.wakers.take() {
            waker.wake();
        }
    }
}
