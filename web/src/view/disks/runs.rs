//! Neighbouring blocks of a disk that hold neighbouring pages.

use swap_pager::Model;
use swap_pager::stripe::Interleave;
use swap_pager::units::{DMMAX, DeviceBlock, ObjectId, PageIndex, SlotId, SwapBlock};

use crate::view::machine::interleave;

/// Blocks of one disk with pages of one object, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The slot of the disk.
    pub slot: SlotId,
    /// The first block on the disk.
    pub first: DeviceBlock,
    /// How many.
    pub count: u32,
    /// The first block in the swap space.
    pub block: SwapBlock,
    /// Whose pages.
    pub object: ObjectId,
    /// The first page.
    pub page: PageIndex,
}

/// The runs of a stripe, from left to right.
pub fn in_stripe(model: &Model, slot: SlotId, row: u32) -> Vec<Run> {
    let mut runs = Vec::new();
    collect(model, interleave(model), slot, row..row + 1, &mut runs);
    runs
}

/// The runs of a disk, in order; those that go on in its next stripe are one.
pub fn on_disk(model: &Model, slot: SlotId) -> Vec<Run> {
    let mut runs = Vec::new();
    if let Some(Some(device)) = model.slots.get(slot.0 as usize) {
        let rows = 0..device.pages.div_ceil(DMMAX);
        collect(model, interleave(model), slot, rows, &mut runs);
    }
    runs
}

/// The row after the last one that holds something, on any disk.
pub fn used_rows(model: &Model) -> u32 {
    let slots = interleave(model).slots() * DMMAX;
    let last = model.owners.iter().rposition(Option::is_some);
    last.map_or(0, |last| last as u32 / slots + 1)
}

/// The stripes of the longest disk.
pub fn rows(model: &Model) -> u32 {
    let devices = model.slots.iter().flatten();
    devices
        .map(|device| device.pages.div_ceil(DMMAX))
        .max()
        .unwrap_or(0)
}

fn collect(
    model: &Model,
    interleave: Interleave,
    slot: SlotId,
    rows: std::ops::Range<u32>,
    runs: &mut Vec<Run>,
) {
    for row in rows {
        let start = interleave.swap_block(slot, DeviceBlock(row * DMMAX)).0;
        let stripe = model.owners.get(start as usize..).unwrap_or_default();
        for (i, owner) in stripe.iter().take(DMMAX as usize).enumerate() {
            let &Some((object, page)) = owner else {
                continue;
            };
            let at = DeviceBlock(row * DMMAX + i as u32);
            if let Some(run) = runs.last_mut()
                && run.first.0 + run.count == at.0
                && run.object == object
                && run.page.0 + run.count == page.0
            {
                run.count += 1;
                continue;
            }
            runs.push(Run {
                slot,
                first: at,
                count: 1,
                block: SwapBlock(start + i as u32),
                object,
                page,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::command::{Command, PageRange, Pattern};
    use swap_pager::units::DeviceId;
    use swap_pager::{Config, EventQueue, Vm};

    fn striped() -> Model {
        let mut vm = Vm::new(Config::default(), EventQueue::new());
        let range = PageRange {
            start: PageIndex(0),
            count: 160,
        };
        let object = ObjectId(1);
        let mut commands: Vec<_> = (0..4)
            .map(|disk| Command::SwapOn {
                disk: DeviceId(disk),
                pages: 4096,
            })
            .collect();
        commands.push(Command::Create {
            name: None,
            pages: 160,
        });
        let pattern = Pattern::Byte(1);
        commands.push(Command::Fill {
            object,
            range,
            pattern,
        });
        commands.push(Command::Pageout {
            object,
            range,
            sync: false,
        });
        for command in commands {
            assert_eq!(vm.apply(command).err(), None);
            while let Some(io) = vm.poll_io() {
                assert_eq!(vm.complete(io.io, Ok(Vec::new())), Ok(()));
            }
        }
        vm.snapshot()
    }

    #[test]
    fn clusters_that_follow_on_in_a_stripe_are_one_run() {
        let model = striped();
        let runs = in_stripe(&model, SlotId(1), 1);
        assert_eq!(
            runs,
            [Run {
                slot: SlotId(1),
                first: DeviceBlock(32),
                count: 32,
                block: SwapBlock(160),
                object: ObjectId(1),
                page: PageIndex(32),
            }]
        );
        assert!(in_stripe(&model, SlotId(1), 0).is_empty());
    }

    #[test]
    fn pages_that_do_not_follow_on_begin_a_new_run() {
        let model = striped();
        let runs = on_disk(&model, SlotId(0));
        let told: Vec<_> = runs
            .iter()
            .map(|run| (run.first.0, run.count, run.page.0))
            .collect();
        assert_eq!(told, [(32, 32, 0), (64, 32, 128)]);
        assert_eq!(used_rows(&model), 3);
        assert_eq!(rows(&model), 128);
    }
}
