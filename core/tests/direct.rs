//! An object driven as a disk belongs to the request under way: what else would touch its blocks
//! waits, or they would be in other hands before the transfers are over.

mod common;

use common::{HEAP, Machine, four_disks, range};
use swap_pager::{Command, Errno};
use swap_pager::command::{DirectCmd, OpError, OpResult, Pattern};
use swap_pager::units::{DeviceId, ObjectId, PageIndex};

const OTHER: ObjectId = ObjectId(2);

/// Four disks, and a direct write to 8 pages of an object under way.
fn writing() -> Machine {
    let mut machine = four_disks();
    machine.create(None, 16);
    machine.start(direct(Pattern::Label(1)));
    assert_eq!(machine.waiting.len(), 1);
    machine
}

fn direct(pattern: Pattern) -> Command {
    Command::Direct {
        object: HEAP,
        range: range(0, 8),
        io: DirectCmd::Write(pattern),
    }
}

fn written(machine: &mut Machine, object: ObjectId, pattern: Pattern) {
    for page in 0..8 {
        let done = machine.read(object, page, 1);
        assert!(matches!(done, OpResult::Touched(_)), "{done:?}");
        let expected = pattern.bytes(object, PageIndex(page));
        assert_eq!(machine.bytes(object, page), expected, "{object} {page}");
    }
}

#[test]
fn blocks_given_up_meanwhile_go_to_no_one_else() {
    let mut machine = writing();
    machine.start(Command::Free {
        object: HEAP,
        range: range(0, 8),
    });
    assert_eq!(machine.sleeps(), ["bpchain", "direct"]);
    machine.start(Command::Fill {
        object: OTHER,
        range: range(0, 8),
        pattern: Pattern::Label(2),
    });
    machine.start_pageout(OTHER, 0, 8, false);
    // The younger transfer is over first.
    machine.complete(1, None);
    machine.settle();
    written(&mut machine, OTHER, Pattern::Label(2));
}

#[test]
fn a_fault_brings_in_what_was_written() {
    let mut machine = writing();
    machine.start_read(HEAP, 0, 8);
    machine.start_write(HEAP, 8, 0, "behind the range");
    assert_eq!(machine.sleeps(), ["bpchain", "direct", "direct"]);
    machine.settle();
    written(&mut machine, HEAP, Pattern::Label(1));
}

#[test]
fn a_fault_on_a_shadow_waits_for_the_object_behind() {
    let mut machine = four_disks();
    machine.create(None, 16);
    machine.start(Command::Direct {
        object: OTHER,
        range: range(0, 8),
        io: DirectCmd::Write(Pattern::Label(1)),
    });
    machine.start(Command::Fork { object: OTHER });
    let child = ObjectId(4);
    machine.start_read(child, 0, 8);
    assert_eq!(machine.sleeps(), ["bpchain", "direct"]);
    machine.settle();
    let expected = |page| Pattern::Label(1).bytes(OTHER, PageIndex(page));
    for page in 0..8 {
        assert_eq!(machine.seen(child, page), expected(page), "{page}");
    }
}

#[test]
fn swapoff_brings_in_what_was_written() {
    let mut machine = writing();
    machine.start(Command::SwapOff { disk: DeviceId(0) });
    assert_eq!(machine.sleeps(), ["bpchain", "direct"]);
    machine.settle();
    assert_eq!(machine.model.slots[0], None);
    written(&mut machine, HEAP, Pattern::Label(1));
}

#[test]
fn requests_to_one_object_come_one_after_the_other() {
    let mut machine = writing();
    machine.start(direct(Pattern::Label(2)));
    machine.start(Command::Direct {
        object: OTHER,
        range: range(0, 8),
        io: DirectCmd::Write(Pattern::Label(3)),
    });
    assert_eq!(machine.sleeps(), ["bpchain", "direct", "bpchain"]);
    machine.settle();
    written(&mut machine, HEAP, Pattern::Label(2));
    written(&mut machine, OTHER, Pattern::Label(3));
}

#[test]
fn what_is_reserved_has_blocks_before_anything_is_written() {
    let mut machine = four_disks();
    machine.create(None, 64);
    let reserve = |start, count| Command::Direct {
        object: HEAP,
        range: range(start, count),
        io: DirectCmd::Reserve,
    };
    let free = machine.vm.pager().space.free_pages();
    let done = machine.run(reserve(0, 32));
    assert!(
        matches!(done, OpResult::Transferred { error: None, .. }),
        "{done:?}"
    );
    assert_eq!(machine.vm.pager().space.free_pages(), free - 32);
    // A page in memory, wherever it is, may lose what is on swap for it: it is refused.
    machine.start_write(HEAP, 60, 0, "in memory");
    let done = machine.run(reserve(32, 16));
    let error = OpError::Refused {
        errno: Errno::Ebusy,
    };
    assert_eq!(done, OpResult::Failed { error });
    assert_eq!(machine.vm.pager().space.free_pages(), free - 32);
}
