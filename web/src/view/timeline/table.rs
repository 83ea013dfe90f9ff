//! The timeline as a table: commands, messages and failures, with their moments.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::session::history::{History, Kind};
use crate::view::Panel;
use crate::view::format::grouped;
use crate::view::log::wording::Names;
use crate::view::ui::{Action, Thing};

/// How many rows there are at most on either side of the moment shown.
const ROWS: usize = 150;

/// The table.
#[component]
pub fn Table(props: &Panel) -> Html {
    let history = props.session.history();
    let at = history.at();
    let names = Names::of(&props.session.model());
    let rows = near(&history);
    let onclick = {
        let (session, dispatch) = (props.session.clone(), props.dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            let target = event.target_dyn_into::<Element>();
            let moment = target.and_then(|target| target.get_attribute("data-moment"));
            if let Some(moment) = moment.and_then(|moment| moment.parse().ok()) {
                session.seek(moment);
                dispatch.dispatch(Action::Look(Thing::Event(moment)));
            }
        })
    };
    let now = rows.iter().rev().find(|seq| **seq <= at).copied();
    let scroller = use_node_ref();
    {
        let scroller = scroller.clone();
        use_effect_with(now, move |_| {
            let scroller = scroller.cast::<HtmlElement>();
            if let Some(scroller) = scroller
                && let Ok(Some(row)) = scroller.query_selector("tr.now")
                && let Ok(row) = row.dyn_into::<HtmlElement>()
            {
                scroller.set_scroll_top(row.offset_top() - scroller.client_height() / 2);
            }
        });
    }
    let row = |seq: u64| {
        let event = history.event(seq)?;
        let line = names.read(seq, event);
        let (what, rest) = line.map(|line| (line.head, line.rest)).unwrap_or_default();
        let kind = history.kind(seq).map_or("", word);
        Some(html! {
            <tr key={seq} class={classes!((seq > at).then_some("later"), (Some(seq) == now).then_some("now"))}>
                <td><button type="button" class="link" data-moment={seq.to_string()}
                    aria-current={(Some(seq) == now).then_some("time")}>{ grouped(seq) }</button></td>
                <td>{ kind }</td>
                <td><b>{ what }</b>{ " " }{ rest }</td>
            </tr>
        })
    };
    html! {
        <div ref={scroller} class="table-scroll" tabindex="0" role="region" aria-label="Moments">
            <table data-testid="timeline-table" {onclick}>
                <thead><tr><th scope="col">{ "Event" }</th><th scope="col">{ "Kind" }</th><th scope="col">{ "What happened" }</th></tr></thead>
                <tbody>{ for rows.into_iter().filter_map(row) }</tbody>
            </table>
            if history.end() == history.reach().start {
                <p class="empty">{ "Nothing has happened yet." }</p>
            }
        </div>
    }
}

/// The events around the moment shown that a person would look for.
fn near(history: &History) -> Vec<u64> {
    let wanted = |seq: &u64| history.kind(*seq).is_some_and(|kind| kind >= Kind::Message);
    let reach = history.reach();
    let before = (reach.start + 1..=history.at()).rev().filter(wanted);
    let mut rows: Vec<u64> = before.take(ROWS).collect();
    rows.reverse();
    let after = (history.at() + 1..=reach.end).filter(wanted);
    rows.extend(after.take(ROWS));
    rows
}

/// A kind in a word.
pub fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Quiet => "bookkeeping",
        Kind::Pager => "the pager works",
        Kind::Space => "swap space",
        Kind::Sleep => "sleep",
        Kind::Io => "I/O",
        Kind::Message => "message",
        Kind::Command => "command",
        Kind::Failure => "failure",
    }
}
