//! Disks in IndexedDB.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use swap_pager::PageData;
use wasm_bindgen::prelude::*;
use web_sys::{Event, IdbDatabase, IdbObjectStore};

use super::idb_open;
use super::idb_request::{Failure, Fetch, Mode, Room, Transaction, key, keys, result, value};
use super::layout::{
    self, FORMAT, FORMAT_KEY, GROUPS, LOG, META, PAGES, ReadPlan, Record, WritePlan,
};
use super::log_parts::{LogReader, encode_log, log_head};
use super::{Batch, BatchDone, BlockStore, Closed, ReadError, StoreError};

/// How many values of the log are fetched at a time: 8 MiB at most.
const LOG_CHUNK: u32 = 256;

/// When the browser says that a transaction is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When the operating system has it. It outlives the browser, but not a power cut.
    ///
    /// What was measured in Chromium: after the browser was killed, nothing that was acknowledged
    /// was lost, with this as with [`Strict`](Self::Strict). After a simulated power cut about a
    /// quarter was lost, and none of it torn: since a batch is a transaction, what is left is a
    /// state that existed. A playground can live with that; a write that takes 1.5 to 1.9 times
    /// as long is felt every time.
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
/// room for it. From then on everything is [`StoreError::Gone`].
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
    /// Handler of the `success` events of reads: makes pages of what is there.
    on_read: Closure<dyn FnMut(Event)>,
    /// Reads whose records are awaited.
    awaited: Rc<RefCell<VecDeque<Weak<Reading>>>>,
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
        Ok(store)
    }

    /// Deletes the database of this name with all that is in it, whatever its format.
    ///
    /// [`StoreError::Blocked`] means that another tab doesn't let go of it. The browser still
    /// deletes it as soon as that tab does.
    pub async fn delete(name: &str) -> Result<(), StoreError> {
        idb_open::delete(name).await
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
            on_read,
            awaited,
        }
    }

    /// Refuses a database whose contents aren't in the format known here.
    async fn check_format(&self) -> Result<(), StoreError> {
        let names = self.db.object_store_names();
        if let Some(name) = [GROUPS, PAGES, LOG, META]
            .into_iter()
            .find(|name| !names.contains(name))
        {
            let what = format!("they have no object store called {name}");
            return Err(StoreError::Foreign { what });
        }
        let format = self
            .run(&[META], Mode::Read, |transaction| {
                let meta = transaction.store(META)?;
                Ok(meta.get(&FORMAT_KEY.into())?)
            })
            .await?;
        let format = result(&format).map_err(|failure| self.error(failure))?;
        match format.as_f64() {
            Some(found) if found == f64::from(FORMAT) => Ok(()),
            Some(found) if found > f64::from(FORMAT) => Err(StoreError::NewerFormat {
                found: found as u32,
                known: FORMAT,
            }),
            _ => Err(StoreError::Foreign {
                what: "they don't say which format they have".into(),
            }),
        }
    }

    async fn run<T>(
        &self,
        stores: &[&str],
        mode: Mode,
        issue: impl FnOnce(&Transaction) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let done = Transaction::run(&self.db, stores, mode, issue).await;
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
            let pages = Fetch::new(&pages, &plan.pages)?;
            let groups = Fetch::each(&groups, &plan.groups)?;
            for fetch in [&groups, &pages] {
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
        // Reads alone don't wait for the disk. All stores every time: fewer are no faster.
        let only_reads = !batch.anew && batch.writes.is_empty() && batch.log.is_empty();
        let mode = match only_reads {
            true => Mode::Read,
            false => Mode::Write(self.durability),
        };
        let readings = self
            .run(&[GROUPS, PAGES, LOG], mode, |transaction| {
                // Requests of a transaction are carried out in the order they are issued in.
                if batch.anew {
                    issue_clear(transaction)?;
                }
                let readings = self.issue_reads(transaction, &batch)?;
                issue_writes(transaction, &batch)?;
                issue_log(transaction, &batch)?;
                Ok(readings)
            })
            .await?;
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
                .run(&[LOG], Mode::Read, |transaction| {
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
        self.run(&[GROUPS, PAGES, LOG], mode, issue_clear).await
    }
}

/// A read under way.
struct Reading {
    plan: ReadPlan,
    groups: Fetch,
    pages: Fetch,
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
        match (self.groups.records(), self.pages.records()) {
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

fn issue_writes(transaction: &Transaction, batch: &Batch) -> Result<(), Failure> {
    let plan = WritePlan::new(&batch.writes);
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
