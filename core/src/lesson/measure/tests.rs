use super::*;
use crate::Config;
use proptest::prelude::*;

/// A machine that has played a script; what is measured begins at a line `mark`.
fn played(script: &str) -> Player {
    let config = Config {
        frames: 512,
        ..Config::default()
    };
    let mut player = Player::new(config);
    for line in script.lines().map(str::trim) {
        match line {
            "" => {}
            "mark" => player.mark(),
            line => assert_eq!(player.play_line(line), Ok(()), "{line}"),
        }
    }
    player
}

fn of(player: &Player, measure: &str) -> Result<String, String> {
    let answer = Measure::read(measure)?.of(player)?;
    Ok(answer.to_string())
}

/// That measures come to what is written behind them.
fn are(player: &Player, measures: &[(&str, &str)]) {
    for (measure, expected) in measures {
        assert_eq!(of(player, measure).as_deref(), Ok(*expected), "{measure}");
    }
}

const TWO_DISKS: &str = "
    swapon 0 1024
    swapon 1 256
    create heap 64
    fill heap 0..39
";

#[test]
fn a_machine_at_rest() {
    are(
        &played(TWO_DISKS),
        &[
            ("free", "1216"),
            ("free on disk 0", "992"),
            ("free on disk 1", "224"),
            ("largest run", "32"),
            ("resident of heap", "40"),
            ("dirty of heap", "40"),
            ("swapped of heap", "0"),
            ("unreadable of heap", "0"),
            ("swblocks", "0"),
            ("longest chain", "0"),
            ("frames free", "472"),
            ("place of heap 39", "in memory and dirty"),
            ("place of heap 40", "nowhere"),
            ("commands", "4"),
            ("ios", "0"),
            ("result", "done"),
            ("waits", "nobody"),
            ("room", "enough"),
        ],
    );
}

#[test]
fn a_page_out_and_a_page_in() {
    // The first stripes of both disks are kept, so the first block is 128, of disk 0.
    let mut player = played(&format!("{TWO_DISKS}mark\npageout heap 0..39"));
    are(
        &player,
        &[
            ("commands", "1"),
            ("ios", "3"),
            ("writes", "3"),
            ("reads", "0"),
            ("pages written", "40"),
            ("writes to disk 0", "2"),
            ("writes to disk 1", "1"),
            ("free on disk 0", "960"),
            ("free on disk 1", "216"),
            ("swapped of heap", "40"),
            ("resident of heap", "0"),
            ("swblocks", "2"),
            ("block of heap 0", "128"),
            ("block of heap 32", "160"),
            ("disk of heap 31", "disk 0"),
            ("disk of heap 32", "disk 1"),
            ("place of heap 0", "on swap only"),
            ("frames free", "512"),
            ("failed", "0"),
            ("in flight", "0"),
        ],
    );
    player.mark();
    assert_eq!(player.play_line("read heap 20"), Ok(()));
    are(
        &player,
        &[
            ("reads", "1"),
            ("writes", "0"),
            ("reads from disk 0", "1"),
            ("reads from disk 1", "0"),
            ("sleeps", "1"),
            ("place of heap 20", "in memory and on swap"),
            ("visited", "0"),
        ],
    );
    let came: u64 = of(&player, "pages read")
        .and_then(|n| n.parse().map_err(|_| n))
        .expect("a number");
    assert!(came > 1, "neighbours come too");
    are(&player, &[("resident of heap", &came.to_string())]);
}

#[test]
fn what_waits_for_a_person() {
    let player = played(&format!(
        "{TWO_DISKS}pageout heap all\nby hand\nmark\nread heap 0"
    ));
    are(
        &player,
        &[
            ("in flight", "1"),
            ("result", "under way"),
            ("waits", "swread"),
            ("place of heap 0", "on swap only"),
            ("resident of heap", "0"),
        ],
    );
}

#[test]
fn a_full_swap() {
    let player = played("swapon 0 64\ncreate heap 64\nfill heap all\nmark\npageout heap all");
    are(
        &player,
        &[
            ("free", "0"),
            ("largest run", "0"),
            ("room", "full"),
            ("result", "kept"),
            ("swapped of heap", "32"),
            ("resident of heap", "32"),
        ],
    );
    let nearly = played("swapon 0 256\ncreate heap 160\nfill heap all\npageout heap all");
    are(&nearly, &[("room", "almost full"), ("free", "64")]);
}

