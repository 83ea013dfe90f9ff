//! The lower edge: free space, and what is under way.

pub mod curve;

use swap_pager::Model;
use swap_pager::event::IoCmd;
use yew::prelude::*;

use super::Panel;
use super::format::{count, grouped, span};
use super::log::wording::Names;
use super::log::words::place_words;
use super::look::object_name;
use super::ui::{Action, Thing};
use curve::{Scale, spread};

/// The plot's own units; it is stretched to the room there is.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 64.0;

/// Transfers shown one by one.
const SHOWN: usize = 4;

/// The lower edge of the page.
#[component]
pub fn Timeline(props: &Panel) -> Html {
    let model = props.session.model();
    html! {
        <footer class="bottom">
            { free_space(props, &model) }
            { under_way(props, &model) }
        </footer>
    }
}

fn free_space(props: &Panel, model: &Model) -> Html {
    let samples: Vec<_> = std::iter::once((0, 0))
        .chain(props.session.history().free().iter().copied())
        .collect();
    let (low, high) = (model.lowat, model.hiwat);
    let scale = Scale::new(&samples, props.session.events(), high, WIDTH, HEIGHT);
    let path = scale.path(&samples);
    let area = format!("{path}V{HEIGHT}H0Z");
    let marks = [(high, "high"), (low, "low")];
    let wanted: Vec<_> = marks.iter().map(|(pages, _)| scale.y(*pages)).collect();
    let places = spread(&wanted, 13.0, HEIGHT - 5.0);
    let (words, class) = state(model);
    html! {
        <section class="free" aria-labelledby="free-title">
            <div class="panel-head">
                <h2 id="free-title" title="Pages of swap that hold nothing, over time. The height goes with the square root, so that the water marks can be told apart.">{ "Free swap" }</h2>
                <span class="figures">
                    <b data-testid="free-pages" data-free={model.free.to_string()}>{ grouped(model.free) }</b>
                    { if model.free == 1 { " page free" } else { " pages free" } }
                    <span class={classes!("state", class)}>{ words }</span>
                </span>
                <span class="note events">{ count(props.session.events(), "event") }</span>
            </div>
            <div class="plot">
                <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" role="img"
                    aria-label={format!("Free swap over time. Now {} pages; low water mark {low}, high water mark {high}.", model.free)}>
                    <path class="area" d={area} />
                    { for wanted.iter().zip(marks).map(|(y, (_, name))| html! {
                        <line class={name} x1="0" x2={WIDTH.to_string()} y1={y.to_string()} y2={y.to_string()} />
                    }) }
                    <path class="curve" d={path} />
                </svg>
                { for places.iter().zip(marks).map(|(y, (pages, name))| html! {
                    <span class={classes!("mark", name)} style={format!("top:{}%", y / HEIGHT * 100.0)}>
                        { format!("{name} {pages}") }
                    </span>
                }) }
                <span class="mark top-mark" style="top:0">{ grouped(scale.top) }</span>
            </div>
        </section>
    }
}

/// How near the end of swap is, in words.
fn state(model: &Model) -> (&'static str, &'static str) {
    if model.slots.iter().all(Option::is_none) {
        ("no disk", "quiet")
    } else if model.full.full > 0 {
        ("full: a search for room has failed", "bad")
    } else if model.full.almost_full {
        (
            "almost full: below the low water mark, and not yet above the high one",
            "warn",
        )
    } else {
        ("enough room", "quiet")
    }
}

fn under_way(props: &Panel, model: &Model) -> Html {
    let names = Names::of(model);
    let flying = model.in_flight.len();
    let transfer = |transfer: &swap_pager::event::Transfer| {
        let (cmd, arrow) = match transfer.cmd {
            IoCmd::Read => ("read", "←"),
            IoCmd::Write => ("write", "→"),
        };
        let last = transfer.block.0 + transfer.pages - 1;
        let place = place_words(transfer);
        let select = {
            let (dispatch, block, object) =
                (props.dispatch.clone(), transfer.block, transfer.object);
            Callback::from(move |_: MouseEvent| {
                dispatch.dispatch(Action::SelectBlock(block, object))
            })
        };
        let point = {
            let (dispatch, block) = (props.dispatch.clone(), transfer.block);
            Callback::from(move |_: MouseEvent| {
                dispatch.dispatch(Action::Hover(Some(Thing::Block(block))))
            })
        };
        html! {
            <li key={transfer.io.0}><button type="button" class="line" onclick={select} onmouseenter={point}>
                <b>{ cmd }</b>{ format!(" {} {arrow} {place}", span(transfer.block.0, last)) }
            </button></li>
        }
    };
    let sleeper = |op: &swap_pager::ModelOp| {
        let channel = op.sleeps_on?;
        let (what, to, _) = names.command(&op.command);
        let object = match channel.on {
            swap_pager::pager::Channel::Page(object, page) => {
                format!("{} {page} is busy", object_name(model, object))
            }
            _ => "waits for a transfer to end".to_owned(),
        };
        Some(
            html! { <li title={object}><b>{ format!("{what} {to}") }</b>{ format!(" sleeps on {}", channel.wmesg) }</li> },
        )
    };
    html! {
        <section class="under-way" aria-labelledby="way-title">
            <div class="panel-head">
                <h2 id="way-title">{ "Under way" }</h2>
                <span class="note" data-testid="in-flight" data-count={flying.to_string()}
                    title="Transfers handed to a disk and not over yet">{ format!("{flying} in flight") }</span>
            </div>
            <ul>
                { for model.in_flight.iter().take(SHOWN).map(transfer) }
                if flying > SHOWN {
                    <li class="note">{ format!("and {} more", flying - SHOWN) }</li>
                }
                { for model.ops.values().filter_map(sleeper) }
                if let Some(channel) = model.daemon {
                    <li title="The daemon keeps some memory free. On psleep it waits until memory is short.">
                        <b>{ "pageout daemon" }</b>{ format!(" sleeps on {}", channel.wmesg) }
                    </li>
                }
                if flying == 0 && model.ops.is_empty() {
                    <li class="note">{ "No transfer is in flight, and no one waits for one." }</li>
                }
            </ul>
        </section>
    }
}
