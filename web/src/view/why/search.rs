//! What the search for room looked at, node by node.

use swap_pager::Event;
use swap_pager::blist::{BMAP_RADIX, Finding};
use swap_pager::units::{SlotId, SwapBlock};

use super::past::Past;
use super::tale::Sentence;
use crate::view::format::{count, span};
use crate::view::ui::Thing;

/// Steps told at the beginning and at the end of a search that had more.
const TOLD: usize = 4;

/// A look at a node, or at neighbours that were skipped alike.
#[derive(Clone, Copy)]
struct Step {
    seq: u64,
    index: u32,
    first: u32,
    covers: u32,
    leaf: bool,
    hint: i32,
    sought: u32,
    finding: Finding,
    /// Its hint before and after, and the longest run it had, if that was changed.
    lowered: Option<(i32, i32, u32)>,
    /// How many neighbours are told together.
    nodes: u32,
    /// Where the search that looks here first begins, if it does not begin as the original's
    /// would.
    began: Option<Began>,
}

/// Where a search begins: the event that tells, the block, and where the room has to lie.
type Began = (u64, SwapBlock, Option<SlotId>);

/// Tells of the search that ended with this event: the room that was found or not.
pub fn tell(past: &Past, ended: u64, tale: &mut Vec<Sentence>) {
    let steps = steps(past, ended);
    let (head, tail) = match steps.len() {
        n if n > 2 * TOLD + 1 => (TOLD, n - TOLD),
        n => (n, n),
    };
    let tell = |steps: &[Step], tale: &mut Vec<Sentence>| {
        for step in steps {
            tale.extend(step.began.map(|began| begins(past, began)));
            tale.push(step.told());
        }
    };
    tell(&steps[..head], tale);
    let between: u32 = steps[head..tail].iter().map(|step| step.nodes).sum();
    if between > 0 {
        let text = format!("… {} without room …", count(between, "more node"));
        tale.push(Sentence::at(steps[head].seq).told(text).deep());
        let began = steps[head..tail].iter().filter_map(|step| step.began);
        tale.extend(began.map(|began| begins(past, began)));
    }
    tell(&steps[tail..], tale);
}

/// Where a search begins, and why there.
fn begins(past: &Past, (seq, from, slot): Began) -> Sentence {
    let told = Sentence::at(seq);
    if let Some(slot) = slot {
        let device = past.model.slots.get(slot.0 as usize).copied().flatten();
        let disk = device.map_or_else(|| slot.to_string(), |device| device.id.to_string());
        return told
            .say("Round robin: it is the turn of ")
            .name(disk, Thing::Disk(slot))
            .say(", and only its leaves are looked at.")
            .deep();
    }
    let again = matches!(
        past.history.event(seq - 1),
        Some(Event::BlistVisited { .. })
    );
    let told = match (from.0, again) {
        (0, true) => told
            .say("Next fit: there was no room up to the end, so it begins anew with ")
            .name("block 0".to_owned(), Thing::Block(from)),
        (0, false) => told
            .say("Next fit: nothing was found yet, so the search begins with ")
            .name("block 0".to_owned(), Thing::Block(from)),
        _ => told
            .say("Next fit: the search begins with the leaf that gave room last, at ")
            .name(format!("block {from}"), Thing::Block(from)),
    };
    told.say(".").deep()
}

