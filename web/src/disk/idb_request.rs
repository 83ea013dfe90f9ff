//! A thin layer over the browser's IndexedDB: what the block store needs, and nothing else.
//!
//! A transaction of IndexedDB commits itself as soon as a task ends in which nobody asked it for
//! anything more. So nothing here waits for a single request: all requests of a transaction are
//! issued in one go, then [`Transaction::done`] waits for its end, and after that the results of
//! the requests are there to be picked up.

use std::ops::RangeInclusive;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, Event, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbRequest,
    IdbRequestReadyState, IdbTransaction,
};

use super::layout::Records;
use super::{Durability, StoreError};

/// What JavaScript threw, or a request or a transaction failed with.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) name: String,
    pub(super) message: String,
}

impl From<JsValue> for Failure {
    fn from(thrown: JsValue) -> Failure {
        if let Some(error) = thrown.dyn_ref::<DomException>() {
            return error.clone().into();
        }
        let (name, message) = match thrown.dyn_ref::<js_sys::Error>() {
            Some(error) => (error.name().into(), error.message().into()),
            None => {
                let text = thrown.as_string();
                let text = text.unwrap_or_else(|| "something that says nothing of itself".into());
                ("Error".into(), text)
            }
        };
        Failure { name, message }
    }
}

impl From<DomException> for Failure {
    fn from(error: DomException) -> Failure {
        Failure {
            name: error.name(),
            message: error.message(),
        }
    }
}

impl Failure {
    /// An abort for which the browser gives no reason: somebody asked for it.
    pub(super) fn aborted() -> Failure {
        Failure {
            name: "AbortError".into(),
            message: String::new(),
        }
    }
}

/// The browser's IndexedDB, if it has one. Taken from the global object, so that it is found in a
/// worker too.
pub(super) fn factory() -> Result<IdbFactory, StoreError> {
    // Where storage is denied, even to ask can throw.
    let found = Reflect::get(&js_sys::global(), &"indexedDB".into());
    let found = found.map_err(|thrown| opening(thrown.into()))?;
    found.dyn_into().map_err(|_| StoreError::Denied {
        reason: "this browser has no IndexedDB".into(),
    })
}

/// The error for what happened to a database being opened or deleted.
pub(super) fn opening(failure: Failure) -> StoreError {
    StoreError::of_opening(&failure.name, &failure.message)
}

/// Waits for the first of some events. `listen` sets the function it is given as the handler of
/// each.
///
/// The function is the `resolve` of a promise. So it is the browser that owns it, and calling it
/// again later does no harm.
pub(super) async fn first_event(listen: impl Fn(&Function)) -> String {
    let promise = Promise::new(&mut |resolve, _| listen(&resolve));
    // The promise can't be rejected: nobody has its `reject`.
    let event = JsFuture::from(promise).await.unwrap_or_else(|event| event);
    event.unchecked_into::<Event>().type_()
}

#[wasm_bindgen]
extern "C" {
    /// A database, seen through the one method that web-sys has only behind its switch for
    /// unstable interfaces. Browsers have had it for years.
    type WithOptions;

    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &WithOptions,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// What a transaction may do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    Read,
    Write(Durability),
}

/// A transaction that is issued without a pause.
pub(super) struct Transaction(IdbTransaction);

impl Transaction {
    /// Begins a transaction over `stores`, issues its requests and waits for its end.
    ///
    /// If `issue` fails, the transaction is aborted, so that nothing of it is stored.
    pub(super) async fn run<T>(
        db: &IdbDatabase,
        stores: &[&str],
        mode: Mode,
        issue: impl FnOnce(&Transaction) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let options = Object::new();
        let mode = match mode {
            Mode::Read => "readonly",
            Mode::Write(durability) => {
                let durability = durability.name().into();
                Reflect::set(&options, &"durability".into(), &durability)?;
                "readwrite"
            }
        };
        let db: &WithOptions = db.unchecked_ref();
        let transaction = Transaction(db.transaction(&names, mode, &options)?);
        match issue(&transaction) {
            Ok(issued) => transaction.done().await.map(|()| issued),
            Err(failure) => {
                // Where there is nothing left to abort, there is nothing to wait for either.
                if transaction.0.abort().is_ok() {
                    let _ = transaction.done().await;
                }
                Err(failure)
            }
        }
    }

    /// An object store of the transaction.
    pub(super) fn store(&self, name: &str) -> Result<IdbObjectStore, Failure> {
        Ok(self.0.object_store(name)?)
    }

    /// Waits until the transaction is stored, or taken back as a whole.
    ///
    /// Only these two events count. With a quota that is exceeded no request fails, and some send
    /// no event at all.
    async fn done(&self) -> Result<(), Failure> {
        let event = first_event(|resolve| {
            self.0.set_oncomplete(Some(resolve));
            self.0.set_onabort(Some(resolve));
        });
        if event.await == "complete" {
            return Ok(());
        }
        // There is no error if the abort was asked for.
        Err(match self.0.error() {
            Some(error) => error.into(),
            None => Failure::aborted(),
        })
    }
}

/// A number as a key.
pub(super) fn key(number: u64) -> JsValue {
    // Exact: see `layout::MAX_DISKS`.
    JsValue::from_f64(number as f64)
}

/// All keys from the first to the last, to ask for or delete at once.
pub(super) fn keys(range: &RangeInclusive<u64>) -> Result<JsValue, Failure> {
    let range = IdbKeyRange::bound(&key(*range.start()), &key(*range.end()))?;
    Ok(range.into())
}

/// Room for values of one length, to be put one after the other: the browser copies a value when it
/// is put.
pub(super) struct Room(Uint8Array);

