//! What a person can ask for, and what comes of it.

mod stored;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::PageData;
use crate::error::{Errno, KernelPanic};
use crate::swap_space::SwapOn;
use crate::units::SECTORS_PER_PAGE;
use crate::units::{DeviceId, MAX_SWAP_SECTORS, NSWAPDEV, ObjectId, PAGE_SIZE, PageIndex};
use stored::Stored;

/// Largest object a person can make, in pages: 4 GiB.
pub const MAX_OBJECT_PAGES: u32 = 1 << 20;

/// Largest disk a person can switch on, in pages: 8 GiB.
pub const MAX_DISK_PAGES: u32 = MAX_SWAP_SECTORS / NSWAPDEV / SECTORS_PER_PAGE;

/// Longest name of an object, in characters.
pub const MAX_NAME_CHARS: usize = 40;

/// Something to be done by the machine.
///
/// Stored, it is an object with the key `cmd` that names the command, and its fields beside that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub enum Command {
    /// Switch a disk on for swapping (`swapon`).
    SwapOn {
        /// Which disk.
        disk: DeviceId,
        /// Its length in pages.
        pages: u32,
    },
    /// Make a memory object, or find the one of that name (`swap_pager_alloc`).
    Create {
        /// Its name, if it is to have one.
        name: Option<String>,
        /// Its length in pages.
        pages: u32,
    },
    /// Write text into a page, which makes it dirty and frees its swap (`vm_fault`).
    Write {
        /// The object.
        object: ObjectId,
        /// The page.
        page: PageIndex,
        /// The first byte to write.
        offset: u32,
        /// What to write there.
        text: String,
    },
    /// Fill pages with a pattern, which makes them dirty and frees their swap (`vm_fault`).
    Fill {
        /// The object.
        object: ObjectId,
        /// The pages.
        range: PageRange,
        /// What to fill them with.
        pattern: Pattern,
    },
    /// Read pages; what is not in memory is paged in (`vm_fault`).
    Read {
        /// The object.
        object: ObjectId,
        /// The pages.
        range: PageRange,
    },
    /// Force pages out: dirty ones are written to swap, then all leave memory.
    Pageout {
        /// The object.
        object: ObjectId,
        /// The pages.
        range: PageRange,
        /// Whether each write is waited for before the next begins, as for a process; else the
        /// pageout daemon leaves several under way.
        sync: bool,
    },
    /// Switch a disk off (`swapoff`): what lies there is brought back into memory first.
    SwapOff {
        /// Which disk.
        disk: DeviceId,
    },
    /// Give up the contents of pages (`madvise` with MADV_FREE).
    Free {
        /// The object.
        object: ObjectId,
        /// The pages.
        range: PageRange,
    },
    /// Read, write, free or reserve the blocks of an object without bringing pages into memory,
    /// as a swap-backed disk does (`swap_pager_strategy`).
    Direct {
        /// The object.
        object: ObjectId,
        /// The pages.
        range: PageRange,
        /// What to do with them.
        io: DirectCmd,
    },
    /// Fork an object (`vm_object_shadow`): two objects that share its pages until they write.
    Fork {
        /// The object.
        object: ObjectId,
    },
    /// Set how many asynchronous page-outs may be under way (`vm.swap_async_max`). It comes into
    /// force at the next page-out, cut down to what makes sense.
    SetAsyncMax {
        /// How many.
        value: i32,
    },
    /// Let go of an object, and of all its pages and swap with the last reference
    /// (`vm_object_deallocate`).
    Destroy {
        /// The object.
        object: ObjectId,
    },
}

/// What to do with the blocks of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DirectCmd {
    /// Read them.
    Read,
    /// Write a pattern to them.
    Write(Pattern),
    /// Free them.
    Delete,
    /// Give each page a block before anything is written, so that there will be room
    /// (`swap_pager_reserve`). What the blocks held before is not wiped out.
    Reserve,
}

/// Neighbouring pages of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRange {
    /// The first.
    pub start: PageIndex,
    /// How many.
    pub count: u32,
}

impl PageRange {
    /// The page after the last.
    pub fn end(self) -> PageIndex {
        self.start.offset(self.count)
    }
}

impl fmt::Display for PageRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.count == 1 {
            return write!(f, "{}", self.start.0);
        }
        write!(
            f,
            "{}..{}",
            self.start.0,
            (u64::from(self.start.0) + u64::from(self.count)).saturating_sub(1)
        )
    }
}

/// What a page can be filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pattern {
    /// Lines that say which object and page this is, and the given number: every page differs,
    /// and a hex dump of it can be read.
    Label(u32),
    /// The same byte throughout.
    Byte(u8),
    /// Bytes that look random, made from the given number and the place of the page.
    Noise(u32),
}

