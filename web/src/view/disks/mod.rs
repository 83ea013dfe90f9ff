//! The swap disks: what lies where.

pub mod layout;
mod map;
mod paint;
pub mod runs;
mod table;

use yew::prelude::*;

use super::Panel;
use super::ui::{Action, Dialog};

/// The stripe map, or its table.
#[component]
pub fn Stripes(props: &Panel) -> Html {
    let add = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::AddDisk)))
    };
    let none = props.session.model().slots.iter().all(Option::is_none);
    html! {
        <>
        if none {
            <p class="empty">
                { "No disk is switched on, so pages have nowhere to go. " }
                <button type="button" class="link" onclick={add}>{ "Add a disk" }</button>
            </p>
        }
        if props.ui.table {
            <table::Table ..props.clone() />
        } else {
            <map::Map ..props.clone() />
        }
        </>
    }
}
