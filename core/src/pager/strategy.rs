//! Reading and writing swap directly (`swap_pager_strategy`, line 864, and the chaining
//! functions, lines 2026 to 2129).

use serde::Serialize;

use super::{Channel, Pager, Step, WaitChannel};
use crate::Count;
use crate::PageData;
use crate::buf::{Buf, BufId, Completion};
use crate::error::Errno;
use crate::event::{IoCmd, Sink};
use crate::units::{MAXPHYS, ObjectId, PAGE_SIZE, PageIndex, SwapBlock};

/// Most transfers of one request that are in flight at once (`getchainbuf`, line 2076).
const CHAIN_DEPTH: u32 = 4;

/// A request of strategy under way. Numbers are never given out twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ChainId(pub u32);

/// What is to be done with the blocks (`bio_cmd`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrategyCmd {
    /// Read pages; those without a block read as zeros (`BIO_READ`).
    Read,
    /// Write pages; those without a block get one (`BIO_WRITE`).
    Write,
    /// Free the blocks (`BIO_DELETE`).
    Delete,
}

/// What a request came to (`struct bio` when it is done).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StrategyDone {
    /// Why it failed (`bio_error`).
    pub error: Option<Errno>,
    /// Bytes not transferred; `None` if it was refused before anything was done (`bio_resid`).
    pub resid: Option<u64>,
    /// For a read, the pages that have no block.
    pub zero_filled: Vec<PageIndex>,
    /// For a read, the bytes of each page.
    pub data: Vec<PageData>,
}

/// What the transfers of a request report to (`bio_caller1` and the other fields of the parent).
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain {
    /// The object whose blocks it is for.
    object: ObjectId,
    /// Buffers it has.
    count: u32,
    error: Option<Errno>,
    resid: u64,
    data: Vec<PageData>,
}

/// A request to read, write or free neighbouring pages of an object on swap, without any page of
/// it in memory (`swap_pager_strategy`).
///
/// It is cut into transfers where blocks don't follow each other, at stripe borders, and at pages
/// without a block. At most four are in flight at once.
#[derive(Clone, Debug)]
pub struct Strategy {
    object: ObjectId,
    cmd: StrategyCmd,
    start: PageIndex,
    bytes: u64,
    /// Pages dealt with.
    done: u32,
    /// Bytes to write, a page each; missing ones are zeros.
    data: Vec<PageData>,
    chain: ChainId,
    /// The buffer being filled, and the first page of the request in it.
    filling: Option<(BufId, u32)>,
    zero_filled: Vec<PageIndex>,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Begin,
    /// The next page is to be looked at.
    Collect,
    /// The next page, which had no block, is to be given this one.
    Assign {
        block: SwapBlock,
    },
    /// A buffer is needed for a transfer that begins with this block.
    GetBuf {
        block: SwapBlock,
    },
    /// There is a buffer, but too many transfers are in flight.
    Throttle {
        block: SwapBlock,
        buf: BufId,
    },
    /// All is started; the end is waited for.
    Finish,
}

