//! What of the past is in view, and what falls on each column of pixels.

use std::collections::VecDeque;
use std::ops::Range;

use swap_pager::swap_space::Full;

use crate::session::history::{History, Kind};

/// Fewest events in view.
const LEAST: u64 = 16;

/// The moments in view, from the left edge to the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The moment at the left edge.
    pub from: u64,
    /// The moment at the right edge, later than `from`.
    pub to: u64,
}

/// What a person zoomed in to: the first moment, and how many events. None is all.
pub type Zoom = Option<(u64, u64)>;

impl Window {
    /// What is in view of all that can be reached. The moment shown always is.
    pub fn new(zoom: Zoom, reach: &Range<u64>, at: u64) -> Window {
        let all = (reach.end - reach.start).max(1);
        let Some((from, length)) = zoom.filter(|(_, length)| *length < all) else {
            return Window {
                from: reach.start,
                to: reach.start + all,
            };
        };
        let last = reach.start + all - length;
        let mut from = from.clamp(reach.start, last);
        if at < from || at > from + length {
            from = at.saturating_sub(length / 2).clamp(reach.start, last);
        }
        Window {
            from,
            to: from + length,
        }
    }

    fn length(self) -> u64 {
        self.to - self.from
    }

    /// How far right a moment is, for a width.
    pub fn x(self, moment: u64, width: f64) -> f64 {
        (moment as f64 - self.from as f64) / self.length() as f64 * width
    }

    /// The moment nearest to a place.
    pub fn moment(self, x: f64, width: f64) -> u64 {
        self.from + (share(x, width) * self.length() as f64).round() as u64
    }

    /// The number of the event that lies at a place.
    pub fn event(self, x: f64, width: f64) -> u64 {
        let event = self.from + (share(x, width) * self.length() as f64) as u64 + 1;
        event.min(self.to)
    }

    /// The zoom after the window was made `factor` times as long around a place.
    pub fn zoomed(self, factor: f64, x: f64, width: f64, reach: &Range<u64>) -> Zoom {
        let all = (reach.end - reach.start).max(1);
        let wanted = (self.length() as f64 * factor).round() as u64;
        if wanted >= all {
            return None;
        }
        let length = wanted.max(LEAST.min(all));
        let share = share(x, width);
        let center = self.from as f64 + share * self.length() as f64;
        let from = (center - share * length as f64).round().max(0.0) as u64;
        Some((from.clamp(reach.start, reach.start + all - length), length))
    }

    /// The zoom after the window went on by a share of its length.
    pub fn moved(self, share: f64) -> Zoom {
        let from = self.from as f64 + share * self.length() as f64;
        Some((from.max(0.0) as u64, self.length()))
    }

    /// The events that fall on a column of pixels, as the moments around them.
    fn column(self, column: u32, columns: u32) -> Range<u64> {
        let edge = |column: u32| {
            let part = u128::from(self.length()) * u128::from(column);
            self.from + part.div_ceil(u128::from(columns)) as u64
        };
        edge(column)..edge(column + 1)
    }
}

fn share(x: f64, width: f64) -> f64 {
    (x / width.max(1.0)).clamp(0.0, 1.0)
}

/// The kinds of the events on each column: a bit a kind. Where events are wider than a column,
/// the columns between hold none.
pub fn kinds(history: &History, window: Window, columns: u32) -> Vec<u8> {
    (0..columns)
        .map(|column| {
            let Range { start, end } = window.column(column, columns);
            let kinds = history.kinds(start, end);
            kinds.fold(0, |all, kind| all | bit(kind))
        })
        .collect()
}

/// The bit of a kind.
pub fn bit(kind: Kind) -> u8 {
    1 << kind as u8
}

/// Free pages on a column: least, most, and at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// The fewest.
    pub least: u32,
    /// The most.
    pub most: u32,
    /// At its end.
    pub last: u32,
}

