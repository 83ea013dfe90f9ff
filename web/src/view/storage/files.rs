//! Sessions as files: saving one, opening one.

use gloo::utils::document;
use js_sys::Date;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File, FileList, HtmlElement, HtmlInputElement, Url};
use yew::prelude::*;

use super::button;
use crate::session::Session;
use crate::view::format::count;

/// The part of the dialog for files.
pub fn files(session: &Session) -> Html {
    let onchange = {
        let session = session.clone();
        Callback::from(move |event: Event| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            let Some(field) = field else { return };
            open_first(&session, field.files());
            // The same file may be chosen again.
            field.set_value("");
        })
    };
    html! {
        <section class="files">
            <h3>{ "As a file" }</h3>
            <p>{ "A session file keeps all of the session: open it here later, or on another device; it can also be dropped on the page. The stored data are what the browser's database has, whether it can be opened or not." }</p>
            <div class="file-actions">
                { button(session, "save", "Save session as a file …", save) }
                <label class="file">
                    { "Open a session file …" }
                    <input type="file" accept=".gz" class="visually-hidden" data-testid="storage-open" {onchange} />
                </label>
                if session.can_reopen() {
                    { button(session, "export", "Export the stored data", export) }
                }
            </div>
            { offer(session) }
        </section>
    }
}

/// What was found in a file.
fn offer(session: &Session) -> Html {
    let Some(offer) = session.offer() else {
        return html! { <div role="status" data-testid="file-offer" /> };
    };
    let name = offer.name;
    let (text, good) = match offer.found {
        None => (format!("Reading {name} …"), false),
        Some(Ok(commands)) => (
            format!(
                "{name} has a session of {}. Opening it replaces the session you see, on this device too. This can't be undone.",
                count(commands as u64, "command")
            ),
            true,
        ),
        Some(Err(error)) => (
            format!("{name} can't be opened. {error} Nothing has changed."),
            false,
        ),
    };
    html! {
        <div role="status" data-testid="file-offer">
            <p>{ text }</p>
            if good {
                { button(session, "replace", "Replace the session", Session::accept_offer) }
                { button(session, "keep-session", "Keep the one I see", Session::drop_offer) }
            }
        </div>
    }
}

/// Opens the first of some files. Tells whether there was one.
pub fn open_first(session: &Session, files: Option<FileList>) -> bool {
    let file: Option<File> = files.and_then(|files| files.get(0));
    let Some(file) = file else { return false };
    session.open_file(file.name(), file.unchecked_into());
    true
}

/// Saves the session as a file.
pub fn save(session: &Session) {
    let session = session.clone();
    spawn_local(async move {
        let file = session.as_file().await;
        download(&session, file, "session");
    });
}

fn export(session: &Session) {
    let session = session.clone();
    spawn_local(async move {
        let file = session.stored_as_file().await;
        download(&session, file, "database");
    });
}

/// Hands a file to the browser, which puts it where downloads go.
fn download(session: &Session, file: Result<Blob, String>, what: &str) {
    let file = file.and_then(|file| {
        let url = Url::create_object_url_with_blob(&file);
        url.map_err(|_| "The browser refuses to make a file.".to_owned())
    });
    let url = match file {
        Ok(url) => url,
        Err(error) => return session.tell(error),
    };
    let link = document().create_element("a");
    if let Ok(link) = link.map(JsCast::unchecked_into::<HtmlElement>) {
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", &format!("swap-{what}-{}.swap.gz", now()));
        link.click();
    }
    // A download that has begun keeps what it needs.
    let _ = Url::revoke_object_url(&url);
}

/// Day and minute, for the name of a file: `2026-11-22-1530`.
fn now() -> String {
    let now = Date::new_0();
    format!(
        "{}-{:02}-{:02}-{:02}{:02}",
        now.get_full_year(),
        now.get_month() + 1,
        now.get_date(),
        now.get_hours(),
        now.get_minutes()
    )
}
