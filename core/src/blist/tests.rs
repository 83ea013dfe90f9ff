//! The allocator against a plain bitmap, and what its hints may and may not say.

use proptest::prelude::*;

use super::*;
use crate::event::NoEvents;
use crate::stripe::Interleave;
use crate::units::SlotId;

/// Which leaves will do.
#[derive(Clone, Copy, Debug)]
enum Leaf {
    From(u32),
    /// Those that leave this rest.
    Each(u32, u32),
}

/// What the allocator stands for: which blocks are free.
#[derive(Clone, Debug)]
struct Bitmap(Vec<bool>);

impl Bitmap {
    /// The first run of so many free blocks that lies in one leaf.
    fn first_run(&self, count: u32) -> Option<u32> {
        self.first_run_in(count, Leaf::From(0))
    }

    /// The first such run that lies in one of some leaves.
    fn first_run_in(&self, count: u32, leaves: Leaf) -> Option<u32> {
        let will_do = |leaf: usize| match leaves {
            Leaf::From(first) => leaf >= first as usize,
            Leaf::Each(rest, of) => leaf % of as usize == rest as usize,
        };
        let fits = |start: &usize| {
            let run = *start..*start + count as usize;
            let leaf = BMAP_RADIX as usize;
            run.start / leaf == (run.end - 1) / leaf
                && will_do(run.start / leaf)
                && self
                    .0
                    .get(run)
                    .is_some_and(|run| run.iter().all(|&free| free))
        };
        (0..self.0.len()).find(fits).map(|start| start as u32)
    }

    fn set(&mut self, start: u32, count: u32, free: bool) {
        self.0[start as usize..(start + count) as usize].fill(free);
    }

    fn is_allocated(&self, start: u32, count: u32) -> bool {
        self.0[start as usize..(start + count) as usize]
            .iter()
            .all(|&free| !free)
    }
}

#[derive(Clone, Debug)]
enum Op {
    Alloc(u32),
    Free(u32, u32),
    Fill(u32, u32),
    Resize(u32, bool),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (1u32..=32).prop_map(Op::Alloc),
        4 => (any::<u32>(), 1u32..80).prop_map(|(start, count)| Op::Free(start, count)),
        1 => (any::<u32>(), 0u32..80).prop_map(|(start, count)| Op::Fill(start, count)),
        1 => (1u32..3000, any::<bool>()).prop_map(|(blocks, free)| Op::Resize(blocks, free)),
    ]
}

/// Brings a range inside a list of so many blocks.
fn inside(start: u32, count: u32, blocks: u32) -> (u32, u32) {
    let start = start % blocks;
    (start, count.min(blocks - start))
}

fn assert_same(blist: &Blist, bitmap: &Bitmap) {
    assert_eq!(blist.blocks() as usize, bitmap.0.len());
    assert_eq!(
        blist.free_blocks() as usize,
        bitmap.0.iter().filter(|&&free| free).count()
    );
    for (block, &free) in bitmap.0.iter().enumerate() {
        assert_eq!(
            blist.any_free(SwapBlock(block as u32), 1),
            free,
            "block {block}"
        );
    }
}

