//! Databases of older releases are opened and brought to today's format; those of newer ones are
//! refused and left as they are.
#![cfg(target_family = "wasm")]

use common::{Idb, Kind, name, open, raw};
use swap_pager::command::Pattern;
use swap_pager::units::{DeviceId, ObjectId, PageIndex};
use swap_pager::{PageData, units::DeviceBlock};
use swap_playground::disk::layout::{FORMAT, LOG, META};
use swap_playground::disk::log_parts::encode_log;
use swap_playground::disk::{BlockStore, IdbStore, StoreError};
use swap_playground::session::{Session, Storage};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod common;

wasm_bindgen_test_configure!(run_in_browser);

const HEAP: ObjectId = ObjectId(1);

/// What the first release stored: an object of 40 pages, all filled and paged out; then page 3
/// was written to and paged out again, and 8 to 15 were read.
fn page(number: u32) -> PageData {
    let mut bytes = Pattern::Label(15).bytes(HEAP, PageIndex(number));
    if number == 3 {
        let text = b"kept over a migration";
        bytes[..text.len()].copy_from_slice(text);
    }
    PageData::new(bytes)
}

/// Sees that the whole session of the first release is there, block by block.
async fn all_is_there(name: &str) {
    let store = open(name).await;
    assert_eq!(store.load_log().await.map(|log| log.len()), Ok(12));
    let session = Session::with_store(store.into()).await;
    assert_eq!(session.status().storage, Storage::IndexedDb);
    assert_eq!(session.status().restored, 8);
    let mut found = 0;
    let owners = session.model().owners.clone();
    for (block, owner) in owners.iter().enumerate() {
        let Some((object, number)) = owner else {
            continue;
        };
        assert_eq!(*object, HEAP);
        let (stripe, at) = (block as u32 / 32, block as u32 % 32);
        let disk = DeviceId(stripe % 4);
        let place = DeviceBlock(stripe / 4 * 32 + at);
        let bytes = session.peek(disk, place).await;
        assert_eq!(bytes, Ok(page(number.0)), "page {}", number.0);
        found += 1;
    }
    assert_eq!(found, 40);
    for number in 8..16 {
        let model = session.model();
        assert_eq!(model.pages[&(HEAP, PageIndex(number))].data, page(number));
    }
}

/// The stored record in which the session begins, with this number in the place of its format.
async fn set_record_format(name: &str, format: u32) {
    let value = raw::get(name, LOG, 2).await.expect("the log has a record");
    let record = String::from_utf8(value[1..value.len() - 4].to_vec()).expect("it is text");
    let record = record.replacen("\"format\":2", &format!("\"format\":{format}"), 1);
    raw::put(name, LOG, 2, &encode_log(record.as_bytes())[0]).await;
}

#[wasm_bindgen_test]
async fn a_database_of_format_1_is_migrated() {
    let name = name();
    raw::load_format_1(&name).await;
    all_is_there(&name).await;
    let dump = raw::dump(&name).await;
    assert!(dump.starts_with("{\"version\":2,"));
    assert!(dump.contains("[\"format\",2]"));
    // Once more: there is nothing left to do.
    all_is_there(&name).await;
}

#[wasm_bindgen_test]
async fn records_of_format_1_are_migrated() {
    let (one, two) = (name(), name());
    raw::load_format_1(&one).await;
    set_record_format(&one, 1).await;
    all_is_there(&one).await;
    raw::load_format_1(&two).await;
    all_is_there(&two).await;
    // Both say format 2 now, with a checksum that is right.
    assert_eq!(raw::get(&one, LOG, 2).await, raw::get(&two, LOG, 2).await);
}

#[wasm_bindgen_test]
async fn a_migration_that_is_cut_short_leaves_format_1() {
    // There are two changes; each in turn is the one that is not made.
    for nth in 1..=2 {
        let name = name();
        raw::load_format_1(&name).await;
        set_record_format(&name, 1).await;
        let before = raw::dump(&name).await;
        assert!(before.starts_with("{\"version\":1,"));
        {
            let _harm = raw::unstorable_on_put(nth);
            let opened = IdbStore::open(&name).await;
            assert!(
                matches!(opened, Err(StoreError::Aborted { .. })),
                "{opened:?}"
            );
        }
        assert!(raw::dump(&name).await == before);
        all_is_there(&name).await;
    }
}

#[wasm_bindgen_test]
async fn a_first_record_that_is_damaged_is_left_for_the_log_to_tell() {
    let name = name();
    raw::load_format_1(&name).await;
    let mut value = raw::get(&name, LOG, 2).await.expect("the log has a record");
    value[40] ^= 1;
    raw::put(&name, LOG, 2, &value).await;
    let store = open(&name).await;
    assert!(matches!(
        store.load_log().await,
        Err(StoreError::LogDamaged { record: 2, .. })
    ));
    assert_eq!(raw::get(&name, LOG, 2).await, Some(value));
}

#[wasm_bindgen_test]
async fn a_newer_database_is_refused_and_untouched() {
    let name = name();
    raw::load_format_1(&name).await;
    raw::close(&raw::open(&name, FORMAT + 1, &["more"]).await);
    let before = raw::dump(&name).await;
    let opened = IdbStore::open(&name).await.map(|_| ());
    let (found, known) = (FORMAT + 1, FORMAT);
    assert_eq!(opened, Err(StoreError::NewerFormat { found, known }));
    assert!(raw::dump(&name).await == before);
}

#[wasm_bindgen_test]
async fn a_newer_format_in_an_old_or_a_present_database_is_refused_and_untouched() {
    let (old, present) = (name(), name());
    raw::load_format_1(&old).await;
    drop(Idb::fresh(&present).await);
    for name in [old, present] {
        raw::put_any(&name, META, "format", FORMAT + 1).await;
        let before = raw::dump(&name).await;
        let opened = IdbStore::open(&name).await.map(|_| ());
        let (found, known) = (FORMAT + 1, FORMAT);
        assert_eq!(opened, Err(StoreError::NewerFormat { found, known }));
        assert!(raw::dump(&name).await == before);
    }
}
