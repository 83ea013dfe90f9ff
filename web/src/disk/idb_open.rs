//! Opening, making and deleting a database of IndexedDB.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Event, IdbDatabase, IdbObjectStoreParameters, IdbOpenDbRequest};

use super::StoreError;
use super::idb_request::{Failure, factory, first_event, opening, result, value};
use super::layout::{FORMAT, FORMAT_KEY, GROUPS, LOG, META, PAGES};
use super::log_parts::log_head;

/// Opens the database of this name, and makes it if there is none.
pub(super) async fn open(name: &str) -> Result<IdbDatabase, StoreError> {
    match open_version(name, Some(FORMAT)).await {
        Ok(db) => Ok(db),
        Err(StoreError::Aborted { name: why, .. }) if why == "VersionError" => {
            Err(newer(name).await)
        }
        Err(error) => Err(error),
    }
}

/// Deletes the database of this name.
pub(super) async fn delete(name: &str) -> Result<(), StoreError> {
    let request = factory()?.delete_database(name).map_err(thrown)?;
    match end(&request).await.as_str() {
        "success" => Ok(()),
        "blocked" => Err(StoreError::Blocked),
        _ => Err(refusal(&request)),
    }
}

/// The error for a database with a version newer than ours: opens it as it is to see which.
async fn newer(name: &str) -> StoreError {
    match open_version(name, None).await {
        Ok(db) => {
            let found = db.version() as u32;
            db.close();
            let known = FORMAT;
            StoreError::NewerFormat { found, known }
        }
        Err(error) => error,
    }
}

/// Opens a database in this version, which may mean to make it, or in whichever it has.
async fn open_version(name: &str, version: Option<u32>) -> Result<IdbDatabase, StoreError> {
    let request = match version {
        Some(version) => factory()?.open_with_u32(name, version),
        None => factory()?.open(name),
    };
    let request = request.map_err(thrown)?;
    let upgrade = Closure::<dyn FnMut(Event)>::new({
        let request = request.clone();
        move |_| {
            // Without a version, a database that isn't there would be made with nothing in it.
            let made = version.is_some() && make_stores(&request).is_ok();
            if !made && let Some(transaction) = request.transaction() {
                // The request then fails, and says that it was aborted.
                let _ = transaction.abort();
            }
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    match end(&request).await.as_str() {
        "success" => {
            request.set_onupgradeneeded(None);
            let db = result(&request).map_err(opening)?;
            Ok(db.unchecked_into())
        }
        "blocked" => {
            give_up(&request);
            Err(StoreError::Blocked)
        }
        _ => Err(refusal(&request)),
    }
}

/// Leaves a request alone that is still waiting to upgrade. If it is granted later, nobody is there
/// to do the upgrade, and without it the new version would be a lie.
fn give_up(request: &IdbOpenDbRequest) {
    let late = request.clone();
    let refuse = Closure::once_into_js(move || {
        if let Some(transaction) = late.transaction() {
            // The database then stays as it is, in its old version.
            let _ = transaction.abort();
        }
    });
    request.set_onupgradeneeded(Some(refuse.unchecked_ref()));
}

/// Makes the object stores of a new database, with what an empty one holds.
fn make_stores(request: &IdbOpenDbRequest) -> Result<(), Failure> {
    let db: IdbDatabase = result(request)?.unchecked_into();
    db.create_object_store(GROUPS)?;
    db.create_object_store(PAGES)?;
    let numbered = IdbObjectStoreParameters::new();
    numbered.set_auto_increment(true);
    let log = db.create_object_store_with_optional_parameters(LOG, &numbered)?;
    log.add(&value(&log_head()))?;
    let meta = db.create_object_store(META)?;
    meta.put_with_key(&FORMAT.into(), &FORMAT_KEY.into())?;
    Ok(())
}

#[wasm_bindgen]
extern "C" {
    /// The browser's own, which is there in a worker too.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, milliseconds: u32, argument: &JsValue);
}

/// How long a connection may take to close after it was asked to, in milliseconds.
///
/// A tab that closes its connection at once still holds it until its transactions have ended, and
/// the browser calls that blocked as well.
const GRACE: u32 = 1000;

/// Waits for the end of a request to open or delete, or until it has been blocked for too long.
async fn end(request: &IdbOpenDbRequest) -> String {
    first_event(|resolve| {
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(resolve));
        let resolve = resolve.clone();
        let blocked =
            Closure::once_into_js(move |event: JsValue| set_timeout(&resolve, GRACE, &event));
        request.set_onblocked(Some(blocked.unchecked_ref()));
    })
    .await
}

/// The error of a request that failed.
fn refusal(request: &IdbOpenDbRequest) -> StoreError {
    opening(match result(request) {
        Err(failure) => failure,
        Ok(_) => Failure::aborted(),
    })
}

/// The error for what a call to open or delete has thrown.
fn thrown(thrown: JsValue) -> StoreError {
    opening(thrown.into())
}
