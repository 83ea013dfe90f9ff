//! How the disks and the log lie in the database. Nothing here touches a browser.
//!
//! # Format 2
//!
//! One database for a session, with four object stores whose keys are outside their values:
//!
//! | store | key | value |
//! |---|---|---|
//! | `groups` | [`group_key`] | eight pages one after the other, then the checksum of each |
//! | `pages` | [`page_key`] | one page, then its checksum |
//! | `log` | 1, 2, … as the database counts them | a part of a record, see below |
//! | `meta` | `"format"` | the number of the format |
//! | `meta` | `"owner"` | the token of the opening that has the disks |
//!
//! Pages, checksums and log records are in one `Uint8Array` a value. Numbers in them are
//! little-endian.
//!
//! **Groups and overlay.** Eight aligned pages that are written together become one record of
//! `groups`; what is left becomes records of `pages`, which lie over the groups. Reading looks
//! into both, and a record of `pages` wins. Writing a whole group deletes the overlay it covers,
//! in the same transaction. Measured in Chromium: records of 32 KiB are the fastest. With records
//! of one page the same 64 MiB take three times as long. Values of 64 KiB and more go into
//! files of their own, which is slower, and a power cut can leave them unreadable. Overwriting
//! single pages by reading, changing and writing their group takes three times as long as the
//! overlay.
//!
//! Which groups have an overlay is remembered while the disks are open ([`overlay`](super::overlay)):
//! of a group without one, the pages aren't looked for, and there is nothing to delete.
//!
//! Tried with the raw loop of `pkg-scripts/bench disk` and no faster, so not done: both in one
//! store, with the overlay beside its group; asking for the keys of the overlay first; `getAll`
//! of the groups instead of a `get` of each.
//!
//! Tried as well: clusters of 16 pages, compressed by the browser (deflate) into one record. Pages
//! with a pattern shrink to 282 bytes a cluster and still take 3 times as long to write and twice as
//! long to read, since to compress them takes longer than to store them; pages of noise, which
//! don't shrink, take 4 to 7 times as long to write.
//!
//! **Checksums** are CRC-32 over the number of the disk, the number of the block (four bytes
//! each) and the page. So a good page in the wrong place is found as well. What they can't show is an
//! older state of the same place: if just the overlay record of a page were lost, the page in the
//! group under it would look right.
//!
//! **The log.** A value of `log` is one byte that says what follows ([`LogPart`](super::log_parts::LogPart)), up to
//! [`LOG_PART`] bytes of a record, and the CRC-32 of all that. The limit keeps values below
//! 64 KiB. The first value is a mark that carries no record. It is written when the log is made or
//! cleared, so a log that has lost its head is told from an empty one. Keys have no gaps: an
//! aborted transaction gives the numbers it took back.
//!
//! **One owner.** Each opening puts a random number of its own under `"owner"`. Every later
//! transaction, be it for reading or writing, first asks for that number, and is aborted from
//! within when it finds another: whoever opened last has the disks, and an earlier opening can
//! neither write nor read what the later one wrote. This needs no help of the browser's locks. The
//! answer comes before the transaction can be committed, since that waits for every request to be
//! heard, so nothing waits for it either.
//!
//! **Versions.** The version of the database says which object stores there are, the format in
//! `meta` what is in them. Both are 2.
//!
//! # Older formats
//!
//! An older database is migrated as it is opened, in the transaction in which the browser changes
//! its version: it is all in the old format or all in the new one, whenever the browser is killed.
//! A newer one is refused and left untouched.
//!
//! | format | what differs | what migration does |
//! |---|---|---|
//! | 1 | has no owner; the session in the log may have records of format 1 | writes the number of the format; [a start record](super::log_parts::in_format_2) that says format 1 says 2 from then on, since records of format 2 are appended to it |

use std::ops::RangeInclusive;

pub use swap_pager::crc32::CRC_32;
use swap_pager::units::{DeviceBlock, DeviceId, PAGE_SIZE};
use swap_pager::{LiteMap, PageData};

use super::{Batch, ReadError, ReadRequest, StoreError, WriteRequest};

/// The format that is written here, and the latest that can be read.
pub const FORMAT: u32 = 2;

