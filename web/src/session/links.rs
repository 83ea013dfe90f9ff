//! Sessions go into links and come from them, or from files that a page names.

use js_sys::{Array, Promise, Uint8Array};
use swap_pager::Config;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Url};

use super::file::{self, What};
use super::permalink::{self, LinkError, Shown};
use super::record::{Record, RecordError};
use super::restore::{contents, replay};
use super::state::State;
use super::{DATABASE, Session, Storage, memory, zip};
use crate::disk::{Batch, BlockStore};
use crate::part::{Later, PartError, split};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(address: &str) -> Result<Promise, JsValue>;

    type Answer;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method)]
    fn blob(this: &Answer) -> Promise;
}

/// Why the disks of such a session are in memory.
const FROM_A_LINK: &str = "The session came from a link.";

impl Session {
    /// The session as a link, without the `#`.
    ///
    /// # Errors
    /// Why it can't be had, as a sentence.
    pub async fn as_link(&self, shown: &Shown) -> Result<String, String> {
        let text = {
            let state = self.0.state.borrow();
            permalink::text(shown, state.inputs.iter().map(|input| &input.record))
        };
        let text = text.map_err(|error| error.to_string())?;
        let packed = zip::pack(&blob(&text)?, zip::BARE).await?;
        let bytes = JsFuture::from(packed.array_buffer()).await;
        let bytes = bytes.map_err(|_| "There is not enough memory.".to_owned())?;
        Ok(permalink::write(&Uint8Array::new(&bytes).to_vec()))
    }

    /// The session that a link has, or a file at an address of the same origin, and what is to be
    /// shown of it. It is in memory; what is stored on this device is not touched. `stored` tells
    /// whether it may be stored there later.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub async fn linked(link: &str, stored: bool) -> Result<(Session, Shown), String> {
        opened(link.to_owned(), stored).await?.await
    }

    /// Has the address say nothing of the link any more: a reload is to find what is stored.
    pub fn forget_link(&self) {
        readdress(permalink::MARK, None, false);
    }

    /// How many commands were given.
    pub fn commands(&self) -> usize {
        let state = self.0.state.borrow();
        let inputs = state.inputs.iter();
        let commands = inputs.filter(|input| matches!(input.record, Record::Do(_)));
        commands.count()
    }

    /// Whether it came from a link and is not stored.
    pub fn is_linked(&self) -> bool {
        self.0.linked.get() && self.0.state.borrow().storage != Storage::IndexedDb
    }
}

/// What became of a link.
type Opened = Result<(Session, Shown), String>;

split! {
    stage,
    fn opened(link: String, stored: bool) -> Result<Later<Opened>, PartError> {
        Ok(Box::pin(open(link, stored)))
    }
}

async fn open(link: String, stored: bool) -> Opened {
    let of_a_file = is_address(&link);
    let (shown, config, records) = match of_a_file {
        true => at_address(&link).await?,
        false => of_link(&link).await.map_err(|error| error.to_string())?,
    };
    let reason = Some(FROM_A_LINK.to_owned());
    let state = State::new(memory(), Storage::Memory { reason });
    let replayed = replay(&state, config, records).map_err(|error| match error {
        RecordError::Refused { line, why } => LinkError::Step {
            step: line - 1,
            why,
        },
        other => LinkError::Record(other),
    });
    let (mut state, disks) = replayed.map_err(|error| error.to_string())?;
    let batch = Batch {
        writes: contents(&state.model, &disks),
        log: state.unsaved_log().into_iter().collect(),
        ..Batch::default()
    };
    let written = state.store.commit(batch).await;
    written.map_err(|error| error.to_string())?;
    state.saved = state.inputs.len();
    let session = Session::of_state(state, stored.then(|| DATABASE.into()));
    // If it is to be stored, the disks are to be claimed first.
    session.0.owns.set(false);
    session.0.linked.set(true);
    if let Some(moment) = shown.moment {
        session.seek(moment);
    }
    Ok((session, shown))
}

