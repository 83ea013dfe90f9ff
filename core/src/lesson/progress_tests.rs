use super::*;
use crate::session::record::{FORMAT as RECORDS, SerdeJson};
use proptest::prelude::*;

const TOML: &str = r#"
title = "Kept"
setup = """
swapon 0 1024
create heap 64
"""
[[step]]
title = "1"
text = "1"
ask = "How many?"
run = "fill heap all"
answer = "free"
[[step]]
title = "2"
text = "2"
run = "pageout heap all"
[challenge]
title = "3"
text = "3"
goals = ["free = 0"]
solution = "fill heap all"
"#;

fn lesson() -> Lesson {
    Lesson::read("kept.toml", TOML, 0).expect("a lesson")
}

/// Somebody who has done all steps and is at the challenge.
fn reader() -> (Progress, Vec<Record>, Player) {
    let lesson = lesson();
    let mut player = Player::new(lesson.config);
    let play = |player: &mut Player, script: &str| {
        assert_eq!(player.play(script), Ok(()));
        Mark {
            inputs: player.records().len() + 1,
            events: player.events().len() as u64,
        }
    };
    let ready = play(&mut player, &lesson.setup.text);
    let mut steps = Vec::new();
    for step in &lesson.steps {
        let before = player.events().len() as u64;
        let script = step.run.as_ref().map_or("", |run| &run.text);
        let given = step.ask.as_ref().map(|_| FirstAnswer {
            answer: Some("7".to_owned()),
            right: Some("992".to_owned()),
        });
        steps.push(StepDone {
            done: true,
            mark: Some(play(&mut player, script)),
            before,
            given,
            hint: false,
        });
    }
    let progress = Progress {
        format: FORMAT,
        digest: lesson.digest,
        name: "Ann".to_owned(),
        begun: vec![(Progress::reader("Ann"), 2), (Progress::reader("Bob"), 1)],
        place: 3,
        ready: Some(ready),
        challenge: ChallengeDone {
            from: steps.last().and_then(|step| Some(step.mark?.inputs)),
            begun: 1,
            ..ChallengeDone::default()
        },
        steps,
    };
    assert_eq!(player.play("read heap all"), Ok(()));
    let start = Record::Start {
        format: RECORDS,
        config: lesson.config,
    };
    (progress, [&[start], player.records()].concat(), player)
}

type Kept = (Progress, Config, Vec<Record>);

fn read(text: &str) -> Result<Kept, ProgressError> {
    Progress::read::<SerdeJson>(text)
}

#[test]
fn what_is_kept_gives_the_same_reader_and_machine() {
    let (progress, records, player) = reader();
    let text = progress.clone().write(&records).expect("a text");
    let (found, config, rest) = read(&text).expect("it reads back");
    assert_eq!((&found, &rest[..]), (&progress, &records[1..]));
    assert_eq!(found.check(&lesson(), config, &rest), Ok(()));
    let again = Player::replay(config, rest).expect("it can be played again");
    assert_eq!(again.model(), player.model());
    assert_eq!(Progress::beginnings(&found.begun, " ANN"), 2);
    assert_eq!(Progress::beginnings(&found.begun, "Cleo"), 0);
    assert_eq!(Progress::begun::<SerdeJson>(&text), progress.begun);
    let question = lesson().steps[0].ask.clone().expect("it asks");
    let given = found.steps[0].given.clone().expect("it was answered");
    assert_eq!(
        given.read(&question),
        Ok((Some(Answer::Number(7)), Some(Answer::Number(992))))
    );
}

#[test]
fn of_a_long_session_the_end_is_to_be_done_again() {
    let (progress, mut records, mut player) = reader();
    let whole = records.len();
    // More than there is room for, in the challenge.
    let long = format!("write heap 1 \"{}\"\n", "long ".repeat(700)).repeat(120);
    assert_eq!(player.play(&long), Ok(()));
    records.extend_from_slice(&player.records()[whole - 1..]);
    let text = progress.clone().write(&records).expect("a text");
    assert!(text.len() < MOST + 4_096, "{}", text.len());
    let (found, config, rest) = read(&text).expect("it reads back");
    assert_eq!(found.check(&lesson(), config, &rest), Ok(()));
    assert_eq!(Some(rest.len() + 1), progress.challenge.from);
    assert_eq!((found.place, found.challenge), (3, progress.challenge));
    // And if even a step has no room, its answer is kept all the same.
    let mut cut = progress.clone();
    let first = progress.steps[0].mark.map_or(0, |mark| mark.inputs);
    assert_eq!(cut.cut(first + 1), first);
    assert_eq!(
        (cut.place, cut.steps[1].done, cut.challenge.from),
        (2, false, None)
    );
    assert_eq!(cut.cut(1), 1);
    assert_eq!((cut.place, cut.ready, cut.steps[0].done), (1, None, false));
    assert_eq!(cut.steps[0].given, progress.steps[0].given);
}

#[test]
fn what_does_not_fit_is_told() {
    let (progress, records, _) = reader();
    let lesson = lesson();
    let (config, rest) = (lesson.config, &records[1..]);
    let text = progress.clone().write(&records).expect("a text");
    let refused = |change: fn(&mut Progress)| {
        let mut progress = progress.clone();
        change(&mut progress);
        progress
            .check(&lesson, config, rest)
            .map_err(|why| why.to_string())
    };
    assert_eq!(refused(|_| ()), Ok(()));
    let told = refused(|progress| progress.digest ^= 1);
    assert_eq!(told, Err("the text of the lesson has changed since".into()));
    for change in [
        (|progress| progress.place = 5) as fn(&mut Progress),
        |progress| drop(progress.steps.pop()),
        |progress| progress.challenge.from = Some(9_999),
        |progress| progress.steps[1].given = Some(FirstAnswer::default()),
        |progress| {
            progress.steps[0].given = Some(FirstAnswer {
                answer: Some("many".to_owned()),
                right: None,
            });
        },
    ] {
        assert!(refused(change).is_err_and(|why| why.contains("does not fit")));
    }
    let other = Config {
        frames: 64,
        ..config
    };
    let machine = progress.check(&lesson, other, rest);
    assert_eq!(machine, Err(ProgressError::Odd("the machine")));
    let swapped: Vec<_> = rest.iter().rev().cloned().collect();
    assert!(matches!(
        progress.check(&lesson, config, &swapped),
        Err(ProgressError::Record(_))
    ));
    assert!(matches!(read(""), Err(ProgressError::Damaged(_))));
    assert!(matches!(
        read(&text.replacen("\"format\":1", "\"format\":9", 1)),
        Err(ProgressError::Newer(9))
    ));
    assert!(matches!(
        read(&text[..text.len() - 4]),
        Err(ProgressError::Record(_))
    ));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(cut in 0usize..2_000, byte: u8, noise in "\\PC{0,80}") {
        let (progress, records, _) = reader();
        let mut text = progress.write(&records).expect("a text").into_bytes();
        let at = cut % text.len();
        text[at] = byte;
        for text in [String::from_utf8_lossy(&text).into_owned(), noise] {
            if let Ok((progress, config, records)) = read(&text) {
                let _ = progress.check(&lesson(), config, &records);
            }
            let _ = Progress::begun::<SerdeJson>(&text);
        }
    }
}
