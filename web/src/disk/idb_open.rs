//! Opening, making and deleting a database of IndexedDB.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Event, IdbDatabase, IdbObjectStoreParameters, IdbOpenDbRequest};

use super::StoreError;
use super::idb_request::{Failure, bytes, factory, first_event, opening, result, value};
use super::layout::{FORMAT, FORMAT_KEY, GROUPS, LOG, META, PAGES};
use super::log_parts::{in_format_2, log_head};

/// Opens the database of this name, and makes it if there is none. An older one is migrated.
pub(super) async fn open(name: &str) -> Result<IdbDatabase, StoreError> {
    match open_version(name, Some(FORMAT)).await {
        Ok(db) => Ok(db),
        Err(StoreError::Aborted { name: why, .. }) if why == "VersionError" => {
            Err(newer(name).await)
        }
        Err(error) => Err(error),
    }
}

/// Opens the database of this name as it is, whatever it is.
pub(super) async fn open_as_it_is(name: &str) -> Result<IdbDatabase, StoreError> {
    open_version(name, None).await
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

/// Opens a database in this version, which may mean to make it or to migrate it, or in whichever
/// it has.
async fn open_version(name: &str, version: Option<u32>) -> Result<IdbDatabase, StoreError> {
    let request = match version {
        Some(version) => factory()?.open_with_u32(name, version),
        None => factory()?.open(name),
    };
    let request = request.map_err(thrown)?;
    let refused = Rc::new(RefCell::new(None));
    let upgrade = Closure::<dyn FnMut(Event)>::new({
        let (request, refused) = (request.clone(), refused.clone());
        move |event: Event| {
            let old = Reflect::get(&event, &"oldVersion".into());
            let upgraded = match (version, old.ok().and_then(|old| old.as_f64())) {
                (Some(_), Some(0.0)) => make_stores(&request).is_ok(),
                (Some(_), Some(_)) => migrate(&request, &refused).is_ok(),
                // Without a version, a database that isn't there would be made with nothing in it.
                _ => false,
            };
            if !upgraded {
                abort(&request);
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
        _ => Err(refused.take().unwrap_or_else(|| refusal(&request))),
    }
}

/// Takes back an upgrade. The request then fails, and says that it was aborted.
fn abort(request: &IdbOpenDbRequest) {
    if let Some(transaction) = request.transaction() {
        let _ = transaction.abort();
    }
}

/// Brings a database of format 1 to format 2, or says in `refused` why it can't be.
fn migrate(
    request: &IdbOpenDbRequest,
    refused: &Rc<RefCell<Option<StoreError>>>,
) -> Result<(), Failure> {
    let db: IdbDatabase = result(request)?.unchecked_into();
    if let Err(error) = check_stores(&db) {
        refused.replace(Some(error));
        return Err(Failure::aborted());
    }
    let transaction = request.transaction().ok_or_else(Failure::aborted)?;
    let (meta, log) = (
        transaction.object_store(META)?,
        transaction.object_store(LOG)?,
    );
    let format = meta.get(&FORMAT_KEY.into())?;
    // The head of the log, and what comes after it.
    let none = JsValue::UNDEFINED;
    let keys = log.get_all_keys_with_key_and_limit(&none, 2)?;
    let values = log.get_all_with_key_and_limit(&none, 2)?;
    let last = values.clone();
    let (request, refused) = (request.clone(), refused.clone());
    let rewrite = move || -> Result<(), Failure> {
        if let Err(error) = check_format(&result(&format)?, 1) {
            refused.replace(Some(error));
            return Err(Failure::aborted());
        }
        meta.put_with_key(&FORMAT.into(), &FORMAT_KEY.into())?;
        let (keys, values) = (Array::from(&result(&keys)?), Array::from(&result(&values)?));
        if let Some(first) = in_format_2(&bytes(&values.get(1))) {
            log.put_with_key(&value(&first), &keys.get(1))?;
        }
        Ok(())
    };
    // Requests succeed in the order they are made in: with the last, all have.
    let on_last = Closure::once_into_js(move || {
        if rewrite().is_err() {
            abort(&request);
        }
    });
    last.set_onsuccess(Some(on_last.unchecked_ref()));
    Ok(())
}

/// Refuses a database that lacks a store.
pub(super) fn check_stores(db: &IdbDatabase) -> Result<(), StoreError> {
    let names = db.object_store_names();
    let mut ours = [GROUPS, PAGES, LOG, META].into_iter();
    match ours.find(|name| !names.contains(name)) {
        None => Ok(()),
        Some(name) => Err(StoreError::Foreign {
            what: format!("they have no object store called {name}"),
        }),
    }
}

/// Refuses a database whose contents aren't in this format, if it says so.
pub(super) fn check_format(found: &JsValue, known: u32) -> Result<(), StoreError> {
    match found.as_f64() {
        Some(found) if found == f64::from(known) => Ok(()),
        Some(found) if found > f64::from(FORMAT) => Err(StoreError::NewerFormat {
            found: found as u32,
            known: FORMAT,
        }),
        _ => Err(StoreError::Foreign {
            what: "they don't say which format they have".into(),
        }),
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
