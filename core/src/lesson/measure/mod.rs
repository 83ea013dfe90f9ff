//! What can be asked of a machine, and what it comes to.
//!
//! A measure of what *is* looks at the machine now; one of what *happened* counts since the
//! [mark](Player::mark). Blocks and pages are 4,096 bytes each; nothing is measured in bytes or in time.
//!
//! | Measure | What it is exactly |
//! |---|---|
//! | `free` | blocks that are free (`vm_swap_size`) |
//! | `free on disk 1` | those of a disk; none while it is being switched off |
//! | `largest run` | most free blocks in a row inside one leaf of the bitmap, 0 to 32, whatever the hints say |
//! | `ios` | transfers handed to a device, reads and writes; what no device took is one too |
//! | `reads`, `writes` | those of one direction |
//! | `reads from disk 1`, `writes to disk 1` | those of one direction and one disk |
//! | `pages read`, `pages written` | the pages of these transfers, added up; whether they went well or not |
//! | `failed` | transfers that are over and failed |
//! | `in flight` | transfers that were started and are not over |
//! | `commands` | commands that began; what is done to disks is none, and what was refused neither |
//! | `sleeps` | how often a command went to sleep; the pageout daemon, which sleeps most of the time, doesn't count |
//! | `visited` | nodes of the tree that searches for room looked into, leaves among them; one that is visited twice counts twice |
//! | `skipped` | nodes that searches passed by because their hints were too small |
//! | `resident of heap` | pages of an object in memory whose contents count; one that is being read is not there yet |
//! | `dirty of heap` | those that are newer than what is on swap; a page is so until its write is over |
//! | `swapped of heap` | pages that have a swap block; they can be in memory too |
//! | `unreadable of heap` | pages that reading, each by itself and in any order, does not bring back, with the disks as they are; faults that use themselves up are left out |
//! | `swblocks` | metadata blocks, of 32 pages each |
//! | `longest chain` | metadata blocks in the longest chain of the hash |
//! | `frames free` | frames of memory that hold no page |
//! | `block of heap 5` | the swap block of a page; it has to have one |
//! | `disk of heap 5` | the disk that block is on |
//! | `place of heap 5` | see [`PLACES`]; only the object itself is looked at, not what lies behind it |
//! | `result` | see [`RESULTS`]; of the command that began last |
//! | `waits` | see [`CHANNELS`]; what the command sleeps on that began first of those that sleep |
//! | `room` | see [`ROOMS`] |

mod answer;
mod goal;
mod take;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::event::IoCmd;
use crate::language::nearest;
use crate::session::Player;
use crate::units::DeviceId;

pub use answer::{Answer, Kind, parse_answer};
pub use goal::Goal;

/// Where a page can be: in memory, and then newer than any copy on swap, or with none there, or the
/// same as there; on swap alone; or it was never written.
pub const PLACES: [&str; 5] = [
    "in memory and dirty",
    "in memory and clean",
    "in memory and on swap",
    "on swap only",
    "nowhere",
];

/// How a command can end. `kept`: some pages stay in memory because they could not be written, for
/// want of room or because the disk failed. `killed`: there was no memory for it. `gone`: the object
/// went away in the meantime. `panic`: the kernel would. `under way`: it has not ended yet.
pub const RESULTS: [&str; 12] = [
    "done",
    "kept",
    "EIO",
    "ENXIO",
    "ENOMEM",
    "EBUSY",
    "ENODEV",
    "EINVAL",
    "killed",
    "gone",
    "panic",
    "under way",
];

/// What a command can sleep on, as ps shows it; `nobody` if none sleeps.
pub const CHANNELS: [&str; 15] = [
    "nobody", "swread", "swwrt", "wswbuf0", "wswbuf1", "vmwait", "vmpfw", "vmopar", "madvpo",
    "bpchain", "direct", "vocol", "swpdea", "objtrm", "swpoff",
];

/// What the pager thinks of the room on swap: below the low water mark it is almost full until
/// above the high one; it is full once a search has failed, until there is room above the low one.
pub const ROOMS: [&str; 3] = ["enough", "almost full", "full"];

/// Something that can be measured since the [mark](Player::mark), or now.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure(What);

