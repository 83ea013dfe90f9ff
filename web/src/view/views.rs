//! The middle of the page: one of the views, as a picture or as a table.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::Panel;
use super::buffers::Buffers;
use super::canvas::use_size;
use super::disks::Stripes;
use super::linear::Linear;
use super::memory::Memory;
use super::metadata::Metadata;
use super::place;
use super::tree::Tree;
use super::ui::{Action, VIEWS, View};
use crate::part::part;
use crate::view::drawn::drawn;

part! { more, fn tree(Panel) = drawn::<Tree>, fetch_tree, "" }
part! { more, fn metadata(Panel) = drawn::<Metadata>, fetch_metadata, "" }
part! { more, fn buffers(Panel) = drawn::<Buffers>, fetch_buffers, "" }
part! { more, fn memory(Panel) = drawn::<Memory>, fetch_memory, "" }

/// The view that was chosen, with the tabs to choose from.
#[component]
pub fn Views(props: &Panel) -> Html {
    let toggle = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::ToggleTable))
    };
    let full = props.ui.layout.full;
    let fill = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Fill(!full)))
    };
    let (current, views) = (props.ui.view, props.ui.views());
    let tab = |(view, id, name): (View, &'static str, &'static str)| {
        let dispatch = props.dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::View(view)));
        let selected = view == current;
        html! {
            <button type="button" key={id} role="tab" id={format!("view-tab-{id}")} data-testid={format!("view-{id}")}
                aria-selected={selected.to_string()} aria-controls="view" {onclick}
                tabindex={if selected { "0" } else { "-1" }}>{ name }</button>
        }
    };
    let onkeydown = {
        let (dispatch, views) = (props.dispatch.clone(), views.clone());
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowLeft" => views.len() - 1,
                "ArrowRight" => 1,
                _ => return,
            };
            let at = views.iter().position(|(view, ..)| *view == current);
            let (view, id, _) = views[(at.unwrap_or(0) + by) % views.len()];
            event.prevent_default();
            dispatch.dispatch(Action::View(view));
            if let Some(tabs) = event.target_dyn_into::<Element>() {
                place::focus(&tabs, &format!("view-tab-{id}"));
            }
        })
    };
    let tabs = use_node_ref();
    let (room, _) = use_size(&tabs);
    {
        // Where not all tabs fit, the one that is selected comes into view.
        let tabs = tabs.clone();
        use_effect_with((current, room), move |_| {
            let selected = tabs.cast::<HtmlElement>().and_then(|tabs| {
                let tab = tabs.query_selector("[aria-selected=true]").ok()??;
                Some((tabs, tab.dyn_into::<HtmlElement>().ok()?))
            });
            if let Some((tabs, tab)) = selected {
                let before = (tabs.client_width() - tab.offset_width()) / 2;
                tabs.set_scroll_left(tab.offset_left() - tabs.offset_left() - before);
            }
        });
    }
    let id = VIEWS.iter().find(|(view, ..)| *view == current);
    let labelled = id.map(|(_, id, _)| format!("view-tab-{id}"));
    html! {
        <section class="panel views" aria-label="Views">
            <div class="panel-head views-head">
                <div ref={tabs} class="view-tabs" role="tablist" aria-label="Views" {onkeydown}>{ for views.into_iter().map(tab) }</div>
                <button type="button" class="small" data-testid="table-toggle"
                    aria-pressed={props.ui.table.to_string()} onclick={toggle}
                    title="The same as a table (t)">{ "Table" }</button>
                // The scripts of `www/` make pictures: they are loaded when one is wanted.
                <button type="button" class="small fill" data-testid="picture" data-picture="" aria-label="Save as a picture"
                    title="Save what is shown as a picture, for slides and print">
                    <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M1 2H11V10H1ZM1.5 9 4.5 5.5 7 8.5 8.5 7 10.7 9M8 4.4H8.6" /></svg>
                </button>
                <button type="button" class="small fill" data-testid="fullscreen" aria-label="Fill the screen"
                    aria-pressed={full.to_string()} onclick={fill}
                    title="Fill the screen (f); Escape leaves">
                    <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M1 4V1H4M8 1H11V4M11 8V11H8M4 11H1V8" /></svg>
                </button>
            </div>
            <div class="view" id="view" role="tabpanel" aria-labelledby={labelled}>
                { match current {
                    View::Stripes => drawn::<Stripes>(props.clone()),
                    View::Linear => drawn::<Linear>(props.clone()),
                    View::Tree => tree(props.clone()),
                    View::Metadata => metadata(props.clone()),
                    View::Buffers => buffers(props.clone()),
                    View::Memory => memory(props.clone()),
                } }
            </div>
        </section>
    }
}
