//! The shape of the free-space curve.
//!
//! Its height goes with the square root of the free pages: so the water marks, which lie near
//! the bottom of any disk of some size, can still be told apart.

use std::fmt::Write as _;

use crate::view::format::decimal;

/// The plot's scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Width of the plot.
    pub width: f64,
    /// Height of the plot.
    pub height: f64,
    /// Free pages at the upper edge.
    pub top: u32,
    /// Events at the right edge.
    pub events: u64,
    /// Events at the left edge.
    pub since: u64,
}

impl Scale {
    /// Scales on which all samples have room, and the higher water mark too.
    pub fn new(samples: &[(u64, u32)], events: u64, hiwat: u32, width: f64, height: f64) -> Scale {
        let most = samples.iter().map(|sample| sample.1).max().unwrap_or(0);
        Scale {
            width,
            height,
            top: most.max(hiwat.saturating_mul(2)).max(1),
            events: events.max(1),
            since: samples.first().map_or(0, |sample| sample.0),
        }
    }

    /// How far to the right an event is.
    pub fn x(&self, event: u64) -> f64 {
        let all = self.events.saturating_sub(self.since).max(1);
        event.saturating_sub(self.since) as f64 / all as f64 * self.width
    }

    /// How far from the top so many free pages are.
    pub fn y(&self, free: u32) -> f64 {
        let share = (f64::from(free) / f64::from(self.top)).sqrt().min(1.0);
        self.height * (1.0 - share)
    }

    /// The curve as the path of an SVG. It has steps, as the free pages have; of several steps
    /// within half a pixel the last counts.
    pub fn path(&self, samples: &[(u64, u32)]) -> String {
        let mut path = String::new();
        let mut last_x = f64::NEG_INFINITY;
        for (i, &(event, free)) in samples.iter().enumerate() {
            let (x, y) = (self.x(event), self.y(free));
            let next = samples.get(i + 1).map(|next| self.x(next.0));
            if path.is_empty() {
                let _ = write!(path, "M{} {}", decimal(x, 1), decimal(y, 1));
            } else if next.is_some_and(|next| next - last_x < 0.5) {
                continue;
            } else {
                let _ = write!(path, "H{}V{}", decimal(x, 1), decimal(y, 1));
            }
            last_x = x;
        }
        if !path.is_empty() {
            let _ = write!(path, "H{}", decimal(self.width, 1));
        }
        path
    }
}

/// Where labels go that would lie over one another: at least `apart` from each other, none
/// below `bottom`. Takes and gives them from the top down.
pub fn spread(wanted: &[f64], apart: f64, bottom: f64) -> Vec<f64> {
    let mut places = wanted.to_vec();
    let mut limit = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - apart;
    }
    places
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_curve_has_steps_and_reaches_the_right_edge() {
        let samples = [(0, 0), (10, 400), (20, 100)];
        let scale = Scale::new(&samples, 40, 50, 400.0, 100.0);
        assert_eq!(scale.top, 400);
        assert_eq!(
            scale.path(&samples),
            "M0.0 100.0H100.0V0.0H200.0V50.0H400.0"
        );
    }

    #[test]
    fn thousands_of_samples_make_a_short_path() {
        let samples: Vec<_> = (0..4000u32).map(|i| (u64::from(i) * 3, i % 700)).collect();
        let scale = Scale::new(&samples, 12_000, 512, 300.0, 60.0);
        let path = scale.path(&samples);
        assert!(path.len() < 12_000, "{}", path.len());
        assert!(path.ends_with("H300.0"));
    }

    #[test]
    fn marks_are_in_the_plot_even_without_disks() {
        let scale = Scale::new(&[(0, 0)], 0, 512, 300.0, 60.0);
        assert!(scale.y(512) > 0.0 && scale.y(512) < scale.y(128));
        assert_eq!(scale.path(&[(0, 0)]), "M0.0 60.0H300.0");
    }

    #[test]
    fn labels_keep_their_distance() {
        assert_eq!(spread(&[50.0, 55.0], 12.0, 58.0), [43.0, 55.0]);
        assert_eq!(spread(&[10.0, 50.0], 12.0, 58.0), [10.0, 50.0]);
        assert_eq!(spread(&[60.0, 70.0], 12.0, 58.0), [46.0, 58.0]);
    }
}
