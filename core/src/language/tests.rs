use super::*;
use crate::command::{DirectCmd, PageRange};
use crate::units::{DeviceId, ObjectId, PageIndex};
use crate::{Command, EventQueue, Vm};

/// Some objects and a disk.
pub(super) fn names() -> Names<'static> {
    let object = |id, name, pages| NamedObject {
        id: ObjectId(id),
        name,
        pages,
    };
    Names {
        objects: vec![
            object(1, Some("heap"), 128),
            object(2, Some("my stack"), 64),
            object(3, None, 1),
        ],
        disks: vec![DeviceId(0)],
    }
}

pub(super) fn range(start: u32, count: u32) -> PageRange {
    let start = PageIndex(start);
    PageRange { start, count }
}

fn pageout(object: u32, start: u32, count: u32, sync: bool) -> Command {
    Command::Pageout {
        object: ObjectId(object),
        range: range(start, count),
        sync,
    }
}

fn fill(object: u32, start: u32, count: u32, pattern: Pattern) -> Command {
    Command::Fill {
        object: ObjectId(object),
        range: range(start, count),
        pattern,
    }
}

fn create(name: Option<&str>, pages: u32) -> Command {
    let name = name.map(str::to_owned);
    Command::Create { name, pages }
}

fn check(texts: &[&str], command: Command) {
    for text in texts {
        assert_eq!(parse(text, &names()).as_ref(), Ok(&command), "{text}");
    }
}

#[test]
fn what_the_log_shows_is_read() {
    let disk = DeviceId(0);
    let object = ObjectId(1);
    check(
        &[
            "swapon disk 0, 4\u{202f}096 pages",
            "SWAPON 0 4096",
            "swapon 0, 4 096 pages",
            "swapon 0 4_096",
        ],
        Command::SwapOn { disk, pages: 4096 },
    );
    check(&["swapoff disk 0", "swapoff 0"], Command::SwapOff { disk });
    check(
        &[
            "create heap, 1 024 pages",
            "create heap 1024",
            "create \"heap\": 1_024",
        ],
        create(Some("heap"), 1024),
    );
    check(
        &["create my heap, 128 pages", "create \"my heap\" 128"],
        create(Some("my heap"), 128),
    );
    check(&["create heap 4,096"], create(Some("heap"), 4096));
    check(&["create unnamed, 1 page", "create 1"], create(None, 1));
    check(
        &[
            "pageout heap 0..39 sync",
            "putpages 1 0-39 SYNC",
            "pageout object 1 0 .. 39 sync",
        ],
        pageout(1, 0, 40, true),
    );
    check(
        &[
            "pageout heap",
            "pageout heap 0..127",
            "putpages heap all async",
        ],
        pageout(1, 0, 128, false),
    );
    check(
        &[
            "pageout my stack 5",
            "pageout \"my stack\" 5",
            "pageout “my stack” 5..5",
            "pageout 2 5 async",
        ],
        pageout(2, 5, 1, false),
    );
    check(
        &["fill heap 0..3", "dirty heap 0..=3 with label 1"],
        fill(1, 0, 4, Pattern::Label(1)),
    );
    check(
        &["fill 3 0 with byte 0xFF", "fill 3 all byte 255"],
        fill(3, 0, 1, Pattern::Byte(255)),
    );
    check(&["fill heap 1 noise 3"], fill(1, 1, 1, Pattern::Noise(3)));
    check(
        &["getpages 1 5", "read object 1 5", "Read heap 5"],
        Command::Read {
            object,
            range: range(5, 1),
        },
    );
    check(
        &["madvise heap 0..3 free", "free heap 0–3"],
        Command::Free {
            object,
            range: range(0, 4),
        },
    );
    let direct = |io| Command::Direct {
        object,
        range: range(0, 8),
        io,
    };
    check(&["strategy heap 0..7 read"], direct(DirectCmd::Read));
    check(&["strategy heap 0..7 delete"], direct(DirectCmd::Delete));
    check(&["strategy heap 0..7 reserve"], direct(DirectCmd::Reserve));
    check(
        &[
            "strategy heap 0..7 write",
            "strategy heap 0…7 write label 1",
        ],
        direct(DirectCmd::Write(Pattern::Label(1))),
    );
    check(&["fork heap"], Command::Fork { object });
    check(&["destroy 1"], Command::Destroy { object });
    check(
        &["sysctl vm.swap_async_max=4", "sysctl VM.swap_async_max 4"],
        Command::SetAsyncMax { value: 4 },
    );
    check(
        &[
            "write heap 5 \"a\\\"b\\n\\u{41}\" at 100",
            "write heap 5: “a\\\"b\\nA”, at 100",
        ],
        Command::Write {
            object,
            page: PageIndex(5),
            offset: 100,
            text: "a\"b\nA".into(),
        },
    );
}

