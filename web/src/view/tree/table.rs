//! The tree as a table, level by level.

use swap_pager::blist::BMAP_RADIX;
use swap_pager::units::SwapBlock;
use yew::prelude::*;

use super::Shown;
use super::geometry::{Seen, covers, find, levels, look, next};
use super::steps::number;
use super::words::{disk_name, name, state_words};
use crate::view::format::{count, grouped, span};
use crate::view::link::{Linked, select};
use crate::view::ui::{Action, Thing};

/// Most rows of a level: seven levels, which is the most there are, have fewer than 400.
const MOST: u32 = 56;

/// All nodes of the small levels, and of the large ones those around what is selected or was
/// found last.
#[component]
pub fn Table(props: &Shown) -> Html {
    let session = &props.panel.session;
    let ui = &props.panel.ui;
    let model = session.model();
    let Some(image) = &model.blist else {
        return html! {};
    };
    let linked = Linked::of(&model, &session.history(), ui.subject);
    let pointed = Linked::of(&model, &session.history(), ui.hover);
    let found = props.search.as_ref().and_then(|search| {
        let visit = search.visits.last()?;
        Some(visit.block)
    });
    let SwapBlock(focus) = linked.first_block(&model).or(found).unwrap_or_default();
    let selected = linked.node;
    let row = |seen: &Seen| {
        let place = seen.place;
        let disk = if place.is_leaf() {
            disk_name(&model, place.first)
        } else {
            String::new()
        };
        let visited = props.search.as_ref().and_then(|search| {
            let visit = search.visit(place.index)?;
            Some(visit.reason(search.pages))
        });
        let is_selected = selected == Some(place.index);
        let class = classes!(
            is_selected.then_some("selected"),
            (pointed.node == Some(place.index)).then_some("hover"),
            visited.is_some().then_some("visited")
        );
        let last = place.end(image) - 1;
        html! {
            <tr key={place.index} {class} aria-current={is_selected.then_some("true")} data-node={place.index.to_string()} data-level={place.level.to_string()}
                data-first={place.first.to_string()} data-last={last.to_string()}
                data-free={seen.free.to_string()} data-hint={seen.node.hint.to_string()}
                data-state={state_words(seen)} data-disk={disk.clone()}>
                <th scope="row"><button type="button" class="link">{ name(&model, seen) }</button></th>
                <td>{ span(place.first, last) }</td>
                <td>{ grouped(seen.free) }</td>
                <td>{ seen.node.hint }</td>
                <td>{ state_words(seen) }</td>
                <td>{ visited.unwrap_or_default() }</td>
            </tr>
        }
    };
    let bodies = (0..levels(image)).map(|level| {
        let covers = covers(image, level);
        let all = image.blocks.div_ceil(covers);
        let from = (focus / covers)
            .saturating_sub(MOST / 2)
            .min(all.saturating_sub(MOST));
        let mut rows = Vec::new();
        let mut block = next(image, level, from * covers);
        while let Some(first) = block.filter(|_| rows.len() < MOST as usize) {
            rows.push(look(image, level, first));
            block = next(image, level, first + covers);
        }
        let title = match (covers == BMAP_RADIX, level) {
            (true, _) => format!("Level {level}: {}, each a bitmap and a stripe", count(all, "leaf").replace("leafs", "leaves")),
            (_, 0) => "Level 0: the root".to_owned(),
            _ => format!("Level {level}: {} of {} blocks", count(all, "node"), grouped(covers)),
        };
        html! {
            <tbody key={level}>
                <tr class="disk-row"><th colspan="6" scope="rowgroup">{ title }</th></tr>
                if from > 0 {
                    <tr><td colspan="6">{ "… more before: select a node or a block there to see it" }</td></tr>
                }
                { for rows.iter().map(row) }
                if block.is_some() {
                    <tr><td colspan="6">{ "… more after: select a node or a block there to see it" }</td></tr>
                }
                if block.is_none() && rows.last().is_none_or(|last| last.place.end(image) < image.blocks) {
                    <tr><td colspan="6">{ "all others stand below collapsed nodes and mean nothing" }</td></tr>
                }
            </tbody>
        }
    });
    let onclick = {
        let (session, dispatch) = (session.clone(), props.panel.dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(node) = number(event.target(), "data-node") {
                let action = select(&session.model(), Thing::Node(node as u32));
                dispatch.dispatch(action);
            }
        })
    };
    let hover = {
        let (dispatch, now) = (props.panel.dispatch.clone(), ui.hover);
        move |target| {
            let thing = number(target, "data-node").map(|node| Thing::Node(node as u32));
            if thing != now {
                dispatch.dispatch(Action::Hover(thing));
            }
        }
    };
    let onmouseover = {
        let hover = hover.clone();
        Callback::from(move |event: MouseEvent| hover(event.target()))
    };
    let onfocusin = {
        let hover = hover.clone();
        Callback::from(move |event: FocusEvent| hover(event.target()))
    };
    let onmouseleave = Callback::from(move |_: MouseEvent| hover(None));
    html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Nodes of the tree, level by level">
            <table class="tree-table" data-testid="tree-table" {onclick} {onmouseover} {onmouseleave} {onfocusin}>
                <thead><tr>
                    { for ["Node", "Blocks", "Free", "Hint", "State", "In the last search"].map(|head| html! {
                        <th scope="col">{ head }</th>
                    }) }
                </tr></thead>
                { for bodies }
            </table>
        </div>
    }
}

/// The node that stands for a place of the picture: where all is stale, the collapsed one above.
pub fn standing_for(image: &swap_pager::event::BlistImage, level: u32, block: u32) -> u32 {
    match super::geometry::hidden_by(image, level, block) {
        Some(above) => above.index,
        None => look(image, level, block).place.index,
    }
}

/// A node by its slot, in a sentence, with what the last search thought of it.
pub fn sentence(props: &Shown, index: u32) -> Option<String> {
    let model = props.panel.session.model();
    let seen = find(model.blist.as_ref()?, index)?;
    let mut text = super::words::describe(&model, &seen);
    let visit = props.search.as_ref().and_then(|search| {
        let visit = search.visit(index)?;
        Some(visit.reason(search.pages))
    });
    if let Some(reason) = visit {
        text.push_str(&format!(" The last search: {reason}."));
    }
    Some(text)
}
