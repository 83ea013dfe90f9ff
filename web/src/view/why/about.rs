//! Why the answer to a lesson's question is what it is: the chain of what the question is about.

use swap_pager::lesson::Step;
use swap_pager::lesson::measure::Answer;
use swap_pager::units::SwapBlock;

use super::tale::Sentence;
use super::why;
use crate::lesson::words;
use crate::session::Session;
use crate::session::history::{History, Kind};
use crate::view::ui::Thing;

/// The chain of what a step asks for, from what has happened since a moment.
pub fn tell(session: &Session, step: &Step, right: &Result<Answer, String>, before: u64) -> Vec<Sentence> {
    let (history, model) = (session.history(), session.model());
    let block = match (words::is_block(step), right) {
        (true, Ok(Answer::Number(block))) => u32::try_from(*block).ok(),
        _ => None,
    };
    let block = block.map(|block| Thing::Block(SwapBlock(block)));
    let focus = step.focus.as_ref().and_then(|focus| words::thing(focus, &model));
    let page = |thing: &Thing| matches!(thing, Thing::Page(..) | Thing::Block(_));
    let thing = block.or(focus.filter(page)).or_else(|| telling(&history, before));
    thing.map_or_else(Vec::new, |thing| why(&history, &model, thing))
}

/// The event that tells most of what happened: the last failure, transfer or sleep.
fn telling(history: &History, before: u64) -> Option<Thing> {
    let last = |wanted: Kind| {
        let mut events = history.between(before, history.end()).rev();
        events.find(|(seq, _)| history.kind(*seq) == Some(wanted))
    };
    let found = [Kind::Failure, Kind::Io, Kind::Sleep].into_iter().find_map(last);
    found.map(|(seq, _)| Thing::Event(seq))
}
