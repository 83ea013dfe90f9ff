//! Whether a page is on swap (`swap_pager_haspage`, line 755).

use super::Pager;
use crate::event::Sink;
use crate::units::{ObjectId, PageIndex, SWB_NPAGES};

/// What haspage answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HasPage {
    /// Whether the page has a swap block.
    pub has: bool,
    /// How many pages before it have the blocks before its own; at most 7.
    pub before: u32,
    /// How many pages after it have the blocks after its own; at most 7.
    pub after: u32,
}

impl<S: Sink> Pager<S> {
    /// Whether a page has a swap block, and how many neighbours follow on with theirs
    /// (`swap_pager_haspage`, line 755). Stripe borders don't matter here; page-in looks at them.
    pub fn haspage(&self, object: ObjectId, index: PageIndex) -> HasPage {
        let mut near = self.meta.near(object);
        let Some(block) = near.lookup(index) else {
            return HasPage::default();
        };
        let reach = 1..SWB_NPAGES / 2;
        let precedes = |&n: &u32| {
            let neighbour = index.0.checked_sub(n).map(PageIndex);
            let found = neighbour.and_then(|index| near.lookup(index));
            found.is_some_and(|found| found.0.checked_add(n) == Some(block.0))
        };
        let before = reach.clone().take_while(precedes).count() as u32;
        let follows = |&n: &u32| {
            let neighbour = index.0.checked_add(n).map(PageIndex);
            let found = neighbour.and_then(|index| near.lookup(index));
            found == Some(block.offset(n))
        };
        let after = reach.take_while(follows).count() as u32;
        HasPage {
            has: true,
            before,
            after,
        }
    }
}
