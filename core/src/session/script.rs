//! Scripts: commands as a person types them, and what a person does to disks.
//!
//! ```text
//! # a comment, also after a command
//! machine frames 256       what the machine is built with; these lines stand above all others
//! machine fixes far_metadata
//! swapon 0 1024            any command of the language
//! disk 1 fail writes 2     the next two writes to disk 1 fail
//! disk 1 fail reads 1
//! disk 1 bad 64..67        these blocks of the disk can be neither read nor written
//! disk 1 delay 20          milliseconds that each transfer takes
//! disk 1 seek 20           milliseconds that the head takes from one end to the other
//! disk 1 unplug            every transfer fails from now on
//! disk 1 plug              it behaves again: no delays and no faults
//! by hand                  transfers wait for a person from now on
//! by itself                and no longer
//! complete 3               transfer 3 is carried out
//! fail 3                   or fails
//! ```
//!
//! A line that names objects is read when its turn comes: only then are they there.

use std::fmt;
use std::ops::Range;

use super::driver::{MAX_DELAY, Plan, Verdict};
use crate::language::{
    self, Completion, Completions, Names, Problem, SyntaxError, nearest, parse, usage,
    without_comment,
};
use crate::units::{DeviceId, IoId};
use crate::{Command, Config, Errno};

/// What a line of a script asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Something of the machine.
    Do(Command),
    /// A disk behaves so from now on.
    Plan(DeviceId, Plan),
    /// Whether a person completes each transfer from now on.
    ByHand(bool),
    /// A transfer that waits for a person.
    Finish(IoId, Verdict),
}

/// Why a line can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The bytes of the line that are wrong; empty where something is missing.
    pub span: Range<usize>,
    /// What is wrong, as a sentence.
    pub why: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for ScriptError {}

/// The lines of a script that ask for something, without the spaces around them, and the number of
/// each, from 0.
pub fn lines(script: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = script.lines().map(without_comment).enumerate();
    lines.filter(|(_, line)| !line.is_empty())
}

/// What a script can have beside commands, as [`usage`] has those: the word, what follows it, and what
/// it does.
pub const USAGE: [(&str, &str, &str); 4] = [
    (
        "disk",
        "n fail reads|writes n | bad blocks | delay ms | seek ms | unplug | plug",
        "Have a disk fail, take its time, or behave again.",
    ),
    (
        "by",
        "hand | itself",
        "Have transfers wait for a person, or no longer.",
    ),
    (
        "complete",
        "transfer",
        "Carry out a transfer that waits for a person.",
    ),
    (
        "fail",
        "transfer",
        "Have a transfer that waits for a person fail.",
    ),
];

/// What begins a line about the machine.
const MACHINE: &str = "machine";

/// What the machine of a script is built with, and the number of the first line that is about
/// something else.
///
/// # Errors
/// The number of the line that can't be read, from 0, and why.
pub fn machine(script: &str) -> Result<(Config, usize), (usize, String)> {
    let mut config = Config::default();
    for (number, line) in lines(script) {
        let mut words = Words { line, pos: 0 };
        if words.next().1 != MACHINE {
            return Ok((config, number));
        }
        let set = words.machine(&mut config);
        set.map_err(|error| (number, error.why))?;
    }
    Ok((config, script.lines().count()))
}

/// What a line asks for. `plan` is how a disk behaves now.
///
/// # Errors
/// What is wrong with it.
pub fn read(
    line: &str,
    names: &Names<'_>,
    plan: impl Fn(DeviceId) -> Plan,
) -> Result<Action, ScriptError> {
    let mut words = Words { line, pos: 0 };
    let action = match words.next().1 {
        "disk" => return words.disk(&names.disks, plan),
        "by" => match words.next() {
            (_, "hand") => Action::ByHand(true),
            (_, "itself") => Action::ByHand(false),
            found => return Err(words.unfit(found, "`hand` or `itself`")),
        },
        "complete" => Action::Finish(IoId(words.number(TRANSFER)?), Verdict::CarryOut),
        "fail" => Action::Finish(IoId(words.number(TRANSFER)?), Verdict::Fail(Errno::Eio)),
        MACHINE => {
            let why = "The machine is built before anything is done: put its lines above all others of the script. \
                       A lesson has a [machine] for that, the page \"Machine …\" in its menu.";
            return Err(ScriptError {
                span: 0..MACHINE.len(),
                why: why.to_owned(),
            });
        }
        _ => return parse(line, names).map(Action::Do).map_err(no_command),
    };
    words.end(action)
}

