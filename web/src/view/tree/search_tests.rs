#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::view::test_machine::range;
use crate::view::tree::frees::last_free;
use swap_pager::command::Pattern;
use swap_pager::units::DeviceId;
use swap_pager::{Config, EventQueue, Vm};

const HEAP: ObjectId = ObjectId(1);

/// The history of commands on a machine with a disk and an object of 256 pages, and its model.
fn history_of(commands: &[Command]) -> (History, Model) {
    history_on(4096, commands)
}

/// The same with a disk of so many pages.
fn history_on(pages: u32, commands: &[Command]) -> (History, Model) {
    let mut vm = Vm::new(Config::default(), EventQueue::new());
    let mut model = vm.snapshot();
    let mut history = History::default();
    let begin = [
        Command::SwapOn {
            disk: DeviceId(0),
            pages,
        },
        Command::Create {
            name: Some("heap".into()),
            pages: 256,
        },
    ];
    for command in begin.iter().chain(commands) {
        assert_eq!(vm.apply(command.clone()).err(), None);
        while let Some(io) = vm.poll_io() {
            assert_eq!(vm.complete(io.io, Ok(Vec::new())), Ok(()));
        }
        while let Some(event) = vm.poll_event() {
            history.push(event, true, &mut model);
        }
    }
    (history, model)
}

fn fill(start: u32, count: u32) -> Command {
    Command::Fill {
        object: HEAP,
        range: range(start, count),
        pattern: Pattern::Label(1),
    }
}

fn out(start: u32, count: u32) -> Command {
    Command::Pageout {
        object: HEAP,
        range: range(start, count),
        sync: false,
    }
}

fn last(history: &History) -> Search {
    let mut finder = Finder::default();
    finder
        .follow(history)
        .expect("there was a search")
        .as_ref()
        .clone()
}

fn told(model: &Model, search: &Search) -> Vec<String> {
    let line = |(from, to): (usize, usize)| {
        let visits = &search.visits[from..to];
        let reason = visits[0].reason(search.pages);
        format!("{}: {reason}", step_name(model, visits))
    };
    search.steps().into_iter().map(line).collect()
}

#[test]
fn the_way_down_is_told_with_its_reasons() {
    let (history, model) = history_of(&[fill(0, 16), out(0, 16)]);
    let search = last(&history);
    let lines = told(&model, &search);
    assert_eq!(
        lines,
        [
            "root: hint 512 ≥ 16: entered",
            "node 0..8191: hint 512 ≥ 16: entered",
            "node 0..511: hint 32 ≥ 16: entered",
            "leaves 0..3: hint 0 < 16: skipped and not visited",
            "leaf 4 · disk 0: first run of 16: took 128..143",
        ]
        .map(|line| line.replace("hint 512", &format!("hint {}", search.visits[0].hint))),
    );
    let heading = search.headline(|_| "heap".to_owned());
    assert_eq!(heading, "16 blocks for putpages heap 0..15: found 128..143");
}

#[test]
fn a_leaf_without_a_run_tells_how_far_its_hint_falls() {
    // Leaf 4 has 20 of 32 blocks in use, so that the next 16 don't fit.
    let (history, model) = history_of(&[
        fill(0, 16),
        out(0, 16),
        fill(16, 4),
        out(16, 4),
        fill(32, 16),
        out(32, 16),
    ]);
    let search = last(&history);
    let lines = told(&model, &search);
    let no_run = "leaf 4 · disk 0: no run of 16: hint lowered to 15";
    assert!(lines.iter().any(|line| line == no_run), "{lines:#?}");
    let took = "leaf 8 · disk 0: first run of 16: took 256..271";
    assert_eq!(lines.last().map(String::as_str), Some(took));
    assert_eq!(search.found, Some(Some(SwapBlock(256))));
}

#[test]
fn in_the_middle_of_a_search_only_its_part_so_far_is_told() {
    let (mut history, mut model) = history_of(&[fill(0, 16), out(0, 16)]);
    let whole = last(&history);
    let mut finder = Finder::default();
    for n in (1..=whole.visits.len()).rev() {
        history.seek(whole.visits[n - 1].seq, &mut model);
        let part = finder.follow(&history).expect("it has begun");
        assert_eq!(part.visits.len(), n);
        assert_eq!(part.found, None);
        assert_eq!(part.cause, Some(Cause::PutPages(HEAP, range(0, 16))));
        assert_eq!(part.pages, 16);
    }
    history.seek(whole.visits[0].seq - 1, &mut model);
    assert_eq!(finder.follow(&history), None);
    history.seek(history.end(), &mut model);
    assert_eq!(finder.follow(&history).as_deref(), Some(&whole));
}

#[test]
fn every_moment_has_the_search_that_a_fresh_look_finds() {
    let commands = [fill(0, 64), out(0, 64), fill(8, 8), out(8, 8)];
    let (mut history, mut model) = history_of(&commands);
    let mut finder = Finder::default();
    let (mut moment, end) = (0, history.end());
    for _ in 0..400 {
        // There and back over all of it.
        moment = (moment * 7 + 313) % (end + 1);
        history.seek(moment, &mut model);
        let fresh = Finder::default().follow(&history);
        assert_eq!(finder.follow(&history), fresh, "at {moment}");
    }
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    // 128 usable blocks, all taken; then one more is sought.
    let (history, model) = history_on(160, &[fill(0, 200), out(0, 200)]);
    let search = last(&history);
    assert_eq!(search.found, Some(None));
    let lines = told(&model, &search);
    assert!(!lines.is_empty());
    assert!(
        lines.iter().all(|line| !line.contains("took")),
        "{lines:#?}"
    );
    let heading = search.headline(|object| object.to_string());
    assert!(heading.ends_with("no such run found"), "{heading}");
}

#[test]
fn a_direct_write_is_named_as_the_cause() {
    let (history, _) = history_of(&[Command::Direct {
        object: HEAP,
        range: range(3, 2),
        io: swap_pager::command::DirectCmd::Write(Pattern::Byte(1)),
    }]);
    let search = last(&history);
    assert_eq!(search.cause, Some(Cause::Direct(HEAP, range(3, 2))));
    assert_eq!(search.pages, 1);
}

#[test]
fn what_is_freed_is_told_from_the_leaf_up() {
    let given_up = Command::Free {
        object: HEAP,
        range: range(3, 1),
    };
    let (history, model) = history_of(&[fill(0, 16), out(0, 16), given_up]);
    let image = model.blist.as_ref().expect("there is a disk");
    let search = last(&history);
    let freed = last_free(&history, image, search.seq).expect("a block was freed");
    assert_eq!((freed.block, freed.pages), (SwapBlock(131), 1));
    let told: Vec<_> = freed
        .changes
        .iter()
        .map(|change| format!("{}: {}", change.name(&model), change.words()))
        .collect();
    assert_eq!(told[0], "leaf 4 · disk 0: 16 → 17 free, hint stays 32");
    let names: Vec<_> = freed.changes.iter().map(|it| it.name(&model)).collect();
    let up = ["leaf 4 · disk 0", "node 0..511", "node 0..8191", "root"];
    assert_eq!(names, up);
    assert_eq!(last_free(&history, image, history.end()), None);
}
