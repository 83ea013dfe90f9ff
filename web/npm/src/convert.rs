//! Between Rust and plain objects of JavaScript.

use js_sys::{Array, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use swap_pager::command::OpResult;
use swap_pager::units::OpId;
use swap_pager::{Command, PageData};
use wasm_bindgen::JsValue;

use crate::failed;
use crate::failure::{Code, Failure};

/// What is missing is null, as in JSON; numbers of 64 bits are numbers.
const SERIALIZER: Serializer = Serializer::new()
    .serialize_missing_as_null(true)
    .serialize_maps_as_objects(true);

/// A plain object of it.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&SERIALIZER)?)
}

/// What a plain object says, or a failure with that code.
pub fn from_js<T: DeserializeOwned>(value: JsValue, code: Code) -> Result<T, Failure> {
    from_value(value).map_err(|error| Failure::new(code, error.to_string()))
}

/// The bytes of a page, copied; `None` if they are not known.
pub fn bytes(data: &PageData) -> Option<Uint8Array> {
    data.bytes().map(|bytes| Uint8Array::from(&bytes[..]))
}

/// An operation that ended. Pages that were read directly come with the result, as bytes.
pub fn ended(
    op: OpId,
    text: String,
    command: &Command,
    result: &OpResult,
) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Ended<'a> {
        op: OpId,
        text: String,
        command: &'a Command,
        result: &'a OpResult,
        message: Option<String>,
    }
    let ended = to_js(&Ended {
        op,
        text,
        command,
        result,
        message: failed(result),
    })?;
    if let OpResult::Transferred { data, .. } = result {
        let pages: Array = data.iter().filter_map(bytes).collect();
        let result = Reflect::get(&ended, &"result".into())?;
        Reflect::set(&result, &"data".into(), &pages)?;
    }
    Ok(ended)
}
