//! Sessions go into files and come from them.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use swap_pager::Config;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::file::{self, FileError, What};
use super::record::{Record, decode};
use super::restore::replay;
use super::state::{Overhaul, State};
use super::{DATABASE, Owner, Session, open_disks, restored, zip};
use crate::disk::layout::CRC_32;
use crate::disk::raw::{self, RawError};
use crate::part::{Later, PartError, split};

/// A session that was read from a file, and can begin in the place of the present one.
#[derive(Clone, Debug)]
pub enum Content {
    /// By its records.
    Session(Rc<(Config, Vec<Record>)>),
    /// By the entries of its database.
    Database(Rc<raw::Entries>),
}

/// A file that a person wants to open.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// How many commands are in it, or what is wrong with it, as a sentence. There is nothing
    /// while it is read.
    pub found: Option<Result<usize, String>>,
    content: Option<Content>,
}

impl Session {
    /// The session as a file, packed.
    ///
    /// # Errors
    /// Why it can't be had, as a sentence.
    pub async fn as_file(&self) -> Result<Blob, String> {
        let file = {
            let state = self.0.state.borrow();
            file::write(state.inputs.iter().map(|input| &input.record))
        };
        let file = file.map_err(|error| error.to_string())?;
        let parts = Array::of1(&Uint8Array::from(file.as_slice()));
        pack(&parts).await
    }

    /// All that is stored on this device as a file, whether it can be opened or not.
    ///
    /// # Errors
    /// Why it can't be had, as a sentence.
    pub async fn stored_as_file(&self) -> Result<Blob, String> {
        let parts = Array::new();
        parts.push(&Uint8Array::new_with_length(0));
        let mut crc = CRC_32.digest();
        let mut lines = 0;
        let name = self.0.database.as_deref().unwrap_or(DATABASE);
        let exported = raw::export(name, |text| {
            crc.update(text);
            lines += text.iter().filter(|byte| **byte == b'\n').count();
            parts.push(&Uint8Array::from(text));
        });
        exported.await.map_err(|error| error.to_string())?;
        let header = file::header(What::Database, lines as u32, crc.finalize());
        parts.set(0, Uint8Array::from(header.as_slice()).into());
        pack(&parts).await
    }

    /// The file that is to be opened.
    pub fn offer(&self) -> Option<Offer> {
        self.0.state.borrow().offer.clone()
    }

    /// Forgets it.
    pub fn drop_offer(&self) {
        self.0.state.borrow_mut().offer = None;
        self.changed();
    }

    /// Reads a file. A session in it begins at once if the present one is empty; else
    /// [`accept_offer`](Self::accept_offer) has the last word.
    pub fn open_file(&self, name: String, file: Blob) {
        let offer = Offer {
            name,
            found: None,
            content: None,
        };
        self.0.state.borrow_mut().offer = Some(offer);
        self.changed();
        let session = self.clone();
        spawn_local(async move {
            match looked_into(session.clone(), file).await {
                Ok(looks) => looks.await,
                Err(error) => session.found_in_file(Err(error.to_string())),
            }
        });
    }

    /// What was found in the file that is offered.
    fn found_in_file(&self, read: Result<(Content, usize), String>) {
        {
            let mut state = self.0.state.borrow_mut();
            if let Some(offer) = &mut state.offer {
                offer.found = Some(match read {
                    Ok((content, commands)) => {
                        offer.content = Some(content);
                        Ok(commands)
                    }
                    Err(error) => Err(error),
                });
            }
        }
        self.changed();
    }

    /// Looks into a file that is offered.
    async fn look_into(self, file: Blob) {
        let read = self.read_file(&file).await;
        let empty = {
            let state = self.0.state.borrow();
            state.inputs.len() == 1 && state.damaged.is_none()
        };
        self.found_in_file(read.map_err(|error| error.to_string()));
        if empty {
            self.accept_offer();
        }
    }

    /// What is in a file, when all of it was looked at, and how many commands that are.
    async fn read_file(&self, file: &Blob) -> Result<(Content, usize), FileError> {
        let plain = zip::unpack(file, zip::FILE, file::MOST_RAW).await?;
        let (what, body) = file::open(&plain)?;
        let (content, config, records) = match what {
            What::Session if plain.len() > file::MOST => return Err(FileError::TooLarge),
            What::Session => {
                let (config, records) = file::session(body)?;
                let content = Content::Session(Rc::new((config, records.clone())));
                (content, config, records)
            }
            What::Database => {
                let entries = raw::Entries::read(body).map_err(|error| match error {
                    // After the first line of the file.
                    RawError::Line(line) => FileError::Entry { line: line + 1 },
                    RawError::Store(error) => FileError::Database(error.to_string()),
                })?;
                let log = entries.log();
                let log = log.map_err(|error| FileError::Database(error.to_string()))?;
                let (config, records) =
                    decode(&log).map_err(FileError::Record)?.unwrap_or_default();
                (Content::Database(Rc::new(entries)), config, records)
            }
        };
        let replayed = replay(&self.0.state.borrow(), config, records);
        let (fresh, _) = replayed.map_err(|error| FileError::Record(error.below(1)))?;
        Ok((content, fresh.restored))
    }

    /// Has the session begin that was read from a file, in the place of the present one: in one
    /// transaction, so that there is always one or the other.
    pub fn accept_offer(&self) {
        let content = {
            let mut state = self.0.state.borrow_mut();
            let ready = state.offer.take_if(|offer| offer.content.is_some());
            ready.and_then(|offer| offer.content)
        };
        match content {
            None => {}
            Some(Content::Session(session)) => self.overhaul(Overhaul::Replace(session)),
            Some(Content::Database(entries)) => {
                let session = self.clone();
                spawn_local(async move {
                    if let Err(error) = session.take_entries(&entries).await {
                        session.0.state.borrow_mut().trouble = Some(error);
                    }
                    session.changed();
                    session.pump();
                });
            }
        }
        self.changed();
    }

    async fn take_entries(&self, entries: &raw::Entries) -> Result<(), String> {
        if self.has_no_disks() {
            return Err(super::ELSEWHERE.to_owned());
        }
        let before = self.0.owner.replace(Owner::Taking);
        let name = self.0.database.as_deref().unwrap_or(DATABASE);
        let taken: Result<State, String> = async {
            let told = |error: crate::disk::StoreError| error.to_string();
            let store = open_disks(name).await.map_err(told)?;
            store.replace(entries).await.map_err(told)?;
            Ok(restored(store.into()).await)
        }
        .await;
        self.0.owner.set(before);
        self.adopt(taken?).await;
        Ok(())
    }
}

split! {
    more,
    fn looked_into(session: Session, file: Blob) -> Result<Later<()>, PartError> {
        Ok(Box::pin(session.look_into(file)))
    }
}

async fn pack(parts: &Array) -> Result<Blob, String> {
    let plain = Blob::new_with_u8_array_sequence(parts);
    let plain = plain.map_err(|_| "There is not enough memory.".to_owned())?;
    zip::pack(&plain, zip::FILE).await
}
