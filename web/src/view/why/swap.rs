//! Why a page lies in just that block.

use swap_pager::Event;
use swap_pager::blist::BMAP_RADIX;
use swap_pager::command::Command;
use swap_pager::event::{IoCmd, Transfer};
use swap_pager::units::{MAX_PAGEOUT_CLUSTER, ObjectId, PageIndex, SwapBlock};

use super::past::{Key, Past, has, written_range};
use super::refusal::SMALLEST;
use super::search;
use super::tale::Sentence;
use crate::view::format::{count, size, span};
use crate::view::look::object_name;
use crate::view::machine::interleave;
use crate::view::ui::Thing;

/// Owners of one block that are gone back through.
const OWNERS: usize = 8;

/// Whether so many blocks from one on have another among them.
pub fn covers(first: SwapBlock, pages: u32, block: SwapBlock) -> bool {
    block.0.wrapping_sub(first.0) < pages
}

/// Tells how a page came to its block, from the command that began it to the disk.
pub fn tell(past: &Past, key: Key, block: SwapBlock, tale: &mut Vec<Sentence>) {
    let entered = |event: &Event| match event {
        Event::MetaSet { new, .. } => *new == Some(block),
        Event::GetSwapSpace {
            found: Some(first),
            pages,
        } => covers(*first, *pages, block),
        _ => false,
    };
    // From the last owner back to the search that found the block.
    let mut owners: Vec<(u64, Key)> = Vec::new();
    let mut found = None;
    let mut until = past.history.at();
    while owners.len() <= OWNERS {
        match past.last(until, &entered) {
            Some((seq, Event::MetaSet { object, index, .. })) => {
                owners.push((seq, (*object, *index)));
                until = seq - 1;
            }
            Some((
                seq,
                Event::GetSwapSpace {
                    pages,
                    found: first,
                },
            )) => {
                found = first.map(|first| (seq, first, *pages));
                break;
            }
            _ => break,
        }
    }
    let first_owner = owners.last().map_or(key, |(_, key)| *key);
    match found {
        Some((seq, first, pages)) => {
            had_before(past, first_owner, seq, tale);
            request(past, first_owner, seq, block.0 - first.0, tale);
            sought(past, seq, tale);
            let run = span(first.0, first.0 + pages - 1);
            let said = Sentence::at(seq).told(format!("getswapspace took {run}"));
            tale.push(match block.0 - first.0 {
                0 => said.say("."),
                n => said
                    .told(format!(", and {first} + {n} = "))
                    .name(block.to_string(), Thing::Block(block))
                    .say("."),
            });
        }
        None => tale.push(past.lost("The search that found the block")),
    }
    noted(past, &owners, tale);
    let together = found.map_or(1, |(seq, first, pages)| {
        let fits = interleave(past.model).left_in_stripe(first);
        if fits < pages {
            let text = format!("A stripe ends before {}: what is behind it goes back to the free space, and {} are written here.", first.0 + fits, count(fits, "page"));
            tale.push(Sentence::at(seq).told(text));
        }
        pages.min(fits)
    });
    tale.push(place(past, block, together));
    if let Some((seq, _)) = owners.last() {
        written(past, *seq, block, tale);
    }
}

/// The block a page had before: given back, since what lay there was out of date.
fn had_before(past: &Past, key: Key, until: u64, tale: &mut Vec<Sentence>) {
    let let_go = |event: &Event| match event {
        Event::MetaSet { object, index, .. } => (*object, *index) == key,
        _ => false,
    };
    let Some((
        seq,
        Event::MetaSet {
            old: Some(old),
            new: None,
            ..
        },
    )) = past.last(until, &let_go)
    else {
        return;
    };
    let by = past
        .command_at(seq)
        .map(|(_, command)| past.quoted(command));
    let by = by.map_or(String::new(), |by| format!(" by {by}"));
    tale.push(
        Sentence::at(seq)
            .name(past.page(key), Thing::Page(key.0, key.1))
            .say(" had block ")
            .name(old.to_string(), Thing::Block(*old))
            .told(format!(
                " before. That was freed{by}: what lay there was out of date, so it needed a new place."
            )),
    );
}

