//! What is known of an event.

use swap_pager::blist::Node;
use swap_pager::page::{PageState, Queue};
use swap_pager::units::SwapBlock;
use swap_pager::{Event, Model};

use super::facts::{Fact, fact};
use crate::session::history::{History, Kind};
use crate::view::link::Linked;
use crate::view::log::wording::Names;
use crate::view::log::words::meaning;
use crate::view::ui::Thing;

/// What is known of an event.
pub fn of_event(history: &History, model: &Model, seq: u64) -> Vec<Fact> {
    let (Some(event), Some(kind)) = (history.event(seq), history.kind(seq)) else {
        return Vec::new();
    };
    let kind = match kind {
        Kind::Quiet => "bookkeeping",
        Kind::Pager => "the pager works",
        Kind::Space => "room in swap",
        Kind::Sleep => "sleep or wake-up",
        Kind::Io => "a transfer",
        Kind::Message => "the kernel says",
        Kind::Command => "a command",
        Kind::Failure => "a failure",
    };
    let mut facts = vec![fact(
        "Kind",
        kind,
        "The colour of its tick on the timeline.",
    )];
    if let Some(line) = Names::of(model).line(seq, event) {
        let told = format!("{} {}", line.head, line.rest);
        let meaning = meaning(&line.head).unwrap_or("As the log prints it.");
        facts.push(fact("In the log", told.trim().to_owned(), meaning));
    }
    let linked = Linked::of_event(event);
    if let Some((object, range)) = linked.pages {
        let thing = Thing::Page(object, range.start);
        facts.push(fact("Pages", format!("{object}, {range}"), "What it is about.").to(thing));
    }
    if let Some((block, count)) = linked.blocks {
        let value = crate::view::format::span(block.0, block.0 + count.max(1) - 1);
        facts.push(fact("Blocks", value, "What it is about.").to(Thing::Block(block)));
    }
    if let Some(index) = linked.node {
        let meaning = "The node of the radix tree.";
        facts.push(fact("Node", index.to_string(), meaning).to(Thing::Node(index)));
    }
    if let Some(io) = linked.io {
        facts.push(fact("Transfer", io.to_string(), "Which transfer.").to(Thing::Transfer(io)));
    }
    for (term, old, new) in changes(event) {
        facts.push(fact(term, format!("{old} → {new}"), "Before, and after."));
    }
    facts
}

/// The values that an event changed, before and after.
fn changes(event: &Event) -> Vec<(&'static str, String, String)> {
    let one = |term, old: String, new: String| vec![(term, old, new)];
    let block =
        |block: &Option<SwapBlock>| block.map_or("none".to_owned(), |block| block.to_string());
    match event {
        Event::MetaSet { old, new, .. } => one("Block", block(old), block(new)),
        Event::FreeChanged { old, new } => one("Free pages", old.to_string(), new.to_string()),
        Event::DeviceUsed { old, new, .. } => one("In use", old.to_string(), new.to_string()),
        Event::PagingInProgress { old, new, .. } => {
            one("Paging in progress", old.to_string(), new.to_string())
        }
        Event::BlistNode { old, new, .. } => {
            let value = |node: &Node| format!("{:08x}", node.value);
            let mut changes = one("Bitmap or free", value(old), value(new));
            changes.push(("Hint", old.hint.to_string(), new.hint.to_string()));
            changes.retain(|(_, old, new)| old != new);
            changes
        }
        Event::PageChanged { old, new, .. } => {
            let flag = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
            let row = |term, of: &dyn Fn(&PageState) -> String| (term, of(old), of(new));
            let mut changes = vec![
                row("Valid", &|state| flag(state.valid)),
                row("Dirty", &|state| flag(state.dirty)),
                row("Busy", &|state| flag(state.is_busy())),
                row("Swap in progress", &|state| flag(state.swap_in_progress)),
                row("Wanted", &|state| flag(state.wanted)),
                row("Referenced", &|state| flag(state.referenced)),
                row("Queue", &|state| queue(state.queue).to_owned()),
            ];
            changes.retain(|(_, old, new)| old != new);
            changes
        }
        _ => Vec::new(),
    }
}

/// The name of a page queue.
pub fn queue(queue: Queue) -> &'static str {
    match queue {
        Queue::None => "none",
        Queue::Inactive => "inactive",
        Queue::Active => "active",
        Queue::Cache => "cache",
    }
}
