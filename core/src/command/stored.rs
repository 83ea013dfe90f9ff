//! How a command is stored: flat, with all fields that commands have.
//!
//! Serde could make this of [`Command`] itself, with a tag and flattened ranges. It would then
//! read into a buffer first, and have a reader for each command twice: in the browser that is
//! three times as much code.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Command, DirectCmd, PageRange, Pattern};
use crate::units::{DeviceId, ObjectId, PageIndex};

/// Which command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Cmd {
    #[default]
    SwapOn,
    Create,
    Write,
    Fill,
    Read,
    Pageout,
    SwapOff,
    Free,
    Direct,
    Fork,
    SetAsyncMax,
    Destroy,
}

/// A command with its fields side by side; it has those that its kind of command needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    cmd: Cmd,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disk: Option<DeviceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object: Option<ObjectId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<PageIndex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offset: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<PageIndex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pattern: Option<Pattern>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sync: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    io: Option<DirectCmd>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<i32>,
}

impl Stored {
    fn of(cmd: Cmd) -> Stored {
        Stored {
            cmd,
            ..Stored::default()
        }
    }

    fn of_object(cmd: Cmd, object: ObjectId) -> Stored {
        Stored {
            object: Some(object),
            ..Stored::of(cmd)
        }
    }

    fn of_range(cmd: Cmd, object: ObjectId, range: PageRange) -> Stored {
        Stored {
            start: Some(range.start),
            count: Some(range.count),
            ..Stored::of_object(cmd, object)
        }
    }

    fn object(&self) -> Result<ObjectId, NotACommand> {
        needed(self.object, "object")
    }

    fn range(&self) -> Result<PageRange, NotACommand> {
        Ok(PageRange {
            start: needed(self.start, "start")?,
            count: needed(self.count, "count")?,
        })
    }
}

impl From<Command> for Stored {
    fn from(command: Command) -> Stored {
        match command {
            Command::SwapOn { disk, pages } => Stored {
                disk: Some(disk),
                pages: Some(pages),
                ..Stored::of(Cmd::SwapOn)
            },
            Command::Create { name, pages } => Stored {
                name,
                pages: Some(pages),
                ..Stored::of(Cmd::Create)
            },
            Command::Write {
                object,
                page,
                offset,
                text,
            } => Stored {
                page: Some(page),
                offset: Some(offset),
                text: Some(text),
                ..Stored::of_object(Cmd::Write, object)
            },
            Command::Fill {
                object,
                range,
                pattern,
            } => Stored {
                pattern: Some(pattern),
                ..Stored::of_range(Cmd::Fill, object, range)
            },
            Command::Read { object, range } => Stored::of_range(Cmd::Read, object, range),
            Command::Pageout {
                object,
                range,
                sync,
            } => Stored {
                sync: Some(sync),
                ..Stored::of_range(Cmd::Pageout, object, range)
            },
            Command::SwapOff { disk } => Stored {
                disk: Some(disk),
                ..Stored::of(Cmd::SwapOff)
            },
            Command::Free { object, range } => Stored::of_range(Cmd::Free, object, range),
            Command::Direct { object, range, io } => Stored {
                io: Some(io),
                ..Stored::of_range(Cmd::Direct, object, range)
            },
            Command::Fork { object } => Stored::of_object(Cmd::Fork, object),
            Command::SetAsyncMax { value } => Stored {
                value: Some(value),
                ..Stored::of(Cmd::SetAsyncMax)
            },
            Command::Destroy { object } => Stored::of_object(Cmd::Destroy, object),
        }
    }
}

impl TryFrom<Stored> for Command {
    type Error = NotACommand;

