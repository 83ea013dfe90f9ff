//! What a person does, from end to end, on disks in memory.

mod common;

use common::Machine;
use swap_pager::command::{DirectCmd, OpError, OpResult, PagedOut, Pattern, Touched};
use swap_pager::event::IoCmd;
use swap_pager::page::Queue;
use swap_pager::units::{DeviceBlock, DeviceId, ObjectId, PageIndex, SwapBlock};
use swap_pager::{Command, Config, Errno};

const HEAP: ObjectId = ObjectId(1);

/// Four disks of 4,096 pages and an object of 128.
fn four_disks() -> Machine {
    let mut machine = Machine::default();
    for disk in 0..4 {
        machine.swapon(disk, 4096);
    }
    machine.create(Some("heap"), 128);
    machine
}

#[test]
fn a_pageout_lands_striped_behind_the_reserved_stripes() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 128, Pattern::Label(1));
    let done = machine.pageout(HEAP, 0, 128);
    assert_eq!(
        done,
        OpResult::PagedOut(PagedOut {
            written: 128,
            freed: 128,
            kept: 0
        })
    );

    let model = machine.vm.snapshot();
    assert!(model.pages.is_empty());
    assert_eq!(model.free, 4 * (4096 - 32) - 128);
    for page in 0..128 {
        assert_eq!(model.swap[&(HEAP, PageIndex(page))], SwapBlock(128 + page));
        let (disk, block) = (DeviceId(page / 32), DeviceBlock(32 + page % 32));
        let expected = Pattern::Label(1).bytes(HEAP, PageIndex(page));
        assert_eq!(machine.disks.block(disk, block).as_bytes(), &expected);
    }
}

#[test]
fn what_was_paged_out_comes_back_with_its_neighbours() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 128, Pattern::Noise(7));
    machine.pageout(HEAP, 0, 128);
    let done = machine.read(HEAP, 40, 1);
    assert_eq!(
        done,
        OpResult::Touched(Touched {
            paged_in: 1,
            ..Touched::default()
        })
    );

    // Seven on either side, as far as haspage looks; the stripe begins at page 32.
    let resident: Vec<u32> = machine
        .vm
        .snapshot()
        .pages
        .keys()
        .map(|(_, index)| index.0)
        .collect();
    assert_eq!(resident, (33..=47).collect::<Vec<_>>());
    let done = machine.read(HEAP, 0, 128);
    assert!(
        matches!(done, OpResult::Touched(Touched { zero_filled: 0, .. })),
        "{done:?}"
    );
    for page in 0..128 {
        let expected = Pattern::Noise(7).bytes(HEAP, PageIndex(page));
        assert_eq!(machine.bytes(HEAP, page), expected);
    }
}

#[test]
fn a_page_in_stops_at_the_border_of_a_stripe() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 128, Pattern::Byte(1));
    machine.pageout(HEAP, 0, 128);
    machine.read(HEAP, 33, 1);
    let first = machine.vm.snapshot().pages.keys().next().copied();
    assert_eq!(first, Some((HEAP, PageIndex(32))));
}

#[test]
fn writing_to_a_page_frees_its_swap() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 16, Pattern::Byte(1));
    machine.pageout(HEAP, 0, 16);
    let free = machine.vm.snapshot().free;
    machine.write(HEAP, 3, 10, "still here");

    let model = machine.vm.snapshot();
    assert_eq!(model.free, free + 1);
    assert!(!model.swap.contains_key(&(HEAP, PageIndex(3))));
    assert!(model.pages[&(HEAP, PageIndex(3))].state.dirty);
    let mut expected = [1; 4096];
    expected[10..20].copy_from_slice(b"still here");
    assert_eq!(machine.bytes(HEAP, 3), expected);
}

#[test]
fn the_daemon_keeps_four_writes_under_way_and_sleeps_on_wswbuf0() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 128, Pattern::Byte(1));
    machine.start_pageout(HEAP, 0, 128, false);
    assert_eq!(machine.vm.in_flight().len(), 4);
    let model = machine.vm.snapshot();
    let sleeps: Vec<_> = model.ops.values().filter_map(|op| op.sleeps_on).collect();
    assert_eq!(
        sleeps
            .iter()
            .map(|channel| channel.wmesg)
            .collect::<Vec<_>>(),
        ["wswbuf0"]
    );
    assert_eq!(model.pools.wcount_async, 0);

    machine.complete_oldest(None);
    assert_eq!(machine.vm.in_flight().len(), 4);
    machine.settle();
    assert_eq!(machine.vm.snapshot().pools.wcount_async, 4);
}

