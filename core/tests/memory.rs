//! What happens when memory runs short.

mod common;

use common::{HEAP, Machine, small_memory};
use swap_pager::command::{DirectCmd, OpError, OpResult, Pattern, Touched};
use swap_pager::page::Queue;
use swap_pager::units::{ObjectId, PageIndex};
use swap_pager::{Command, Config};

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
    assert_eq!(machine.sleeps(), ["vmwait"]);
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

/// A machine whose kernel has room for two metadata blocks, both in use by the first of two
/// objects.
fn without_metadata() -> Machine {
    let mut machine = Machine::new(Config {
        swap_zone: 2,
        ..Config::default()
    });
    machine.swapon(0, 4096);
    machine.create(None, 64);
    machine.create(None, 64);
    machine.fill(HEAP, 0, 64, Pattern::Byte(1));
    let done = machine.pageout(HEAP, 0, 64);
    assert!(matches!(done, OpResult::PagedOut(_)), "{done:?}");
    machine
}

#[test]
fn a_pageout_that_needs_metadata_waits_until_there_is_some() {
    let mut machine = without_metadata();
    let other = ObjectId(2);
    machine.fill(other, 0, 16, Pattern::Byte(2));
    machine.start_pageout(other, 0, 16, false);
    assert_eq!(
        (machine.sleeps(), machine.waiting.len()),
        (vec!["vmwait"], 0)
    );
    machine.start_destroy(HEAP);
    machine.settle();
    machine.read(other, 0, 16);
    assert_eq!(machine.bytes(other, 15), [2; 4096]);
}

#[test]
fn a_direct_write_that_needs_metadata_waits_until_there_is_some() {
    let mut machine = without_metadata();
    let (object, range) = (ObjectId(2), common::range(8, 8));
    let io = DirectCmd::Write(Pattern::Byte(3));
    machine.start(Command::Direct { object, range, io });
    assert_eq!(machine.sleeps(), ["vmwait"]);
    machine.start_destroy(HEAP);
    machine.settle();
    machine.read(object, 8, 8);
    assert_eq!(machine.bytes(object, 15), [3; 4096]);
}
