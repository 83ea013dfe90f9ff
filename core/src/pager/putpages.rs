//! Page-out (`swap_pager_putpages`, line 1247).

use serde::Serialize;

use super::{Channel, Pager, Step, WaitChannel};
use crate::Count;
use crate::PageData;
use crate::blist::MAX_ALLOC;
use crate::buf::{Buf, BufId, Completion, Pool};
use crate::event::{Event, IoCmd, Sink};
use crate::page::{Frame, PageAction};
use crate::swap_meta::SWAP_META_PAGES;
use crate::swap_space::FreeRun;
use crate::units::{MAX_PAGEOUT_CLUSTER, MAXPHYS, ObjectId, PAGE_SIZE, PageIndex, SwapBlock};

/// What putpages answered for a page (`VM_PAGER_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Rtval {
    /// A write was started; it may be over already (`VM_PAGER_PEND`).
    Pend,
    /// There was no room on swap (`VM_PAGER_FAIL`).
    Fail,
}

/// Largest transfer of the pager, in pages (`nsw_cluster_max`, line 314).
pub const NSW_CLUSTER_MAX: u32 = {
    let by_transfer = MAXPHYS / PAGE_SIZE as u32;
    if by_transfer < MAX_PAGEOUT_CLUSTER {
        by_transfer
    } else {
        MAX_PAGEOUT_CLUSTER
    }
};

/// Writing pages to swap (`swap_pager_putpages`).
///
/// Each time round it takes the largest piece of room it can get, up to 16 pages, and starts a
/// write there; what room the pages had before goes back. The caller has raised the pages' busy
/// count and the object's paging in progress, and takes both back where the answer is not
/// [`Rtval::Pend`]; there the end of the transfer does.
#[derive(Clone, Debug)]
pub struct PutPages {
    object: ObjectId,
    /// The first page, once it has begun.
    start: PageIndex,
    /// The pages that have no answer yet, neighbours in the object.
    frames: Vec<Frame>,
    /// Whether each write is waited for before the next begins.
    sync: bool,
    /// The answers so far.
    rtvals: Vec<Rtval>,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Begin,
    /// Room is to be found for the next pages.
    Allocate,
    /// There is room; a buffer is needed.
    GetBuf {
        block: SwapBlock,
        n: u32,
    },
    /// The pages are to be entered in the metadata; so many are.
    Build {
        block: SwapBlock,
        n: u32,
        buf: BufId,
        built: u32,
    },
    /// The write is under way and waited for.
    Writing {
        buf: BufId,
        n: u32,
    },
}

impl PutPages {
    /// For neighbouring pages of an object. Only the pageout daemon may leave writes under way
    /// (`pageproc`); anyone else waits, whatever `sync` says (lines 1275 and 1276).
    pub fn new(object: ObjectId, frames: Vec<Frame>, sync: bool, pageproc: bool) -> PutPages {
        let rtvals = Vec::with_capacity(frames.len());
        PutPages {
            object,
            start: PageIndex(0),
            frames,
            sync: sync || !pageproc,
            rtvals,
            state: State::Begin,
        }
    }

