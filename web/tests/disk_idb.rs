//! What only disks in IndexedDB have to stand: damaged records, aborts, other tabs, refusals.
#![cfg(target_family = "wasm")]

use common::{
    Idb, Kind, commit, log, missing, name, open, pages, raw, read, read_one, reads, write, writes,
};
use swap_pager::PageData;
use swap_pager::units::{DeviceBlock, DeviceId};
use swap_playground::disk::layout::{self, FORMAT, GROUPS, LOG, META, PAGES};
use swap_playground::disk::{
    Batch, BlockStore, Closed, Durability, IdbStore, ReadError, StoreError,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod common;

wasm_bindgen_test_configure!(run_in_browser);

fn page_key(disk: u32, block: u32) -> u64 {
    layout::page_key(DeviceId(disk), DeviceBlock(block))
}

fn group_key(disk: u32, block: u32) -> u64 {
    layout::group_key(DeviceId(disk), DeviceBlock(block))
}

fn checksum<T>(disk: u32, block: u32) -> Result<T, ReadError> {
    Err(ReadError::Checksum {
        disk: DeviceId(disk),
        block: DeviceBlock(block),
    })
}

fn damaged<T>(disk: u32, block: u32, what: &str) -> Result<T, ReadError> {
    Err(ReadError::Damaged {
        disk: DeviceId(disk),
        block: DeviceBlock(block),
        what: what.into(),
    })
}

fn log_damaged<T>(record: u64, what: &str) -> Result<T, StoreError> {
    Err(StoreError::LogDamaged {
        record,
        what: what.into(),
    })
}

// What is stored

#[wasm_bindgen_test]
async fn records_are_where_the_layout_says() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, writes([write(1, 6, 0..20)])).await;
    commit(&store, log(["one", "two"])).await;
    assert_eq!(
        raw::keys(&name, GROUPS).await,
        [1, 2].map(|g| group_key(1, g * 8))
    );
    let single = [6, 7, 24, 25].map(|block| page_key(1, block));
    assert_eq!(raw::keys(&name, PAGES).await, single);
    assert_eq!(raw::keys(&name, LOG).await, [1, 2, 3]);
    let record = raw::get(&name, PAGES, page_key(1, 6))
        .await
        .expect("it is there");
    assert_eq!(PageData::from_slice(&record[..4096]), Some(common::page(0)));
    // The value is a copy: behind a view there would be the whole memory.
    let length = raw::stored_length(&name, GROUPS, group_key(1, 8)).await;
    assert_eq!(length, Some(32_800));
    let length = raw::stored_length(&name, PAGES, page_key(1, 6)).await;
    assert_eq!(length, Some(4_100));
}

#[wasm_bindgen_test]
async fn a_whole_group_drops_its_overlay_and_no_more() {
    let name = name();
    let store = Idb::fresh(&name).await;
    let singles = [7, 8, 15, 16].map(|block| write(0, block, [1]));
    commit(&store, writes(singles)).await;
    commit(&store, writes([write(0, 8, 0..8)])).await;
    assert_eq!(raw::keys(&name, PAGES).await, [7, 16]);
    assert_eq!(raw::keys(&name, GROUPS).await, [1]);
}

#[wasm_bindgen_test]
async fn an_aborted_transaction_takes_no_numbers_of_the_log() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, log(["one"])).await;
    {
        let _harm = raw::abort_on_add();
        assert!(store.commit(log(["two", "three"])).await.is_err());
    }
    commit(&store, log(["four"])).await;
    assert_eq!(raw::keys(&name, LOG).await, [1, 2, 3]);
    let expected = ["one", "four"].map(|text| text.into()).to_vec();
    assert_eq!(store.load_log().await, Ok(expected));
}

#[wasm_bindgen_test]
async fn the_durability_is_what_was_asked_for() {
    let name = name();
    let store = Idb::fresh(&name).await;
    let _harm = raw::keep_modes();
    commit(&store, log(["one"])).await;
    let _ = read_one(&store, read(0, 0, 1)).await;
    drop(store);
    let store = IdbStore::open_with(&name, Durability::Strict).await;
    let store = store.expect("it can be opened");
    commit(&store, log(["two"])).await;
    let modes = raw::kept_modes();
    assert_eq!(modes.first().map(String::as_str), Some("readwrite relaxed"));
    assert!(modes[1].starts_with("readonly"));
    assert_eq!(modes.last().map(String::as_str), Some("readwrite strict"));
}

