//! The last time blocks were given back, and how that was told up the tree.

use swap_pager::blist::Node;
use swap_pager::event::BlistImage;
use swap_pager::units::SwapBlock;
use swap_pager::{Event, Model};

use super::geometry::{Place, find};
use super::words::node_name;
use crate::session::history::{History, Kind};

/// How many events before the moment that is shown are looked through.
const LOOK_BACK: u64 = 2_000;

/// A node that changed on the way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The number of the event.
    pub seq: u64,
    /// The node.
    pub place: Place,
    /// Before.
    pub old: Node,
    /// After.
    pub new: Node,
}

/// Blocks that were given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freed {
    /// The first.
    pub block: SwapBlock,
    /// How many.
    pub pages: u32,
    /// The nodes above them, in the order in which they changed.
    pub changes: Vec<Change>,
}

/// What was given back last, if that was after a moment.
pub fn last_free(history: &History, image: &BlistImage, after: u64) -> Option<Freed> {
    let at = history.at();
    let from = after.max(at.saturating_sub(LOOK_BACK));
    let mut numbers = (from + 1..=at).rev();
    let likely = |seq: &u64| history.kind(*seq) == Some(Kind::Space);
    let seq = numbers.find(|seq| {
        likely(seq) && matches!(history.event(*seq), Some(Event::FreeSwapSpace { .. }))
    })?;
    let Some(&Event::FreeSwapSpace { block, pages }) = history.event(seq) else {
        return None;
    };
    let mut changes: Vec<Change> = Vec::new();
    for (seq, event) in history.between(from, seq - 1).rev() {
        let Event::BlistNode { index, old, new } = *event else {
            break;
        };
        // A node that was opened on the way is written twice; the later time counts. Its other
        // children have nothing to do with it.
        let seen = find(image, index).map(|seen| seen.place);
        let above = seen.filter(|at| at.first < block.0 + pages && block.0 < at.first + at.covers);
        let told = |change: &Change| change.place.index == index;
        if let Some(place) = above
            && !changes.iter().any(told)
        {
            changes.push(Change {
                seq,
                place,
                old,
                new,
            });
        }
    }
    changes.reverse();
    Some(Freed {
        block,
        pages,
        changes,
    })
}

impl Change {
    /// What the node is called.
    pub fn name(&self, model: &Model) -> String {
        let Place {
            index,
            first,
            covers,
            ..
        } = self.place;
        node_name(model, index, first, covers, self.place.is_leaf())
    }

    /// What changed, in words.
    pub fn words(&self) -> String {
        let leaf = self.place.is_leaf();
        let free = |node: Node| {
            if leaf {
                node.value.count_ones()
            } else {
                node.value
            }
        };
        let mut words = format!("{} → {} free", free(self.old), free(self.new));
        if self.old.hint == self.new.hint {
            words.push_str(&format!(", hint stays {}", self.new.hint));
        } else {
            words.push_str(&format!(", hint {} → {}", self.old.hint, self.new.hint));
        }
        if !leaf && self.new.value == self.place.covers {
            words.push_str(": all free, so it collapses");
        }
        words
    }
}