#[test]
fn a_process_writes_one_cluster_at_a_time_and_sleeps_on_swwrt() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 64, Pattern::Byte(1));
    machine.start_pageout(HEAP, 0, 64, true);
    assert_eq!(machine.vm.in_flight().len(), 1);
    let model = machine.vm.snapshot();
    let wmesg = model
        .ops
        .values()
        .filter_map(|op| op.sleeps_on)
        .map(|channel| channel.wmesg);
    assert_eq!(wmesg.collect::<Vec<_>>(), ["swwrt"]);
    machine.settle();
    assert!(machine.vm.snapshot().pages.is_empty());
}

#[test]
fn a_write_to_a_page_on_its_way_out_waits_for_it() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 16, Pattern::Byte(1));
    machine.start_pageout(HEAP, 0, 16, false);
    machine.start_write(HEAP, 5, 0, "late");
    let wmesg = |machine: &Machine| -> Vec<&str> {
        let model = machine.vm.snapshot();
        model
            .ops
            .values()
            .filter_map(|op| op.sleeps_on)
            .map(|channel| channel.wmesg)
            .collect()
    };
    assert_eq!(wmesg(&machine), ["vmopar", "vmpfw"]);
    machine.settle();
    assert_eq!(wmesg(&machine), [""; 0]);
    assert_eq!(&machine.bytes(HEAP, 5)[..6], b"late\x01\x01");
}

#[test]
fn without_room_pages_stay_dirty_in_memory_and_the_kernel_says_so() {
    let mut machine = Machine::default();
    machine.swapon(0, 64);
    machine.create(None, 64);
    machine.fill(HEAP, 0, 64, Pattern::Byte(9));
    let done = machine.pageout(HEAP, 0, 64);
    assert_eq!(
        done,
        OpResult::PagedOut(PagedOut {
            written: 32,
            freed: 32,
            kept: 32
        })
    );
    let model = machine.vm.snapshot();
    assert_eq!(
        (model.free, model.full.full, model.full.almost_full),
        (0, 2, true)
    );
    assert_eq!(model.pages.len(), 32);
    assert!(
        machine
            .messages()
            .contains(&"swap_pager_getswapspace: failed".to_owned())
    );
}

#[test]
fn a_failed_write_keeps_the_page_dirty_and_a_second_try_succeeds() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 16, Pattern::Byte(4));
    machine.start_pageout(HEAP, 0, 16, false);
    machine.complete_oldest(Some(Errno::Eio));
    machine.settle();
    assert_eq!(machine.vm.snapshot().pages.len(), 16);
    let message = "swap_pager: I/O error - pageout failed; blkno 256,size 65536, error 5";
    assert!(machine.messages().contains(&message.to_owned()));

    let done = machine.pageout(HEAP, 0, 16);
    assert_eq!(
        done,
        OpResult::PagedOut(PagedOut {
            written: 16,
            freed: 16,
            kept: 0
        })
    );
    machine.read(HEAP, 0, 16);
    assert_eq!(machine.bytes(HEAP, 15), [4; 4096]);
}

#[test]
fn a_failed_read_is_told_and_can_be_tried_again() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 16, Pattern::Byte(4));
    machine.pageout(HEAP, 0, 16);
    machine.start_read(HEAP, 2, 1);
    assert_eq!(machine.vm.in_flight()[0].cmd, IoCmd::Read);
    machine.complete_oldest(Some(Errno::Eio));
    let error = OpError::PageIn { page: PageIndex(2) };
    assert_eq!(machine.last_result(), Some(OpResult::Failed { error }));
    assert!(machine.vm.snapshot().pages.is_empty());

    machine.read(HEAP, 2, 1);
    assert_eq!(machine.bytes(HEAP, 2), [4; 4096]);
}

#[test]
fn an_object_goes_with_its_last_reference_once_paging_is_over() {
    let mut machine = four_disks();
    let free = machine.vm.snapshot().free;
    machine.create(Some("heap"), 1);
    machine.fill(HEAP, 0, 128, Pattern::Byte(1));
    machine.start_pageout(HEAP, 0, 64, false);
    machine.start_destroy(HEAP);
    assert_eq!(
        machine.last_result(),
        Some(OpResult::Destroyed { ref_count: 1 })
    );
    machine.start_destroy(HEAP);
    assert!(machine.check_read(HEAP).is_err(), "it is being taken apart");
    machine.settle();

    let model = machine.vm.snapshot();
    assert_eq!(
        (model.objects.len(), model.pages.len(), model.swap.len()),
        (0, 0, 0)
    );
    assert_eq!((model.free, model.ops.len()), (free, 0));
}

