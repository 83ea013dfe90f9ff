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

    /// Frees the blocks of a range, a metadata block at a time
    /// (`swp_pager_meta_free`, line 1858).
    pub(super) fn meta_free(&mut self, object: ObjectId, start: PageIndex, count: i64) {
        if !self.is_swap(object) {
            return;
        }
        let mut index = start;
        let mut left = count;
        while left > 0 {
            let run = SWAP_META_PAGES - index.0 % SWAP_META_PAGES;
            if let Some(swblock) = self.meta.find(object, index) {
                let wanted = i64::from(run).min(left) as u32;
                self.meta_free_run(object, swblock, index, wanted);
            }
            left -= i64::from(run);
            index = PageIndex(index.0.wrapping_add(run));
        }
    }
}
