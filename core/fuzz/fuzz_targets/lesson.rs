//! Any text as a lesson, a script, a measure and a result code: it is read or refused, and what is read
//! is played to its end. Texts that are played are short: a machine of any size can be asked for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swap_pager::lesson::measure::{Goal, Measure};
use swap_pager::lesson::{Lesson, code};
use swap_pager::session::Player;
use swap_pager::{Config, MIN_FRAMES};

const SMALL: &str = "title = \"T\"\n[[step]]\ntitle = \"S\"\ntext = \"T\"\nask = \"?\"\nanswer = \"free\"\n";

fuzz_target!(|text: &str| {
    let lines = text.lines().count() + 1;
    match Lesson::read(text, text, 1) {
        Ok(lesson) => {
            let written = code::write(&lesson, text, &code::Results {
                answers: vec![None; lesson.questions().count()],
                challenge: None,
            });
            assert!(code::read(&lesson, text, &written).is_ok());
        }
        Err(errors) => assert!(errors.iter().all(|error| (1..=lines).contains(&error.line))),
    }
    let config = Config {
        frames: MIN_FRAMES,
        ..Config::default()
    };
    let mut player = Player::new(config);
    let large = |line: &str| line.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 3);
    for line in text.lines().take(20).filter(|line| !large(line)) {
        let _ = player.play_line(line);
        let _ = Measure::read(line).map(|measure| measure.of(&player));
        let _ = Goal::read(line).map(|goal| goal.holds(&player));
    }
    let again = Player::replay(config, player.records().to_vec());
    assert!(again.is_ok_and(|again| again.events() == player.events()));
    if let Ok(lesson) = Lesson::read("small.toml", SMALL, 1) {
        let _ = code::read(&lesson, "Ann", text);
    }
});
