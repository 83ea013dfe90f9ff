//! Why a page is in memory, on that queue, and dirty; or nowhere.

use swap_pager::Event;
use swap_pager::event::IoCmd;
use swap_pager::page::{PageAction, PageState, Queue};
use swap_pager::pager::Rtval;
use swap_pager::units::PageIndex;

use super::past::{Key, Past, has};
use super::refusal;
use super::swap::{self, transferred};
use super::tale::Sentence;
use crate::view::look::object_name;
use crate::view::ui::Thing;

/// Tells how a page came into memory, and what happened to it there.
pub fn tell(past: &Past, key: Key, state: PageState, tale: &mut Vec<Sentence>) {
    let object = key.0;
    let came = |event: &Event| matches!(event, Event::PageInserted { page, .. } if (page.object, page.index) == key);
    let at = past.history.at();
    match past.last(at, &came) {
        Some((seq, Event::PageInserted { page, .. })) if page.state.valid => {
            tale.push(past.cause(seq));
            tale.push(Sentence::at(seq).told(format!(
                "It went over to {} with its frame: the object in front took in what was behind it (vm_page_rename).",
                object_name(past.model, object)
            )));
        }
        Some((seq, _)) => brought(past, key, seq, tale),
        None => tale.push(past.lost("How it came into memory")),
    }
    if state.dirty {
        dirtied(past, key, tale);
    }
    queued(past, key, state.queue, tale);
}

/// A fault took a frame for it.
fn brought(past: &Past, key: Key, seq: u64, tale: &mut Vec<Sentence>) {
    let (object, index) = key;
    tale.push(past.cause(seq));
    let filled = |event: &Event| match event {
        Event::PageChanged {
            object,
            index,
            old,
            new,
            ..
        } => (*object, *index) == key && !old.valid && new.valid,
        _ => false,
    };
    let asked = |event: &Event| match event {
        Event::GetPages {
            object: of,
            start,
            count,
            ..
        } => *of == object && has(*start, *count, index),
        _ => false,
    };
    let read = |event: &Event| match event {
        Event::IoStarted { transfer } => {
            let carries = transfer
                .object
                .is_some_and(|(of, start)| of == object && has(start, transfer.pages, index));
            transfer.cmd == IoCmd::Read && carries
        }
        _ => false,
    };
    let filled = past.next(seq, &filled);
    let until = filled.map_or(past.history.at(), |(seq, _)| seq);
    let transfer = past.next(seq, &read).filter(|(seq, _)| *seq < until);
    if let Some((seq, Event::IoStarted { transfer })) = transfer {
        if let Some((asked, Event::GetPages { wanted, .. })) = past.last(seq, &asked) {
            let told = Sentence::at(asked);
            tale.push(if *wanted == index {
                told.say("The page was touched and not in memory: a fault asked for it (getpages).")
            } else {
                told.say("Nobody asked for it. It was read ahead as a neighbour of ")
                    .name(past.page((object, *wanted)), Thing::Page(object, *wanted))
                    .say(", as their blocks lie in a row in one stripe: one transfer brings all.")
            });
        }
        tale.extend(transferred(past, seq, transfer));
        return;
    }
    match filled {
        Some((seq, Event::PageChanged { actions, .. }))
            if actions.contains(&PageAction::ZeroFill) =>
        {
            tale.push(Sentence::at(seq).say(
                "It was touched for the first time: nothing was stored for it anywhere, so a frame was filled with zeros.",
            ));
        }
        Some((seq, _)) => {
            let told = Sentence::at(seq).say("It was written to while shared, so it was copied");
            let behind = past
                .model
                .objects
                .get(&object)
                .and_then(|object| object.backing);
            tale.push(match behind {
                Some(behind) => {
                    let page = PageIndex(index.0.saturating_add(behind.offset));
                    told.say(" from ")
                        .name(
                            past.page((behind.object, page)),
                            Thing::Page(behind.object, page),
                        )
                        .say(" or what is behind that.")
                }
                None => told.say(" from the object behind."),
            });
        }
        None => tale.push(
            Sentence::at(seq)
                .say("A fault has taken a frame for it; what is to be in it is not there yet."),
        ),
    }
}

/// What made it differ from swap, and what came of writing it.
fn dirtied(past: &Past, key: Key, tale: &mut Vec<Sentence>) {
    let (object, index) = key;
    let dirtied = |event: &Event| match event {
        Event::PageChanged {
            object,
            index,
            old,
            new,
            ..
        } => (*object, *index) == key && !old.dirty && new.dirty,
        _ => false,
    };
    let Some((seq, _)) = past.last(past.history.at(), &dirtied) else {
        tale.push(past.lost("What made it dirty"));
        return;
    };
    let by = past
        .command_at(seq)
        .map(|(_, command)| past.quoted(command));
    let by = by.map_or(String::new(), |by| format!(" by {by}"));
    tale.push(Sentence::at(seq).told(format!("It is dirty since it was changed{by}.")));
    let refused = |event: &Event| match event {
        Event::PutPagesReturned {
            object: of,
            start,
            rtvals,
        } => {
            let place = index.0.wrapping_sub(start.0) as usize;
            *of == object && rtvals.get(place) == Some(&Rtval::Fail)
        }
        Event::IoDone {
            transfer,
            error: Some(_),
            ..
        } => {
            transfer.cmd == IoCmd::Write
                && transfer
                    .object
                    .is_some_and(|(of, start)| of == object && has(start, transfer.pages, index))
        }
        _ => false,
    };
    // What was refused before it was last changed counts no more.
    let refusal = past.last(past.history.at(), &refused);
    if let Some((failed, event)) = refusal.filter(|(failed, _)| *failed > seq) {
        refusal::tell_of(past, failed, event, Some(index), tale);
        tale.push(
            Sentence::at(failed)
                .say("So it is still dirty: memory has its only copy.")
                .bad(),
        );
    } else {
        let tried = |event: &Event| match event {
            Event::PutPages {
                object: of,
                start,
                count,
                ..
            } => *of == object && has(*start, *count, index),
            _ => false,
        };
        if past.next(seq, &tried).is_none() {
            tale.push(
                Sentence::at(seq)
                    .deep()
                    .say("Nothing has asked for it to be written since."),
            );
        }
    }
}

