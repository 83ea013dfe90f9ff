//! Forks: copies that share until they are written to.

mod common;

use common::{HEAP, Machine, four_disks};
use swap_pager::Command;
use swap_pager::command::{OpResult, Pattern};
use swap_pager::units::{ObjectId, PageIndex};

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
