//! The swap space block by block, in the order of its numbers.

use yew::prelude::*;

use super::Panel;

/// The swap space block by block, in the order of its numbers.
#[component]
pub fn Linear(props: &Panel) -> Html {
    let _ = props;
    html! {}
}