impl Strategy {
    /// For so many bytes from a page on.
    pub fn new(
        object: ObjectId,
        cmd: StrategyCmd,
        start: PageIndex,
        bytes: u64,
        data: Vec<PageData>,
    ) -> Strategy {
        Strategy {
            object,
            cmd,
            start,
            bytes,
            done: 0,
            data,
            chain: ChainId::default(),
            filling: None,
            zero_filled: Vec::new(),
            state: State::Begin,
        }
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<StrategyDone> {
        loop {
            match self.state {
                State::Begin => {
                    if let Some(done) = self.begin(pager) {
                        return Step::Done(done);
                    }
                }
                State::Collect => self.collect(pager),
                State::Assign { block } => {
                    let index = PageIndex(self.start.0.wrapping_add(self.done));
                    if pager.meta_build(self.object, index, block).is_err() {
                        return Step::Sleep(pager.wait_for_memory());
                    }
                    self.state = State::Collect;
                }
                State::GetBuf { block } => {
                    let first = self.done;
                    let completion = Completion::Chain {
                        chain: self.chain,
                        first,
                    };
                    match pager.getpbuf(Buf::new(None, self.io_cmd(), completion)) {
                        Err(channel) => return Step::Sleep(channel),
                        Ok(buf) => {
                            pager.chain_mut(self.chain).count += 1;
                            self.state = State::Throttle { block, buf };
                        }
                    }
                }
                State::Throttle { block, buf } => {
                    if pager.chain_mut(self.chain).count > CHAIN_DEPTH {
                        return Step::Sleep(self.asleep());
                    }
                    if let Some(buf) = pager.bufs.get_mut(buf) {
                        buf.block = block;
                        buf.npages = 1;
                    }
                    self.filling = Some((buf, self.done));
                    self.done += 1;
                    self.state = State::Collect;
                }
                State::Finish => {
                    if pager.chain_mut(self.chain).count > 0 {
                        return Step::Sleep(self.asleep());
                    }
                    return Step::Done(self.finish(pager));
                }
            }
        }
    }

    /// Refuses what is no whole number of pages; frees at once what is to be freed.
    fn begin<S: Sink>(&mut self, pager: &mut Pager<S>) -> Option<StrategyDone> {
        let page = PAGE_SIZE as u64;
        if !self.bytes.is_multiple_of(page) {
            let (start, bytes) = (self.start.0, self.bytes);
            pager.printf(|| {
                format!("swap_pager_strategy: blk {start} size {bytes}, not page bounded")
            });
            return Some(StrategyDone {
                error: Some(Errno::Einval),
                ..StrategyDone::default()
            });
        }
        if self.cmd == StrategyCmd::Delete {
            pager.meta_free(self.object, self.start, (self.bytes / page).cast_signed());
            return Some(StrategyDone {
                resid: Some(0),
                ..StrategyDone::default()
            });
        }
        self.chain = pager.new_chain(self.object, self.bytes);
        self.state = State::Collect;
        None
    }

    /// Looks at the next page: adds it to the buffer being filled, or starts that one first.
    fn collect<S: Sink>(&mut self, pager: &mut Pager<S>) {
        let pages = (self.bytes / PAGE_SIZE as u64) as u32;
        if self.done == pages {
            self.flush(pager);
            self.state = State::Finish;
            return;
        }
        let index = PageIndex(self.start.0.wrapping_add(self.done));
        let block = pager.meta_lookup(self.object, index);
        if block.is_none() && self.cmd == StrategyCmd::Write {
            match pager.space.getswapspace(1, &mut pager.events) {
                // Entered in the metadata first; then this is looked at again.
                Some(block) => self.state = State::Assign { block },
                None => {
                    pager.chain_mut(self.chain).error = Some(Errno::Enomem);
                    self.flush(pager);
                    self.state = State::Finish;
                }
            }
            return;
        }
        if let Some((buf, _)) = self.filling
            && !block.is_some_and(|block| pager.follows(buf, block))
        {
            self.flush(pager);
        }
        match (block, self.filling) {
            (None, _) => {
                self.zero_filled.push(index);
                let page = PAGE_SIZE as u64;
                pager.chain_mut(self.chain).resid -= page;
                self.done += 1;
            }
            (Some(_), Some((buf, _))) => {
                if let Some(buf) = pager.bufs.get_mut(buf) {
                    buf.npages += 1;
                }
                self.done += 1;
            }
            (Some(block), None) => self.state = State::GetBuf { block },
        }
    }

    /// Starts the transfer of the buffer being filled, if there is one (`flushchainbuf`).
    fn flush<S: Sink>(&mut self, pager: &mut Pager<S>) {
        let Some((buf, first)) = self.filling.take() else {
            return;
        };
        let npages = pager.bufs.get(buf).map_or(0, |buf| buf.npages);
        let mut data = Vec::new();
        match self.io_cmd() {
            IoCmd::Read => pager.count(Count::PageIn(npages)),
            IoCmd::Write => {
                pager.count(Count::PageOut(npages));
                let page = |n| {
                    self.data
                        .get(n as usize)
                        .cloned()
                        .unwrap_or_else(PageData::zero)
                };
                data = (first..first + npages).map(page).collect();
            }
        }
        pager.start_io(buf, data);
    }

    fn finish<S: Sink>(&mut self, pager: &mut Pager<S>) -> StrategyDone {
        let mut chain = pager.chains.remove(&self.chain).unwrap_or_default();
        if self.cmd == StrategyCmd::Read {
            chain.data.resize_with(self.done as usize, PageData::zero);
        }
        let error = chain.error.or((chain.resid != 0).then_some(Errno::Einval));
        StrategyDone {
            error,
            resid: Some(chain.resid),
            zero_filled: std::mem::take(&mut self.zero_filled),
            data: chain.data,
        }
    }

    fn io_cmd(&self) -> IoCmd {
        if self.cmd == StrategyCmd::Read {
            IoCmd::Read
        } else {
            IoCmd::Write
        }
    }

    fn asleep(&self) -> WaitChannel {
        WaitChannel {
            on: Channel::Chain(self.chain),
            wmesg: "bpchain",
        }
    }
}

impl<S: Sink> Pager<S> {
    /// Takes the result of one transfer of a request (`vm_pager_chain_iodone`, line 2026).
    pub(super) fn chain_iodone(
        &mut self,
        id: BufId,
        chain: ChainId,
        first: u32,
        data: Vec<PageData>,
    ) {
        let Some(buf) = self.bufs.get_mut(id) else {
            return;
        };
        let (error, bytes) = (buf.error, u64::from(buf.npages) * PAGE_SIZE as u64);
        let parent = self.chain_mut(chain);
        parent.count = parent.count.saturating_sub(1);
        match error {
            Some(error) => parent.error = Some(error),
            None => parent.resid = parent.resid.saturating_sub(bytes),
        }
        for (place, data) in (first as usize..).zip(data) {
            if parent.data.len() <= place {
                parent.data.resize_with(place + 1, PageData::zero);
            }
            parent.data[place] = data;
        }
        self.wake(Channel::Chain(chain));
        self.relpbuf(id);
    }

