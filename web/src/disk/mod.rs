//! The disks: where the page bytes of the swap devices are kept, with the log of the session
//! that they belong to.
//!
//! A [`BlockStore`] is a set of disks, each a row of blocks of one page, and one log. Everything
//! the session has to do in a tick goes into one [`Batch`], and a batch is one transaction. So
//! the blocks and the log can't come apart: after the browser is killed at any moment, both tell
//! of the same instant.
//!
//! [`IdbStore`] keeps them in IndexedDB and [`MemoryStore`] in memory, for places where the
//! browser denies storage. [`AnyStore`] is either. Another kind is put in by implementing the
//! trait; `web/tests/disk.rs` is the suite that every kind must pass.

use std::fmt;

use swap_pager::PageData;
use swap_pager::units::{DeviceBlock, DeviceId};

mod any;
mod error;
mod idb;
mod idb_open;
mod idb_request;
pub mod layout;
pub mod log_parts;
mod memory;
pub mod raw;

pub use any::AnyStore;
pub use error::{Closed, ReadError, StoreError};
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
///   stored, `Err` when nothing of it is.
/// - **Acknowledged means stored.** It returns `Ok` no sooner than a later `commit` or
///   [`load_log`](Self::load_log), also one after opening the store anew, finds the batch.
/// - **Reads come first.** The reads of a batch see the state before its writes.
/// - **In order.** Batches take effect in the order in which their `commit` was first polled.
///   The session has one in flight at a time, since more gain nothing, but nothing breaks if it
///   has several.
/// - **Dropping isn't undoing.** If the future of a `commit` is dropped, its batch may or may not
///   be carried out, and it is still all or nothing.
/// - **Nothing wrong is read silently.** What is returned is what was written to just that place,
///   or an error. A block never written is [`ReadError::Missing`].
/// - **Limits.** A disk has [`layout::MAX_BLOCKS`] blocks, and a store [`layout::MAX_DISKS`]
///   disks. A request beyond is [`StoreError::OutOfRange`].
/// - **Only what is known is written.** A page whose contents are forgotten is
///   [`StoreError::Forgotten`].
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
}
