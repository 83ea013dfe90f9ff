//! Setting swap aside (`swap_pager_reserve`, line 585).

use super::{Pager, Step};
use crate::blist::MAX_ALLOC;
use crate::event::Sink;
use crate::units::{ObjectId, PageIndex, SwapBlock};

/// There was not enough swap. What was set aside before is free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

/// Giving each page of a range a swap block, whatever it had before (`swap_pager_reserve`).
///
/// Room is taken in pieces as large as can be had, up to 32 pages. As in the original, what is
/// left of the last piece is neither mapped nor freed, and the blocks of as many pages *behind*
/// the range are freed in its place; [`Fixes::reserve_tail`](super::Fixes) mends that.
#[derive(Clone, Debug)]
pub struct Reserve {
    object: ObjectId,
    begin: PageIndex,
    next: PageIndex,
    left: u32,
    /// What is left of the piece in hand: its first block and length.
    piece: (SwapBlock, u32),
}

impl Reserve {
    /// For a range of an object.
    pub fn new(object: ObjectId, start: PageIndex, size: u32) -> Reserve {
        Reserve {
            object,
            begin: start,
            next: start,
            left: size,
            piece: (SwapBlock(0), 0),
        }
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<Result<(), NoRoom>> {
        while self.left > 0 {
            if self.piece.1 == 0 {
                let Some(piece) = largest_piece(pager) else {
                    let done = self.next.0.wrapping_sub(self.begin.0);
                    pager.meta_free(self.object, self.begin, i64::from(done));
                    return Step::Done(Err(NoRoom));
                };
                self.piece = piece;
            }
            let (block, n) = self.piece;
            if pager.meta_build(self.object, self.next, block).is_err() {
                return Step::Sleep(pager.wait_for_memory());
            }
            self.piece = (block.offset(1), n - 1);
            self.next = PageIndex(self.next.0.wrapping_add(1));
            self.left -= 1;
        }
        let (block, n) = self.piece;
        if pager.fixes.reserve_tail {
            if n > 0 {
                pager.space.freeswapspace(block, n, &mut pager.events);
            }
        } else {
            pager.meta_free(self.object, self.next, i64::from(n));
        }
        Step::Done(Ok(()))
    }
}

/// Takes the largest run of 32, 16, 8, 4, 2 or 1 blocks that is to be had.
fn largest_piece<S: Sink>(pager: &mut Pager<S>) -> Option<(SwapBlock, u32)> {
    let sizes = std::iter::successors(Some(MAX_ALLOC), |n| Some(n / 2)).take_while(|&n| n > 0);
    for n in sizes {
        if let Some(block) = pager.space.getswapspace(n, &mut pager.events) {
            return Some((block, n));
        }
    }
    None
}