fn steps(past: &Past, ended: u64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut began = None;
    for (seq, event) in past.history.between(begin(past, ended), ended - 1) {
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
                let step = Step {
                    seq,
                    index: *index,
                    first: block.0,
                    covers: *covers,
                    leaf: *leaf,
                    hint: *hint,
                    sought: *sought,
                    finding: *finding,
                    lowered: None,
                    nodes: 1,
                    began: began.take(),
                };
                match steps.last_mut().filter(|last| last.goes_on_with(&step)) {
                    Some(last) => {
                        last.covers += step.covers;
                        last.hint = last.hint.max(step.hint);
                        last.nodes += 1;
                    }
                    None => steps.push(step),
                }
            }
            Event::SearchBegan { from, slot } => began = Some((seq, *from, *slot)),
            // A leaf changes right after the look at it, a node above right before it gives up.
            Event::BlistNode { index, old, new } if old.hint != new.hint => {
                let of = steps.iter_mut().rev().find(|step| step.index == *index);
                if let Some(step) = of {
                    step.lowered = Some((old.hint, new.hint, longest_run(old.value)));
                }
            }
            _ => {}
        }
    }
    // A node above that had no room is told of when the search leaves it.
    for i in 0..steps.len() {
        if steps[i].finding == Finding::NoRun && !steps[i].leaf {
            let (index, before) = (steps[i].index, &steps[..i]);
            let entered = before.iter().rev().find(|step| step.index == index);
            steps[i].lowered = entered.and_then(|step| step.lowered);
        }
    }
    steps
}

/// The moment before a search that ended with this event. It begins with a look at the root; in
/// later policies with where it begins, and it may begin more than once.
pub fn begin(past: &Past, ended: u64) -> u64 {
    let begun = |seq| matches!(past.history.event(seq), Some(Event::SearchBegan { .. }));
    for (seq, event) in past.history.between(0, ended - 1).rev() {
        match event {
            Event::BlistVisited {
                index: 0,
                leaf,
                finding,
                ..
            } if (*leaf || *finding != Finding::NoRun) && !begun(seq - 1) => return seq - 1,
            Event::SearchBegan { .. } | Event::BlistVisited { .. } | Event::BlistNode { .. } => {}
            _ => return seq,
        }
    }
    past.history.reach().start
}

impl Step {
    fn goes_on_with(&self, next: &Step) -> bool {
        self.finding == Finding::HintTooSmall
            && next.finding == self.finding
            && next.leaf == self.leaf
            && next.first == self.first + self.covers
    }

    fn told(&self) -> Sentence {
        let blocks = span(self.first, self.first + self.covers.max(1) - 1);
        let number = if self.leaf {
            self.first / BMAP_RADIX
        } else {
            self.index
        };
        let (sought, hint) = (self.sought, self.hint);
        let name = match (self.index, self.leaf, self.nodes) {
            (0, false, _) => "The root".to_owned(),
            (_, true, 1) => format!("Leaf {number}"),
            (_, true, n) => format!("Leaves {number} to {}", number + n - 1),
            (_, false, 1) => format!("Node {number}"),
            (_, false, n) => format!("{n} nodes from node {number} on"),
        };
        let lowered = match self.lowered {
            Some((old, new, _)) if new < old => {
                format!(", its hint was lowered from {old} to {new}")
            }
            Some((old, new, _)) => format!(", its hint went from {old} to {new}"),
            None => String::new(),
        };
        let what = match self.finding {
            Finding::HintTooSmall if self.nodes > 1 => format!(
                " ({blocks}): no hint above {hint}, which is less than {sought}: skipped and not visited."
            ),
            Finding::HintTooSmall => {
                format!(" ({blocks}): hint {hint} < {sought}, skipped and not visited.")
            }
            Finding::AllAllocated => format!(" ({blocks}): nothing is free there{lowered}."),
            Finding::NoRun if self.leaf => match self.lowered {
                Some((_, _, longest)) => {
                    format!(" covers {blocks}: at most {longest} in a row{lowered}.")
                }
                None => format!(" covers {blocks}: no {sought} in a row."),
            },
            Finding::NoRun => format!(" ({blocks}): nowhere {sought} in a row{lowered}."),
            Finding::Entered => format!(" ({blocks}): hint {hint}, entered."),
            Finding::Found(SwapBlock(block)) => {
                format!(" ({blocks}) gave {}.", span(block, block + sought - 1))
            }
        };
        Sentence::at(self.seq)
            .name(name, Thing::Node(self.index))
            .told(what)
            .deep()
    }
}

/// The longest run of set bits.
pub fn longest_run(mut bitmap: u32) -> u32 {
    let mut longest = 0;
    while bitmap != 0 {
        bitmap &= bitmap << 1;
        longest += 1;
    }
    longest
}