// All or nothing

/// Commits a batch that fails, and sees that nothing of it is there, also after reopening.
async fn fails_and_leaves_nothing(harm: impl FnOnce() -> raw::Harm) -> StoreError {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, writes([write(0, 0, 0..16), write(0, 3, [33])])).await;
    commit(&store, log(["one"])).await;
    let before = read_one(&store, read(0, 0, 16)).await;

    let batch = Batch {
        anew: false,
        reads: vec![read(0, 0, 1)],
        writes: vec![write(0, 0, 100..108), write(0, 9, [109]), write(2, 0, [1])],
        log: vec![b"two".to_vec(), b"three".to_vec()],
    };
    let harm = harm();
    let failed = store.commit(batch.clone()).await;
    drop(harm);

    let error = failed.expect_err("it can't be carried out");
    let mut store = store;
    for _ in 0..2 {
        assert_eq!(read_one(&store, read(0, 0, 16)).await, before);
        assert_eq!(read_one(&store, read(2, 0, 1)).await, missing(2, 0));
        assert_eq!(store.load_log().await, Ok(vec!["one".into()]));
        store = open(&name).await;
    }
    // And it isn't spoilt by it.
    commit(&store, batch).await;
    assert_eq!(read_one(&store, read(0, 0, 8)).await, Ok(pages(100..108)));
    assert_eq!(store.load_log().await.map(|log| log.len()), Ok(3));
    error
}

#[wasm_bindgen_test]
async fn an_abort_leaves_nothing() {
    let error = fails_and_leaves_nothing(raw::abort_on_add).await;
    // The second `add` of the batch meets a transaction that is aborted already.
    assert!(matches!(error, StoreError::Aborted { .. }), "{error:?}");
}

