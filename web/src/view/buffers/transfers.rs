//! The transfers in flight, which a person may complete or fail by hand.

use swap_pager::Errno;
use swap_pager::event::Transfer;
use swap_pager::units::IoId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::words::columns;
use crate::session::Session;
use crate::view::Panel;
use crate::view::format::count;
use crate::view::place;
use crate::view::pressed::{number, pressed};
use crate::view::ui::{Action, Thing};
use swap_pager::session::driver::Verdict;

/// Most transfers shown.
const MOST: usize = 256;

/// What the list is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What every panel is given.
    pub panel: Panel,
    /// Whether the present is shown.
    pub live: bool,
}

/// The transfers in flight.
#[component]
pub fn Transfers(props: &Props) -> Html {
    let Panel {
        session, dispatch, ..
    } = &props.panel;
    let model = session.model();
    let by_hand = session.driver().is_by_hand();
    let flying = &model.in_flight;
    let waits = |io: IoId| {
        let driver = session.driver();
        driver
            .waiting()
            .iter()
            .any(|waiting| waiting.request.io == io)
    };
    let set = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| {
            let by_hand = session.driver().is_by_hand();
            session.set_by_hand(!by_hand);
        })
    };
    let all = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| {
            let waiting = session.driver().waiting().to_vec();
            for waiting in waiting {
                session.finish_by_hand(waiting.request.io, Verdict::CarryOut);
            }
        })
    };
    let present = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.go_live())
    };
    let onclick = {
        let (session, dispatch) = (session.clone(), dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(row) = pressed(&event, "[data-io]") else {
                return;
            };
            let verdict = pressed(&event, "[data-fails]").map(verdict);
            act(&session, &dispatch, &row, verdict);
        })
    };
    let onkeydown = {
        let (session, dispatch) = (session.clone(), dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(row) = pressed(&event, "[data-io]") else {
                return;
            };
            let on_button = pressed(&event, "button").is_some();
            let others = event.ctrl_key() || event.alt_key() || event.meta_key();
            let done = match event.key().as_str() {
                _ if others => return,
                "Enter" if on_button => return,
                "Enter" | "c" => act(&session, &dispatch, &row, Some(Verdict::CarryOut)),
                "f" | "x" => act(&session, &dispatch, &row, Some(Verdict::Fail(Errno::Eio))),
                "ArrowDown" => focus(row.next_element_sibling()),
                "ArrowUp" => focus(row.previous_element_sibling()),
                _ => return,
            };
            if done {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    let handler = super::on_io(&props.panel);
    let onfocusin = handler.reform(|event: FocusEvent| event.unchecked_into());
    let can = props.live && by_hand;
    let row = |(i, transfer): (usize, &Transfer)| {
        let io = transfer.io;
        let class = super::marks(&props.panel, &model, transfer);
        let waiting = waits(io);
        let state = match (waiting, by_hand, props.live) {
            (_, _, false) => "",
            (true, true, _) => "waits for you",
            (true, false, _) => "its disk takes its time",
            (false, ..) => "is being carried out",
        };
        let [what, blocks, place, object] = columns(&model, transfer);
        let button = |id: &'static str,
                      fails: &'static str,
                      text: &'static str,
                      keys: &'static str| {
            html! { <button type="button" class="small" data-testid={id} data-fails={fails} tabindex="-1"
            aria-keyshortcuts={keys} aria-label={format!("{text} {io}")} disabled={!(can && waiting)}>{ text }</button> }
        };
        html! {
            <tr key={io.0} {class} data-testid="transfer-row" data-io={io.0.to_string()} data-waiting={waiting.to_string()}
                tabindex={if i == 0 { "0" } else { "-1" }}>
                <th scope="row">{ io.to_string() }</th>
                <td class="what">{ what }</td><td class="of">{ object }</td>
                <td class="blocks">{ blocks }</td><td class="place">{ place }</td>
                if can {
                    <td class="verdicts">
                        { button("transfer-complete", "no", "Complete", "c") }
                        { button("transfer-fail", "yes", "Fail (EIO)", "f") }
                    </td>
                } else {
                    <td class="note">{ state }</td>
                }
            </tr>
        }
    };
    let waiting = session.driver().waiting().len();
    let hint = if !props.live {
        "You look at the past. Transfers are completed in the present."
    } else if by_hand && flying.is_empty() {
        "By hand: the next transfers wait here until you complete or fail them, in any order."
    } else if by_hand {
        "Choose the order: on a row, Enter or c completes it, f fails it, arrows move."
    } else {
        "The disks complete transfers by themselves. By hand, you do it, in any order."
    };
    html! {
        <section class="transfers" aria-labelledby="transfers-title">
            <div class="panel-head">
                <h2 id="transfers-title">{ "In flight" }</h2>
                <span class="note" data-testid="transfers-count" data-count={flying.len().to_string()}>{ count(flying.len() as u64, "transfer") }</span>
                <span class="transfers-tools">
                    if can && waiting > 0 {
                        <button type="button" class="small" data-testid="transfers-all" onclick={all}>{ "Complete all" }</button>
                    }
                    if !props.live {
                        <button type="button" class="small" data-testid="transfers-present" onclick={present}>{ "To the present" }</button>
                    }
                    <button type="button" class="small" id="by-hand" data-testid="by-hand-toggle" aria-pressed={by_hand.to_string()}
                        disabled={!props.live} onclick={set}>{ if by_hand { "I/O: by hand" } else { "I/O: automatic" } }</button>
                </span>
            </div>
            <p class="note">{ hint }</p>
            if !flying.is_empty() {
                <table data-testid="transfers" {onclick} {onkeydown} {onfocusin} onmousemove={handler.clone()} onmouseleave={handler}>
                    <thead><tr>
                        <th scope="col">{ "Number" }</th><th scope="col">{ "What" }</th><th scope="col">{ "Object, pages" }</th>
                        <th scope="col">{ "Swap blocks" }</th><th scope="col">{ "Disk, its blocks" }</th>
                        <th scope="col">{ if can { "You decide" } else { "State" } }</th>
                    </tr></thead>
                    <tbody>{ for flying.iter().take(MOST).enumerate().map(row) }</tbody>
                </table>
            }
        </section>
    }
}

/// What a button is for.
fn verdict(button: Element) -> Verdict {
    match button.get_attribute("data-fails").as_deref() {
        Some("yes") => Verdict::Fail(Errno::Eio),
        _ => Verdict::CarryOut,
    }
}

/// Completes or fails the transfer of a row, or looks at it. Tells whether there was one. The
/// focus goes on to the next row before this one goes.
fn act(
    session: &Session,
    dispatch: &crate::view::ui::Dispatch,
    row: &Element,
    verdict: Option<Verdict>,
) -> bool {
    let Some(io) = number(row, "data-io").map(IoId) else {
        return false;
    };
    let may = session.driver().is_by_hand() && session.history().is_live();
    match verdict {
        Some(verdict) if may => {
            let next = row.next_element_sibling();
            if !focus(next.or_else(|| row.previous_element_sibling())) {
                place::focus(row, "by-hand");
            }
            session.finish_by_hand(io, verdict);
        }
        _ => dispatch.dispatch(Action::Look(Thing::Transfer(io))),
    }
    true
}

fn focus(row: Option<Element>) -> bool {
    let row = row.and_then(|row| row.dyn_into::<HtmlElement>().ok());
    row.is_some_and(|row| row.focus().is_ok())
}
