//! A text, read as a command.

use std::ops::Range;

use super::ASYNC_MAX;
use super::error::{Expected, Problem, SyntaxError};
use super::names::{NamedObject, Names, nearest};
use super::pattern::{direct, pattern};
use super::reader::{Fallible, Reader, error, is_gap, whole};
use super::usage::{Verb, find, usage};
use crate::CommandError;
use crate::command::{Command, MAX_DISK_PAGES, MAX_NAME_CHARS, MAX_OBJECT_PAGES, PageRange};
use crate::units::{DeviceId, ObjectId, PAGE_SIZE, PageIndex};

/// Reads a command. It names what is there, and is of a size that can be; whether the machine
/// carries it out, [`Vm::check`](crate::Vm::check) says.
///
/// # Errors
/// Where the text is no command, and what to write there.
pub fn parse(text: &str, names: &Names<'_>) -> Result<Command, SyntaxError> {
    command(&mut Reader::new(text), names).map_err(|error| *error)
}

/// A whole command.
pub(super) fn command(reader: &mut Reader<'_>, names: &Names<'_>) -> Fallible<Command> {
    let verb = verb(reader)?;
    let command = match verb {
        Verb::SwapOn => {
            let disk = disk(reader, Expected::NewDisk)?;
            let pages = count(reader, MAX_DISK_PAGES, CommandError::DiskSize)?;
            Command::SwapOn { disk, pages }
        }
        Verb::SwapOff => {
            let disk = disk(reader, Expected::Disk)?;
            Command::SwapOff { disk }
        }
        Verb::Create => {
            let name = new_name(reader)?;
            let pages = count(reader, MAX_OBJECT_PAGES, CommandError::ObjectSize)?;
            Command::Create { name, pages }
        }
        Verb::Sysctl => {
            reader.want(Expected::Word("vm.swap_async_max="));
            if !reader.accept(ASYNC_MAX) {
                return Err(reader.unfit());
            }
            reader.want(Expected::Number("how many (a whole number)"));
            let word = reader.peek();
            let value = word.parse().map_err(|_| reader.unfit())?;
            reader.advance(word.len());
            Command::SetAsyncMax { value }
        }
        _ => {
            let on = object(reader, names)?;
            on_object(reader, verb, on)?
        }
    };
    reader.end()?;
    Ok(command)
}

/// What stands after an object.
fn on_object(reader: &mut Reader<'_>, verb: Verb, on: NamedObject<'_>) -> Fallible<Command> {
    let object = on.id;
    Ok(match verb {
        Verb::Fork => Command::Fork { object },
        Verb::Destroy => Command::Destroy { object },
        Verb::Write => write(reader, on)?,
        Verb::Read => {
            let range = range(reader, on)?.unwrap_or(whole_of(on));
            Command::Read { object, range }
        }
        Verb::Pageout => {
            let range = range(reader, on)?.unwrap_or(whole_of(on));
            let sync = reader.keyword("sync");
            if !sync {
                reader.keyword("async");
            }
            Command::Pageout {
                object,
                range,
                sync,
            }
        }
        _ => {
            let Some(range) = range(reader, on)? else {
                return Err(reader.unfit());
            };
            match verb {
                Verb::Strategy => {
                    let io = direct(reader)?;
                    Command::Direct { object, range, io }
                }
                Verb::Madvise | Verb::Free => {
                    if verb == Verb::Madvise && !reader.keyword("free") {
                        return Err(reader.unfit());
                    }
                    Command::Free { object, range }
                }
                _ => {
                    let pattern = pattern(reader)?;
                    Command::Fill {
                        object,
                        range,
                        pattern,
                    }
                }
            }
        }
    })
}

fn verb(reader: &mut Reader<'_>) -> Fallible<Verb> {
    reader.want(Expected::Command);
    let word = reader.peek();
    if word.is_empty() {
        return Err(reader.unfit());
    }
    let start = reader.start();
    reader.advance(word.len());
    let found = find(word).map(|usage| usage.verb_id);
    found.ok_or_else(|| {
        let meant = nearest(word, usage().iter().flat_map(|usage| usage.words()));
        let word = word.to_owned();
        error(reader.since(start), Problem::NoCommand { word, meant })
    })
}

