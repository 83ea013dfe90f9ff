//! The last search for free blocks at a moment, told from its events.

use std::rc::Rc;

use swap_pager::blist::Finding;
use swap_pager::command::{Command, PageRange};
use swap_pager::units::{ObjectId, OpId, SwapBlock};
use swap_pager::{Event, Model};

use super::words::node_name;
use crate::session::history::{History, Kind};
use crate::view::format::span;

/// How many events before a search are looked through for what it was for.
const LOOK_BACK: usize = 20_000;

/// A look at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The number of the event.
    pub seq: u64,
    /// The slot of the node.
    pub index: u32,
    /// The first block it covers.
    pub block: SwapBlock,
    /// How many it covers.
    pub covers: u32,
    /// Whether it is a leaf.
    pub leaf: bool,
    /// Its hint when the search came to it.
    pub hint: i32,
    /// Its hint when the search had done with it.
    pub after: i32,
    /// Whether it was collapsed and all free, and its children had to be filled in first.
    pub opened: bool,
    /// What came of it.
    pub finding: Finding,
}

/// What a search was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Pages were handed to the pager to be written.
    PutPages(ObjectId, PageRange),
    /// An object was written to as a disk.
    Direct(ObjectId, PageRange),
}

/// A search, or as much of it as has happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// How many blocks were sought, in one run.
    pub pages: u32,
    /// The nodes that were looked at, in order.
    pub visits: Vec<Visit>,
    /// What was found, once it is over.
    pub found: Option<Option<SwapBlock>>,
    /// The number of its last event so far.
    pub seq: u64,
    /// What it was for.
    pub cause: Option<Cause>,
}

/// Finds the last search again and again, as the moment that is shown moves.
#[derive(Debug, Default)]
pub struct Finder {
    branch: u32,
    at: u64,
    last: Option<u64>,
    search: Option<Rc<Search>>,
}

impl Finder {
    /// The last search at the moment that is shown.
    pub fn follow(&mut self, history: &History) -> Option<Rc<Search>> {
        let at = history.at();
        let same_past = self.branch == history.branch();
        let reach = history.reach().start;
        let known = self
            .last
            .filter(|&last| same_past && last <= at && last > reach);
        // What was looked through is not looked through again.
        let from = match known {
            _ if same_past && at >= self.at => self.at,
            Some(_) => at,
            None => 0,
        };
        let last = last_seek(history, from, at).or(known);
        let over = self.search.as_ref().is_some_and(|it| it.found.is_some());
        if last != self.last || !same_past || !over {
            self.search = last
                .and_then(|last| Search::around(history, last))
                .map(Rc::new);
        }
        (self.branch, self.at, self.last) = (history.branch(), at, last);
        self.search.clone()
    }
}

/// The number of the last event between two moments that belongs to a search.
fn last_seek(history: &History, from: u64, to: u64) -> Option<u64> {
    let from = from.max(history.reach().start);
    let numbers = (from + 1..=to).rev();
    let mut likely =
        numbers.filter(|&seq| matches!(history.kind(seq), Some(Kind::Space | Kind::Failure)));
    likely.find(|&seq| {
        matches!(
            history.event(seq),
            Some(Event::BlistVisited { .. } | Event::GetSwapSpace { .. })
        )
    })
}

impl Search {
    /// The search that an event belongs to, as far as it has come at the moment that is shown.
    fn around(history: &History, last: u64) -> Option<Search> {
        let (mut pages, found) = match history.event(last)? {
            Event::GetSwapSpace { pages, found } => (*pages, Some(*found)),
            _ => (0, None),
        };
        let end = last - u64::from(found.is_some());
        let mut before = history.between(0, end).rev().take_while(|(_, event)| {
            matches!(event, Event::BlistVisited { .. } | Event::BlistNode { .. })
        });
        let begin = before.by_ref().last().map_or(end, |(seq, _)| seq - 1);
        let mut visits: Vec<Visit> = Vec::new();
        for (seq, event) in history.between(begin, history.at()) {
            match event {
                Event::BlistVisited {
                    index,
                    block,
                    covers,
                    leaf,
                    hint,
                    sought,
                    finding,
                } => {
                    pages = *sought;
                    // The hint it had when the search came, not the one it was just given.
                    let entered = visits.iter().find(|visit| visit.index == *index);
                    visits.push(Visit {
                        seq,
                        index: *index,
                        block: *block,
                        covers: *covers,
                        leaf: *leaf,
                        hint: entered.map_or(*hint, |visit| visit.hint),
                        after: *hint,
                        opened: false,
                        finding: *finding,
                    });
                }
                Event::BlistNode { index, new, .. } => {
                    if let Some(visit) = visits.last_mut() {
                        if visit.index == *index {
                            visit.after = new.hint;
                        } else if visit.finding == Finding::Entered && *index > visit.index {
                            visit.opened = true;
                        }
                    }
                }
                _ => break,
            }
        }
        Some(Search {
            pages,
            visits,
            found,
            seq: last,
            cause: cause(history, begin),
        })
    }

    /// The last visit to a node.
    pub fn visit(&self, index: u32) -> Option<&Visit> {
        self.visits.iter().rev().find(|visit| visit.index == index)
    }

