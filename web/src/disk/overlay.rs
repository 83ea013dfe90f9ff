//! Which groups may have pages lying over them, so that others needn't be looked for.
//!
//! The store that opened the database last is the only one that changes it, so what it remembers
//! is true. It may remember a group that has no such page any more, after a batch that was taken
//! back, but never the other way round: a group is noted before its page is on the way, and
//! forgotten only when the batch that covered it is stored and nothing was written there since.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::layout::{GROUP_PAGES, WritePlan};

/// The number of a batch, as they were begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn(u64);

/// The groups, each with the batch that wrote a page over it last.
#[derive(Debug, Default)]
pub struct Overlay {
    groups: BTreeMap<u64, Turn>,
    turns: u64,
}

impl Overlay {
    /// Takes the keys of pages that are there.
    pub fn learn(&mut self, page_keys: impl Iterator<Item = u64>) {
        let turn = Turn(self.turns);
        let groups = page_keys.map(|key| key / GROUP_PAGES);
        groups.for_each(|group| {
            self.groups.insert(group, turn);
        });
    }

    /// Whether a page may lie over one of these groups.
    pub fn covers(&self, groups: &RangeInclusive<u64>) -> bool {
        self.groups.range(groups.clone()).next().is_some()
    }

    /// Notes what a batch writes, and leaves out of its plan what there is not to delete.
    pub fn begin(&mut self, plan: &mut WritePlan<'_>) -> Turn {
        self.turns += 1;
        plan.covered.retain(|keys| self.covers(&groups_of(keys)));
        self.learn(plan.pages.iter().map(|record| record.key));
        Turn(self.turns)
    }

    /// Forgets what a batch that is stored deleted: of all groups if `anew`.
    pub fn end(&mut self, turn: Turn, covered: &[RangeInclusive<u64>], anew: bool) {
        if anew {
            self.groups.retain(|_, last| *last >= turn);
        }
        for keys in covered {
            for group in groups_of(keys) {
                if self.groups.get(&group).is_some_and(|last| *last < turn) {
                    self.groups.remove(&group);
                }
            }
        }
    }
}

fn groups_of(page_keys: &RangeInclusive<u64>) -> RangeInclusive<u64> {
    page_keys.start() / GROUP_PAGES..=page_keys.end() / GROUP_PAGES
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use swap_pager::PageData;
    use swap_pager::units::{DeviceBlock, DeviceId};

    use super::*;
    use crate::disk::WriteRequest;

    fn write(block: u32, pages: usize) -> WriteRequest {
        WriteRequest {
            disk: DeviceId(0),
            block: DeviceBlock(block),
            data: vec![PageData::zero(); pages],
        }
    }

    /// Begins a batch; returns its number and what it deletes.
    fn begin(overlay: &mut Overlay, writes: &[WriteRequest]) -> (Turn, Vec<RangeInclusive<u64>>) {
        let mut plan = WritePlan::new(writes);
        let turn = overlay.begin(&mut plan);
        (turn, plan.covered)
    }

    #[test]
    fn a_group_is_noted_until_it_is_covered() {
        let mut overlay = Overlay::default();
        assert_eq!(begin(&mut overlay, &[write(0, 8)]).1, []);
        begin(&mut overlay, &[write(3, 1)]);
        assert!(overlay.covers(&(0..=5)) && !overlay.covers(&(1..=5)));
        let (turn, covered) = begin(&mut overlay, &[write(0, 16)]);
        assert_eq!(covered, [0..=15]);
        assert!(overlay.covers(&(0..=0)), "it is not stored yet");
        overlay.end(turn, &covered, false);
        assert!(!overlay.covers(&(0..=5)));
    }

    #[test]
    fn what_was_written_meanwhile_stays_noted() {
        let mut overlay = Overlay::default();
        overlay.learn([3, 70].into_iter());
        let (turn, covered) = begin(&mut overlay, &[write(0, 8)]);
        begin(&mut overlay, &[write(5, 1)]);
        overlay.end(turn, &covered, false);
        assert!(overlay.covers(&(0..=0)));
    }

    #[test]
    fn to_begin_anew_forgets_all_but_what_comes_with_it() {
        let mut overlay = Overlay::default();
        overlay.learn([3, 70].into_iter());
        let (turn, covered) = begin(&mut overlay, &[write(40, 1)]);
        overlay.end(turn, &covered, true);
        assert!(
            !overlay.covers(&(0..=4)) && overlay.covers(&(5..=5)) && !overlay.covers(&(6..=99))
        );
    }
}
