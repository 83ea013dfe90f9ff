//! The radix tree that finds room in the swap space.

use yew::prelude::*;

use super::Panel;

/// The radix tree that finds room in the swap space.
#[component]
pub fn Tree(props: &Panel) -> Html {
    let _ = props;
    html! {}
}
