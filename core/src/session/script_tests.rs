//! Tests of scripts.

use super::*;
use crate::units::ObjectId;
use proptest::prelude::*;

fn read_line(line: &str) -> Result<Action, String> {
    let heap = crate::language::NamedObject {
        id: ObjectId(1),
        name: Some("heap"),
        pages: 64,
    };
    let names = Names {
        objects: vec![heap],
        disks: vec![DeviceId(1)],
    };
    let slow = Plan {
        delay: 7,
        ..Plan::default()
    };
    read(line, &names, |_| slow).map_err(|error| error.to_string())
}

fn plan(line: &str) -> Plan {
    match read_line(line) {
        Ok(Action::Plan(DeviceId(1), plan)) => plan,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn what_is_done_to_disks_is_read_and_the_rest_of_their_plan_stays() {
    let failing = plan("disk 1 fail writes 2");
    assert_eq!((failing.fail_writes, failing.delay), (2, 7));
    assert_eq!(plan("disk 1 fail reads 1").fail_reads, 1);
    let bad = plan("disk  1 bad 64..67");
    assert_eq!((bad.bad_start, bad.bad_count), (64, 4));
    assert_eq!(plan("disk 1 bad 64").bad_count, 1);
    assert_eq!(plan("disk 1 bad 0..4294967295").bad_count, u32::MAX);
    assert_eq!(plan("disk 1 delay 20").delay, 20);
    assert_eq!(plan("disk 1 seek 20").seek, 20);
    assert!(plan("disk 1 unplug").unplugged);
    assert_eq!(plan("disk 1 plug"), Plan::default());
}

#[test]
fn comments_end_a_line_but_not_inside_quotes_or_words() {
    let script = "# all\nswapon 0 64 # a disk\n  # indented\ncreate \"a # b\" 4\ncreate a#b 4 #c\nwrite 0 1 \"a \\\" # b\" # d\n";
    assert_eq!(
        lines(script).collect::<Vec<_>>(),
        [
            (1, "swapon 0 64"),
            (3, "create \"a # b\" 4"),
            (4, "create a#b 4"),
            (5, "write 0 1 \"a \\\" # b\"")
        ]
    );
}

#[test]
fn transfers_and_commands_are_read() {
    assert_eq!(read_line("by hand"), Ok(Action::ByHand(true)));
    assert_eq!(read_line("by itself"), Ok(Action::ByHand(false)));
    let carried_out = Action::Finish(IoId(3), Verdict::CarryOut);
    assert_eq!(read_line("complete 3"), Ok(carried_out));
    let failed = Action::Finish(IoId(3), Verdict::Fail(Errno::Eio));
    assert_eq!(read_line("fail 3"), Ok(failed));
    assert!(matches!(
        read_line("fill heap 0..3"),
        Ok(Action::Do(Command::Fill { .. }))
    ));
}

#[test]
fn a_disk_that_is_not_on_is_refused() {
    assert_eq!(
        read_line("disk 9 unplug"),
        Err("Disk 9 is not on, on are disk 1: `swapon 9 1024` switches it on.".to_owned())
    );
    let nothing = read("disk 0 delay 5", &Names::default(), |_| Plan::default());
    let error = nothing.expect_err("no disk is on");
    assert_eq!(error.span, 5..6);
    assert!(error.why.contains("no disk is"), "{error}");
}

#[test]
fn an_unknown_word_names_the_words_of_scripts_too() {
    let why = read_line("xyzzy").expect_err("it is no command");
    assert!(why.ends_with("sysctl, disk, by, complete, fail."), "{why}");
    let near = "`complet` is no command. Did you mean `complete`?";
    assert_eq!(read_line("complet 3"), Err(near.to_owned()));
}

#[test]
fn words_of_scripts_are_completed_too() {
    let names = Names::default();
    let offered = |line: &str| {
        let found = complete(line, line.len(), &names);
        let items: Vec<_> = found.items.into_iter().map(|item| item.text).collect();
        (items.join(" / "), found.expected)
    };
    assert_eq!(offered("f").0, "fill / free / fork / fault / fail");
    assert_eq!(offered("  dis").0, "disk");
    assert_eq!(offered("disk").0, "");
    assert_eq!(offered("by "), (String::new(), "hand | itself".to_owned()));
    assert_eq!(offered("create d").0, "");
    let inside = complete("disk 1", 2, &names);
    assert!(inside.items.iter().any(|item| item.text == "disk"));
    assert!(complete("é", 1, &names).span.end <= 2);
}

#[test]
fn a_script_says_what_its_machine_is_built_with() {
    let script = "# small\n\nmachine frames 256 # pages\nmachine nswbuf 4\nmachine fixes far_metadata\n\nswapon 0 64\n";
    let (config, first) = machine(script).expect("a machine");
    assert_eq!((config.frames, config.nswbuf, first), (256, 4, 6));
    assert!(config.fixes.far_metadata && !config.fixes.reserve_tail);
    assert_eq!(machine("swapon 0 64"), Ok((Config::default(), 0)));
    assert_eq!(machine("machine lowat 3").map(|(_, first)| first), Ok(1));
    for (line, why) in [
        ("machine frames 3", "write a number from 64 to 262144."),
        ("machine frames", "add a number from 64 to 262144."),
        ("machine memory 256", "`swap_zone` or `fixes`."),
        ("machine fixes all", "`reserve_tail` or `far_metadata`."),
        ("machine lowat 3 4", "write nothing more."),
    ] {
        let (number, told) = machine(line).expect_err(line);
        assert!(number == 0 && told.ends_with(why), "{line}: {told}");
    }
    let late = read_line("machine frames 256").expect_err("it is built already");
    assert!(late.contains("above all others"), "{late}");
}

#[test]
fn what_is_wrong_is_told() {
    for (line, why) in [
        (
            "disk",
            "The line is not complete: add the number of a disk.",
        ),
        (
            "disk 1 burn",
            "`burn` does not fit here: write `fail`, `bad`, `delay`, `seek`, `unplug` or `plug`.",
        ),
        (
            "disk 1 fail 3",
            "`3` does not fit here: write `reads` or `writes`.",
        ),
        (
            "disk 1 bad 67..64",
            "`67..64` does not fit here: write the lower block first.",
        ),
        (
            "disk 1 delay 60001",
            "60001 milliseconds are too many: 60000 are the most.",
        ),
        (
            "by hand now",
            "`now` does not fit here: write nothing more.",
        ),
        (
            "complete x",
            "`x` does not fit here: write the number of a transfer.",
        ),
    ] {
        assert_eq!(read_line(line), Err(why.to_owned()), "{line}");
    }
}

#[test]
fn comments_and_empty_lines_ask_for_nothing() {
    let found: Vec<_> = lines("# first\n\n  by hand \n   # more\ncomplete 1").collect();
    assert_eq!(found, [(2, "by hand"), (4, "complete 1")]);
}

fn plans() -> impl Strategy<Value = Plan> {
    let small = || prop_oneof![Just(0u32), 1u32..50];
    let bad = prop_oneof![Just((0u32, 0u32)), (0u32..1000, 1u32..50)];
    let counts = (small(), small(), small(), small());
    (counts, bad, any::<bool>()).prop_map(
        |((delay, seek, fail_reads, fail_writes), bad, unplugged)| Plan {
            delay,
            seek,
            fail_reads,
            fail_writes,
            bad_start: bad.0,
            bad_count: bad.1,
            unplugged,
        },
    )
}

proptest! {
    #[test]
    fn what_was_done_to_a_disk_is_written_as_it_is_read(from in plans(), to in plans()) {
        let mut plan = from;
        let disks = vec![DeviceId(3)];
        let names = Names { disks, ..Names::default() };
        for line in print_plan(DeviceId(3), from, to) {
            match read(&line, &names, |_| plan) {
                Ok(Action::Plan(DeviceId(3), next)) => plan = next,
                other => return Err(TestCaseError::fail(format!("{line}: {other:?}"))),
            }
        }
        prop_assert_eq!(plan, to);
    }

    #[test]
    fn any_line_is_read_or_refused(line in "\\PC{0,40}|(disk|by|fail|complete)[ a-z0-9.é]{0,20}") {
        let names = Names::default();
        if let Err(error) = read(&line, &names, |_| Plan::default()) {
            prop_assert!(line.get(error.span).is_some());
            prop_assert!(!error.why.is_empty());
        }
    }
}