/// Why it is on its queue.
fn queued(past: &Past, key: Key, queue: Queue, tale: &mut Vec<Sentence>) {
    let moved = |event: &Event| match event {
        Event::PageChanged {
            object,
            index,
            old,
            new,
            actions,
        } => {
            // One that could not be written is put there anew.
            let anew =
                actions.contains(&PageAction::Activate) && actions.contains(&PageAction::IoFinish);
            (*object, *index) == key && (old.queue != new.queue || anew)
        }
        _ => false,
    };
    let Some((seq, Event::PageChanged { actions, .. })) = past.last(past.history.at(), &moved)
    else {
        return;
    };
    let has = |action| actions.contains(&action);
    let (read_ahead, daemon) = (
        has(PageAction::Deactivate) && has(PageAction::Wakeup),
        past.runner(seq)
            .is_some_and(|(_, op)| op == swap_pager::units::OpId::PAGEOUT_DAEMON),
    );
    let why = match queue {
        Queue::Active if has(PageAction::IoFinish) => {
            "It is on the active queue, as it could not be written and would only be in the way on the inactive one."
        }
        Queue::Active if daemon => {
            "It is on the active queue: the daemon saw that it had been used."
        }
        Queue::Active => "It is on the active queue since it was touched.",
        Queue::Inactive if read_ahead => {
            "It is on the inactive queue: it came along with another page and nobody has used it."
        }
        Queue::Inactive if daemon => {
            "It is on the inactive queue: the daemon had not seen it used and keeps a stock of such pages."
        }
        Queue::Inactive => "It is on the inactive queue: what was in it was given up (madvise).",
        Queue::Cache => "It is on the cache queue: it is clean, and its frame free for the taking.",
        Queue::None => return,
    };
    tale.push(Sentence::at(seq).say(why));
}

/// Tells why a page is neither in memory nor on swap.
pub fn nowhere(past: &Past, key: Key, tale: &mut Vec<Sentence>) {
    let about = |event: &Event| match event {
        Event::PageRemoved { page, .. } => (page.object, page.index) == key,
        Event::MetaSet {
            object, index, new, ..
        } => (*object, *index) == key && new.is_none(),
        _ => false,
    };
    match past.last(past.history.at(), &about) {
        Some((seq, event)) => {
            tale.push(past.cause(seq));
            tale.push(match event {
                Event::MetaSet {
                    old: Some(block), ..
                } => Sentence::at(seq)
                    .say("That gave up what the page had in block ")
                    .name(block.to_string(), Thing::Block(*block))
                    .say(": the next touch fills it with zeros."),
                _ => {
                    Sentence::at(seq).say("It left memory then, and nothing of it had to be kept.")
                }
            });
        }
        None if past.is_whole() => tale.push(Sentence::plain(
            "No event has ever touched it: there is nothing to be kept, so it costs nothing.",
        )),
        None => tale.push(past.lost("Whatever happened to it")),
    }
    let behind = past
        .model
        .objects
        .get(&key.0)
        .and_then(|object| object.backing);
    if let Some(behind) = behind {
        let page = PageIndex(key.1.0.saturating_add(behind.offset));
        tale.push(
            Sentence::plain("A touch looks for it behind: in ")
                .name(
                    past.page((behind.object, page)),
                    Thing::Page(behind.object, page),
                )
                .say("."),
        );
    }
}

/// Tells why a block holds nothing: who freed it, or that no search has come to it.
pub fn free_block(past: &Past, block: swap_pager::units::SwapBlock, tale: &mut Vec<Sentence>) {
    let freed = |event: &Event| match event {
        Event::FreeSwapSpace {
            block: first,
            pages,
        } => swap::covers(*first, *pages, block),
        _ => false,
    };
    match past.last(past.history.at(), &freed) {
        Some((seq, _)) => {
            tale.push(past.cause(seq));
            let held =
                |event: &Event| matches!(event, Event::MetaSet { old, .. } if *old == Some(block));
            let held = past.last(seq, &held);
            let told = Sentence::at(seq).say("Its block was freed (freeswapspace)");
            tale.push(match held {
                Some((_, Event::MetaSet { object, index, .. })) => told
                    .say(": it had held ")
                    .name(past.page((*object, *index)), Thing::Page(*object, *index))
                    .say("."),
                _ => told.say("."),
            });
        }
        None if past.is_whole() => tale.push(Sentence::plain(
            "No search has come as far: the first that fits is taken, from the lowest block on.",
        )),
        None => tale.push(past.lost("What freed it")),
    }
}
