//! Nodes in words.

use swap_pager::Model;
use swap_pager::blist::BMAP_RADIX;
use swap_pager::units::SwapBlock;

use super::geometry::{Seen, State};
use crate::view::format::{capitalized, grouped};
use crate::view::machine::interleave;

/// What a node is called: `root`, `node 512..1023`, `leaf 4 · disk 0`.
pub fn node_name(model: &Model, index: u32, first: u32, covers: u32, leaf: bool) -> String {
    if leaf {
        let disk = disk_name(model, first);
        return format!("leaf {} · {disk}", first / BMAP_RADIX);
    }
    match index {
        0 => "root".to_owned(),
        _ => format!("node {first}..{}", first + covers - 1),
    }
}

/// What a node in its place is called.
pub fn name(model: &Model, seen: &Seen) -> String {
    let place = seen.place;
    let covers = match &model.blist {
        Some(image) => place.end(image) - place.first,
        None => place.covers,
    };
    node_name(model, place.index, place.first, covers, place.is_leaf())
}

/// The disk that a leaf is on; where stripes are shorter, how many it has.
pub fn disk_name(model: &Model, block: u32) -> String {
    let interleave = interleave(model);
    if interleave.stripe() < BMAP_RADIX && interleave.slots() > 1 {
        return format!("{} stripes", BMAP_RADIX / interleave.stripe());
    }
    let slot = interleave.slot_of(SwapBlock(block));
    match model.slots.get(slot.0 as usize).copied().flatten() {
        Some(device) => device.id.to_string(),
        None => format!("empty {slot}"),
    }
}

/// What a node is, in a word or two.
pub fn state_words(seen: &Seen) -> &'static str {
    match seen.state {
        State::Absent => "absent",
        State::Stale => "stale",
        State::AllFree if seen.is_collapsed() => "all free, collapsed",
        State::AllUsed if seen.is_collapsed() => "all allocated, collapsed",
        State::AllFree => "all free",
        State::AllUsed => "all allocated",
        State::Partly => "partly free",
    }
}

/// A node in a sentence.
pub fn describe(model: &Model, seen: &Seen) -> String {
    let what = capitalized(name(model, seen));
    match seen.state {
        State::Absent => format!("{what}: the list ends before it."),
        State::Stale => format!("{what}: stale, a node above it is collapsed."),
        _ => format!(
            "{what}: {}, {} of {} blocks free, hint {}.",
            state_words(seen),
            grouped(seen.free),
            grouped(match &model.blist {
                Some(image) => seen.place.end(image) - seen.place.first,
                None => seen.place.covers,
            }),
            seen.node.hint
        ),
    }
}
