//! An object driven as a disk, without pages in memory: what a swap-backed disk does (md(4),
//! `vm_pager_strategy`).

use crate::PageData;
use crate::command::{DirectCmd, OpError, OpResult, PageRange};
use crate::error::Errno;
use crate::event::Sink;
use crate::pager::{Pager, Step, Strategy, StrategyCmd};
use crate::units::{ObjectId, PAGE_SIZE};

/// A request to the blocks of an object.
#[derive(Clone, Debug)]
pub struct Direct {
    object: ObjectId,
    range: PageRange,
    strategy: Strategy,
    /// Whether it was seen that no page is in the way.
    begun: bool,
}

impl Direct {
    /// For these pages.
    pub fn new(object: ObjectId, range: PageRange, cmd: DirectCmd) -> Direct {
        let (cmd, data) = match cmd {
            DirectCmd::Read => (StrategyCmd::Read, Vec::new()),
            DirectCmd::Delete => (StrategyCmd::Delete, Vec::new()),
            DirectCmd::Write(pattern) => {
                let indexes = (0..range.count).map(|n| range.start.offset(n));
                let page = |index| PageData::filled(pattern, object, index);
                (StrategyCmd::Write, indexes.map(page).collect())
            }
        };
        let bytes = u64::from(range.count) * PAGE_SIZE as u64;
        let strategy = Strategy::new(object, cmd, range.start, bytes, data);
        Direct {
            object,
            range,
            strategy,
            begun: false,
        }
    }

    /// Goes on, when no other request to the object is under way. It is refused with EBUSY when one of the pages is in memory: what is there and
    /// what is on swap would come apart.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<OpResult> {
        if !self.begun {
            if let Some(channel) = pager.wait_for_strategy(self.object) {
                return Step::Sleep(channel);
            }
            let touched = self.range.start..self.range.end();
            let mut resident = pager.pages.of_object(self.object);
            if resident.any(|(index, _)| touched.contains(&index)) {
                let error = OpError::Refused {
                    errno: Errno::Ebusy,
                };
                return Step::Done(OpResult::Failed { error });
            }
            drop(resident);
            // Paging in progress keeps the object until the request is done.
            pager.pip_change(self.object, 1);
            self.begun = true;
        }
        let done = match self.strategy.run(pager) {
            Step::Sleep(channel) => return Step::Sleep(channel),
            Step::Done(done) => done,
        };
        pager.pip_change(self.object, -1);
        Step::Done(OpResult::Transferred {
            error: done.error,
            resid: done
                .resid
                .unwrap_or(u64::from(self.range.count) * PAGE_SIZE as u64),
            zero_filled: done.zero_filled.len() as u32,
            data: done.data,
        })
    }
}