/// What can come at `cursor` of a line, as [`complete`](crate::language::complete) tells it of commands: also what
/// scripts alone can have.
pub fn complete(line: &str, cursor: usize, names: &Names<'_>) -> Completions {
    let mut found = language::complete(line, cursor, names);
    let mut words = Words { line, pos: 0 };
    let (start, word) = words.next();
    let typed = line.get(start..cursor).unwrap_or_default();
    for (known, arguments, _) in USAGE {
        if start == found.span.start && known.starts_with(typed) && known != typed {
            found.items.push(Completion {
                text: known.to_owned(),
                hint: arguments.to_owned(),
            });
        } else if known == word && cursor > words.pos {
            found.expected = arguments.to_owned();
        }
    }
    found
}

/// Why a line is no command, among all that can stand in its place.
#[cold]
fn no_command(error: SyntaxError) -> ScriptError {
    let mut why = error.to_string();
    if let Problem::NoCommand { word, meant: None } = &error.problem {
        let words = || USAGE.iter().map(|(word, ..)| *word);
        why = match nearest(word, words()) {
            Some(meant) => format!("`{word}` is no command. Did you mean `{meant}`?"),
            None => {
                let all = usage().iter().map(|usage| usage.verb).chain(words());
                let all: Vec<_> = all.collect();
                format!("`{word}` is no command. Commands: {}.", all.join(", "))
            }
        };
    }
    ScriptError {
        span: error.span,
        why,
    }
}

/// The lines that bring a disk from behaving in one way to another.
pub fn print_plan(disk: DeviceId, from: Plan, to: Plan) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |what: String| lines.push(format!("{disk} {what}"));
    let heals = from.unplugged && !to.unplugged || from.bad_count > 0 && to.bad_count == 0;
    let from = if heals { Plan::default() } else { from };
    if heals {
        line("plug".to_owned());
    }
    if (from.bad_start, from.bad_count) != (to.bad_start, to.bad_count) && to.bad_count > 0 {
        let last = to.bad_start.saturating_add(to.bad_count - 1);
        line(format!("bad {}..{last}", to.bad_start));
    }
    for (what, before, after) in [
        ("delay", from.delay, to.delay),
        ("seek", from.seek, to.seek),
        ("fail reads", from.fail_reads, to.fail_reads),
        ("fail writes", from.fail_writes, to.fail_writes),
    ] {
        if before != after {
            line(format!("{what} {after}"));
        }
    }
    if to.unplugged && !from.unplugged {
        line("unplug".to_owned());
    }
    lines
}

const TRANSFER: &str = "the number of a transfer";
const BEHAVIOUR: &str = "`fail`, `bad`, `delay`, `seek`, `unplug` or `plug`";

/// The words of a line that is no command.
struct Words<'a> {
    line: &'a str,
    pos: usize,
}

impl<'a> Words<'a> {
    /// The next word and where it begins; empty at the end.
    fn next(&mut self) -> (usize, &'a str) {
        let rest = &self.line[self.pos..];
        let start = self.line.len() - rest.trim_start().len();
        let rest = &self.line[start..];
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        self.pos = start + word.len();
        (start, word)
    }

    fn number(&mut self, expected: &str) -> Result<u32, ScriptError> {
        let found = self.next();
        let number = found.1.parse();
        number.map_err(|_| self.unfit(found, expected))
    }

