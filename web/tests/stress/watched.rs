//! A store that is watched: what it was given, and what it said, is written down on paper.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use swap_pager::PageData;
use swap_pager::event::IoCmd;
use swap_pager::units::{DeviceBlock, DeviceId};
use swap_playground::disk::{Batch, BatchDone, BlockStore, MemoryStore, ReadRequest, StoreError};

type Place = (DeviceId, DeviceBlock);

/// A transfer as the store sees it: its direction, its first block, and how many.
pub type Carried = (bool, Place, u32);

/// A transfer as the store sees it.
pub fn carried(cmd: IoCmd, disk: DeviceId, block: DeviceBlock, pages: u32) -> Carried {
    (cmd == IoCmd::Write, (disk, block), pages)
}

/// What a store has to hold.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    blocks: BTreeMap<Place, PageData>,
    log: Vec<Vec<u8>>,
}

impl Paper {
    fn take(&mut self, batch: &Batch) {
        if batch.anew {
            *self = Paper::default();
        }
        for write in &batch.writes {
            let blocks = (write.block.0..).map(|block| (write.disk, DeviceBlock(block)));
            self.blocks.extend(blocks.zip(write.data.iter().cloned()));
        }
        self.log.extend(batch.log.iter().cloned());
    }

    /// Whether a store holds just this. Where it is to hold nothing is not looked at.
    async fn is_in(&self, store: &impl BlockStore) -> bool {
        if store.load_log().await.as_ref() != Ok(&self.log) {
            return false;
        }
        let reads = self.blocks.keys().map(|&(disk, block)| ReadRequest {
            disk,
            block,
            pages: 1,
        });
        let batch = Batch {
            reads: reads.collect(),
            ..Batch::default()
        };
        let found = store.commit(batch).await.expect("it can be read").reads;
        let mut pairs = found.iter().zip(self.blocks.values());
        pairs.all(|(found, page)| found.as_ref().is_ok_and(|found| found[0] == *page))
    }
}

/// What is known of a store, whoever has it.
#[derive(Debug, Default)]
pub struct Notes {
    paper: RefCell<Paper>,
    /// The batch that nobody has heard of yet.
    under_way: RefCell<Option<Batch>>,
    /// How often the store was opened anew: who had it before is gone.
    openings: Cell<u32>,
    /// How often each transfer was told to be carried out.
    pub carried: RefCell<BTreeMap<Carried, u32>>,
}

impl Notes {
    /// Sees that a store that was opened anew holds all that was acknowledged, and all or nothing
    /// of what was under way. Goes on with that.
    pub async fn hold_against(&self, store: &impl BlockStore) {
        let without = self.paper.borrow().clone();
        let mut with = without.clone();
        let under_way = self.under_way.take();
        with.take(&under_way.clone().unwrap_or_default());
        self.carried.borrow_mut().clear();
        self.openings.set(self.openings.get() + 1);
        if with.is_in(store).await {
            self.paper.replace(with);
        } else if !without.is_in(store).await {
            panic!("the store holds neither all nor nothing of {under_way:?}");
        }
    }
}

/// A store, and the notes on it.
#[derive(Debug)]
pub struct Watched<S> {
    store: S,
    notes: Rc<Notes>,
    opening: u32,
}

impl<S> Watched<S> {
    /// Watches a store that was just opened.
    pub fn new(store: S, notes: Rc<Notes>) -> Watched<S> {
        let opening = notes.openings.get();
        Watched {
            store,
            notes,
            opening,
        }
    }
}

impl<S: BlockStore> BlockStore for Watched<S> {
    async fn commit(&self, batch: Batch) -> Result<BatchDone, StoreError> {
        if self.opening != self.notes.openings.get() {
            // A session that is gone and doesn't know it. It won't hear from its store.
            return self.store.commit(batch).await;
        }
        let before = self.notes.under_way.replace(Some(batch.clone()));
        assert_eq!(before, None, "a session has one batch under way");
        let done = self.store.commit(batch.clone()).await;
        self.notes.under_way.take();
        if let Ok(done) = &done {
            self.notes.paper.borrow_mut().take(&batch);
            let mut carried_out = self.notes.carried.borrow_mut();
            let reads = batch.reads.iter().zip(&done.reads);
            let reads = reads.filter(|(_, found)| found.is_ok());
            let reads =
                reads.map(|(read, _)| carried(IoCmd::Read, read.disk, read.block, read.pages));
            let writes = batch.writes.iter();
            let writes = writes.map(|write| {
                let pages = write.data.len() as u32;
                carried(IoCmd::Write, write.disk, write.block, pages)
            });
            for transfer in reads.chain(writes) {
                *carried_out.entry(transfer).or_default() += 1;
            }
        }
        done
    }

    async fn load_log(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.store.load_log().await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.store.clear().await
    }

    fn survives_reload(&self) -> bool {
        true
    }
}

/// Disks in memory that outlive the session.
#[derive(Clone, Debug, Default)]
pub struct Shared(pub Rc<MemoryStore>);

impl BlockStore for Shared {
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
        true
    }
}
