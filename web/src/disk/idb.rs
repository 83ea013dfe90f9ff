//! Disks in IndexedDB.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::Array;
use swap_pager::PageData;
use wasm_bindgen::prelude::*;
use web_sys::{Event, IdbDatabase, IdbObjectStore, IdbRequest};

use super::idb_open;
use super::idb_request::{Failure, Fetch, Mode, Room, Transaction, key, keys, result, value};
use super::layout::{
    self, FORMAT, FORMAT_KEY, GROUPS, LOG, META, OWNER_KEY, PAGES, ReadPlan, Record, Records,
    WritePlan,
};
use super::log_parts::{LogReader, encode_log, log_head};
use super::overlay::Overlay;
use super::raw::Entries;
use super::{Batch, BatchDone, BlockStore, Closed, ReadError, StoreError};

/// How many values of the log are fetched at a time: 8 MiB at most.
const LOG_CHUNK: u32 = 256;

/// When the browser says that a transaction is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When the operating system has it. It outlives the browser, but not a power cut.
    ///
    /// This is the one for a playground, by what was measured in Chromium. When the browser was
    /// killed (`pkg-scripts/kill-test`, 100 rounds each), nothing that was acknowledged was lost:
    /// 0 of 7,855 transfers relaxed and 0 of 8,791 strict, and nothing torn. So strict brings
    /// nothing there; it does after a power cut. In a simulated one about a quarter was lost with
    /// this one, and none of it torn: since a batch is a transaction, what is left is a state that
    /// existed. A playground can live with that; a write that takes 1.5 to 1.9 times as long is
    /// felt every time.
    #[default]
    Relaxed,
    /// When the drive has it.
    Strict,
}

impl Durability {
    /// Its name in the interface of the browser.
    pub(super) fn name(self) -> &'static str {
        match self {
            Durability::Relaxed => "relaxed",
            Durability::Strict => "strict",
        }
    }
}

/// Disks and log in a database of the browser. Dropping it closes the connection.
///
/// When another tab wants to delete or upgrade the database, the connection is closed to make
/// room for it. From then on everything is [`StoreError::Gone`]. So it is, from the next
/// transaction on, when the database was opened once more: the latest opening has the disks.
#[derive(Debug)]
pub struct IdbStore {
    db: IdbDatabase,
    durability: Durability,
    /// Set when the connection was closed by somebody else.
    closed: Rc<Cell<Option<Closed>>>,
    /// The handlers of the connection's events, which have to live as long as the connection.
    _handlers: [Closure<dyn FnMut(Event)>; 2],
    /// Handler of the `error` events of reads: lets the transaction go on.
    on_read_error: Closure<dyn FnMut(Event)>,
    /// What this opening put under [`OWNER_KEY`].
    token: f64,
    /// Hears which token is there, and aborts the transaction if it is another.
    on_owner: Closure<dyn FnMut(Event)>,
    /// Handler of the `success` events of reads: makes pages of what is there.
    on_read: Closure<dyn FnMut(Event)>,
    /// Reads whose records are awaited.
    awaited: Rc<RefCell<VecDeque<Weak<Reading>>>>,
    overlay: RefCell<Overlay>,
}

impl IdbStore {
    /// Opens the database of this name with [`Durability::Relaxed`], and makes it if there is
    /// none.
    pub async fn open(name: &str) -> Result<IdbStore, StoreError> {
        IdbStore::open_with(name, Durability::default()).await
    }

    /// Opens the database of this name, and makes it if there is none.
    pub async fn open_with(name: &str, durability: Durability) -> Result<IdbStore, StoreError> {
        let db = idb_open::open(name).await?;
        let store = IdbStore::new(db, durability);
        store.check_format().await?;
        store.own().await?;
        Ok(store)
    }

    /// Deletes the database of this name with all that is in it, whatever its format.
    ///
    /// [`StoreError::Blocked`] means that another tab doesn't let go of it. The browser still
    /// deletes it as soon as that tab does.
    pub async fn delete(name: &str) -> Result<(), StoreError> {
        idb_open::delete(name).await
    }

    /// Puts these entries in the place of all that is stored, in one transaction.
    pub async fn replace(&self, entries: &Entries) -> Result<(), StoreError> {
        let pages = entries.entries.iter().filter(|(name, ..)| *name == PAGES);
        let page_keys = pages.map(|(_, key, _)| *key as u64);
        self.overlay.borrow_mut().learn(page_keys);
        let put = |transaction: &Transaction| {
            for name in [GROUPS, PAGES, LOG] {
                transaction.store(name)?.clear()?;
            }
            for (name, key, bytes) in &entries.entries {
                let store = transaction.store(name)?;
                store.put_with_key(&value(bytes), &(*key).into())?;
            }
            Ok(())
        };
        self.run(Mode::Write(self.durability), put).await
    }