    fn try_from(stored: Stored) -> Result<Command, NotACommand> {
        let command = match stored.cmd {
            Cmd::SwapOn => Command::SwapOn {
                disk: needed(stored.disk, "disk")?,
                pages: needed(stored.pages, "pages")?,
            },
            Cmd::Create => Command::Create {
                name: stored.name.clone(),
                pages: needed(stored.pages, "pages")?,
            },
            Cmd::Write => Command::Write {
                object: stored.object()?,
                page: needed(stored.page, "page")?,
                offset: needed(stored.offset, "offset")?,
                text: needed(stored.text.clone(), "text")?,
            },
            Cmd::Fill => Command::Fill {
                object: stored.object()?,
                range: stored.range()?,
                pattern: needed(stored.pattern, "pattern")?,
            },
            Cmd::Read => Command::Read {
                object: stored.object()?,
                range: stored.range()?,
            },
            Cmd::Pageout => Command::Pageout {
                object: stored.object()?,
                range: stored.range()?,
                sync: needed(stored.sync, "sync")?,
            },
            Cmd::SwapOff => Command::SwapOff {
                disk: needed(stored.disk, "disk")?,
            },
            Cmd::Free => Command::Free {
                object: stored.object()?,
                range: stored.range()?,
            },
            Cmd::Direct => Command::Direct {
                object: stored.object()?,
                range: stored.range()?,
                io: needed(stored.io, "io")?,
            },
            Cmd::Fork => Command::Fork {
                object: stored.object()?,
            },
            Cmd::SetAsyncMax => Command::SetAsyncMax {
                value: needed(stored.value, "value")?,
            },
            Cmd::Destroy => Command::Destroy {
                object: stored.object()?,
            },
        };
        if Stored::from(command.clone()) == stored {
            Ok(command)
        } else {
            Err(NotACommand::FieldsOfOthers)
        }
    }
}

fn needed<T>(field: Option<T>, name: &'static str) -> Result<T, NotACommand> {
    field.ok_or(NotACommand::Missing(name))
}

/// Why what is stored is no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACommand {
    /// It lacks this field.
    Missing(&'static str),
    /// It has fields that only other commands have.
    FieldsOfOthers,
}

impl fmt::Display for NotACommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "missing field `{name}`"),
            Self::FieldsOfOthers => f.write_str("fields that this command does not have"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Command, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn every_command_is_read_as_it_was_stored() -> Result<(), serde_json::Error> {
        for json in [
            r#"{"cmd":"swapon","disk":2,"pages":4096}"#,
            r#"{"cmd":"create","name":"heap","pages":64}"#,
            r#"{"cmd":"create","pages":64}"#,
            r#"{"cmd":"write","object":1,"page":3,"offset":9,"text":"line\nbreak"}"#,
            r#"{"cmd":"fill","object":1,"start":3,"count":9,"pattern":{"label":7}}"#,
            r#"{"cmd":"read","object":1,"start":3,"count":9}"#,
            r#"{"cmd":"pageout","object":1,"start":3,"count":9,"sync":false}"#,
            r#"{"cmd":"swapoff","disk":2}"#,
            r#"{"cmd":"free","object":1,"start":3,"count":9}"#,
            r#"{"cmd":"direct","object":1,"start":3,"count":9,"io":{"write":{"byte":5}}}"#,
            r#"{"cmd":"direct","object":1,"start":3,"count":9,"io":"delete"}"#,
            r#"{"cmd":"fork","object":1}"#,
            r#"{"cmd":"setasyncmax","value":-4}"#,
            r#"{"cmd":"destroy","object":1}"#,
        ] {
            let command: Command = serde_json::from_str(json)?;
            assert_eq!(serde_json::to_string(&command)?, json);
        }
        Ok(())
    }

    #[test]
    fn a_name_may_be_null() {
        let named = read(r#"{"cmd":"create","name":null,"pages":64}"#);
        assert_eq!(named, read(r#"{"cmd":"create","pages":64}"#));
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for (json, why) in [
            (r#"{"object":1}"#, "missing field `cmd`"),
            (r#"{"cmd":"format"}"#, "unknown variant `format`"),
            (r#"{"cmd":"fork"}"#, "missing field `object`"),
            (
                r#"{"cmd":"read","object":1,"start":3}"#,
                "missing field `count`",
            ),
            (
                r#"{"cmd":"fork","object":1,"colour":3}"#,
                "unknown field `colour`",
            ),
            (
                r#"{"cmd":"fork","object":1,"value":3}"#,
                "fields that this command",
            ),
            (r#"{"cmd":"fork","object":-1}"#, "invalid value"),
        ] {
            let error = read(json).expect_err(json);
            assert!(error.contains(why), "{json}: {error}");
        }
    }
}
