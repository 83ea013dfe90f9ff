//! An object driven as a disk, without pages in memory: what a swap-backed disk does (md(4),
//! `vm_pager_strategy`).

use crate::PageData;
use crate::command::{DirectCmd, OpError, OpResult, PageRange};
use crate::error::Errno;
use crate::event::Sink;
use crate::pager::{Pager, Reserve, Step, Strategy, StrategyCmd};
use crate::units::{ObjectId, PAGE_SIZE};

/// A request to the blocks of an object.
#[derive(Clone, Debug)]
pub struct Direct {
    object: ObjectId,
    range: PageRange,
    work: Work,
    /// Whether it was seen that no page is in the way.
    begun: bool,
}

#[derive(Clone, Debug)]
enum Work {
    Transfer(Strategy),
    Reserve(Reserve),
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
            DirectCmd::Reserve => {
                let reserve = Reserve::new(object, range.start, range.count);
                return Direct::of(object, range, Work::Reserve(reserve));
            }
        };
        let bytes = u64::from(range.count) * PAGE_SIZE as u64;
        let strategy = Strategy::new(object, cmd, range.start, bytes, data);
        Direct::of(object, range, Work::Transfer(strategy))
    }

    fn of(object: ObjectId, range: PageRange, work: Work) -> Direct {
        Direct {
            object,
            range,
            work,
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
            // What reserve does to the pages behind its range would be lost on one in memory.
            let all = matches!(self.work, Work::Reserve(_));
            let mut resident = pager.pages.of_object(self.object);
            if resident.any(|(index, _)| all || touched.contains(&index)) {
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
        let strategy = match &mut self.work {
            Work::Transfer(strategy) => strategy,
            Work::Reserve(reserve) => {
                let done = match reserve.run(pager) {
                    Step::Sleep(channel) => return Step::Sleep(channel),
                    Step::Done(done) => done,
                };
                pager.pip_change(self.object, -1);
                return Step::Done(OpResult::Transferred {
                    error: done.err().map(|_| Errno::Enomem),
                    resid: 0,
                    zero_filled: 0,
                    data: Vec::new(),
                });
            }
        };
        let done = match strategy.run(pager) {
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
