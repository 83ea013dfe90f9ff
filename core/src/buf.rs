//! The buffers that carry transfers (`struct buf` of the pbuf pool, vm_pager.c).
//!
//! There are `nswbuf` buffers in all. Most users also count against a limit of their own, so
//! that page-outs can't take the last buffer from page-ins: reads by getpages, synchronous
//! writes and asynchronous writes by putpages.

use serde::Serialize;

use crate::error::Errno;
use crate::event::{Event, IoCmd, Sink};
use crate::page::Frame;
use crate::pager::ChainId;
use crate::units::{IoId, SwapBlock};

/// A buffer: which of the `nswbuf` there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct BufId(pub u32);

/// A limit that a buffer counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Pool {
    /// Page-ins (`nsw_rcount`).
    Read,
    /// Page-outs that their caller waits for (`nsw_wcount_sync`).
    WriteSync,
    /// Page-outs of the pageout daemon (`nsw_wcount_async`).
    WriteAsync,
}

/// How many buffers there are and how many are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Pools {
    /// Buffers in all (`nswbuf`).
    pub nswbuf: u32,
    /// Buffers no one has (`bswlist`).
    pub free: u32,
    /// Page-ins that may still start (`nsw_rcount`).
    pub rcount: u32,
    /// Synchronous page-outs that may still start (`nsw_wcount_sync`).
    pub wcount_sync: u32,
    /// Asynchronous page-outs that may still start (`nsw_wcount_async`).
    pub wcount_async: u32,
    /// The limit `wcount_async` counts down from (`nsw_wcount_async_max`).
    pub wcount_async_max: u32,
    /// The limit as a person set it; putpages makes it the one in force (`swap_async_max`).
    pub swap_async_max: i32,
}

impl Pools {
    /// The limits for `nswbuf` buffers (`swap_pager_swap_init`, lines 317 to 320).
    pub fn new(nswbuf: u32) -> Pools {
        Pools {
            nswbuf,
            free: nswbuf,
            rcount: nswbuf.div_ceil(2),
            wcount_sync: nswbuf.saturating_add(3) / 4,
            wcount_async: 4,
            wcount_async_max: 4,
            swap_async_max: 4,
        }
    }

    /// What is left of a limit.
    pub fn left(&self, pool: Pool) -> u32 {
        match pool {
            Pool::Read => self.rcount,
            Pool::WriteSync => self.wcount_sync,
            Pool::WriteAsync => self.wcount_async,
        }
    }

    /// Takes a buffer, which counts against that limit.
    pub fn take(&mut self, pool: Option<Pool>) {
        self.free -= 1;
        if let Some(pool) = pool {
            *self.left_mut(pool) -= 1;
        }
    }

    /// Gives a buffer back that counts against that limit.
    pub fn give_back(&mut self, pool: Option<Pool>) {
        self.free += 1;
        if let Some(pool) = pool {
            *self.left_mut(pool) += 1;
        }
    }

    fn left_mut(&mut self, pool: Pool) -> &mut u32 {
        match pool {
            Pool::Read => &mut self.rcount,
            Pool::WriteSync => &mut self.wcount_sync,
            Pool::WriteAsync => &mut self.wcount_async,
        }
    }

    /// Makes the limit that a person set the one in force: kept between 1 and half of all
    /// buffers, and only if as many buffers as it falls by are free just now (putpages, lines
    /// 1286 to 1312). Tells whether there was anything to do.
    pub fn adopt_async_max(&mut self) -> bool {
        if i64::from(self.swap_async_max) == i64::from(self.wcount_async_max) {
            return false;
        }
        let most = i32::try_from(self.nswbuf / 2).unwrap_or(i32::MAX);
        self.swap_async_max = self.swap_async_max.min(most).max(1);
        let change = i64::from(self.swap_async_max) - i64::from(self.wcount_async_max);
        let left = i64::from(self.wcount_async) + change;
        if left >= 0 {
            self.wcount_async = left as u32;
            self.wcount_async_max = self.swap_async_max as u32;
        }
        true
    }
}

