use super::*;
use proptest::prelude::*;

const TOML: &str = r#"
title = "Codes"
setup = """
swapon 0 1024
create heap 64
fill heap all
pageout heap all
"""
[[step]]
title = "1"
text = "1"
ask = "How many?"
answer = "free"
[[step]]
title = "2"
text = "2"
ask = "Which disk?"
answer = "disk of heap 5"
[[step]]
title = "3"
text = "3"
ask = "Where?"
answer = "place of heap 5"
[[step]]
title = "4"
text = "4"
ask = "Is it so?"
answer = "free > 100"
[[step]]
title = "5"
text = "5"
ask = "Which?"
answer = "free"
choices = [928, 960, 992]
"#;

fn lesson(toml: &str) -> Lesson {
    Lesson::read("01-codes.toml", toml, seed("Ann")).expect("a lesson")
}

fn some() -> Results {
    let word = |word: &str| Some(Answer::Word(word.to_owned()));
    Results {
        answers: vec![
            Some(Answer::Number(928)),
            word("disk 0"),
            None,
            word("yes"),
            Some(Answer::Number(960)),
        ],
        challenge: None,
        begun: Some(Begun {
            lesson: 2,
            challenge: 0,
        }),
    }
}

#[test]
fn a_code_is_short_and_read_however_it_is_typed() {
    let lesson = lesson(TOML);
    let code = write(&lesson, "Ann Lee", &some());
    assert!(code.len() < 55, "{code}");
    assert_eq!(read(&lesson, "Ann Lee", &code), Ok(some()));
    assert_eq!(read(&lesson, " ann  LEE", &code.to_lowercase()), Ok(some()));
    let spaced = code.replace('-', " ").replace('0', "o").replace('1', "l");
    assert_eq!(read(&lesson, "AnnLee", &spaced), Ok(some()));
}

#[test]
fn a_code_carries_the_name_and_how_often_was_begun() {
    let here = lesson(TOML);
    let begun = |lesson, challenge| Results {
        begun: Some(Begun { lesson, challenge }),
        ..some()
    };
    let code = write(&here, " Zoë Łęcka ", &begun(3, 7));
    assert_eq!(name(&code), Ok(Some("Zoë Łęcka".to_owned())));
    assert_eq!(read(&here, "zoë łęcka", &code), Ok(begun(3, 7)));
    // It counts no further.
    let code = write(&here, "", &begun(99, 31));
    assert_eq!(name(&code), Ok(Some(String::new())));
    assert_eq!(read(&here, "", &code), Ok(begun(31, 31)));
    let long = "é".repeat(600);
    let code = write(&here, &long, &some());
    assert_eq!(name(&code), Ok(Some("é".repeat(511))));
}

/// Written before codes had the name in them.
#[test]
fn codes_of_version_1_are_read() {
    let here = lesson(TOML);
    let old = "1N49-3R9M-6ES1-XYZX-W0V8-F";
    let results = Results {
        begun: None,
        ..some()
    };
    assert_eq!(read(&here, "Ann Lee", old), Ok(results));
    assert_eq!(name(old), Ok(None));
    assert!(read(&here, "Bob", old).is_err_and(|why| why.contains("another name")));
    assert!(read(&here, "Ann Lee", &old.replace('-', "")[1..]).is_err());
}

#[test]
fn letters_of_europe_have_capitals() {
    assert_eq!(
        seed("ŁUKASZ ÖZGÜR ΣΟΦΙΑ ЁЛКА Ž"),
        seed("łukasz özgür σοφια ёлка ž")
    );
    assert_ne!(seed("Ann"), seed("Anna"));
}

#[test]
fn other_names_lessons_and_texts_are_refused() {
    let here = lesson(TOML);
    let code = write(&here, "Ann", &some());
    let why =
        |lesson: &Lesson, name: &str, code: &str| read(lesson, name, code).expect_err("not of it");
    assert_eq!(
        why(&here, "Bob", &code),
        "The code was made for another name than \"Bob\"."
    );
    let changed = lesson(&TOML.replace("How many?", "How many blocks?"));
    assert!(why(&changed, "Ann", &code).starts_with("The text of the lesson has changed"));
    let other = Lesson::read("02-other.toml", TOML, 0).expect("a lesson");
    assert_eq!(
        why(&other, "Ann", &code),
        "The code is of another lesson than \"Codes\"."
    );
    assert!(why(&here, "Ann", &code[1..]).contains("slip"));
    assert_eq!(
        why(&here, "Ann", "abc"),
        "The code is too short: some of it is missing."
    );
    assert_eq!(
        why(&here, "Ann", "abc?"),
        "No code has `?` in it: look for a slip."
    );
    assert_eq!(here.digest, lesson(&TOML.replace('\n', "\r\n")).digest);
}

fn results() -> impl Strategy<Value = Results> {
    let number = prop_oneof![any::<u64>(), 0u64..5000];
    let free = prop::option::of(number.prop_map(Answer::Number));
    let word = |words: &'static [&'static str]| {
        let word = prop::sample::select(words);
        prop::option::of(word.prop_map(|word| Answer::Word(word.to_owned())))
    };
    let disk = prop::option::of(any::<u32>().prop_map(|disk| Answer::Word(format!("disk {disk}"))));
    let choice = prop::sample::select(vec![928, 960, 992]).prop_map(Answer::Number);
    let answers = (
        free,
        disk,
        word(&super::super::measure::PLACES),
        word(&["yes", "no"]),
        prop::option::of(choice),
    );
    let begun =
        (0..=31u32, 0..=31u32).prop_map(|(lesson, challenge)| Some(Begun { lesson, challenge }));
    (answers, prop::option::of(any::<bool>()), begun).prop_map(
        |((a, b, c, d, e), challenge, begun)| Results {
            answers: vec![a, b, c, d, e],
            challenge,
            begun,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read(results in results(), name in "\\PC{0,20}") {
        let lesson = lesson(TOML);
        let code = write(&lesson, &name, &results);
        let carried = super::name(&code);
        prop_assert_eq!(carried, Ok(Some(name.trim().to_owned())));
        prop_assert_eq!(read(&lesson, &name, &code), Ok(results));
    }

    #[test]
    fn one_wrong_character_is_found(results in results(), place: prop::sample::Index, digit in 0usize..32) {
        let lesson = lesson(TOML);
        let code = write(&lesson, "Ann", &results);
        let place = place.index(code.len());
        let mut wrong: Vec<char> = code.chars().collect();
        prop_assume!(wrong[place] != '-' && wrong[place] != char::from(DIGITS[digit]));
        wrong[place] = char::from(DIGITS[digit]);
        let wrong: String = wrong.into_iter().collect();
        prop_assert!(read(&lesson, "Ann", &wrong).is_err_and(|why| why.contains("slip")));
    }

    #[test]
    fn any_text_is_refused(code in "\\PC{0,60}|[0-9A-Za-z -]{0,60}") {
        prop_assert!(read(&lesson(TOML), "Ann", &code).is_err());
    }
}