    /// Visits told together, by the numbers of the first and of the one after the last:
    /// neighbours that were skipped because of the same hint.
    pub fn steps(&self) -> Vec<(usize, usize)> {
        let mut steps: Vec<(usize, usize)> = Vec::new();
        for (n, visit) in self.visits.iter().enumerate() {
            if let Some((_, end)) = steps.last_mut() {
                let before = &self.visits[n - 1];
                let alike = before.finding == Finding::HintTooSmall
                    && visit.finding == Finding::HintTooSmall
                    && before.hint == visit.hint
                    && before.leaf == visit.leaf
                    && before.block.0 + before.covers == visit.block.0;
                if alike {
                    *end = n + 1;
                    continue;
                }
            }
            steps.push((n, n + 1));
        }
        steps
    }

    /// What it was for and what came of it, in a line.
    pub fn headline(&self, name: impl Fn(ObjectId) -> String) -> String {
        let pages = crate::view::format::count(self.pages, "block");
        let what = match self.cause {
            Some(Cause::PutPages(object, range)) => {
                format!("{pages} for putpages {} {range}", name(object))
            }
            Some(Cause::Direct(object, range)) => {
                format!("{pages} for strategy {} {range}", name(object))
            }
            None => pages,
        };
        let outcome = match self.found {
            Some(Some(block)) => format!("found {}", span(block.0, block.0 + self.pages - 1)),
            Some(None) => "no such run found".to_owned(),
            None => "still searching at this moment".to_owned(),
        };
        format!("{what}: {outcome}")
    }
}

impl Visit {
    /// Why the search did with the node what it did.
    pub fn reason(&self, sought: u32) -> String {
        let hint = self.hint;
        match self.finding {
            Finding::HintTooSmall => format!("hint {hint} < {sought}: skipped and not visited"),
            Finding::AllAllocated if self.leaf => "all allocated: hint lowered to 0".to_owned(),
            Finding::AllAllocated => "all allocated: nothing below is looked at".to_owned(),
            Finding::NoRun if self.leaf || self.after < hint => {
                format!("no run of {sought}: hint lowered to {}", sought - 1)
            }
            Finding::NoRun => format!("no run of {sought}: hint stays {}", self.after),
            Finding::Entered if self.opened => "all free, collapsed: opened and entered".to_owned(),
            Finding::Entered if hint < sought as i32 => {
                format!("hint {hint} < {sought}, but the root is always entered")
            }
            Finding::Entered => format!("hint {hint} ≥ {sought}: entered"),
            Finding::Found(block) => {
                let taken = span(block.0, block.0 + sought - 1);
                format!("first run of {sought}: took {taken}")
            }
        }
    }

    /// The same in a word or two, for the picture.
    pub fn tag(&self, sought: u32) -> String {
        match self.finding {
            Finding::HintTooSmall => format!("{} < {sought}: skipped", self.hint),
            Finding::AllAllocated => "all allocated".to_owned(),
            Finding::NoRun => format!("no run of {sought}"),
            Finding::Entered => "entered".to_owned(),
            Finding::Found(block) => format!("took {}", span(block.0, block.0 + sought - 1)),
        }
    }

    /// Whether the search went in.
    pub fn inside(&self) -> bool {
        self.finding != Finding::HintTooSmall
    }
}

/// What nodes are called that are told of together.
pub fn step_name(model: &Model, visits: &[Visit]) -> String {
    let (Some(first), Some(last)) = (visits.first(), visits.last()) else {
        return String::new();
    };
    if visits.len() == 1 {
        return node_name(model, first.index, first.block.0, first.covers, first.leaf);
    }
    if first.leaf {
        return format!("leaves {}", span(first.block.0 / 32, last.block.0 / 32));
    }
    let end = last.block.0 + last.covers - 1;
    format!("{} nodes, {}", visits.len(), span(first.block.0, end))
}

/// What the search after a moment was for: the operation that had begun and gone on last.
fn cause(history: &History, begin: u64) -> Option<Cause> {
    let mut over = Vec::new();
    let mut runs = None;
    let mut likely = None;
    for (_, event) in history.between(0, begin).rev().take(LOOK_BACK) {
        match event {
            Event::PutPagesReturned { object, start, .. } if likely.is_none() => {
                over.push((*object, *start));
            }
            Event::PutPages {
                object,
                start,
                count,
                ..
            } if likely.is_none() => {
                if let Some(n) = over.iter().position(|call| *call == (*object, *start)) {
                    over.swap_remove(n);
                    continue;
                }
                let range = PageRange {
                    start: *start,
                    count: *count,
                };
                likely = Some(Cause::PutPages(*object, range));
                if runs.is_none_or(|op| op == OpId::PAGEOUT_DAEMON) {
                    break;
                }
            }
            Event::OpWoken { op, .. } if runs.is_none() => runs = Some(*op),
            Event::OpStarted { op, command } if runs.is_none_or(|runs| runs == *op) => {
                if let Command::Direct { object, range, .. } = &**command {
                    return Some(Cause::Direct(*object, *range));
                }
                runs = Some(*op);
                if likely.is_some() {
                    break;
                }
            }
            _ => {}
        }
    }
    likely
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
