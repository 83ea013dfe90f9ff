//! Memory objects (`struct vm_object`) and the lists the pager keeps them on.

use serde::{Deserialize, Serialize};

use crate::event::{Event, Sink};
use crate::units::ObjectId;

/// Lists of named objects (`NOBJLISTS`, line 144).
pub const NOBJLISTS: u32 = 8;

/// What names an object: in the kernel an address, say of a System V shared memory segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(pub u32);

impl Handle {
    /// The list an object of this name is on (`NOBJLIST`, line 146).
    pub fn list(self) -> u32 {
        (self.0 >> 4) & (NOBJLISTS - 1)
    }
}

/// Where an object's pages come from and go to (`objtype_t`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ObjectKind {
    /// Zero-filled memory that has never been paged out (`OBJT_DEFAULT`).
    Default,
    /// Memory the swap pager knows (`OBJT_SWAP`).
    Swap,
}

/// What lies behind an object (`backing_object`): where a page is looked for that the object
/// itself does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Backing {
    /// The object.
    pub object: ObjectId,
    /// Its page that is behind page 0, in pages (`backing_object_offset`).
    pub offset: u32,
}

/// A memory object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct VmObject {
    /// Its number.
    pub id: ObjectId,
    /// Whether the swap pager knows it.
    pub kind: ObjectKind,
    /// Its name, if it has one.
    pub handle: Option<Handle>,
    /// Its length in pages (`object->size`).
    pub size: u32,
    /// References to it (`object->ref_count`).
    pub ref_count: u32,
    /// Pages of it in transfer, and operations that rely on it (`paging_in_progress`).
    pub paging_in_progress: u32,
    /// Metadata blocks it has (`swp_bcount`).
    pub swp_bcount: u32,
    /// What lies behind it, if it is a shadow.
    pub backing: Option<Backing>,
    /// Objects it lies behind (`shadow_count`).
    pub shadow_count: u32,
    /// Its last reference is gone and it is being taken apart (`OBJ_DEAD`).
    pub dead: bool,
}

/// All objects.
#[derive(Clone, Debug, Default)]
pub struct ObjectTable {
    /// By number, which is one more than the index. Numbers are not used again.
    objects: Vec<Option<VmObject>>,
    /// The named objects by the list their name hashes to (`swap_pager_object_list`).
    named: [Vec<ObjectId>; NOBJLISTS as usize],
    /// The swap objects without a name (`swap_pager_un_object_list`).
    unnamed: Vec<ObjectId>,
}

impl ObjectTable {
    /// The object of that number, if it lives.
    pub fn get(&self, id: ObjectId) -> Option<&VmObject> {
        self.objects.get(id.0.checked_sub(1)? as usize)?.as_ref()
    }

    /// All living objects, by number.
    pub fn iter(&self) -> impl Iterator<Item = &VmObject> + '_ {
        self.objects.iter().flatten()
    }

    /// The swap object of that name (`vm_pager_object_lookup`). One that is being taken apart is
    /// not found: the kernel learned that later, and before panicked over the new reference.
    pub fn by_handle(&self, handle: Handle) -> Option<ObjectId> {
        let mut list = self.named[handle.list() as usize].iter().copied();
        list.find(|&id| {
            self.get(id)
                .is_some_and(|object| object.handle == Some(handle) && !object.dead)
        })
    }

    /// The swap objects without a name, in the order they became swap objects.
    pub fn unnamed(&self) -> &[ObjectId] {
        &self.unnamed
    }

    /// The swap objects on one of the lists of names.
    pub fn named(&self, list: u32) -> &[ObjectId] {
        self.named.get(list as usize).map_or(&[], Vec::as_slice)
    }

    /// An object in front of another; if there are several, the one made first.
    pub fn in_front_of(&self, behind: ObjectId) -> Option<ObjectId> {
        let front = |object: &&VmObject| {
            object
                .backing
                .is_some_and(|backing| backing.object == behind)
        };
        self.iter().find(front).map(|object| object.id)
    }

    /// Makes an object of kind Default with one reference (`vm_object_allocate`).
    pub fn allocate(
        &mut self,
        size: u32,
        handle: Option<Handle>,
        sink: &mut impl Sink,
    ) -> ObjectId {
        let id = ObjectId(self.objects.len() as u32 + 1);
        let object = VmObject {
            id,
            kind: ObjectKind::Default,
            handle,
            size,
            ref_count: 1,
            paging_in_progress: 0,
            swp_bcount: 0,
            backing: None,
            shadow_count: 0,
            dead: false,
        };
        self.objects.push(Some(object));
        sink.note(|| Event::ObjectCreated {
            object: Box::new(object),
        });
        id
    }

    /// Changes an object and tells of it.
    pub fn update(
        &mut self,
        id: ObjectId,
        change: impl FnOnce(&mut VmObject),
        sink: &mut impl Sink,
    ) {
        let slot =
            id.0.checked_sub(1)
                .and_then(|i| self.objects.get_mut(i as usize));
        let Some(object) = slot.and_then(Option::as_mut) else {
            return;
        };
        let old = *object;
        change(object);
        let new = *object;
        if old != new {
            sink.note(|| changed(old, new));
        }
    }

    /// Puts an object at the end of the list it belongs on.
    pub fn enlist(&mut self, id: ObjectId) {
        if let Some(list) = self.list_of(id) {
            list.push(id);
        }
    }

    /// Takes an object off its list, so that a search by name no longer finds it.
    pub fn delist(&mut self, id: ObjectId) {
        if let Some(list) = self.list_of(id) {
            list.retain(|&listed| listed != id);
        }
    }

    /// Forgets an object.
    pub fn destroy(&mut self, id: ObjectId, sink: &mut impl Sink) {
        let slot =
            id.0.checked_sub(1)
                .and_then(|i| self.objects.get_mut(i as usize));
        if let Some(object) = slot.and_then(Option::take) {
            sink.note(|| Event::ObjectDestroyed {
                object: Box::new(object),
            });
        }
    }

    fn list_of(&mut self, id: ObjectId) -> Option<&mut Vec<ObjectId>> {
        match self.get(id)?.handle {
            Some(handle) => self.named.get_mut(handle.list() as usize),
            None => Some(&mut self.unnamed),
        }
    }
}

/// The event for a change. Paging begins and ends for every page, all else is rare.
fn changed(old: VmObject, new: VmObject) -> Event {
    let paging_in_progress = old.paging_in_progress;
    let rest = VmObject {
        paging_in_progress,
        ..new
    };
    if rest == old {
        return Event::PagingInProgress {
            object: new.id,
            old: paging_in_progress,
            new: new.paging_in_progress,
        };
    }
    Event::ObjectChanged {
        old: Box::new(old),
        new: Box::new(new),
    }
}