/// The request for room, and why it was for so many pages. `n` is the page's place in the run.
fn request(past: &Past, key: Key, seq: u64, n: u32, tale: &mut Vec<Sentence>) {
    let (object, page) = key;
    tale.push(past.cause(seq));
    let asks = |event: &Event| match event {
        Event::PutPages {
            object: of,
            start,
            count,
            ..
        } => *of == object && has(*start, *count, page),
        Event::OpStarted { command, .. } => matches!(
            **command,
            Command::Direct { object: of, range, .. } if of == object && has(range.start, range.count, page)
        ),
        _ => false,
    };
    match past.last(seq, &asks) {
        Some((asked, Event::PutPages { start, count, .. })) => {
            tale.push(cluster(past, asked, object, *start, *count));
            let done = (page.0 - start.0).saturating_sub(n);
            if done > 0 {
                tale.push(Sentence::at(asked).deep().told(format!(
                    "{done} of them had got their place by then, so {} were left.",
                    count - done
                )));
            }
        }
        Some((asked, Event::OpStarted { .. })) => tale.push(
            Sentence::at(asked).say("It drives the object as a disk (strategy): blocks are taken one by one, as pages have none yet."),
        ),
        _ => tale.push(past.lost("The page-out that asked for room")),
    }
}

/// What putpages was handed, and why just these pages.
pub fn cluster(past: &Past, seq: u64, object: ObjectId, start: PageIndex, pages: u32) -> Sentence {
    let end = start.0 + pages;
    let asked = past
        .command_at(seq)
        .and_then(|(_, command)| written_range(command));
    let full = MAX_PAGEOUT_CLUSTER;
    let range = span(start.0, end - 1);
    let told = Sentence::at(seq)
        .say("putpages was handed ")
        .name(
            format!("{} {range}", object_name(past.model, object)),
            Thing::Page(object, start),
        )
        .told(format!(" ({}). ", count(pages, "dirty page")));
    if pages == full && start.0.is_multiple_of(full) {
        return told.told(format!(
            "That is a full cluster: {full} pages that begin at a multiple of {full}."
        ));
    }
    let edge = |at: u32, neighbour: Option<u32>, limit: Option<u32>| {
        if at.is_multiple_of(full) {
            return format!("page {at} is a multiple of {full}, which no cluster crosses");
        }
        if limit == Some(at) {
            return "no more was asked for".to_owned();
        }
        let Some(neighbour) = neighbour else {
            return "the object ends there".to_owned();
        };
        let was = match past.state((object, PageIndex(neighbour)), seq) {
            Some(None) => "was not in memory",
            Some(Some(state)) if state.is_busy() => "was busy",
            Some(Some(state)) if !state.dirty => "was clean",
            _ => "could not be taken along",
        };
        format!("page {neighbour} {was}")
    };
    let last = past
        .model
        .objects
        .get(&object)
        .map_or(u32::MAX, |object| object.size);
    let before = edge(
        start.0,
        start.0.checked_sub(1),
        asked.map(|range| range.start.0),
    );
    let after = edge(
        end,
        (end < last).then_some(end),
        asked.map(|range| range.end().0),
    );
    if asked.is_some_and(|range| (range.start, range.count) == (start, pages)) {
        return told.say("Just these were asked for.");
    }
    told.told(format!(
        "No more before, as {before}; no more after, as {after}."
    ))
}

/// The searches for room up to the one that ended with this event: the first for all that was
/// left, each after it for half as much.
pub fn sought(past: &Past, ended: u64, tale: &mut Vec<Sentence>) {
    let mut tries = vec![ended];
    for (seq, event) in past.history.between(0, ended - 1).rev() {
        match event {
            Event::GetSwapSpace { found: None, pages } if *pages > SMALLEST => tries.push(seq),
            Event::SearchBegan { .. }
            | Event::BlistVisited { .. }
            | Event::BlistNode { .. }
            | Event::Message { .. }
            | Event::FullChanged { .. } => {}
            _ => break,
        }
    }
    let mut halved = false;
    for seq in tries.into_iter().rev() {
        let Some(Event::GetSwapSpace { pages, found }) = past.history.event(seq) else {
            continue;
        };
        let how = if halved {
            "It then sought half as many: "
        } else {
            "getswapspace sought "
        };
        halved = true;
        tale.push(
            Sentence::at(search::begin(past, seq) + 1).told(format!("{how}{pages} in a row.")),
        );
        search::tell(past, seq, tale);
        if found.is_none() {
            let told = Sentence::at(seq).told(if *pages > SMALLEST {
                format!("So there was no room for {pages} in a row.")
            } else {
                format!("So there was no room for {pages} in a row, and less is not tried.")
            });
            tale.push(told.bad());
        }
    }
}

