//! What is known of a transfer, and of an operation.

use swap_pager::event::{IoCmd, Transfer};
use swap_pager::units::{IoId, OpId};
use swap_pager::{Errno, Event, Model};

use super::facts::{Fact, fact, object_fact};
use crate::view::Panel;
use crate::view::format::{count, span};
use crate::view::log::wording::Names;
use crate::view::ui::Thing;

type Told = (String, Vec<Fact>, &'static str);

/// A transfer: the title, the facts, and what it is.
pub fn told(panel: &Panel, model: &Model, io: IoId) -> Told {
    let title = io.to_string();
    let flying = model.in_flight.iter().find(|transfer| transfer.io == io);
    let history = panel.session.history();
    let over = || {
        let mut past = history.between(0, history.at()).rev();
        past.find_map(|(seq, event)| match event {
            Event::IoDone {
                transfer, error, ..
            } if transfer.io == io => Some((&**transfer, Some((seq, *error)))),
            _ => None,
        })
    };
    let found = flying.map(|transfer| (transfer, None)).or_else(over);
    match found {
        Some((transfer, end)) => {
            let meaning = match transfer.cmd {
                IoCmd::Read => "It brings pages from a disk into memory.",
                IoCmd::Write => "It takes pages from memory to a disk.",
            };
            (title, facts(model, transfer, end), meaning)
        }
        None => (
            title,
            Vec::new(),
            "At the moment that is shown it has not begun.",
        ),
    }
}

fn facts(model: &Model, transfer: &Transfer, end: Option<(u64, Option<Errno>)>) -> Vec<Fact> {
    let last = |first: u32| first + transfer.pages - 1;
    let command = match transfer.cmd {
        IoCmd::Read => "read (BIO_READ)",
        IoCmd::Write => "write (BIO_WRITE)",
    };
    let state = match end {
        None => fact("State", "in flight", "Its disk has it."),
        Some((seq, error)) => {
            let value = error.map_or("complete".to_owned(), |error| format!("failed: {error}"));
            fact("State", value, "It is over.").to(Thing::Event(seq))
        }
    };
    let mut facts = vec![
        state,
        fact("Command", command, "Which way the bytes go."),
        fact(
            "Length",
            count(transfer.pages, "page"),
            "Pages of 4 096 bytes.",
        ),
        fact(
            "Swap blocks",
            span(transfer.block.0, last(transfer.block.0)),
            "Neighbours, all in one stripe.",
        )
        .to(Thing::Block(transfer.block)),
    ];
    if let Some(place) = transfer.place {
        let (disk, slot) = (place.device, place.slot);
        let blocks = span(place.block.0, last(place.block.0));
        let meaning = "The disk, and the blocks counted from its start.";
        facts.push(fact("On disk", format!("{disk}, {blocks}"), meaning).to(Thing::Disk(slot)));
    }
    if let Some((object, page)) = transfer.object {
        facts.push(object_fact(model, object));
        let pages = span(page.0, last(page.0));
        facts.push(fact("Pages", pages, "The pages it carries.").to(Thing::Page(object, page)));
    }
    facts.push(fact(
        "Buffer",
        transfer.buf.0.to_string(),
        "Which of the nswbuf buffers carries it (struct buf).",
    ));
    facts
}

/// An operation: the title, the facts, and what it is.
pub fn told_op(panel: &Panel, model: &Model, id: OpId) -> Told {
    let names = Names::of(model);
    let sleeps = |channel: swap_pager::pager::WaitChannel| {
        let value = format!("{}: {}", channel.wmesg, names.waits_for(channel));
        let meaning = "The wait channel: what has to be over before it goes on.";
        fact("Sleeps on", value, meaning)
    };
    if id == OpId::PAGEOUT_DAEMON {
        let facts = model.daemon.map(sleeps).into_iter().collect();
        let meaning = "It keeps some memory free: when frames run short it takes the oldest \
                       inactive pages.";
        return ("Pageout daemon".to_owned(), facts, meaning);
    }
    let title = id.to_string();
    if let Some(op) = model.ops.get(&id) {
        let (what, to, _) = names.command(&op.command);
        let mut facts = vec![fact("Command", format!("{what} {to}"), "What was asked.")];
        match op.sleeps_on {
            Some(channel) => facts.push(sleeps(channel)),
            None => facts.push(fact("State", "runs", "It does not wait for anything.")),
        }
        return (title, facts, "An operation that a command began.");
    }
    let history = panel.session.history();
    let mut past = history.between(0, history.at()).rev();
    let end = past.find_map(|(seq, event)| match event {
        Event::OpEnded { op, command, .. } if *op == id => Some((seq, names.command(command))),
        _ => None,
    });
    match end {
        Some((seq, (what, to, _))) => {
            let command = fact("Command", format!("{what} {to}"), "What was asked.");
            let state = fact("State", "over", "When it ended.").to(Thing::Event(seq));
            (title, vec![command, state], "It is over.")
        }
        None => (
            title,
            Vec::new(),
            "At the moment that is shown it has not begun.",
        ),
    }
}
