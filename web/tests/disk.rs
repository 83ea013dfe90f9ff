//! Every kind of block store is held to the contract, in a browser.
#![cfg(target_family = "wasm")]

use common::{AnyIdb, Faultless, Idb, IdbStrict, Kind, Memory, name};
use swap_pager::random::Random;
use swap_playground::disk::{BlockStore, Faults, Faulty, MemoryStore, Rates, StoreError};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod common;

wasm_bindgen_test_configure!(run_in_browser);

contract!(idb, Idb);
contract!(idb_strict, IdbStrict);
contract!(memory, Memory);
contract!(any, AnyIdb);
contract!(faulty_idb, Faultless<Idb>);
contract!(faulty_memory, Faultless<Memory>);

#[wasm_bindgen_test]
async fn what_survives_a_reload_can_be_opened_by_its_name() {
    let name = name();
    let store = AnyIdb::fresh(&name).await;
    assert_eq!(
        (store.survives_reload(), store.database()),
        (true, Some(name))
    );
    let store = MemoryStore::new();
    assert_eq!((store.survives_reload(), store.database()), (false, None));
}

/// What the wrapper says is not stored is not, and what it says is stored is.
#[wasm_bindgen_test]
async fn faults_keep_the_contract() {
    let rates = Rates {
        aborted: 200,
        full: 50,
        full_for: 3,
        slow: 50,
        slowest: 2,
        unreadable: 100,
    };
    for seed in 1..=5 {
        let faults = Faults::new(seed, rates);
        let faulty = Faulty::new(MemoryStore::new(), faults.clone());
        let plain = MemoryStore::new();
        let mut random = Random::new(seed);
        for _ in 0..200 {
            let batch = common::contract::random_batch(&mut random);
            let found = faulty.commit(batch.clone()).await;
            match found {
                Ok(found) => {
                    let expected = plain
                        .commit(batch)
                        .await
                        .expect("nothing stands in the way");
                    for (found, expected) in found.reads.iter().zip(expected.reads) {
                        assert!(found.is_err() || *found == expected, "seed {seed}");
                    }
                }
                Err(error) => assert!(matches!(
                    error,
                    StoreError::Quota | StoreError::Aborted { .. }
                )),
            }
        }
        let tally = faults.tally();
        assert!(tally.aborted > 10 && tally.full > 5, "{tally:?}");
        assert!(tally.slow > 3 && tally.unreadable > 5, "{tally:?}");
        faults.set(Rates::default());
        common::assert_same(&faulty, &plain).await;
    }
}

/// The same seed brings the same faults.
#[wasm_bindgen_test]
async fn faults_are_the_same_every_time() {
    let run = async || {
        let rates = Rates {
            aborted: 300,
            ..Rates::default()
        };
        let store = Faulty::new(MemoryStore::new(), Faults::new(7, rates));
        let mut refused = Vec::new();
        for _ in 0..50 {
            let batch = common::writes([common::write(0, 0, [1])]);
            refused.push(store.commit(batch).await.is_err());
        }
        refused
    };
    let first = run().await;
    assert_eq!(first, run().await);
    assert!(first.contains(&true) && first.contains(&false));
}

/// As after the browser was killed: nobody hears of the store, and nothing more reaches it.
#[wasm_bindgen_test]
async fn a_store_that_is_cut_off_never_answers() {
    let name = name();
    let faults = Faults::new(1, Rates::default());
    let faulty = Faulty::new(Idb::fresh(&name).await, faults.clone());
    common::commit(&faulty, common::log(["one"])).await;
    faults.cut();
    {
        let later = faulty.commit(common::log(["two"]));
        let waits = gloo::timers::future::TimeoutFuture::new(50);
        futures_util::pin_mut!(later);
        let first = futures_util::future::select(later, waits).await;
        assert!(matches!(first, futures_util::future::Either::Right(_)));
    }
    drop(faulty);
    let opened = Faulty::new(common::open(&name).await, faults);
    assert_eq!(opened.load_log().await, Ok(vec!["one".into()]));
}
