//! Any lines as commands: each is refused or carried out, and the fold of the events is the state.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swap_pager::disk::MemDisk;
use swap_pager::{Command, Config, EventQueue, MIN_FRAMES, Vm};

/// Larger objects only take longer.
const MOST_PAGES: u32 = 4096;

fuzz_target!(|bytes: &[u8]| {
    let config = Config { frames: MIN_FRAMES, ..Config::default() };
    let mut vm = Vm::new(config, EventQueue::new());
    let mut model = vm.snapshot();
    let mut disks = MemDisk::default();
    for line in bytes.split(|&byte| byte == b'\n').take(64) {
        let Ok(command) = serde_json::from_slice::<Command>(line) else {
            continue;
        };
        let too_large = match &command {
            Command::SwapOn { pages, .. } | Command::Create { pages, .. } => *pages > MOST_PAGES,
            _ => false,
        };
        if too_large || vm.apply(command).is_err() {
            continue;
        }
        while let Some(request) = vm.poll_io() {
            let result = disks.transfer(&request);
            vm.complete(request.io, result).expect("it was asked for");
        }
        while let Some(event) = vm.poll_event() {
            model.apply(&event);
        }
        assert_eq!(model, vm.snapshot());
    }
});
