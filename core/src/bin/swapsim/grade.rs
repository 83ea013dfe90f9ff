//! Checks lessons, challenges and result codes.

use std::path::{Path, PathBuf};

use swap_pager::Config;
use swap_pager::lesson::text::plain_inline;
use swap_pager::lesson::{Challenge, Lesson, check_for, code};
use swap_pager::session::Player;
use swap_pager::session::record::Record;
use swap_pager::words::numbers::count;
use swap_pager::words::shown::shown;

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
    let Some(place) = set_up(challenge, begun.records(), &records) else {
        out.push_str("The session does not begin as the challenge does");
        out.push_str(match name {
            "" => ": is it of another name? --name says whose it is.\n",
            _ => ".\n",
        });
        return Ok(false);
    };
    let met = meets(challenge, config, records, place, out)?;
    out.push_str(match met {
        true => "The challenge is met.\n",
        false => "The challenge is not met.\n",
    });
    Ok(met)
}

/// Whether a session met all goals at one time, as the page judges it: whenever nothing was under way. Writes how far it
/// had come with each then, or at the end.
fn meets(
    challenge: &Challenge,
    config: Config,
    records: Vec<Record>,
    place: usize,
    out: &mut String,
) -> Result<bool, String> {
    let mut player = Player::new(config);
    for (i, record) in records.into_iter().enumerate() {
        if i == place {
            player.mark();
        }
        if i > place && asks(&&record) && is_at_rest(&player) {
            let (met, lines) = judge(challenge, &player);
            if met {
                out.push_str(&lines);
                return Ok(true);
            }
        }
        let put = player.put(record);
        put.map_err(|error| format!("The session can't be played: {error}."))?;
    }
    if player.records().len() == place {
        player.mark();
    }
    player.settle();
    let (met, lines) = judge(challenge, &player);
    out.push_str(&lines);
    Ok(met)
}

fn is_at_rest(player: &Player) -> bool {
    player.driver().is_by_hand() || player.model().in_flight.is_empty()
}

/// Whether all goals hold, and a line for each.
fn judge(challenge: &Challenge, player: &Player) -> (bool, String) {
    let (mut all, mut lines) = (true, String::new());
    for (goal, _) in &challenge.goals {
        let (holds, found) = match goal.holds(player) {
            Ok((holds, found)) => (holds, format!("it is {found}")),
            Err(why) => (false, why),
        };
        all &= holds;
        let how = if holds { "met    " } else { "not met" };
        lines.push_str(&format!("{how}  {goal} ({found})\n"));
    }
    (all, lines)
}

/// Whether a person put it in.
fn asks(record: &&Record) -> bool {
    matches!(
        record,
        Record::Do(_) | Record::Plan { .. } | Record::ByHand(_)
    )
}

/// After how many of its records a session has done all that a challenge begins with, and what came of that. A challenge
/// with a machine of its own begins at once; before any other a person may have tried more than the lesson does.
fn set_up(challenge: &Challenge, begun: &[Record], records: &[Record]) -> Option<usize> {
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
pub fn verify(
    file: &Path,
    name: Option<&str>,
    text: &str,
    out: &mut String,
) -> Result<bool, String> {
    let carried = code::name(text)?;
    let name = name
        .or(carried.as_deref())
        .ok_or("The code is of a version before names were in it: say with --name whose it is.")?;
    let lesson = read(file, name)?;
    let results = code::read(&lesson, name, text).map_err(|why| match &carried {
        Some(carried) if code::seed(carried) != code::seed(name) => {
            format!("{why} It carries the name \"{}\".", shown(carried))
        }
        _ => why,
    })?;
    if let Some(carried) = carried {
        let name = match carried.is_empty() {
            true => "nobody".to_owned(),
            false => shown(&carried),
        };
        out.push_str(&format!("Name: {name}\n"));
    }
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
    if let Some(begun) = results.begun {
        out.push_str(&format!(
            "The lesson was begun {}",
            count(begun.lesson, "time")
        ));
        if lesson.challenge.is_some() {
            out.push_str(&format!(
                ", the challenge {}",
                count(begun.challenge, "time")
            ));
        }
        out.push_str(".\n");
    }
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
