//! The disks behind an interface that a page of JavaScript can drive, to measure them.
//!
//! Requests are handed over before the clock runs and results are fetched after it has stopped:
//! in the page both sides of the disks are in Rust, and pages never go through JavaScript.

use swap_pager::PageData;
use swap_pager::units::{DeviceBlock, DeviceId, PAGE_SIZE};
use swap_playground::disk::{
    Batch, BlockStore, IdbStore, ReadError, ReadRequest, StoreError, WriteRequest,
};
use wasm_bindgen::prelude::*;

/// A store, the batches it is to carry out, and what came of them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Disks {
    store: IdbStore,
    batches: Vec<Batch>,
    done: Vec<Vec<Result<Vec<PageData>, ReadError>>>,
}

#[wasm_bindgen]
impl Disks {
    /// Opens the database of this name.
    ///
    /// # Errors
    /// When there is no storage to be had.
    pub async fn open(name: String) -> Result<Disks, JsError> {
        Ok(Disks {
            store: IdbStore::open(&name).await?,
            batches: Vec::new(),
            done: Vec::new(),
        })
    }

    /// Begins a batch: what follows goes into it.
    #[wasm_bindgen(js_name = beginBatch)]
    pub fn begin_batch(&mut self) {
        self.batches.push(Batch::default());
    }

    /// Adds a write of whole pages.
    pub fn write(&mut self, disk: u32, block: u32, bytes: &[u8]) {
        let data = bytes.chunks(PAGE_SIZE).filter_map(PageData::from_slice);
        let (disk, block, data) = (DeviceId(disk), DeviceBlock(block), data.collect());
        if let Some(batch) = self.batches.last_mut() {
            batch.writes.push(WriteRequest { disk, block, data });
        }
    }

    /// Adds a read.
    pub fn read(&mut self, disk: u32, block: u32, pages: u32) {
        let (disk, block) = (DeviceId(disk), DeviceBlock(block));
        if let Some(batch) = self.batches.last_mut() {
            batch.reads.push(ReadRequest { disk, block, pages });
        }
    }

    /// Carries out the batches as the session does: one in flight, and a copy of each request,
    /// since the machine keeps its own until the transfer has ended.
    ///
    /// # Errors
    /// When a batch isn't stored.
    pub async fn run(&mut self) -> Result<(), JsError> {
        for batch in &self.batches {
            let done = self.store.commit(batch.clone()).await?;
            self.done.push(done.reads);
        }
        Ok(())
    }

    /// The bytes of a read.
    ///
    /// # Errors
    /// When the block couldn't be read, or nothing was.
    pub fn result(&self, batch: usize, read: usize) -> Result<Vec<u8>, JsError> {
        let read = self.done.get(batch).and_then(|reads| reads.get(read));
        let pages = read.ok_or_else(|| JsError::new("there is no such read"))?;
        let mut all = Vec::new();
        for page in pages
            .as_ref()
            .map_err(|error| JsError::from(error.clone()))?
        {
            let bytes = page.bytes();
            all.extend_from_slice(&bytes.ok_or_else(|| JsError::new("a page is forgotten"))?[..]);
        }
        Ok(all)
    }

    /// Forgets the batches and their results.
    pub fn forget(&mut self) {
        self.batches.clear();
        self.done.clear();
    }
}

/// Deletes the database of this name. Whoever has it open frees it first.
///
/// # Errors
/// When the browser refuses.
#[wasm_bindgen(js_name = deleteDisks)]
pub async fn delete_disks(name: String) -> Result<(), JsError> {
    let deleted: Result<(), StoreError> = IdbStore::delete(&name).await;
    Ok(deleted?)
}
