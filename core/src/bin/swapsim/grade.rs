//! Checks lessons, challenges and result codes.

use std::path::{Path, PathBuf};

use swap_pager::lesson::text::plain_inline;
use swap_pager::lesson::{Challenge, Lesson, check_for, code};
use swap_pager::session::Player;
use swap_pager::session::record::Record;
use swap_pager::words::numbers::count;

use super::input::{self, Input};

/// Plays lessons for so many readers. Tells whether nothing is wrong.
pub fn check(files: &[PathBuf], readers: u64, out: &mut String) -> Result<bool, String> {
    let mut good = true;
    for file in files {
        let name = file.display().to_string();
        let toml = input::lesson_text(file)?;
        let errors = check_for(&name, &toml, readers);
        for error in &errors {
            out.push_str(&format!("{name}:{}: {}\n", error.line, error.why));
        }
        if errors.is_empty() {
            let lesson = input::lesson(&name, &toml, "")?;
            let questions = count(lesson.questions().count() as u64, "question");
            let steps = count(lesson.steps.len() as u64, "step");
            let challenge = if lesson.challenge.is_some() {
                ", a challenge"
            } else {
                ""
            };
            out.push_str(&format!("{name}: {steps}, {questions}{challenge}: good\n"));
        }
        good &= errors.is_empty();
    }
    Ok(good)
}

/// Tells whether a session meets the goals of a challenge.
pub fn challenge(
    files: &[PathBuf],
    session: &str,
    name: &str,
    out: &mut String,
) -> Result<bool, String> {
    let [file] = files else {
        return Err("A session is of one lesson: name only that.".to_owned());
    };
    let lesson = read(file, name)?;
    let Some(challenge) = &lesson.challenge else {
        return Err(format!("{} has no challenge.", file.display()));
    };
    let Input::Session(config, records) = input::read(session)? else {
        return Err(format!(
            "{session} is no session: save one in the page, or copy its link."
        ));
    };
    let begun = lesson.before_challenge();
    let begun =
        begun.map_err(|error| format!("{}:{}: {}", file.display(), error.line, error.why))?;
    if config != begun.config() {
        out.push_str("The session has another machine than the challenge.\n");
        return Ok(false);
    }
    let mut player = Player::new(config);
    let Some(place) = set_up(challenge, begun.records(), &records) else {
        out.push_str("The session does not begin as the challenge does");
        out.push_str(if name.is_empty() {
            ": is it of another name? --name says whose it is.\n"
        } else {
            ".\n"
        });
        return Ok(false);
    };
    for (i, record) in records.into_iter().enumerate() {
        if i == place {
            player.mark();
        }
        let put = player.put(record);
        put.map_err(|error| format!("The session can't be played: {error}."))?;
    }
    if player.records().len() == place {
        player.mark();
    }
    player.settle();
    let mut all = true;
    for (goal, _) in &challenge.goals {
        let line = match goal.holds(&player) {
            Ok((true, found)) => format!("met      {goal} (it is {found})"),
            Ok((false, found)) => {
                all = false;
                format!("not met  {goal} (it is {found})")
            }
            Err(why) => {
                all = false;
                format!("not met  {goal} ({why})")
            }
        };
        out.push_str(&line);
        out.push('\n');
    }
    out.push_str(if all {
        "The challenge is met.\n"
    } else {
        "The challenge is not met.\n"
    });
    Ok(all)
}

/// After how many of its records a session has done all that a challenge begins with, and what came of that. A challenge
/// with a machine of its own begins at once; before any other a person may have tried more than the lesson does.
fn set_up(challenge: &Challenge, begun: &[Record], records: &[Record]) -> Option<usize> {
    let asks = |record: &&Record| {
        matches!(
            record,
            Record::Do(_) | Record::Plan { .. } | Record::ByHand(_)
        )
    };
    let mut expected = begun.iter().filter(asks).peekable();
    let mut place = 0;
    for (i, record) in records.iter().enumerate() {
        let Some(next) = expected.peek() else {
            break;
        };
        if !asks(&record) {
            continue;
        }
        if record == *next {
            expected.next();
            place = i + 1;
        } else if challenge.setup.is_some() {
            return None;
        }
    }
    if expected.peek().is_some() {
        return None;
    }
    // What was begun, ends before anything else is asked for.
    let rest = records[place..].iter();
    Some(place + rest.take_while(|record| !asks(record)).count())
}

/// Tells which answers of a result code are right, and whether all are.
pub fn verify(file: &Path, name: &str, text: &str, out: &mut String) -> Result<bool, String> {
    let lesson = read(file, name)?;
    let results = code::read(&lesson, name, text)?;
    let answers = lesson.answers();
    let answers =
        answers.map_err(|error| format!("{}:{}: {}", file.display(), error.line, error.why))?;
    let mut right = 0;
    let questions = lesson.questions().zip(&answers).zip(&results.answers);
    for (i, ((question, answer), given)) in questions.enumerate() {
        let how = match given {
            Some(given) if given == answer => {
                right += 1;
                format!("right    {given}")
            }
            Some(given) => format!("wrong    {given}, it is {answer}"),
            None => format!("none     it is {answer}"),
        };
        let ask = plain_inline(&question.ask);
        out.push_str(&format!("{}. {ask}\n   {how}\n", i + 1));
    }
    out.push_str(&format!(
        "{right} of {} answers are right.\n",
        answers.len()
    ));
    let met = match (&lesson.challenge, results.challenge) {
        (None, _) => true,
        (Some(_), Some(true)) => {
            out.push_str("The challenge is met.\n");
            true
        }
        (Some(_), _) => {
            out.push_str("The challenge is not met.\n");
            false
        }
    };
    Ok(right == answers.len() && met)
}

fn read(file: &Path, name: &str) -> Result<Lesson, String> {
    let toml = input::lesson_text(file)?;
    input::lesson(&file.display().to_string(), &toml, name)
}
