//! How far a long operation has come.

use swap_pager::Model;
use swap_pager::command::{Command, PageRange};
use swap_pager::units::ObjectId;

use super::format::{grouped, span};
use super::look::object_name;
use crate::session::history::History;

/// From how many pages on an operation counts as long.
const LONG: u32 = 64;

/// How far an operation has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it does, in words.
    pub label: String,
    /// Pages that are done.
    pub done: u32,
    /// Pages in all.
    pub total: u32,
}

/// The oldest long operation that is under way.
pub fn of(model: &Model, history: &History) -> Option<Progress> {
    model.ops.values().find_map(|op| match &*op.command {
        Command::Pageout { object, range, .. } => {
            let left = history.summary().tally(model, *object, *range).resident();
            told(
                model,
                "Paging out",
                *object,
                *range,
                range.count.saturating_sub(left),
            )
        }
        Command::Fill { object, range, .. } => {
            let tally = history.summary().tally(model, *object, *range);
            told(model, "Filling", *object, *range, tally.dirty)
        }
        Command::Read { object, range } => {
            let tally = history.summary().tally(model, *object, *range);
            let done = tally.resident().saturating_sub(tally.busy);
            told(model, "Reading", *object, *range, done)
        }
        _ => None,
    })
}

fn told(
    model: &Model,
    what: &str,
    object: ObjectId,
    range: PageRange,
    done: u32,
) -> Option<Progress> {
    let last = range.end().0.saturating_sub(1);
    let (done, total) = (done.min(range.count), range.count);
    let label = format!(
        "{what} {} {}: {} of {} pages",
        object_name(model, object),
        span(range.start.0, last),
        grouped(done),
        grouped(total)
    );
    (total > LONG).then_some(Progress { label, done, total })
}