/// Who is told when a transfer is over (`b_iodone`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// The pages are finished at once (`swp_pager_async_iodone`).
    Async,
    /// The operation that waits for it is woken and finishes the pages
    /// (`swp_pager_sync_iodone`).
    Sync,
    /// A request of strategy is told, which is made of several transfers
    /// (`vm_pager_chain_iodone`).
    Chain {
        /// The request.
        chain: ChainId,
        /// Its page that this transfer begins with, counted from the request's first.
        first: u32,
    },
}

/// A buffer in use.
#[derive(Clone, Debug)]
pub struct Buf {
    /// What it counts against; strategy's buffers count against nothing.
    pub pool: Option<Pool>,
    /// The direction (`b_iocmd`).
    pub cmd: IoCmd,
    /// The first swap block (`b_blkno`).
    pub block: SwapBlock,
    /// How many pages (`b_bcount`).
    pub npages: u32,
    /// The pages, if it carries pages of an object (`b_pages`).
    pub pages: Vec<Frame>,
    /// Which of them the caller needs (`b_pager.pg_reqpage`).
    pub reqpage: Option<u32>,
    /// Who is told at the end.
    pub completion: Completion,
    /// The transfer, once started.
    pub io: Option<IoId>,
    /// Why it failed, once over (`BIO_ERROR`, `b_error`).
    pub error: Option<Errno>,
    /// Whether it is over (`B_DONE`).
    pub done: bool,
}

impl Buf {
    /// A buffer that has no transfer yet.
    pub fn new(pool: Option<Pool>, cmd: IoCmd, completion: Completion) -> Buf {
        Buf {
            pool,
            cmd,
            block: SwapBlock(0),
            npages: 0,
            pages: Vec::new(),
            reqpage: None,
            completion,
            io: None,
            error: None,
            done: false,
        }
    }
}

/// Why no buffer is to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBuf {
    /// The limit is reached.
    Pool(Pool),
    /// All buffers are in use.
    All,
}

/// All buffers.
#[derive(Clone, Debug)]
pub struct Bufs {
    /// How many are left.
    pub pools: Pools,
    slots: Vec<Option<Buf>>,
}

impl Bufs {
    /// All buffers free.
    pub fn new(nswbuf: u32) -> Bufs {
        Bufs {
            pools: Pools::new(nswbuf),
            slots: vec![None; nswbuf as usize],
        }
    }

    /// A buffer in use.
    pub fn get(&self, id: BufId) -> Option<&Buf> {
        self.slots.get(id.0 as usize)?.as_ref()
    }

    /// A buffer in use, to change.
    pub fn get_mut(&mut self, id: BufId) -> Option<&mut Buf> {
        self.slots.get_mut(id.0 as usize)?.as_mut()
    }

    /// Takes a buffer, if there is one (`getpbuf`). The limit is looked at first, then whether
    /// any buffer is free.
    pub fn take(&mut self, buf: Buf, sink: &mut impl Sink) -> Result<BufId, NoBuf> {
        let pool = buf.pool;
        if let Some(pool) = pool.filter(|&pool| self.pools.left(pool) == 0) {
            return Err(NoBuf::Pool(pool));
        }
        let slot = self
            .slots
            .iter()
            .position(Option::is_none)
            .ok_or(NoBuf::All)?;
        self.slots[slot] = Some(buf);
        self.pools.take(pool);
        sink.note(|| Event::BufTaken { pool });
        Ok(BufId(slot as u32))
    }

    /// Gives a buffer back (`relpbuf`).
    pub fn release(&mut self, id: BufId, sink: &mut impl Sink) -> Option<Buf> {
        let buf = self.slots.get_mut(id.0 as usize)?.take()?;
        let pool = buf.pool;
        self.pools.give_back(pool);
        sink.note(|| Event::BufReleased { pool });
        Some(buf)
    }

    /// Changes a setting and tells of it.
    pub fn set_pools(&mut self, new: Pools, sink: &mut impl Sink) {
        let old = std::mem::replace(&mut self.pools, new);
        sink.note(|| Event::PoolsChanged {
            old: Box::new(old),
            new: Box::new(new),
        });
    }
}
