#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use swap_pager::command::{DirectCmd, Pattern};
use swap_pager::units::{DeviceId, ObjectId, OpId, PageIndex};
use swap_pager::{Command, Config, Errno, EventQueue, PageData, Policy, Vm};

use super::*;
use crate::view::test_machine::range;

const HEAP: ObjectId = ObjectId(1);
const STACK: ObjectId = ObjectId(2);

/// A machine with its history. Transfers end at once, unless they are `held`; writes fail if
/// they are to.
struct Run {
    vm: Vm<EventQueue>,
    history: History,
    model: Model,
    held: bool,
    fails: bool,
}

impl Run {
    fn new(config: Config) -> Run {
        let vm = Vm::new(config, EventQueue::new());
        Run {
            model: vm.snapshot(),
            vm,
            history: History::default(),
            held: false,
            fails: false,
        }
    }

    /// With so many disks, and two objects of 64 pages.
    fn with_disks(disks: u32, pages: u32) -> Run {
        Run::built(Config::default(), disks, pages)
    }

    fn built(config: Config, disks: u32, pages: u32) -> Run {
        let mut run = Run::new(config);
        for disk in (0..disks).map(DeviceId) {
            run.give(Command::SwapOn { disk, pages });
        }
        for name in ["heap", "stack"] {
            let name = Some(name.to_owned());
            run.give(Command::Create { name, pages: 64 });
        }
        run
    }

    fn drain(&mut self) {
        while let Some(event) = self.vm.poll_event() {
            self.history.push(event, true, &mut self.model);
        }
    }

    fn give(&mut self, command: Command) {
        assert_eq!(self.vm.apply(command).err(), None);
        while let Some(io) = (!self.held).then(|| self.vm.poll_io()).flatten() {
            let result = match (self.fails, io.data.is_empty()) {
                (true, _) => Err(Errno::Eio),
                (_, true) => Ok(vec![PageData::zero(); io.pages as usize]),
                _ => Ok(Vec::new()),
            };
            assert_eq!(self.vm.complete(io.io, result), Ok(()));
        }
        self.drain();
    }

    fn fill(&mut self, object: ObjectId, start: u32, count: u32) {
        let (range, pattern) = (range(start, count), Pattern::Label(1));
        self.give(Command::Fill {
            object,
            range,
            pattern,
        });
    }

    fn pageout(&mut self, object: ObjectId, start: u32, count: u32) {
        let (range, sync) = (range(start, count), false);
        self.give(Command::Pageout {
            object,
            range,
            sync,
        });
    }

    fn read(&mut self, object: ObjectId, start: u32, count: u32) {
        let range = range(start, count);
        self.give(Command::Read { object, range });
    }

    fn why(&self, thing: Thing) -> Vec<String> {
        let tale = why(&self.history, &self.model, thing);
        for sentence in &tale {
            assert!(sentence.seq <= self.history.at(), "{}", sentence.text());
        }
        tale.iter().map(Sentence::text).collect()
    }

    fn page(&self, object: ObjectId, page: u32) -> Vec<String> {
        self.why(Thing::Page(object, PageIndex(page)))
    }
}

#[track_caller]
fn tells(tale: &[String], expected: &[&str]) {
    let mut rest = tale.iter();
    for part in expected {
        let found = rest.any(|sentence| sentence.contains(part));
        assert!(found, "“{part}” is not told, or not there: {tale:#?}");
    }
}

/// In the first leaf only 12 blocks in a row are free.
fn fragmented() -> Run {
    let mut run = Run::with_disks(1, 256);
    run.fill(HEAP, 0, 32);
    run.pageout(HEAP, 0, 32);
    run.fill(HEAP, 0, 12);
    run
}

#[test]
fn a_cluster_that_was_cut_tells_of_the_border() {
    let config = Config {
        stripe: 8,
        ..Config::default()
    };
    let mut run = Run::built(config, 4, 256);
    run.fill(HEAP, 0, 16);
    run.pageout(HEAP, 0, 16);
    tells(
        &run.page(HEAP, 3),
        &[
            "getswapspace sought 16 in a row.",
            "Leaf 1 (32..63) gave 32..47.",
            "getswapspace took 32..47, and 32 + 3 = 35.",
            "A stripe ends before 40: what is behind it goes back to the free space, and 8 pages are written here.",
            "A stripe has 8 blocks here: ⌊35 / 8⌋ = 4, and 4 mod 4 = 0, so all of it is on disk 0.",
            "One write of 8 pages (32 KiB) to disk 0, from its block 8 on.",
        ],
    );
}

