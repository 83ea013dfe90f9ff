//! Whether a lesson can be learned.

use super::measure::Answer;
use super::{Challenge, Focus, Lesson, LessonError, Script, Step};
use crate::Model;
use crate::session::Player;
use crate::units::DeviceId;

/// What is wrong with a lesson for any of so many readers: one fault a line.
pub fn check_for(file: &str, toml: &str, readers: u64) -> Vec<LessonError> {
    let mut found: Vec<LessonError> = Vec::new();
    let mut checked: Vec<Lesson> = Vec::new();
    for seed in 0..readers.max(1) {
        let errors = match Lesson::read(file, toml, seed) {
            // Few readers have the same numbers; all do where there are none.
            Ok(lesson) if checked.contains(&lesson) => continue,
            Ok(lesson) => {
                let errors = lesson.check();
                checked.push(lesson);
                errors
            }
            Err(errors) => errors,
        };
        for mut error in errors {
            if found.iter().any(|known| known.line == error.line) {
                continue;
            }
            if seed > 0 {
                error.why.push_str(&format!(
                    " (So it is for reader {seed}, with other numbers.)"
                ));
            }
            let place = found.partition_point(|before| before.line <= error.line);
            found.insert(place, error);
        }
    }
    found
}

pub(super) fn check(lesson: &Lesson) -> Vec<LessonError> {
    let mut errors = Vec::new();
    let mut player = Player::new(lesson.config);
    // After a script that does not run nothing is as it should be.
    let played = play(&mut player, &lesson.setup)
        .and_then(|()| {
            lesson
                .steps
                .iter()
                .try_for_each(|step| play_step(&mut player, step, &mut errors))
        })
        .and_then(|()| match &lesson.challenge {
            Some(challenge) => meet(lesson, player, challenge, &mut errors),
            None => Ok(()),
        });
    errors.extend(played.err());
    errors
}

pub(super) fn answers(lesson: &Lesson) -> Result<Vec<Answer>, LessonError> {
    let mut player = Player::new(lesson.config);
    play(&mut player, &lesson.setup)?;
    let mut answers = Vec::new();
    for step in &lesson.steps {
        player.mark();
        if let Some(run) = &step.run {
            play(&mut player, run)?;
        }
        if let Some(question) = &step.ask {
            let line = question.line;
            let answer = question.answer.of(&player);
            answers.push(answer.map_err(|why| LessonError { line, why })?);
        }
    }
    Ok(answers)
}

pub(super) fn before_challenge(lesson: &Lesson) -> Result<Player, LessonError> {
    let challenge = lesson.challenge.as_ref();
    let fresh =
        challenge.and_then(|challenge| challenge.setup.as_ref().map(|setup| (challenge, setup)));
    let mut player = match fresh {
        Some((challenge, setup)) => {
            let mut player = Player::new(challenge.config.unwrap_or(lesson.config));
            play(&mut player, setup)?;
            player
        }
        None => {
            let mut player = Player::new(lesson.config);
            play(&mut player, &lesson.setup)?;
            let scripts = lesson.steps.iter().filter_map(|step| step.run.as_ref());
            for run in scripts {
                play(&mut player, run)?;
            }
            player
        }
    };
    player.mark();
    Ok(player)
}

fn play(player: &mut Player, script: &Script) -> Result<(), LessonError> {
    player
        .play(&script.text)
        .map_err(|(number, why)| LessonError {
            line: script.line + number,
            why,
        })
}

fn play_step(
    player: &mut Player,
    step: &Step,
    errors: &mut Vec<LessonError>,
) -> Result<(), LessonError> {
    player.mark();
    if let Some(run) = &step.run {
        play(player, run)?;
    }
    if let Some(question) = &step.ask {
        let line = question.line;
        match question.answer.of(player) {
            Err(why) => errors.push(LessonError { line, why }),
            Ok(answer) if question.parse(&answer.to_string()).as_ref() != Ok(&answer) => {
                let choices = question.choices.join(", ");
                let why =
                    format!("The answer is `{answer}`, which is none of the choices: {choices}.");
                errors.push(LessonError { line, why });
            }
            Ok(_) => {}
        }
    }
    if let Some(focus) = &step.focus
        && let Err(why) = focus.is_there(player)
    {
        let line = step.line;
        errors.push(LessonError { line, why });
    }
    Ok(())
}

fn meet(
    lesson: &Lesson,
    mut player: Player,
    challenge: &Challenge,
    errors: &mut Vec<LessonError>,
) -> Result<(), LessonError> {
    if let Some(setup) = &challenge.setup {
        player = Player::new(challenge.config.unwrap_or(lesson.config));
        play(&mut player, setup)?;
    }
    player.mark();
    // What can't be measured yet does not hold.
    let mut before = challenge.goals.iter().map(|(goal, _)| goal.holds(&player));
    if before.all(|holds| matches!(holds, Ok((true, _)))) {
        let line = challenge.line;
        let why =
            "The challenge is met before anything is done: add a goal that is not.".to_owned();
        errors.push(LessonError { line, why });
    }
    play(&mut player, &challenge.solution)?;
    for (goal, _) in &challenge.goals {
        let why = match goal.holds(&player) {
            Ok((true, _)) => continue,
            Ok((false, found)) => {
                format!("The solution does not meet the goal \"{goal}\": it comes to {found}.")
            }
            Err(why) => format!("The solution does not meet the goal \"{goal}\". {why}"),
        };
        let line = challenge.solution.line;
        errors.push(LessonError { line, why });
    }
    Ok(())
}

impl Focus {
    /// Whether there is what it points at.
    ///
    /// # Errors
    /// What there isn't, as a sentence.
    pub fn is_there(&self, player: &Player) -> Result<(), String> {
        let model = player.model();
        let object = |name: &String, page: Option<u32>| {
            let names = player.names();
            let found = names.by_text(name);
            let found =
                found.ok_or_else(|| format!("There is no object `{name}` to look at then."))?;
            match page {
                Some(page) if page >= found.pages => {
                    Err(format!("{name} has no page {page} to look at then."))
                }
                _ => Ok(found),
            }
        };
        match self {
            Self::Panel(_) => Ok(()),
            Self::Object(name) => object(name, None).map(|_| ()),
            Self::Page(name, page) => object(name, Some(*page)).map(|_| ()),
            Self::Block(block) => match blocks(model) {
                blocks if *block < blocks => Ok(()),
                0 => Err("There is no swap to look at then.".to_owned()),
                blocks => Err(format!(
                    "There is no block {block}: the last is {}.",
                    blocks - 1
                )),
            },
            Self::BlockOf(name, page) => {
                let found = object(name, Some(*page))?;
                let at = (found.id, crate::units::PageIndex(*page));
                let is_there = model.swap.contains_key(&at);
                is_there
                    .then_some(())
                    .ok_or_else(|| format!("Page {page} of {name} has no block to look at then."))
            }
            Self::Disk(disk) => {
                let mut devices = model.slots.iter().flatten();
                let is_there = devices.any(|device| device.id == DeviceId(*disk));
                is_there
                    .then_some(())
                    .ok_or_else(|| format!("There is no disk {disk} to look at then."))
            }
        }
    }
}

fn blocks(model: &Model) -> u32 {
    model.blist.as_ref().map_or(0, |image| image.blocks)
}
