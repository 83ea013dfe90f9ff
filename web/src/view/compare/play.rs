//! Two machines that were given the same, to be gone through command by command.

use std::cell::{Ref, RefCell};

use swap_pager::compare::{Comparison, Figure, PRESETS, Room, Run, Side, Unit, figures, scripted};
use swap_pager::session::Player;
use swap_pager::session::script::Action;
use swap_pager::{Model, Policy};

use crate::session::history::History;
use crate::session::summary::Summary;
use crate::view::format::grouped;

/// More events than that on one side, and the rest of the commands is left out.
const MOST_EVENTS: usize = 200_000;

/// What is to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Which preset it began with.
    pub preset: usize,
    /// What is given: the commands of the session, if not those of the preset.
    pub own: Option<Vec<Action>>,
    /// The machines.
    pub sides: [Side; 2],
}

/// The moment that is shown of a machine.
struct Shown {
    model: Model,
    history: History,
}

/// Two machines, and the moments that they show.
pub struct Played {
    /// What they did.
    pub comparison: Comparison,
    shown: [RefCell<Shown>; 2],
    /// The most rows of stripes that are in use at the end of any command.
    pub rows: [u32; 2],
}

impl Played {
    /// Plays all on both machines.
    pub fn of(wanted: &Wanted) -> Played {
        let script = PRESETS
            .get(wanted.preset)
            .map_or("", |preset| preset.script);
        let actions = match &wanted.own {
            Some(own) => own.clone(),
            // A test plays them all.
            None => scripted(script).unwrap_or_default(),
        };
        let comparison = Comparison::of(wanted.sides, &actions, MOST_EVENTS);
        let mut rows = [0, 0];
        let mut n = 0;
        let shown = comparison.runs.each_ref().map(|run| {
            let shown = Shown::of(run, &mut rows[n]);
            n += 1;
            RefCell::new(shown)
        });
        Played {
            comparison,
            shown,
            rows,
        }
    }

    /// How many commands there are.
    pub fn commands(&self) -> usize {
        self.comparison.commands.len()
    }

    /// Shows both machines after so many commands.
    pub fn seek(&self, moment: usize) {
        for (run, shown) in self.comparison.runs.iter().zip(&self.shown) {
            let events = run.moments.get(moment).map_or(0, |moment| moment.events);
            let Shown { model, history } = &mut *shown.borrow_mut();
            history.seek(events as u64, model);
        }
    }

    /// A machine as it is shown.
    pub fn model(&self, side: usize) -> Ref<'_, Model> {
        Ref::map(self.shown[side].borrow(), |shown| &shown.model)
    }

    /// Sums over it.
    pub fn summary(&self, side: usize) -> Ref<'_, Summary> {
        Ref::map(self.shown[side].borrow(), |shown| shown.history.summary())
    }

    /// The figures of the moment that is shown.
    pub fn figures(&self, moment: usize) -> Vec<Figure> {
        let rooms = [0, 1].map(|side| Room::of(&self.model(side)));
        figures(&self.comparison, moment, rooms)
    }
}

impl Shown {
    fn of(run: &Run, rows: &mut u32) -> Shown {
        let mut shown = Shown {
            model: Player::new(run.player.config()).model().clone(),
            history: History::default(),
        };
        let Shown { model, history } = &mut shown;
        let mut moments = run.moments.iter().map(|moment| moment.events);
        let mut next = moments.next();
        for (n, event) in (1..).zip(run.player.events()) {
            history.push(event.clone(), true, model);
            while next.is_some_and(|next| next <= n) {
                next = moments.next();
                let last = history.summary().last_used().unwrap_or(0);
                *rows = (*rows).max(last / model.interleave.slots() + 1);
            }
        }
        shown
    }
}

/// Where a side is not as the machine of 2001 was.
pub const NOT_ORIGINAL: &str = "not in the original of 2001";

/// A figure as it is written.
pub fn written(value: u64, unit: Unit) -> String {
    match unit {
        Unit::Count => grouped(value),
        Unit::Tenths => format!("{}.{}", grouped(value / 10), value % 10),
        Unit::Milliseconds => format!("{} ms", grouped(value)),
    }
}

/// How far two values are apart, in words: how many times as much, or so many percent more.
pub fn apart(values: [u64; 2]) -> String {
    let (less, more) = (values[0].min(values[1]), values[0].max(values[1]));
    let side = if values[0] > values[1] { "A" } else { "B" };
    match (more * 100 + less / 2).checked_div(less) {
        None => format!("only {side}"),
        Some(100) => format!("{side} + {}", grouped(more - less)),
        Some(percent) if percent < 200 => format!("{side} + {} %", percent - 100),
        Some(percent) => format!("{side} × {}.{}", percent / 100, percent / 10 % 10),
    }
}

