//! Why the answer to a lesson's question is what it is: the chain of what the question is about.

use swap_pager::lesson::measure::Measure;
use swap_pager::lesson::{Asked, Step};
use swap_pager::units::PageIndex;

use super::tale::Sentence;
use super::why;
use crate::lesson::words;
use crate::session::Session;
use crate::session::history::{History, Kind};
use crate::view::ui::Thing;

/// The chain of what a step asks for, from what has happened since a moment.
pub fn tell(session: &Session, step: &Step, before: u64) -> Vec<Sentence> {
    let (history, model) = (session.history(), session.model());
    let measure = step.ask.as_ref().map(|question| match &question.answer {
        Asked::Measure(measure) => measure,
        Asked::Holds(goal) => goal.measure(),
    });
    let page = measure.and_then(Measure::page).and_then(|(name, page)| {
        let object = words::object(&model, name)?;
        Some(Thing::Page(object, PageIndex(page)))
    });
    let focus = step
        .focus
        .as_ref()
        .and_then(|focus| words::thing(focus, &model));
    let shown = focus.filter(|thing| matches!(thing, Thing::Page(..) | Thing::Block(_)));
    // Numbers are about what happened; it is told by what the eye is drawn to, if anything.
    let thing = page.or(shown).or_else(|| telling(&history, before));
    thing.map_or_else(Vec::new, |thing| why(&history, &model, thing))
}

/// The event that tells most of what happened: the last failure, transfer or sleep.
fn telling(history: &History, before: u64) -> Option<Thing> {
    let last = |wanted: Kind| {
        let mut events = history.between(before, history.end()).rev();
        events.find(|(seq, _)| history.kind(*seq) == Some(wanted))
    };
    let found = [Kind::Failure, Kind::Io, Kind::Sleep]
        .into_iter()
        .find_map(last);
    found.map(|(seq, _)| Thing::Event(seq))
}
