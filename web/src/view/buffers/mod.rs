//! Buffers, transfers, and who waits for what.

mod transfers;
mod words;

use swap_pager::Model;
use swap_pager::event::{IoCmd, Transfer};
use swap_pager::units::OpId;
use yew::prelude::*;

use super::Panel;
use super::format::{count, grouped};
use super::log::wording::Names;
use super::look::object_look;
use super::pressed::{number, pressed};
use super::ui::{Action, Dialog, Thing};
use crate::view::drawn::drawn;
use words::meaning;

pub use words::transfer_words;

/// Buffers, transfers, and who waits for what.
#[component]
pub fn Buffers(props: &Panel) -> Html {
    let model = props.session.model();
    let live = props.session.history().is_live();
    html! {
        <div class="buffers" tabindex="0" role="region" aria-label="Buffers and transfers">
            <div class="buffers-top">
                { pools(props, &model) }
                { waits(props, &model) }
            </div>
            { drawn::<transfers::Transfers>(yew::props!(transfers::Props { panel: props.clone(), live })) }
        </div>
    }
}

/// The limits, and all buffers.
fn pools(props: &Panel, model: &Model) -> Html {
    let pools = model.pools;
    let limits = [
        (
            "nsw_rcount",
            "page-ins",
            pools.rcount,
            pools.nswbuf.div_ceil(2),
        ),
        (
            "nsw_wcount_sync",
            "writes that someone waits for",
            pools.wcount_sync,
            pools.nswbuf.saturating_add(3) / 4,
        ),
        (
            "nsw_wcount_async",
            "writes of the daemon and of page-outs",
            pools.wcount_async,
            pools.wcount_async_max,
        ),
    ];
    let used = pools.nswbuf - pools.free;
    let open = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::Machine)))
    };
    let max = if pools.swap_async_max == pools.wcount_async_max as i32 {
        format!("vm.swap_async_max is {}.", pools.swap_async_max)
    } else {
        format!(
            "vm.swap_async_max was set to {}; the next putpages makes it the limit.",
            pools.swap_async_max
        )
    };
    let rows = limits.into_iter().map(|(name, what, left, most)| {
        let used = most.saturating_sub(left);
        let share = used * 100 / most.max(1);
        if props.ui.table {
            html! { <tr key={name} data-pool={name} data-left={left.to_string()} data-max={most.to_string()}>
                <th scope="row"><code>{ name }</code></th><td>{ what }</td><td>{ used }</td><td>{ left }</td><td>{ most }</td>
            </tr> }
        } else {
            let style = format!("--of:{};--used:{share}%", most.max(1));
            html! { <li key={name} data-pool={name} data-left={left.to_string()} data-max={most.to_string()}>
                <code>{ name }</code><span class="note">{ what }</span>
                <span class={classes!("pool-bar", (left == 0).then_some("full"))} ~style={style} />
                <span class="pool-left">{ if left == 0 { "none left".to_owned() } else { format!("{left} of {most} left") } }</span>
            </li> }
        }
    });
    html! {
        <section aria-labelledby="pools-title" data-testid="pools" data-nswbuf={pools.nswbuf.to_string()}
            data-free={pools.free.to_string()} data-rcount={pools.rcount.to_string()}
            data-wcount-sync={pools.wcount_sync.to_string()} data-wcount-async={pools.wcount_async.to_string()}
            data-async-max={pools.wcount_async_max.to_string()} data-swap-async-max={pools.swap_async_max.to_string()}>
            <div class="panel-head">
                <h2 id="pools-title">{ "Buffers" }</h2>
                <span class="note">{ format!("{} of {} in use", grouped(used), count(pools.nswbuf, "buffer")) }</span>
            </div>
            if props.ui.table {
                <table data-testid="pools-table">
                    <thead><tr>
                        <th scope="col">{ "Limit" }</th><th scope="col">{ "For" }</th>
                        <th scope="col">{ "In use" }</th><th scope="col">{ "Left" }</th><th scope="col">{ "Most" }</th>
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            } else {
                { cells(props, model) }
                <ul class="pools">{ for rows }</ul>
            }
            <p class="note">{ "Every transfer needs a buffer. The limits keep page-outs from taking the last one. " }{ max }{ " " }<button type="button" class="link" onclick={open} data-testid="buffers-settings">{ "Change" }</button></p>
        </section>
    }
}

