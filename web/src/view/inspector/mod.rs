//! What is known of the thing that is selected.

pub mod facts;
pub mod hex;
pub mod node;
mod swblock;
mod transfer;

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::units::{ObjectId, PageIndex};
use yew::prelude::*;

use super::Panel;
use super::controls;
use super::link::{holder, select};
use super::look::{PageLook, object_name};
use super::machine::holds;
use super::ui::Thing;
use facts::Fact;

/// The inspector.
#[component]
pub fn Inspector(props: &Panel) -> Html {
    let model = props.session.model();
    let (title, facts, meaning) = match props.ui.subject {
        None => {
            return html! {
                <section class="panel inspector" aria-labelledby="inspector-title" data-testid="inspector">
                    <div class="panel-head"><h2 id="inspector-title">{ "Inspector" }</h2></div>
                    <p class="empty">{ "Click a page or a block to see what it holds, where it lies, and why there." }</p>
                </section>
            };
        }
        Some(Thing::Page(object, page)) => (
            format!("{}, {page}", object_name(&model, object)),
            facts::of_page(&model, object, page),
            PageLook::in_model(&model, object, page).meaning(),
        ),
        Some(Thing::Block(block)) => (
            format!("Block {block}"),
            facts::of_block(&model, block),
            holds(&model, block).meaning(),
        ),
        Some(Thing::Object(object)) => {
            let range = selected_range(props, &model, object);
            let title = format!("{} {range}", object_name(&model, object));
            let tally = props
                .session
                .history()
                .summary()
                .tally(&model, object, range);
            (title, facts::of_range(&model, tally, object, range), "")
        }
        Some(Thing::Node(index)) => (node::title(&model, index), node::of_node(&model, index), ""),
        Some(Thing::Swblock(object, first)) => swblock::told(props, &model, object, first),
        Some(Thing::Transfer(io)) => transfer::told(props, &model, io),
        Some(Thing::Op(op)) => transfer::told_op(props, &model, op),
        Some(_) => (String::new(), Vec::new(), ""),
    };
    let page = match props.ui.subject {
        Some(Thing::Page(object, page)) => Some((object, page)),
        Some(Thing::Block(block)) => holder(&model, block),
        _ => None,
    };
    html! {
        <section class="panel inspector" aria-labelledby="inspector-title" data-testid="inspector">
            <div class="panel-head"><h2 id="inspector-title">{ title }</h2></div>
            <p class="note" hidden={meaning.is_empty()}>{ meaning }</p>
            <dl class="facts">{ for facts.iter().map(|fact| line(props, fact)) }</dl>
            if let Some((object, page)) = page {
                <Bytes panel={props.clone()} {object} {page} />
            }
        </section>
    }
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

fn line(props: &Panel, fact: &Fact) -> Html {
    let value = match fact.link {
        None => html! { { fact.value.clone() } },
        Some(thing) => {
            let (session, dispatch) = (props.session.clone(), props.dispatch.clone());
            let onclick = Callback::from(move |_: MouseEvent| {
                let action = select(&session.model(), thing);
                dispatch.dispatch(action);
            });
            html! { <button type="button" class="link" {onclick}>{ fact.value.clone() }</button> }
        }
    };
    html! {
        <div key={fact.term} title={fact.meaning}><dt>{ fact.term }</dt><dd>{ value }</dd></div>
    }
}

#[derive(PartialEq, Properties)]
struct BytesProps {
    panel: Panel,
    object: ObjectId,
    page: PageIndex,
}

/// The bytes of a page, if it is in memory.
#[component]
fn Bytes(props: &BytesProps) -> Html {
    let more = use_state_eq(|| false);
    let (object, page) = (props.object, props.page);
    let model = props.panel.session.model();
    let look = PageLook::in_model(&model, object, page);
    let resident = model
        .pages
        .get(&(object, page))
        .filter(|page| page.state.valid);
    let Some(resident) = resident else {
        let text = match look {
            PageLook::Untouched => "No bytes yet. The first touch fills it with zeros.",
            PageLook::Reading => "Its bytes are on their way from the disk.",
            _ => "Its bytes are on disk only: nothing in memory holds them.",
        };
        let read = {
            let session = props.panel.session.clone();
            let range = PageRange {
                start: page,
                count: 1,
            };
            Callback::from(move |_: MouseEvent| controls::read(&session, object, range))
        };
        return html! {
            <div class="bytes">
                <h3>{ "Bytes" }</h3>
                <p class="note">{ text }</p>
                if look == PageLook::Swapped {
                    <button type="button" data-testid="page-in" onclick={read}>{ "Read it back (page in)" }</button>
                }
            </div>
        };
    };
    let Some(bytes) = resident.data.bytes() else {
        return html! {
            <div class="bytes">
                <h3>{ "Bytes" }</h3>
                <p class="note">{ "What was in it then is no longer known." }</p>
            </div>
        };
    };
    let bytes = &bytes[..];
    let most = if *more { bytes.len() } else { hex::FIRST };
    let toggle = {
        let (to, set) = (!*more, more.setter());
        Callback::from(move |_: MouseEvent| set.set(to))
    };
    html! {
        <div class="bytes">
            <div class="panel-head">
                <h3>{ "Bytes" }</h3>
                <button type="button" class="link" onclick={toggle}>
                    { if *more { "first 256 only" } else { "all 4 096" } }
                </button>
            </div>
            if let Some(text) = hex::text_at_start(bytes) {
                <p class="reads" title="The text that the bytes begin with">{ format!("“{text}”") }</p>
            }
            <div class={classes!("hex", (*more).then_some("all"))} data-testid="hex" tabindex="0" role="region" aria-label={format!("Bytes of {page}")}>
                { for hex::rows(bytes, most).into_iter().map(|row| html! {
                    <div key={row.offset.clone()}>
                        <span class="offset">{ row.offset }</span>
                        <span class="hex-bytes">{ row.bytes }</span>
                        <span class="hex-text">{ row.text }</span>
                    </div>
                }) }
            </div>
        </div>
    }
}
