//! A machine for tests: one disk, and an object with pages on swap and in memory.

use swap_pager::command::{Command, PageRange, Pattern};
use swap_pager::units::{DeviceId, ObjectId, PageIndex};
use swap_pager::{Config, EventQueue, Model, Vm};

/// Object 1, "heap", has pages 0 to 15 on swap and 16 to 19 dirty in memory.
pub fn machine() -> Model {
    let mut vm = Vm::new(Config::default(), EventQueue::new());
    for command in [
        Command::SwapOn {
            disk: DeviceId(0),
            pages: 4096,
        },
        Command::Create {
            name: Some("heap".into()),
            pages: 64,
        },
        Command::Fill {
            object: ObjectId(1),
            range: range(0, 20),
            pattern: Pattern::Label(1),
        },
        Command::Pageout {
            object: ObjectId(1),
            range: range(0, 16),
            sync: false,
        },
    ] {
        assert_eq!(vm.apply(command).err(), None);
        while let Some(io) = vm.poll_io() {
            assert_eq!(vm.complete(io.io, Ok(Vec::new())), Ok(()));
        }
    }
    vm.snapshot()
}

/// So many pages from one on.
pub fn range(start: u32, count: u32) -> PageRange {
    PageRange {
        start: PageIndex(start),
        count,
    }
}
