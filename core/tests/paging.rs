//! Page-out, page-in and what goes wrong with them, on disks in memory.

mod common;

use common::{HEAP, Machine, four_disks};
use swap_pager::command::{OpError, OpResult, PagedOut, Pattern, Touched};
use swap_pager::event::IoCmd;
use swap_pager::units::{DeviceBlock, DeviceId, PageIndex, SlotId, SwapBlock};
use swap_pager::{Command, Errno, Event, PageData};

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
        assert_eq!(machine.disks.block(disk, block), PageData::new(expected));
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
    assert_eq!(machine.sleeps(), ["wswbuf0"]);
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
    assert_eq!(machine.sleeps(), ["swwrt"]);
    machine.settle();
    assert!(machine.vm.snapshot().pages.is_empty());
}

#[test]
fn a_write_to_a_page_on_its_way_out_waits_for_it() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 16, Pattern::Byte(1));
    machine.start_pageout(HEAP, 0, 16, false);
    machine.start_write(HEAP, 5, 0, "late");
    assert_eq!(machine.sleeps(), ["vmopar", "vmpfw"]);
    machine.settle();
    assert_eq!(machine.sleeps(), [""; 0]);
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

#[test]
fn a_transfer_names_the_disk_that_was_in_the_slot_then() {
    let mut machine = Machine::default();
    machine.swapon(7, 4096);
    machine.create(None, 16);
    machine.fill(HEAP, 0, 16, Pattern::Byte(1));
    machine.pageout(HEAP, 0, 16);
    machine.run(Command::SwapOff { disk: DeviceId(7) });
    machine.swapon(5, 4096);
    machine.pageout(HEAP, 0, 16);

    let place = |event: &Event| match event {
        Event::IoStarted { transfer } => transfer.place,
        _ => None,
    };
    let places = machine.events.iter().filter_map(place);
    let places: Vec<_> = places.map(|place| (place.device, place.slot)).collect();
    let (first, second) = (DeviceId(7), DeviceId(5));
    assert_eq!(places.first(), Some(&(first, SlotId(0))));
    assert_eq!(places.last(), Some(&(second, SlotId(0))));
}

#[test]
fn a_name_whose_object_is_going_stands_for_a_new_one() {
    let mut machine = four_disks();
    machine.fill(HEAP, 0, 1, Pattern::Label(1));
    machine.start_pageout(HEAP, 0, 1, false);
    machine.start_destroy(HEAP);
    assert_eq!(machine.sleeps(), ["vmopar", "objtrm"]);
    let create = Command::Create {
        name: Some("heap".to_owned()),
        pages: 8,
    };
    for _ in 0..2 {
        machine.start(create.clone());
    }
    machine.settle();
    let objects: Vec<_> = machine.model.objects.values().collect();
    let [object] = objects[..] else {
        panic!("{objects:?}");
    };
    assert_eq!((object.size, object.ref_count, object.dead), (8, 2, false));
}
