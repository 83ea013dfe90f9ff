//! The allocator alone.

use super::{Generator, Sum};
use crate::blist::Blist;
use crate::event::{NoEvents, Sink};
use crate::units::SwapBlock;

const BLOCKS: u32 = 262_144;

/// Below so many free blocks, fewer are taken than given back.
const SHORT: u32 = 26_214;

const MOST_LIVE: usize = 65_536;

/// Taking and giving back runs of blocks in a list of 262,144.
pub struct BlistMix<S> {
    blist: Blist,
    events: S,
    live: Vec<(SwapBlock, u32)>,
    generator: Generator,
    sum: Sum,
    tally: BlistTally,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlistTally {
    /// Runs taken.
    pub allocs: u32,
    /// Runs given back.
    pub frees: u32,
    /// Runs held at the end.
    pub live: u32,
    /// Blocks free at the end.
    pub bl_free: u32,
    /// The hash of all answers.
    pub sum: u64,
}

impl BlistMix<NoEvents> {
    /// A mix without events.
    pub fn new() -> Self {
        Self::with_sink(NoEvents)
    }
}

impl Default for BlistMix<NoEvents> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Sink> BlistMix<S> {
    /// A mix whose events go to a sink.
    pub fn with_sink(mut events: S) -> Self {
        let mut blist = Blist::new(BLOCKS).unwrap_or_else(|error| unreachable!("{error}"));
        let freed = blist.free(SwapBlock(0), BLOCKS, &mut events);
        debug_assert!(freed.is_ok(), "all was allocated");
        BlistMix {
            blist,
            events,
            live: Vec::with_capacity(MOST_LIVE),
            generator: Generator::new(),
            sum: Sum::default(),
            tally: BlistTally::default(),
        }
    }

    /// Where the events go.
    pub fn events(&mut self) -> &mut S {
        &mut self.events
    }

    /// Runs so many operations.
    pub fn run(&mut self, ops: u32) -> BlistTally {
        for _ in 0..ops {
            let share = if self.blist.free_blocks() > SHORT {
                60
            } else {
                40
            };
            let wants = self.generator.below(100) < share;
            let takes = (wants || self.live.is_empty()) && self.live.len() < MOST_LIVE;
            if takes {
                self.take();
            } else {
                self.give_back();
            }
        }
        self.tally.live = self.live.len() as u32;
        self.tally.bl_free = self.blist.free_blocks();
        self.tally.sum = self.sum.value();
        self.tally
    }

    fn take(&mut self) {
        let count = match self.generator.below(10) {
            0..4 => 1,
            4..7 => 2 + self.generator.below(7),
            _ => 16,
        };
        self.tally.allocs += 1;
        let found = self.blist.alloc(count, &mut self.events).unwrap_or(None);
        self.sum.add(found.map_or(u32::MAX, |block| block.0));
        self.live.extend(found.map(|block| (block, count)));
    }

    fn give_back(&mut self) {
        let place = self.generator.below(self.live.len() as u32);
        let (block, count) = self.live.swap_remove(place as usize);
        self.tally.frees += 1;
        let freed = self.blist.free(block, count, &mut self.events);
        debug_assert!(freed.is_ok(), "{freed:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_the_same_work_as_the_original() {
        let tally = |ops| BlistMix::new().run(ops);
        let (allocs, frees, live, bl_free) = (594, 406, 188, 260_958);
        let sum = 0x3810_43b5_94c9_70f6;
        assert_eq!(
            tally(1_000),
            BlistTally {
                allocs,
                frees,
                live,
                bl_free,
                sum
            }
        );
        let (allocs, frees, live, bl_free) = (60_262, 39_738, 20_524, 123_556);
        let sum = 0xf120_7bc5_b25e_3386;
        assert_eq!(
            tally(100_000),
            BlistTally {
                allocs,
                frees,
                live,
                bl_free,
                sum
            }
        );
    }
}
