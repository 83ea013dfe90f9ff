//! The program `swapsim`: what it prints, and its exit codes.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use proptest::prelude::*;
use swap_pager::Config;
use swap_pager::session::record::{FORMAT, Record};
use swap_pager::session::{Player, file, permalink};

const LESSON: &str = r#"
title = "Two disks"
[numbers]
pages = { from = 33, to = 63 }
[[step]]
title = "One step"
text = "It is dealt out."
run = """
swapon 0 1024
swapon 1 1024
create heap {pages}
fill heap all
pageout heap all
"""
ask = "Which disk does the last page go to?"
answer = "disk of heap {pages-1}"
after = "To {answer}."
[[step]]
title = "Another"
text = "It is full soon."
ask = "How many pages are on swap?"
answer = "swapped of heap"
"#;

const CHALLENGE: &str = r#"
[challenge]
title = "Full"
text = "Fill the swap space."
setup = "swapon 0 64"
machine = { frames = 256 }
goals = ["free = 0", "writes <= 2"]
solution = "create big 32\nfill big all\npageout big all"
"#;

/// What became of a run.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn swapsim(arguments: &[&str]) -> Ran {
    let ran = Command::new(env!("CARGO_BIN_EXE_swapsim"))
        .args(arguments)
        .output();
    let ran = ran.expect("the program is there");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ran = Ran {
        code: ran.status.code(),
        out: text(&ran.stdout),
        err: text(&ran.stderr),
    };
    assert!(!ran.err.contains("panicked"), "{arguments:?}: {}", ran.err);
    ran
}

/// A file for a test, by its whole path.
fn put(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).expect("a file for a test");
    path.to_string_lossy().into_owned()
}

/// A session that has played a script.
fn played(config: Config, script: &str) -> Vec<Record> {
    let mut player = Player::new(config);
    assert_eq!(player.play(script), Ok(()));
    let format = FORMAT;
    let start = Record::Start { format, config };
    [vec![start], player.records().to_vec()].concat()
}

/// As the page saves it.
fn saved(name: &str, records: &[Record]) -> Result<String, Box<dyn Error>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&file::write(records)?)?;
    Ok(put(name, packer.finish()?))
}

#[test]
fn a_script_is_played_with_its_log_and_its_map() {
    let script = "# to swap and back\nswapon 0 256\ncreate heap 40\nfill heap all\npageout heap all\ndisk 0 delay 5\nread heap 0\n";
    let ran = swapsim(&["run", &put("script.txt", script)]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let expected = "\
> swapon disk 0, 256 pages
  swaponvp disk 0: slot 0, 256 pages
< swapon: done: slot 0, nswap 1 024
> create heap, 40 pages
  vm_object_allocate object 1, 40 pages
    convert heap becomes a swap object
< create: done: object 1 made
> fill heap 0..39
  getpages heap 0..39 one by one
< fill: done: 40 zero-filled
> pageout heap 0..39
  putpages heap 0..15 async
    getswapspace 16 → 128
    meta_build heap 0..15 → 128..143
";
    let out = ran.out.replace('\u{202f}', " ");
    assert!(out.starts_with(expected), "{out}");
    assert!(out.contains("\n> disk 0 delay 5\n> read heap 0\n"), "{out}");
    let map = "
   block  disk 0
       0  ################################
     128  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
     256  aaaaaaaa........................
     384  ................................
          4 rows more like this
a heap: 40 blocks
# kept for the label  . free  ? neither free nor a page's
184 blocks free
";
    assert!(out.ends_with(map), "{out}");
    let silent = swapsim(&["run", "--no-log", &put("silent.txt", script)]);
    assert_eq!(
        silent.out.replace('\u{202f}', " "),
        map.trim_start_matches('\n')
    );
}

#[test]
fn a_script_that_is_refused_names_the_line() {
    let file = put("refused.txt", "swapon 0 256\n\nread heap 0\n");
    let ran = swapsim(&["run", &file]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err
            .contains(&format!("{file}:3: There is no object called `heap`.")),
        "{}",
        ran.err
    );
}

#[test]
fn a_session_and_its_link_are_played_alike() -> Result<(), Box<dyn Error>> {
    let records = played(
        Config::default(),
        "swapon 0 256\ncreate heap 40\nfill heap all\ndisk 0 fail writes 1\npageout heap all\npageout heap all\nby hand\nread heap 3",
    );
    let session = swapsim(&["run", &saved("session.swap.gz", &records)?]);
    assert_eq!(session.code, Some(1), "{}", session.err);
    assert!(
        session.out.contains("iodone write 128+16 on disk 0 @32"),
        "{}",
        session.out
    );
    assert!(session.out.contains("a heap: 40 blocks"), "{}", session.out);
    // What was done to disks stands between the commands; what used itself up was not done.
    let done: Vec<&str> = session
        .out
        .lines()
        .filter(|line| line.starts_with("> "))
        .collect();
    let expected = [
        "> swapon disk 0, 256 pages",
        "> create heap, 40 pages",
        "> fill heap 0..39",
        "> disk 0 fail writes 1",
        "> pageout heap 0..39",
        "> pageout heap 0..39",
        "> by hand",
        "> read heap 3",
    ];
    assert_eq!(done, expected);
    assert!(
        session.out.ends_with(
            "Transfers that wait for a person: 5\nNot all went well: 1 command failed, 1 transfer failed.\n"
        ),
        "{}",
        session.out
    );
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&permalink::text(&permalink::Shown::default(), &records)?)?;
    let link = permalink::write(&packer.finish()?);
    for address in [
        link.clone(),
        format!("#{link}"),
        format!("https://one.example/swap/#{link}"),
    ] {
        let linked = swapsim(&["run", &address]);
        assert_eq!(
            (linked.code, &linked.out),
            (Some(1), &session.out),
            "{}",
            linked.err
        );
    }
    let cut = swapsim(&["run", &link[..link.len() - 3]]);
    assert_eq!(cut.code, Some(2));
    assert!(cut.err.contains("It is cut short"), "{}", cut.err);
    Ok(())
}

