//! What measures come to.

use super::{Answer, CHANNELS, PLACES, Page, Pages, Plain, ROOMS, What};
use crate::Model;
use crate::blist::{BMAP_RADIX, Finding};
use crate::command::{Command, OpError, OpResult, PageRange};
use crate::event::{BlistImage, Event, IoCmd, Transfer};
use crate::language::NamedObject;
use crate::session::Player;
use crate::session::script::Action;
use crate::units::{DeviceId, ObjectId, OpId, PageIndex, SwapBlock};

pub(super) fn take(what: &What, player: &Player) -> Result<Answer, String> {
    let model = player.model();
    Ok(match what {
        What::Plain(plain) => return plain_measure(*plain, player),
        What::FreeOn(disk) => {
            let mut devices = model.slots.iter().flatten();
            let device = devices.find(|device| device.id == *disk);
            let device = device.ok_or_else(|| no_disk(model, *disk))?;
            Answer::Number(device.free(model.interleave).max(0) as u64)
        }
        What::Transfers(cmd, disk) => {
            let on =
                |transfer: &Transfer| transfer.place.is_some_and(|place| place.device == *disk);
            started(player, |transfer| {
                u64::from(transfer.cmd == *cmd && on(transfer))
            })
        }
        What::Pages(pages, name) => {
            let object = object(player, name)?;
            let (first, last) = ((object.id, PageIndex(0)), (object.id, PageIndex(u32::MAX)));
            let in_memory = || model.pages.range(first..=last).map(|(_, page)| page.state);
            let count = match pages {
                Pages::Resident => in_memory().filter(|state| state.valid).count(),
                Pages::Dirty => in_memory()
                    .filter(|state| state.valid && state.dirty)
                    .count(),
                Pages::Swapped => model.swap.range(first..=last).count(),
                Pages::Unreadable => unreadable(player, object),
            };
            Answer::Number(count as u64)
        }
        What::Page(page, name, index) => {
            let object = object(player, name)?;
            if *index >= object.pages {
                let last = object.pages.saturating_sub(1);
                return Err(format!(
                    "{name} has no page {index}: its pages are 0 to {last}."
                ));
            }
            let at = (object.id, PageIndex(*index));
            let block = model.swap.get(&at).copied();
            let on_swap = || block.ok_or_else(|| format!("Page {index} of {name} is not on swap."));
            match page {
                Page::Block => Answer::Number(u64::from(on_swap()?.0)),
                Page::Disk => Answer::Word(disk_of(model, on_swap()?)?.to_string()),
                Page::Place => {
                    let state = model.pages.get(&at).map(|page| page.state);
                    let place = match (state.filter(|state| state.valid), block) {
                        (Some(state), _) if state.dirty => 0,
                        (Some(_), None) => 1,
                        (Some(_), Some(_)) => 2,
                        (None, Some(_)) => 3,
                        (None, None) => 4,
                    };
                    word(PLACES[place])
                }
            }
        }
    })
}

fn plain_measure(plain: Plain, player: &Player) -> Result<Answer, String> {
    let model = player.model();
    let events = player.marked_events();
    let count = |is: fn(&Event) -> bool| events.iter().filter(|event| is(event)).count() as u64;
    Ok(Answer::Number(match plain {
        Plain::Free => u64::from(model.free),
        Plain::LargestRun => u64::from(model.blist.as_ref().map_or(0, largest_run)),
        Plain::Ios => return Ok(started(player, |_| 1)),
        Plain::Reads => return Ok(started(player, |io| u64::from(io.cmd == IoCmd::Read))),
        Plain::Writes => return Ok(started(player, |io| u64::from(io.cmd == IoCmd::Write))),
        Plain::PagesRead => return Ok(started(player, |io| pages(io, IoCmd::Read))),
        Plain::PagesWritten => return Ok(started(player, |io| pages(io, IoCmd::Write))),
        Plain::Failed => count(|event| matches!(event, Event::IoDone { error: Some(_), .. })),
        Plain::InFlight => model.in_flight.len() as u64,
        Plain::Commands => count(|event| matches!(event, Event::OpStarted { .. })),
        Plain::Sleeps => {
            count(|event| matches!(event, Event::OpSlept { op, .. } if *op != OpId::PAGEOUT_DAEMON))
        }
        Plain::Skipped => count(is_skipped),
        Plain::Visited => {
            count(|event| matches!(event, Event::BlistVisited { .. })) - count(is_skipped)
        }
        Plain::Swblocks => model.chains.iter().map(|chain| chain.len() as u64).sum(),
        Plain::LongestChain => {
            let lengths = model.chains.iter().map(|chain| chain.len() as u64);
            lengths.max().unwrap_or(0)
        }
        Plain::FramesFree => u64::from(model.frames).saturating_sub(model.pages.len() as u64),
        Plain::Result => return result(events),
        Plain::Waits => {
            let mut asleep = model.ops.values().filter_map(|op| op.sleeps_on);
            let on = asleep.next().map_or(CHANNELS[0], |channel| channel.wmesg);
            return Ok(word(on));
        }
        Plain::Room => {
            let room = match model.full {
                full if full.full > 0 => 2,
                full if full.almost_full => 1,
                _ => 0,
            };
            return Ok(word(ROOMS[room]));
        }
    }))
}

