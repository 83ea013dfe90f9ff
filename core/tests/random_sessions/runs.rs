//! How many sessions are run, from which seed, and what was done in them.

use std::cell::Cell;
use std::fmt;
use std::ops::AddAssign;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseResult, TestRunner};
use swap_pager::Config;

use crate::input::{Input, session};
use crate::world::config;

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub sessions: u64,
    /// Commands that were begun.
    pub commands: u64,
    /// Transfers whose result was told.
    pub transfers: u64,
    /// How many of these failed.
    pub failed: u64,
    /// Transfers that were carried out once more than was heard of.
    pub unheard: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Tally) {
        self.sessions += more.sessions;
        self.commands += more.commands;
        self.transfers += more.transfers;
        self.failed += more.failed;
        self.unheard += more.unheard;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally {
            sessions,
            commands,
            transfers,
            failed,
            unheard,
        } = self;
        write!(
            f,
            "{commands} commands in {sessions} sessions, {transfers} transfers, {failed} of them \
             failed, {unheard} more not heard of"
        )
    }
}

/// Runs a test on random sessions, and prints what was done in them. Of a hundred transfers, so
/// many fail. The test is told what the machine is built with, and gives back what it did.
pub fn run(
    name: &str,
    failures: u32,
    test: impl Fn(&[Input], Config) -> Result<Tally, TestCaseError>,
) {
    let done = Cell::new(Tally::default());
    let sessions = (session(failures), config());
    let test_one = |(inputs, config): (Vec<Input>, Config)| -> TestCaseResult {
        let mut so_far = done.get();
        so_far += test(&inputs, config)?;
        so_far.sessions += 1;
        done.set(so_far);
        Ok(())
    };
    let seed = seed();
    println!("PROPTEST_RNG_SEED={seed}");
    let mut config = ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 800;
    }
    let result = TestRunner::new(config).run(&sessions, test_one);
    if let Err(error) = result {
        panic!("{error}\nPROPTEST_RNG_SEED={seed}");
    }
    println!("{name}: {}", done.get());
}

/// The tests look at the same sessions every time, so that who changes nothing sees nothing
/// change. With PROPTEST_CASES set they look at others, and at as many as it says. The seed is
/// shown with a failure; PROPTEST_RNG_SEED gives it back.
fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    let given = |name| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok())
    };
    *SEED.get_or_init(|| {
        given("PROPTEST_RNG_SEED").unwrap_or_else(|| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let others = now.map_or(0, |now| now.as_nanos() as u64);
            given("PROPTEST_CASES").map_or(2001, |_| others)
        })
    })
}
