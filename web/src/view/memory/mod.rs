//! Frames and page queues.

use yew::prelude::*;

use super::Panel;

/// Frames and page queues.
#[component]
pub fn Memory(props: &Panel) -> Html {
    let _ = props;
    html! {}
}