#[test]
fn a_search_tells_where_it_began() {
    let config = |policy| Config {
        policy,
        ..Config::default()
    };
    let mut run = Run::built(config(Policy::NextFit), 1, 64);
    run.fill(HEAP, 0, 32);
    run.pageout(HEAP, 0, 16);
    run.pageout(HEAP, 16, 16);
    tells(
        &run.page(HEAP, 0),
        &[
            "getswapspace sought 16 in a row.",
            "Next fit: nothing was found yet, so the search begins with block 0.",
            "Leaf 4 (128..159) gave 128..143.",
        ],
    );
    // The disk is full, and its first half becomes free.
    run.fill(HEAP, 0, 16);
    run.fill(STACK, 0, 16);
    run.pageout(STACK, 0, 16);
    tells(
        &run.page(STACK, 2),
        &[
            "getswapspace sought 16 in a row.",
            "Next fit: the search begins with the leaf that gave room last, at block 128.",
            "gave 128..143.",
        ],
    );
    run.fill(HEAP, 0, 32);
    run.pageout(HEAP, 0, 16);
    let told = run.page(HEAP, 2);
    assert_eq!(
        told.iter()
            .filter(|told| told.starts_with("getswapspace sought"))
            .count(),
        1
    );

    let mut run = Run::built(config(Policy::RoundRobin), 2, 256);
    run.fill(HEAP, 0, 32);
    run.pageout(HEAP, 0, 32);
    tells(
        &run.page(HEAP, 20),
        &[
            "getswapspace sought 16 in a row.",
            "Round robin: it is the turn of disk 1, and only its leaves are looked at.",
            "Leaf 5 (160..191) gave 160..175.",
            "so all of it is on disk 1.",
        ],
    );
}

#[test]
fn a_search_that_came_round_tells_that_it_began_anew() {
    let config = Config {
        policy: Policy::NextFit,
        ..Config::default()
    };
    let mut run = Run::built(config, 1, 96);
    run.fill(HEAP, 0, 64);
    run.pageout(HEAP, 0, 64);
    // The first of two leaves is freed, and the search begins with the second.
    run.fill(HEAP, 0, 32);
    run.fill(STACK, 0, 16);
    run.pageout(STACK, 0, 16);
    tells(
        &run.page(STACK, 0),
        &[
            "getswapspace sought 16 in a row.",
            "Next fit: the search begins with the leaf that gave room last, at block 256.",
            "The root",
            "Next fit: there was no room up to the end, so it begins anew with block 0.",
            "The root",
            "Leaf 4 (128..159) gave 128..143.",
        ],
    );
}

#[test]
fn a_block_tells_of_the_leaves_that_were_too_short() {
    let mut run = fragmented();
    run.fill(STACK, 16, 16);
    run.pageout(STACK, 0, 64);
    let block = SwapBlock(260);
    let tale = run.why(Thing::Block(block));
    tells(
        &tale,
        &[
            "began with the command “pageout stack 0..63”.",
            "putpages was handed stack 16..31 (16 dirty pages). That is a full cluster",
            "getswapspace sought 16 in a row.",
            "The root (0..1023): hint",
            "Leaves 0 to 3 (0..127): no hint above 0, which is less than 16: skipped and not visited.",
            "Leaf 4 covers 128..159: at most 12 in a row, its hint was lowered from 32 to 15.",
            "Leaves 5 to 7 (160..255): no hint above 0",
            "Leaf 8 (256..287) gave 256..271.",
            "getswapspace took 256..271, and 256 + 4 = 260.",
            "meta_build noted that stack, page 20 lies there.",
            "⌊260 / 32⌋ = 8, and 8 mod 4 = 0, so all of it is on disk 0.",
            "One write of 16 pages (64 KiB) to disk 0, from its block 64 on.",
            "The disk told that it is done.",
        ],
    );
    assert_eq!(run.page(STACK, 20), tale);
    // The next search does not even look into the leaf whose hint was lowered.
    run.fill(STACK, 0, 16);
    run.pageout(STACK, 0, 16);
    tells(
        &run.page(STACK, 0),
        &[
            "Leaves 0 to 7 (0..255): no hint above 15",
            "Leaf 8 (256..287) gave 272..287.",
        ],
    );
}

