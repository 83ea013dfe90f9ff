//! Swap Playground in the browser.

pub mod disk;
pub mod session;

use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    html! { <main>{ "Swap Playground" }</main> }
}