fn word(word: &str) -> Answer {
    Answer::Word(word.to_owned())
}

fn is_skipped(event: &Event) -> bool {
    let too_small = Finding::HintTooSmall;
    matches!(event, Event::BlistVisited { finding, .. } if *finding == too_small)
}

/// Adds up something of the transfers that were started.
fn started(player: &Player, of: impl Fn(&Transfer) -> u64) -> Answer {
    let transfers = player.marked_events().iter().map(|event| match event {
        Event::IoStarted { transfer } => of(transfer),
        _ => 0,
    });
    Answer::Number(transfers.sum())
}

fn pages(transfer: &Transfer, cmd: IoCmd) -> u64 {
    u64::from(if transfer.cmd == cmd {
        transfer.pages
    } else {
        0
    })
}

/// How the command ended that began last.
fn result(events: &[Event]) -> Result<Answer, String> {
    let last = events.iter().rev().find_map(|event| match event {
        Event::OpStarted { op, .. } => Some(*op),
        _ => None,
    });
    let last = last.ok_or("No command was given, so none has a result.")?;
    let result = events.iter().rev().find_map(|event| match event {
        Event::OpEnded { op, result, .. } if *op == last => Some(&**result),
        _ => None,
    });
    Ok(word(match result {
        None => "under way",
        Some(OpResult::Failed { error }) => match error {
            OpError::Refused { errno } => errno.name(),
            OpError::PageIn { .. } => "EIO",
            OpError::ObjectGone { .. } => "gone",
            OpError::Killed => "killed",
            OpError::Panic { .. } => "panic",
        },
        Some(OpResult::Transferred {
            error: Some(errno), ..
        }) => errno.name(),
        Some(OpResult::PagedOut(done)) if done.kept > 0 => "kept",
        Some(_) => "done",
    }))
}

/// The object of a name, or `object 3`.
fn object<'a>(player: &'a Player, name: &str) -> Result<NamedObject<'a>, String> {
    let names = player.names();
    names
        .by_text(name)
        .ok_or_else(|| match names.list().as_str() {
            "" => format!("There is no object called `{name}`, nor any other."),
            list => format!("There is no object called `{name}`. Objects: {list}."),
        })
}

fn no_disk(model: &Model, disk: DeviceId) -> String {
    let on = model.slots.iter().flatten();
    let on: Vec<String> = on.map(|device| device.id.to_string()).collect();
    match on[..] {
        [] => format!("{disk} is not on, and no other is."),
        _ => format!("{disk} is not on. These are: {}.", on.join(", ")),
    }
}

fn disk_of(model: &Model, block: SwapBlock) -> Result<DeviceId, String> {
    let slot = model.interleave.slot_of(block);
    let device = model.slots.get(slot.0 as usize).copied().flatten();
    let device = device.ok_or_else(|| format!("The disk of block {block} is gone."))?;
    Ok(device.id)
}

/// Most free blocks in a row inside one leaf.
fn largest_run(image: &BlistImage) -> u32 {
    let leaves = (0..image.blocks).step_by(BMAP_RADIX as usize);
    leaves
        .map(|block| longest_run(image.leaf(block)))
        .max()
        .unwrap_or(0)
}

/// Most bits in a row that are set.
fn longest_run(mut bits: u32) -> u32 {
    let mut longest = 0;
    while bits != 0 {
        bits &= bits << 1;
        longest += 1;
    }
    longest
}

/// Pages that can't be read, tried on a copy of the machine. A page that can't be read because a
/// bad neighbour comes with it may be to be had when the neighbour on its other side is in memory:
/// so those that failed are tried again until none of them comes.
fn unreadable(player: &Player, object: NamedObject<'_>) -> usize {
    let mut copy = player.at_once();
    let in_memory = |copy: &Player, page: u32| {
        let page = copy.model().pages.get(&(object.id, PageIndex(page)));
        page.is_some_and(|page| page.state.valid)
    };
    let mut left: Vec<u32> = (0..object.pages)
        .filter(|page| !in_memory(player, *page))
        .collect();
    loop {
        let before = left.len();
        left.retain(|&page| !can_be_read(&mut copy, object.id, page));
        if left.is_empty() || left.len() == before {
            return left.len();
        }
    }
}

fn can_be_read(copy: &mut Player, object: ObjectId, page: u32) -> bool {
    let start = PageIndex(page);
    let range = PageRange { start, count: 1 };
    copy.mark();
    let _ = copy.act(Action::Do(Command::Read { object, range }));
    let failed = |event: &Event| match event {
        Event::OpEnded { result, .. } => {
            let error = OpError::PageIn { page: start };
            **result == OpResult::Failed { error }
        }
        _ => false,
    };
    !copy.marked_events().iter().any(failed)
}
