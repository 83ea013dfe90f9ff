//! Where the disks are kept, what room they have, and what can be done when that goes wrong.

mod owner;

pub use owner::owner;

use yew::prelude::*;

use super::dialogs::modal::Modal;
use super::format::bytes;
use crate::session::{Session, Storage};

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
    html! {
        <Modal title="Where the disks are kept" onclose={props.onclose.clone()}>
            <div class="storage" data-testid="storage">
                { place(session) }
                { room(session) }
            </div>
        </Modal>
    }
}

/// Where the disks are, and why.
fn place(session: &Session) -> Html {
    let (class, name, text) = match session.status().storage {
        Storage::IndexedDb => (
            "badge",
            "On this device",
            "The disks are in this browser's database (IndexedDB). A reload of the page finds everything as it was.".to_owned(),
        ),
        Storage::Memory { reason } => (
            "badge memory",
            "In memory",
            format!("Closing the page loses the disks. {}", reason.unwrap_or_default()),
        ),
    };
    html! {
        <section>
            <p class={class}><span class="dot" aria-hidden="true" /><span class="badge-text">{ name }</span></p>
            <p data-testid="storage-place">{ text }</p>
        </section>
    }
}

/// How much room there is, and how safe what is stored is.
fn room(session: &Session) -> Html {
    let stored = session.stored();
    let keep = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.ask_to_keep())
    };
    html! {
        <section>
            <h3>{ "Room on this device" }</h3>
            if let Some(room) = stored.room {
                <meter min="0" max={room.limit.to_string()} value={room.used.to_string()} aria-label="Used of what the browser gives this site" />
                <p data-testid="storage-room">
                    { format!("{} used, {} free. {} is the most that the browser gives this site.", bytes(room.used), bytes(room.free()), bytes(room.limit)) }
                </p>
            } else {
                <p data-testid="storage-room">{ "This browser doesn't say how much there is." }</p>
            }
            if let Some(persistent) = stored.persistent {
                <p data-testid="storage-kept" data-kept={persistent.to_string()}>
                    { if persistent {
                        "The browser keeps what is stored until you delete it."
                    } else {
                        "When the device runs out of room, the browser may delete what is stored."
                    } }
                </p>
                if !persistent {
                    <button type="button" data-testid="storage-keep" onclick={keep}>{ "Ask it to keep everything" }</button>
                }
            }
        </section>
    }
}
