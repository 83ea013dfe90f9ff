//! "Why here?": the chain of decisions that led to what is looked at, told from the events that
//! were recorded and from nothing else.

pub mod about;
mod memory;
mod past;
mod refusal;
mod search;
mod swap;
pub mod tale;
#[cfg(test)]
mod tests;
mod wait;

use swap_pager::units::SwapBlock;
use swap_pager::{Event, Model};

use super::machine::{Holds, holds};
use super::ui::Thing;
use crate::session::history::History;
use past::{Key, Past};
use tale::Sentence;

/// The chain that led to a thing, in the order in which it happened. Empty if there is nothing to
/// tell.
pub fn why(history: &History, model: &Model, thing: Thing) -> Vec<Sentence> {
    let past = &Past { history, model };
    let tale = &mut Vec::new();
    match thing {
        Thing::Page(object, page) => of_page(past, (object, page), tale),
        Thing::Block(block) => of_block(past, block, tale),
        Thing::Op(op) => wait::tell(past, op, tale),
        Thing::Event(seq) => of_event(past, seq, tale),
        Thing::Transfer(io) => {
            let starts =
                |event: &Event| matches!(event, Event::IoStarted { transfer } if transfer.io == io);
            if let Some((seq, event)) = past.last(history.at(), &starts) {
                from_event(past, seq, event, tale);
            }
        }
        Thing::Object(_) | Thing::Disk(_) | Thing::Node(_) | Thing::Swblock(..) => {}
    }
    std::mem::take(tale)
}

/// Why a page is where it is: on swap, in memory, both or neither.
fn of_page(past: &Past, key: Key, tale: &mut Vec<Sentence>) {
    let page = past.model.pages.get(&key);
    match (page, past.model.swap.get(&key)) {
        // What is in memory is newer than what lies on swap, or came from there.
        (Some(page), None) => memory::tell(past, key, page.state, tale),
        (None, Some(block)) => swap::tell(past, key, *block, tale),
        (Some(page), Some(block)) if page.state.dirty && !page.state.is_busy() => {
            memory::tell(past, key, page.state, tale);
            tale.push(
                Sentence::plain("It keeps block ")
                    .name(block.to_string(), Thing::Block(*block))
                    .say(", though what lies there does not count: the next page-out frees it."),
            );
        }
        (Some(page), Some(block)) => {
            swap::tell(past, key, *block, tale);
            memory::tell(past, key, page.state, tale);
        }
        (None, None) => memory::nowhere(past, key, tale),
    }
}

fn of_block(past: &Past, block: SwapBlock, tale: &mut Vec<Sentence>) {
    match holds(past.model, block) {
        Holds::Page(object, page) => swap::tell(past, (object, page), block, tale),
        Holds::Free => {
            memory::free_block(past, block, tale);
            tale.push(swap::place(past, block, 1));
        }
        Holds::Reserved | Holds::NoDisk => tale.push(swap::place(past, block, 1)),
    }
}

/// Why an event happened: the chain to it if something failed, else what led to it.
fn of_event(past: &Past, seq: u64, tale: &mut Vec<Sentence>) {
    match past.history.event(seq) {
        Some(event) if seq <= past.history.at() => from_event(past, seq, event, tale),
        Some(_) => tale.push(Sentence::plain("It lies after the moment that is shown.")),
        None => tale.push(past.lost("That")),
    }
}

fn from_event(past: &Past, seq: u64, event: &Event, tale: &mut Vec<Sentence>) {
    refusal::tell(past, seq, event, tale);
    if !tale.is_empty() {
        return;
    }
    match event {
        Event::MetaSet {
            object,
            index,
            new: Some(block),
            ..
        } => swap::tell(past, (*object, *index), *block, tale),
        Event::GetSwapSpace {
            found: Some(block), ..
        } if past
            .model
            .owners
            .get(block.0 as usize)
            .is_some_and(Option::is_some) =>
        {
            of_block(past, *block, tale);
        }
        Event::PutPages {
            object,
            start,
            count,
            ..
        } => {
            tale.push(past.cause(seq));
            tale.push(swap::cluster(past, seq, *object, *start, *count));
        }
        Event::IoStarted { transfer } | Event::IoDone { transfer, .. } => {
            tale.push(past.cause(seq));
            let io = transfer.io;
            let starts =
                |event: &Event| matches!(event, Event::IoStarted { transfer } if transfer.io == io);
            if let Some((seq, _)) = past.last(seq, &starts) {
                tale.extend(swap::transferred(past, seq, transfer));
            }
        }
        Event::OpSlept { op, .. } | Event::OpEnded { op, .. } => wait::tell(past, *op, tale),
        Event::OpStarted { .. } => {}
        _ => tale.push(past.cause(seq)),
    }
}