#[test]
fn errors_say_where_and_what_to_do() {
    for (text, wrong, sentence) in [
        ("", "", "Write a command, such as `create heap 128`."),
        (
            "putpges 2",
            "putpges",
            "`putpges` is no command. Did you mean `putpages`?",
        ),
        (
            "read hep 5",
            "hep",
            "There is no object called `hep`. Did you mean `heap`? Objects: heap (1), my stack (2), object 3.",
        ),
        (
            "read \"no one\"",
            "\"no one\"",
            "There is no object called `no one`. Objects: heap (1), my stack (2), object 3.",
        ),
        (
            "fork object 9",
            "object 9",
            "There is no object 9. Objects: heap (1), my stack (2), object 3.",
        ),
        (
            "fill heap 63..",
            "63..",
            "`63..` has no end: write first..last, as in 0..63.",
        ),
        (
            "fill heap ..63",
            "..63",
            "`..63` has no beginning: write first..last, as in 0..63.",
        ),
        (
            "fill heap 9..3",
            "9..3",
            "9 comes after 3: write the lower page first.",
        ),
        (
            "fill heap 0..128",
            "0..128",
            "object 1 has no page 128: its pages are 0 to 127.",
        ),
        (
            "fill heap 5x",
            "5x",
            "`5x` does not fit here: write pages (0..127 or all).",
        ),
        (
            "fill heap",
            "",
            "The command is not complete: add pages (0..127 or all).",
        ),
        (
            "pageout heap 5 snyc",
            "snyc",
            "`snyc` does not fit here: write `sync`, `async` or nothing more.",
        ),
        (
            "fork heap now",
            "now",
            "`now` does not fit here: write nothing more.",
        ),
        (
            "read 1 99999999999",
            "99999999999",
            "99999999999 is more than can be counted here.",
        ),
        ("create heap 0", "0", "0 pages: an object has 1 to 1048576."),
        (
            "create \"\" 5",
            "\"\"",
            "The name is empty: give one, or make the object without a name.",
        ),
        (
            "create heap many",
            "many",
            "`many` does not fit here: write how many pages.",
        ),
        (
            "swapon 0 4 96",
            "96",
            "`96` does not fit here: write nothing more.",
        ),
        (
            "write heap 5 hello",
            "hello",
            "`hello` does not fit here: write a text in quotes.",
        ),
        (
            "write heap 5 \"hello",
            "\"hello",
            "The quotes are not closed: add a \" at the end.",
        ),
        (
            "write heap 5 \"a\\q\"",
            "\\q",
            "A backslash in quotes begins \\\", \\\\, \\n, \\r, \\t or \\u{…}: write \\\\ for itself.",
        ),
        (
            "write heap 5 \"ab\" at 4095",
            "\"ab\"",
            "The text has 2 bytes: from there on 1 fit in the page.",
        ),
        (
            "fill heap 5 byte 256",
            "256",
            "`256` does not fit here: write a byte (0 to 255, or 0x00 to 0xff).",
        ),
        (
            "sysctl vm.pages=4",
            "vm.pages",
            "`vm.pages` does not fit here: write `vm.swap_async_max=`.",
        ),
    ] {
        let Err(error) = parse(text, &names()) else {
            panic!("{text} was taken")
        };
        assert_eq!(
            (&text[error.span.clone()], error.to_string().as_str()),
            (wrong, sentence)
        );
    }
    let nothing = parse("fork heap", &Names::default());
    let hint = "There is no object called `heap`. Create one first, as in `create heap 128`.";
    assert_eq!(
        nothing.map_err(|error| error.to_string()),
        Err(hint.to_owned())
    );
}

#[test]
fn commands_are_written_in_full() {
    for text in [
        "swapon disk 0, 4096 pages",
        "create unnamed, 1 page",
        "create \"128\", 128 pages",
        "pageout heap 0..39 sync",
        "pageout \"my stack\" 5",
        "fill object 3 0 with byte 0x0f",
        "strategy heap 0..7 write with noise 3",
        "write heap 5 \"tab\\t\\u{7f}\" at 100",
        "madvise heap 0..3 free",
        "sysctl vm.swap_async_max=-4",
    ] {
        let command = parse(text, &names()).expect("it is a command");
        assert_eq!(print(&command, &names()), text);
    }
}

#[test]
fn a_model_tells_the_names() {
    let mut vm = Vm::new(Default::default(), EventQueue::new());
    for command in ["swapon 2 4096", "create \"my heap\" 128", "create 3"] {
        let command = parse(command, &Names::default()).expect("it is a command");
        vm.apply(command).expect("it can be done");
    }
    let model = vm.snapshot();
    let names = Names::of(&model);
    assert_eq!(names.disks, [DeviceId(2)]);
    let known: Vec<_> = names
        .objects
        .iter()
        .map(|object| (object.name, object.pages))
        .collect();
    assert_eq!(known, [(Some("my heap"), 128), (None, 3)]);
}

#[test]
fn every_word_for_a_command_is_its_own() {
    let words: Vec<_> = usage().iter().flat_map(|usage| usage.words()).collect();
    for (i, word) in words.iter().enumerate() {
        assert!(!words[..i].contains(word), "{word}");
    }
}