/// Changes what the address of the page says: a wish that begins so is left away, another is added, and
/// what follows the `#` stays or not.
pub fn readdress(without: &str, wish: Option<String>, keep_hash: bool) {
    let window = gloo::utils::window();
    let location = window.location();
    let (path, query) = (location.pathname(), location.search());
    let query = query.unwrap_or_default();
    let wishes = query.trim_start_matches('?').split('&');
    let wishes = wishes.filter(|wish| !wish.is_empty() && !wish.starts_with(without));
    let (mut address, mut mark) = (path.unwrap_or_default(), '?');
    for wish in wishes.chain(wish.as_deref()) {
        address.push(mark);
        address.push_str(wish);
        mark = '&';
    }
    if keep_hash {
        address.push_str(&location.hash().unwrap_or_default());
    }
    // Where the browser forbids it the address stays as it is.
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

async fn of_link(link: &str) -> Result<(Shown, Config, Vec<Record>), LinkError> {
    let packed = permalink::read(link)?;
    let packed = blob(&packed).map_err(LinkError::Packing)?;
    let text = zip::unpack(&packed, zip::BARE, permalink::MOST_TEXT).await;
    let text = text.map_err(|error| match error {
        file::FileError::Packing(why) => LinkError::Packing(why),
        _ => LinkError::TooLarge,
    })?;
    permalink::session(&text)
}

/// Whether it is the address of a file: no link has such a letter, or such an end.
fn is_address(link: &str) -> bool {
    let marked = link.trim_start().trim_start_matches('#');
    !marked.starts_with(permalink::MARK) && (link.contains('/') || link.trim_end().ends_with(".gz"))
}

/// The session of a file that the same origin serves.
async fn at_address(address: &str) -> Result<(Shown, Config, Vec<Record>), String> {
    let (packed, address) = get(address, "session file", false).await?;
    let plain = zip::unpack(&packed, zip::FILE, file::MOST).await;
    let opened = plain.and_then(|plain| match file::open(&plain)? {
        (What::Session, body) => file::session(body),
        (What::Database, _) => Err(file::FileError::Foreign),
    });
    let bad = |error| format!("The session file {address} can't be opened. {error}");
    let (config, records) = opened.map_err(bad)?;
    Ok((Shown::default(), config, records))
}

/// What is served at an address, and the whole of the address. It has to be the page's own origin,
/// if it is not one `of_the_site`. `what` it is meant to be is told if it can't be had.
///
/// # Errors
/// Why it can't be had, as a sentence.
pub async fn get(address: &str, what: &str, of_the_site: bool) -> Result<(Blob, String), String> {
    let page = gloo::utils::document().base_uri().ok().flatten();
    let url = Url::new_with_base(address.trim(), &page.unwrap_or_default());
    let url = url.map_err(|_| format!("\"{address}\" is no address."))?;
    let origin = gloo::utils::window().location().origin();
    if !of_the_site && origin.ok() != Some(url.origin()) {
        return Err(format!(
            "{} is on another site: a {what} has to be where the page is.",
            url.href()
        ));
    }
    let bad = |why: String| format!("The {what} {} can't be opened. {why}", url.href());
    let unreachable = |_| bad("The server doesn't answer.".to_owned());
    let answer = fetch(&url.href()).map_err(unreachable)?;
    let answer: Answer = JsFuture::from(answer)
        .await
        .map_err(unreachable)?
        .unchecked_into();
    if answer.status() != 200 {
        return Err(bad(format!("The server answers {}.", answer.status())));
    }
    let body = JsFuture::from(answer.blob()).await.map_err(unreachable)?;
    Ok((body.unchecked_into(), url.href()))
}

fn blob(bytes: &[u8]) -> Result<Blob, String> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts);
    blob.map_err(|_| "There is not enough memory.".to_owned())
}