#[test]
fn what_fails_is_told_and_the_exit_code_says_so() {
    let begin = "swapon 0 128\ncreate heap 32\nfill heap all\n";
    for (name, rest, code, told) in [
        ("good", "pageout heap all", 0, ""),
        (
            "eio",
            "disk 0 fail writes 1\npageout heap all sync",
            1,
            "Not all went well: 1 command failed, 1 transfer failed.\n",
        ),
        (
            "page-in",
            "pageout heap all\ndisk 0 fail reads 1\nread heap 3",
            1,
            "Not all went well: 1 command failed, 1 transfer failed.\n",
        ),
        // What waits for a person is no failure.
        ("by-hand", "by hand\npageout heap all sync", 0, ""),
    ] {
        let ran = swapsim(&[
            "run",
            &put(&format!("{name}.txt"), format!("{begin}{rest}")),
        ]);
        assert_eq!(ran.code, Some(code), "{name}: {}{}", ran.out, ran.err);
        let last = ran.out.lines().last().unwrap_or_default();
        assert_eq!(last.starts_with("Not all went well"), code != 0, "{last}");
        assert!(ran.out.ends_with(told), "{name}: {last}");
    }
    // Its metadata has no room, and nobody will make any.
    let stuck =
        "machine swap_zone 1\nswapon 0 256\ncreate heap 96\nfill heap all\npageout heap all sync\n";
    let ran = swapsim(&["run", "--no-log", &put("stuck.txt", stuck)]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(
        ran.out.ends_with("Not all went well: 1 command stuck.\n"),
        "{}",
        ran.out
    );
    let killed = "machine frames 64\ncreate heap 64\nfill heap all\n";
    let ran = swapsim(&["run", &put("killed.txt", killed)]);
    assert!(ran.out.contains("killed"), "{}", ran.out);
    assert_eq!(ran.code, Some(1));
}

#[test]
fn a_script_has_a_machine_of_its_own() {
    let small = put(
        "small.txt",
        "machine frames 64\nswapon 0 256\ncreate heap 96\nfill heap all\n",
    );
    let ran = swapsim(&["run", &small]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("putpages"),
        "the daemon works: {}",
        ran.out
    );
    let late = put("late.txt", "swapon 0 64\nmachine frames 64\n");
    let ran = swapsim(&["run", &late]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("late.txt:2: The machine is built"),
        "{}",
        ran.err
    );
    let odd = put("odd-machine.txt", "# odd\nmachine frames 1\n");
    let ran = swapsim(&["run", &odd]);
    assert!(
        ran.err.contains("odd-machine.txt:2: `1` does not fit"),
        "{}",
        ran.err
    );
}

#[test]
fn an_object_that_was_there_keeps_its_size_and_that_is_told() {
    let twice = put("twice.txt", "create heap 64\ncreate heap 128\n");
    let ran = swapsim(&["run", &twice]);
    assert!(
        ran.out
            .contains("object 1 was there already and keeps its 64 pages"),
        "{}",
        ran.out
    );
}

#[test]
fn help_says_what_it_is_and_lists_the_commands() {
    let alone = swapsim(&[]);
    assert_eq!(alone.code, Some(2));
    let long = swapsim(&["--help"]);
    assert_eq!(long.code, Some(0));
    for help in [&alone.err, &long.out] {
        assert!(
            help.starts_with("Plays lessons, sessions and scripts"),
            "{help}"
        );
        for command in ["run", "check", "verify"] {
            assert!(
                help.contains(&format!("\n  {command} ")),
                "{command}: {help}"
            );
        }
    }
    for word in [
        "swapon",
        "sysctl",
        "disk n fail",
        "by hand",
        "complete",
        "machine frames",
    ] {
        assert!(
            long.out.contains(&format!("\n  {word}")),
            "{word}: {}",
            long.out
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_can_t_be_written_is_told() -> Result<(), Box<dyn Error>> {
    let full = fs::File::options().write(true).open("/dev/full")?;
    let ran = Command::new(env!("CARGO_BIN_EXE_swapsim"))
        .args(["run", &put("full.txt", "swapon 0 64")])
        .stdout(full)
        .output()?;
    assert_eq!(ran.status.code(), Some(2));
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(told.contains("The output can't be written"), "{told}");
    Ok(())
}

#[test]
fn answers_are_graded() {
    let file = put("01-two-disks.toml", LESSON);
    let run = |answers: &[&str]| {
        let mut arguments = vec!["run", &file, "--name", "Ann Lee"];
        answers
            .iter()
            .for_each(|answer| arguments.extend(["--answer", answer]));
        swapsim(&arguments)
    };
    let shown = swapsim(&["run", &file, "--name", "Ann Lee", "--answers", "--no-log"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    let pages = shown
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("Answer: "))
        .next_back();
    let pages = pages.expect("the answer is shown").to_owned();
    assert!(shown.out.contains("To disk 1."), "{}", shown.out);
    let right = run(&["1", &pages]);
    assert_eq!(right.code, Some(0), "{}", right.out);
    assert!(right.out.contains("2 of 2 answers are right."));
    let wrong = run(&["disk 0", &pages]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.out.contains("disk 0 is wrong."));
    assert!(wrong.out.contains("1 of 2 answers are right."));
    assert_eq!(run(&["1"]).code, Some(1), "one is passed over");
    assert_eq!(run(&["", &pages]).code, Some(1), "one is passed over");
    let odd = run(&["many", &pages]);
    assert_eq!(odd.code, Some(1));
    assert!(odd.out.contains("many is wrong. `many` is no disk."));
    assert_eq!(
        run(&["1", &pages, "3"]).code,
        Some(2),
        "more than are asked for"
    );
    let answers = put("answers.txt", format!("disk 1\n{pages}\n"));
    let read = swapsim(&[
        "run",
        &file,
        "--name",
        "ann lee",
        "--answers-from",
        &answers,
    ]);
    assert_eq!(read.code, Some(0), "{}{}", read.out, read.err);
    // The code of what was answered says the same.
    let code = |ran: &Ran| {
        let code = ran
            .out
            .lines()
            .find_map(|line| line.strip_prefix("Result code: "));
        code.expect("a code").to_owned()
    };
    let verify = |name: &str, code: &str| swapsim(&["verify", &file, "--name", name, code]);
    let verified = verify("ANN LEE", &code(&right));
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    // The code has the name in it.
    let carried = swapsim(&["verify", &file, &code(&right)]);
    assert_eq!((carried.code, &carried.out), (Some(0), &verified.out));
    assert!(
        carried.out.starts_with("Name: Ann Lee\n"),
        "{}",
        carried.out
    );
    assert!(
        carried.out.ends_with("The lesson was begun 1 time.\n"),
        "{}",
        carried.out
    );
    let verified = verify("Ann Lee", &code(&wrong).to_lowercase().replace('-', " "));
    assert_eq!(verified.code, Some(1));
    assert!(
        verified.out.contains("wrong    disk 0, it is disk 1"),
        "{}",
        verified.out
    );
    let other = verify("Bob", &code(&right));
    assert_eq!(other.code, Some(2));
    assert!(
        other.err.contains("It carries the name \"Ann Lee\""),
        "{}",
        other.err
    );
    let mut slip = code(&right);
    slip.pop();
    assert!(verify("Ann Lee", &slip).err.contains("slip"));
}

#[test]
fn lessons_are_checked() {
    let good = put("good.toml", format!("{LESSON}{CHALLENGE}"));
    let bad = put(
        "bad.toml",
        LESSON.replace("title = \"Another\"", "titel = \"Another\""),
    );
    let ran = swapsim(&["check", &good]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert_eq!(
        ran.out,
        format!("{good}: 2 steps, 2 questions, a challenge: good\n")
    );
    let ran = swapsim(&["check", &good, &bad]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out
            .contains(&format!("{bad}:19: `titel` is nothing that a step has.")),
        "{}",
        ran.out
    );
    let never = put(
        "never.toml",
        format!(
            "{LESSON}{}",
            CHALLENGE.replace("writes <= 2", "writes <= 1")
        ),
    );
    let ran = swapsim(&["check", &never]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out
            .contains("The solution does not meet the goal \"writes: at most 1\": it comes to 2."),
        "{}",
        ran.out
    );
}

#[test]
fn a_session_meets_a_challenge_or_does_not() -> Result<(), Box<dyn Error>> {
    let lesson = put("challenge.toml", format!("{LESSON}{CHALLENGE}"));
    let machine = Config {
        frames: 256,
        ..Config::default()
    };
    let check = |name: &str, config: Config, script: &str| -> Result<Ran, Box<dyn Error>> {
        let session = saved(name, &played(config, script))?;
        Ok(swapsim(&["check", &lesson, "--session", &session]))
    };
    let met = check(
        "met.swap.gz",
        machine,
        "swapon 0 64\ncreate a 32\nfill a all\npageout a all",
    )?;
    assert_eq!(met.code, Some(0), "{}{}", met.out, met.err);
    assert_eq!(
        met.out,
        "met      free blocks: 0 (it is 0)\nmet      writes: at most 2 (it is 2)\nThe challenge is met.\n"
    );
    let slow = "swapon 0 64\ncreate a 32\nfill a 0..9\npageout a all\nfill a 10..31\npageout a all\nfill a 0..3\npageout a all";
    let not_met = check("slow.swap.gz", machine, slow)?;
    assert_eq!(not_met.code, Some(1));
    assert!(
        not_met.out.contains("not met  writes: at most 2"),
        "{}",
        not_met.out
    );
    // Once is enough.
    let longer = "swapon 0 64\ncreate a 32\nfill a all\npageout a all\nfill a all\npageout a all";
    let met = check("longer.swap.gz", machine, longer)?;
    assert_eq!(met.code, Some(0), "{}", met.out);
    // What was done before the challenge began doesn't count, and can't be other than it is.
    let larger = check(
        "larger.swap.gz",
        machine,
        "swapon 0 96\ncreate a 64\nfill a all\npageout a all",
    )?;
    assert_eq!(larger.code, Some(1));
    assert!(
        larger
            .out
            .starts_with("The session does not begin as the challenge does")
    );
    let other = check("other.swap.gz", Config::default(), "swapon 0 64")?;
    assert_eq!(
        other.out,
        "The session has another machine than the challenge.\n"
    );
    let nothing = check("nothing.swap.gz", machine, "swapon 0 64")?;
    assert_eq!(nothing.code, Some(1));
    let no_session = swapsim(&["check", &lesson, "--session", &lesson]);
    assert_eq!(no_session.code, Some(2));
    Ok(())
}

#[test]
fn what_can_t_be_read_is_told() -> Result<(), Box<dyn Error>> {
    let session = fs::read(saved(
        "whole.swap.gz",
        &played(Config::default(), "swapon 0 64"),
    )?)?;
    let cut = put("cut.swap.gz", &session[..session.len() / 2]);
    let lesson = put("plain.toml", LESSON);
    let broken = put("broken.toml", "title = ");
    let odd = put("odd.toml", b"title = \"x\"\n\xff\xfe");
    for (arguments, why) in [
        (
            vec!["run", "nowhere.toml"],
            "There is no file nowhere.toml.",
        ),
        (vec!["run", env!("CARGO_TARGET_TMPDIR")], "can't be read"),
        (vec!["run", &cut], "it can't be unpacked"),
        (vec!["run", &broken], "broken.toml:1: This is no TOML"),
        (vec!["run", &odd], "line 2 has a byte that isn't"),
        (
            vec!["verify", &lesson, "--name", "Ann", "???"],
            "No code has `?` in it",
        ),
        (vec!["verify", &lesson, "code"], "too short"),
        (
            vec!["check", &lesson, "--session", &cut],
            "has no challenge",
        ),
        (vec!["check"], "required"),
        (vec!["play"], "unrecognized subcommand"),
        (vec![], "Usage"),
    ] {
        let ran = swapsim(&arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains(why), "{arguments:?}: {}", ran.err);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_played_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "\\PC{0,60}|((swapon|create|fill|read|pageout|by|disk|fail)[ a-z0-9.]{0,20}\n){0,6}",
        ending in prop::sample::select(vec!["txt", "toml", "swap.gz"]),
        head in prop::sample::select(vec![&b""[..], b"\x1f\x8b\x08\0", b"{\"file\":", b"session=1.", b"title = \"x\"\n"]),
        is_text: bool,
    ) {
        let rest = if is_text { text.into_bytes() } else { bytes };
        let file = put(&format!("any.{ending}"), [head, &rest].concat());
        let ran = swapsim(&["run", &file]);
        prop_assert!(matches!(ran.code, Some(0..=2)), "{:?}", ran.code);
        prop_assert_eq!(ran.code == Some(2), !ran.err.is_empty());
    }
}
