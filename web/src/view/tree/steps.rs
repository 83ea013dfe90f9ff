//! The last search node by node, with the reason at each, and what was freed since.

use swap_pager::blist::Finding;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};
use yew::prelude::*;

use super::frees::{Change, last_free};
use super::search::step_name;
use super::{Shown, paint};
use crate::view::Panel;
use crate::view::format::{count, span};
use crate::view::link::select;
use crate::view::look::object_name;
use crate::view::ui::{Action, Thing};

/// Most steps that are told.
const MOST: usize = 300;

/// The list of what the last search looked at.
#[component]
pub fn Steps(props: &Shown) -> Html {
    let Panel { session, ui, .. } = &props.panel;
    let model = session.model();
    let (Some(search), Some(image)) = (&props.search, &model.blist) else {
        return html! {
            <section class="tree-search" aria-label="The last search" data-testid="tree-search">
                <p class="empty">{ "Nothing was sought yet. Page something out, and the way of the search lights up here." }</p>
            </section>
        };
    };
    let hover = {
        let (dispatch, now) = (props.panel.dispatch.clone(), ui.hover);
        move |target: Option<EventTarget>| {
            let thing = number(target, "data-node").map(|node| Thing::Node(node as u32));
            if thing != now {
                dispatch.dispatch(Action::Hover(thing));
            }
        }
    };
    let onfocusin = {
        let hover = hover.clone();
        Callback::from(move |event: FocusEvent| hover(event.target()))
    };
    let onfocusout = {
        let hover = hover.clone();
        Callback::from(move |event: FocusEvent| hover(event.related_target()))
    };
    let onmouseover = {
        let hover = hover.clone();
        Callback::from(move |event: MouseEvent| hover(event.target()))
    };
    let onmouseleave = Callback::from(move |_: MouseEvent| hover(None));
    let onclick = {
        let (session, dispatch) = (session.clone(), props.panel.dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(seq) = number(event.target(), "data-seek") {
                session.seek(seq);
            } else if let Some(node) = number(event.target(), "data-node") {
                let action = select(&session.model(), Thing::Node(node as u32));
                dispatch.dispatch(action);
            }
        })
    };
    let steps = search.steps();
    let hidden = steps.len().saturating_sub(MOST);
    let line = |&(from, to): &(usize, usize)| {
        let visits = &search.visits[from..to];
        let visit = &visits[0];
        let pointed = ui.hover == Some(Thing::Node(visit.index));
        let class = classes!(
            pointed.then_some("hover"),
            match visit.finding {
                Finding::Found(_) => Some("found"),
                Finding::HintTooSmall => Some("passed"),
                _ => None,
            }
        );
        let level = paint::level_of(image, visit);
        let (name, reason) = (step_name(&model, visits), visit.reason(search.pages));
        entry(visit.index, level, class, name, reason, visit.seq)
    };
    let freed = last_free(&session.history(), image, search.seq).filter(|freed| freed.pages > 0);
    let change = |change: &Change| {
        let (node, level) = (change.place.index, change.place.level);
        let class = classes!((ui.hover == Some(Thing::Node(node))).then_some("hover"));
        let (name, words) = (change.name(&model), change.words());
        entry(node, level, class, name, words, change.seq)
    };
    html! {
        <section class="tree-search" aria-labelledby="tree-search-title" data-testid="tree-search"
            {onclick} {onfocusin} {onfocusout} {onmouseover} {onmouseleave}>
            <h2 id="tree-search-title">{ format!("The last search: {}", search.headline(|object| object_name(&model, object))) }</h2>
            <ol>
                { for steps.iter().take(MOST).map(line) }
                if hidden > 0 {
                    <li>{ format!("and {}", count(hidden as u64, "more step")) }</li>
                }
            </ol>
            if let Some(freed) = freed {
                <h2>{ format!("The last free, since then: {}, {}", count(freed.pages, "block"), span(freed.block.0, freed.block.0 + freed.pages - 1)) }</h2>
                <ol data-testid="tree-freed">{ for freed.changes.iter().map(change) }</ol>
            }
        </section>
    }
}

/// A line of a list: a node, what there is to say of it, and the event.
fn entry(node: u32, level: u32, class: Classes, name: String, words: String, seq: u64) -> Html {
    html! {
        <li key={seq} {class} ~style={format!("--depth:{level}")} data-node={node.to_string()}>
            <button type="button" class="line"><b>{ name }</b>{ ": " }{ words }</button>
            <button type="button" class="link" data-seek={seq.to_string()}
                title="Show the page and all views as they were at this event">
                <span class="visually-hidden">{ "go to " }</span>{ format!("event {seq}") }</button>
        </li>
    }
}

/// The number in an attribute of an element, or of what it is in.
pub fn number(target: Option<EventTarget>, name: &str) -> Option<u64> {
    let element = target?.dyn_into::<Element>().ok()?;
    let holder = element.closest(&format!("[{name}]")).ok().flatten()?;
    holder.get_attribute(name)?.parse().ok()
}