    fn new(db: IdbDatabase, durability: Durability) -> IdbStore {
        let closed = Rc::new(Cell::new(None));
        let on_version_change = Closure::<dyn FnMut(Event)>::new({
            let (db, closed) = (db.clone(), closed.clone());
            move |_| {
                // Transactions in flight still come to their end.
                db.close();
                closed.set(Some(Closed::ByAnotherTab));
            }
        });
        let on_close = Closure::<dyn FnMut(Event)>::new({
            let closed = closed.clone();
            move |_| closed.set(Some(Closed::ByTheBrowser))
        });
        // 52 random bits.
        let token = js_sys::Math::random();
        let on_owner = Closure::<dyn FnMut(Event)>::new({
            let closed = closed.clone();
            move |event: Event| {
                let request = event.target().map(JsCast::unchecked_into::<IdbRequest>);
                let Some(request) = request else { return };
                let owner = result(&request).ok().and_then(|owner| owner.as_f64());
                if owner != Some(token) {
                    closed.set(Some(Closed::TakenOver));
                    if let Some(transaction) = request.transaction() {
                        let _ = transaction.abort();
                    }
                }
            }
        });
        let on_read_error = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            event.prevent_default();
            event.stop_propagation();
        });
        let awaited = Rc::<RefCell<VecDeque<Weak<Reading>>>>::default();
        let on_read = Closure::<dyn FnMut(Event)>::new({
            let awaited = awaited.clone();
            move |_| make_pages(&mut awaited.borrow_mut())
        });
        db.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
        db.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        IdbStore {
            db,
            durability,
            closed,
            _handlers: [on_version_change, on_close],
            on_read_error,
            token,
            on_owner,
            on_read,
            awaited,
            overlay: RefCell::default(),
        }
    }

    /// Refuses a database whose contents aren't in the format known here.
    async fn check_format(&self) -> Result<(), StoreError> {
        idb_open::check_stores(&self.db)?;
        let format = Transaction::run(&self.db, &[META], Mode::Read, |transaction| {
            Ok(transaction.store(META)?.get(&FORMAT_KEY.into())?)
        });
        let format = format.await.and_then(|format| result(&format));
        idb_open::check_format(&format.map_err(|failure| self.error(failure))?, FORMAT)
    }

    /// Takes the disks from whichever opening had them. Its transactions in flight come to their
    /// end before.
    async fn own(&self) -> Result<(), StoreError> {
        let mode = Mode::Write(self.durability);
        let owned = Transaction::run(&self.db, &[META, PAGES], mode, |transaction| {
            let meta = transaction.store(META)?;
            meta.put_with_key(&self.token.into(), &OWNER_KEY.into())?;
            Ok(transaction.store(PAGES)?.get_all_keys()?)
        });
        let keys = owned.await.and_then(|keys| result(&keys));
        let keys = Array::from(&keys.map_err(|failure| self.error(failure))?);
        let keys = keys.iter().filter_map(|key| key.as_f64());
        self.overlay.borrow_mut().learn(keys.map(|key| key as u64));
        Ok(())
    }

    /// Runs a transaction over all stores (fewer are no faster), if the disks are still ours.
    async fn run<T>(
        &self,
        mode: Mode,
        issue: impl FnOnce(&Transaction) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let stores = [GROUPS, PAGES, LOG, META];
        let done = Transaction::run(&self.db, &stores, mode, |transaction| {
            let owner = transaction.store(META)?.get(&OWNER_KEY.into())?;
            owner.set_onsuccess(Some(self.on_owner.as_ref().unchecked_ref()));
            issue(transaction)
        })
        .await;
        done.map_err(|failure| self.error(failure))
    }

    fn error(&self, failure: Failure) -> StoreError {
        if let Some(closed) = self.closed.get() {
            return StoreError::Gone(closed);
        }
        match failure.name.as_str() {
            // Only a closed connection refuses to begin a transaction in this way.
            "InvalidStateError" => StoreError::Gone(Closed::ByTheBrowser),
            name => StoreError::of_transaction(name, &failure.message),
        }
    }

    /// Asks for the records of every read. There is none for a read of no pages.
    fn issue_reads(
        &self,
        transaction: &Transaction,
        batch: &Batch,
    ) -> Result<Vec<Option<Rc<Reading>>>, Failure> {
        let (groups, pages) = (transaction.store(GROUPS)?, transaction.store(PAGES)?);
        let read = |plan: ReadPlan| {
            let covered = self.overlay.borrow().covers(&plan.groups);
            let pages = covered.then(|| Fetch::new(&pages, &plan.pages));
            let pages = pages.transpose()?;
            let groups = Fetch::each(&groups, &plan.groups)?;
            for fetch in pages.iter().chain([&groups]) {
                fetch.on_error(self.on_read_error.as_ref().unchecked_ref());
            }
            // Answers come in the order of the requests.
            groups.on_success(self.on_read.as_ref().unchecked_ref());
            let reading = Rc::new(Reading {
                plan,
                groups,
                pages,
                made: OnceCell::new(),
            });
            self.awaited.borrow_mut().push_back(Rc::downgrade(&reading));
            Ok(reading)
        };
        let plans = batch.reads.iter().map(ReadPlan::new);
        plans.map(|plan| plan.map(read).transpose()).collect()
    }
}

impl Drop for IdbStore {
    fn drop(&mut self) {
        self.db.set_onversionchange(None);
        self.db.set_onclose(None);
        self.db.close();
    }
}

