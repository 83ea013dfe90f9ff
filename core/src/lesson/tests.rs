use super::*;
use measure::Answer;
use proptest::prelude::*;
use text::{Block, Inline};

/// The example of `www/lessons/README.md`, in short.
const TOML: &str = r##"title = "Striping over disks"
summary = "Why four disks are faster than one."
minutes = 6
views = ["stripes", "objects"]

[machine]
frames = 512
nswbuf = 16

[numbers]
pages = { from = 32, to = 64, step = 16 }
name = { of = ["heap", "stack"] }

[[step]]
title = "Four towers"
text = """
The swap space is one long row of [blocks](block). It is dealt out *32 at a time*.

- A list has lines like this one.
"""
show = "stripes"
focus = "disk 1"
notes = "Ask who has seen RAID 0 before."
run = """
swapon 0 1024
swapon 1 1024
create {name} {pages}

fill {name} all
pageout {name} all
"""
ask = "Which disk does page {pages-1} of {name} go to?"
answer = "disk of {name} {pages-1}"
hint = "Count stripes of 32."
after = "It is {answer}, not {given}."

[[step]]
title = "And back"
text = "Now it is read."
ask = "Is more than one page read?"
answer = "pages read > 1"
run = "read {name} 0"

[challenge]
title = "Full, and fast"
text = "Fill the swap space."
setup = "swapon 0 512"
goals = ["free = 0", "writes <= 40"]
solution = """
create big 480
fill big all
pageout big all
"""
"##;

fn read(toml: &str) -> Result<Lesson, Vec<LessonError>> {
    Lesson::read("www/lessons/02-striping.toml", toml, 7)
}

fn lesson(toml: &str) -> Lesson {
    read(toml).expect("a lesson")
}

/// What is wrong with a lesson when something is put in the place of something else.
fn with(from: &str, to: &str) -> Vec<String> {
    assert!(TOML.contains(from), "{from}");
    let toml = TOML.replace(from, to);
    let errors = match read(&toml) {
        Ok(lesson) => lesson.check(),
        Err(errors) => errors,
    };
    errors.iter().map(LessonError::to_string).collect()
}

#[test]
fn a_lesson_is_read() {
    let lesson = lesson(TOML);
    assert_eq!(lesson.id, "striping");
    assert_eq!(lesson.config.frames, 512);
    assert_eq!(lesson.config.nswbuf, 16);
    assert_eq!(lesson.config.nswdev, 4);
    assert_eq!(lesson.steps.len(), 2);
    assert_eq!(lesson.questions().count(), 2);
    let step = &lesson.steps[0];
    assert_eq!(step.line, 14);
    assert_eq!(step.focus, Some(Focus::Disk(1)));
    let run = step.run.as_ref().expect("a script");
    assert_eq!(run.line, 25);
    assert!(!run.text.contains('{'));
    assert!(matches!(
        step.text[..],
        [Block::Paragraph(_), Block::List(_)]
    ));
    let challenge = lesson.challenge.as_ref().expect("a challenge");
    assert_eq!(
        challenge.goals[1].1,
        [Inline::Plain("writes: at most 40".to_owned())]
    );
    assert_eq!(lesson.check(), []);
}

