//! Plays.

use swap_pager::lesson::code::{self, Begun, Results};
use swap_pager::lesson::text::{plain, plain_inline};
use swap_pager::lesson::{Lesson, Script, Step};
use swap_pager::session::driver::Plan;
use swap_pager::session::record::Record;
use swap_pager::session::{Player, script};
use swap_pager::words::numbers::count;
use swap_pager::words::phrases::is_bad;
use swap_pager::{Config, Event};

use super::log::Log;
use super::{Run, input, map};
use input::Input;

/// Characters in a line of text.
const WIDTH: usize = 96;

/// Plays what a file holds. Tells whether all answers that were given are right.
pub fn run(wanted: &Run, out: &mut String) -> Result<bool, String> {
    let found = input::read(&wanted.file)?;
    let given = match &wanted.answers_from {
        Some(file) => Some(input::answers(file)?),
        None => (!wanted.given.is_empty()).then(|| wanted.given.clone()),
    };
    if !matches!(found, Input::Lesson(_)) && (given.is_some() || wanted.answers) {
        return Err(format!(
            "{} is no lesson: there is nothing to answer.",
            wanted.file
        ));
    }
    let mut log = (!wanted.no_log).then(Log::default);
    match found {
        Input::Session(config, records) => {
            let player = session(config, records, &mut log, out)?;
            Ok(end(&player, log, out))
        }
        Input::Script(text) => {
            let failed =
                |(line, why): (usize, String)| format!("{}:{}: {why}", wanted.file, line + 1);
            let (config, first) = script::machine(&text).map_err(failed)?;
            let mut player = Player::new(config);
            let played = lines(&mut player, (&text, first), &mut log, out);
            let good = end(&player, log, out);
            played.map(|()| good).map_err(failed)
        }
        Input::Lesson(toml) => {
            let lesson = input::lesson(&wanted.file, &toml, &wanted.name)?;
            let asked = lesson.questions().count();
            if let Some(given) = given.as_ref().filter(|given| given.len() > asked) {
                return Err(format!(
                    "There are {} answers, and the lesson asks only {asked} questions.",
                    given.len()
                ));
            }
            let mut taken = Taken {
                wanted,
                lesson: &lesson,
                given: given.as_deref(),
                asked: 0,
                right: 0,
                answers: Vec::new(),
            };
            taken.play(&mut log, out)
        }
    }
}

fn session(
    config: Config,
    records: Vec<Record>,
    log: &mut Option<Log>,
    out: &mut String,
) -> Result<Player, String> {
    let mut player = Player::new(config);
    for record in records {
        if let Some(log) = log {
            let done = done_to_disks(&player, &record);
            if !done.is_empty() {
                log.follow(player.events());
                log.write(out);
            }
            done.iter()
                .for_each(|line| out.push_str(&format!("> {line}\n")));
        }
        player
            .put(record)
            .map_err(|error| format!("The session can't be played: {error}."))?;
    }
    // As when the page opens it: what is in flight is carried out.
    player.settle();
    Ok(player)
}

/// What a person did that no event tells of, as lines of a script.
fn done_to_disks(player: &Player, record: &Record) -> Vec<String> {
    match record {
        Record::ByHand(true) => vec!["by hand".to_owned()],
        Record::ByHand(false) => vec!["by itself".to_owned()],
        Record::Plan { disk, plan } => {
            let before = player.driver().plan(*disk);
            let used_up = Plan {
                fail_reads: plan.fail_reads,
                fail_writes: plan.fail_writes,
                ..before
            };
            let fewer =
                plan.fail_reads <= before.fail_reads && plan.fail_writes <= before.fail_writes;
            if *plan == used_up && fewer {
                return Vec::new();
            }
            script::print_plan(*disk, before, *plan)
        }
        _ => Vec::new(),
    }
}

/// Plays lines from a number on and tells of each what came of it.
fn lines(
    player: &mut Player,
    (text, first): (&str, usize),
    log: &mut Option<Log>,
    out: &mut String,
) -> Result<(), (usize, String)> {
    for (number, line) in script::lines(text).skip_while(|(number, _)| *number < first) {
        let before = player.events().len();
        let played = player.play_line(line);
        if let Some(log) = log {
            let says_itself = player.events()[before..]
                .iter()
                .any(|event| matches!(event, Event::OpStarted { .. }));
            if !says_itself {
                log.write(out);
                out.push_str(&format!("> {line}\n"));
            }
            log.follow(player.events());
        }
        played.map_err(|why| (number, why))?;
    }
    if let Some(log) = log {
        log.write(out);
    }
    Ok(())
}

/// Shows how it ended. Tells whether all went well.
fn end(player: &Player, log: Option<Log>, out: &mut String) -> bool {
    if let Some(mut log) = log {
        log.follow(player.events());
        log.write(out);
        out.push('\n');
    }
    map::write(player.model(), out);
    let waiting = &player.model().in_flight;
    if !waiting.is_empty() {
        let numbers: Vec<String> = waiting
            .iter()
            .map(|transfer| transfer.io.0.to_string())
            .collect();
        out.push_str(&format!(
            "Transfers that wait for a person: {}\n",
            numbers.join(", ")
        ));
    }
    let wrong = wrong(player);
    if !wrong.is_empty() {
        out.push_str(&format!("Not all went well: {}.\n", wrong.join(", ")));
    }
    wrong.is_empty()
}

