//! Where the disks are kept, what room they have, and what can be done when they refuse.

mod files;
mod linked;
mod owner;
mod words;

use yew::prelude::*;

use super::Panel;
use super::dialogs::modal::Modal;
use super::format::{bytes, count};
use super::ui::{Action, Dialog};
use crate::part::part;
use crate::session::stall::Stall;
use crate::session::{Session, Storage};
use crate::view::drawn::drawn;

pub use files::{open_first, save};
pub use linked::linked;
pub use owner::owner;

/// What the dialog is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Changes with it.
    pub tick: u64,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// The dialog behind the badge.
#[component]
pub fn StorageDialog(props: &Props) -> Html {
    let session = &props.session;
    use_effect_with(session.clone(), |session| session.ask_for_room());
    let status = session.status();
    drawn::<Modal>(yew::props!(super::dialogs::modal::Props {
        title: "Where the disks are kept",
        onclose: props.onclose.clone(),
        children: html! { <>
                    <div class="storage" data-testid="storage">
                        { place(&status.storage, status.stall.is_some()) }
                        if let Some(stall) = &status.stall {
                            { refusal(session, stall) }
                        } else if session.has_found() {
                            { found(session) }
                        } else if session.is_linked() && session.can_reopen() {
                            { linked::keep(session) }
                        } else if session.has_no_disks() {
                            <section>
                                { button(session, "take-over", "Take over the disks", Session::take_over) }
                            </section>
                        } else if matches!(status.storage, Storage::Memory { .. }) && session.can_reopen() {
                            <section>
                                { button(session, "reopen", "Try to open the stored disks again", Session::reopen) }
                            </section>
                        }
                        { files::files(session) }
                        { room(session) }
                    </div>
        </> }
    }))
}

/// A button that does something with the session.
fn button(session: &Session, name: &str, text: &'static str, deed: fn(&Session)) -> Html {
    let session = session.clone();
    let onclick = Callback::from(move |_: MouseEvent| deed(&session));
    html! {
        <button type="button" data-testid={format!("storage-{name}")} {onclick}>{ text }</button>
    }
}

/// Where the disks are, and why.
fn place(storage: &Storage, refuses: bool) -> Html {
    let (class, name, text) = match storage {
        _ if refuses => (
            "badge memory",
            "Not stored yet",
            "The disks refuse what is to be stored.".to_owned(),
        ),
        Storage::IndexedDb => (
            "badge",
            "On this device",
            "The disks are in this browser's database (IndexedDB). A reload of the page finds everything as it was.".to_owned(),
        ),
        Storage::Memory { reason } => {
            let text = "The disks are in memory: closing the page loses them.";
            let reason = reason.iter().map(|reason| format!(" {reason}"));
            ("badge memory", "In memory", reason.fold(text.to_owned(), |text, reason| text + &reason))
        }
    };
    html! {
        <section>
            <p class={class}><span class="dot" aria-hidden="true" /><span class="badge-text">{ name }</span></p>
            <p data-testid="storage-place">{ text }</p>
        </section>
    }
}

/// How much room there is, what is stored, and how safe that is.
fn room(session: &Session) -> Html {
    let stored = session.stored();
    let used = {
        let model = session.model();
        let disks = model.slots.iter().flatten();
        let usable: u32 = disks.map(|disk| model.interleave.usable(disk.pages)).sum();
        usable.saturating_sub(model.free)
    };
    let used_bytes = bytes(u64::from(used) * 4096);
    html! {
        <section>
            <h3>{ "Room on this device" }</h3>
            if let Some(room) = stored.room {
                <meter min="0" max={room.limit.to_string()} value={room.used.to_string()} aria-label="Used of what the browser gives this site" />
                <p data-testid="storage-room">
                    { format!("By the browser's account {} used, {} free.", bytes(room.used), bytes(room.free())) }
                </p>
            } else {
                <p data-testid="storage-room">{ "This browser doesn't say how much there is." }</p>
            }
            <p data-testid="storage-contents">
                { format!("In use on the disks: {} ({used_bytes}). The log, from which a reload makes the session again: {}.", count(used, "block"), bytes(stored.log)) }
            </p>
            if let Some(persistent) = stored.persistent {
                <p data-testid="storage-kept" data-kept={persistent.to_string()}>
                    { if persistent {
                        "The browser keeps what is stored until you delete it."
                    } else {
                        "When the device runs out of room, the browser may delete what is stored."
                    } }
                </p>
                if !persistent {
                    { button(session, "keep", "Ask it to keep everything", Session::ask_to_keep) }
                }
            }
        </section>
    }
}

/// Disks that refuse: what happened, and every way on with what comes of it.
fn refusal(session: &Session, stall: &Stall) -> Html {
    html! {
        <section class="choices" data-testid="storage-ways">
            <p>{ words::what(stall, session.stored().room) }</p>
            <p>{ words::waits(stall) }</p>
            { for ways(session, stall, true) }
        </section>
    }
}

/// A button for each way on, with what comes of it if that is wanted.
fn ways(session: &Session, stall: &Stall, told: bool) -> impl Iterator<Item = Html> {
    let first = stall.ways().next();
    stall.ways().map(move |way| {
        let (text, comes) = words::way(way, stall);
        let session = session.clone();
        let onclick = Callback::from(move |_: MouseEvent| session.take(way));
        let place = if told { "storage" } else { "stall" };
        let class = (first == Some(way)).then_some("primary");
        html! {
            <key={words::name(way)}>
                <button type="button" {class} {onclick} data-testid={format!("{place}-{}", words::name(way))}>{ text }</button>
                if told { <span>{ comes }</span> }
            </>
        }
    })
}

/// Two sessions, and one place for them.
fn found(session: &Session) -> Html {
    html! {
        <section class="choices" data-testid="storage-found">
            <p>{ "The disks on this device have another session. Only one of the two can be kept there." }</p>
            { button(session, "open-found", "Open that session", Session::open_found) }
            <span>{ "The one you see now is in memory only: it is forgotten." }</span>
            { button(session, "replace-found", "Store the one I see", Session::replace_found) }
            <span>{ "The session on this device is deleted. This can't be undone." }</span>
        </section>
    }
}

/// The strip that says that the disks refuse.
pub fn strip(props: &Panel) -> Html {
    let stall = props.session.status().stall;
    html! {
        <div class="trouble stall" role="alert" data-testid="stall" hidden={stall.is_none()}>
            if stall.is_some() { { stalled(props.clone()) } }
        </div>
    }
}

part! { more, fn stalled(Panel) = drawn::<Stalled>, fetch_stalled, "" }

/// What happened, and every way on.
#[component]
fn Stalled(props: &Panel) -> Html {
    let session = &props.session;
    let Some(stall) = session.status().stall else {
        return Html::default();
    };
    let more = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::Storage)))
    };
    html! {
        <>
            <p>{ words::brief(&stall, session.stored().room) }{ " " }<span>{ words::waits(&stall) }</span></p>
            <div>
                { for ways(session, &stall, false) }
                <button type="button" data-testid="stall-more" onclick={more}>{ "What is what?" }</button>
            </div>
        </>
    }
}
