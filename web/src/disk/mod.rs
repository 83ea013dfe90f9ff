//! The disks: where the page bytes of the swap devices are kept, with the log of the session
//! that they belong to.
//!
//! A [`BlockStore`] is a set of disks, each a row of blocks of one page, and one log. Everything
//! the session has to do in a tick goes into one [`Batch`], and a batch is one transaction. So
//! the blocks and the log can't come apart: after the browser is killed at any moment, both tell
//! of the same instant.
//!
//! [`IdbStore`] keeps them in IndexedDB and [`MemoryStore`] in memory, for places where the
//! browser denies storage. [`Faulty`] puts faults from a seed before either, for tests.
//!
//! # Another kind of disks
//!
//! Say on OPFS, or on a server. What it has to do is written down at [`BlockStore`], nowhere else:
//!
//! 1. A type that implements the trait. [`layout::check_batch`] has the limits in code;
//!    [`layout`] and [`log_parts`] know how pages and records become values with checksums, and
//!    touch no browser, so they may be of use.
//! 2. In `web/tests/common/mod.rs` a `Kind`, which says how an empty store of that type is made and
//!    how it is opened anew; in `web/tests/disk.rs` a line `contract!(opfs, Opfs)`. That is the
//!    suite: `pkg-scripts/test web` runs it in a browser. `contract!(faulty_opfs, Faultless<Opfs>)`
//!    runs it once more behind the wrapper, and a line in `web/tests/stress/main.rs` has whole
//!    sessions run on it while faults happen.
//! 3. [`AnyStore::new`] where the session is opened (`Session::open`).

use std::fmt;

use swap_pager::PageData;
use swap_pager::units::{DeviceBlock, DeviceId};

mod any;
mod error;
mod faulty;
mod idb;
mod idb_open;
mod idb_request;
pub mod layout;
pub mod log_parts;
mod memory;
mod overlay;
pub mod raw;

pub use any::AnyStore;
pub use error::{Closed, ReadError, StoreError};
pub use faulty::{Faults, Faulty, Rates, Tally};
pub use idb::{Durability, IdbStore};
pub use memory::MemoryStore;

/// Blocks to read: `pages` of them, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRequest {
    /// The disk they are on.
    pub disk: DeviceId,
    /// The first of them.
    pub block: DeviceBlock,
    /// How many.
    pub pages: u32,
}

/// Blocks to write, one after the other.
#[derive(Clone, PartialEq, Eq)]
pub struct WriteRequest {
    /// The disk they go to.
    pub disk: DeviceId,
    /// Where the first of them goes.
    pub block: DeviceBlock,
    /// Their bytes.
    pub data: Vec<PageData>,
}

impl fmt::Debug for WriteRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteRequest")
            .field("disk", &self.disk)
            .field("block", &self.block)
            .field("pages", &self.data.len())
            .finish()
    }
}

/// What a tick asks of the store, in one transaction: all of it happens or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Whether every disk and the log are forgotten before anything else happens.
    pub anew: bool,
    /// Blocks to read. They are read **before** the writes of the same batch, whatever the
    /// order in which the requests were made.
    pub reads: Vec<ReadRequest>,
    /// Blocks to write, in this order: where two overlap, the later one counts.
    pub writes: Vec<WriteRequest>,
    /// Records to append to the log, in this order.
    pub log: Vec<Vec<u8>>,
}

impl Batch {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        !self.anew && self.reads.is_empty() && self.writes.is_empty() && self.log.is_empty()
    }
}

/// What came of a batch that was carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchDone {
    /// One entry for each of [`Batch::reads`], in the same order: as many pages as were asked
    /// for, or what is wrong with the first block that can't be had. A block that can't be read
    /// doesn't stop the rest of the batch.
    pub reads: Vec<Result<Vec<PageData>, ReadError>>,
}

/// Disks and a log that change together.
///
/// The contract, which one test suite holds for every implementation:
///
/// - **All or nothing.** [`commit`](Self::commit) returns `Ok` when everything in the batch is
///   stored, `Err` when nothing of it is and nothing of it will be. Who can't tell which of the two
///   it is, answers nothing.
/// - **Acknowledged means stored.** It returns `Ok` no sooner than a later `commit` or
///   [`load_log`](Self::load_log), also one after opening the store anew, finds the batch. So it
///   is with [`clear`](Self::clear). A browser that is killed at any moment loses no batch that was
///   acknowledged; of one that was not, it keeps all or nothing.
/// - **A new store is empty**: no block, and a log without records.
/// - **Anew** comes first: with [`Batch::anew`] every block and the whole log are gone before
///   anything else of the batch happens, if it happens.
/// - **Reads come next.** The reads of a batch see the state before its writes. There is a result
///   for each, in their order, with as many pages as were asked for; a read of no pages brings none.
/// - **One bad block stops nothing else.** A block that can't be had makes the result of its read
///   an error, which names the first such block of that read. The batch is carried out.
/// - **Writes and records keep their order.** Where writes overlap, the later one counts. The log
///   has the records of all batches, each byte for byte, of any length and empty ones too.
/// - **In order.** Batches take effect in the order in which their `commit` was first polled.
///   `clear` and `load_log` take their place in that order. The session has one batch in flight at a
///   time, since more gain nothing, but nothing breaks if it has several.
/// - **Dropping isn't undoing.** If the future of a `commit` is dropped, its batch may or may not
///   be carried out, and it is still all or nothing.
/// - **Refusing isn't the end.** After an `Err` other than [`StoreError::Gone`] the store goes on:
///   the same batch may be given again, and what was stored before is there. After `Gone` every
///   call is refused until the store is opened anew.
/// - **Nothing wrong is read silently.** What is returned is what was written to just that place,
///   or an error. A block never written is [`ReadError::Missing`]; one whose bytes have changed is
///   [`ReadError::Checksum`], and one of which there is no whole record [`ReadError::Damaged`]. A
///   log that isn't whole is [`StoreError::LogDamaged`] as a whole: part of it is never returned.
/// - **Limits.** A disk has [`layout::MAX_BLOCKS`] blocks, and a store [`layout::MAX_DISKS`]
///   disks. A request beyond is [`StoreError::OutOfRange`], and the batch refused.
/// - **Only what is known is written.** A page whose contents are forgotten is
///   [`StoreError::Forgotten`], and the batch refused.
/// - **Nothing panics**, whatever is found where the store keeps its things.
#[expect(
    async_fn_in_trait,
    reason = "the page has one thread, so nobody needs the futures to be Send"
)]
pub trait BlockStore {
    /// Carries out a batch.
    async fn commit(&self, batch: Batch) -> Result<BatchDone, StoreError>;

    /// The records of the log, oldest first.
    async fn load_log(&self) -> Result<Vec<Vec<u8>>, StoreError>;

    /// Forgets every disk and the log, in one transaction.
    async fn clear(&self) -> Result<(), StoreError>;

    /// Whether the disks are still there when the page is loaded again. If not, the page has to
    /// say so.
    fn survives_reload(&self) -> bool;

    /// The name of the database of the browser they are in, if they are in one: by this name they
    /// can be opened again.
    fn database(&self) -> Option<String> {
        None
    }
}
