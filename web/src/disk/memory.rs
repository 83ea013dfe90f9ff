//! Disks in memory: the fallback, and the plain twin in tests.

use std::cell::RefCell;
use std::collections::BTreeMap;

use swap_pager::PageData;
use swap_pager::units::{DeviceBlock, DeviceId};

use super::{Batch, BatchDone, BlockStore, ReadError, ReadRequest, StoreError, layout};

/// Disks that are gone with the page. What is in a page is shared with the pager, and
/// most of it is but a description.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    pages: BTreeMap<(DeviceId, DeviceBlock), PageData>,
    log: Vec<Vec<u8>>,
}

impl MemoryStore {
    /// Empty disks and an empty log.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }
}

impl BlockStore for MemoryStore {
    async fn commit(&self, batch: Batch) -> Result<BatchDone, StoreError> {
        layout::check_batch(&batch)?;
        // Nothing is awaited while the state is borrowed, so no other call can meet the borrow.
        let mut state = self.state.borrow_mut();
        if batch.anew {
            *state = State::default();
        }
        let reads = batch.reads.iter().map(|read| state.read(read)).collect();
        for write in batch.writes {
            let blocks = (write.block.0..).map(DeviceBlock);
            let places = blocks.map(|block| (write.disk, block));
            state.pages.extend(places.zip(write.data));
        }
        state.log.extend(batch.log);
        Ok(BatchDone { reads })
    }

    async fn load_log(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(self.state.borrow().log.clone())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.state.replace(State::default());
        Ok(())
    }

    fn survives_reload(&self) -> bool {
        false
    }
}

impl State {
    fn read(&self, read: &ReadRequest) -> Result<Vec<PageData>, ReadError> {
        let disk = read.disk;
        (read.block.0..read.block.0 + read.pages)
            .map(|block| {
                let block = DeviceBlock(block);
                let page = self.pages.get(&(disk, block)).cloned();
                page.ok_or(ReadError::Missing { disk, block })
            })
            .collect()
    }
}
