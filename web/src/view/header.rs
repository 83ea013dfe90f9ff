//! The upper edge: the name, where the disks are kept, and what can be done with all.

use swap_pager::Event;
use yew::prelude::*;

use super::Panel;
use super::log::wording::Names;
use super::log::words::{is_bad, outcome};
use super::progress;
use super::transport::Transport;
use super::ui::{Action, Dialog};
use crate::session::{Session, Storage};

/// The upper edge of the page.
pub fn header(props: &Panel) -> Html {
    let model = props.session.model();
    let full = model.slots.iter().all(Option::is_some);
    let open = |dialog| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(dialog)))
    };
    let disk_title = if full {
        "All 4 slots have a disk"
    } else {
        "Switch on another virtual disk for swapping"
    };
    html! {
        <header class="top">
            <div class="top-main">
                <h1>{ "Swap Playground" }</h1>
                { badge(&props.session, open(Dialog::Storage)) }
                { busy(&props.session) }
            </div>
            <Transport session={props.session.clone()} tick={props.tick} dispatch={props.dispatch.clone()} />
            <div class="top-actions">
                <button type="button" data-testid="add-disk" disabled={full} title={disk_title}
                    onclick={open(Dialog::AddDisk)}>{ "Add disk" }</button>
                <button type="button" data-testid="new-object"
                    title="Make a memory object: pages that a program could use"
                    onclick={open(Dialog::NewObject)}>{ "New object" }</button>
                <button type="button" data-testid="share"
                    title="This session as a link, or for a page of yours"
                    onclick={open(Dialog::Share)}>{ "Share" }</button>
                <button type="button" data-testid="machine"
                    title="Memory, water marks and buffers of the machine"
                    onclick={open(Dialog::Machine)}>{ "Machine" }</button>
                <button type="button" data-testid="clear-all"
                    title="Forget all disks, objects and the log"
                    onclick={open(Dialog::ClearAll)}>{ "Clear all" }</button>
                <button type="button" class="round" data-testid="help" aria-label="Help: keys and legend"
                    title="Help: keys and legend" onclick={open(Dialog::Help)}>{ "?" }</button>
            </div>
        </header>
    }
}

/// Where the disks are kept.
fn badge(session: &Session, onclick: Callback<MouseEvent>) -> Html {
    let status = session.status();
    let (class, text, title) = match status.storage {
        _ if status.stall.is_some() => (
            classes!("badge", "memory"),
            "Not stored yet".to_owned(),
            "The disks refuse what is to be stored.".to_owned(),
        ),
        Storage::IndexedDb => {
            let saving = if status.saving { "saving" } else { "" };
            let title = "The disks are in this browser's database (IndexedDB). A reload finds \
                         everything as it was.";
            (
                classes!("badge", saving),
                "On this device".to_owned(),
                title.to_owned(),
            )
        }
        Storage::Memory { reason } => {
            let why = "The disks are in memory: closing the page loses them.";
            let reason = reason.map_or(String::new(), |reason| format!(" {reason}"));
            (
                classes!("badge", "memory"),
                "In memory".to_owned(),
                format!("{why}{reason}"),
            )
        }
    };
    html! {
        <button type="button" {class} {title} {onclick} data-testid="storage-badge">
            <span class="dot" aria-hidden="true" /><span class="badge-text">{ text }</span>
        </button>
    }
}

/// How far a long operation has come.
fn busy(session: &Session) -> Html {
    let Some(progress) = progress::of(&session.model(), &session.history()) else {
        let last = last_result(session);
        return html! {
            <div class="op-progress">
                if let Some((text, bad)) = last {
                    <p class={classes!("last", bad.then_some("bad"))} title={text.clone()}
                        data-testid="last-result">{ text }</p>
                }
            </div>
        };
    };
    html! {
        <div class="op-progress">
            <label for="op-progress">{ progress.label }</label>
            <progress id="op-progress" data-testid="op-progress"
                max={progress.total.to_string()} value={progress.done.to_string()} />
        </div>
    }
}

/// How many events back the result of the last command is looked for.
const LOOK_BACK: u64 = 2_000;

/// What came of the last command, and whether that is bad. It is looked for among the newest
/// events only.
fn last_result(session: &Session) -> Option<(String, bool)> {
    let history = session.history();
    let at = history.at();
    let newest = history.between(at.saturating_sub(LOOK_BACK), at).rev();
    let (command, result) = newest
        .filter_map(|(_, event)| match event {
            Event::OpEnded {
                command, result, ..
            } => Some((command, result)),
            _ => None,
        })
        .next()?;
    let (what, to, _) = Names::of(&session.model()).command(command);
    let text = format!("{what} {to}: {}", outcome(result));
    Some((text, is_bad(result)))
}

/// What went wrong with storage last.
pub fn trouble(session: &Session) -> Html {
    let trouble = session.status().trouble;
    let dismiss = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.dismiss_trouble())
    };
    html! {
        <div class="trouble" role="alert" data-testid="trouble" hidden={trouble.is_none()}>
            if let Some(text) = trouble {
                <p>{ text }</p>
                <button type="button" onclick={dismiss}>{ "Dismiss" }</button>
            }
        </div>
    }
}