#[test]
fn readers_have_numbers_of_their_own() {
    let read = |seed| Lesson::read("a.toml", TOML, seed).expect("a lesson");
    let mut seen: Vec<String> = Vec::new();
    for seed in 0..40 {
        let lesson = read(seed);
        assert_eq!(lesson, read(seed));
        let ask = text::plain_inline(&lesson.steps[0].ask.as_ref().expect("a question").ask);
        if !seen.contains(&ask) {
            seen.push(ask);
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert_eq!(check_for("a.toml", TOML, 100), []);
}

#[test]
fn what_is_told_afterwards_has_both_answers() {
    let lesson = lesson(TOML);
    let answer = |n: u32| Answer::Word(format!("disk {n}"));
    let told = lesson.after(0, Some(&answer(3)), Some(&answer(1)));
    assert_eq!(text::plain(&told, 80), "It is disk 1, not disk 3.\n");
    let told = lesson.after(0, None, Some(&answer(1)));
    assert_eq!(text::plain(&told, 80), "It is disk 1, not nothing.\n");
    assert_eq!(lesson.after(9, None, None), []);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (from, to, expected) in [
        (
            "minutes = 6",
            "minutes = 0",
            "line 3: `minutes` is 0: write a whole number from 1 to 600.",
        ),
        (
            "minutes = 6",
            "minutes = \"6\"",
            "line 3: `minutes` is a text: write a whole number from 1 to 600.",
        ),
        (
            "summary =",
            "summery =",
            "line 2: `summery` is nothing that a lesson has. Did you mean `summary`? There are: title, summary, minutes, views, machine, numbers, setup, step, challenge.",
        ),
        (
            "\"objects\"",
            "\"trees\"",
            "line 4: There is no view `trees`. There are: stripes, linear, tree, metadata, buffers, memory, objects, inspector, log, timeline.",
        ),
        (
            "nswbuf = 16",
            "nswbuf = 1000",
            "line 8: `nswbuf` is 1000: write a whole number from 2 to 256.",
        ),
        (
            "to = 64",
            "to = 16",
            "line 11: `pages` goes from 32 to 16: write the lower one first.",
        ),
        (
            "title = \"Four towers\"\n",
            "",
            "line 14: `title` is missing: a step has one.",
        ),
        (
            "{name} {pages}\n",
            "{name} {page}\n",
            "line 27: {page} stands for nothing. [numbers] has: name, pages.",
        ),
        (
            "*32 at a time*",
            "*32 at a time",
            "line 17: `*` is missing to close what begins with: *32 at a time.",
        ),
        (
            "answer = \"disk of",
            "answer = \"disks of",
            "line 33: `disks of",
        ),
        (
            "hint = \"Count",
            "hint = 3\nhints = \"Count",
            "line 35: `hints` is nothing that a step has. Did you mean `hint`?",
        ),
        (
            "focus = \"disk 1\"",
            "focus = \"disc 1\"",
            "line 22: `disc 1` can't be pointed at.",
        ),
        (
            "after = \"It is {answer}",
            "after = \"It is {anser}",
            "line 35: {anser} stands for nothing.",
        ),
        (
            "title = \"And back\"",
            "title = \"And back",
            "line 38: This is no TOML: ",
        ),
        (
            "[[step]]\ntitle = \"And back\"",
            "[[steps]]\ntitle = \"And back\"",
            "line 37: `steps` is nothing that a lesson has.",
        ),
        (
            "ask = \"Is more than one page read?\"\n",
            "",
            "line 40: `answer` is for a question: there is no `ask`.",
        ),
        (
            "goals = [\"free = 0\"",
            "goals = [\"free = few\"",
            "line 48: `few` is no whole number.",
        ),
        (
            "[[step]]\ntitle = \"Four",
            "setup = \"swapon 0 64\"\n[[step]]\ntitle = \"Four",
            "line 14: `setup` is no number. If it is the lesson's, write it above the first [table].",
        ),
        (
            "nswbuf = 16",
            "setup = \"swapon 0 64\"",
            "line 8: `setup` is nothing that a machine has. If it is the lesson's, write it above the first [table].",
        ),
        // What only comes out when it is played.
        (
            "create {name}",
            "creat {name}",
            "line 27: `creat` is no command. Did you mean `create`?",
        ),
        (
            "pageout {name} all",
            "pageout other all",
            "line 30: There is no object called `other`.",
        ),
        (
            "focus = \"disk 1\"",
            "focus = \"disk 3\"",
            "line 14: There is no disk 3 to look at then.",
        ),
        (
            "free = 0",
            "free = 1",
            "line 50: The solution does not meet the goal \"free blocks: 1\": it comes to 0.",
        ),
        (
            "[\"free = 0\", \"writes <= 40\"]",
            "[\"writes <= 40\"]",
            "line 44: The challenge is met before anything is done",
        ),
        (
            "create big 480",
            "create big",
            "line 50: The command is not complete",
        ),
    ] {
        let errors = with(from, to);
        let found = errors.first().map(String::as_str).unwrap_or_default();
        assert!(
            found.starts_with(expected),
            "{to}\nexpected: {expected}\nfound: {errors:#?}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_told_in_order() {
    let toml = TOML
        .replace("minutes = 6", "minutes = 0")
        .replace("\"disk 1\"", "1.5");
    let lines: Vec<usize> = read(&toml)
        .expect_err("two errors")
        .iter()
        .map(|error| error.line)
        .collect();
    assert_eq!(lines, [3, 22]);
    assert!(read("").is_err_and(|errors| !errors.is_empty()));
}

#[test]
fn an_answer_has_to_be_among_the_choices() {
    let choices = "answer = \"disk of {name} {pages-1}\"\nchoices = [\"disk 2\", \"3\"]";
    let errors = with("answer = \"disk of {name} {pages-1}\"", choices);
    let expected = "line 32: The answer is `disk 1`, which is none of the choices: disk 2, disk 3.";
    assert!(
        errors == [expected] || errors == [expected.replace("disk 1`", "disk 0`")],
        "{errors:?}"
    );
}

#[test]
fn a_question_can_be_about_the_machine_as_it_is() {
    let toml = "title = \"T\"\nsetup = \"swapon 0 64\"\n[[step]]\ntitle = \"S\"\ntext = \"T\"\nask = \"Q\"\nanswer = \"free\"\n";
    let lesson = lesson(toml);
    assert_eq!(lesson.check(), []);
    assert_eq!(lesson.setup.line, 2);
    let question = lesson.steps[0].ask.as_ref().expect("a question");
    assert_eq!(question.parse("32"), Ok(Answer::Number(32)));
}

#[test]
fn what_is_wrong_for_some_readers_is_found() {
    let toml = TOML.replace("create {name} {pages}", "create {name} 48");
    let errors = check_for("a.toml", &toml, 100);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].why.contains("with other numbers"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_lesson_or_told_why_not(text in "\\PC{0,80}|[a-z=\\[\\]\"{}\n #0-9]{0,80}", seed: u64) {
        if let Err(errors) = Lesson::read(&text, &text, seed) {
            prop_assert!(!errors.is_empty());
        }
    }

    #[test]
    fn a_lesson_that_is_cut_or_changed_is_read_or_refused(
        at: prop::sample::Index,
        length in 0usize..30,
        put in "[a-z=\\[\\]\"{}\n #0-9-]{0,6}",
    ) {
        let start = at.index(TOML.len());
        let end = (start + length).min(TOML.len());
        let mut toml = TOML.to_owned();
        toml.replace_range(start..end, &put);
        let lines = toml.lines().count() + 1;
        match read(&toml) {
            Ok(lesson) => drop(lesson.check()),
            Err(errors) => prop_assert!(errors.iter().all(|error| (1..=lines).contains(&error.line))),
        }
    }
}
