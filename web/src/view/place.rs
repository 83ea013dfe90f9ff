//! Where a playground is: on the page itself, or in the shadow tree of an element of somebody else's
//! page. What it looks for, it looks for in the tree it is in.

use wasm_bindgen::prelude::*;
use web_sys::{Element, EventTarget, HtmlElement};

#[wasm_bindgen]
extern "C" {
    /// What a document and a shadow root have in common.
    #[wasm_bindgen(extends = EventTarget)]
    pub type Root;

    #[wasm_bindgen(method, catch, js_name = querySelector)]
    fn query_selector(this: &Root, selector: &str) -> Result<Option<Element>, JsValue>;

    #[wasm_bindgen(method, getter, js_name = activeElement)]
    fn active_element(this: &Root) -> Option<Element>;
}

/// The root of the tree that an element is in.
pub fn root(near: &Element) -> Root {
    near.get_root_node().unchecked_into()
}

/// The first element that a selector finds in the same tree.
pub fn find(near: &Element, selector: &str) -> Option<HtmlElement> {
    let found = root(near).query_selector(selector).ok().flatten()?;
    found.dyn_into().ok()
}

/// Moves the focus to the element with this id.
pub fn focus(near: &Element, id: &str) {
    if let Some(element) = find(near, &format!("#{id}")) {
        // What can't take the focus leaves it where it was.
        let _ = element.focus();
    }
}

/// The element of the same tree that has the focus.
pub fn focused(near: &Element) -> Option<HtmlElement> {
    root(near).active_element()?.dyn_into().ok()
}
