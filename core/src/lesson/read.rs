//! Reads lessons.

mod focus;
mod reader;

use toml::de::{DeTable, DeValue};

use super::measure::{Goal, Measure, parse_answer};
use super::text::{Block, Inline};
use super::vary::{Choice, Value, choose, is_name};
use super::{Asked, Challenge, Focus, Lesson, LessonError, Question, Script, Step, VIEWS};
use crate::Config;
use crate::pager::Fixes;
use reader::{At, Reader, Words};

const LESSON: [&str; 9] = [
    "title",
    "summary",
    "minutes",
    "views",
    "machine",
    "numbers",
    "setup",
    "step",
    "challenge",
];
/// What is said of keys of a lesson that stand below a table's name, and so are the table's.
const ABOVE: &str = "If it is the lesson's, write it above the first [table].";
const STEP: [&str; 11] = [
    "title", "text", "notes", "show", "focus", "run", "ask", "answer", "choices", "hint", "after",
];
const CHALLENGE: [&str; 6] = ["title", "text", "setup", "machine", "goals", "solution"];

pub(super) fn read(file: &str, toml: &str, seed: u64) -> Result<Lesson, Vec<LessonError>> {
    let mut reader = Reader::new(toml);
    let (document, errors) = DeTable::parse_recoverable(toml);
    if !errors.is_empty() {
        for error in errors {
            let at = error.span().map_or(toml.len(), |span| span.start);
            reader.fail_at(at, format!("This is no TOML: {}.", error.message()));
        }
        return Err(reader.errors());
    }
    let lesson = lesson(&mut reader, document.get_ref(), file, seed);
    match reader.errors() {
        errors if errors.is_empty() => Ok(lesson),
        errors => Err(errors),
    }
}

fn lesson(reader: &mut Reader<'_>, document: &DeTable<'_>, file: &str, seed: u64) -> Lesson {
    let root = At {
        table: document,
        line: 1,
        what: "a lesson",
    };
    reader.known(&root, &LESSON);
    if let Some(numbers) = reader.table(&root, "numbers", "[numbers]") {
        read_numbers(reader, &numbers, seed);
    }
    let title = reader.required(&root, "title").text;
    let summary = reader.text(&root, "summary").unwrap_or_default().text;
    let minutes = reader.number(&root, "minutes", 1, 600).unwrap_or(5);
    let views = reader.strings(&root, "views");
    for view in &views {
        known_view(reader, view);
    }
    let config = machine(reader, &root).unwrap_or_default();
    let setup = script(reader, &root, "setup").unwrap_or_default();
    let mut steps = Vec::new();
    for at in reader.tables(&root, "step", "a step") {
        steps.push(step(reader, &at));
    }
    let challenge = reader.table(&root, "challenge", "a challenge");
    let challenge = challenge.map(|at| read_challenge(reader, &at));
    if steps.is_empty() {
        reader.fail(
            1,
            "A lesson has steps: add [[step]] with a `title` and a `text`.".to_owned(),
        );
    }
    Lesson {
        id: id(file),
        title,
        summary,
        minutes: minutes as u32,
        config,
        views: views.into_iter().map(|view| view.text).collect(),
        setup,
        steps,
        challenge,
        digest: reader.digest(),
    }
}

/// `www/lessons/02-striping.toml` is `striping`.
fn id(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = name.strip_suffix(".toml").unwrap_or(name);
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = bare.trim_start_matches(['-', '_', ' ']);
    if bare.is_empty() { name } else { bare }.to_owned()
}

fn known_view(reader: &mut Reader<'_>, view: &Words) {
    if !VIEWS.contains(&view.text.as_str()) {
        let why = format!(
            "There is no view `{}`. There are: {}.",
            view.text,
            VIEWS.join(", ")
        );
        reader.fail(view.line, why);
    }
}

fn read_numbers(reader: &mut Reader<'_>, numbers: &At<'_>, seed: u64) {
    let mut names: Vec<&str> = Vec::new();
    names.extend(numbers.table.keys().map(|key| key.get_ref().as_ref()));
    for name in names {
        let line = reader.line_of_key(numbers, name);
        if LESSON.contains(&name) && !numbers.is_table(name) {
            reader.fail(line, format!("`{name}` is no number. {ABOVE}"));
            continue;
        }
        if !is_name(name) || matches!(name, "answer" | "given") {
            let why = format!(
                "`{name}` can't be a name: write one of the letters a to z, as in `pages`."
            );
            reader.fail(line, why);
            continue;
        }
        let Some(at) = reader.table(numbers, name, "a number") else {
            continue;
        };
        let choice = if at.has("of") {
            reader.known(&at, &["of"]);
            reader.values(&at, "of").map(Choice::Of)
        } else {
            reader.known(&at, &["from", "to", "step"]);
            let most = i64::MAX as u64;
            match (
                reader.number(&at, "from", 0, most),
                reader.number(&at, "to", 0, most),
            ) {
                (Some(from), Some(to)) if from <= to => {
                    let step = reader.number(&at, "step", 1, most).unwrap_or(1);
                    Some(Choice::Range(from, to, step))
                }
                (Some(from), Some(to)) => {
                    reader.fail(
                        line,
                        format!("`{name}` goes from {from} to {to}: write the lower one first."),
                    );
                    None
                }
                _ => {
                    reader.fail(line, format!("`{name}` has no `from` and `to`, nor `of`: write {{ from = 32, to = 64 }} or {{ of = [\"heap\", \"stack\"] }}."));
                    None
                }
            }
        };
        // Something for the name, so that what uses it is not wrong too.
        let value = choice.and_then(|choice| choose(name, choice, seed));
        reader
            .numbers
            .push((name.to_owned(), value.unwrap_or(Value::Number(1))));
    }
}