#[test]
fn a_cluster_says_what_it_ends_at() {
    let mut run = Run::with_disks(1, 256);
    run.fill(HEAP, 3, 5);
    run.fill(HEAP, 14, 6);
    run.pageout(HEAP, 0, 18);
    tells(
        &run.page(HEAP, 4),
        &[
            "heap 3..7 (5 dirty pages). No more before, as page 2 was not in memory; no more after, as page 8 was not in memory.",
        ],
    );
    tells(
        &run.page(HEAP, 15),
        &["no more after, as page 16 is a multiple of 16"],
    );
    tells(
        &run.page(HEAP, 17),
        &["no more after, as no more was asked for."],
    );
}

#[test]
fn smaller_pieces_are_sought_when_there_is_no_long_run() {
    let mut run = Run::with_disks(1, 64);
    run.fill(HEAP, 0, 32);
    run.pageout(HEAP, 0, 32);
    run.fill(HEAP, 0, 9);
    run.fill(STACK, 0, 16);
    run.pageout(STACK, 0, 16);
    let tale = run.page(STACK, 0);
    tells(
        &tale,
        &[
            "sought 16 in a row",
            "Leaf 4 covers 128..159: at most 9 in a row",
            "no room for 16",
            "half as many: 8 in a row",
            "Leaf 4 (128..159) gave 128..135.",
            "getswapspace took 128..135.",
        ],
    );
    // 8 of 16 found room; of the rest one more would have, but no less than 4 is tried.
    let tale = run.page(STACK, 12);
    tells(
        &tale,
        &[
            "dirty since it was changed by “fill stack 0..15",
            "answered FAIL",
            "still dirty",
            "active queue",
        ],
    );
}

#[test]
fn a_full_swap_tells_the_chain_to_the_refusal() {
    let mut run = Run::with_disks(1, 64);
    run.fill(HEAP, 0, 48);
    run.pageout(HEAP, 0, 48);
    let found = run.history.after(0).find_map(|(seq, event)| {
        matches!(event, Event::Message { text } if text.contains("getswapspace: failed"))
            .then_some(seq)
    });
    let tale = found
        .map(|seq| run.why(Thing::Event(seq)))
        .unwrap_or_default();
    tells(
        &tale,
        &[
            "“pageout heap 0..47”",
            "handed heap 32..47",
            "sought 16 in a row",
            "no room for 16",
            "All of swap was in use.",
        ],
    );
    let mut op = run.history.after(0).filter_map(|(_, event)| match event {
        Event::OpEnded { op, .. } => Some(*op),
        _ => None,
    });
    let last = op.next_back().unwrap_or_default();
    tells(
        &run.why(Thing::Op(last)),
        &["answered FAIL for 16 pages", "16 could not be written"],
    );
}

#[test]
fn a_page_stays_dirty_because_its_write_failed() {
    let mut run = Run::with_disks(2, 256);
    run.fails = true;
    run.fill(HEAP, 2, 4);
    run.pageout(HEAP, 2, 4);
    let tale = run.page(HEAP, 4);
    tells(
        &tale,
        &[
            "It is dirty since it was changed by “fill heap 2..5",
            "“pageout heap 2..5”",
            "One write of 4 pages (16 KiB) to disk 0, from its block 32 on.",
            "failed with EIO: its pages stay dirty",
            "So it is still dirty",
            "on the active queue, as it could not be written",
            "It keeps block 130",
        ],
    );
}

#[test]
fn pages_that_nobody_asked_for_say_whose_neighbours_they_are() {
    let mut run = Run::with_disks(1, 256);
    run.fill(HEAP, 0, 32);
    run.pageout(HEAP, 0, 32);
    run.read(HEAP, 20, 1);
    tells(
        &run.page(HEAP, 20),
        &[
            "“read heap 20”",
            "a fault asked for it",
            "One read of",
            "active queue since it was touched",
        ],
    );
    tells(
        &run.page(HEAP, 22),
        &[
            "Nobody asked for it. It was read ahead as a neighbour of heap, page 20",
            "inactive queue: it came along",
        ],
    );
    tells(&run.page(HEAP, 2), &["getswapspace took"]);
}