#[test]
fn fragments() {
    let script = "swapon 0 96\ncreate a 64\nfill a all\npageout a all\nfill a 4..9\nfill a 20..21\nfill a 60..63";
    are(&played(script), &[("largest run", "6"), ("free", "12")]);
}

#[test]
fn a_disk_that_fails() {
    let script = format!("{TWO_DISKS}disk 0 fail writes 1\nmark\npageout heap 0..15");
    are(
        &played(&script),
        &[("failed", "1"), ("result", "kept"), ("dirty of heap", "40")],
    );
    let script = format!("{TWO_DISKS}pageout heap all\ndisk 1 unplug\nmark\nread heap 35");
    are(
        &played(&script),
        &[("unreadable of heap", "8"), ("result", "EIO")],
    );
    // Pages 0 to 31 are at blocks 32 to 63 of disk 0; 6 to 31 come back, but 0 to 4 always bring 5.
    let script = format!("{TWO_DISKS}pageout heap all\ndisk 0 bad 37");
    are(&played(&script), &[("unreadable of heap", "6")]);
    let script = format!("{TWO_DISKS}pageout heap all\ndisk 0 fail reads 9");
    are(&played(&script), &[("unreadable of heap", "0")]);
}

#[test]
fn errors_of_the_kernel_are_results() {
    are(&played("swapon 0 64\nswapon 0 64"), &[("result", "EBUSY")]);
    let script = "create heap 8\nstrategy heap all write";
    are(&played(script), &[("result", "ENOMEM")]);
}

#[test]
fn searches_are_counted() {
    let player = played(&format!("{TWO_DISKS}mark\npageout heap 0..15"));
    let visited = of(&player, "visited").and_then(|n| n.parse::<u64>().map_err(|_| n));
    assert!(visited.is_ok_and(|visited| visited >= 2));
}

#[test]
fn objects_have_numbers_and_names_of_several_words() {
    let player = played("create \"my heap\" 8\ncreate 8\nfill 2 all");
    are(
        &player,
        &[
            ("resident of my heap", "0"),
            ("resident of \"my heap\"", "0"),
            ("resident of object 2", "8"),
            ("place of object 2 7", "in memory and dirty"),
        ],
    );
}

#[test]
fn what_is_not_there_is_told() {
    let player = played(TWO_DISKS);
    for (measure, why) in [
        (
            "free on disk 3",
            "disk 3 is not on. These are: disk 0, disk 1.",
        ),
        ("block of heap 3", "Page 3 of heap is not on swap."),
        (
            "block of heap 64",
            "heap has no page 64: its pages are 0 to 63.",
        ),
        (
            "dirty of stack",
            "There is no object called `stack`. Objects: heap (1).",
        ),
        (
            "dirty",
            "`dirty` can't be measured. There are: free, largest run, ios, reads, writes, pages read, pages written, failed, in flight, commands, sleeps, visited, skipped, swblocks, longest chain, frames free, result, waits, room, free on disk 1, reads from disk 1, writes to disk 1, resident of heap, dirty of heap, swapped of heap, unreadable of heap, block of heap 5, disk of heap 5, place of heap 5.",
        ),
        (
            "dirty of",
            "`dirty of` names no object, as in `dirty of heap`.",
        ),
        (
            "block of heap",
            "`block of heap` names no page, as in `block of heap 5`.",
        ),
        ("write", "`write` can't be measured. Did you mean `writes`?"),
        ("free on disk one", "`one` is no number of a disk."),
        (
            "free on disk",
            "`free on disk` does not name a disk, as in `free on disk 1`.",
        ),
    ] {
        assert_eq!(of(&player, measure), Err(why.to_owned()), "{measure}");
    }
    let mut fresh = player.clone();
    fresh.mark();
    assert!(of(&fresh, "result").is_err());
}

#[test]
fn goals_compare() {
    let player = played(TWO_DISKS);
    for (goal, expected) in [
        ("free = 1216", true),
        ("free == 1 216", true),
        ("free<1216", false),
        ("free <= 1216", true),
        ("free > 1215", true),
        ("free ≥ 1217", false),
        ("free != 0", true),
        ("room = enough", true),
        ("place of heap 5 != on swap only", true),
        ("result = Done", true),
    ] {
        let goal = Goal::read(goal).expect(goal);
        assert_eq!(
            goal.holds(&player).map(|(holds, _)| holds),
            Ok(expected),
            "{goal}"
        );
    }
    let player = played(&format!("{TWO_DISKS}pageout heap all"));
    let goal = Goal::read("disk of heap 0 = 0").expect("a goal");
    assert_eq!(
        goal.holds(&player),
        Ok((true, Answer::Word("disk 0".to_owned())))
    );
    assert_eq!(goal.to_string(), "the disk of page 0 of heap: disk 0");
    assert_eq!(
        Goal::read("writes <= 40").expect("a goal").to_string(),
        "writes: at most 40"
    );
}

