//! Letting go of an object (`vm_object_deallocate`, `vm_object_terminate` in vm_object.c).

use crate::command::{OpError, OpResult};
use crate::event::Sink;
use crate::object::VmObject;
use crate::page::Frame;
use crate::pager::{Channel, Dealloc, Pager, Step, WaitChannel};
use crate::units::ObjectId;

use super::shadow::Collapse;

/// Letting go of one reference to an object; with the last one, of its pages and swap, and of
/// its reference to the object behind it.
#[derive(Clone, Debug)]
pub struct Terminate {
    object: ObjectId,
    dealloc: Dealloc,
    /// What came of it, once only the object behind is to be seen to.
    done: Option<OpResult>,
    /// The taking in of an object behind that only one is left in front of.
    collapse: Option<Collapse>,
}

impl Terminate {
    /// For this object.
    pub fn new(object: ObjectId) -> Terminate {
        Terminate {
            object,
            dealloc: Dealloc::new(object),
            done: None,
            collapse: None,
        }
    }

    /// Goes on.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<OpResult> {
        loop {
            if let Some(collapse) = &mut self.collapse {
                if let Step::Sleep(channel) = collapse.run(pager) {
                    return Step::Sleep(channel);
                }
                self.collapse = None;
                return Step::Done(self.done.take().unwrap_or(OpResult::Set));
            }
            let Some(&object) = pager.object(self.object) else {
                let error = OpError::ObjectGone {
                    object: self.object,
                };
                return Step::Done(OpResult::Failed { error });
            };
            let result = match self.let_go(pager, object) {
                Step::Sleep(channel) => return Step::Sleep(channel),
                Step::Done(result) => result,
            };
            let result = self.done.take().unwrap_or(result);
            let gone = pager.object(object.id).is_none();
            let Some(backing) = object.backing.filter(|_| gone) else {
                return Step::Done(result);
            };
            // The object behind loses a shadow, and with the last one its last reference.
            let unshadow = |behind: &mut VmObject| {
                behind.shadow_count = behind.shadow_count.saturating_sub(1);
                behind.ref_count -= u32::from(behind.shadow_count > 0);
            };
            pager
                .objects
                .update(backing.object, unshadow, &mut pager.events);
            self.done = Some(result);
            match pager.objects.in_front_of(backing.object) {
                Some(front) => self.collapse = Some(Collapse::new(front)),
                None => {
                    *self = Terminate {
                        done: self.done.take(),
                        ..Terminate::new(backing.object)
                    }
                }
            }
        }
    }

    /// Lets go of the object itself.
    fn let_go<S: Sink>(&mut self, pager: &mut Pager<S>, object: VmObject) -> Step<OpResult> {
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
            let pages = pager.pages.of_object(self.object);
            let frames: Vec<Frame> = pages.map(|(_, frame)| frame).collect();
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
