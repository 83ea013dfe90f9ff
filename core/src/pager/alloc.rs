//! Making objects (`swap_pager_alloc`, line 390).

use super::Pager;
use crate::event::Sink;
use crate::object::{Handle, VmObject};
use crate::units::{ObjectId, PAGE_SIZE};

/// What alloc answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// The object.
    pub object: ObjectId,
    /// Whether it was there already, under that name.
    pub existing: bool,
}

impl<S: Sink> Pager<S> {
    /// Makes a swap object of so many bytes, or finds the one of that name (`swap_pager_alloc`,
    /// line 390). One that is found has one reference more, and keeps its size whatever was
    /// asked for. The size in pages is rounded up after the offset was added.
    pub fn alloc(&mut self, handle: Option<Handle>, bytes: u64, offset: u64) -> Allocated {
        if let Some(object) = handle.and_then(|handle| self.objects.by_handle(handle)) {
            self.objects
                .update(object, |object| object.ref_count += 1, &mut self.events);
            return Allocated {
                object,
                existing: true,
            };
        }
        let page = PAGE_SIZE as u64;
        let pages = (offset.saturating_add(page - 1).saturating_add(bytes) / page)
            .try_into()
            .unwrap_or(u32::MAX);
        let object = self.objects.allocate(pages, handle, &mut self.events);
        self.convert_to_swap(object);
        Allocated {
            object,
            existing: false,
        }
    }

    /// Makes an object that has never been paged out (`vm_object_allocate` with OBJT_DEFAULT).
    /// Its first putpages makes it a swap object.
    pub fn alloc_default(&mut self, pages: u32) -> ObjectId {
        self.objects.allocate(pages, None, &mut self.events)
    }

    /// An object, if it lives.
    pub fn object(&self, id: ObjectId) -> Option<&VmObject> {
        self.objects.get(id)
    }
}
