//! The swap disks: what lies where.

pub mod flights;
pub mod layout;
mod lettering;
mod map;
pub mod marks;
pub mod paint;
pub mod runs;
pub mod table;
mod vacant;
mod words;
mod zoom;

use yew::prelude::*;

use super::Panel;
use super::ui::{Action, Dialog};
use crate::part::part;
use crate::view::drawn::drawn;

part! { more, fn table(map::Props) = drawn::<table::Table>, fetch_table, "" }

/// The stripe map, or its table.
#[component]
pub fn Stripes(props: &Panel) -> Html {
    disks(props, false)
}

/// The swap space from its first block to its last, or its table.
#[component]
pub fn Linear(props: &Panel) -> Html {
    disks(props, true)
}

fn disks(panel: &Panel, linear: bool) -> Html {
    let add = {
        let dispatch = panel.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::AddDisk)))
    };
    let none = panel.session.model().slots.iter().all(Option::is_none);
    html! {
        <>
        if none {
            <p class="empty">
                { "No disk is switched on, so pages have nowhere to go. " }
                <button type="button" class="link" onclick={add}>{ "Add a disk" }</button>
            </p>
        }
        if panel.ui.table {
            { table(map::Props { panel: panel.clone(), linear }) }
        } else {
            { drawn::<map::Map>(yew::props!(map::Props { panel: panel.clone(), linear })) }
        }
        </>
    }
}
