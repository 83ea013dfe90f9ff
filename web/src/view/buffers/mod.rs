//! Buffers, transfers in flight, and who waits for what.

use yew::prelude::*;

use super::Panel;

/// Buffers, transfers in flight, and who waits for what.
#[component]
pub fn Buffers(props: &Panel) -> Html {
    let _ = props;
    html! {}
}