/// All buffers as cells. Those with a transfer have the colour of the object.
fn cells(props: &Panel, model: &Model) -> Html {
    let nswbuf = model.pools.nswbuf;
    let held = nswbuf - model.pools.free;
    let idle = held.saturating_sub(model.in_flight.len() as u32);
    let cell = |buf: u32| {
        let transfer = model
            .in_flight
            .iter()
            .find(|transfer| transfer.buf.0 == buf);
        let Some(transfer) = transfer else {
            return html! { <i key={buf} class="buf" /> };
        };
        let own = match transfer.object {
            Some((object, _)) => format!("--own:var(--object-{})", object_look(object).0),
            None => "--own:var(--muted)".to_owned(),
        };
        let (class, sign) = match transfer.cmd {
            IoCmd::Read => ("reads", "↓"),
            IoCmd::Write => ("writes", "↑"),
        };
        let marked = marks(props, model, transfer);
        html! {
            <i key={buf} class={classes!("buf", class, marked)} ~style={own} data-io={transfer.io.0.to_string()}
                title={format!("buffer {buf}: {}", transfer_words(model, transfer))}>{ sign }</i>
        }
    };
    let label = format!(
        "{nswbuf} buffers: {} carry transfers{}, {} are free.",
        model.in_flight.len(),
        if idle > 0 {
            format!(", {idle} are held without one")
        } else {
            String::new()
        },
        model.pools.free
    );
    let handler = on_io(props);
    html! {
        <div class="bufs" role="img" aria-label={label} data-testid="buffer-cells" onclick={handler.clone()}
            onmousemove={handler.clone()} onmouseleave={handler}>{ for (0..nswbuf).map(cell) }</div>
    }
}

/// How a transfer stands out, as classes.
fn marks(panel: &Panel, model: &Model, transfer: &Transfer) -> Classes {
    let out = |thing| words::stands_out(panel, model, thing, transfer);
    classes!(
        out(panel.ui.subject).then_some("chosen"),
        out(panel.ui.hover).then_some("pointed")
    )
}

/// What the pointer does to something that stands for a transfer.
fn on_io(panel: &Panel) -> Callback<MouseEvent> {
    let (dispatch, hover) = (panel.dispatch.clone(), panel.ui.hover);
    Callback::from(move |event: MouseEvent| {
        let kind = event.type_();
        let io = pressed(&event, "[data-io]").filter(|_| kind != "mouseleave");
        let thing = io
            .and_then(|element| number(&element, "data-io"))
            .map(|io| Thing::Transfer(swap_pager::units::IoId(io)));
        match thing {
            Some(thing) if kind == "click" => dispatch.dispatch(Action::Look(thing)),
            _ if kind != "click" && thing != hover => dispatch.dispatch(Action::Hover(thing)),
            _ => {}
        }
    })
}

/// Who sleeps, wait channel by wait channel.
fn waits(props: &Panel, model: &Model) -> Html {
    let names = Names::of(model);
    let mut sleepers: Vec<(&'static str, OpId, String, String)> = Vec::new();
    // Few sleep: a sort would be 4 KB of the program.
    let mut add = |wmesg, id, who, why| {
        let place = sleepers.partition_point(|(of, other, ..)| (*of, *other) <= (wmesg, id));
        sleepers.insert(place, (wmesg, id, who, why));
    };
    for (id, op) in &model.ops {
        if let Some(channel) = op.sleeps_on {
            let (what, to, _) = names.command(&op.command);
            let who = format!("{what} {to}");
            add(channel.wmesg, *id, who, names.waits_for(channel));
        }
    }
    if let Some(channel) = model.daemon {
        let words = names.waits_for(channel);
        let who = "pageout daemon".to_owned();
        add(channel.wmesg, OpId::PAGEOUT_DAEMON, who, words);
    }
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            let op = pressed(&event, "[data-op]").and_then(|op| number(&op, "data-op"));
            if let Some(op) = op {
                dispatch.dispatch(Action::Look(Thing::Op(OpId(op))));
            }
        })
    };
    let group = |group: &[(&'static str, OpId, String, String)]| {
        let wmesg = group.first().map_or("", |(wmesg, ..)| *wmesg);
        let rows = group.iter().map(|(wmesg, op, who, why)| {
            html! { <tr key={op.0} data-wmesg={*wmesg} data-op={op.0.to_string()}>
                <td><button type="button" class="link">{ who.clone() }</button></td><td>{ why.clone() }</td>
            </tr> }
        });
        html! {
            <tbody key={wmesg}>
                <tr class="disk-row"><th colspan="2" scope="rowgroup"><code>{ wmesg }</code>{ format!(": {}", meaning(wmesg)) }</th></tr>
                { for rows }
            </tbody>
        }
    };
    html! {
        <section aria-labelledby="waits-title">
            <div class="panel-head"><h2 id="waits-title">{ "Who sleeps" }</h2></div>
            <table class="waits" data-testid="waits" {onclick}>
                <thead class="visually-hidden"><tr><th scope="col">{ "Who" }</th><th scope="col">{ "Until what is over" }</th></tr></thead>
                { for sleepers.chunk_by(|a, b| a.0 == b.0).map(group) }
            </table>
        </section>
    }
}
