//! What is known of the thing that is selected, and why it is so.

mod bytes;
pub mod chain;
pub mod disk;
pub mod event;
pub mod facts;
pub mod hex;
pub mod links;
pub mod node;
pub mod object;
mod swblock;
mod trail;
mod transfer;

use std::rc::Rc;

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::units::{DeviceBlock, DeviceId, ObjectId, PageIndex, SwapBlock};
use yew::prelude::*;

use super::Panel;
use super::glossary::Term;
use super::link::{holder, select};
use super::look::{PageLook, object_name};
use super::machine::{holds, interleave};
use super::objects::card::dot as object_dot;
use super::ui::{Action, Thing};
use crate::view::drawn::drawn;
use bytes::{Peek, bytes};
use chain::Memo;
use facts::Fact;
use links::Links;
use object::as_disk;
use trail::Trail;

/// The inspector.
#[component]
pub fn Inspector(props: &Panel) -> Html {
    let memo = use_mut_ref(Memo::default);
    let trail = use_mut_ref(Trail::default);
    let again = use_force_update();
    let tale = memo.borrow_mut().tale(props, move || again.force_update());
    let Some(subject) = props.ui.subject else {
        return html! {
            <section class="panel inspector" aria-labelledby="inspector-title" data-testid="inspector">
                <div class="panel-head"><h2 id="inspector-title">{ "Inspector" }</h2></div>
                <p class="empty">{ "Click a page or a block to see what it holds, where it lies, and why there." }</p>
            </section>
        };
    };
    let model = props.session.model();
    let (title, facts, meaning) = match subject {
        Thing::Page(object, page) => (
            format!("{}, {page}", object_name(&model, object)),
            facts::of_page(&model, object, page),
            PageLook::in_model(&model, object, page).meaning(),
        ),
        Thing::Block(block) => (
            format!("Block {block}"),
            facts::of_block(&model, block),
            holds(&model, block).meaning(),
        ),
        Thing::Object(object) => {
            let range = selected_range(props, &model, object);
            let title = format!("{} {range}", object_name(&model, object));
            let history = props.session.history();
            let tally = history.summary().tally(&model, object, range);
            (title, object::of_object(&model, tally, object, range), "")
        }
        Thing::Disk(slot) => {
            let device = model.slots.get(slot.0 as usize).copied().flatten();
            let plan = device.map(|device| props.session.driver().plan(device.id));
            let title = device.map_or(format!("Empty {slot}"), |device| capital(&device.id));
            (title, disk::of_disk(&model, slot, plan), "")
        }
        Thing::Event(seq) => (
            format!("Event {seq}"),
            event::of_event(&props.session.history(), &model, seq),
            "",
        ),
        Thing::Node(index) => (node::title(&model, index), node::of_node(&model, index), ""),
        Thing::Swblock(object, first) => swblock::told(props, &model, object, first),
        Thing::Transfer(io) => transfer::told(props, &model, io),
        Thing::Op(op) => transfer::told_op(props, &model, op),
    };
    let page = match subject {
        Thing::Page(object, page) => Some((object, page)),
        Thing::Block(block) => holder(&model, block),
        _ => None,
    };
    let block = match subject {
        Thing::Block(block) => Some(block),
        Thing::Page(object, page) => model.swap.get(&(object, page)).copied(),
        _ => None,
    };
    let dot = match subject {
        Thing::Object(object) | Thing::Swblock(object, _) => Some(object),
        _ => page.map(|(object, _)| object),
    };
    trail.borrow_mut().look(subject);
    let mut links = Links::default();
    let lines: Html = facts.iter().map(|fact| line(fact, &mut links)).collect();
    let (told_at, at) = (memo.borrow().told_at(), props.session.history().at());
    let chain = chain::view("why", &tale, told_at, at, &mut links);
    let (onclick, point) = links::handlers(props, &Rc::new(links), &memo);
    let go = {
        let (trail, session, dispatch) =
            (trail.clone(), props.session.clone(), props.dispatch.clone());
        Callback::from(move |forward: bool| {
            let thing = trail.borrow_mut().go(forward);
            if let Some(thing) = thing {
                let action = match thing {
                    // The selection of pages stays what it is.
                    Thing::Object(_) => Action::Look(thing),
                    _ => select(&session.model(), thing),
                };
                dispatch.dispatch(action);
            }
        })
    };
    let step = |forward: bool, text: &'static str, label: &'static str, id: &'static str| {
        let go = go.clone();
        let onclick = Callback::from(move |_: MouseEvent| go.emit(forward));
        let disabled = trail.borrow().neighbour(forward).is_none();
        html! { <button type="button" class="step" data-testid={id} title={label} aria-label={label} {disabled} {onclick}>{ text }</button> }
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if event.alt_key() && (key == "ArrowLeft" || key == "ArrowRight") {
                event.prevent_default();
                event.stop_propagation();
                go.emit(key == "ArrowRight");
            }
        })
    };
    let onmouseover = point.reform(|event: MouseEvent| event.into());
    let onmouseleave = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Hover(None)))
    };
    let onfocusin = point.reform(|event: FocusEvent| event.into());
    html! {
        <section class="panel inspector" aria-labelledby="inspector-title" data-testid="inspector"
            {onclick} {onmouseover} {onmouseleave} {onfocusin} {onkeydown}>
            <div class="panel-head inspected">
                <h2 id="inspector-title">if let Some(object) = dot { { object_dot(object) } }{ title }</h2>
                <span class="steps">
                    { step(false, "←", "Back to what was inspected before (Alt+←)", "inspector-back") }
                    { step(true, "→", "Forward again (Alt+→)", "inspector-forward") }
                </span>
            </div>
            <p class="note" hidden={meaning.is_empty()}>{ meaning }</p>
            <dl class="facts">{ lines }</dl>
            if let Thing::Disk(slot) = subject { { disk::buttons(props, slot) } }
            if let Thing::Object(object) = subject {
                { as_disk(&props.session, object, selected_range(props, &model, object)) }
            }
            { chain }
            if let Some((object, page)) = page {
                { bytes(props, object, page) }
            }
            if let Some((disk, block)) = block.and_then(|block| on_disk(&model, block)) {
                { drawn::<Peek>(yew::props!(bytes::PeekProps { session: props.session.clone(), disk, block })) }
            }
        </section>
    }
}

/// The disk a block is on, and its place there.
fn on_disk(model: &Model, block: SwapBlock) -> Option<(DeviceId, DeviceBlock)> {
    let (slot, at) = interleave(model).locate(block);
    let device = model.slots.get(slot.0 as usize).copied().flatten()?;
    (at.0 < device.pages).then_some((device.id, at))
}

fn capital(thing: &dyn std::fmt::Display) -> String {
    let mut text = thing.to_string();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn selected_range(props: &Panel, model: &Model, object: ObjectId) -> PageRange {
    let selection = props
        .ui
        .selection
        .filter(|selection| selection.object == object);
    selection.map_or_else(
        || PageRange {
            start: PageIndex(0),
            count: model.objects.get(&object).map_or(0, |object| object.size),
        },
        |selection| selection.range(),
    )
}

fn line(fact: &Fact, links: &mut Links) -> Html {
    let value = match fact.link {
        None => html! { { fact.value.clone() } },
        Some(thing) => {
            let link = links.thing(thing);
            html! { <button type="button" class="link" data-link={link}>{ fact.value.clone() }</button> }
        }
    };
    html! {
        <div title={fact.meaning}><dt>{ drawn::<Term>(yew::props!(super::glossary::Props { word: fact.term })) }</dt><dd>{ value }</dd></div>
    }
}
