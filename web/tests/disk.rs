//! Every kind of block store is held to the contract, in a browser.
#![cfg(target_family = "wasm")]

use common::{Idb, IdbStrict, Kind, Memory, name};
use swap_playground::disk::{AnyStore, BlockStore};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod common;

wasm_bindgen_test_configure!(run_in_browser);

contract!(idb, Idb);
contract!(idb_strict, IdbStrict);
contract!(memory, Memory);

#[wasm_bindgen_test]
async fn any_store_is_the_one_it_holds() {
    let stores: [(AnyStore, bool); 2] = [
        (Idb::fresh(&name()).await.into(), true),
        (Memory::fresh(&name()).await.into(), false),
    ];
    for (store, survives) in stores {
        assert_eq!(store.survives_reload(), survives);
        common::commit(&store, common::log(["one"])).await;
        assert_eq!(store.load_log().await, Ok(vec!["one".into()]));
        assert_eq!(store.clear().await, Ok(()));
        assert_eq!(store.load_log().await, Ok(vec![]));
    }
}
