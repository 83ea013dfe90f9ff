//! What an operation waits for, and who will wake it.

use swap_pager::Event;
use swap_pager::buf::Pool;
use swap_pager::event::{IoCmd, Transfer};
use swap_pager::pager::{Channel, WaitChannel};
use swap_pager::units::OpId;

use super::past::{Past, has};
use super::refusal;
use super::tale::Sentence;
use crate::view::log::words::{is_bad, outcome};
use crate::view::ui::Thing;

/// Transfers named at most.
const TOLD: usize = 4;

/// Tells of an operation: what it was asked, what it sleeps on, or how it ended.
pub fn tell(past: &Past, op: OpId, tale: &mut Vec<Sentence>) {
    let at = past.history.at();
    match past.command(op, at) {
        Some((seq, command)) => {
            let text = past.quoted(command);
            tale.push(Sentence::at(seq).told(format!("It began as {text}.")));
        }
        None if op == OpId::PAGEOUT_DAEMON => {}
        None => tale.push(past.lost("Its beginning")),
    }
    let about = |event: &Event| match event {
        Event::OpSlept { op: of, .. } | Event::OpEnded { op: of, .. } => *of == op,
        _ => false,
    };
    match past.last(at, &about) {
        Some((seq, Event::OpSlept { channel, .. })) => sleeps(past, seq, *channel, tale),
        Some((seq, event @ Event::OpEnded { result, .. })) => {
            if is_bad(result) {
                tale.clear();
                refusal::tell(past, seq, event, tale);
            } else {
                tale.push(Sentence::at(seq).told(format!("It is over: {}.", outcome(result))));
            }
        }
        _ => {}
    }
}

fn sleeps(past: &Past, seq: u64, channel: WaitChannel, tale: &mut Vec<Sentence>) {
    let told = Sentence::at(seq).told(format!("It sleeps on {}: ", channel.wmesg));
    let transfers = |carries: &dyn Fn(&Transfer) -> bool| -> Vec<&Transfer> {
        past.model
            .in_flight
            .iter()
            .filter(|transfer| carries(transfer))
            .collect()
    };
    let (told, wakers) = match channel.on {
        Channel::Page(object, page) => (
            told.name(past.page((object, page)), Thing::Page(object, page))
                .say(" is busy."),
            transfers(&|transfer| {
                transfer
                    .object
                    .is_some_and(|(of, start)| of == object && has(start, transfer.pages, page))
            }),
        ),
        Channel::Buf(buf) => (
            told.say("its own transfer is under way."),
            transfers(&|transfer| transfer.buf == buf),
        ),
        Channel::Pool(pool) => {
            let (what, cmd) = match pool {
                Pool::Read => ("all buffers for reads are in use.", IoCmd::Read),
                Pool::WriteSync => (
                    "all buffers for writes that are waited for are in use.",
                    IoCmd::Write,
                ),
                Pool::WriteAsync => (
                    "as many writes as swap_async_max allows are in flight.",
                    IoCmd::Write,
                ),
            };
            (told.say(what), transfers(&|transfer| transfer.cmd == cmd))
        }
        Channel::AnyBuf => (told.say("all buffers are in use."), transfers(&|_| true)),
        Channel::Object(object) => (
            told.name(object.to_string(), Thing::Object(object))
                .say(" has paging in progress."),
            transfers(&|transfer| transfer.object.is_some_and(|(of, _)| of == object)),
        ),
        Channel::Chain(_) => (
            told.say("the transfers of its chain are under way."),
            transfers(&|transfer| transfer.object.is_none()),
        ),
        Channel::Device(slot) => (
            told.say("the disk in ")
                .name(slot.to_string(), Thing::Disk(slot))
                .say(" has blocks in use."),
            Vec::new(),
        ),
        Channel::FreePages => (
            told.say("all frames are in use; the pageout daemon is to free some."),
            transfers(&|transfer| transfer.cmd == IoCmd::Write),
        ),
        Channel::PageoutDaemon => (told.say("there is enough free memory."), Vec::new()),
    };
    tale.push(told);
    if wakers.is_empty() {
        return;
    }
    let mut who = Sentence::at(0).say(if wakers.len() == 1 {
        "The end of "
    } else {
        "The end of any of these wakes it: "
    });
    for (i, transfer) in wakers.iter().take(TOLD).enumerate() {
        who = who
            .say(if i > 0 { ", " } else { "" })
            .name(transfer.io.to_string(), Thing::Transfer(transfer.io));
    }
    tale.push(who.say(match wakers.len() {
        1 => " wakes it.",
        n if n > TOLD => " and more.",
        _ => ".",
    }));
}