impl Room {
    pub(super) fn new(length: usize) -> Room {
        // No record is nearly that long.
        Room(Uint8Array::new_with_length(length as u32))
    }

    /// Bytes as a value, as long as the room is; until the next one.
    pub(super) fn value(&self, bytes: &[u8]) -> &Uint8Array {
        self.0.copy_from(bytes);
        &self.0
    }
}

/// Bytes as a value.
///
/// A copy: of a view on the memory of this program, IndexedDB would store the whole memory.
pub(super) fn value(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

#[wasm_bindgen]
extern "C" {
    /// An object store with a method that is new.
    type WithRecords;

    #[wasm_bindgen(method, catch, js_name = getAllRecords)]
    fn get_all_records(this: &WithRecords, options: &Object) -> Result<IdbRequest, JsValue>;

    /// What it finds.
    #[wasm_bindgen(extends = Object)]
    type Found;

    #[wasm_bindgen(method, getter)]
    fn key(this: &Found) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn value(this: &Found) -> JsValue;
}

/// Requests for the records of a range of keys.
pub(super) enum Fetch {
    /// Each key by itself: the fastest where most are there.
    Each { first: u64, values: Vec<IdbRequest> },
    /// Those that are there, with their keys.
    Records(IdbRequest),
    /// The same where a browser doesn't have that: `getAll` doesn't say which keys the values
    /// have, so they are asked for as well.
    Many {
        keys: IdbRequest,
        values: IdbRequest,
    },
}

impl Fetch {
    /// Asks for the record of each key.
    pub(super) fn each(
        store: &IdbObjectStore,
        range: &RangeInclusive<u64>,
    ) -> Result<Fetch, Failure> {
        let values = range.clone().map(|number| store.get(&key(number)));
        Ok(Fetch::Each {
            first: *range.start(),
            values: values.collect::<Result<_, _>>()?,
        })
    }

    /// Asks for the records that are there.
    pub(super) fn new(
        store: &IdbObjectStore,
        range: &RangeInclusive<u64>,
    ) -> Result<Fetch, Failure> {
        if range.start() == range.end() {
            return Fetch::each(store, range);
        }
        let range = keys(range)?;
        if Reflect::has(store, &"getAllRecords".into())? {
            let options = Object::new();
            Reflect::set(&options, &"query".into(), &range)?;
            let store: &WithRecords = store.unchecked_ref();
            return Ok(Fetch::Records(store.get_all_records(&options)?));
        }
        Ok(Fetch::Many {
            keys: store.get_all_keys_with_key(&range)?,
            values: store.get_all_with_key(&range)?,
        })
    }

    /// Asks for the first `limit` records with keys above `after`.
    pub(super) fn after(store: &IdbObjectStore, after: u64, limit: u32) -> Result<Fetch, Failure> {
        let range = IdbKeyRange::lower_bound_with_open(&key(after), true)?;
        Ok(Fetch::Many {
            keys: store.get_all_keys_with_key_and_limit(&range, limit)?,
            values: store.get_all_with_key_and_limit(&range, limit)?,
        })
    }

    /// Sets what happens when the last request has an answer.
    pub(super) fn on_success(&self, handler: &Function) {
        if let Some(last) = self.requests().last() {
            last.set_onsuccess(Some(handler));
        }
    }

    /// Sets what happens if the browser can't read a record. Without it the transaction is
    /// aborted.
    pub(super) fn on_error(&self, handler: &Function) {
        for request in self.requests() {
            request.set_onerror(Some(handler));
        }
    }

    /// Whether all is there, or can't be had. Answers come in the order of the requests.
    pub(super) fn has_ended(&self) -> bool {
        let last = self.requests().pop();
        last.is_none_or(|last| last.ready_state() == IdbRequestReadyState::Done)
    }

    fn requests(&self) -> Vec<&IdbRequest> {
        match self {
            Fetch::Each { values, .. } => values.iter().collect(),
            Fetch::Records(records) => vec![records],
            Fetch::Many { keys, values } => vec![keys, values],
        }
    }

    /// The records, after the end of the transaction or [when all is there](Self::has_ended).
    pub(super) fn records(&self) -> Result<Records, Failure> {
        let mut records = Records::new_vec();
        let mut take = |key: JsValue, value: &JsValue| {
            // A key that isn't a number can't lie between numbers.
            if let Some(key) = key.as_f64() {
                records.insert(key as u64, bytes(value));
            }
        };
        match self {
            Fetch::Each { first, values } => {
                for (number, value) in (*first..).zip(values) {
                    let value = result(value)?;
                    if !value.is_undefined() {
                        take(key(number), &value);
                    }
                }
            }
            Fetch::Records(records) => {
                for record in Array::from(&result(records)?).iter() {
                    let record: &Found = record.unchecked_ref();
                    take(record.key(), &record.value());
                }
            }
            Fetch::Many { keys, values } => {
                let keys = Array::from(&result(keys)?);
                let values = Array::from(&result(values)?);
                for (key, value) in keys.iter().zip(values.iter()) {
                    take(key, &value);
                }
            }
        }
        Ok(records)
    }
}

/// The result of a request that has ended.
pub(super) fn result(request: &IdbRequest) -> Result<JsValue, Failure> {
    match request.error()? {
        Some(error) => Err(error.into()),
        None => Ok(request.result()?),
    }
}

/// The bytes of a value; none if it isn't bytes.
pub(super) fn bytes(value: &JsValue) -> Vec<u8> {
    let bytes = value.dyn_ref::<Uint8Array>();
    bytes.map(Uint8Array::to_vec).unwrap_or_default()
}
