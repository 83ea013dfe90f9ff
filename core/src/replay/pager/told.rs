//! What events tell, in the form of the recordings.

use serde_json::{Value, json};

use crate::event::{Event, Transfer};
use crate::page::{PageAction, PageState};
use crate::units::{ObjectId, PageIndex};

/// The starts and ends of transfers. An end has the pages that were finished after it, in runs
/// that came to the same.
pub fn transfers(events: &[Event]) -> Value {
    let mut told: Vec<Value> = Vec::new();
    let mut end: Option<End> = None;
    for event in events {
        match event {
            Event::IoStarted { transfer } => {
                told.extend(end.take().map(End::told));
                told.push(start(transfer));
            }
            Event::IoDone {
                transfer, error, ..
            } => {
                told.extend(end.take().map(End::told));
                let error = error.map_or(
                    json!({ "error": false }),
                    |errno| json!({ "error": true, "errno": errno }),
                );
                end = Some(End {
                    io: json!(transfer.io),
                    error,
                    pages: Vec::new(),
                });
            }
            Event::PageChanged {
                object,
                index,
                new,
                actions,
                ..
            } => {
                if let Some(end) = &mut end
                    && actions.iter().any(|&action| name(action).is_some())
                {
                    end.pages.push((*object, *index, *new, actions));
                }
            }
            _ => {}
        }
    }
    told.extend(end.take().map(End::told));
    Value::Array(told)
}

/// The lines the kernel printed.
pub fn messages(events: &[Event]) -> Value {
    let text = |event: &Event| match event {
        Event::Message { text } => Some(json!(text)),
        _ => None,
    };
    events.iter().filter_map(text).collect()
}

/// The pages that went out of memory, in order.
pub fn removed<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<PageIndex> {
    let index = |event: &Event| match event {
        Event::PageRemoved { page, .. } => Some(page.index),
        _ => None,
    };
    events.filter_map(index).collect()
}

fn start(transfer: &Transfer) -> Value {
    json!({
        "ev": "start",
        "io": transfer.io,
        "cmd": transfer.cmd,
        "blk": transfer.block,
        "npages": transfer.pages,
        "dev": transfer.place.map(|place| place.slot),
        "devblk": transfer.place.map(|place| place.block),
    })
}

/// The end of a transfer.
struct End {
    io: Value,
    error: Value,
    pages: Vec<(ObjectId, PageIndex, PageState, &'static [PageAction])>,
}

impl End {
    fn told(self) -> Value {
        let mut told = self.error;
        told["ev"] = json!("done");
        told["io"] = self.io;
        let Some(&(object, ..)) = self.pages.first() else {
            return told;
        };
        told["object"] = json!(object);
        let same = |a: &(_, PageIndex, PageState, &[PageAction]), b: &(_, _, _, _)| {
            outcome(a.2, a.3) == outcome(b.2, b.3)
        };
        let runs = self.pages.chunk_by(same).map(|run| {
            let (_, index, state, actions): &(ObjectId, _, _, _) = &run[0];
            let mut told = outcome(*state, actions);
            told["pindex"] = json!(index);
            told["n"] = json!(run.len());
            told
        });
        told["pages"] = runs.collect();
        told
    }
}

fn outcome(state: PageState, actions: &[PageAction]) -> Value {
    let actions: Vec<_> = actions.iter().filter_map(|&action| name(action)).collect();
    json!({
        "valid": state.valid,
        "dirty": state.dirty,
        "busy": state.busy,
        "pgbusy": state.pg_busy,
        "actions": actions,
    })
}

/// What recordings call an action; some have no name there.
fn name(action: PageAction) -> Option<&'static str> {
    Some(match action {
        PageAction::Activate => "activate",
        PageAction::Deactivate => "deactivate",
        PageAction::IoFinish => "io_finish",
        PageAction::Protect => "protect",
        PageAction::Cache => "cache",
        PageAction::Free => "free",
        PageAction::Flash => "flash",
        PageAction::Wakeup => "wakeup",
        PageAction::IoStart
        | PageAction::Dirty
        | PageAction::SwapInProgress
        | PageAction::ZeroFill => return None,
    })
}
