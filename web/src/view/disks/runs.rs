//! Neighbouring blocks of a disk that hold neighbouring pages.

use swap_pager::Model;
use swap_pager::units::{DeviceBlock, ObjectId, PageIndex, SlotId, SwapBlock};

use crate::session::summary::Summary;
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

/// Calls `found` with each run of a stripe, in order.
pub fn in_stripe(model: &Model, stripe: u32, mut found: impl FnMut(Run)) {
    let interleave = interleave(model);
    let start = interleave.first_of(stripe).0;
    let (slot, at) = interleave.locate(SwapBlock(start));
    let blocks = model.owners.get(start as usize..).unwrap_or_default();
    let mut run: Option<Run> = None;
    for (i, owner) in (0..).zip(blocks.iter().take(interleave.stripe() as usize)) {
        let follows = run.filter(|run| {
            let next = PageIndex(run.page.0 + run.count);
            run.block.0 + run.count == start + i && *owner == Some((run.object, next))
        });
        if let Some(longer) = follows {
            let count = longer.count + 1;
            run = Some(Run { count, ..longer });
            continue;
        }
        let begun = owner.map(|(object, page)| Run {
            slot,
            first: DeviceBlock(at.0 + i),
            count: 1,
            block: SwapBlock(start + i),
            object,
            page,
        });
        if let Some(run) = std::mem::replace(&mut run, begun) {
            found(run);
        }
    }
    if let Some(run) = run {
        found(run);
    }
}

/// The first runs of some stripes, at most so many; those that go on in the next stripe of their
/// disk are one if they are to be `joined`. Stripes that hold nothing are passed over without a
/// look at their blocks.
pub fn first(
    model: &Model,
    summary: &Summary,
    stripes: impl Iterator<Item = u32>,
    joined: bool,
    most: usize,
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for stripe in stripes.filter(|&stripe| summary.used(stripe) > 0) {
        if runs.len() > most {
            break;
        }
        in_stripe(model, stripe, |run| match runs.last_mut() {
            Some(last)
                if joined
                    && last.slot == run.slot
                    && last.first.0 + last.count == run.first.0
                    && last.object == run.object
                    && last.page.0 + last.count == run.page.0 =>
            {
                last.count += run.count;
            }
            _ => runs.push(run),
        });
    }
    runs.truncate(most);
    runs
}

/// The stripes of the longest disk.
pub fn rows(model: &Model) -> u32 {
    let devices = model.slots.iter().flatten();
    devices
        .map(|device| device.pages.div_ceil(model.interleave.stripe()))
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::command::{Command, PageRange, Pattern};
    use swap_pager::units::DeviceId;
    use swap_pager::{Config, EventQueue, Vm};

    use crate::session::history::History;

    fn striped() -> (Model, History) {
        let mut vm = Vm::new(Config::default(), EventQueue::new());
        let mut model = vm.snapshot();
        let mut history = History::default();
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
        while let Some(event) = vm.poll_event() {
            history.push(event, true, &mut model);
        }
        (model, history)
    }

    #[test]
    fn clusters_that_follow_on_in_a_stripe_are_one_run() {
        let (model, _) = striped();
        let mut runs = Vec::new();
        in_stripe(&model, 5, |run| runs.push(run));
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
        in_stripe(&model, 1, |run| panic!("{run:?} in a reserved stripe"));
    }

    #[test]
    fn pages_that_do_not_follow_on_begin_a_new_run() {
        let (model, history) = striped();
        let told = |stripes: &mut dyn Iterator<Item = u32>, joined, most| -> Vec<_> {
            let runs = first(&model, history.summary(), stripes, joined, most);
            let told = runs.iter().map(|run| (run.block.0, run.count, run.page.0));
            told.collect()
        };
        let disk = told(&mut (0..512).step_by(4), true, 9);
        assert_eq!(disk, [(128, 32, 0), (256, 32, 128)]);
        // In the order of the swap space, stripes of other disks lie between.
        let all = [
            (128, 32, 0),
            (160, 32, 32),
            (192, 32, 64),
            (224, 32, 96),
            (256, 32, 128),
        ];
        assert_eq!(told(&mut (0..512), false, 9), all);
        assert_eq!(told(&mut (0..512), false, 2), all[..2]);
        assert_eq!(rows(&model), 128);
    }
}
