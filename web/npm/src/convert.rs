//! Between Rust and plain objects of JavaScript.

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::{Serializer, from_value};
use swap_pager::command::OpResult;
use swap_pager::units::OpId;
use swap_pager::{Command, PageData};
use wasm_bindgen::{JsCast, JsValue};

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

/// The command that an object says. Fields that no command has are not asked for when it is read, so they are
/// looked for afterwards.
pub fn command(value: JsValue) -> Result<Command, JsValue> {
    let command: Command = from_js(value.clone(), Code::NotACommand)?;
    let known = to_js(&command)?;
    for key in Object::keys(value.unchecked_ref::<Object>()) {
        let is_known = Reflect::has(&known, &key)?;
        let given = Reflect::get(&value, &key)?;
        if !is_known && !given.is_null() && !given.is_undefined() {
            let key = key.as_string().unwrap_or_default();
            let message = format!("A command of this kind has no field `{key}`.");
            return Err(Failure::new(Code::NotACommand, message).into());
        }
    }
    Ok(command)
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