/// A choice that a side has: its name, what it is called, and its values with what these are
/// called.
pub struct Choice {
    /// Its name in attributes.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The values, and what they are called.
    pub values: Vec<(u32, String)>,
    /// The value it has.
    pub now: u32,
}

/// All choices of a side. 0 stands for what the commands say.
pub fn choices(side: &Side) -> [Choice; 5] {
    let config = side.config;
    let counted = |values: &[u32], one: &str| -> Vec<(u32, String)> {
        let text = |n: u32| match n {
            0 => "as the commands say".to_owned(),
            1 => format!("1{one}"),
            n => format!(
                "{}{one}{}",
                grouped(n),
                if one.is_empty() { "" } else { "s" }
            ),
        };
        values.iter().map(|&n| (n, text(n))).collect()
    };
    let mut frames = vec![64, 128, 256, 512, 1024, 4096, 32_768];
    if !frames.contains(&config.frames) {
        frames.push(config.frames);
        frames.sort_unstable();
    }
    let policies = (0..).zip(Policy::ALL);
    let policies = policies.map(|(n, policy)| (n, policy.to_string()));
    let policy = Policy::ALL
        .iter()
        .position(|policy| *policy == config.policy);
    let choice = |name, label, values, now| Choice {
        name,
        label,
        values,
        now,
    };
    [
        choice(
            "disks",
            "Disks",
            counted(&[0, 1, 2, 3, 4], " disk"),
            side.disks.unwrap_or(0),
        ),
        choice(
            "stripe",
            "Stripe",
            counted(&[8, 16, 32, 64, 128], " page"),
            config.interleave().stripe(),
        ),
        choice(
            "policy",
            "Search for room",
            policies.collect(),
            policy.unwrap_or(0) as u32,
        ),
        choice(
            "async",
            "Writes at once (swap_async_max)",
            counted(&[0, 1, 2, 4, 8, 16], ""),
            side.async_max.unwrap_or(0),
        ),
        choice(
            "frames",
            "Memory",
            counted(&frames, " frame"),
            config.frames,
        ),
    ]
}

/// The side with another value for one of its choices.
pub fn chosen(side: &Side, name: &str, value: u32) -> Side {
    let mut side = *side;
    let said = Some(value).filter(|value| *value > 0);
    match name {
        "disks" => side.disks = said,
        "stripe" => side.config.stripe = value,
        "policy" => {
            side.config.policy = Policy::ALL.get(value as usize).copied().unwrap_or_default()
        }
        "async" => side.async_max = said,
        _ => side.config.frames = value,
    }
    side
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::Config;

    fn wanted(preset: usize) -> Wanted {
        Wanted {
            preset,
            own: None,
            sides: (PRESETS[preset].sides)(Config::default()),
        }
    }

    #[test]
    fn both_sides_show_the_same_command() {
        let played = Played::of(&wanted(0));
        let end = played.commands();
        for moment in [end, 0, 4, end - 1, end] {
            played.seek(moment);
            for side in [0, 1] {
                let figures = &played.comparison.runs[side].moments[moment].figures;
                let counters = played.model(side).counters;
                assert_eq!(counters.v_swapout, figures.writes, "{moment}");
            }
        }
        assert_eq!(&*played.model(1), played.comparison.runs[1].player.model());
        assert_eq!(played.model(0).slots.iter().flatten().count(), 1);
        assert_eq!(played.model(1).slots.iter().flatten().count(), 4);
    }

    #[test]
    fn every_choice_can_be_made_and_is_shown() {
        let side = Side::default();
        for choice in choices(&side) {
            for (value, _) in choice.values {
                let made = chosen(&side, choice.name, value);
                let again = choices(&made);
                let again = again.iter().find(|other| other.name == choice.name);
                assert_eq!(
                    again.map(|choice| choice.now),
                    Some(value),
                    "{}",
                    choice.name
                );
            }
        }
    }

    #[test]
    fn what_two_values_are_apart_is_said_in_short() {
        let told = [[10, 15], [10, 35], [0, 3], [9, 9], [1000, 999]].map(apart);
        assert_eq!(told, ["B + 50 %", "B × 3.5", "only B", "B + 0", "A + 1"]);
        assert_eq!(written(155, Unit::Tenths), "15.5");
    }
}
