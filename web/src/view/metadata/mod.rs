//! The hash of metadata blocks.

use yew::prelude::*;

use super::Panel;

/// The hash of metadata blocks.
#[component]
pub fn Metadata(props: &Panel) -> Html {
    let _ = props;
    html! {}
}
