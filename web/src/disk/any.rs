//! A store of either kind.

use super::{Batch, BatchDone, BlockStore, IdbStore, MemoryStore, StoreError};

/// Disks of whichever kind could be had.
#[derive(Debug)]
pub enum AnyStore {
    /// Disks in IndexedDB.
    Idb(IdbStore),
    /// Disks in memory.
    Memory(MemoryStore),
}

impl AnyStore {
    /// Whether the disks are still there when the page is loaded again. If not, the page has to
    /// say so.
    pub fn survives_reload(&self) -> bool {
        match self {
            AnyStore::Idb(_) => true,
            AnyStore::Memory(_) => false,
        }
    }

    /// The name of the database, if they are in one.
    pub fn database(&self) -> Option<String> {
        match self {
            AnyStore::Idb(store) => Some(store.name()),
            AnyStore::Memory(_) => None,
        }
    }
}

impl From<IdbStore> for AnyStore {
    fn from(store: IdbStore) -> AnyStore {
        AnyStore::Idb(store)
    }
}

impl From<MemoryStore> for AnyStore {
    fn from(store: MemoryStore) -> AnyStore {
        AnyStore::Memory(store)
    }
}

impl BlockStore for AnyStore {
    async fn commit(&self, batch: Batch) -> Result<BatchDone, StoreError> {
        match self {
            AnyStore::Idb(store) => store.commit(batch).await,
            AnyStore::Memory(store) => store.commit(batch).await,
        }
    }

    async fn load_log(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        match self {
            AnyStore::Idb(store) => store.load_log().await,
            AnyStore::Memory(store) => store.load_log().await,
        }
    }

    async fn clear(&self) -> Result<(), StoreError> {
        match self {
            AnyStore::Idb(store) => store.clear().await,
            AnyStore::Memory(store) => store.clear().await,
        }
    }
}
