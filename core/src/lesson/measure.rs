//! What can be asked of a machine, and what it comes to.
//!
//! (The measures, to be refined: numbers `free`, `largest run`, `ios`, `reads`, `writes`, `failed`, `writes to disk 1`,
//! `reads from disk 1`, `pages written`, `pages read`, `sleeps`, `commands`, `visited` and `skipped` (nodes of the last search), `swapped of heap`,
//! `resident of heap`, `dirty of heap`, `unreadable of heap` (on a copy), `blocks free on disk 1`, `block of heap 5`, `swblocks`, `longest chain`;
//! words: `disk of heap 5`, `place of heap 5`, `result`, `waits` (the channel somebody sleeps on), `room` (enough / almost full / full).)

use crate::session::Player;

/// Something that can be measured since the [mark](Player::mark), or now.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure;

/// `MEASURE = NUMBER`, or with `<`, `<=`, `>`, `>=`, `!=`, or a word for those that are words.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal;

/// What a measure comes to, or what somebody says it comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// A number.
    Number(u64),
    /// A word: `disk 2`, `on swap only`, `ENOSPC`, `yes`.
    Word(String),
}

/// How a measure is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number, of these: `blocks`, `transfers`, `pages`.
    Number(&'static str),
    /// A block of the swap space: it can be pointed at.
    Block,
    /// One of these words.
    Words(Vec<String>),
    /// One of the disks that are on, `disk 0` and so on: it can be pointed at.
    Disk,
}

impl Measure {
    /// # Errors
    /// What is wrong with it, as a sentence that says what there is.
    pub fn read(text: &str) -> Result<Measure, String> { todo!() }
    /// How it is asked for.
    pub fn kind(&self) -> Kind { todo!() }
    /// What it comes to.
    ///
    /// # Errors
    /// Why there is nothing to measure, as a sentence.
    pub fn of(&self, player: &Player) -> Result<Answer, String> { todo!() }
}
impl Goal {
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Goal, String> { todo!() }
    /// Whether it holds, and what the measure comes to.
    ///
    /// # Errors
    /// Why there is nothing to measure.
    pub fn holds(&self, player: &Player) -> Result<(bool, Answer), String> { todo!() }
}