impl Pattern {
    /// The bytes for a page.
    pub fn bytes(self, object: ObjectId, page: PageIndex) -> [u8; PAGE_SIZE] {
        PageData::filled(self, object, page)
            .bytes()
            .expect("what a pattern filled is known")
            .into_owned()
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub enum OpResult {
    /// The disk is on.
    SwappedOn(SwapOn),
    /// There is an object.
    Created {
        /// Which.
        object: ObjectId,
        /// Whether it was there already, under that name.
        existing: bool,
        /// Pages it has. One that was there already keeps its size.
        pages: u32,
    },
    /// The pages were read or written.
    Touched(Touched),
    /// The pages were paged out.
    PagedOut(PagedOut),
    /// The disk is off.
    SwappedOff {
        /// Pages that were brought back from it.
        pages: u32,
    },
    /// The contents of pages were given up.
    GivenUp {
        /// How many.
        pages: u32,
    },
    /// Blocks were read, written or freed directly.
    Transferred {
        /// Why it failed, if it did.
        error: Option<Errno>,
        /// Bytes not transferred.
        resid: u64,
        /// Pages read that have no block.
        zero_filled: u32,
        /// The bytes of each page read.
        #[serde(skip)]
        data: Vec<PageData>,
    },
    /// The object was forked; the same twice if it is shared instead.
    Forked {
        /// What the parent uses from now on.
        parent: ObjectId,
        /// What the child uses.
        child: ObjectId,
    },
    /// A setting was changed.
    Set,
    /// A reference was let go of.
    Destroyed {
        /// References left; with none the object is gone.
        ref_count: u32,
    },
    /// The operation ended early.
    Failed {
        /// Why.
        error: OpError,
    },
}

/// What it took to read or write pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Pages that were in memory.
    pub resident: u32,
    /// Pages that had never been written, and were filled with zeros.
    pub zero_filled: u32,
    /// Pages that had to be waited for while they were read from swap.
    pub paged_in: u32,
    /// Pages that were shared, and copied to be written to.
    pub copied: u32,
}

/// What a forced pageout did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PagedOut {
    /// Pages for which a write was started.
    pub written: u32,
    /// Pages that left memory.
    pub freed: u32,
    /// Pages that stay in memory because they could not be written.
    pub kept: u32,
}

/// Why an operation ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "lowercase")]
pub enum OpError {
    /// The kernel refused with this error.
    Refused {
        /// The error.
        errno: Errno,
    },
    /// A page could not be read from swap.
    PageIn {
        /// Which.
        page: PageIndex,
    },
    /// The object went away in the meantime.
    ObjectGone {
        /// Which.
        object: ObjectId,
    },
    /// There was no memory for it and none to be had: the kernel kills the process.
    Killed,
    /// The kernel would panic here.
    Panic {
        /// With what.
        panic: KernelPanic,
    },
}

impl fmt::Display for OpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { errno } => write!(f, "{errno}"),
            Self::PageIn { page } => write!(f, "{page} could not be read from swap"),
            Self::ObjectGone { object } => write!(f, "{object} is gone"),
            Self::Killed => f.write_str("killed: out of swap space"),
            Self::Panic { panic } => write!(f, "panic: {panic}"),
        }
    }
}

/// Disks that there can be, numbered from 0: so many the page's store can tell apart. With its blocks the
/// number of a disk makes a key of IndexedDB below 2^52, which is a 64-bit float, exact up to 2^53.
pub const MAX_DISKS: u32 = 1 << 26;

/// Why a command was not even begun. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandError {
    /// There is no such object.
    NoObject(ObjectId),
    /// The object lies behind others, which share its pages: only they can change.
    Shared(ObjectId),
    /// The object has another behind it: its blocks alone are not what it holds.
    NoDisk(ObjectId),
    /// The object has no such page.
    NoPage {
        /// The object.
        object: ObjectId,
        /// The page.
        page: PageIndex,
        /// Pages the object has.
        size: u32,
    },
    /// No pages are named.
    NoPages,
    /// An object of that many pages can't be made.
    ObjectSize(u32),
    /// A disk of that many pages can't be switched on.
    DiskSize(u32),
    /// No disk has that number.
    DiskNumber(DeviceId),
    /// The name is empty.
    NameEmpty,
    /// The name is too long; it has so many characters.
    NameTooLong(usize),
    /// The text does not fit in the page.
    TextTooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The bytes from where it is to begin to the end of the page.
        room: usize,
    },
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoObject(object) => write!(f, "There is no {object}."),
            Self::Shared(object) => write!(
                f,
                "{object} was forked and can't change any more: use the objects in front of it."
            ),
            Self::NoDisk(object) => write!(
                f,
                "{object} was made by a fork and can't be driven as a disk."
            ),
            Self::NoPage { object, page, size } => write!(
                f,
                "{object} has no {page}: its pages are 0 to {}.",
                size.saturating_sub(1)
            ),
            Self::NoPages => f.write_str("Name at least one page."),
            Self::ObjectSize(pages) => {
                write!(f, "{pages} pages: an object has 1 to {MAX_OBJECT_PAGES}.")
            }
            Self::DiskSize(pages) => {
                write!(f, "{pages} pages: a disk has 1 to {MAX_DISK_PAGES}.")
            }
            Self::DiskNumber(disk) => {
                write!(f, "{disk}: disks have the numbers 0 to {}.", MAX_DISKS - 1)
            }
            Self::NameEmpty => {
                f.write_str("The name is empty: give one, or make the object without a name.")
            }
            Self::NameTooLong(chars) => {
                write!(
                    f,
                    "The name has {chars} characters: at most {MAX_NAME_CHARS} fit."
                )
            }
            Self::TextTooLong { bytes, room } => {
                write!(
                    f,
                    "The text has {bytes} bytes: from there on {room} fit in the page."
                )
            }
        }
    }
}

impl std::error::Error for CommandError {}