/// Object store of the groups.
pub const GROUPS: &str = "groups";
/// Object store of the pages that lie over the groups.
pub const PAGES: &str = "pages";
/// Object store of the log.
pub const LOG: &str = "log";
/// Object store of what there is to know about the database itself.
pub const META: &str = "meta";
/// Key of the format in [`META`].
pub const FORMAT_KEY: &str = "format";
/// Key of the owner's token in [`META`].
pub const OWNER_KEY: &str = "owner";

/// Pages in a group.
pub const GROUP_PAGES: u64 = 8;

/// Blocks that a disk can have. swapon refuses more than `0x40000000 / BLIST_META_RADIX` pages,
/// divided by the number of slots.
pub const MAX_BLOCKS: u32 = 0x4000_0000 / 16;

pub use swap_pager::command::MAX_DISKS;

/// Most bytes of a log record that one value takes.
pub const LOG_PART: usize = 32 * 1024;

pub(super) const CRC: usize = 4;

const PAGE_RECORD: usize = PAGE_SIZE + CRC;
const GROUP_RECORD: usize = GROUP_PAGES as usize * PAGE_RECORD;

/// The key of a block in [`PAGES`].
pub fn page_key(disk: DeviceId, block: DeviceBlock) -> u64 {
    u64::from(disk.0) * u64::from(MAX_BLOCKS) + u64::from(block.0)
}

/// The key of the group of a block in [`GROUPS`].
pub fn group_key(disk: DeviceId, block: DeviceBlock) -> u64 {
    page_key(disk, block) / GROUP_PAGES
}

/// The block that has this key in [`PAGES`].
fn place(page_key: u64) -> (DeviceId, DeviceBlock) {
    let blocks = u64::from(MAX_BLOCKS);
    // Keys come from `page_key`, so both numbers fit.
    let disk = (page_key / blocks) as u32;
    let block = (page_key % blocks) as u32;
    (DeviceId(disk), DeviceBlock(block))
}

/// Refuses a batch that has a request beyond the limits, or nothing to write for a page it would
/// write. Everything below relies on this.
pub fn check_batch(batch: &Batch) -> Result<(), StoreError> {
    let reads = batch.reads.iter().map(|r| (r.disk, r.block, r.pages));
    let writes = batch.writes.iter().map(|w| {
        let pages = u32::try_from(w.data.len()).unwrap_or(u32::MAX);
        (w.disk, w.block, pages)
    });
    for (disk, block, pages) in reads.chain(writes) {
        let end = u64::from(block.0) + u64::from(pages);
        if disk.0 >= MAX_DISKS || end > u64::from(MAX_BLOCKS) {
            return Err(StoreError::OutOfRange { disk, block, pages });
        }
    }
    for write in &batch.writes {
        for (block, page) in (write.block.0..).map(DeviceBlock).zip(&write.data) {
            if page.is_forgotten() {
                let disk = write.disk;
                return Err(StoreError::Forgotten { disk, block });
            }
        }
    }
    Ok(())
}

/// A value to put, and its key. Its bytes are made one record at a time, as they are handed to the
/// browser: it then stores the first while the next is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The key.
    pub key: u64,
    /// What is in it, with the [`page_key`] of each.
    pages: Vec<(u64, &'a PageData)>,
}

impl Record<'_> {
    /// Makes the bytes of the value, instead of whatever is in `bytes`: all pages, then the
    /// checksum of each.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        bytes.reserve(self.pages.len() * PAGE_RECORD);
        for (_, page) in &self.pages {
            let page = page.bytes().expect("check_batch refuses what is forgotten");
            bytes.extend_from_slice(&page[..]);
        }
        for (at, (key, _)) in self.pages.iter().enumerate() {
            let checksum = checksum(*key, &bytes[at * PAGE_SIZE..][..PAGE_SIZE]);
            bytes.extend(checksum.to_le_bytes());
        }
    }
}

/// What to change in the database for the writes of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WritePlan<'a> {
    /// To put into [`GROUPS`].
    pub groups: Vec<Record<'a>>,
    /// Keys to delete from [`PAGES`], because a new group covers them.
    pub covered: Vec<RangeInclusive<u64>>,
    /// To put into [`PAGES`].
    pub pages: Vec<Record<'a>>,
}

