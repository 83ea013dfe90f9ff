//! Commands as text: what a person types, and what the log shows.
//!
//! ```text
//! swapon DISK PAGES              swapon 0 4096            swapon disk 0, 4 096 pages
//! swapoff DISK                   swapoff disk 0
//! create [NAME] PAGES            create heap 128          create "my heap", 128 pages
//! write OBJECT PAGE TEXT [at N]  write heap 5 "hello" at 100
//! fill OBJECT RANGE [PATTERN]    fill heap 0..3 with label 7
//! read OBJECT [RANGE]            read heap 5              getpages 2 5
//! pageout OBJECT [RANGE] [HOW]   pageout heap 0..39 sync  putpages 2 0..63
//! madvise OBJECT RANGE free      madvise heap 0..3 free   free heap 0..3
//! strategy OBJECT RANGE IO       strategy heap 0..7 write with byte 0xff
//! fork OBJECT                    fork heap
//! destroy OBJECT                 destroy object 2
//! sysctl NAME=VALUE              sysctl vm.swap_async_max=4
//!
//! DISK     0, disk 0
//! OBJECT   2, object 2, heap, "my heap"
//! RANGE    5, 0..63 (both ends are meant; 0-63 as well), all
//! PATTERN  [with] label N, byte N, noise N
//! HOW      sync, async
//! IO       read, write [PATTERN], delete
//! ```
//!
//! Without a range, `read` and `pageout` mean the whole object; without a pattern, pages are
//! filled with `label 1`; a pageout is asynchronous unless it says otherwise. Commas, colons and
//! equals signs separate as spaces do. Underscores group digits, and so do the hard spaces of the
//! log; common ones only in numbers of pages. Commands and keywords may be in capitals.
//! A name of several words, as the log shows it, needs no quotes where an object has it, or where
//! a comma ends it after `create`. In quotes stand `\"`, `\\`, `\n`, `\r`, `\t` and `\u{1f4be}`.
//!
//! [`parse`] reads, [`print()`] writes what `parse` reads as the same, [`complete`] says what can
//! come next. Which objects and disks there are, [`Names`] tells.

mod complete;
mod error;
mod names;
mod parse;
mod pattern;
mod print;
#[cfg(test)]
mod properties;
mod reader;
#[cfg(test)]
mod tests;
mod usage;

pub use complete::{Completion, Completions, complete};
pub use error::{Expected, Problem, SyntaxError};
pub(crate) use names::nearest;
pub use names::{NamedObject, Names};
pub use parse::parse;
pub use print::print;
pub(crate) use reader::without_comment;
pub use usage::{Usage, usage};

use crate::command::Pattern;

/// What pages are filled with when a command does not say.
const DEFAULT_PATTERN: Pattern = Pattern::Label(1);

/// The tunable of [`Command::SetAsyncMax`](crate::Command::SetAsyncMax).
const ASYNC_MAX: &str = "vm.swap_async_max";
