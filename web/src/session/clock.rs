//! How the moment that is shown goes on by itself.

/// Speeds to choose from: events a second. The last is "at once": what happens is shown as soon
/// as it has.
pub const SPEEDS: [f64; 6] = [2.0, 10.0, 50.0, 250.0, 1500.0, f64::INFINITY];

/// The speed at which all that happens is shown at once.
pub const AT_ONCE: usize = SPEEDS.len() - 1;

/// The speed that is begun with once what happens is not shown at once.
pub const TO_WATCH: usize = 2;

/// Longest time between two frames that counts, in seconds: a page that was hidden does not jump.
const LONGEST_FRAME: f64 = 0.1;

/// How time goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Whether it goes on at all.
    pub playing: bool,
    /// Which of [`SPEEDS`].
    pub speed: usize,
    /// When it went on last, in seconds.
    last: Option<f64>,
    /// What is left of an event.
    part: f64,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock {
            playing: true,
            speed: AT_ONCE,
            last: None,
            part: 0.0,
        }
    }
}

impl Clock {
    /// Whether all that happens is shown at once.
    pub fn follows(&self) -> bool {
        self.playing && self.speed >= AT_ONCE
    }

    /// Plays or pauses, at a speed.
    pub fn set(&mut self, playing: bool, speed: usize) {
        *self = Clock {
            playing,
            speed: speed.min(AT_ONCE),
            ..Clock::default()
        };
    }

    /// Stays where it is. The speed is then one at which what comes can be watched.
    pub fn pause(&mut self) {
        let speed = if self.follows() { TO_WATCH } else { self.speed };
        self.set(false, speed);
    }

    /// How many events to go on by at this time, in seconds.
    pub fn events_at(&mut self, now: f64) -> u64 {
        if !self.playing {
            self.last = None;
            return 0;
        }
        let Some(last) = self.last.replace(now) else {
            return 0;
        };
        let events = (now - last).clamp(0.0, LONGEST_FRAME) * SPEEDS[self.speed.min(AT_ONCE)];
        if events.is_infinite() {
            return u64::MAX;
        }
        let events = events + self.part;
        self.part = events.fract();
        events as u64
    }

    /// There is nothing to go on to: the next time counts from when there is.
    pub fn rest(&mut self) {
        self.last = None;
        self.part = 0.0;
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn slow_speeds_add_up_over_frames() {
        let mut clock = Clock::default();
        clock.set(true, 0);
        let events: u64 = (0..=300)
            .map(|n| clock.events_at(f64::from(n) / 60.0))
            .sum();
        assert!((9..=10).contains(&events), "{events} in 5 seconds");
    }

    #[test]
    fn a_pause_is_not_made_up_for() {
        let mut clock = Clock::default();
        clock.set(true, 1);
        clock.events_at(0.0);
        assert!(clock.events_at(100.0) <= 1);
        clock.set(false, 1);
        assert_eq!(clock.events_at(200.0), 0);
    }

    #[test]
    fn at_once_is_all_there_is() {
        let mut clock = Clock::default();
        clock.events_at(0.0);
        assert_eq!(clock.events_at(0.01), u64::MAX);
    }
}
