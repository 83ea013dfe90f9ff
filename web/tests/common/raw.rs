//! The Rust side of `raw.js`.

use js_sys::{Function, Uint8Array};
use swap_playground::disk::StoreError;
use swap_playground::disk::layout::LOG;
use swap_playground::disk::log_parts::LogReader;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/common/raw.js")]
extern "C" {
    #[wasm_bindgen(js_name = openRaw)]
    async fn open_raw(name: &str, version: u32, stores: Vec<String>) -> JsValue;
    #[wasm_bindgen(js_name = closeRaw)]
    pub fn close(db: &JsValue);
    #[wasm_bindgen(js_name = closeSoon)]
    pub fn close_soon(db: &JsValue);
    #[wasm_bindgen(js_name = databaseNames)]
    async fn database_names() -> JsValue;
    #[wasm_bindgen(js_name = getRaw)]
    async fn get_raw(name: &str, store: &str, key: f64) -> JsValue;
    #[wasm_bindgen(js_name = putRaw)]
    async fn put_raw(name: &str, store: &str, key: JsValue, value: JsValue) -> JsValue;
    #[wasm_bindgen(js_name = deleteRaw)]
    async fn delete_raw(name: &str, store: &str, key: JsValue) -> JsValue;
    #[wasm_bindgen(js_name = keysRaw)]
    async fn keys_raw(name: &str, store: &str) -> JsValue;

    #[wasm_bindgen(js_name = loadFormat1)]
    async fn load_format_1_js(name: &str, packed: &[u8]) -> JsValue;
    #[wasm_bindgen(js_name = dumpRaw)]
    async fn dump_raw(name: &str) -> JsValue;

    #[wasm_bindgen(js_name = abortOnAdd)]
    fn abort_on_add_js() -> Function;
    #[wasm_bindgen(js_name = abortEvery)]
    fn abort_every_js(nth: u32) -> Function;
    #[wasm_bindgen(js_name = quotaOnAdd)]
    fn quota_on_add_js() -> Function;
    #[wasm_bindgen(js_name = unstorableOnPut)]
    fn unstorable_on_put_js(nth: u32) -> Function;
    #[wasm_bindgen(js_name = failOnGet)]
    fn fail_on_get_js() -> Function;
    #[wasm_bindgen(js_name = throwOnOpen)]
    fn throw_on_open_js(name: &str) -> Function;
    #[wasm_bindgen(js_name = openInVersion)]
    fn open_in_version_js(version: u32) -> Function;
    #[wasm_bindgen(js_name = noIndexedDb)]
    fn no_indexed_db_js() -> Function;
    #[wasm_bindgen(js_name = keepConnections)]
    fn keep_connections_js() -> Function;
    #[wasm_bindgen(js_name = closeAsTheBrowserDoes)]
    pub fn close_as_the_browser_does(with_event: bool);
    #[wasm_bindgen(js_name = keepModes)]
    fn keep_modes_js() -> Function;
    #[wasm_bindgen(js_name = keptModes)]
    pub fn kept_modes() -> Vec<String>;
}

/// Opens a database past the block store; see `raw.js`.
pub async fn open(name: &str, version: u32, stores: &[&str]) -> JsValue {
    let stores = stores.iter().map(|store| store.to_string()).collect();
    open_raw(name, version, stores).await
}

/// Whether there is a database of this name.
pub async fn exists(name: &str) -> bool {
    let names = js_sys::Array::from(&database_names().await);
    names.includes(&name.into(), 0)
}

/// Makes a database as the first release left it.
pub async fn load_format_1(name: &str) {
    load_format_1_js(name, include_bytes!("../fixtures/format-1.json.gz")).await;
}

/// All that is in a database, with its version, as text.
pub async fn dump(name: &str) -> String {
    dump_raw(name).await.as_string().expect("it is text")
}

/// The bytes of a value.
pub async fn get(name: &str, store: &str, key: u64) -> Option<Vec<u8>> {
    let value = array(name, store, key).await?;
    Some(value.to_vec())
}

/// How many bytes lie behind a value, whether it shows them or not.
pub async fn stored_length(name: &str, store: &str, key: u64) -> Option<u32> {
    let value = array(name, store, key).await?;
    Some(value.buffer().byte_length())
}

async fn array(name: &str, store: &str, key: u64) -> Option<Uint8Array> {
    get_raw(name, store, key as f64).await.dyn_into().ok()
}

/// Puts bytes in the place of a value.
pub async fn put(name: &str, store: &str, key: u64, bytes: &[u8]) {
    put_any(name, store, key as f64, Uint8Array::from(bytes)).await;
}

/// Puts anything in the place of a value.
pub async fn put_any(name: &str, store: &str, key: impl Into<JsValue>, value: impl Into<JsValue>) {
    put_raw(name, store, key.into(), value.into()).await;
}

/// Deletes a value.
pub async fn delete(name: &str, store: &str, key: impl Into<JsValue>) {
    delete_raw(name, store, key.into()).await;
}

/// The keys of an object store.
pub async fn keys(name: &str, store: &str) -> Vec<u64> {
    let keys = js_sys::Array::from(&keys_raw(name, store).await);
    let keys = keys.iter().filter_map(|key| key.as_f64());
    keys.map(|key| key as u64).collect()
}

/// The records of the log. Unlike opening the disks, to look at them so takes them from nobody.
pub async fn log(name: &str) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut log = LogReader::default();
    for key in keys(name, LOG).await {
        let value = get(name, LOG, key).await.unwrap_or_default();
        log.take(key, &value)?;
    }
    log.finish()
}

/// A change to the browser's own methods, which is undone when this is dropped.
#[must_use]
pub struct Harm(Function);

impl Drop for Harm {
    fn drop(&mut self) {
        self.0
            .call0(&JsValue::NULL)
            .expect("putting a property back can't fail");
    }
}

/// Every record that is added aborts its transaction.
pub fn abort_on_add() -> Harm {
    Harm(abort_on_add_js())
}

/// The same, for want of space.
pub fn quota_on_add() -> Harm {
    Harm(quota_on_add_js())
}

/// The put of this number throws.
pub fn unstorable_on_put(nth: u32) -> Harm {
    Harm(unstorable_on_put_js(nth))
}

/// Requests for a single value fail.
pub fn fail_on_get() -> Harm {
    Harm(fail_on_get_js())
}

/// Opening a database throws an error of this name.
pub fn throw_on_open(name: &str) -> Harm {
    Harm(throw_on_open_js(name))
}

/// Databases are opened in this version.
pub fn open_in_version(version: u32) -> Harm {
    Harm(open_in_version_js(version))
}

/// There is no IndexedDB.
pub fn no_indexed_db() -> Harm {
    Harm(no_indexed_db_js())
}

/// Connections are kept for [`close_as_the_browser_does`].
pub fn keep_connections() -> Harm {
    Harm(keep_connections_js())
}

/// The modes of transactions are kept for [`kept_modes`].
pub fn keep_modes() -> Harm {
    Harm(keep_modes_js())
}

/// Each so many-th record that is put or added aborts its transaction.
pub fn abort_every(nth: u32) -> Harm {
    Harm(abort_every_js(nth))
}
