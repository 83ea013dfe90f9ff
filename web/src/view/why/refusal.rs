//! Why something failed.

use swap_pager::Event;
use swap_pager::command::OpResult;
use swap_pager::event::IoCmd;
use swap_pager::pager::Rtval;
use swap_pager::units::{OpId, PageIndex};

use super::past::{Key, Past};
use super::swap::{cluster, sought, transferred};
use super::tale::Sentence;
use crate::view::format::count;
use crate::view::log::words::{is_bad, outcome};
use crate::view::ui::Thing;

/// Putpages does not halve what it seeks any more once it is as small as this.
pub const SMALLEST: u32 = 4;

/// Failures told of one operation.
const TOLD: usize = 3;

/// Tells of an event of which something failed. Tells nothing of others.
pub fn tell(past: &Past, seq: u64, event: &Event, tale: &mut Vec<Sentence>) {
    tell_of(past, seq, event, None, tale);
}

/// The same, of one of the pages it failed for.
pub fn tell_of(
    past: &Past,
    seq: u64,
    event: &Event,
    page: Option<PageIndex>,
    tale: &mut Vec<Sentence>,
) {
    match event {
        Event::GetSwapSpace { found: None, .. } => no_room(past, seq, 0, tale),
        Event::PutPagesReturned {
            object,
            start,
            rtvals,
        } if rtvals.contains(&Rtval::Fail) => {
            let first = rtvals.iter().position(|rtval| *rtval == Rtval::Fail);
            let place = page.map_or(first.unwrap_or(0) as u32, |page| page.0 - start.0);
            if let Some((seq, done)) = search_for(past, seq, (*object, *start), place) {
                no_room(past, seq, done, tale);
            }
            let n = rtvals.iter().filter(|rtval| **rtval == Rtval::Fail).count();
            tale.push(Sentence::at(seq).bad().told(format!(
                "putpages answered FAIL for {}: they go back to the active queue, as dirty as before.",
                count(n as u64, "page")
            )));
        }
        Event::IoDone {
            transfer,
            error: Some(_),
            ..
        } => {
            let io = transfer.io;
            let starts =
                |event: &Event| matches!(event, Event::IoStarted { transfer } if transfer.io == io);
            match past.last(seq, &starts) {
                Some((started, Event::IoStarted { .. })) => {
                    tale.push(past.cause(started));
                    asked(past, started, transfer.cmd, tale);
                    tale.extend(transferred(past, started, transfer));
                }
                _ => tale.push(past.lost("The start of that transfer")),
            }
        }
        Event::Message { .. } | Event::FullChanged { .. } => printed(past, seq, tale),
        Event::OpEnded { op, result, .. } if is_bad(result) => ended(past, seq, *op, result, tale),
        _ => {}
    }
}

/// The search for room for one of the pages that putpages was handed, the last and smallest; and
/// how many pages were dealt with before.
fn search_for(past: &Past, returned: u64, key: Key, place: u32) -> Option<(u64, u32)> {
    let asked = |event: &Event| match event {
        Event::PutPages { object, start, .. } => (*object, *start) == key,
        _ => false,
    };
    let (asked, _) = past.last(returned, &asked)?;
    let mut done = 0;
    for (seq, event) in past.history.between(asked, returned) {
        if let Event::GetSwapSpace { pages, found } = event
            && (found.is_some() || *pages <= SMALLEST)
        {
            if done + pages > place {
                return found.is_none().then_some((seq, done));
            }
            done += pages;
        }
    }
    None
}

/// Which pagerop a transfer came from.
fn asked(past: &Past, started: u64, cmd: IoCmd, tale: &mut Vec<Sentence>) {
    let asks = |event: &Event| match event {
        Event::PutPages { .. } => cmd == IoCmd::Write,
        Event::GetPages { .. } => cmd == IoCmd::Read,
        Event::OpStarted { .. } => true,
        _ => false,
    };
    match past.last(started, &asks) {
        Some((
            seq,
            Event::PutPages {
                object,
                start,
                count,
                ..
            },
        )) => {
            tale.push(cluster(past, seq, *object, *start, *count));
        }
        Some((seq, Event::GetPages { object, wanted, .. })) => tale.push(
            Sentence::at(seq)
                .say("getpages wanted ")
                .name(past.page((*object, *wanted)), Thing::Page(*object, *wanted))
                .say("."),
        ),
        _ => {}
    }
}