#[wasm_bindgen_test]
async fn a_put_that_throws_leaves_nothing() {
    for nth in 1..=3 {
        let error = fails_and_leaves_nothing(|| raw::unstorable_on_put(nth)).await;
        match error {
            StoreError::Aborted { name, message } => {
                assert_eq!(name, "DataCloneError");
                assert!(!message.is_empty());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[wasm_bindgen_test]
async fn an_exceeded_quota_leaves_nothing_and_is_told() {
    let name = name();
    let store = Idb::fresh(&name).await;
    let batch = Batch {
        anew: false,
        writes: vec![write(0, 0, [1])],
        ..log(["one"])
    };
    {
        let _harm = raw::quota_on_add();
        assert_eq!(store.commit(batch).await, Err(StoreError::Quota));
    }
    assert_eq!(read_one(&store, read(0, 0, 1)).await, missing(0, 0));
    assert_eq!(store.load_log().await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn a_record_that_cant_be_read_doesnt_stop_the_batch() {
    let store = Idb::fresh(&name()).await;
    commit(&store, writes([write(0, 3, [3])])).await;
    let batch = Batch {
        anew: false,
        reads: vec![read(0, 3, 1)],
        writes: vec![write(0, 4, [4])],
        ..log(["one"])
    };
    let done = {
        let _harm = raw::fail_on_get();
        store.commit(batch).await.expect("it can be carried out")
    };
    let what = "the browser can't read it (ConstraintError)";
    assert_eq!(done.reads, [damaged(0, 3, what)]);
    assert_eq!(read_one(&store, read(0, 3, 2)).await, Ok(pages(3..5)));
    assert_eq!(store.load_log().await, Ok(vec!["one".into()]));
}

#[wasm_bindgen_test]
async fn a_commit_that_is_dropped_is_all_or_nothing() {
    let store = Idb::fresh(&name()).await;
    let batch = |number: u64| Batch {
        writes: vec![write(0, 0, [number])],
        log: vec![vec![number as u8]],
        ..Batch::default()
    };
    {
        let mut begun = std::pin::pin!(store.commit(batch(1)));
        assert!(futures_util::poll!(&mut begun).is_pending());
    }
    commit(
        &store,
        Batch {
            log: vec![vec![2]],
            ..Batch::default()
        },
    )
    .await;
    let first = store.load_log().await.expect("the log is whole").len() == 2;
    let expected = match first {
        true => Ok(pages([1])),
        false => missing(0, 0),
    };
    assert_eq!(read_one(&store, read(0, 0, 1)).await, expected);
}

// Nothing wrong is read silently

/// Alters the bytes of a record.
async fn alter(name: &str, store: &str, key: u64, alter: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = raw::get(name, store, key).await.expect("it is there");
    alter(&mut bytes);
    raw::put(name, store, key, &bytes).await;
}

#[wasm_bindgen_test]
async fn an_altered_page_of_a_group_is_found() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, writes([write(2, 16, 0..16)])).await;
    let key = group_key(2, 24);
    alter(&name, GROUPS, key, |bytes| bytes[2 * 4096 + 99] ^= 0x40).await;
    assert_eq!(read_one(&store, read(2, 16, 16)).await, checksum(2, 26));
    assert_eq!(read_one(&store, read(2, 26, 1)).await, checksum(2, 26));
    // Its neighbours are as they were, and writing it anew heals it.
    assert_eq!(read_one(&store, read(2, 16, 10)).await, Ok(pages(0..10)));
    commit(&store, writes([write(2, 26, [10])])).await;
    assert_eq!(read_one(&store, read(2, 16, 16)).await, Ok(pages(0..16)));
}

#[wasm_bindgen_test]
async fn an_altered_page_of_the_overlay_is_found() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, writes([write(0, 0, 0..8)])).await;
    commit(&store, writes([write(0, 5, [55])])).await;
    alter(&name, PAGES, page_key(0, 5), |bytes| bytes[0] ^= 1).await;
    // The old page in the group below it is not the answer.
    assert_eq!(read_one(&store, read(0, 5, 1)).await, checksum(0, 5));
    assert_eq!(read_one(&store, read(0, 0, 8)).await, checksum(0, 5));
}

#[wasm_bindgen_test]
async fn short_and_foreign_records_are_found() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, writes([write(0, 0, 0..9)])).await;
    alter(&name, PAGES, page_key(0, 8), |bytes| bytes.truncate(4096)).await;
    let what = "its record has 4096 bytes instead of 4100";
    assert_eq!(read_one(&store, read(0, 8, 1)).await, damaged(0, 8, what));
    raw::put_any(&name, GROUPS, 0, "no bytes at all").await;
    let what = "its record has 0 bytes instead of 32800";
    assert_eq!(read_one(&store, read(0, 2, 9)).await, damaged(0, 2, what));
}

#[wasm_bindgen_test]
async fn misplaced_and_lost_records_are_found() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, writes([write(0, 0, 0..16), write(3, 2, [2])])).await;
    let group = raw::get(&name, GROUPS, 0).await.expect("it is there");
    raw::put(&name, GROUPS, 1, &group).await;
    let page = raw::get(&name, PAGES, page_key(3, 2))
        .await
        .expect("it is there");
    raw::put(&name, PAGES, page_key(1, 2), &page).await;
    raw::delete(&name, PAGES, page_key(3, 2) as f64).await;
    // Which pages lie over groups is looked at when the disks are opened.
    let store = Idb::reopen(store, &name).await;
    assert_eq!(read_one(&store, read(0, 0, 16)).await, checksum(0, 8));
    assert_eq!(read_one(&store, read(1, 2, 1)).await, checksum(1, 2));
    assert_eq!(read_one(&store, read(3, 2, 1)).await, missing(3, 2));
}

#[wasm_bindgen_test]
async fn a_damaged_log_is_found() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, log(["one", "two", "three"])).await;
    let two = raw::get(&name, LOG, 3).await.expect("it is there");
    alter(&name, LOG, 3, |bytes| bytes[1] ^= 1).await;
    let changed = log_damaged(3, "has changed since it was written");
    assert_eq!(store.load_log().await, changed);
    raw::put(&name, LOG, 3, &two).await;
    assert_eq!(store.load_log().await.map(|log| log.len()), Ok(3));
    raw::delete(&name, LOG, 3).await;
    assert_eq!(store.load_log().await, log_damaged(3, "is missing"));
    raw::put(&name, LOG, 3, &two).await;
    raw::delete(&name, LOG, 1).await;
    assert_eq!(store.load_log().await, log_damaged(1, "is missing"));
}

// Other tabs and the browser