#[test]
fn goals_that_make_no_sense_are_refused() {
    for (goal, why) in [
        (
            "free",
            "`free` compares nothing: write it as in `free < 128`.",
        ),
        (
            "room < full",
            "`room < full` compares words, which are only the same (=) or not (!=).",
        ),
        (
            "room = fuller",
            "`fuller` is no answer. Write one of: enough, almost full, full.",
        ),
        (
            "free = some",
            "`some` is no whole number. Write how many blocks.",
        ),
        (
            "free !! 3",
            "`free !! 3` compares nothing: write it as in `free < 128`.",
        ),
    ] {
        assert_eq!(Goal::read(goal), Err(why.to_owned()));
    }
}

#[test]
fn answers_are_read_as_people_write_them() {
    let blocks = Kind::Number("blocks");
    for text in [
        "1024",
        "1 024",
        "1,024",
        "1\u{202f}024",
        "1_024",
        " 1024 blocks",
        "1024 block",
    ] {
        assert_eq!(
            parse_answer(&blocks, text),
            Ok(Answer::Number(1024)),
            "{text}"
        );
    }
    for text in [
        "",
        "-1",
        "1.5",
        "10 24",
        "1 0244",
        "many",
        ",024",
        "99999999999999999999",
    ] {
        assert!(parse_answer(&blocks, text).is_err(), "{text}");
    }
    let word = |word: &str| Ok(Answer::Word(word.to_owned()));
    for text in ["disk 2", "2", "Disk 2", "disk2"] {
        assert_eq!(parse_answer(&Kind::Disk, text), word("disk 2"), "{text}");
    }
    assert!(parse_answer(&Kind::Disk, "disk").is_err());
    assert_eq!(parse_answer(&Kind::Block, "block 7"), Ok(Answer::Number(7)));
    let yes_no = Kind::Words(vec!["yes".to_owned(), "no".to_owned()]);
    assert_eq!(parse_answer(&yes_no, "Y"), word("yes"));
    assert_eq!(parse_answer(&yes_no, "no"), word("no"));
    let places = Measure::read("place of heap 5").expect("a measure").kind();
    assert_eq!(parse_answer(&places, "On  swap ONLY"), word("on swap only"));
}

#[test]
fn what_a_command_sleeps_on_is_known() {
    let kind = Measure::read("waits").expect("a measure").kind();
    assert_eq!(kind, Kind::Words(CHANNELS.map(str::to_owned).to_vec()));
}

proptest! {
    #[test]
    fn any_text_is_a_measure_or_told_why_not(text in "\\PC{0,30}|(free|disk|block|place|reads|dirty)[a-z0-9 =<>é]{0,30}") {
        let player = Player::new(Config::default());
        if let Ok(measure) = Measure::read(&text) {
            let _ = measure.of(&player);
        }
        if let Ok(goal) = Goal::read(&text) {
            let _ = goal.holds(&player);
        }
        for kind in [Kind::Block, Kind::Disk, Kind::Number("pages"), Kind::Words(vec!["yes".to_owned()])] {
            let _ = parse_answer(&kind, &text);
        }
    }

    #[test]
    fn the_largest_run_is_what_a_search_finds(frees in prop::collection::vec((0u32..128, 1u32..20), 0..12)) {
        let mut player = Player::new(Config::default());
        let setup = "swapon 0 128\ncreate heap 96\nfill heap all\npageout heap all";
        prop_assert_eq!(player.play(setup), Ok(()));
        for (first, count) in frees {
            let last = (first + count).min(95);
            let _ = player.play_line(&format!("free heap {}..{last}", first.min(last)));
        }
        let found = of(&player, "largest run").map_err(TestCaseError::fail)?;
        // Bit by bit: block b is free if none of the pages is there.
        let model = player.model();
        let mut longest = 0;
        for leaf in 0..4 {
            let mut run = 0;
            // Stripes of disk 0 are every fourth.
            for block in leaf * 128..leaf * 128 + 32 {
                let free = leaf > 0 && model.owners[block].is_none();
                run = if free { run + 1 } else { 0 };
                longest = longest.max(run);
            }
        }
        prop_assert_eq!(found, longest.to_string());
    }
}
