//! Page-in (`swap_pager_getpages`, line 1034).

use super::{Channel, Pager, Step, WaitChannel};
use crate::Count;
use crate::buf::{Buf, BufId, Completion, Pool};
use crate::event::{Event, IoCmd, Sink};
use crate::page::{Frame, PageAction};
use crate::units::{ObjectId, SwapBlock};

/// What getpages answered (`VM_PAGER_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageinStatus {
    /// The page is there (`VM_PAGER_OK`).
    Ok,
    /// The page is not on swap (`VM_PAGER_FAIL`).
    Fail,
    /// It could not be read (`VM_PAGER_ERROR`).
    Error,
}

/// Bringing a page in from swap, and those around it that lie next to it there
/// (`swap_pager_getpages`).
///
/// The caller has marked all pages busy (`PG_BUSY`) and keeps the one it wants so; the others
/// are let go of when they have come, or freed at once if they don't come.
#[derive(Clone, Debug)]
pub struct GetPages {
    object: ObjectId,
    /// The pages offered, neighbours in the object.
    frames: Vec<Frame>,
    /// Which of them must come.
    reqpage: usize,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Begin,
    /// The pages to read are known; a buffer is needed.
    GetBuf {
        first: SwapBlock,
    },
    /// The transfer is under way.
    Reading {
        wanted: Frame,
        waited: bool,
    },
}

impl GetPages {
    /// For neighbouring pages of an object. `reqpage` is the place of the wanted one among them.
    pub fn new(object: ObjectId, frames: Vec<Frame>, reqpage: usize) -> GetPages {
        GetPages {
            object,
            frames,
            reqpage,
            state: State::Begin,
        }
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<PageinStatus> {
        loop {
            match self.state {
                State::Begin => match self.narrow(pager) {
                    None => return Step::Done(PageinStatus::Fail),
                    Some(first) => self.state = State::GetBuf { first },
                },
                State::GetBuf { first } => {
                    let buf = Buf::new(Some(Pool::Read), IoCmd::Read, Completion::Async);
                    match pager.getpbuf(buf) {
                        Err(channel) => return Step::Sleep(channel),
                        Ok(buf) => self.start(pager, buf, first),
                    }
                }
                State::Reading { wanted, waited } => {
                    let page = pager.pages.get(wanted);
                    let Some(page) = page.filter(|page| page.state.swap_in_progress) else {
                        let valid = page.is_some_and(|page| page.state.valid);
                        let status = if valid {
                            PageinStatus::Ok
                        } else {
                            PageinStatus::Error
                        };
                        return Step::Done(status);
                    };
                    let on = Channel::Page(page.object, page.index);
                    if !waited {
                        self.state = State::Reading {
                            wanted,
                            waited: true,
                        };
                        pager.update_page(wanted, &[], |state| {
                            state.wanted = true;
                            state.referenced = true;
                        });
                        pager.count(Count::InTransit);
                    }
                    return Step::Sleep(WaitChannel {
                        on,
                        wmesg: "swread",
                    });
                }
            }
        }
    }

    /// Finds the pages around the wanted one whose blocks lie in a row in the same stripe, frees
    /// the others, and returns the first block of the row; `None` if the wanted page has no
    /// block (lines 1069 to 1115).
    fn narrow<S: Sink>(&mut self, pager: &mut Pager<S>) -> Option<SwapBlock> {
        let object = self.object;
        let index = |pager: &Pager<S>, frame| pager.pages.get(frame).map(|page| page.index);
        let first = self.frames.first().and_then(|&frame| index(pager, frame));
        let wanted = self
            .frames
            .get(self.reqpage)
            .and_then(|&frame| index(pager, frame));
        let (start, count) = (first.unwrap_or_default(), self.frames.len() as u32);
        let wanted = wanted.unwrap_or_default();
        pager.events.note(|| Event::GetPages {
            object,
            start,
            count,
            wanted,
        });

        let mut near = pager.meta.near(object);
        let block = near.lookup(wanted);
        let mut in_row = |&&frame: &&Frame| {
            let (Some(block), Some(index)) = (block, index(pager, frame)) else {
                return false;
            };
            let distance = |a: u32, b: u32| i64::from(a) - i64::from(b);
            near.lookup(index).is_some_and(|found| {
                distance(found.0, block.0) == distance(index.0, wanted.0)
                    && pager.same_stripe(found, block)
            })
        };
        let before = self.frames[..self.reqpage].iter().rev();
        let before = before.take_while(&mut in_row).count();
        let after = self.frames[self.reqpage + 1..].iter();
        let after = after.take_while(&mut in_row).count();

        let row = self.reqpage - before..self.reqpage + after + 1;
        for &frame in &self.frames[..row.start] {
            pager.free_page(frame);
        }
        for &frame in &self.frames[row.end..] {
            pager.free_page(frame);
        }
        self.frames.truncate(row.end);
        self.frames.drain(..row.start);
        self.reqpage = before;
        Some(SwapBlock(block?.0 - before as u32))
    }

    /// Fills in the buffer and starts the transfer (lines 1130 to 1178).
    fn start<S: Sink>(&mut self, pager: &mut Pager<S>, id: BufId, first: SwapBlock) {
        let wanted = self.frames[self.reqpage];
        for &frame in &self.frames {
            pager.update_page(frame, &[PageAction::SwapInProgress], |state| {
                state.swap_in_progress = true;
            });
        }
        let npages = self.frames.len() as u32;
        if let Some(buf) = pager.bufs.get_mut(id) {
            buf.block = first;
            buf.npages = npages;
            buf.pages = std::mem::take(&mut self.frames);
            buf.reqpage = Some(self.reqpage as u32);
        }
        pager.count(Count::PageIn(npages));
        pager.pip_change(self.object, i64::from(npages));
        self.state = State::Reading {
            wanted,
            waited: false,
        };
        pager.start_io(id, Vec::new());
    }
}