fn no_room(past: &Past, seq: u64, done: u32, tale: &mut Vec<Sentence>) {
    tale.push(past.cause(seq));
    let asks = |event: &Event| matches!(event, Event::PutPages { .. } | Event::OpStarted { .. });
    if let Some((
        asked,
        Event::PutPages {
            object,
            start,
            count,
            ..
        },
    )) = past.last(seq, &asks)
    {
        tale.push(cluster(past, asked, *object, *start, *count));
    }
    if done > 0 {
        let text = format!("{done} of them had their answer by then.");
        tale.push(Sentence::plain(&text).deep());
    }
    sought(past, seq, tale);
    let free = past.history.free();
    let place = free.partition_point(|(moment, _)| *moment <= seq);
    let free = place
        .checked_sub(1)
        .and_then(|place| free.get(place))
        .map_or(0, |(_, free)| *free);
    let then = match free {
        0 => "All of swap was in use.".to_owned(),
        n => format!(
            "{} of swap {} free then, but scattered: a run must not leave its leaf.",
            count(n, "page"),
            if n == 1 { "was" } else { "were" }
        ),
    };
    tale.push(Sentence::at(seq).told(then));
}

/// A line of the kernel: what happened right before it.
fn printed(past: &Past, seq: u64, tale: &mut Vec<Sentence>) {
    let before = |event: &Event| {
        !matches!(
            event,
            Event::Message { .. } | Event::FullChanged { .. } | Event::BlistNode { .. }
        )
    };
    match past.last(seq, &before) {
        Some((
            at,
            event
            @ (Event::GetSwapSpace { found: None, .. } | Event::IoDone { error: Some(_), .. }),
        )) => {
            tell(past, at, event, tale);
        }
        Some((at, Event::FreeChanged { .. } | Event::DeviceUsed { .. })) => {
            tale.push(past.cause(at));
            let free = |event: &Event| matches!(event, Event::FreeChanged { .. });
            if let Some((at, Event::FreeChanged { old, new })) = past.last(at, &free) {
                let (low, high) = (past.model.lowat, past.model.hiwat);
                tale.push(Sentence::at(at).told(format!(
                    "Free swap went from {old} to {new} pages. Below {low} it is almost full, until there are more than {high}."
                )));
            }
        }
        Some((at, _)) => tale.push(past.cause(at)),
        None => {}
    }
}

/// A command that did not do what it was for: each thing that failed in it.
fn ended(past: &Past, seq: u64, op: OpId, result: &OpResult, tale: &mut Vec<Sentence>) {
    let Some((began, _)) = past.command(op, seq) else {
        tale.push(past.lost("The beginning of that command"));
        return;
    };
    let failures = past
        .history
        .between(began, seq)
        .filter(|(_, event)| match event {
            Event::PutPagesReturned { rtvals, .. } => rtvals.contains(&Rtval::Fail),
            Event::IoDone { error, .. } => error.is_some(),
            Event::GetSwapSpace { found, pages } => found.is_none() && *pages == 1,
            _ => false,
        });
    let failures: Vec<_> = failures.collect();
    for (at, event) in failures.iter().take(TOLD) {
        tell(past, *at, event, tale);
    }
    // All of them began with the same command: that is said once.
    let first = tale.first().cloned();
    let mut n = 0;
    tale.retain(|sentence| {
        n += 1;
        n == 1 || Some(sentence) != first.as_ref()
    });
    if failures.is_empty() {
        tale.push(past.cause(seq));
    }
    if failures.len() > TOLD {
        let more = (failures.len() - TOLD) as u64;
        tale.push(Sentence::at(0).told(format!(
            "{} of the same command, alike.",
            count(more, "more failure")
        )));
    }
    let text = outcome(result);
    tale.push(Sentence::at(seq).told(format!("It ended: {text}.")).bad());
}
