//! Swap Playground in the browser.

pub mod disk;

use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    html! { <main>{ "Swap Playground" }</main> }
}
