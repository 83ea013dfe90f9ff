//! swapoff, madvise, objects driven as disks, and settings.

mod common;

use common::{HEAP, Machine, four_disks};
use swap_pager::command::{
    CommandError, DirectCmd, MAX_DISKS, OpError, OpResult, PagedOut, Pattern,
};
use swap_pager::units::{DeviceId, PageIndex};
use swap_pager::{Command, Config, Errno, PageData};

#[test]
fn a_disk_that_is_switched_off_gives_back_what_it_held() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 128, Pattern::Label(5));
    machine.pageout(HEAP, 0, 128);
    let done = machine.run(Command::SwapOff { disk: DeviceId(2) });
    assert_eq!(done, OpResult::SwappedOff { pages: 32 });

    let model = machine.model.clone();
    assert_eq!(model.slots[2], None);
    assert_eq!(model.free, 3 * (4096 - 32) - 96);
    assert_eq!(model.swap.len(), 96);
    let resident: Vec<u32> = model
        .pages
        .iter()
        .filter(|(_, page)| page.state.dirty)
        .map(|((_, index), _)| index.0)
        .collect();
    assert_eq!(resident, (64..96).collect::<Vec<_>>());
    machine.read(HEAP, 0, 128);
    for page in 0..128 {
        assert_eq!(
            machine.bytes(HEAP, page),
            Pattern::Label(5).bytes(HEAP, PageIndex(page))
        );
    }
    // Its stripes are no longer found, and its slot is the first that is empty.
    machine.fill(HEAP, 0, 128, Pattern::Label(6));
    machine.pageout(HEAP, 0, 128);
    let slots: Vec<u32> = machine
        .model
        .swap
        .values()
        .map(|block| block.0 / 32 % 4)
        .collect();
    assert!(!slots.contains(&2));
    machine.swapon(9, 64);
    assert_eq!(
        machine.model.slots[2].map(|device| device.id),
        Some(DeviceId(9))
    );
}

#[test]
fn a_disk_whose_number_no_store_can_tell_apart_is_refused() {
    let machine = four_disks();
    let on = |disk| {
        let (disk, pages) = (DeviceId(disk), 4096);
        machine.vm.check(&Command::SwapOn { disk, pages })
    };
    assert_eq!(on(MAX_DISKS - 1), Ok(()));
    let refused = on(MAX_DISKS).expect_err("it is refused");
    assert_eq!(refused, CommandError::DiskNumber(DeviceId(67_108_864)));
    assert_eq!(
        refused.to_string(),
        "disk 67108864: disks have the numbers 0 to 67108863."
    );
    assert!(on(u32::MAX).is_err());
}

#[test]
fn a_disk_is_on_only_once_even_behind_an_empty_slot() {
    let mut machine = four_disks();
    machine.run(Command::SwapOff { disk: DeviceId(0) });
    let error = OpError::Refused {
        errno: Errno::Ebusy,
    };
    assert_eq!(machine.swapon(1, 64), OpResult::Failed { error });
    assert!(matches!(machine.swapon(0, 64), OpResult::SwappedOn(_)));
}

#[test]
fn a_disk_whose_pages_fit_nowhere_else_stays_on() {
    let mut machine = Machine::new(Config {
        frames: 256,
        ..Config::default()
    });
    machine.swapon(0, 4096);
    machine.create(None, 1024);
    machine.fill(HEAP, 0, 1024, Pattern::Byte(1));
    let refused = |errno| OpResult::Failed {
        error: OpError::Refused { errno },
    };
    assert_eq!(
        machine.run(Command::SwapOff { disk: DeviceId(0) }),
        refused(Errno::Enomem)
    );
    assert_eq!(
        machine.run(Command::SwapOff { disk: DeviceId(1) }),
        refused(Errno::Einval)
    );
    machine.swapon(1, 4096);
    let done = machine.run(Command::SwapOff { disk: DeviceId(0) });
    assert!(
        matches!(done, OpResult::SwappedOff { pages: 500.. }),
        "{done:?}"
    );
    for page in 0..1024 {
        machine.read(HEAP, page, 1);
        assert_eq!(machine.bytes(HEAP, page), [1; 4096]);
    }
}

#[test]
fn given_up_pages_lose_their_swap_and_later_their_contents() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 32, Pattern::Byte(1));
    machine.pageout(HEAP, 0, 16);
    let done = machine.run(Command::Free {
        object: HEAP,
        range: common::range(0, 32),
    });
    assert_eq!(done, OpResult::GivenUp { pages: 32 });
    assert!(machine.model.swap.is_empty());
    let done = machine.pageout(HEAP, 0, 32);
    assert_eq!(
        done,
        OpResult::PagedOut(PagedOut {
            written: 0,
            freed: 16,
            kept: 0
        })
    );
    machine.read(HEAP, 0, 32);
    assert_eq!(machine.bytes(HEAP, 20), [0; 4096]);
}

#[test]
fn an_object_can_be_driven_as_a_disk() {
    let mut machine = four_disks();
    let direct = |start, count, io| Command::Direct {
        object: HEAP,
        range: common::range(start, count),
        io,
    };
    let transferred = |zero_filled, data| OpResult::Transferred {
        error: None,
        resid: 0,
        zero_filled,
        data,
    };
    let done = machine.run(direct(8, 80, DirectCmd::Write(Pattern::Label(2))));
    assert_eq!(done, transferred(0, Vec::new()));
    assert_eq!(
        (machine.model.swap.len(), machine.model.pages.len()),
        (80, 0)
    );

    let OpResult::Transferred {
        zero_filled: 4,
        data,
        ..
    } = machine.run(direct(4, 8, DirectCmd::Read))
    else {
        panic!("{:?}", machine.last_result());
    };
    let expected = |page| match page {
        0..8 => [0; 4096],
        page => Pattern::Label(2).bytes(HEAP, PageIndex(page)),
    };
    for (page, data) in (4..).zip(data) {
        assert_eq!(data, PageData::new(expected(page)), "page {page}");
    }
    machine.read(HEAP, 9, 1);
    assert_eq!(machine.bytes(HEAP, 9), expected(9));
    let busy = OpResult::Failed {
        error: OpError::Refused {
            errno: Errno::Ebusy,
        },
    };
    assert_eq!(machine.run(direct(0, 128, DirectCmd::Delete)), busy);
    machine.pageout(HEAP, 0, 128);
    assert_eq!(
        machine.run(direct(0, 128, DirectCmd::Delete)),
        transferred(0, Vec::new())
    );
    assert!(machine.model.swap.is_empty());
}

#[test]
fn the_limit_on_asynchronous_writes_can_be_changed() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 128, Pattern::Byte(1));
    machine.run(Command::SetAsyncMax { value: 7 });
    machine.start_pageout(HEAP, 0, 128, false);
    assert_eq!(machine.vm.in_flight().len(), 7);
    machine.settle();
    machine.run(Command::SetAsyncMax { value: -3 });
    machine.fill(HEAP, 0, 128, Pattern::Byte(2));
    machine.start_pageout(HEAP, 0, 128, false);
    assert_eq!(machine.vm.in_flight().len(), 1);
    machine.settle();
}
