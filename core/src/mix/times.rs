//! How long the mixes take, wherever they run.

use super::{BlistMix, PagerMix};

/// Runs of each mix, in turn; the shortest counts.
const ROUNDS: u32 = 9;

const BLIST_OPS: u32 = 300_000;
const PAGER_OPS: u32 = 60_000;

/// The shortest time of each mix, without its setup, in nanoseconds an op. `now` tells the time
/// in milliseconds. It is no type of its own, so that the mixes are compiled with the core.
pub fn best_times(now: &dyn Fn() -> f64) -> [(&'static str, f64); 2] {
    let mut best = [("blist", f64::INFINITY), ("pager", f64::INFINITY)];
    for _ in 0..ROUNDS {
        let mut mix = BlistMix::new();
        let begin = now();
        std::hint::black_box(mix.run(BLIST_OPS));
        best[0].1 = best[0].1.min((now() - begin) * 1e6 / f64::from(BLIST_OPS));

        let mut mix = PagerMix::new();
        let begin = now();
        mix.run(PAGER_OPS);
        best[1].1 = best[1].1.min((now() - begin) * 1e6 / f64::from(PAGER_OPS));
        std::hint::black_box(mix.finish());
    }
    best
}