    /// Goes on. Returns an answer for each page.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<Vec<Rtval>> {
        loop {
            match self.state {
                State::Begin => self.begin(pager),
                State::Allocate => {
                    if self.frames.is_empty() {
                        return Step::Done(self.finish(pager));
                    }
                    self.allocate(pager);
                }
                State::GetBuf { block, n } => {
                    let (pool, completion) = if self.sync {
                        (Pool::WriteSync, Completion::Sync)
                    } else {
                        (Pool::WriteAsync, Completion::Async)
                    };
                    match pager.getpbuf(Buf::new(Some(pool), IoCmd::Write, completion)) {
                        Err(channel) => return Step::Sleep(channel),
                        Ok(buf) => {
                            self.state = State::Build {
                                block,
                                n,
                                buf,
                                built: 0,
                            }
                        }
                    }
                }
                State::Build {
                    block,
                    n,
                    buf,
                    built,
                } => {
                    let built = self.build(pager, block, n, built);
                    if built < n {
                        self.state = State::Build {
                            block,
                            n,
                            buf,
                            built,
                        };
                        return Step::Sleep(pager.wait_for_memory());
                    }
                    self.start(pager, buf, block, n);
                }
                State::Writing { buf, n } => {
                    if pager.bufs.get(buf).is_some_and(|buf| !buf.done) {
                        let on = Channel::Buf(buf);
                        return Step::Sleep(WaitChannel { on, wmesg: "swwrt" });
                    }
                    pager.async_iodone(buf);
                    self.answer(n, Rtval::Pend);
                }
            }
        }
    }

    /// Steps 1 and 2: the object becomes a swap object, and a new limit for asynchronous writes
    /// comes into force.
    fn begin<S: Sink>(&mut self, pager: &mut Pager<S>) {
        let (object, count, sync) = (self.object, self.frames.len() as u32, self.sync);
        let first = self.frames.first();
        let start = first.and_then(|&frame| pager.page_index(frame));
        self.start = start.unwrap_or_default();
        let start = self.start;
        pager.events.note(|| Event::PutPages {
            object,
            start,
            count,
            sync,
        });
        pager.convert_to_swap(object);
        let mut pools = pager.bufs.pools;
        if pools.adopt_async_max() {
            pager.bufs.set_pools(pools, &mut pager.events);
            pager.wake(Channel::Pool(Pool::WriteAsync));
        }
        self.state = State::Allocate;
    }

    /// Finds room for the next pages: as many as fit in one transfer, else half as many, but no
    /// attempt is made below 4 that did not begin there (lines 1333 to 1366).
    fn allocate<S: Sink>(&mut self, pager: &mut Pager<S>) {
        let left = self.frames.len() as u32;
        let mut n = left.min(MAX_ALLOC).min(NSW_CLUSTER_MAX);
        let block = loop {
            match pager.space.getswapspace(n, &mut pager.events) {
                None if n > 4 => n /= 2,
                found => break found,
            }
        };
        let Some(block) = block else {
            self.frames.drain(..n as usize);
            self.answer(n, Rtval::Fail);
            return;
        };
        // A run never leaves its leaf of the blist. In the original that is as long as a stripe;
        // so what is given back here is at most a run of no blocks, which still makes the kernel
        // look at the water marks once more. With shorter stripes it is what the cluster loses.
        if !pager.same_stripe(block, block.offset(n)) {
            let fits = pager.space.interleave().left_in_stripe(block);
            pager
                .space
                .freeswapspace(block.offset(fits), n - fits, &mut pager.events);
            n = fits;
        }
        self.state = State::GetBuf { block, n };
    }

    /// Enters the next `n` pages in the metadata, of which `built` are entered already, and returns
    /// how many are now: fewer if there is no memory for metadata (lines 1399 to 1413).
    fn build<S: Sink>(&self, pager: &mut Pager<S>, block: SwapBlock, n: u32, built: u32) -> u32 {
        pager.convert_to_swap(self.object);
        let frames = &self.frames[..n as usize];
        let first = pager.page_index(frames[0]).unwrap_or_default();
        let mut freed = FreeRun::default();
        let mut built = built;
        while built < n {
            let index = first.offset(built);
            let Ok(swblock) = pager.meta_ensure(self.object, index) else {
                break;
            };
            let run = (SWAP_META_PAGES - index.0 % SWAP_META_PAGES).min(n - built);
            let (block, frames) = (block.offset(built), &frames[built as usize..]);
            for (i, &frame) in (0..run).zip(frames) {
                let index = PageIndex(index.0 + i);
                pager.meta_enter(swblock, index, block.offset(i), &mut freed);
                let actions = &[PageAction::Dirty, PageAction::SwapInProgress];
                pager.update_page(frame, actions, |state| {
                    state.dirty = true;
                    state.swap_in_progress = true;
                });
            }
            built += run;
        }
        pager.space.end_run(freed, &mut pager.events);
        built
    }

    /// Fills in the buffer and starts the write (lines 1381 to 1447).
    fn start<S: Sink>(&mut self, pager: &mut Pager<S>, id: BufId, block: SwapBlock, n: u32) {
        let rest = self.frames.split_off(n as usize);
        let frames = std::mem::replace(&mut self.frames, rest);
        let bytes = |&frame| {
            let page = pager.pages.get(frame);
            page.map_or_else(PageData::zero, |page| page.data.clone())
        };
        let data = frames.iter().map(bytes).collect();
        if let Some(buf) = pager.bufs.get_mut(id) {
            buf.block = block;
            buf.npages = n;
            buf.pages = frames;
        }
        pager.count(Count::PageOut(n));
        if self.sync {
            self.state = State::Writing { buf: id, n };
        } else {
            self.answer(n, Rtval::Pend);
        }
        pager.start_io(id, data);
    }

    fn answer(&mut self, n: u32, rtval: Rtval) {
        self.rtvals.resize(self.rtvals.len() + n as usize, rtval);
        self.state = State::Allocate;
    }

    fn finish<S: Sink>(&mut self, pager: &mut Pager<S>) -> Vec<Rtval> {
        let rtvals = std::mem::take(&mut self.rtvals);
        let (object, start) = (self.object, self.start);
        let told = || Event::PutPagesReturned {
            object,
            start,
            rtvals: rtvals.clone(),
        };
        pager.events.note(told);
        rtvals
    }
}