/// What the metadata noted, and whose the block was before.
fn noted(past: &Past, owners: &[(u64, Key)], tale: &mut Vec<Sentence>) {
    let mut before: Option<Key> = None;
    for (seq, key) in owners.iter().rev() {
        let told = Sentence::at(*seq);
        let page = past.page(*key);
        let thing = Thing::Page(key.0, key.1);
        tale.push(match before {
            None => told.say("meta_build noted that ").name(page, thing).say(" lies there."),
            Some(was) => told
                .say("The block went from ")
                .told(past.page(was))
                .say(" to ")
                .name(page, thing)
                .say(": the object in front took in what was behind it, without a transfer (swap_pager_copy)."),
        });
        before = Some(*key);
    }
}

/// Why a block is on its disk.
pub fn place(past: &Past, block: SwapBlock, pages: u32) -> Sentence {
    let interleave = interleave(past.model);
    let (slot, _) = interleave.locate(block);
    let (stripe, slots) = (interleave.stripe_of(block), interleave.slots());
    let length = interleave.stripe();
    let leaf = match length {
        BMAP_RADIX => "A leaf is a stripe".to_owned(),
        _ => format!("A stripe has {length} blocks here"),
    };
    let device = past.model.slots.get(slot.0 as usize).copied().flatten();
    let disk = device.map_or_else(
        || format!("{slot}, which has no disk"),
        |device| device.id.to_string(),
    );
    let all = if pages > 1 { "all of it is" } else { "it is" };
    Sentence::at(0)
        .told(format!(
            "{leaf}: ⌊{block} / {length}⌋ = {stripe}, and {stripe} mod {slots} = {}, so {all} on ",
            slot.0
        ))
        .name(disk, Thing::Disk(slot))
        .say(".")
}

/// The transfer that carried the page there, and how it ended.
fn written(past: &Past, after: u64, block: SwapBlock, tale: &mut Vec<Sentence>) {
    let starts = |event: &Event| match event {
        Event::IoStarted { transfer } => {
            transfer.cmd == IoCmd::Write && covers(transfer.block, transfer.pages, block)
        }
        _ => false,
    };
    if let Some((seq, Event::IoStarted { transfer })) = past.next(after, &starts) {
        tale.extend(transferred(past, seq, transfer));
    }
}

/// A transfer and its end.
pub fn transferred(past: &Past, seq: u64, transfer: &Transfer) -> Vec<Sentence> {
    let how = match transfer.cmd {
        IoCmd::Write => "write",
        IoCmd::Read => "read",
    };
    let to = transfer.place.map_or_else(
        || " that no disk takes".to_owned(),
        |place| match transfer.cmd {
            IoCmd::Write => format!(" to {}, from its block {} on", place.device, place.block.0),
            IoCmd::Read => format!(
                " from {}, from its block {} on",
                place.device, place.block.0
            ),
        },
    );
    let begins = Sentence::at(seq)
        .say("One ")
        .name(how.to_owned(), Thing::Transfer(transfer.io))
        .told(format!(
            " of {} ({}){to}.",
            count(transfer.pages, "page"),
            size(transfer.pages)
        ));
    let io = transfer.io;
    let over = |event: &Event| matches!(event, Event::IoDone { transfer, .. } if transfer.io == io);
    let end = match past.next(seq, &over) {
        Some((seq, Event::IoDone { error: None, .. })) => {
            Sentence::at(seq).say("The disk told that it is done.")
        }
        Some((
            seq,
            Event::IoDone {
                error: Some(error), ..
            },
        )) => {
            let then = match transfer.cmd {
                IoCmd::Write => "its pages stay dirty, and go to the active queue",
                IoCmd::Read => "its pages did not come",
            };
            Sentence::at(seq)
                .told(format!("The disk failed with {error}: {then}."))
                .bad()
        }
        _ => Sentence::at(0).say("It is still under way."),
    };
    vec![begins, end]
}