fn disk(reader: &mut Reader<'_>, expected: Expected) -> Fallible<DeviceId> {
    reader.accept("disk");
    reader.number(expected).map(DeviceId)
}

/// A number of pages: spaces may group its digits, and `pages` may follow.
fn count(reader: &mut Reader<'_>, most: u32, refused: fn(u32) -> CommandError) -> Fallible<u32> {
    let first = reader.peek();
    let start = reader.start();
    let mut number = u64::from(reader.number(Expected::Count)?);
    let is_digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    while first.len() <= 3 {
        let group = reader.peek();
        let Some(ones) = whole(group).filter(|_| group.len() == 3 && is_digits(group)) else {
            break;
        };
        reader.advance(3);
        number = number.saturating_mul(1000).saturating_add(ones);
    }
    let span = reader.since(start);
    let number = reader.counted(number, span.clone())?;
    let _ = reader.accept("pages") || reader.accept("page");
    if (1..=most).contains(&number) {
        Ok(number)
    } else {
        Err(error(span, Problem::Refused(refused(number))))
    }
}

/// The name of a new object; a number alone is its size already.
fn new_name(reader: &mut Reader<'_>) -> Fallible<Option<String>> {
    reader.want(Expected::NewName);
    let start = reader.start();
    let name = match reader.quoted()? {
        Some(name) => name,
        None => {
            let word = reader.peek();
            if word.is_empty() || whole(word).is_some() || reader.accept("unnamed") {
                return Ok(None);
            }
            // The log shows names of several words without quotes.
            let word = match reader.rest().split_once(',') {
                Some((name, size)) if is_size(size) => name,
                _ => word,
            };
            reader.advance(word.len());
            word.to_owned()
        }
    };
    let refused = match name.chars().count() {
        0 => CommandError::NameEmpty,
        1..=MAX_NAME_CHARS => return Ok(Some(name)),
        chars => CommandError::NameTooLong(chars),
    };
    Err(error(reader.since(start), Problem::Refused(refused)))
}

/// Whether what follows a comma is a size, and the comma not one between digits.
fn is_size(text: &str) -> bool {
    let size = text.strip_prefix(' ').unwrap_or_default();
    size.starts_with(|c: char| c.is_ascii_digit())
}

/// An object that there is.
fn object<'a>(reader: &mut Reader<'_>, names: &Names<'a>) -> Fallible<NamedObject<'a>> {
    reader.want(Expected::Object);
    let start = reader.start();
    let (word, found) = if let Some(name) = reader.quoted()? {
        let found = names.by_name(&name);
        (name, found)
    } else {
        if reader.accept("object") {
            reader.want(Expected::ObjectNumber);
            if whole(reader.peek()).is_none() {
                return Err(reader.unfit());
            }
        }
        let word = reader.peek();
        if word.is_empty() {
            return Err(reader.unfit());
        }
        let (found, length) = match whole(word) {
            Some(number) => {
                let id = u32::try_from(number).ok().map(ObjectId);
                (id.and_then(|id| names.by_id(id)), word.len())
            }
            None => match names.by_name(word) {
                Some(object) => (Some(object), word.len()),
                None => with_spaces(reader.rest(), names).unwrap_or((None, word.len())),
            },
        };
        reader.advance(length);
        (word.to_owned(), found)
    };
    found.ok_or_else(|| {
        let known = names.objects.iter().filter_map(|object| object.name);
        let problem = Problem::NoObject {
            meant: nearest(&word, known).map(str::to_owned),
            word,
            objects: names.list(),
        };
        error(reader.since(start), problem)
    })
}

