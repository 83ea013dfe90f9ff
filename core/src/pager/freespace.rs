//! Giving up the swap of a range (`swap_pager_freespace`, line 563, and `swp_pager_meta_free`,
//! line 1858).

use super::Pager;
use crate::event::Sink;
use crate::swap_meta::SWAP_META_PAGES;
use crate::units::{ObjectId, PageIndex};

impl<S: Sink> Pager<S> {
    /// Frees the swap blocks of a range of pages, which may reach beyond the object's end
    /// (`swap_pager_freespace`, line 563).
    ///
    /// The kernel takes the length as a signed number: 2³¹ pages and more free nothing.
    pub fn freespace(&mut self, object: ObjectId, start: PageIndex, size: u32) {
        self.meta_free(object, start, i64::from(size.cast_signed()));
    }

    /// Frees the blocks of a range, skipping to the next metadata block where there is none
    /// (`swp_pager_meta_free`, line 1858).
    pub(super) fn meta_free(&mut self, object: ObjectId, start: PageIndex, count: i64) {
        if !self.is_swap(object) {
            return;
        }
        let mut index = start;
        let mut left = count;
        while left > 0 {
            let step = if self.meta.has_swblock(object, index) {
                self.meta_free_one(object, index);
                1
            } else {
                SWAP_META_PAGES - index.0 % SWAP_META_PAGES
            };
            left -= i64::from(step);
            index = PageIndex(index.0.wrapping_add(step));
        }
    }
}
