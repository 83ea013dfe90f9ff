//! Switching a device off (`swapoff`, which FreeBSD got in 2003; the reference has none). Ours
//! follows it: nothing new goes to the device, all that lies there is brought back, and then it
//! goes.

use super::fault::{Fault, FaultError, is_alive};
use crate::command::{OpError, OpResult};
use crate::error::Errno;
use crate::event::Sink;
use crate::page::PageAction;
use crate::pager::{Channel, Pager, Step, WaitChannel};
use crate::units::{DeviceId, ObjectId, PageIndex, SlotId};

/// Switching a device off.
#[derive(Clone, Debug)]
pub struct SwapOff {
    device: DeviceId,
    /// Its slot, once it is closed to new blocks.
    slot: Option<SlotId>,
    /// The pages that were found there and are to be brought back, the last one first.
    pages: Vec<(ObjectId, PageIndex)>,
    fault: Option<Fault>,
    /// Pages brought back.
    brought_back: u32,
}

impl SwapOff {
    /// For this disk.
    pub fn new(device: DeviceId) -> SwapOff {
        SwapOff {
            device,
            slot: None,
            pages: Vec::new(),
            fault: None,
            brought_back: 0,
        }
    }

    /// Goes on. A page that can't be read ends it with an error; the device is still on then,
    /// but takes nothing new, and it can be tried again.
    pub fn run<S: Sink>(&mut self, pager: &mut Pager<S>) -> Step<OpResult> {
        let slot = match self.slot {
            Some(slot) => slot,
            None => match close(pager, self.device) {
                Ok(slot) => *self.slot.insert(slot),
                Err(errno) => return failed(OpError::Refused { errno }),
            },
        };
        loop {
            // Another swapoff may have been quicker, and the slot may have a new device.
            let device = pager
                .space
                .device(slot)
                .filter(|device| device.id == self.device);
            let Some(device) = device else {
                return Step::Done(OpResult::SwappedOff {
                    pages: self.brought_back,
                });
            };
            let Some(&(object, index)) = self.pages.last() else {
                if device.used == 0 {
                    pager.space.remove_device(slot, &mut pager.events);
                    pager.wake(Channel::Device(slot));
                    continue;
                }
                self.pages = pages_on(pager, slot);
                if self.pages.is_empty() {
                    // Blocks that a putpages has in hand, or that go with a dying object.
                    let on = Channel::Device(slot);
                    return Step::Sleep(WaitChannel {
                        on,
                        wmesg: "swpoff",
                    });
                }
                continue;
            };
            let moved_on = !is_alive(pager, object) || !pager.is_on(object, index, slot);
            if self.fault.is_none() && moved_on {
                self.pages.pop();
                continue;
            }
            let fault = self
                .fault
                .get_or_insert_with(|| Fault::new(object, index, true));
            let found = match fault.run(pager) {
                Step::Sleep(channel) => return Step::Sleep(channel),
                Step::Done(found) => found,
            };
            self.fault = None;
            let frame = match found {
                Ok((frame, _)) => frame,
                Err(FaultError::ObjectGone) => continue,
                Err(FaultError::PageIn) => return failed(OpError::PageIn { page: index }),
            };
            pager.update_page(frame, &[PageAction::Dirty], |state| state.dirty = true);
            pager.unswapped(object, index);
            self.brought_back += 1;
            self.pages.pop();
        }
    }
}

/// Closes a device to new blocks, if what lies there fits elsewhere: in memory or on the other
/// devices, with the low water mark to spare.
fn close<S: Sink>(pager: &mut Pager<S>, id: DeviceId) -> Result<SlotId, Errno> {
    let slot = pager.space.slot_of_device(id).ok_or(Errno::Einval)?;
    let device = pager.space.device(slot).ok_or(Errno::Einval)?;
    let elsewhere = i64::from(pager.pages.available()) + i64::from(pager.space.free_pages())
        - pager.space.free_on(slot);
    if elsewhere < device.used + i64::from(pager.space.lowat()) {
        return Err(Errno::Enomem);
    }
    pager.space.close_device(slot, &mut pager.events);
    Ok(slot)
}

/// The pages whose blocks lie on a device, the last one first.
fn pages_on<S: Sink>(pager: &Pager<S>, slot: SlotId) -> Vec<(ObjectId, PageIndex)> {
    let interleave = pager.space.interleave();
    let mappings = pager.meta.mappings().into_iter().rev();
    let there = mappings.filter(|(_, _, block)| interleave.slot_of(*block) == slot);
    there
        .map(|(object, index, _)| (object, index))
        .filter(|(object, _)| is_alive(pager, *object))
        .collect()
}

fn failed(error: OpError) -> Step<OpResult> {
    Step::Done(OpResult::Failed { error })
}
