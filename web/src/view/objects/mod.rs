//! The memory objects and their pages.

mod actions;
pub mod card;
pub mod cells;
mod grid;
pub mod legend;
pub mod paint;

use yew::prelude::*;

use super::Panel;
use super::format::grouped;
use super::ui::{Action, Dialog};
use crate::view::drawn::drawn_keyed;

/// The panel of the objects.
pub fn objects(props: &Panel) -> Html {
    let model = props.session.model();
    let resident = model.pages.len() as u64;
    let new = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::NewObject)))
    };
    html! {
        <section class="panel objects" aria-labelledby="objects-title">
            <div class="panel-head">
                <h2 id="objects-title">{ "Objects" }</h2>
                <span class="note" title="Frames in use: a frame is a page of the machine's memory">
                    { format!("{} of {} frames", grouped(resident), grouped(model.frames)) }
                </span>
            </div>
            if model.objects.is_empty() {
                <p class="empty">
                    { "An object is memory that a program uses: a heap, a stack, a file's cache. " }
                    <button type="button" class="link" onclick={new}>{ "Make one" }</button>
                </p>
            }
            <div class="cards">
                { for model.objects.keys().map(|&object| drawn_keyed::<card::Card>(object.0, yew::props!(card::Props { object, panel: props.clone() }))) }
            </div>
            if !model.objects.is_empty() {
                { legend::legend() }
            }
        </section>
    }
}
