//! What a handler for many elements has to know: which of them it is about.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// The nearest element around what was pressed that a selector finds.
pub fn pressed(event: &Event, selector: &str) -> Option<Element> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest(selector).ok().flatten()
}

/// The number in an attribute.
pub fn number(element: &Element, name: &str) -> Option<u32> {
    element.get_attribute(name)?.parse().ok()
}
