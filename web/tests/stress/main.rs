//! Whole sessions, as random as those of the core's simulation, on stores that abort, stall and run
//! full, in a page that is gone at any moment and comes back.
//!
//! Inputs come from the generator of `core/tests/random_sessions`, its oracle knows what each page
//! may hold, and what is sound there has to be sound here. After every input and every return:
//!
//! - what is read is what was written, unless a reported error excuses it;
//! - no transfer is complete that its store has not carried out;
//! - the store holds all that it acknowledged, and all or nothing of what was under way;
//! - the session that comes back is the one that was, at some moment of it; and the log, put into a
//!   machine of its own, gives the same.
//!
//! A handful of seeds is run with the other tests; `pkg-scripts/bench stress` runs more.
#![cfg(target_family = "wasm")]

#[path = "../../../core/tests/common/mod.rs"]
mod common;
#[path = "../../../core/tests/random_sessions/contents.rs"]
mod contents;
#[path = "../../../core/tests/random_sessions/input.rs"]
#[allow(
    dead_code,
    reason = "how a disk fails in part is for the core's own disks"
)]
mod input;
#[path = "../../../core/tests/random_sessions/oracle.rs"]
#[allow(dead_code, reason = "events are taken in one by one here")]
mod oracle;
#[path = "../../../core/tests/random_sessions/sound.rs"]
mod sound;
#[path = "../common/mod.rs"]
mod stores;
mod watched;
mod world;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use swap_playground::disk::{IdbStore, Rates};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

use input::Input;
use watched::Shared;
use world::{Tally, World};

wasm_bindgen_test_configure!(run_in_browser);

/// How many sessions are run on each kind of store, and the seed of the first: another number can
/// be given when the test is built.
fn seeds() -> std::ops::Range<u64> {
    let number = |given: Option<&str>| given.and_then(|given| given.parse::<u64>().ok());
    let first = number(option_env!("STRESS_SEED")).unwrap_or(2001);
    let sessions = number(option_env!("STRESS_SESSIONS")).unwrap_or(5);
    first..first + sessions
}

/// What the core's simulation would put in for that seed, and whether memory is tight.
fn session(seed: u64) -> (Vec<Input>, bool) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let sessions = (input::session(10), any::<bool>());
    let tree = sessions.new_tree(&mut runner);
    tree.expect("every draw makes a session").current()
}

/// Different things go wrong in different sessions; in one of four, none.
fn rates(seed: u64) -> Rates {
    match seed % 4 {
        0 => Rates::default(),
        1 => Rates {
            aborted: 40,
            slow: 100,
            slowest: 10,
            ..Rates::default()
        },
        2 => Rates {
            full: 60,
            full_for: 4,
            unreadable: 30,
            ..Rates::default()
        },
        _ => Rates {
            aborted: 15,
            full: 15,
            full_for: 8,
            slow: 200,
            slowest: 20,
            unreadable: 15,
        },
    }
}

#[wasm_bindgen_test]
async fn sessions_on_disks_in_memory_stand_faults() {
    let mut all = Tally::default();
    for seed in seeds() {
        let disks = Shared::default();
        let open = async || disks.clone();
        all += World::run(seed, session(seed), rates(seed), open).await;
    }
    console_log!("in memory: {all}");
}

#[wasm_bindgen_test]
async fn sessions_on_disks_in_indexeddb_stand_faults() {
    let mut all = Tally::default();
    for seed in seeds() {
        let name = format!("stress {seed} {}", js_sys::Math::random());
        let open = async || stores::open(&name).await;
        all += World::run(seed, session(seed), rates(seed), open).await;
        // It goes when the last connection does.
        let _ = IdbStore::delete(&name).await;
    }
    console_log!("in IndexedDB: {all}");
}

/// The browser itself takes transactions back, with part of their requests carried out.
#[wasm_bindgen_test]
async fn sessions_stand_transactions_that_the_browser_aborts() {
    let mut all = Tally::default();
    for seed in seeds() {
        let name = format!("stress aborts {seed} {}", js_sys::Math::random());
        let open = async || stores::open(&name).await;
        let harm = stores::raw::abort_every(23 + (seed % 40) as u32);
        all += World::run(seed, session(seed), Rates::default(), open).await;
        drop(harm);
        let _ = IdbStore::delete(&name).await;
    }
    console_log!("with real aborts: {all}");
}