/// The free pages on each column.
pub fn levels(free: &VecDeque<(u64, u32)>, window: Window, columns: u32) -> Vec<Level> {
    let mut next = free.partition_point(|(moment, _)| *moment <= window.from);
    let mut last = next.checked_sub(1).map_or(0, |at| free[at].1);
    (0..columns)
        .map(|column| {
            let until = window.column(column, columns).end;
            let mut level = Level {
                least: last,
                most: last,
                last,
            };
            while let Some(&(_, free)) = free.get(next).filter(|(moment, _)| *moment <= until) {
                level.least = level.least.min(free);
                level.most = level.most.max(free);
                last = free;
                next += 1;
            }
            Level { last, ..level }
        })
        .collect()
}

/// Stretches in which swap was near its end: from, to, and whether it was full.
pub fn shortages(full: &VecDeque<(u64, Full)>, window: Window) -> Vec<(u64, u64, bool)> {
    let ends = full.iter().skip(1).map(|(moment, _)| *moment);
    let spans = full.iter().zip(ends.chain([window.to]));
    spans
        .filter(|((from, state), to)| {
            (state.almost_full || state.full > 0) && *to > window.from && *from < window.to
        })
        .map(|((from, state), to)| (*from.max(&window.from), to.min(window.to), state.full > 0))
        .collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::{Config, Event, EventQueue, Vm};

    const ALL: Window = Window { from: 0, to: 400 };

    fn history(events: u64) -> History {
        let mut model = Vm::new(Config::default(), EventQueue::new()).snapshot();
        let mut history = History::default();
        for i in 0..events {
            let text = String::new();
            let event = if i == 100 {
                Event::Message { text }
            } else {
                Event::FreeSwapSpace {
                    block: swap_pager::units::SwapBlock(0),
                    pages: 0,
                }
            };
            history.push(event, false, &mut model);
        }
        history
    }

    #[test]
    fn every_event_falls_on_one_column() {
        let history = history(400);
        let message = bit(Kind::Message);
        for columns in [7, 100, 400, 1300] {
            let bins = kinds(&history, ALL, columns);
            let with: Vec<_> = (0..columns)
                .filter(|&column| bins[column as usize] & message != 0)
                .collect();
            assert_eq!(with.len(), 1, "{columns}");
            let x = f64::from(with[0]) + 0.5;
            let event = ALL.event(x, f64::from(columns));
            assert!(
                event.abs_diff(101) <= 400 / u64::from(columns) + 1,
                "{event}"
            );
        }
    }

    #[test]
    fn a_column_shows_how_far_the_level_went() {
        let free = VecDeque::from([(10, 500), (20, 100), (21, 480), (300, 90)]);
        let levels = levels(&free, ALL, 4);
        let level = |least, most, last| Level { least, most, last };
        assert_eq!(levels[0], level(0, 500, 480));
        assert_eq!(levels[1], level(480, 480, 480));
        assert_eq!(levels[2], level(90, 480, 90));
        assert_eq!(levels[3], level(90, 90, 90));
    }

    #[test]
    fn a_zoom_keeps_the_place_under_the_pointer() {
        let reach = 0..400;
        let zoom = ALL.zoomed(0.5, 250.0, 1000.0, &reach);
        assert_eq!(zoom, Some((50, 200)));
        let window = Window::new(zoom, &reach, 100);
        assert_eq!(window.moment(250.0, 1000.0), ALL.moment(250.0, 1000.0));
        assert_eq!(window.zoomed(4.0, 0.0, 1000.0, &reach), None);
        assert_eq!(window.zoomed(0.0, 0.0, 1000.0, &reach), Some((50, LEAST)));
    }

    #[test]
    fn the_moment_shown_is_never_out_of_view() {
        let window = Window::new(Some((0, 50)), &(0..400), 390);
        assert_eq!((window.from, window.to), (350, 400));
        let window = Window::new(Some((300, 50)), &(100..400), 100);
        assert_eq!((window.from, window.to), (100, 150));
        let window = Window::new(None, &(0..0), 0);
        assert_eq!(window.x(0, 100.0), 0.0);
    }

    #[test]
    fn shortages_end_when_there_is_room_again() {
        let state = |full, almost_full| Full { full, almost_full };
        let full = VecDeque::from([
            (50, state(0, true)),
            (80, state(2, true)),
            (120, state(0, false)),
            (390, state(0, true)),
        ]);
        let shortages = shortages(&full, ALL);
        let expected = [(50, 80, false), (80, 120, true), (390, 400, false)];
        assert_eq!(shortages, expected);
    }
}