#[test]
fn a_disk_is_refused_as_the_kernel_refuses_it() {
    let mut machine = Machine::default();
    let refused = |errno| OpResult::Failed {
        error: OpError::Refused { errno },
    };
    machine.swapon(7, 64);
    assert_eq!(machine.swapon(7, 64), refused(Errno::Ebusy));
    for disk in 0..3 {
        machine.swapon(disk, 64);
    }
    assert_eq!(machine.swapon(9, 64), refused(Errno::Einval));
}

#[test]
fn the_kernel_complains_about_a_page_in_that_takes_very_long() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 16, Pattern::Byte(4));
    machine.pageout(HEAP, 0, 16);
    machine.start_read(HEAP, 0, 1);
    let read = machine.vm.in_flight()[0].io;
    machine
        .vm
        .indefinite_wait(read)
        .expect("the read is in flight");
    machine.settle();
    let message = "swap_pager: indefinite wait buffer: device: disk 0, blkno: 256, size: 32768";
    assert_eq!(machine.messages(), [message]);
    assert_eq!(machine.model.counters.v_intrans, 2);
    assert!(machine.vm.indefinite_wait(read).is_err(), "it is over");
}

/// A machine of 256 frames with an object of 1,024 pages.
fn small_memory() -> Machine {
    let mut machine = Machine::new(Config {
        frames: 256,
        ..Config::default()
    });
    for disk in 0..4 {
        machine.swapon(disk, 4096);
    }
    machine.create(Some("heap"), 1024);
    machine
}

#[test]
fn when_memory_runs_short_the_daemon_pages_out_by_itself() {
    let mut machine = small_memory();
    let range = common::range(0, 1024);
    machine.start(Command::Fill {
        object: HEAP,
        range,
        pattern: Pattern::Label(3),
    });
    let model = machine.model.clone();
    let sleeps: Vec<_> = model.ops.values().filter_map(|op| op.sleeps_on).collect();
    assert_eq!(
        sleeps
            .iter()
            .map(|channel| channel.wmesg)
            .collect::<Vec<_>>(),
        ["vmwait"]
    );
    assert_eq!(model.daemon.map(|channel| channel.wmesg), Some("wswbuf0"));
    assert_eq!(model.in_flight.len(), 4);

    machine.settle();
    let done = OpResult::Touched(Touched {
        zero_filled: 1024,
        ..Touched::default()
    });
    assert_eq!(machine.last_result(), Some(done));
    let model = &machine.model;
    assert_eq!(model.daemon.map(|channel| channel.wmesg), Some("psleep"));
    let cached = model
        .pages
        .values()
        .filter(|page| page.state.queue == Queue::Cache)
        .count();
    let available = model.frames - model.pages.len() as u32 + cached as u32;
    assert!(
        available >= model.targets.min,
        "{available} frames can be had"
    );
    for page in 0..1024 {
        machine.read(HEAP, page, 1);
        assert_eq!(
            machine.bytes(HEAP, page),
            Pattern::Label(3).bytes(HEAP, PageIndex(page))
        );
    }
}

#[test]
fn pages_in_use_stay_longer_than_those_that_are_not() {
    let mut machine = small_memory();
    machine.fill(HEAP, 0, 16, Pattern::Byte(1));
    for start in (16..1024).step_by(16) {
        machine.fill(HEAP, start, 16, Pattern::Byte(2));
        machine.read(HEAP, 0, 16);
    }
    let before = machine.model.counters.v_swappgsin;
    machine.read(HEAP, 0, 16);
    assert_eq!(
        machine.model.counters.v_swappgsin, before,
        "they never left"
    );
}

#[test]
fn without_memory_and_swap_the_kernel_kills_and_the_rest_lives_on() {
    let mut machine = Machine::new(Config {
        frames: 256,
        ..Config::default()
    });
    machine.swapon(0, 64);
    machine.create(None, 1024);
    machine.run(Command::Fill {
        object: HEAP,
        range: common::range(0, 1024),
        pattern: Pattern::Byte(1),
    });
    assert_eq!(
        machine.last_result(),
        Some(OpResult::Failed {
            error: OpError::Killed
        })
    );
    assert!(
        machine
            .messages()
            .iter()
            .any(|text| text.ends_with("killed: out of swap space"))
    );

    machine.swapon(1, 4096);
    let done = machine.run(Command::Fill {
        object: HEAP,
        range: common::range(0, 1024),
        pattern: Pattern::Byte(1),
    });
    assert!(
        matches!(done, OpResult::Touched(_)),
        "with a second disk there is room: {done:?}"
    );
}

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
        assert_eq!(data.as_bytes(), &expected(page), "page {page}");
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