const BY_ANOTHER_TAB: StoreError = StoreError::Gone(Closed::ByAnotherTab);
const BY_THE_BROWSER: StoreError = StoreError::Gone(Closed::ByTheBrowser);

#[wasm_bindgen_test]
async fn another_tab_may_delete_the_database() {
    let name = name();
    let store = Idb::fresh(&name).await;
    commit(&store, log(["one"])).await;
    assert_eq!(IdbStore::delete(&name).await, Ok(()));
    assert_eq!(store.commit(log(["two"])).await, Err(BY_ANOTHER_TAB));
    assert_eq!(store.load_log().await, Err(BY_ANOTHER_TAB));
    assert_eq!(store.clear().await, Err(BY_ANOTHER_TAB));
    assert!(!raw::exists(&name).await);
    assert_eq!(open(&name).await.load_log().await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn another_tab_may_upgrade_the_database() {
    let name = name();
    let store = Idb::fresh(&name).await;
    let newer = raw::open(&name, FORMAT + 1, &[]).await;
    assert_eq!(store.commit(log(["one"])).await, Err(BY_ANOTHER_TAB));
    raw::close(&newer);
}

#[wasm_bindgen_test]
async fn a_commit_in_flight_comes_to_its_end_before_another_tab_gets_in() {
    let name = name();
    let store = Idb::fresh(&name).await;
    let commit = store.commit(log(["one"]));
    // The other tab asks when the transaction has been issued.
    let (done, newer) = futures_util::future::join(commit, raw::open(&name, FORMAT + 1, &[])).await;
    raw::close(&newer);
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(raw::keys(&name, LOG).await, [1, 2]);
}

#[wasm_bindgen_test]
async fn a_commit_in_flight_delays_deletion_but_doesnt_block_it() {
    for _ in 0..5 {
        let name = name();
        let store = Idb::fresh(&name).await;
        let commit = store.commit(writes([write(0, 0, 0..64)]));
        let (done, deleted) = futures_util::future::join(commit, IdbStore::delete(&name)).await;
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(deleted, Ok(()));
    }
}

#[wasm_bindgen_test]
async fn a_tab_that_lets_go_a_little_later_doesnt_block() {
    let name = name();
    let held = raw::open(&name, FORMAT, &[]).await;
    raw::close_soon(&held);
    assert_eq!(IdbStore::delete(&name).await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_tab_that_doesnt_let_go_blocks_deletion() {
    let name = name();
    drop(Idb::fresh(&name).await);
    let held = raw::open(&name, FORMAT, &[]).await;
    assert_eq!(IdbStore::delete(&name).await, Err(StoreError::Blocked));
    raw::close(&held);
    // Now it is deleted after all, before anything else can be opened.
    let store = open(&name).await;
    assert_eq!(store.load_log().await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn a_tab_that_doesnt_let_go_blocks_an_upgrade() {
    let name = name();
    drop(Idb::fresh(&name).await);
    let held = raw::open(&name, FORMAT, &[]).await;
    {
        let _harm = raw::open_in_version(FORMAT + 1);
        assert_eq!(refused(&name).await, StoreError::Blocked);
    }
    raw::close(&held);
    // The upgrade that was given up doesn't happen later.
    let store = open(&name).await;
    assert_eq!(store.load_log().await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn the_browser_may_close_the_database() {
    for with_event in [true, false] {
        let store = {
            let _harm = raw::keep_connections();
            Idb::fresh(&name()).await
        };
        raw::close_as_the_browser_does(with_event);
        assert_eq!(store.commit(log(["one"])).await, Err(BY_THE_BROWSER));
        assert_eq!(store.load_log().await, Err(BY_THE_BROWSER));
    }
}

#[wasm_bindgen_test]
async fn whoever_opened_last_has_the_disks() {
    const TAKEN_OVER: StoreError = StoreError::Gone(Closed::TakenOver);
    let name = name();
    let here = Idb::fresh(&name).await;
    commit(&here, writes([write(0, 0, 0..8)])).await;
    commit(&here, log(["one"])).await;
    let there = open(&name).await;
    commit(&there, writes([write(0, 4, [44])])).await;
    // The other can do nothing any more, not even read: what it would find isn't its own.
    let batch = Batch {
        writes: vec![write(0, 4, [55]), write(0, 16, 0..8)],
        ..log(["two"])
    };
    assert_eq!(here.commit(batch.clone()).await, Err(TAKEN_OVER));
    assert_eq!(here.commit(batch).await, Err(TAKEN_OVER));
    assert_eq!(here.commit(reads([read(0, 0, 8)])).await, Err(TAKEN_OVER));
    assert_eq!(here.load_log().await, Err(TAKEN_OVER));
    assert_eq!(here.clear().await, Err(TAKEN_OVER));
    let expected = [0, 1, 2, 3, 44, 5, 6, 7];
    assert_eq!(read_one(&there, read(0, 0, 8)).await, Ok(pages(expected)));
    assert_eq!(read_one(&there, read(0, 16, 1)).await, missing(0, 16));
    assert_eq!(there.load_log().await, Ok(vec!["one".into()]));
}

#[wasm_bindgen_test]
async fn what_is_in_flight_at_a_take_over_is_there_whole_or_not_at_all() {
    for round in 0..10 {
        let name = name();
        let here = Idb::fresh(&name).await;
        let batch = |number: u64| Batch {
            writes: vec![write(0, 0, [number; 64])],
            log: vec![vec![number as u8]],
            ..Batch::default()
        };
        let writing = async {
            let mut stored = 0;
            while here.commit(batch(stored + 1)).await.is_ok() {
                stored += 1;
            }
            stored
        };
        let taking = async {
            gloo::timers::future::sleep(std::time::Duration::from_millis(round)).await;
            open(&name).await
        };
        let (stored, there) = futures_util::future::join(writing, taking).await;
        let log = there.load_log().await.expect("the log is whole");
        assert_eq!(log.len() as u64, stored);
        let expected = match stored {
            0 => missing(0, 0),
            _ => Ok(pages([stored; 64])),
        };
        assert_eq!(read_one(&there, read(0, 0, 64)).await, expected);
    }
}

// Refusals

/// Opens a database that can't be opened.
async fn refused(name: &str) -> StoreError {
    let opened = IdbStore::open(name).await;
    opened.expect_err("it can't be opened")
}

#[wasm_bindgen_test]
async fn a_newer_version_is_refused_and_kept() {
    let name = name();
    drop(Idb::fresh(&name).await);
    raw::close(&raw::open(&name, 7, &["more"]).await);
    let newer = StoreError::NewerFormat {
        found: 7,
        known: FORMAT,
    };
    assert_eq!(refused(&name).await, newer);
    assert_eq!(raw::keys(&name, LOG).await, [1]);
    // The connection that looked which version it is was closed again.
    assert_eq!(IdbStore::delete(&name).await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_newer_format_is_refused() {
    let name = name();
    drop(Idb::fresh(&name).await);
    raw::put_any(&name, META, "format", FORMAT + 1).await;
    let newer = StoreError::NewerFormat {
        found: FORMAT + 1,
        known: FORMAT,
    };
    assert_eq!(refused(&name).await, newer);
    // The connection was closed again.
    assert_eq!(IdbStore::delete(&name).await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_foreign_database_is_refused() {
    // Whether there would be something to migrate or not.
    for version in 1..=FORMAT {
        a_foreign_database_of(version).await;
    }
}

async fn a_foreign_database_of(version: u32) {
    let name = name();
    raw::close(&raw::open(&name, version, &["groups", "other"]).await);
    let what = "they have no object store called pages".into();
    assert_eq!(refused(&name).await, StoreError::Foreign { what });
    assert_eq!(IdbStore::delete(&name).await, Ok(()));
    drop(open(&name).await);
    raw::delete(&name, META, "format").await;
    let what = "they don't say which format they have".into();
    assert_eq!(refused(&name).await, StoreError::Foreign { what });
}

#[wasm_bindgen_test]
async fn denied_storage_is_told() {
    let denied = |reason: &str| StoreError::Denied {
        reason: reason.into(),
    };
    {
        let _harm = raw::throw_on_open("SecurityError");
        assert_eq!(refused("denied").await, denied("SecurityError: not here"));
    }
    let _harm = raw::no_indexed_db();
    assert_eq!(
        refused("none").await,
        denied("this browser has no IndexedDB")
    );
    let deleted = IdbStore::delete("none").await;
    assert_eq!(deleted, Err(denied("this browser has no IndexedDB")));
}
