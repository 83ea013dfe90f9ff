//! A store of whichever kind: the one place where the session meets the kinds.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use super::{Batch, BatchDone, BlockStore, IdbStore, MemoryStore, StoreError};

/// Disks of whichever kind could be had. What makes a kind is [`BlockStore`] alone.
pub struct AnyStore(Box<dyn Kept>);

// What is in it is not shown: what prints each kind would have to be there.
impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyStore")
    }
}

impl AnyStore {
    /// These disks.
    pub fn new(store: impl BlockStore + 'static) -> AnyStore {
        AnyStore(Box::new(store))
    }
}

impl From<IdbStore> for AnyStore {
    fn from(store: IdbStore) -> AnyStore {
        AnyStore::new(store)
    }
}

impl From<MemoryStore> for AnyStore {
    fn from(store: MemoryStore) -> AnyStore {
        AnyStore::new(store)
    }
}

impl BlockStore for AnyStore {
    async fn commit(&self, batch: Batch) -> Result<BatchDone, StoreError> {
        self.0.commit(batch).await
    }

    async fn load_log(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.0.load_log().await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.0.clear().await
    }

    fn survives_reload(&self) -> bool {
        self.0.survives_reload()
    }

    fn database(&self) -> Option<String> {
        self.0.database()
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + 'a>>;

/// [`BlockStore`] with futures of which nobody needs to know the type.
trait Kept {
    fn commit(&self, batch: Batch) -> Answer<'_, BatchDone>;
    fn load_log(&self) -> Answer<'_, Vec<Vec<u8>>>;
    fn clear(&self) -> Answer<'_, ()>;
    fn survives_reload(&self) -> bool;
    fn database(&self) -> Option<String>;
}

impl<S: BlockStore> Kept for S {
    fn commit(&self, batch: Batch) -> Answer<'_, BatchDone> {
        Box::pin(BlockStore::commit(self, batch))
    }

    fn load_log(&self) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(BlockStore::load_log(self))
    }

    fn clear(&self) -> Answer<'_, ()> {
        Box::pin(BlockStore::clear(self))
    }

    fn survives_reload(&self) -> bool {
        BlockStore::survives_reload(self)
    }

    fn database(&self) -> Option<String> {
        BlockStore::database(self)
    }
}
