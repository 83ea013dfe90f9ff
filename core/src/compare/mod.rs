//! The same commands on two machines that are built differently, and what comes of it on each.
//!
//! Every command is played to its end before the next begins, with disks in memory and a clock of
//! its own ([`Player`]). So a comparison takes no time, and comes out the same every time.

mod differences;
mod figures;
mod presets;
mod room;

use crate::language::print;
use crate::pager::Fixes;
use crate::session::Player;
use crate::session::driver::Plan;
use crate::session::record::Record;
use crate::session::script::Action;
use crate::units::DeviceId;
use crate::{Command, Config, Event};

pub use differences::{Figure, Unit, figures, in_words};
pub use figures::{Figures, OnDisk};
pub use presets::{IDS, PRESETS, Preset};
pub use room::Room;

/// A machine that commands are given to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// What it is built with.
    pub config: Config,
    /// How many disks it has, if not those that the commands switch on.
    pub disks: Option<u32>,
    /// Its `vm.swap_async_max`, if not what the commands say.
    pub async_max: Option<u32>,
}

impl Side {
    /// Whether the machine of 2001 would do as this one does.
    pub fn is_original(&self) -> bool {
        let original = Config::default().interleave().stripe();
        let Config { policy, fixes, .. } = self.config;
        policy.is_original()
            && fixes == Fixes::default()
            && self.config.interleave().stripe() == original
    }

    /// What it is called beside another: by what the two differ in.
    pub fn label(&self, other: &Side) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut say = |differs: bool, text: String| {
            if differs {
                words.push(text);
            }
        };
        let (mine, theirs) = (self.config, other.config);
        let disks = match self.disks {
            None => "the disks of the commands".to_owned(),
            Some(1) => "1 disk".to_owned(),
            Some(disks) => format!("{disks} disks"),
        };
        say(self.disks != other.disks, disks);
        let stripe = mine.interleave().stripe();
        say(
            stripe != theirs.interleave().stripe(),
            format!("stripes of {stripe}"),
        );
        say(mine.policy != theirs.policy, mine.policy.to_string());
        let fixed = match mine.fixes == Fixes::default() {
            true => "as it was",
            false => "mended",
        };
        say(mine.fixes != theirs.fixes, fixed.to_owned());
        let asynchronous = match self.async_max {
            None => "async as the commands say".to_owned(),
            Some(most) => format!("async {most}"),
        };
        say(self.async_max != other.async_max, asynchronous);
        say(
            mine.frames != theirs.frames,
            format!("{} frames", mine.frames),
        );
        if words.is_empty() {
            words.push("the same machine".to_owned());
        }
        words.join(", ")
    }

    /// What it is given for each of these: commands that switch disks on or off may be changed,
    /// left out, or be several.
    fn dealt(&self, actions: &[Action]) -> Vec<Vec<Action>> {
        let disks = self.disks.map(|wanted| Disks::of(actions, wanted));
        let given = |action: &Action| match action {
            Action::Do(Command::SetAsyncMax { .. }) if self.async_max.is_some() => Vec::new(),
            action => match &disks {
                Some(disks) => disks.dealt(action),
                None => vec![action.clone()],
            },
        };
        actions.iter().map(given).collect()
    }
}

/// The disks of some commands, dealt out anew: so many, with as many pages in all.
struct Disks {
    /// Those of the commands that stay, then those that come along.
    there: Vec<DeviceId>,
    /// How many of them the commands have.
    known: usize,
    /// Pages each has.
    pages: u32,
}

impl Disks {
    fn of(actions: &[Action], wanted: u32) -> Disks {
        let wanted = wanted.max(1) as usize;
        let (mut all, mut pages): (Vec<DeviceId>, u32) = (Vec::new(), 0);
        for action in actions {
            if let Action::Do(Command::SwapOn { disk, pages: more }) = *action
                && !all.contains(&disk)
            {
                all.push(disk);
                pages = pages.saturating_add(more);
            }
        }
        let known = all.len().min(wanted);
        let mut there = all;
        there.truncate(known);
        let others = (0..).map(DeviceId);
        let others: Vec<_> = others
            .filter(|disk| !there.contains(disk))
            .take(wanted - known)
            .collect();
        there.extend(others);
        Disks {
            there,
            known,
            pages: pages.div_ceil(wanted as u32).max(1),
        }
    }

    /// The last disk of the commands brings those that come along, and each of those behaves as
    /// the first does.
    fn dealt(&self, action: &Action) -> Vec<Action> {
        let more = || self.there[self.known..].iter().copied();
        let stays = |disk: DeviceId| self.there[..self.known].contains(&disk);
        let is = |disk: DeviceId, which: Option<&DeviceId>| Some(&disk) == which;
        match action {
            Action::Do(Command::SwapOn { disk, .. }) => {
                let on = |disk| {
                    let pages = self.pages;
                    Action::Do(Command::SwapOn { disk, pages })
                };
                let mut given = Vec::new();
                if stays(*disk) {
                    given.push(on(*disk));
                }
                if is(*disk, self.there[..self.known].last()) {
                    given.extend(more().map(on));
                }
                given
            }
            Action::Do(Command::SwapOff { disk }) if !stays(*disk) => Vec::new(),
            Action::Plan(disk, plan) => {
                let mut given = Vec::new();
                if stays(*disk) {
                    given.push(action.clone());
                }
                if is(*disk, self.there.first()) {
                    given.extend(more().map(|disk| Action::Plan(disk, *plan)));
                }
                given
            }
            _ => vec![action.clone()],
        }
    }
}

