//! What holds for any text, any command and any names.

use proptest::prelude::*;

use super::*;
use crate::Command;
use crate::command::{DirectCmd, MAX_DISK_PAGES, MAX_OBJECT_PAGES};
use crate::units::{DeviceId, ObjectId, PAGE_SIZE};

fn names_of(given: &[(Option<String>, u32)]) -> Names<'_> {
    let object = |i: usize| NamedObject {
        id: ObjectId(i as u32 + 1),
        name: given[i].0.as_deref(),
        pages: given[i].1,
    };
    Names {
        objects: (0..given.len()).map(object).collect(),
        disks: vec![DeviceId(0), DeviceId(3)],
    }
}

/// Words that mean something, and any others.
fn any_name() -> impl Strategy<Value = String> {
    let words = [
        "object", "Unnamed", "heap", "5", "all", "sync", "object 2", "a 0..3", "x=1", "“",
    ];
    prop_oneof![
        prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        "[ -~\\t\\n“”\u{202f}é]{1,6}",
        any::<String>().prop_map(|text| text.chars().chain(['x']).take(40).collect()),
    ]
}

fn any_objects() -> impl Strategy<Value = Vec<(Option<String>, u32)>> {
    let pages = prop_oneof![1..4u32, 1..=MAX_OBJECT_PAGES];
    let object = (prop::option::of(any_name()), pages);
    prop::collection::vec(object, 1..5)
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        any::<u32>().prop_map(Pattern::Label),
        any::<u8>().prop_map(Pattern::Byte),
        any::<u32>().prop_map(Pattern::Noise),
    ]
}

fn any_command(objects: &[(Option<String>, u32)]) -> BoxedStrategy<Command> {
    let sizes: Vec<u32> = objects.iter().map(|(_, pages)| *pages).collect();
    let on = (0..sizes.len(), any::<u32>(), any::<u32>()).prop_map(move |(i, start, count)| {
        let start = start % sizes[i];
        let count = 1 + count % (sizes[i] - start);
        (ObjectId(i as u32 + 1), tests::range(start, count))
    });
    let text = any::<String>().prop_map(|mut text| {
        text.truncate(text.floor_char_boundary(PAGE_SIZE));
        text
    });
    let io = prop_oneof![
        Just(DirectCmd::Read),
        Just(DirectCmd::Delete),
        Just(DirectCmd::Reserve),
        any_pattern().prop_map(DirectCmd::Write),
    ];
    prop_oneof![
        (any::<u32>(), 1..=MAX_DISK_PAGES).prop_map(|(disk, pages)| Command::SwapOn {
            disk: DeviceId(disk),
            pages
        }),
        any::<u32>().prop_map(|disk| Command::SwapOff {
            disk: DeviceId(disk)
        }),
        (prop::option::of(any_name()), 1..=MAX_OBJECT_PAGES)
            .prop_map(|(name, pages)| Command::Create { name, pages }),
        (on.clone(), text, any::<u32>()).prop_map(|((object, pages), text, at)| {
            let offset = at % (PAGE_SIZE - text.len() + 1) as u32;
            Command::Write {
                object,
                page: pages.start,
                offset,
                text,
            }
        }),
        (on.clone(), any_pattern()).prop_map(|((object, range), pattern)| Command::Fill {
            object,
            range,
            pattern
        }),
        on.clone()
            .prop_map(|(object, range)| Command::Read { object, range }),
        (on.clone(), any::<bool>()).prop_map(|((object, range), sync)| Command::Pageout {
            object,
            range,
            sync
        }),
        on.clone()
            .prop_map(|(object, range)| Command::Free { object, range }),
        (on.clone(), io).prop_map(|((object, range), io)| Command::Direct { object, range, io }),
        on.clone().prop_map(|(object, _)| Command::Fork { object }),
        on.prop_map(|(object, _)| Command::Destroy { object }),
        any::<i32>().prop_map(|value| Command::SetAsyncMax { value }),
    ]
    .boxed()
}

/// Pieces of commands in any order, which come further than any text does.
fn any_words() -> impl Strategy<Value = String> {
    let words = [
        "fill",
        "read ",
        " write",
        "swapon",
        "create ",
        " heap ",
        "\"",
        "my ",
        "object ",
        "2",
        "5..",
        "0..63 ",
        "-",
        "…",
        "all",
        "sync",
        " with ",
        "label ",
        "byte 0x",
        "\\u{",
        "4\u{202f}096",
        " ",
        ",",
        "=",
        "“",
        "”",
        "sysctl vm.swap_async_max",
        "999999999999",
        "é",
    ];
    let word = prop::sample::select(words.to_vec());
    prop::collection::vec(word, 0..10).prop_map(|words| words.concat())
}

fn check_any(text: &str, names: &Names<'_>) {
    match parse(text, names) {
        Ok(command) => {
            let written = print(&command, names);
            assert_eq!(parse(&written, names), Ok(command), "{written}");
        }
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error:?}");
            assert!(error.to_string().ends_with(['.', '?']), "{error}");
        }
    }
    for cursor in 0..=text.len() + 1 {
        let found = complete(text, cursor, names);
        assert!(text.get(found.span.clone()).is_some(), "{found:?}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same(
        (objects, command) in any_objects().prop_flat_map(|objects| {
            let command = any_command(&objects);
            (Just(objects), command)
        })
    ) {
        let names = names_of(&objects);
        let text = print(&command, &names);
        prop_assert!(!text.contains('\n'));
        let commented = format!(" {text} # \"note");
        prop_assert_eq!(without_comment(&commented), &text);
        prop_assert_eq!(parse(&text, &names), Ok(command), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), objects in any_objects()) {
        prop_assert!(text.contains(without_comment(&text)));
        check_any(&text, &names_of(&objects));
    }

    #[test]
    fn any_words_are_read_or_refused(text in any_words(), objects in any_objects()) {
        check_any(&text, &tests::names());
        check_any(&text, &names_of(&objects));
    }

    #[test]
    fn a_completion_is_what_was_expected(text in any_words()) {
        let found = complete(&text, text.len(), &tests::names());
        for item in found.items {
            let mut whole = text.clone();
            whole.replace_range(found.span.clone(), &item.text);
            if let Err(error) = parse(&whole, &tests::names()) {
                prop_assert!(error.span.start >= found.span.start, "{}: {}", whole, error);
            }
        }
    }
}