impl BlockStore for IdbStore {
    async fn commit(&self, batch: Batch) -> Result<BatchDone, StoreError> {
        layout::check_batch(&batch)?;
        if batch.is_empty() {
            return Ok(BatchDone::default());
        }
        // Reads alone don't wait for the disk.
        let only_reads = !batch.anew && batch.writes.is_empty() && batch.log.is_empty();
        let mode = match only_reads {
            true => Mode::Read,
            false => Mode::Write(self.durability),
        };
        let mut plan = WritePlan::new(&batch.writes);
        let turn = self.overlay.borrow_mut().begin(&mut plan);
        let readings = self
            .run(mode, |transaction| {
                // Requests of a transaction are carried out in the order they are issued in.
                if batch.anew {
                    issue_clear(transaction)?;
                }
                let readings = self.issue_reads(transaction, &batch)?;
                issue_writes(transaction, &plan)?;
                issue_log(transaction, &batch)?;
                Ok(readings)
            })
            .await?;
        let mut overlay = self.overlay.borrow_mut();
        overlay.end(turn, &plan.covered, batch.anew);
        drop(overlay);
        let pages = |reading: Option<Rc<Reading>>| match reading {
            Some(reading) => reading.take_pages(),
            None => Ok(Vec::new()),
        };
        Ok(BatchDone {
            reads: readings.into_iter().map(pages).collect(),
        })
    }

    async fn load_log(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut log = LogReader::default();
        loop {
            let last = log.last_key().unwrap_or(0);
            let chunk = self
                .run(Mode::Read, |transaction| {
                    Fetch::after(&transaction.store(LOG)?, last, LOG_CHUNK)
                })
                .await?;
            let values = chunk.records().map_err(|failure| self.error(failure))?;
            for (key, value) in &values {
                log.take(*key, value)?;
            }
            if values.len() < LOG_CHUNK as usize {
                return log.finish();
            }
        }
    }

    async fn clear(&self) -> Result<(), StoreError> {
        let mode = Mode::Write(self.durability);
        self.run(mode, issue_clear).await
    }

    fn survives_reload(&self) -> bool {
        true
    }

    fn database(&self) -> Option<String> {
        Some(self.db.name())
    }
}

/// A read under way.
struct Reading {
    plan: ReadPlan,
    groups: Fetch,
    /// None where no page lies over a group.
    pages: Option<Fetch>,
    /// What came of it, once it was made.
    made: OnceCell<Pages>,
}

type Pages = Result<Vec<PageData>, ReadError>;

/// Makes pages of the reads whose records are there, while the browser gets the records of those
/// that follow. What is left over is made at the end of the transaction.
fn make_pages(awaited: &mut VecDeque<Weak<Reading>>) {
    while let Some(first) = awaited.front() {
        match first.upgrade() {
            Some(reading) if !reading.has_ended() => return,
            Some(reading) => {
                reading.made.get_or_init(|| reading.make_pages());
            }
            // Its batch has come to its end without it.
            None => {}
        }
        awaited.pop_front();
    }
}

impl Reading {
    fn has_ended(&self) -> bool {
        // They were asked for last.
        self.groups.has_ended()
    }

    fn take_pages(self: Rc<Reading>) -> Pages {
        self.made.get_or_init(|| self.make_pages()).clone()
    }

    fn make_pages(&self) -> Pages {
        let pages = self.pages.as_ref();
        let pages = pages.map_or_else(|| Ok(Records::new_vec()), Fetch::records);
        match (self.groups.records(), pages) {
            (Ok(groups), Ok(pages)) => self.plan.assemble(&groups, &pages),
            (Err(failure), _) | (_, Err(failure)) => Err(self.plan.unreadable(&failure.name)),
        }
    }
}

fn issue_clear(transaction: &Transaction) -> Result<(), Failure> {
    for name in [GROUPS, PAGES, LOG] {
        transaction.store(name)?.clear()?;
    }
    transaction.store(LOG)?.add(&value(&log_head()))?;
    Ok(())
}

fn issue_writes(transaction: &Transaction, plan: &WritePlan<'_>) -> Result<(), Failure> {
    let (groups, pages) = (transaction.store(GROUPS)?, transaction.store(PAGES)?);
    put_all(&groups, &plan.groups)?;
    for covered in &plan.covered {
        pages.delete(&keys(covered)?)?;
    }
    put_all(&pages, &plan.pages)
}

/// Puts records that all have the same length.
fn put_all(store: &IdbObjectStore, records: &[Record<'_>]) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let mut room = None;
    for record in records {
        record.encode(&mut bytes);
        let room = room.get_or_insert_with(|| Room::new(bytes.len()));
        store.put_with_key(room.value(&bytes), &key(record.key))?;
    }
    Ok(())
}

fn issue_log(transaction: &Transaction, batch: &Batch) -> Result<(), Failure> {
    let log = transaction.store(LOG)?;
    for part in batch.log.iter().flat_map(|record| encode_log(record)) {
        log.add(&value(&part))?;
    }
    Ok(())
}