proptest! {
    #[test]
    fn behaves_as_a_bitmap(
        blocks in 1u32..3000,
        ops in prop::collection::vec(op(), 1..120),
    ) {
        let mut blist = Blist::new(blocks).expect("the size is allowed");
        let mut bitmap = Bitmap(vec![false; blocks as usize]);
        for op in ops {
            let blocks = blist.blocks();
            match op {
                Op::Alloc(count) => {
                    let found = blist.alloc(count, &mut NoEvents).expect("the count is allowed");
                    if let Some(SwapBlock(block)) = found {
                        // First fit, but for what a hint hides.
                        prop_assert!(bitmap.first_run(count).is_some_and(|first| first <= block));
                        prop_assert_eq!(block / BMAP_RADIX, (block + count - 1) / BMAP_RADIX);
                        prop_assert!(bitmap.0[block as usize..][..count as usize].iter().all(|f| *f));
                        bitmap.set(block, count, false);
                    }
                }
                Op::Free(start, count) => {
                    let (start, count) = inside(start, count, blocks);
                    let freed = blist.free(SwapBlock(start), count, &mut NoEvents);
                    prop_assert_eq!(freed.is_ok(), bitmap.is_allocated(start, count));
                    if freed.is_ok() {
                        bitmap.set(start, count, true);
                    }
                }
                Op::Fill(start, count) => {
                    let (start, count) = inside(start, count, blocks);
                    let free = bitmap.0[start as usize..][..count as usize].iter();
                    let free = free.filter(|free| **free).count();
                    let filled = blist.fill(SwapBlock(start), count, &mut NoEvents);
                    prop_assert_eq!(filled, Ok(free as u32));
                    bitmap.set(start, count, false);
                }
                Op::Resize(blocks, free_new) => {
                    blist.resize(blocks, free_new).expect("the size is allowed");
                    bitmap.0.resize(blocks as usize, free_new);
                }
            }
            assert_same(&blist, &bitmap);
        }
    }

    /// Searches in some leaves, as later policies make them: whatever order they come in, nothing
    /// is given twice, nothing outside the leaves, and nothing that fits is missed.
    #[test]
    fn a_search_in_some_leaves_finds_the_first_run_there(
        blocks in 33u32..3000,
        ops in prop::collection::vec(
            (any::<u32>(), 1u32..=32, prop::option::of((0u32..4, 1u32..=4))),
            1..150,
        ),
    ) {
        let mut blist = Blist::new(0).expect("the size is allowed");
        blist.resize(blocks, true).expect("the size is allowed");
        let mut bitmap = Bitmap(vec![true; blocks as usize]);
        for (place, count, turn) in ops {
            let (start, length) = inside(place, count, blocks);
            if place % 3 == 0 {
                if blist.free(SwapBlock(start), length, &mut NoEvents).is_ok() {
                    bitmap.set(start, length, true);
                }
                assert_same(&blist, &bitmap);
                continue;
            }
            let first = SwapBlock(start / BMAP_RADIX * BMAP_RADIX);
            let (leaf, found) = match turn {
                // From a leaf on.
                None => {
                    let found = blist.alloc_where(count, &|block| block.max(first), &mut NoEvents);
                    (Leaf::From(first.0 / BMAP_RADIX), found)
                }
                // Every so many leaves.
                Some((slot, slots)) => {
                    let slot = SlotId(slot % slots);
                    let interleave = Interleave::new(slots, BMAP_RADIX);
                    let next = |block| interleave.next_in(slot, block);
                    (Leaf::Each(slot.0, slots), blist.alloc_where(count, &next, &mut NoEvents))
                }
            };
            let expected = bitmap.first_run_in(count, leaf);
            prop_assert_eq!(found, Ok(expected.map(SwapBlock)));
            if let Some(block) = expected {
                bitmap.set(block, count, false);
            }
            assert_same(&blist, &bitmap);
        }
    }

    /// Giving back a run in one piece, where that is said to end the same as block by block.
    #[test]
    fn a_run_is_given_back_as_its_blocks_would_be(
        blocks in prop_oneof![Just(512), 33u32..2000],
        ops in prop::collection::vec((any::<u32>(), prop::option::of(1u32..=32)), 1..200),
    ) {
        let mut blist = Blist::new(0).expect("the size is allowed");
        blist.resize(blocks, true).expect("the size is allowed");
        let mut held = Vec::new();
        for (which, sought) in ops {
            if let Some(count) = sought {
                let found = blist.alloc(count, &mut NoEvents).expect("the count is allowed");
                held.extend(found.map(|block| (block, count)));
            } else if !held.is_empty() {
                let (block, count) = held.swap_remove(which as usize % held.len());
                let mut each = blist.clone();
                for n in 0..count {
                    each.free(block.offset(n), 1, &mut NoEvents).expect("it is held");
                }
                let before = blist.clone();
                let freed = blist.free_as_each(block, count, &mut NoEvents);
                prop_assert_eq!(&blist, if freed { &each } else { &before });
                blist = each;
            }
            // No blocks at all: the general way and the short one.
            let block = which % (blocks + 1);
            let mut general = blist.clone();
            general.free_at(general.root, block, 0, &mut NoEvents);
            blist.free(SwapBlock(block), 0, &mut NoEvents).expect("nothing is freed");
            prop_assert_eq!(&blist, &general);
        }
    }

    /// Without a failed search no hint is too low, so whatever fits is found, and first.
    #[test]
    fn finds_the_first_run_that_fits(
        blocks in 1u32..9000,
        freed in prop::collection::vec((any::<u32>(), 1u32..40), 1..60),
        count in 1u32..=32,
    ) {
        let mut blist = Blist::new(blocks).expect("the size is allowed");
        let mut bitmap = Bitmap(vec![false; blocks as usize]);
        for (start, count) in freed {
            let (start, count) = inside(start, count, blocks);
            if blist.free(SwapBlock(start), count, &mut NoEvents).is_ok() {
                bitmap.set(start, count, true);
            }
        }
        let found = blist.alloc(count, &mut NoEvents).expect("the count is allowed");
        prop_assert_eq!(found.map(|block| block.0), bitmap.first_run(count));
    }
}

#[test]
fn what_can_not_be_is_refused_and_changes_nothing() {
    let mut blist = Blist::new(100).expect("the size is allowed");
    blist
        .free(SwapBlock(0), 50, &mut NoEvents)
        .expect("all is allocated");
    let before = blist.clone();
    let (block, count) = (SwapBlock(90), 11);
    assert_eq!(
        blist.free(block, count, &mut NoEvents),
        Err(BlistError::OutOfRange { block, count })
    );
    let (block, count) = (SwapBlock(49), 2);
    assert_eq!(
        blist.free(block, count, &mut NoEvents),
        Err(BlistError::AlreadyFree { block, count })
    );
    assert_eq!(blist.alloc(0, &mut NoEvents), Err(BlistError::BadCount(0)));
    assert_eq!(
        blist.alloc(33, &mut NoEvents),
        Err(BlistError::BadCount(33))
    );
    assert_eq!(
        blist.resize(MAX_BLOCKS + 1, true),
        Err(BlistError::BadSize(MAX_BLOCKS + 1))
    );
    assert_eq!(blist, before);
}

#[test]
fn the_largest_list_works() {
    let mut blist = Blist::new(MAX_BLOCKS).expect("the size is allowed");
    blist
        .free(SwapBlock(0), MAX_BLOCKS, &mut NoEvents)
        .expect("all is allocated");
    assert_eq!(blist.alloc(16, &mut NoEvents), Ok(Some(SwapBlock(0))));
    blist
        .free(SwapBlock(0), 16, &mut NoEvents)
        .expect("it was allocated");
    assert_eq!(blist.free_blocks(), MAX_BLOCKS);
}