    /// What stands after `machine`.
    fn machine(mut self, config: &mut Config) -> Result<(), ScriptError> {
        let found = self.next();
        match found.1 {
            "fixes" => {
                let which = self.next();
                let Some(fix) = config.fixes.named(which.1) else {
                    return Err(self.unfit(which, "`reserve_tail` or `far_metadata`"));
                };
                *fix = true;
            }
            name => {
                let Some((number, allowed)) = config.number(name) else {
                    let names = Config::NUMBERS.join("`, `");
                    return Err(self.unfit(found, &format!("`{names}` or `fixes`")));
                };
                let (least, most) = (allowed.start(), allowed.end());
                let expected = format!("a number from {least} to {most}");
                let found = self.next();
                let wanted = found.1.parse().ok();
                let Some(wanted) = wanted.filter(|wanted| allowed.contains(wanted)) else {
                    return Err(self.unfit(found, &expected));
                };
                *number = wanted;
            }
        }
        self.end(())
    }

    /// What stands after `disk`.
    fn disk(
        mut self,
        on: &[DeviceId],
        plan: impl Fn(DeviceId) -> Plan,
    ) -> Result<Action, ScriptError> {
        let before = self.pos;
        let disk = DeviceId(self.number("the number of a disk")?);
        if !on.contains(&disk) {
            return Err(ScriptError {
                span: self.taken_since(before),
                why: off(disk, on),
            });
        }
        let mut plan = plan(disk);
        match self.next() {
            (_, "fail") => {
                let which = self.next();
                let left = match which.1 {
                    "reads" => &mut plan.fail_reads,
                    "writes" => &mut plan.fail_writes,
                    _ => return Err(self.unfit(which, "`reads` or `writes`")),
                };
                *left = self.number("how many of the next ones fail")?;
            }
            (_, "bad") => {
                let found = self.next();
                let range = found.1.split_once("..").unwrap_or((found.1, found.1));
                let (Ok(first), Ok(last)) = (range.0.parse::<u32>(), range.1.parse::<u32>()) else {
                    return Err(self.unfit(found, "blocks, as in 64..67"));
                };
                if last < first {
                    return Err(self.unfit(found, "the lower block first"));
                }
                plan.bad_start = first;
                plan.bad_count = (last - first).saturating_add(1);
            }
            (_, "delay") => plan.delay = self.millis()?,
            (_, "seek") => plan.seek = self.millis()?,
            (_, "unplug") => plan.unplugged = true,
            (_, "plug") => plan = Plan::default(),
            found => return Err(self.unfit(found, BEHAVIOUR)),
        }
        self.end(Action::Plan(disk, plan))
    }

    fn millis(&mut self) -> Result<u32, ScriptError> {
        let start = self.pos;
        let millis = self.number("how many milliseconds")?;
        if millis > MAX_DELAY {
            let why = format!("{millis} milliseconds are too many: {MAX_DELAY} are the most.");
            return Err(ScriptError {
                span: self.taken_since(start),
                why,
            });
        }
        Ok(millis)
    }

    /// The word that was taken since a place.
    fn taken_since(&self, start: usize) -> Range<usize> {
        self.pos - self.line[start..self.pos].trim_start().len()..self.pos
    }

    fn end<T>(mut self, found: T) -> Result<T, ScriptError> {
        match self.next() {
            (_, "") => Ok(found),
            more => Err(self.unfit(more, "nothing more")),
        }
    }

    fn unfit(&self, (at, word): (usize, &str), expected: &str) -> ScriptError {
        let why = match word {
            "" => format!("The line is not complete: add {expected}."),
            word => format!("`{word}` does not fit here: write {expected}."),
        };
        ScriptError {
            span: at..at + word.len(),
            why,
        }
    }
}

/// That a disk is not on, and which are.
#[cold]
fn off(disk: DeviceId, on: &[DeviceId]) -> String {
    let on: Vec<_> = on.iter().map(ToString::to_string).collect();
    let on = match on.is_empty() {
        true => "no disk is".to_owned(),
        false => format!("on are {}", on.join(", ")),
    };
    format!(
        "Disk {} is not on, {on}: `swapon {} 1024` switches it on.",
        disk.0, disk.0
    )
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