#[test]
fn pages_that_are_nowhere_say_so() {
    let mut run = Run::with_disks(1, 256);
    run.fill(HEAP, 0, 8);
    run.pageout(HEAP, 0, 8);
    let give_up = Command::Free {
        object: HEAP,
        range: range(3, 1),
    };
    run.give(give_up);
    tells(
        &run.page(HEAP, 3),
        &["“madvise heap 3 free”", "what the page had in block 131"],
    );
    tells(&run.page(HEAP, 40), &["No event has ever touched it"]);
    tells(
        &run.why(Thing::Block(SwapBlock(131))),
        &["it had held heap, page 3"],
    );
    run.read(HEAP, 41, 1);
    tells(&run.page(HEAP, 41), &["filled with zeros"]);
}

#[test]
fn a_page_written_again_tells_where_it_was_before() {
    let mut run = Run::with_disks(1, 256);
    run.fill(HEAP, 0, 16);
    run.pageout(HEAP, 0, 16);
    run.fill(HEAP, 2, 1);
    run.pageout(HEAP, 2, 1);
    tells(
        &run.page(HEAP, 2),
        &[
            "had block 130 before. That was freed by “fill heap 2",
            "handed heap 2 (1 dirty page). Just these were asked for.",
        ],
    );
}

#[test]
fn the_past_is_told_as_it_was_then() {
    let mut run = fragmented();
    let then = run.history.at();
    run.fill(STACK, 0, 16);
    run.pageout(STACK, 0, 16);
    run.history.seek(then, &mut run.model);
    tells(&run.page(STACK, 3), &["No event has ever touched it"]);
    tells(&run.page(HEAP, 20), &["getswapspace took 144..159"]);
}

#[test]
fn who_sleeps_says_what_wakes_it() {
    let mut run = Run::with_disks(1, 256);
    run.held = true;
    run.fill(HEAP, 0, 16);
    run.pageout(HEAP, 0, 16);
    let op = run.model.ops.keys().next().copied().unwrap_or_default();
    tells(
        &run.why(Thing::Op(op)),
        &[
            "“pageout heap 0..15”",
            "sleeps on vmopar: heap, page 0 is busy.",
            "The end of I/O 1 wakes it.",
        ],
    );
    assert_ne!(op, OpId::PAGEOUT_DAEMON);
}

#[test]
fn the_daemon_and_the_command_that_needed_memory_are_told() {
    let mut run = Run::new(Config {
        frames: 64,
        ..Config::default()
    });
    run.give(Command::SwapOn {
        disk: DeviceId(0),
        pages: 1024,
    });
    run.give(Command::Create {
        name: Some("heap".into()),
        pages: 128,
    });
    run.fill(HEAP, 0, 128);
    let (&(object, page), _) = run
        .model
        .swap
        .iter()
        .next()
        .unwrap_or_else(|| panic!("nothing was written"));
    let tale = run.why(Thing::Page(object, page));
    tells(
        &tale,
        &[
            "The pageout daemon did it: frames ran short, and it keeps 18 free, while “fill heap 0..127” ran.",
        ],
    );
}

#[test]
fn blocks_of_an_object_driven_as_a_disk_are_taken_one_by_one() {
    let mut run = Run::with_disks(1, 256);
    run.give(Command::Direct {
        object: HEAP,
        range: range(0, 4),
        io: DirectCmd::Write(Pattern::Byte(7)),
    });
    tells(
        &run.page(HEAP, 2),
        &[
            "“strategy heap 0..3 write”",
            "one by one",
            "sought 1 in a row",
            "so it is on disk 0",
        ],
    );
}

#[test]
fn blocks_that_changed_hands_tell_of_both_owners() {
    let mut run = Run::new(Config::default());
    run.give(Command::SwapOn {
        disk: DeviceId(0),
        pages: 256,
    });
    run.give(Command::Create {
        name: None,
        pages: 32,
    });
    run.fill(HEAP, 0, 16);
    run.pageout(HEAP, 0, 16);
    run.give(Command::Fork { object: HEAP });
    run.give(Command::Destroy {
        object: ObjectId(3),
    });
    let Some((&(object, page), _)) = run.model.swap.iter().next() else {
        panic!("nothing is on swap")
    };
    let tale = run.why(Thing::Page(object, page));
    tells(
        &tale,
        &[
            "putpages was handed object 1 0..15",
            "The block went from object 1",
        ],
    );
}
