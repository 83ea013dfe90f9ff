//! Letting go of objects (`swap_pager_dealloc`, line 441).

use super::{Channel, Pager, Step, WaitChannel};
use crate::error::KernelPanic;
use crate::event::Sink;
use crate::units::ObjectId;

/// What dealloc did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deallocated {
    /// References left. The object is gone when there are none.
    pub ref_count: u32,
}

/// Letting go of one reference to an object, and of the object with the last one
/// (`vm_object_deallocate`, `swap_pager_dealloc`).
#[derive(Clone, Debug)]
pub struct Dealloc {
    object: ObjectId,
    /// Whether the reference is gone and only paging in progress is waited for.
    waiting: bool,
}

impl Dealloc {
    /// For this object. One that does not live counts as let go of.
    pub fn new(object: ObjectId) -> Dealloc {
        Dealloc {
            object,
            waiting: false,
        }
    }

    /// Goes on.
    ///
    /// # Errors
    /// Where the kernel would panic; the object lives on then, with what could not be freed.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<Result<Deallocated, KernelPanic>> {
        if !self.waiting {
            let drop_reference = |object: &mut crate::object::VmObject| {
                object.ref_count = object.ref_count.saturating_sub(1);
            };
            pager
                .objects
                .update(self.object, drop_reference, &mut pager.events);
            let left = pager
                .object(self.object)
                .map_or(0, |object| object.ref_count);
            if left > 0 {
                return Step::Done(Ok(Deallocated { ref_count: left }));
            }
            // Off its list right away: a search by name must not find it while we sleep.
            pager.objects.delist(self.object);
            self.waiting = true;
        }
        let paging = pager
            .object(self.object)
            .map_or(0, |object| object.paging_in_progress);
        if paging > 0 {
            let on = Channel::Object(self.object);
            return Step::Sleep(WaitChannel {
                on,
                wmesg: "swpdea",
            });
        }
        Step::Done(pager.meta_free_all(self.object).map(|()| {
            pager.objects.destroy(self.object, &mut pager.events);
            Deallocated { ref_count: 0 }
        }))
    }
}
