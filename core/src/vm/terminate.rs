//! Letting go of an object (`vm_object_deallocate`, `vm_object_terminate` in vm_object.c).

use crate::command::{OpError, OpResult};
use crate::event::Sink;
use crate::object::VmObject;
use crate::page::Frame;
use crate::pager::{Channel, Dealloc, Pager, Step, WaitChannel};
use crate::units::ObjectId;

/// Letting go of one reference to an object; with the last one, of its pages and swap.
#[derive(Clone, Debug)]
pub struct Terminate {
    object: ObjectId,
    dealloc: Dealloc,
}

impl Terminate {
    /// For this object.
    pub fn new(object: ObjectId) -> Terminate {
        Terminate {
            object,
            dealloc: Dealloc::new(object),
        }
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<OpResult> {
        let Some(&object) = pager.object(self.object) else {
            let error = OpError::ObjectGone {
                object: self.object,
            };
            return Step::Done(OpResult::Failed { error });
        };
        if object.ref_count <= 1 {
            // From here on no one else may begin anything with it.
            let last = |object: &mut VmObject| {
                object.ref_count = 0;
                object.dead = true;
            };
            pager.objects.update(self.object, last, &mut pager.events);
            if object.paging_in_progress > 0 {
                let on = Channel::Object(self.object);
                return Step::Sleep(WaitChannel {
                    on,
                    wmesg: "objtrm",
                });
            }
            let frames: Vec<Frame> = pager
                .pages
                .of_object(self.object)
                .map(|(_, frame)| frame)
                .collect();
            for frame in frames {
                pager.free_page(frame);
            }
        }
        match self.dealloc.run(pager) {
            Step::Sleep(channel) => Step::Sleep(channel),
            Step::Done(Ok(done)) => Step::Done(OpResult::Destroyed {
                ref_count: done.ref_count,
            }),
            Step::Done(Err(panic)) => Step::Done(OpResult::Failed {
                error: OpError::Panic { panic },
            }),
        }
    }
}