/// The machine of a lesson, or of a challenge.
fn machine(reader: &mut Reader<'_>, of: &At<'_>) -> Option<Config> {
    let at = reader.table(of, "machine", "a machine")?;
    reader.known(&at, &[&Config::NUMBERS[..], &["fixes"]].concat());
    let mut config = Config::default();
    for key in Config::NUMBERS {
        let Some((field, allowed)) = config.number(key) else {
            continue;
        };
        let (least, most) = (u64::from(*allowed.start()), u64::from(*allowed.end()));
        if let Some(number) = reader.number(&at, key, least, most) {
            *field = number as u32;
        }
    }
    if let Some(fixes) = reader.table(&at, "fixes", "the fixes") {
        reader.known(&fixes, &Fixes::NAMES);
        for name in Fixes::NAMES {
            if let Some(fix) = config.fixes.named(name) {
                *fix = reader.flag(&fixes, name);
            }
        }
    }
    Some(config)
}

fn script(reader: &mut Reader<'_>, at: &At<'_>, key: &str) -> Option<Script> {
    let Words { text, line } = reader.text(at, key)?;
    Some(Script { text, line })
}

fn blocks(reader: &mut Reader<'_>, words: &Words) -> Vec<Block> {
    super::text::read(&words.text).unwrap_or_else(|(line, why)| {
        reader.fail(words.line + line, why);
        Vec::new()
    })
}

fn inline(reader: &mut Reader<'_>, words: &Words) -> Vec<Inline> {
    super::text::inline(words.text.trim()).unwrap_or_else(|why| {
        reader.fail(words.line, why);
        Vec::new()
    })
}

fn step(reader: &mut Reader<'_>, at: &At<'_>) -> Step {
    reader.known(at, &STEP);
    let title = reader.required(at, "title").text;
    let text = reader.required(at, "text");
    let text = blocks(reader, &text);
    let show = reader.text(at, "show");
    if let Some(view) = &show {
        known_view(reader, view);
    }
    let focus = reader.text(at, "focus").and_then(|words| {
        let focus = Focus::read(&words.text);
        focus.map_err(|why| reader.fail(words.line, why)).ok()
    });
    let asks = at.has("ask");
    let after = reader.filled(at, "after", asks).unwrap_or_default();
    Step {
        title,
        text,
        notes: reader.text(at, "notes").map(|words| words.text),
        show: show.map(|view| view.text),
        focus,
        run: script(reader, at, "run"),
        ask: question(reader, at),
        after: blocks(reader, &after),
        line: at.line,
    }
}

fn question(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Question> {
    let Some(ask) = reader.text(at, "ask") else {
        if !at.has("ask") {
            for key in ["answer", "choices", "hint"] {
                if at.has(key) {
                    let line = reader.line_of_key(at, key);
                    reader.fail(
                        line,
                        format!("`{key}` is for a question: there is no `ask`."),
                    );
                }
            }
        }
        return None;
    };
    let line = ask.line;
    let ask = inline(reader, &ask);
    let hint = reader.text(at, "hint").unwrap_or_default();
    let hint = inline(reader, &hint);
    let wanted = reader.required(at, "answer");
    if wanted.text.is_empty() {
        return None;
    }
    let answer = if Goal::is_one(&wanted.text) {
        Goal::read(&wanted.text).map(Asked::Holds)
    } else {
        Measure::read(&wanted.text).map(Asked::Measure)
    };
    let answer = answer.map_err(|why| reader.fail(wanted.line, why)).ok()?;
    let mut choices = Vec::new();
    for choice in reader.strings(at, "choices") {
        match parse_answer(&answer.kind(), &choice.text) {
            Ok(choice) => choices.push(choice.to_string()),
            Err(why) => reader.fail(choice.line, why),
        }
    }
    if choices.len() == 1 {
        let line = reader.line_of_key(at, "choices");
        reader.fail(
            line,
            "There is only one choice: add others, or leave `choices` out.".to_owned(),
        );
    }
    Some(Question {
        ask,
        answer,
        choices,
        hint,
        line,
    })
}

fn read_challenge(reader: &mut Reader<'_>, at: &At<'_>) -> Challenge {
    reader.known(at, &CHALLENGE);
    let title = reader.required(at, "title").text;
    let text = reader.required(at, "text");
    let text = blocks(reader, &text);
    let setup = script(reader, at, "setup");
    let config = machine(reader, at);
    if config.is_some() && setup.is_none() {
        let line = reader.line_of_key(at, "machine");
        reader.fail(
            line,
            "A machine of its own needs a `setup`: it begins with nothing.".to_owned(),
        );
    }
    let mut goals = Vec::new();
    for goal in reader.strings(at, "goals") {
        match Goal::read(&goal.text) {
            Ok(read) => {
                let words = vec![Inline::Plain(read.to_string())];
                goals.push((read, words));
            }
            Err(why) => reader.fail(goal.line, why),
        }
    }
    if goals.is_empty() {
        reader.fail(
            at.line,
            "A challenge has goals: add `goals = [\"free = 0\"]`.".to_owned(),
        );
    }
    let Words { text: lines, line } = reader.required(at, "solution");
    Challenge {
        title,
        text,
        setup,
        config,
        goals,
        solution: Script { text: lines, line },
        line: at.line,
    }
}

/// The type of a value in words.
fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
