//! Scripts: commands as a person types them, and what a person does to disks.
//!
//! ```text
//! # a comment, also after a command
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

use super::driver::{MAX_DELAY, Plan, Verdict};
use crate::language::{Names, parse, without_comment};
use crate::units::{DeviceId, IoId};
use crate::{Command, Errno};

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
    /// Which byte of the line is wrong, from 0.
    pub at: usize,
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
        "disk" => return words.disk(plan),
        "by" => match words.next() {
            (_, "hand") => Action::ByHand(true),
            (_, "itself") => Action::ByHand(false),
            found => return Err(words.unfit(found, "`hand` or `itself`")),
        },
        "complete" => Action::Finish(IoId(words.number(TRANSFER)?), Verdict::CarryOut),
        "fail" => Action::Finish(IoId(words.number(TRANSFER)?), Verdict::Fail(Errno::Eio)),
        _ => {
            return match parse(line, names) {
                Ok(command) => Ok(Action::Do(command)),
                Err(error) => Err(ScriptError {
                    at: error.span.start,
                    why: error.to_string(),
                }),
            };
        }
    };
    words.end(action)
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

    /// What stands after `disk`.
    fn disk(mut self, plan: impl Fn(DeviceId) -> Plan) -> Result<Action, ScriptError> {
        let disk = DeviceId(self.number("the number of a disk")?);
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
            let at = start + self.line[start..].len() - self.line[start..].trim_start().len();
            let why = format!("{millis} milliseconds are too many: {MAX_DELAY} are the most.");
            return Err(ScriptError { at, why });
        }
        Ok(millis)
    }

    fn end(mut self, action: Action) -> Result<Action, ScriptError> {
        match self.next() {
            (_, "") => Ok(action),
            found => Err(self.unfit(found, "nothing more")),
        }
    }

    fn unfit(&self, (at, word): (usize, &str), expected: &str) -> ScriptError {
        let why = match word {
            "" => format!("The line is not complete: add {expected}."),
            word => format!("`{word}` does not fit here: write {expected}."),
        };
        ScriptError { at, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::ObjectId;
    use proptest::prelude::*;

    fn read_line(line: &str) -> Result<Action, String> {
        let heap = crate::language::NamedObject {
            id: ObjectId(1),
            name: Some("heap"),
            pages: 64,
        };
        let names = Names {
            objects: vec![heap],
            disks: vec![DeviceId(1)],
        };
        let slow = Plan {
            delay: 7,
            ..Plan::default()
        };
        read(line, &names, |_| slow).map_err(|error| error.to_string())
    }

    fn plan(line: &str) -> Plan {
        match read_line(line) {
            Ok(Action::Plan(DeviceId(1), plan)) => plan,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn what_is_done_to_disks_is_read_and_the_rest_of_their_plan_stays() {
        let failing = plan("disk 1 fail writes 2");
        assert_eq!((failing.fail_writes, failing.delay), (2, 7));
        assert_eq!(plan("disk 1 fail reads 1").fail_reads, 1);
        let bad = plan("disk  1 bad 64..67");
        assert_eq!((bad.bad_start, bad.bad_count), (64, 4));
        assert_eq!(plan("disk 1 bad 64").bad_count, 1);
        assert_eq!(plan("disk 1 bad 0..4294967295").bad_count, u32::MAX);
        assert_eq!(plan("disk 1 delay 20").delay, 20);
        assert_eq!(plan("disk 1 seek 20").seek, 20);
        assert!(plan("disk 1 unplug").unplugged);
        assert_eq!(plan("disk 1 plug"), Plan::default());
    }

    #[test]
    fn comments_end_a_line_but_not_inside_quotes_or_words() {
        let script = "# all\nswapon 0 64 # a disk\n  # indented\ncreate \"a # b\" 4\ncreate a#b 4 #c\nwrite 0 1 \"a \\\" # b\" # d\n";
        assert_eq!(
            lines(script).collect::<Vec<_>>(),
            [
                (1, "swapon 0 64"),
                (3, "create \"a # b\" 4"),
                (4, "create a#b 4"),
                (5, "write 0 1 \"a \\\" # b\"")
            ]
        );
    }

    #[test]
    fn transfers_and_commands_are_read() {
        assert_eq!(read_line("by hand"), Ok(Action::ByHand(true)));
        assert_eq!(read_line("by itself"), Ok(Action::ByHand(false)));
        let carried_out = Action::Finish(IoId(3), Verdict::CarryOut);
        assert_eq!(read_line("complete 3"), Ok(carried_out));
        let failed = Action::Finish(IoId(3), Verdict::Fail(Errno::Eio));
        assert_eq!(read_line("fail 3"), Ok(failed));
        assert!(matches!(
            read_line("fill heap 0..3"),
            Ok(Action::Do(Command::Fill { .. }))
        ));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (line, why) in [
            (
                "disk",
                "The line is not complete: add the number of a disk.",
            ),
            (
                "disk 1 burn",
                "`burn` does not fit here: write `fail`, `bad`, `delay`, `seek`, `unplug` or `plug`.",
            ),
            (
                "disk 1 fail 3",
                "`3` does not fit here: write `reads` or `writes`.",
            ),
            (
                "disk 1 bad 67..64",
                "`67..64` does not fit here: write the lower block first.",
            ),
            (
                "disk 1 delay 60001",
                "60001 milliseconds are too many: 60000 are the most.",
            ),
            (
                "by hand now",
                "`now` does not fit here: write nothing more.",
            ),
            (
                "complete x",
                "`x` does not fit here: write the number of a transfer.",
            ),
        ] {
            assert_eq!(read_line(line), Err(why.to_owned()), "{line}");
        }
    }

    #[test]
    fn comments_and_empty_lines_ask_for_nothing() {
        let found: Vec<_> = lines("# first\n\n  by hand \n   # more\ncomplete 1").collect();
        assert_eq!(found, [(2, "by hand"), (4, "complete 1")]);
    }

    fn plans() -> impl Strategy<Value = Plan> {
        let small = || prop_oneof![Just(0u32), 1u32..50];
        let bad = prop_oneof![Just((0u32, 0u32)), (0u32..1000, 1u32..50)];
        let counts = (small(), small(), small(), small());
        (counts, bad, any::<bool>()).prop_map(
            |((delay, seek, fail_reads, fail_writes), bad, unplugged)| Plan {
                delay,
                seek,
                fail_reads,
                fail_writes,
                bad_start: bad.0,
                bad_count: bad.1,
                unplugged,
            },
        )
    }

    proptest! {
        #[test]
        fn what_was_done_to_a_disk_is_written_as_it_is_read(from in plans(), to in plans()) {
            let mut plan = from;
            for line in print_plan(DeviceId(3), from, to) {
                match read(&line, &Names::default(), |_| plan) {
                    Ok(Action::Plan(DeviceId(3), next)) => plan = next,
                    other => return Err(TestCaseError::fail(format!("{line}: {other:?}"))),
                }
            }
            prop_assert_eq!(plan, to);
        }

        #[test]
        fn any_line_is_read_or_refused(line in "\\PC{0,40}|(disk|by|fail|complete)[ a-z0-9.é]{0,20}") {
            let names = Names::default();
            if let Err(error) = read(&line, &names, |_| Plan::default()) {
                prop_assert!(error.at <= line.len());
                prop_assert!(!error.why.is_empty());
            }
        }
    }
}