#[test]
fn an_object_that_goes_while_a_fault_waits_for_memory_stays_gone() {
    let mut machine = small_memory();
    let fill = |object| Command::Fill {
        object,
        range: common::range(0, 1024),
        pattern: Pattern::Byte(1),
    };
    machine.start(fill(HEAP));
    machine.create_unsettled(1024);
    machine.start(fill(ObjectId(2)));
    machine.start_destroy(ObjectId(2));
    machine.settle();
    let gone = machine
        .model
        .pages
        .keys()
        .all(|(object, _)| *object == HEAP);
    assert!(gone && machine.model.objects.len() == 1);
}

/// The two objects that a fork made.
fn fork(machine: &mut Machine, object: ObjectId) -> (ObjectId, ObjectId) {
    match machine.run(Command::Fork { object }) {
        OpResult::Forked { parent, child } => (parent, child),
        other => panic!("{other:?}"),
    }
}

/// Four disks and an unnamed object of 64 pages, half of them paged out, the last 16 never written.
fn to_be_forked() -> Machine {
    let mut machine = Machine::default();
    for disk in 0..4 {
        machine.swapon(disk, 4096);
    }
    machine.create(None, 64);
    machine.fill(HEAP, 0, 48, Pattern::Label(1));
    machine.pageout(HEAP, 0, 32);
    machine
}

#[test]
fn after_a_fork_each_side_sees_only_its_own_writes() {
    let mut machine = to_be_forked();
    let (parent, child) = fork(&mut machine, HEAP);
    assert!(
        machine
            .vm
            .check(&Command::Destroy { object: HEAP })
            .is_err(),
        "it is shared"
    );
    machine.fill(child, 8, 32, Pattern::Label(2));
    machine.write(parent, 60, 0, "parent");
    machine.read(parent, 0, 64);
    machine.read(child, 0, 64);

    let counters = machine.model.counters;
    assert_eq!(counters.v_cow_faults, 32);
    let original = |page| match page {
        0..48 => Pattern::Label(1).bytes(HEAP, PageIndex(page)),
        _ => [0; 4096],
    };
    for page in 0..64 {
        let expected = match page {
            8..40 => Pattern::Label(2).bytes(child, PageIndex(page)),
            _ => original(page),
        };
        assert_eq!(machine.seen(child, page), expected, "child {page}");
        let seen = machine.seen(parent, page);
        match page {
            60 => assert!(seen.starts_with(b"parent\0")),
            _ => assert_eq!(seen, original(page), "parent {page}"),
        }
    }
}

#[test]
fn what_lies_behind_one_object_only_is_taken_in() {
    let mut machine = to_be_forked();
    let (parent, child) = fork(&mut machine, HEAP);
    machine.fill(child, 8, 8, Pattern::Label(2));
    machine.pageout(child, 0, 64);
    machine.start_destroy(parent);
    machine.settle();

    let model = &machine.model;
    assert_eq!(model.objects.keys().copied().collect::<Vec<_>>(), [child]);
    assert_eq!(model.objects[&child].backing, None);
    // 8 blocks are the child's own and 24 came from behind, but for those of 7 pages that were
    // read along with the first one copied: a page that moves is dirty, and gives up its swap.
    assert_eq!(model.swap.len(), 8 + 24 - 7);
    for page in 0..64 {
        machine.read(child, page, 1);
        let expected = match page {
            8..16 => Pattern::Label(2).bytes(child, PageIndex(page)),
            0..48 => Pattern::Label(1).bytes(HEAP, PageIndex(page)),
            _ => [0; 4096],
        };
        assert_eq!(machine.bytes(child, page), expected, "{page}");
    }
    machine.start_destroy(child);
    machine.settle();
    assert_eq!(machine.model.free, 4 * (4096 - 32));
    assert!(machine.model.objects.is_empty() && machine.model.pages.is_empty());
}

#[test]
fn a_named_object_is_shared_by_a_fork() {
    let mut machine = four_disks();
    assert_eq!(fork(&mut machine, HEAP), (HEAP, HEAP));
    assert_eq!(machine.model.objects[&HEAP].ref_count, 2);
}

#[test]
fn a_long_object_is_taken_in_with_all_its_swap() {
    let mut machine = Machine::default();
    machine.swapon(0, 4096);
    machine.create(None, 20_000);
    for start in [0, 7_777, 19_984] {
        machine.fill(HEAP, start, 16, Pattern::Label(1));
    }
    machine.pageout(HEAP, 0, 20_000);
    let (parent, child) = fork(&mut machine, HEAP);
    machine.start_destroy(child);
    machine.settle();
    assert_eq!(machine.model.objects.len(), 1);
    assert_eq!(machine.model.swap.len(), 48);
    for page in [0, 15, 7_777, 7_792, 19_999] {
        machine.read(parent, page, 1);
        assert_eq!(
            machine.bytes(parent, page),
            Pattern::Label(1).bytes(HEAP, PageIndex(page))
        );
    }
}
