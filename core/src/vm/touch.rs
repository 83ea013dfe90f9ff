//! Reading and writing pages, one after the other.

use super::fault::{Fault, FaultError, Found};
use crate::PageData;
use crate::command::{Command, OpError, OpResult, PageRange, Pattern, Touched};
use crate::event::Sink;
use crate::page::{Frame, PageAction};
use crate::pager::{Pager, Step};
use crate::units::{ObjectId, PageIndex};

/// What is done to a page once it is in memory.
#[derive(Clone, Debug)]
enum Access {
    Read,
    Write { offset: u32, text: String },
    Fill(Pattern),
}

/// Reading or writing neighbouring pages.
#[derive(Clone, Debug)]
pub struct Touch {
    object: ObjectId,
    next: PageIndex,
    end: PageIndex,
    access: Access,
    /// The fault under way.
    fault: Option<Fault>,
    tally: Touched,
}

impl Touch {
    /// For a command that reads or writes; `None` for any other.
    pub fn new(command: &Command) -> Option<Touch> {
        let (object, range, access) = match command {
            Command::Read { object, range } => (*object, *range, Access::Read),
            Command::Fill {
                object,
                range,
                pattern,
            } => (*object, *range, Access::Fill(*pattern)),
            Command::Write {
                object,
                page,
                offset,
                text,
            } => {
                let range = PageRange {
                    start: *page,
                    count: 1,
                };
                (
                    *object,
                    range,
                    Access::Write {
                        offset: *offset,
                        text: text.clone(),
                    },
                )
            }
            _ => return None,
        };
        let (next, end) = (range.start, range.end());
        Some(Touch {
            object,
            next,
            end,
            access,
            fault: None,
            tally: Touched::default(),
        })
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<OpResult> {
        let write = !matches!(self.access, Access::Read);
        while self.next < self.end {
            let mut fault = self
                .fault
                .take()
                .unwrap_or_else(|| Fault::new(self.object, self.next, write));
            let (frame, found) = match fault.run(pager) {
                Step::Sleep(channel) => {
                    self.fault = Some(fault);
                    return Step::Sleep(channel);
                }
                Step::Done(Ok(found)) => found,
                Step::Done(Err(FaultError::PageIn)) => {
                    return failed(OpError::PageIn { page: self.next });
                }
                Step::Done(Err(FaultError::ObjectGone)) => {
                    return failed(OpError::ObjectGone {
                        object: self.object,
                    });
                }
            };
            match found {
                Found::Resident => self.tally.resident += 1,
                Found::ZeroFilled => self.tally.zero_filled += 1,
                Found::PagedIn => self.tally.paged_in += 1,
                Found::Copied => self.tally.copied += 1,
            }
            self.access_page(pager, frame);
            self.next = self.next.offset(1);
        }
        Step::Done(OpResult::Touched(self.tally))
    }

    /// Does to a page in memory what it was brought there for. A page that is written to is
    /// dirty, and what lies on swap for it is out of date and freed.
    fn access_page<S: Sink>(&self, pager: &mut Pager<S>, frame: Frame) {
        let data = match &self.access {
            Access::Read => {
                pager.update_page(frame, &[], |state| state.referenced = true);
                return;
            }
            Access::Fill(pattern) => PageData::filled(*pattern, self.object, self.next),
            Access::Write { offset, text } => {
                let mut data = pager
                    .pages
                    .get(frame)
                    .map_or_else(PageData::zero, |page| page.data.clone());
                data.overwrite(*offset as usize, text.as_bytes());
                data
            }
        };
        pager.pages.set_data(frame, data, &mut pager.events);
        pager.update_page(frame, &[PageAction::Dirty], |state| {
            state.dirty = true;
            state.referenced = true;
        });
        pager.unswapped(self.object, self.next);
    }
}

fn failed(error: OpError) -> Step<OpResult> {
    Step::Done(OpResult::Failed { error })
}
