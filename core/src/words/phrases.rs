//! Words for what comes up in the log.

use crate::command::OpResult;
use crate::event::{IoCmd, Place, Transfer};
use crate::pager::Rtval;

use super::numbers::{count, grouped};

/// A transfer as `write 324+16 → disk 2 @68`; the word before the disk depends on the direction.
#[inline]
pub fn transfer_words(transfer: &Transfer, write: &str, read: &str) -> String {
    let (cmd, to) = match transfer.cmd {
        IoCmd::Write => ("write", write),
        IoCmd::Read => ("read", read),
    };
    let place = place_words(transfer);
    format!("{cmd} {}+{} {to} {place}", transfer.block, transfer.pages)
}

/// Where a transfer goes, as `disk 2 @68`.
#[inline]
pub fn place_words(transfer: &Transfer) -> String {
    let on = |place: Place| format!("{} @{}", place.device, place.block);
    transfer.place.map_or("no disk".to_owned(), on)
}

/// Answers of putpages, the same ones counted: `PEND ×16`.
#[inline]
pub fn answers(rtvals: &[Rtval]) -> String {
    let word = |rtval| match rtval {
        Rtval::Pend => "PEND",
        Rtval::Fail => "FAIL",
    };
    let runs = rtvals.chunk_by(|a, b| a == b);
    let words = runs.map(|run| format!("{} ×{}", word(run[0]), run.len()));
    words.collect::<Vec<_>>().join(", ")
}

/// What a word of the log means, for one who meets it the first time.
#[inline]
pub fn meaning(head: &str) -> Option<&'static str> {
    Some(match head {
        "swaponvp" => "A disk takes the first empty slot, and its stripes become free.",
        "swap_pager" => "The pager notices how near the end of swap is.",
        "getswapspace" => "Finds so many free blocks in a row in the bitmap.",
        "freeswapspace" => "Gives blocks back to the bitmap.",
        "meta_build" => "Notes which block holds which page.",
        "meta_free" => "Forgets which block held the page: that copy is worth nothing now.",
        "vm_object_allocate" => "Makes an object.",
        "vm_object_terminate" => "Takes an object apart.",
        "convert" => "From now on the swap pager looks after the object.",
        "putpages" => "Neighbouring dirty pages are handed to the pager to be written.",
        "getpages" => "A page is asked of the pager; neighbours on swap are welcome too.",
        "rtvals" => {
            "What putpages answers for each page: PEND, a write is under way; FAIL, no room."
        }
        "strategy" => "A transfer goes to a disk: block + pages, and where it begins on that disk.",
        "iodone" => "A disk tells that a transfer is over.",
        "sleeps" => "The operation can't go on and waits to be woken.",
        "wakes" => "What the operation waited for has happened.",
        _ => return None,
    })
}

/// Whether a command did not do what it was for.
#[inline]
pub fn is_bad(result: &OpResult) -> bool {
    match result {
        OpResult::Failed { .. } | OpResult::Transferred { error: Some(_), .. } => true,
        OpResult::PagedOut(done) => done.kept > 0,
        _ => false,
    }
}

/// What came of a command, in words.
#[inline]
pub fn outcome(result: &OpResult) -> String {
    let some = |parts: &[(u32, &str)]| {
        let parts = parts.iter().filter(|(n, _)| *n > 0);
        let parts: Vec<_> = parts
            .map(|(n, what)| format!("{} {what}", grouped(*n)))
            .collect();
        if parts.is_empty() {
            "done: nothing to do".to_owned()
        } else {
            format!("done: {}", parts.join(", "))
        }
    };
    match result {
        OpResult::SwappedOn(done) => {
            format!("done: {}, nswap {}", done.slot, grouped(done.nswap))
        }
        OpResult::Created {
            object,
            existing: true,
            pages,
        } => {
            format!(
                "done: {object} was there already and keeps its {}",
                count(*pages, "page")
            )
        }
        OpResult::Created { object, .. } => format!("done: {object} made"),
        OpResult::Touched(done) => some(&[
            (done.resident, "in memory"),
            (done.zero_filled, "zero-filled"),
            (done.paged_in, "paged in"),
            (done.copied, "copied"),
        ]),
        OpResult::PagedOut(done) => some(&[
            (done.written, "written"),
            (done.freed, "left memory"),
            (done.kept, "could not be written"),
        ]),
        OpResult::SwappedOff { pages } => format!("done: {} back", count(*pages, "page")),
        OpResult::GivenUp { pages } => format!("done: {} given up", count(*pages, "page")),
        OpResult::Transferred {
            error: Some(errno),
            resid,
            ..
        } => {
            format!("failed: {errno}, {} left", count(*resid, "byte"))
        }
        OpResult::Transferred {
            zero_filled: 1.., ..
        } => "done: some pages have no block and read as zeros".to_owned(),
        OpResult::Transferred { .. } => "done".to_owned(),
        OpResult::Forked { parent, child } if parent == child => {
            format!("done: {parent} is shared")
        }
        OpResult::Forked { parent, child } => format!("done: {parent} and {child} in front"),
        OpResult::Set => "done".to_owned(),
        OpResult::Destroyed { ref_count: 0 } => "done: gone".to_owned(),
        OpResult::Destroyed { ref_count } => {
            format!("done: {} left", count(*ref_count, "reference"))
        }
        OpResult::Failed { error } => format!("failed: {error}"),
    }
}
