//! Plays lessons, sessions and scripts in a terminal, and grades them.

mod grade;
mod input;
mod lesson;
mod log;
mod map;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use swap_pager::session::script;
use swap_pager::{Config, language};

/// Plays lessons, sessions and scripts of Swap Playground, and grades them.
///
/// It has the machine of the page in it: the swap pager of FreeBSD as it was in 2001, with up to four disks. What is
/// put into both gives the same.
///
/// The exit code is 0 if all is well; 1 if an answer, a goal or a lesson is wrong, or something that was played failed
/// (with EIO, say), was killed or is stuck; and 2 if something can't be read or written.
#[derive(Parser)]
#[command(name = "swapsim", version, arg_required_else_help = true, after_long_help = script_help())]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays a lesson, a session or a script, and shows the log and the swap space
    Run(Run),
    /// Says what is wrong with lessons, or whether a session meets the challenge of one
    Check {
        /// Lessons, which are .toml files
        #[arg(required = true)]
        lessons: Vec<PathBuf>,
        /// A session, as the page saves it or as a link: does it meet the challenge?
        #[arg(long, value_name = "FILE")]
        session: Option<String>,
        /// Whose session it is
        #[arg(long, requires = "session", default_value = "")]
        name: String,
        /// For how many readers, each with other numbers, lessons are played
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        readers: u64,
    },
    /// Says which answers are right in a result code
    Verify {
        /// The lesson, a .toml file
        lesson: PathBuf,
        /// The name that was given; codes carry it, but for those of before
        #[arg(long)]
        name: Option<String>,
        /// The code
        #[arg(required = true)]
        code: Vec<String>,
    },
}

/// What is to be played, and what is shown of it.
#[derive(clap::Args)]
struct Run {
    /// A session that the page has saved (.swap.gz), a link to one, a lesson (.toml), or a script; - reads the input
    file: String,
    /// Shows what happens (the default)
    #[arg(long, overrides_with = "no_log")]
    log: bool,
    /// Shows only the swap space at the end, and what a lesson asks
    #[arg(long)]
    no_log: bool,
    /// Who takes the lesson: the numbers in it come of the name
    #[arg(long, default_value = "")]
    name: String,
    /// Shows the right answers of a lesson
    #[arg(long)]
    answers: bool,
    /// An answer, for each question in turn; an empty one passes it over
    #[arg(
        long = "answer",
        value_name = "ANSWER",
        conflicts_with = "answers_from"
    )]
    given: Vec<String>,
    /// A file with the answers, a line each; an empty line passes a question over
    #[arg(long, value_name = "FILE")]
    answers_from: Option<PathBuf>,
}

/// What a script can have.
fn script_help() -> String {
    const WIDTH: usize = 18;
    let mut help = "Lines of scripts; what is in brackets can be left out:\n".to_owned();
    let mut line = |word: &str, arguments: &str, does: &str| {
        let what = format!("{word} {arguments}");
        help.push_str(&match what.chars().count() <= WIDTH {
            true => format!("  {what:WIDTH$}  {does}\n"),
            false => format!("  {what}\n  {:WIDTH$}  {does}\n", ""),
        });
    };
    for usage in language::usage() {
        line(usage.verb, usage.arguments, usage.does);
    }
    for (word, arguments, does) in script::USAGE {
        line(word, arguments, does);
    }
    let numbers = Config::NUMBERS.join("|");
    line(
        "machine",
        &format!("{numbers} n"),
        "What the machine is built with. These lines stand above all others.",
    );
    line(
        "machine",
        "fixes reserve_tail|far_metadata",
        "Which bugs of the original are mended.",
    );
    line("#", "comment", "What follows a # is for people.");
    help
}

/// Writes what there is to say. Who reads it may have seen enough.
fn write_out(out: &str) -> io::Result<()> {
    let mut to = io::stdout().lock();
    match to.write_all(out.as_bytes()).and_then(|()| to.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = String::new();
    let done = match arguments.command {
        Command::Run(run) => lesson::run(&run, &mut out),
        Command::Check {
            lessons,
            session: None,
            readers,
            ..
        } => grade::check(&lessons, readers, &mut out),
        Command::Check {
            lessons,
            session: Some(session),
            name,
            ..
        } => grade::challenge(&lessons, &session, &name, &mut out),
        Command::Verify { lesson, name, code } => {
            grade::verify(&lesson, name.as_deref(), &code.join(" "), &mut out)
        }
    };
    let written = write_out(&out).map_err(|error| format!("The output can't be written: {error}."));
    match done.and_then(|good| written.map(|()| good)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            let _ = writeln!(io::stderr(), "swapsim: {why}");
            ExitCode::from(2)
        }
    }
}
