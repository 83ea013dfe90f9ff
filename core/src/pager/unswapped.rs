//! Giving up a page's swap (`swap_pager_unswapped`, line 839).

use super::Pager;
use crate::event::Sink;
use crate::units::{ObjectId, PageIndex};

impl<S: Sink> Pager<S> {
    /// Frees the swap block of a page that was just made dirty: what lies there is out of date
    /// (`swap_pager_unswapped`, line 839).
    pub fn unswapped(&mut self, object: ObjectId, index: PageIndex) {
        self.meta_free_one(object, index);
    }
}
