//! What lies in the browser's database, read past the page's own code: these are a second,
//! independent description of the format in `web/src/disk/layout.rs`.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use swap_pager::Command;
use swap_pager::command::Pattern;
use swap_pager::units::{ObjectId, PageIndex};

use crate::{Page, Result};

const DATABASE: &str = "swap-playground";
const PAGE: usize = 4096;
const CHECKSUM: usize = 4;
const GROUP: u64 = 8;
/// Keys that one disk has for its blocks.
const BLOCKS: u64 = 0x0400_0000;

/// A place on a disk: the number of the disk, and of the block there.
pub type Place = (u32, u32);

/// A block as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The page.
    pub bytes: Vec<u8>,
    /// The checksum that is stored with it.
    pub checksum: u32,
}

/// What is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The blocks of all disks. Single pages lie over the groups of eight.
    pub blocks: BTreeMap<Place, Block>,
    /// The records of the log, oldest first.
    pub log: Vec<Value>,
}

impl Stored {
    /// The numbers of the blocks that a disk has.
    pub fn blocks_of(&self, disk: u32) -> Vec<u32> {
        let of_disk = self.blocks.range((disk, 0)..=(disk, u32::MAX));
        of_disk.map(|((_, block), _)| *block).collect()
    }

    /// How many records of the log have this name: `start`, `do` or `done`.
    pub fn count(&self, record: &str) -> usize {
        let of_name = |line: &&Value| line.get(record).is_some();
        self.log.iter().filter(of_name).count()
    }

    /// The commands in the log, oldest first.
    ///
    /// # Errors
    /// When there is one that the machine doesn't know.
    pub fn commands(&self) -> Result<Vec<Command>> {
        let commands = self.log.iter().filter_map(|record| record.get("do"));
        commands
            .map(|command| Ok(serde_json::from_value(command.clone())?))
            .collect()
    }

    /// What the first command wrote that filled pages.
    ///
    /// # Errors
    /// When there was none.
    pub fn first_fill(&self) -> Result<Pattern> {
        let commands = self.commands()?;
        let pattern = commands.iter().find_map(|command| match command {
            Command::Fill { pattern, .. } => Some(*pattern),
            _ => None,
        });
        pattern.ok_or_else(|| "nothing was filled".into())
    }
}

/// The checksum of a page at a place: CRC-32 of both numbers of the place and the page.
pub fn checksum((disk, block): Place, page: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&disk.to_le_bytes());
    crc.update(&block.to_le_bytes());
    crc.update(page);
    crc.finalize()
}

/// A value of an object store: its key, and its bytes in base64.
type Entry = (u64, String);

#[derive(Deserialize)]
struct Database {
    groups: Vec<Entry>,
    pages: Vec<Entry>,
    log: Vec<Entry>,
    meta: Vec<(String, f64)>,
}

impl Page {
    /// What is stored, or nothing if there is no database.
    ///
    /// # Errors
    /// When it isn't in the format that is documented.
    pub async fn stored_if_any(&self) -> Result<Option<Stored>> {
        let found: Option<Database> = self.raw(json!(["read"])).await?;
        found.map(stored).transpose()
    }

    /// What is stored.
    ///
    /// # Errors
    /// When nothing is, or it isn't in the format that is documented.
    pub async fn stored(&self) -> Result<Stored> {
        let stored = self.stored_if_any().await?;
        stored.ok_or_else(|| "there is no database".into())
    }

    /// Sees that just the pages of object 1, so many of them, lie on the disks where the page says,
    /// with the bytes that its first fill wrote. Returns what that wrote.
    ///
    /// # Errors
    /// When they don't.
    pub async fn swap_holds(&self, pages: u32) -> Result<Pattern> {
        let stored = self.stored().await?;
        let pattern = stored.first_fill()?;
        let mut found = 0;
        for row in self.stripe_table().await? {
            let first = row.page.ok_or("a row without a page")?;
            for (number, block) in (first..).zip(row.first..=row.last) {
                let block = stored.blocks.get(&(row.disk, block));
                let block = block.ok_or_else(|| format!("page {number} isn't stored"))?;
                let written = pattern.bytes(ObjectId(1), PageIndex(number));
                if block.bytes[..] != written[..] {
                    return Err(format!("page {number} is stored with other bytes").into());
                }
                found += 1;
            }
        }
        if found != pages || stored.blocks.len() != pages as usize {
            let blocks = stored.blocks.len();
            return Err(format!("{found} pages are on swap, {blocks} blocks are stored").into());
        }
        Ok(pattern)
    }

