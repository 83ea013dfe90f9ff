//! The mixes of operations that benches run. Their check values were found with the original C
//! code: whoever gets the same did the same work.

mod blist;
mod pager;
mod times;

use std::hash::Hasher;

use fnv::FnvHasher;

use crate::event::{Event, Sink};

pub use blist::{BlistMix, BlistTally};
pub use pager::{PagerMix, PagerTally};
pub use times::best_times;

/// A sink that has events built and throws them away: what remains of their cost without the queue.
#[derive(Clone, Copy, Debug, Default)]
pub struct DropEvents;

impl Sink for DropEvents {
    const ON: bool = true;

    fn emit(&mut self, event: Event) {
        drop(std::hint::black_box(event));
    }
}

/// Where the generator begins.
const SEED: u64 = 88_172_645_463_325_252;

/// The generator of all mixes: xorshift with 64 bits.
#[derive(Clone, Copy, Debug)]
struct Generator(u64);

impl Generator {
    fn new() -> Generator {
        Generator(SEED)
    }

    /// A number below `n`.
    fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32 % n
    }
}

/// The hash of the check values: 64-bit FNV-1a over numbers of 32 bits.
#[derive(Default)]
struct Sum(FnvHasher);

impl Sum {
    fn add(&mut self, number: u32) {
        self.0.write(&number.to_le_bytes());
    }

    fn value(&self) -> u64 {
        self.0.finish()
    }
}