/// What a session asked for, one after the other: its commands, and how disks were to behave. What
/// a person did to single transfers is left out.
pub fn asked<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Action> {
    let mut plans: Vec<(DeviceId, Plan)> = Vec::new();
    let mut asked = |record: &Record| match record {
        Record::Do(command) => Some(Action::Do(command.clone())),
        Record::Plan { disk, plan } => {
            let before = plans.iter().position(|(of, _)| of == disk);
            let before = before.map(|place| plans.swap_remove(place).1);
            plans.push((*disk, *plan));
            // Faults that are used up are noted too; here they will be used up anew.
            let used_up = before.is_some_and(|before| {
                let less =
                    plan.fail_reads <= before.fail_reads && plan.fail_writes <= before.fail_writes;
                let same = Plan {
                    fail_reads: before.fail_reads,
                    fail_writes: before.fail_writes,
                    ..*plan
                };
                less && same == before
            });
            (!used_up).then_some(Action::Plan(*disk, *plan))
        }
        _ => None,
    };
    records.into_iter().filter_map(&mut asked).collect()
}

/// What a script asks for.
///
/// # Errors
/// The number of the first line that is wrong or refused, from 0, and why.
pub fn scripted(script: &str) -> Result<Vec<Action>, (usize, String)> {
    let mut player = Player::new(Config::default());
    player.play(script)?;
    Ok(asked(player.records()))
}

/// The machine once some of the commands are over.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// How many events there were.
    pub events: usize,
    /// What came of them.
    pub figures: Figures,
}

/// Commands that were played.
#[derive(Debug)]
pub struct Run {
    /// The machine that played them.
    pub player: Player,
    /// The moment before the first command, and that after each.
    pub moments: Vec<Moment>,
}

impl Run {
    /// A machine that has not been given anything.
    fn new(side: &Side) -> Run {
        let mut run = Run {
            player: Player::new(side.config),
            moments: Vec::new(),
        };
        if let Some(most) = side.async_max {
            let value = i32::try_from(most).unwrap_or(i32::MAX);
            // Any value can be set; it is cut down when it comes into force.
            let set = run.player.act(Action::Do(Command::SetAsyncMax { value }));
            debug_assert_eq!(set, Ok(()));
        }
        run.moments.push(Moment::default());
        run.note(0);
        run
    }

    fn play(&mut self, actions: Vec<Action>) {
        let mut refused = 0;
        for action in actions {
            refused += u32::from(self.player.act(action).is_err());
        }
        let last = self.moments.last().cloned().unwrap_or_default();
        self.moments.push(last);
        self.note(refused);
    }

    /// Takes what happened since into the last moment.
    fn note(&mut self, refused: u32) {
        let events = self.player.events();
        if let Some(moment) = self.moments.last_mut() {
            let new: &[Event] = events.get(moment.events..).unwrap_or_default();
            new.iter().for_each(|event| moment.figures.note(event));
            moment.events = events.len();
            moment.figures.refused += refused;
            moment.figures.milliseconds = (self.player.now() * 1000.0) as u64;
        }
    }
}

/// The same on two machines.
#[derive(Debug)]
pub struct Comparison {
    /// The machines.
    pub sides: [Side; 2],
    /// What each did.
    pub runs: [Run; 2],
    /// The commands that were played, as text.
    pub commands: Vec<String>,
    /// How many more there were: all would have taken too long.
    pub left_out: usize,
}

impl Comparison {
    /// Plays what was asked for on two machines, until one of them has so many events.
    pub fn of(sides: [Side; 2], actions: &[Action], most_events: usize) -> Comparison {
        let mut runs = [Run::new(&sides[0]), Run::new(&sides[1])];
        let [mut first, mut second] = sides.map(|side| side.dealt(actions).into_iter());
        let mut played = 0;
        while let (Some(a), Some(b)) = (first.next(), second.next()) {
            if runs
                .iter()
                .any(|run| run.player.events().len() > most_events)
            {
                break;
            }
            runs[0].play(a);
            runs[1].play(b);
            played += 1;
        }
        let names = runs[0].player.names();
        let text = |action: &Action| match action {
            Action::Do(command) => print(command, &names),
            Action::Plan(disk, plan) => told(*disk, *plan),
            Action::ByHand(_) | Action::Finish(..) => String::new(),
        };
        let commands = actions[..played].iter().map(text).collect();
        Comparison {
            sides,
            runs,
            commands,
            left_out: actions.len() - played,
        }
    }

    /// What the sides are called.
    pub fn labels(&self) -> [String; 2] {
        let [a, b] = &self.sides;
        [a.label(b), b.label(a)]
    }
}

/// How a disk is to behave, as a line of a script would say it.
fn told(disk: DeviceId, plan: Plan) -> String {
    let mut words = disk.to_string();
    let mut say = |n: u32, what: &str| {
        if n > 0 {
            words.push_str(what);
            words.push_str(&n.to_string());
        }
    };
    say(plan.delay, " delay ");
    say(plan.seek, " seek ");
    say(plan.fail_reads, " fail reads ");
    say(plan.fail_writes, " fail writes ");
    say(plan.bad_count, " bad blocks ");
    if plan.unplugged {
        words.push_str(" unplug");
    }
    if plan == Plan::default() {
        words.push_str(" plug");
    }
    words
}

#[cfg(test)]
mod tests;