    /// Alters a byte of a stored block.
    ///
    /// # Errors
    /// When there is no such block.
    pub async fn harm_block(&self, (disk, block): Place) -> Result {
        let key = u64::from(disk) * BLOCKS + u64::from(block);
        let found: Option<Database> = self.raw(json!(["read"])).await?;
        let overlay = found.is_some_and(|found| found.pages.iter().any(|entry| entry.0 == key));
        let (store, key, page) = match overlay {
            true => ("pages", key, 0),
            false => ("groups", key / GROUP, (key % GROUP) as usize),
        };
        let at = page * PAGE + 100;
        self.raw(json!(["flip", store, key, at])).await
    }

    /// Alters a byte of the log: in its value number `value`, from 1.
    ///
    /// # Errors
    /// When there is no such value.
    pub async fn harm_log(&self, value: u64) -> Result {
        let found: Option<Database> = self.raw(json!(["read"])).await?;
        let entry = found.and_then(|found| found.log.get(value as usize - 1).cloned());
        let (key, _) = entry.ok_or("there is no such value in the log")?;
        self.raw(json!(["flip", "log", key, 3])).await
    }

    async fn raw<T: serde::de::DeserializeOwned>(&self, action: Value) -> Result<T> {
        let mut args = vec![json!(DATABASE)];
        args.extend(action.as_array().into_iter().flatten().cloned());
        self.js_async(include_str!("raw.js"), args).await
    }
}

fn stored(database: Database) -> Result<Stored> {
    let mut meta = database.meta.iter();
    let format = meta.find(|(key, _)| key == "format");
    if format.is_none_or(|(_, format)| *format != 2.0) {
        return Err(format!("the format is {:?}", database.meta).into());
    }
    let mut blocks = BTreeMap::new();
    for (key, value) in &database.groups {
        blocks.extend(pages(key * GROUP, value, GROUP as usize)?);
    }
    for (key, value) in &database.pages {
        blocks.extend(pages(*key, value, 1)?);
    }
    let log = log(&database.log)?;
    Ok(Stored { blocks, log })
}

/// The pages of a value, whose first has this key.
fn pages(first: u64, value: &str, count: usize) -> Result<Vec<(Place, Block)>> {
    let value = BASE64_STANDARD.decode(value)?;
    if value.len() != count * (PAGE + CHECKSUM) {
        return Err(format!("the value at {first} has {} bytes", value.len()).into());
    }
    let (bytes, checksums) = value.split_at(count * PAGE);
    let pages = bytes.chunks(PAGE).zip(checksums.chunks(CHECKSUM));
    let page = |(key, (page, crc)): (u64, (&[u8], &[u8]))| {
        let place = (u32::try_from(key / BLOCKS)?, u32::try_from(key % BLOCKS)?);
        let checksum = u32::from_le_bytes(crc.try_into()?);
        let bytes = page.to_vec();
        Ok((place, Block { bytes, checksum }))
    };
    (first..).zip(pages).map(page).collect()
}

/// The records of the log. Each value is a byte that tells its kind (0 the head of the log, 1 a
/// part that goes on, 2 the last part), bytes, and the CRC-32 of all that. The bytes are lines of
/// JSON.
fn log(values: &[Entry]) -> Result<Vec<Value>> {
    let mut text = Vec::new();
    for (i, (_, value)) in values.iter().enumerate() {
        let value = BASE64_STANDARD.decode(value)?;
        let (value, crc) = value
            .split_last_chunk::<CHECKSUM>()
            .ok_or("a value of the log is too short")?;
        if crc32fast::hash(value).to_le_bytes() != *crc {
            return Err(format!("value {} of the log is damaged", i + 1).into());
        }
        let (kind, bytes) = value.split_first().ok_or("a value of the log is empty")?;
        if (i == 0) != (*kind == 0) || *kind > 2 {
            return Err(format!("value {} of the log is of kind {kind}", i + 1).into());
        }
        text.extend_from_slice(bytes);
    }
    let lines = text.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .map(|line| Ok(serde_json::from_slice(line)?))
        .collect()
}
