//! What several test files need.

// Each test file uses its own part of this.
#![allow(dead_code)]

use std::sync::atomic::{AtomicU32, Ordering};

use swap_pager::PageData;
use swap_pager::units::{DeviceBlock, DeviceId, PAGE_SIZE};
use swap_playground::disk::{
    AnyStore, Batch, BlockStore, Durability, Faults, Faulty, IdbStore, MemoryStore, Rates,
    ReadError, ReadRequest, WriteRequest,
};

use std::fmt::Debug;
use std::marker::PhantomData;

pub mod contract;
pub mod raw;

/// A kind of store to be put to the test.
pub trait Kind {
    type Store: BlockStore + Debug + 'static;

    /// An empty store of this name.
    async fn fresh(name: &str) -> Self::Store;

    /// The same store after a reload of the page, as far as the kind survives one.
    async fn reopen(store: Self::Store, name: &str) -> Self::Store;
}

/// Disks in IndexedDB, as they are opened by default.
pub struct Idb;

impl Kind for Idb {
    type Store = IdbStore;

    async fn fresh(name: &str) -> IdbStore {
        IdbStore::delete(name).await.expect("nobody has it open");
        open(name).await
    }

    async fn reopen(store: IdbStore, name: &str) -> IdbStore {
        drop(store);
        open(name).await
    }
}

/// Disks in IndexedDB that wait for the drive.
pub struct IdbStrict;

impl Kind for IdbStrict {
    type Store = IdbStore;

    async fn fresh(name: &str) -> IdbStore {
        IdbStore::delete(name).await.expect("nobody has it open");
        let store = IdbStore::open_with(name, Durability::Strict).await;
        store.expect("it is made anew")
    }

    async fn reopen(store: IdbStore, name: &str) -> IdbStore {
        drop(store);
        let store = IdbStore::open_with(name, Durability::Strict).await;
        store.expect("it was made before")
    }
}

/// Disks in memory.
pub struct Memory;

impl Kind for Memory {
    type Store = MemoryStore;

    async fn fresh(_name: &str) -> MemoryStore {
        MemoryStore::new()
    }

    async fn reopen(store: MemoryStore, _name: &str) -> MemoryStore {
        store
    }
}

/// Disks in IndexedDB as a session has them.
pub struct AnyIdb;

impl Kind for AnyIdb {
    type Store = AnyStore;

    async fn fresh(name: &str) -> AnyStore {
        Idb::fresh(name).await.into()
    }

    async fn reopen(store: AnyStore, name: &str) -> AnyStore {
        drop(store);
        open(name).await.into()
    }
}

/// Another kind behind the wrapper for faults, which adds none; but now and then a batch is slow,
/// and nothing may overtake it.
pub struct Faultless<K>(PhantomData<K>);

impl<K: Kind> Faultless<K> {
    fn behind(store: K::Store) -> Faulty<K::Store> {
        let rates = Rates {
            slow: 100,
            slowest: 3,
            ..Rates::default()
        };
        Faulty::new(store, Faults::new(1, rates))
    }
}

impl<K: Kind> Kind for Faultless<K> {
    type Store = Faulty<K::Store>;

    async fn fresh(name: &str) -> Faulty<K::Store> {
        Self::behind(K::fresh(name).await)
    }

    async fn reopen(store: Faulty<K::Store>, name: &str) -> Faulty<K::Store> {
        Self::behind(K::reopen(store.into_inner(), name).await)
    }
}

/// Opens a database that can be opened.
pub async fn open(name: &str) -> IdbStore {
    IdbStore::open(name).await.expect("it can be opened")
}

/// A name that no other test has.
pub fn name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test {}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A page that can be told from the page of every other number.
pub fn page(number: u64) -> PageData {
    let mut bytes = [0; PAGE_SIZE];
    for word in bytes.chunks_exact_mut(8) {
        word.copy_from_slice(&number.to_le_bytes());
    }
    // Not all alike, so that a shift within the page would show.
    bytes[PAGE_SIZE - 1] = 0x5a;
    PageData::new(bytes)
}

/// The pages of these numbers.
pub fn pages(numbers: impl IntoIterator<Item = u64>) -> Vec<PageData> {
    numbers.into_iter().map(page).collect()
}

/// A read.
pub fn read(disk: u32, block: u32, pages: u32) -> ReadRequest {
    ReadRequest {
        disk: DeviceId(disk),
        block: DeviceBlock(block),
        pages,
    }
}

/// A write of the pages of these numbers.
pub fn write(disk: u32, block: u32, numbers: impl IntoIterator<Item = u64>) -> WriteRequest {
    WriteRequest {
        disk: DeviceId(disk),
        block: DeviceBlock(block),
        data: pages(numbers),
    }
}

/// A batch of reads.
pub fn reads(reads: impl IntoIterator<Item = ReadRequest>) -> Batch {
    Batch {
        reads: reads.into_iter().collect(),
        ..Batch::default()
    }
}

/// A batch of writes.
pub fn writes(writes: impl IntoIterator<Item = WriteRequest>) -> Batch {
    Batch {
        writes: writes.into_iter().collect(),
        ..Batch::default()
    }
}

/// A batch of records for the log.
pub fn log(records: impl IntoIterator<Item = &'static str>) -> Batch {
    Batch {
        log: records.into_iter().map(|text| text.into()).collect(),
        ..Batch::default()
    }
}

/// Carries out one read.
pub async fn read_one(
    store: &impl BlockStore,
    request: ReadRequest,
) -> Result<Vec<PageData>, ReadError> {
    let done = store.commit(reads([request])).await;
    let mut reads = done.expect("the batch can be carried out").reads;
    assert_eq!(reads.len(), 1);
    reads.remove(0)
}

/// Carries out a batch that nothing stands in the way of.
pub async fn commit(store: &impl BlockStore, batch: Batch) {
    let done = store.commit(batch).await;
    done.expect("the batch can be carried out");
}

/// Sees that two stores hold the same, where tests write.
pub async fn assert_same(one: &impl BlockStore, other: &impl BlockStore) {
    assert_eq!(one.load_log().await, other.load_log().await);
    for disk in 0..4 {
        let each = || reads((0..64).map(|block| read(disk, block, 1)));
        assert_eq!(one.commit(each()).await, other.commit(each()).await);
    }
}

/// The error for a block never written.
pub fn missing<T>(disk: u32, block: u32) -> Result<T, ReadError> {
    Err(ReadError::Missing {
        disk: DeviceId(disk),
        block: DeviceBlock(block),
    })
}