/// The longest name that the text begins with, for names of several words as the log shows them.
fn with_spaces<'a>(rest: &str, names: &Names<'a>) -> Option<(Option<NamedObject<'a>>, usize)> {
    let mut longest = None;
    for object in &names.objects {
        let name = object.name.unwrap_or_default();
        let ends = |rest: &str| rest.is_empty() || rest.starts_with(is_gap);
        let here = !name.is_empty() && rest.strip_prefix(name).is_some_and(ends);
        if here && longest.is_none_or(|(_, length)| length < name.len()) {
            longest = Some((Some(*object), name.len()));
        }
    }
    longest
}

fn whole_of(object: NamedObject<'_>) -> PageRange {
    PageRange {
        start: PageIndex(0),
        count: object.pages,
    }
}

/// Pages of an object: `5`, `0..63`, `all`. Nothing if something else comes.
fn range(reader: &mut Reader<'_>, object: NamedObject<'_>) -> Fallible<Option<PageRange>> {
    reader.want(Expected::Pages(object.pages));
    if reader.accept("all") {
        return Ok(Some(whole_of(object)));
    }
    let start = reader.start();
    let word = reader.peek();
    let first = match reader.digits() {
        Some(first) => Some(reader.counted(first, reader.since(start))?),
        None => None,
    };
    let rest = reader.rest();
    let marks = ["..=", "..", "…", "–", "-"];
    let mark = marks.into_iter().find(|mark| rest.starts_with(mark));
    let (first, last) = match (first, mark) {
        (None, None) => return Ok(None),
        (None, Some(_)) => {
            reader.advance(word.len());
            let word = word.to_owned();
            return Err(error(reader.since(start), Problem::NoStart { word }));
        }
        (Some(first), None) => (first, first),
        (Some(first), Some(mark)) => {
            reader.advance(mark.len());
            let written = reader.since(start);
            reader.want(Expected::Page(object.pages));
            let second = reader.start();
            let Some(last) = reader.digits() else {
                let word = reader.slice(written.clone()).to_owned();
                return Err(error(written, Problem::NoEnd { word }));
            };
            (first, reader.counted(last, reader.since(second))?)
        }
    };
    let written = reader.since(start);
    let attached = reader.attached();
    if !attached.is_empty() {
        let span = written.start..attached.end;
        let word = reader.slice(span.clone()).to_owned();
        let expected = vec![Expected::Pages(object.pages)];
        return Err(error(span, Problem::Unexpected { word, expected }));
    }
    if first > last {
        return Err(error(written, Problem::Reversed { first, last }));
    }
    let page = |page| no_page(object, page, written.clone());
    if last >= object.pages {
        return Err(page(first.max(object.pages)));
    }
    Ok(Some(PageRange {
        start: PageIndex(first),
        count: last - first + 1,
    }))
}

#[cold]
fn no_page(object: NamedObject<'_>, page: u32, span: Range<usize>) -> Box<SyntaxError> {
    let refused = CommandError::NoPage {
        object: object.id,
        page: PageIndex(page),
        size: object.pages,
    };
    error(span, Problem::Refused(refused))
}

fn write(reader: &mut Reader<'_>, on: NamedObject<'_>) -> Fallible<Command> {
    let start = reader.start();
    let page = reader.number(Expected::Page(on.pages))?;
    if page >= on.pages {
        return Err(no_page(on, page, reader.since(start)));
    }
    reader.want(Expected::Text);
    let start = reader.start();
    let Some(text) = reader.quoted()? else {
        return Err(reader.unfit());
    };
    let span = reader.since(start);
    let offset = if reader.keyword("at") {
        reader.number(Expected::Number("the first byte to write (0 to 4095)"))?
    } else {
        0
    };
    let room = PAGE_SIZE.saturating_sub(offset as usize);
    let bytes = text.len();
    if bytes > room {
        let refused = CommandError::TextTooLong { bytes, room };
        return Err(error(span, Problem::Refused(refused)));
    }
    Ok(Command::Write {
        object: on.id,
        page: PageIndex(page),
        offset,
        text,
    })
}