    /// What to sleep on while a request of strategy is under way for an object. The kernel gives
    /// such an object to no one else, and keeps no page of it in memory. Whoever frees its blocks
    /// or reads them meanwhile would see them in other hands before the request is done with
    /// them.
    pub(crate) fn wait_for_strategy(&self, object: ObjectId) -> Option<WaitChannel> {
        let under_way = self.chains.values().any(|chain| chain.object == object);
        under_way.then_some(WaitChannel {
            on: Channel::Object(object),
            wmesg: "direct",
        })
    }

    fn new_chain(&mut self, object: ObjectId, resid: u64) -> ChainId {
        self.last_chain = ChainId(self.last_chain.0 + 1);
        self.chains.insert(
            self.last_chain,
            Chain {
                object,
                resid,
                ..Chain::default()
            },
        );
        self.last_chain
    }

    fn chain_mut(&mut self, id: ChainId) -> &mut Chain {
        self.chains.entry(id).or_default()
    }

    /// Whether a block can be added to what a buffer holds: it is the next, in the same stripe.
    /// A stripe of the original is as long as the largest transfer; of a longer one, no more than
    /// that goes at once.
    fn follows(&self, buf: BufId, block: SwapBlock) -> bool {
        self.bufs.get(buf).is_some_and(|buf| {
            buf.block.offset(buf.npages) == block
                && self.same_stripe(buf.block, block)
                && buf.npages < MAXPHYS / PAGE_SIZE as u32
        })
    }
}