impl<'a> WritePlan<'a> {
    /// The plan for these writes. Requests that fill a group only together still make it one
    /// record.
    pub fn new(writes: &'a [WriteRequest]) -> WritePlan<'a> {
        let mut latest: LiteMap<u64, &PageData> = LiteMap::new_vec();
        for write in writes {
            for (key, page) in (page_key(write.disk, write.block)..).zip(&write.data) {
                latest.insert(key, page);
            }
        }
        let latest = latest.into_tuple_vec();

        let mut plan = WritePlan::default();
        for group in latest.chunk_by(|a, b| a.0 / GROUP_PAGES == b.0 / GROUP_PAGES) {
            if group.len() as u64 == GROUP_PAGES {
                plan.put_group(group);
            } else {
                plan.pages.extend(group.iter().map(|&page| Record {
                    key: page.0,
                    pages: vec![page],
                }));
            }
        }
        plan
    }

    fn put_group(&mut self, group: &[(u64, &'a PageData)]) {
        let first = group[0].0;
        let last = first + GROUP_PAGES - 1;
        self.groups.push(Record {
            key: first / GROUP_PAGES,
            pages: group.to_vec(),
        });
        match self.covered.last_mut() {
            Some(before) if *before.end() + 1 == first => *before = *before.start()..=last,
            _ => self.covered.push(first..=last),
        }
    }
}

fn checksum(page_key: u64, page: &[u8]) -> u32 {
    let (disk, block) = place(page_key);
    let mut crc = CRC_32.digest();
    crc.update(&disk.0.to_le_bytes());
    crc.update(&block.0.to_le_bytes());
    crc.update(page);
    crc.finalize()
}

/// Which records to fetch for a read, and how to make pages of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPlan {
    /// Keys in [`GROUPS`].
    pub groups: RangeInclusive<u64>,
    /// Keys in [`PAGES`].
    pub pages: RangeInclusive<u64>,
}

/// Records that were found, by key. A value that isn't bytes at all counts as no bytes.
pub type Records = LiteMap<u64, Vec<u8>>;

impl ReadPlan {
    /// The plan for a read, or `None` if it is for no pages.
    pub fn new(read: &ReadRequest) -> Option<ReadPlan> {
        let last = u64::from(read.pages).checked_sub(1)?;
        let first = page_key(read.disk, read.block);
        let pages = first..=first + last;
        Some(ReadPlan {
            groups: pages.start() / GROUP_PAGES..=pages.end() / GROUP_PAGES,
            pages,
        })
    }

    /// The pages, from the records that were found.
    pub fn assemble(&self, groups: &Records, pages: &Records) -> Result<Vec<PageData>, ReadError> {
        let page = |key| match (pages.get(&key), groups.get(&(key / GROUP_PAGES))) {
            (Some(record), _) => decode(record, PAGE_RECORD, 0, key),
            (None, Some(record)) => {
                let at = (key % GROUP_PAGES) as usize;
                decode(record, GROUP_RECORD, at, key)
            }
            (None, None) => {
                let (disk, block) = place(key);
                Err(ReadError::Missing { disk, block })
            }
        };
        self.pages.clone().map(page).collect()
    }

    /// The error for a request whose records the browser can't hand out.
    pub fn unreadable(&self, why: &str) -> ReadError {
        let (disk, block) = place(*self.pages.start());
        ReadError::Damaged {
            disk,
            block,
            what: format!("the browser can't read it ({why})"),
        }
    }
}

/// Page number `at` of a record, if the record has the length it should have and the page is the
/// one that was written to this place.
fn decode(record: &[u8], length: usize, at: usize, key: u64) -> Result<PageData, ReadError> {
    let (disk, block) = place(key);
    if record.len() != length {
        let found = record.len();
        return Err(ReadError::Damaged {
            disk,
            block,
            what: format!("its record has {found} bytes instead of {length}"),
        });
    }
    let (pages, checksums) = record.split_at(length / PAGE_RECORD * PAGE_SIZE);
    let page = &pages[at * PAGE_SIZE..][..PAGE_SIZE];
    let stored = &checksums[at * CRC..][..CRC];
    match PageData::from_slice(page) {
        Some(data) if stored == checksum(key, page).to_le_bytes() => Ok(data),
        _ => Err(ReadError::Checksum { disk, block }),
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
