//! Copies that share until they are written to: fork, and what is tidied up afterwards
//! (`vm_object_shadow`, `vm_object_collapse` in vm_object.c).

use crate::command::OpResult;
use crate::event::Sink;
use crate::object::{Backing, VmObject};
use crate::page::{Frame, PageAction, Queue};
use crate::pager::{Channel, Copy, Pager, Step, WaitChannel};
use crate::units::{ObjectId, PageIndex};

/// Forks an object, as when a process forks. One with a name is memory meant to be shared: it
/// gets one more reference. Any other goes behind two new objects that begin empty, one for the
/// parent and one for the child; what either writes to, it copies first.
pub fn fork<S: Sink>(pager: &mut Pager<S>, object: ObjectId) -> OpResult {
    let Some(&original) = pager.object(object) else {
        return OpResult::Forked {
            parent: object,
            child: object,
        };
    };
    if original.handle.is_some() {
        let refer = |object: &mut VmObject| object.ref_count += 1;
        pager.objects.update(object, refer, &mut pager.events);
        return OpResult::Forked {
            parent: object,
            child: object,
        };
    }
    let mut shadow = || {
        let id = pager.alloc_default(original.size);
        let backing = Some(Backing { object, offset: 0 });
        pager
            .objects
            .update(id, |shadow| shadow.backing = backing, &mut pager.events);
        id
    };
    let (parent, child) = (shadow(), shadow());
    // The reference its owner had is the parent's shadow's now.
    let share = |object: &mut VmObject| {
        object.ref_count += 1;
        object.shadow_count = 2;
    };
    pager.objects.update(object, share, &mut pager.events);
    OpResult::Forked { parent, child }
}

/// Takes in the object behind an object, if no one else needs it (`vm_object_collapse`).
///
/// Its pages and swap move forward, but for those that the object in front has its own of; then
/// it goes. The same again for what was behind that.
#[derive(Clone, Debug)]
pub struct Collapse {
    front: ObjectId,
    /// The move of the swap.
    copy: Option<Copy>,
}

impl Collapse {
    /// For the object in front.
    pub fn new(front: ObjectId) -> Collapse {
        Collapse { front, copy: None }
    }

    /// Goes on, until there is nothing behind that could be taken in.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<()> {
        loop {
            let front = pager
                .object(self.front)
                .filter(|object| !object.dead)
                .copied();
            let backing = front.and_then(|front| front.backing);
            let (Some(front), Some(backing)) = (front, backing) else {
                return Step::Done(());
            };
            let Some(&behind) = pager
                .object(backing.object)
                .filter(|object| object.ref_count == 1)
            else {
                return Step::Done(());
            };
            if self.copy.is_none() {
                for object in [behind, front] {
                    if object.paging_in_progress > 0 {
                        let on = Channel::Object(object.id);
                        return Step::Sleep(WaitChannel { on, wmesg: "vocol" });
                    }
                }
                move_pages(pager, front, backing);
            }
            let copy = self
                .copy
                .get_or_insert_with(|| Copy::new(backing.object, front.id, backing.offset, true));
            match copy.run(pager) {
                Step::Sleep(channel) => return Step::Sleep(channel),
                // What the kernel would panic about is swap beyond the end of any object here.
                Step::Done(_) => self.copy = None,
            }
            let further = behind.backing.map(|further| Backing {
                offset: further.offset.saturating_add(backing.offset),
                ..further
            });
            pager
                .objects
                .update(front.id, |front| front.backing = further, &mut pager.events);
            pager.objects.destroy(behind.id, &mut pager.events);
        }
    }
}

/// Moves the pages in memory of an object behind to the one in front. Those that one has its own
/// of, in memory or on swap, or that lie outside it, are freed.
fn move_pages<S: Sink>(pager: &mut Pager<S>, front: VmObject, backing: Backing) {
    let pages: Vec<(PageIndex, Frame)> = pager.pages.of_object(backing.object).collect();
    for (index, frame) in pages {
        let there = index.0.checked_sub(backing.offset).map(PageIndex);
        let free = there.filter(|&there| {
            there.0 < front.size
                && pager.pages.lookup(front.id, there).is_none()
                && !pager.haspage(front.id, there).has
        });
        let Some(there) = free else {
            pager.free_page(frame);
            continue;
        };
        // A page that moves is dirty, and what lies on swap for it counts no more; so it can't
        // stay among those whose frames are free for the taking (`vm_page_rename`).
        pager.unswapped(backing.object, index);
        if let Some(frame) = pager
            .pages
            .rename(frame, front.id, there, &mut pager.events)
        {
            pager.update_page(frame, &[PageAction::Dirty], |state| {
                state.dirty = true;
                if state.queue == Queue::Cache {
                    state.queue = Queue::Inactive;
                }
            });
        }
    }
}
