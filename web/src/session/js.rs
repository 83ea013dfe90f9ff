//! Values of JavaScript, read by serde.
//!
//! The crates that do this can show a number with a fraction when they refuse it. That alone is more
//! code and tables than all that is here.

use std::fmt;

use js_sys::{Array, JSON, Object};
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

/// What a line of JSON says. The browser reads it.
///
/// # Errors
/// Why it doesn't say that.
pub fn from_json<'de, T: Deserialize<'de>>(json: &[u8]) -> Result<T, Error> {
    let json = str::from_utf8(json).map_err(|error| Error(error.to_string()))?;
    let value = JSON::parse(json).map_err(|thrown| {
        let thrown = thrown.dyn_ref::<js_sys::Error>();
        Error(thrown.map_or_else(String::new, |error| error.message().into()))
    })?;
    T::deserialize(Value(value))
}

/// Why a value is not what it should be.
#[derive(Debug)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Error {
        Error(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Error {
        Error(format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Error {
        Error(format!("expected {expected}"))
    }
}

struct Value(JsValue);

type Entries = MapDeserializer<'static, std::vec::IntoIter<(String, Value)>, Error>;

impl Value {
    fn refused<T>(&self, expected: &dyn Expected) -> Result<T, Error> {
        Err(serde::de::Error::invalid_type(
            Unexpected::Other(""),
            expected,
        ))
    }

    /// What an object has.
    fn entries(&self) -> Option<Vec<(String, Value)>> {
        let object = self.0.dyn_ref::<Object>()?;
        let entry = |entry: JsValue| {
            let entry = entry.unchecked_into::<Array>();
            Some((entry.get(0).as_string()?, Value(entry.get(1))))
        };
        Object::entries(object).iter().map(entry).collect()
    }
}

impl IntoDeserializer<'_, Error> for Value {
    type Deserializer = Value;

    fn into_deserializer(self) -> Value {
        self
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if let Some(flag) = self.0.as_bool() {
            visitor.visit_bool(flag)
        } else if let Some(number) = self.0.as_f64() {
            let whole = number as i64;
            if whole as f64 != number {
                self.refused(&visitor)
            } else if let Ok(natural) = u64::try_from(whole) {
                visitor.visit_u64(natural)
            } else {
                visitor.visit_i64(whole)
            }
        } else if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if let Some(entries) = self.entries() {
            visitor.visit_map(Entries::new(entries.into_iter()))
        } else {
            self.refused(&visitor)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if let Some(name) = self.0.as_string() {
            return visitor.visit_enum(name.into_deserializer());
        }
        match self.entries() {
            Some(entries) if entries.len() == 1 => visitor.visit_enum(MapAccessDeserializer::new(
                Entries::new(entries.into_iter()),
            )),
            _ => self.refused(&visitor),
        }
    }

    // Apart from what is above, since hardly anything that is stored has lists: what has none does without this.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Some(list) = self.0.dyn_ref::<Array>() else {
            return self.refused(&visitor);
        };
        let items: Vec<Value> = list.iter().map(Value).collect();
        let mut items = SeqDeserializer::new(items.into_iter());
        let found = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(found)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple_struct map struct identifier ignored_any
    }
}