/// What did not go well, in a few words each.
fn wrong(player: &Player) -> Vec<String> {
    let (mut commands, mut transfers) = (0, 0);
    for event in player.events() {
        match event {
            Event::OpEnded { result, .. } => commands += u64::from(is_bad(result)),
            Event::IoDone { error, .. } => transfers += u64::from(error.is_some()),
            _ => {}
        }
    }
    let by_hand = player.driver().is_by_hand() && !player.driver().waiting().is_empty();
    let stuck = player.model().ops.len() as u64;
    [
        (commands, "command", "failed"),
        (transfers, "transfer", "failed"),
        // What waits for a person goes on when that person says so.
        (if by_hand { 0 } else { stuck }, "command", "stuck"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, what, how)| format!("{} {how}", count(number, what)))
    .collect()
}

/// A lesson that is taken.
struct Taken<'a> {
    wanted: &'a Run,
    lesson: &'a Lesson,
    given: Option<&'a [String]>,
    /// Questions so far.
    asked: usize,
    /// And how many of them were answered rightly.
    right: usize,
    answers: Vec<Option<swap_pager::lesson::measure::Answer>>,
}

impl Taken<'_> {
    fn play(&mut self, log: &mut Option<Log>, out: &mut String) -> Result<bool, String> {
        let lesson = self.lesson;
        out.push_str(&format!(
            "{}\n{}\n",
            lesson.title,
            "=".repeat(lesson.title.chars().count())
        ));
        let mut player = Player::new(lesson.config);
        self.script(&mut player, &lesson.setup, log, out)?;
        for step in &lesson.steps {
            self.step(&mut player, step, log, out)?;
        }
        self.challenge(out);
        out.push('\n');
        map::write(player.model(), out);
        if self.given.is_none() {
            return Ok(true);
        }
        out.push_str(&format!(
            "\n{} of {} answers are right.\n",
            self.right, self.asked
        ));
        let results = Results {
            answers: std::mem::take(&mut self.answers),
            challenge: lesson.challenge.as_ref().map(|_| false),
            begun: Some(Begun {
                lesson: 1,
                challenge: 0,
            }),
        };
        let code = code::write(lesson, &self.wanted.name, &results);
        out.push_str(&format!("Result code: {code}\n"));
        Ok(self.right == self.asked)
    }

    fn script(
        &self,
        player: &mut Player,
        script: &Script,
        log: &mut Option<Log>,
        out: &mut String,
    ) -> Result<(), String> {
        lines(player, (&script.text, 0), log, out)
            .map_err(|(line, why)| format!("{}:{}: {why}", self.wanted.file, script.line + line))
    }

    fn step(
        &mut self,
        player: &mut Player,
        step: &Step,
        log: &mut Option<Log>,
        out: &mut String,
    ) -> Result<(), String> {
        let title = format!(
            "\n{}\n{}\n",
            step.title,
            "-".repeat(step.title.chars().count())
        );
        out.push_str(&title);
        out.push_str(&plain(&step.text, WIDTH));
        player.mark();
        if let Some(question) = &step.ask {
            out.push_str(&format!(
                "\nQuestion {}: {}\n",
                self.asked + 1,
                plain_inline(&question.ask)
            ));
            if !question.choices.is_empty() {
                out.push_str(&format!("({})\n", question.choices.join(", ")));
            }
        }
        if let Some(run) = &step.run {
            if log.is_some() {
                out.push('\n');
            }
            self.script(player, run, log, out)?;
        }
        let Some(question) = &step.ask else {
            out.push_str(&plain(&step.told(None, None), WIDTH));
            return Ok(());
        };
        let right = question.answer.of(player);
        let right =
            right.map_err(|why| format!("{}:{}: {why}", self.wanted.file, question.line))?;
        let text = self.given.and_then(|given| given.get(self.asked));
        let text = text.map(|text| text.trim()).filter(|text| !text.is_empty());
        self.asked += 1;
        let answer = text.map(|text| question.parse(text));
        let is_right = matches!(&answer, Some(Ok(answer)) if *answer == right);
        self.right += usize::from(is_right);
        if self.given.is_some() {
            out.push_str(&match (&answer, text) {
                (Some(Ok(answer)), _) if is_right => format!("\n{answer} is right.\n"),
                (Some(Ok(answer)), _) => format!("\n{answer} is wrong.\n"),
                (Some(Err(why)), Some(text)) => format!("\n{text} is wrong. {why}\n"),
                _ => "\nPassed over.\n".to_owned(),
            });
        }
        let answer = answer.and_then(Result::ok);
        if self.wanted.answers {
            out.push_str(&format!("\nAnswer: {right}\n"));
            out.push_str(&plain(&step.told(answer.as_ref(), Some(&right)), WIDTH));
        }
        self.answers.push(answer);
        Ok(())
    }

    fn challenge(&self, out: &mut String) {
        let Some(challenge) = &self.lesson.challenge else {
            return;
        };
        let title = format!("Challenge: {}", challenge.title);
        out.push_str(&format!(
            "\n{title}\n{}\n",
            "-".repeat(title.chars().count())
        ));
        out.push_str(&plain(&challenge.text, WIDTH));
        for (goal, _) in &challenge.goals {
            out.push_str(&format!("- {goal}\n"));
        }
        if self.wanted.answers {
            out.push_str("\nA way to do it:\n");
            for (_, line) in script::lines(&challenge.solution.text) {
                out.push_str(&format!("  {line}\n"));
            }
        }
    }
}