#[derive(Clone, Debug, PartialEq)]
enum What {
    Plain(Plain),
    FreeOn(DeviceId),
    Transfers(IoCmd, DeviceId),
    /// How many pages of an object are so.
    Pages(Pages, String),
    /// Something about a page of an object.
    Page(Page, String, u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Plain {
    Free,
    LargestRun,
    Ios,
    Reads,
    Writes,
    PagesRead,
    PagesWritten,
    Failed,
    InFlight,
    Commands,
    Sleeps,
    Visited,
    Skipped,
    Swblocks,
    LongestChain,
    FramesFree,
    Result,
    Waits,
    Room,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Pages {
    Resident,
    Dirty,
    Swapped,
    Unreadable,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Page {
    Block,
    Disk,
    Place,
}

/// The measures that need nothing named: how they are written, and in words.
const PLAIN: [(&str, Plain, &str); 19] = [
    ("free", Plain::Free, "free blocks"),
    (
        "largest run",
        Plain::LargestRun,
        "the largest cluster there is room for",
    ),
    ("ios", Plain::Ios, "transfers"),
    ("reads", Plain::Reads, "reads"),
    ("writes", Plain::Writes, "writes"),
    ("pages read", Plain::PagesRead, "pages read"),
    ("pages written", Plain::PagesWritten, "pages written"),
    ("failed", Plain::Failed, "failed transfers"),
    ("in flight", Plain::InFlight, "transfers in flight"),
    ("commands", Plain::Commands, "commands"),
    (
        "sleeps",
        Plain::Sleeps,
        "times that a command goes to sleep",
    ),
    ("visited", Plain::Visited, "nodes that searches look into"),
    ("skipped", Plain::Skipped, "nodes that searches pass by"),
    ("swblocks", Plain::Swblocks, "metadata blocks"),
    (
        "longest chain",
        Plain::LongestChain,
        "the longest chain of the metadata hash",
    ),
    ("frames free", Plain::FramesFree, "free frames"),
    ("result", Plain::Result, "the result of the last command"),
    ("waits", Plain::Waits, "what a command sleeps on"),
    ("room", Plain::Room, "the room on swap"),
];

/// The others, as examples.
const OTHERS: [&str; 10] = [
    "free on disk 1",
    "reads from disk 1",
    "writes to disk 1",
    "resident of heap",
    "dirty of heap",
    "swapped of heap",
    "unreadable of heap",
    "block of heap 5",
    "disk of heap 5",
    "place of heap 5",
];

impl Measure {
    /// # Errors
    /// What is wrong with it, as a sentence that says what there is.
    pub fn read(text: &str) -> Result<Measure, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        if let Some((_, plain, _)) = PLAIN.iter().find(|(name, ..)| *name == text) {
            return Ok(Measure(What::Plain(*plain)));
        }
        let disk = |what: fn(DeviceId) -> What| match words[3..] {
            [number] => match number.parse() {
                Ok(number) => Ok(Measure(what(DeviceId(number)))),
                Err(_) => Err(format!("`{number}` is no number of a disk.")),
            },
            _ => Err(format!(
                "`{text}` does not name a disk, as in `{} 1`.",
                words[..3].join(" ")
            )),
        };
        match words[..] {
            ["free", "on", "disk", ..] => return disk(What::FreeOn),
            ["reads", "from", "disk", ..] => {
                return disk(|disk| What::Transfers(IoCmd::Read, disk));
            }
            ["writes", "to", "disk", ..] => {
                return disk(|disk| What::Transfers(IoCmd::Write, disk));
            }
            _ => {}
        }
        if let [what, "of", ref rest @ ..] = words[..] {
            let pages = match what {
                "resident" => Some(Pages::Resident),
                "dirty" => Some(Pages::Dirty),
                "swapped" => Some(Pages::Swapped),
                "unreadable" => Some(Pages::Unreadable),
                _ => None,
            };
            if let Some(pages) = pages {
                let name = named(rest)
                    .ok_or(format!("`{text}` names no object, as in `{what} of heap`."))?;
                return Ok(Measure(What::Pages(pages, name)));
            }
            let page = match what {
                "block" => Some(Page::Block),
                "disk" => Some(Page::Disk),
                "place" => Some(Page::Place),
                _ => None,
            };
            if let Some(page) = page {
                let parts = rest
                    .split_last()
                    .and_then(|(index, name)| Some((named(name)?, index.parse().ok()?)));
                let (name, index) =
                    parts.ok_or(format!("`{text}` names no page, as in `{what} of heap 5`."))?;
                return Ok(Measure(What::Page(page, name, index)));
            }
        }
        Err(unknown(&text))
    }

    /// How it is asked for.
    pub fn kind(&self) -> Kind {
        let words =
            |words: &[&str]| Kind::Words(words.iter().map(|word| (*word).to_owned()).collect());
        match &self.0 {
            What::Plain(plain) => match plain {
                Plain::Free | Plain::LargestRun => Kind::Number("blocks"),
                Plain::Ios | Plain::Reads | Plain::Writes | Plain::Failed | Plain::InFlight => {
                    Kind::Number("transfers")
                }
                Plain::PagesRead | Plain::PagesWritten => Kind::Number("pages"),
                Plain::Commands => Kind::Number("commands"),
                Plain::Sleeps => Kind::Number("times"),
                Plain::Visited | Plain::Skipped => Kind::Number("nodes"),
                Plain::Swblocks | Plain::LongestChain => Kind::Number("metadata blocks"),
                Plain::FramesFree => Kind::Number("frames"),
                Plain::Result => words(&RESULTS),
                Plain::Waits => words(&CHANNELS),
                Plain::Room => words(&ROOMS),
            },
            What::FreeOn(_) => Kind::Number("blocks"),
            What::Transfers(..) => Kind::Number("transfers"),
            What::Pages(..) => Kind::Number("pages"),
            What::Page(Page::Block, ..) => Kind::Block,
            What::Page(Page::Disk, ..) => Kind::Disk,
            What::Page(Page::Place, ..) => words(&PLACES),
        }
    }

    /// The page it is about, if it is about one: its object's name, and its index.
    pub fn page(&self) -> Option<(&str, u32)> {
        match &self.0 {
            What::Page(_, name, index) => Some((name, *index)),
            _ => None,
        }
    }

    /// What it comes to.
    ///
    /// # Errors
    /// Why there is nothing to measure, as a sentence.
    pub fn of(&self, player: &Player) -> Result<Answer, String> {
        take::take(&self.0, player)
    }
}

/// In words: `free blocks`, `the block of page 5 of heap`.
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            What::Plain(plain) => {
                let known = PLAIN.iter().find(|(_, one, _)| one == plain);
                f.write_str(known.map_or("", |(_, _, words)| words))
            }
            What::FreeOn(disk) => write!(f, "free blocks of {disk}"),
            What::Transfers(IoCmd::Read, disk) => write!(f, "reads from {disk}"),
            What::Transfers(IoCmd::Write, disk) => write!(f, "writes to {disk}"),
            What::Pages(pages, name) => {
                let how = match pages {
                    Pages::Resident => "in memory",
                    Pages::Dirty => "that are dirty",
                    Pages::Swapped => "on swap",
                    Pages::Unreadable => "that are lost",
                };
                write!(f, "pages of {name} {how}")
            }
            What::Page(page, name, index) => {
                let what = match page {
                    Page::Block => "block",
                    Page::Disk => "disk",
                    Page::Place => "place",
                };
                write!(f, "the {what} of page {index} of {name}")
            }
        }
    }
}

/// The name that words make up, without quotes around it.
fn named(words: &[&str]) -> Option<String> {
    let name = words.join(" ");
    let inner = name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'));
    let name = inner.unwrap_or(&name);
    (!name.is_empty()).then(|| name.to_owned())
}

fn unknown(text: &str) -> String {
    let plain = PLAIN.iter().map(|(name, ..)| *name);
    if text.is_empty() {
        return format!("A measure is missing. There are: {}.", all());
    }
    match nearest(text, plain.chain(OTHERS)) {
        Some(meant) => format!("`{text}` can't be measured. Did you mean `{meant}`?"),
        None => format!("`{text}` can't be measured. There are: {}.", all()),
    }
}

fn all() -> String {
    let plain = PLAIN.iter().map(|(name, ..)| *name);
    let all: Vec<&str> = plain.chain(OTHERS).collect();
    all.join(", ")
}
