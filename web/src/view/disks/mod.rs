//! The swap disks: what lies where.

pub mod layout;
mod map;
mod paint;
pub mod runs;
mod table;

use yew::prelude::*;

use super::Panel;
use super::ui::{Action, Dialog};

/// The panel of the disks.
#[component]
pub fn Disks(props: &Panel) -> Html {
    let toggle = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::ToggleTable))
    };
    let add = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::AddDisk)))
    };
    let none = props.session.model().slots.iter().all(Option::is_none);
    html! {
        <section class="panel disks" aria-labelledby="disks-title">
            <div class="panel-head">
                <h2 id="disks-title">{ "Swap disks" }</h2>
                <button type="button" class="small" data-testid="stripe-table-toggle"
                    aria-pressed={props.ui.table.to_string()} onclick={toggle}
                    title="The same as a table (t)">{ "Table" }</button>
            </div>
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
        </section>
    }
}
