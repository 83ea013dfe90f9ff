//! What is thrown at JavaScript.

use serde::Serialize;
use swap_pager::CommandError;
use swap_pager::language::{Problem, SyntaxError};
use swap_pager::units::{IoId, ObjectId, PageIndex};
use wasm_bindgen::JsValue;

use crate::convert::to_js;

/// What is wrong with what the machine was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Code {
    /// A setting of the machine has a value that it can't have, or there is no such setting.
    Setting,
    /// The object is no command: a field is missing, or is not what it should be.
    NotACommand,
    /// The text is no command; `start` and `end` tell what part of it is wrong.
    Syntax,
    /// There is no such object.
    NoObject,
    /// The object lies behind others, which share its pages: only they can change.
    Shared,
    /// The object has another behind it, and can't be driven as a disk.
    NoDisk,
    /// The object has no such page.
    NoPage,
    /// No pages are named.
    NoPages,
    /// An object of that many pages can't be made.
    ObjectSize,
    /// A disk of that many pages can't be switched on.
    DiskSize,
    /// No disk has that number.
    DiskNumber,
    /// The name is empty.
    NameEmpty,
    /// The name is too long.
    NameTooLong,
    /// The text does not fit in the page.
    TextTooLong,
    /// No disk of that number is on.
    DiskOff,
    /// The disk has no such block.
    NoBlock,
    /// No such transfer is in flight.
    NoTransfer,
    /// A transfer can't fail with that.
    NoErrno,
}

/// Why something was refused. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What is wrong.
    pub code: Code,
    /// The same as a sentence.
    pub message: String,
    /// Where in the text that is wrong begins, in UTF-16 units as JavaScript counts.
    pub start: Option<u32>,
    /// And where it ends; at `start` where something is missing.
    pub end: Option<u32>,
}

impl Failure {
    /// Of that kind, with that sentence.
    pub fn new(code: Code, message: String) -> Failure {
        Failure {
            code,
            message,
            start: None,
            end: None,
        }
    }

    /// A command that makes no sense.
    pub fn of_command(error: &CommandError) -> Failure {
        let code = match error {
            CommandError::NoObject(_) => Code::NoObject,
            CommandError::Shared(_) => Code::Shared,
            CommandError::NoDisk(_) => Code::NoDisk,
            CommandError::NoPage { .. } => Code::NoPage,
            CommandError::NoPages => Code::NoPages,
            CommandError::ObjectSize(_) => Code::ObjectSize,
            CommandError::DiskSize(_) => Code::DiskSize,
            CommandError::DiskNumber(_) => Code::DiskNumber,
            CommandError::NameEmpty => Code::NameEmpty,
            CommandError::NameTooLong(_) => Code::NameTooLong,
            CommandError::TextTooLong { .. } => Code::TextTooLong,
        };
        Failure::new(code, error.to_string())
    }

    /// A text that is no command.
    pub fn of_text(text: &str, error: &SyntaxError) -> Failure {
        let units = |bytes: usize| {
            let before = text.get(..bytes).unwrap_or(text);
            Some(before.encode_utf16().count() as u32)
        };
        let code = match &error.problem {
            Problem::NoObject { .. } => Code::NoObject,
            Problem::Refused(why) => Failure::of_command(why).code,
            _ => Code::Syntax,
        };
        Failure {
            start: units(error.span.start),
            end: units(error.span.end),
            ..Failure::new(code, error.to_string())
        }
    }

    /// There is no such object.
    pub fn no_object(object: ObjectId) -> Failure {
        Failure::of_command(&CommandError::NoObject(object))
    }

    /// No object has that name.
    pub fn no_name(name: &str) -> Failure {
        Failure::new(
            Code::NoObject,
            format!("There is no object called `{name}`."),
        )
    }

    /// The object has no such page.
    pub fn no_page(object: ObjectId, page: PageIndex, size: u32) -> Failure {
        Failure::of_command(&CommandError::NoPage { object, page, size })
    }

    /// No disk of that number is on.
    pub fn no_disk(disk: u32) -> Failure {
        Failure::new(Code::DiskOff, format!("No disk {disk} is switched on."))
    }

    /// The disk has no such block.
    pub fn no_block(disk: u32, block: u32, pages: u32) -> Failure {
        let last = pages.saturating_sub(1);
        let message = format!("Disk {disk} has no block {block}: its blocks are 0 to {last}.");
        Failure::new(Code::NoBlock, message)
    }

    /// No such transfer is in flight.
    pub fn no_transfer(io: IoId) -> Failure {
        Failure::new(
            Code::NoTransfer,
            format!("No transfer {} is in flight.", io.0),
        )
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> JsValue {
        to_js(&failure).unwrap_or_else(|error| error)
    }
}
