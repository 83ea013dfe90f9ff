//! The upper edge: the name, where the disks are kept, and what can be done with all.

use swap_pager::Event;
use yew::prelude::*;

use super::Panel;
use super::lesson;
use super::log::wording::Names;
use super::log::words::{is_bad, outcome};
use super::pressed::{number, pressed};
use super::progress;
use super::transport::Transport;
use super::ui::{Action, Dialog};
use crate::lesson::Course;
use crate::session::{Session, Storage};
use crate::view::drawn::drawn;

/// What the menu has: its name in test ids, what it says, what that is, and the dialog it opens.
/// The first are buttons of their own where there is room for them.
const MENU: [(&str, &str, &str, Dialog); 7] = [
    (
        "menu-add-disk",
        "Add disk …",
        "Switch on another virtual disk for swapping",
        Dialog::AddDisk,
    ),
    (
        "menu-new-object",
        "New object …",
        "Make a memory object",
        Dialog::NewObject,
    ),
    (
        "menu-share",
        "Share …",
        "This session as a link, or for a page of yours",
        Dialog::Share,
    ),
    (
        "menu-learn",
        "Learn …",
        "Lessons, with questions and challenges",
        Dialog::Learn,
    ),
    (
        "machine",
        "Machine …",
        "Memory, water marks and buffers of the machine",
        Dialog::Machine,
    ),
    (
        "menu-compare",
        "Compare …",
        "The same commands on two machines, side by side",
        Dialog::Compare(0),
    ),
    (
        "clear-all",
        "Clear all …",
        "Forget all disks, objects and the log",
        Dialog::ClearAll,
    ),
];

/// How many of the menu are buttons too.
const BUTTONS: usize = 4;

/// The upper edge of the page. `course` is the lesson that is open.
pub fn header(props: &Panel, course: Option<&Course>, alone: bool) -> Html {
    let model = props.session.model();
    let full = model.slots.iter().all(Option::is_some);
    let open = |dialog| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(dialog)))
    };
    let disk_title = if full {
        "All 4 slots have a disk"
    } else {
        MENU[0].2
    };
    html! {
        <header class="top">
            <div class="top-main">
                <h1>{ "Swap Playground" }</h1>
                if let Some(course) = course {
                    { lesson::chip(course, open(Dialog::Learn)) }
                } else {
                    { badge(&props.session, open(Dialog::Storage)) }
                    { busy(&props.session) }
                }
            </div>
            { drawn::<Transport>(yew::props!(super::transport::Props { session: props.session.clone(), tick: props.tick, dispatch: props.dispatch.clone() })) }
            <div class="top-actions">
                <button type="button" data-testid="add-disk" disabled={full} title={disk_title}
                    onclick={open(Dialog::AddDisk)}>{ "Add disk" }</button>
                <button type="button" data-testid="new-object" title={MENU[1].2}
                    onclick={open(Dialog::NewObject)}>{ "New object" }</button>
                <button type="button" data-testid="share" title={MENU[2].2}
                    onclick={open(Dialog::Share)}>{ "Share" }</button>
                <button type="button" data-testid="learn" title={MENU[3].2}
                    onclick={open(Dialog::Learn)}>{ "Learn" }</button>
                { more(props, course.is_some(), full, alone) }
                <button type="button" class="round" data-testid="help" aria-label="Help: keys and legend"
                    title="Help: keys and legend" onclick={open(Dialog::Help)}>{ "?" }</button>
            </div>
        </header>
    }
}

/// What is not needed all the time. The browser opens and closes it.
fn more(props: &Panel, lesson: bool, full: bool, alone: bool) -> Html {
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            let item = pressed(&event, "[data-item]");
            let item = item.and_then(|item| number(&item, "data-item"));
            dispatch.dispatch(match item.and_then(|item| MENU.get(item as usize)) {
                Some((.., dialog)) => Action::Open(*dialog),
                None if item.is_some() => Action::Present(true),
                None => return,
            });
        })
    };
    let item = |(i, (id, text, title)): (usize, (&'static str, &'static str, &'static str))| {
        let class = (i < BUTTONS).then_some("also");
        html! {
            <li key={id} {class}><button type="button" data-testid={id} data-item={i.to_string()} {title} disabled={i == 0 && full}
                popovertarget="more-items" popovertargetaction="hide">{ text }</button></li>
        }
    };
    let items = MENU.iter().map(|(id, text, title, _)| (*id, *text, *title));
    let present = (
        "present",
        "Present",
        "Large type and few panels, for a room",
    );
    // A lesson has a machine of its own, which its script is for.
    let offered = |(i, _): &(usize, _)| match i {
        4..=6 => !lesson,
        7 => alone,
        _ => true,
    };
    let items = items.chain([present]).enumerate().filter(offered);
    html! {
        <>
            <button type="button" class="round" data-testid="more" aria-label="More" title="More" popovertarget="more-items">{ "⋯" }</button>
            <ul class="more" id="more-items" popover="auto" {onclick}>
                { for items.map(item) }
                if alone {
                    <li><a href="teach/" target="_blank" rel="noopener" data-testid="menu-teach" title="Plans for a class, a glossary, and how to write lessons (in a new tab)">{ "For teachers" }</a></li>
                }
            </ul>
        </>
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
