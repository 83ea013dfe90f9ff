//! A command, written as text.

use super::ASYNC_MAX;
use super::names::Names;
use crate::command::{Command, DirectCmd, Pattern};
use crate::units::{DeviceId, ObjectId};
use crate::words::shown::directs;

/// The text of a command: [`parse`](super::parse) reads it as the same one, as long as the objects are there.
/// It is in the words of the log, and tells what the log leaves out.
pub fn print(command: &Command, names: &Names<'_>) -> String {
    let mut text = String::new();
    let out = &mut text;
    let on = |out: &mut String, verb: &str, id: ObjectId| {
        out.push_str(verb);
        put_object(out, id, names);
    };
    match command {
        Command::SwapOn { disk, pages } => {
            put_disk(out, "swapon disk ", *disk);
            put_count(out, *pages);
        }
        Command::SwapOff { disk } => put_disk(out, "swapoff disk ", *disk),
        Command::Create { name, pages } => {
            out.push_str("create ");
            match name {
                Some(name) => put_name(out, name),
                None => out.push_str("unnamed"),
            }
            put_count(out, *pages);
        }
        Command::Write {
            object,
            page,
            offset,
            text,
        } => {
            on(out, "write ", *object);
            put(out, " ", &page.0.to_string());
            out.push(' ');
            put_quoted(out, text);
            if *offset != 0 {
                put(out, " at ", &offset.to_string());
            }
        }
        Command::Fill {
            object,
            range,
            pattern,
        } => {
            on(out, "fill ", *object);
            put(out, " ", &range.to_string());
            put_pattern(out, *pattern);
        }
        Command::Read { object, range } => {
            on(out, "read ", *object);
            put(out, " ", &range.to_string());
        }
        Command::Pageout {
            object,
            range,
            sync,
        } => {
            on(out, "pageout ", *object);
            put(out, " ", &range.to_string());
            if *sync {
                out.push_str(" sync");
            }
        }
        Command::Free { object, range } => {
            on(out, "madvise ", *object);
            put(out, " ", &range.to_string());
            out.push_str(" free");
        }
        Command::Direct { object, range, io } => {
            on(out, "strategy ", *object);
            put(out, " ", &range.to_string());
            match io {
                DirectCmd::Read => out.push_str(" read"),
                DirectCmd::Write(pattern) => {
                    out.push_str(" write");
                    put_pattern(out, *pattern);
                }
                DirectCmd::Delete => out.push_str(" delete"),
                DirectCmd::Reserve => out.push_str(" reserve"),
            }
        }
        Command::Fork { object } => on(out, "fork ", *object),
        Command::Destroy { object } => on(out, "destroy ", *object),
        Command::SetAsyncMax { value } => {
            put(out, "sysctl ", ASYNC_MAX);
            put(out, "=", &value.to_string());
        }
    }
    text
}

#[inline(never)]
fn put(out: &mut String, before: &str, text: &str) {
    out.push_str(before);
    out.push_str(text);
}

fn put_disk(out: &mut String, verb: &str, disk: DeviceId) {
    put(out, verb, &disk.0.to_string());
}

fn put_count(out: &mut String, pages: u32) {
    put(out, ", ", &pages.to_string());
    out.push_str(if pages == 1 { " page" } else { " pages" });
}

#[inline(never)]
fn put_pattern(out: &mut String, pattern: Pattern) {
    match pattern {
        Pattern::Label(number) => put(out, " with label ", &number.to_string()),
        Pattern::Noise(number) => put(out, " with noise ", &number.to_string()),
        Pattern::Byte(byte) => {
            out.push_str(" with byte 0x");
            for digit in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(digit.into(), 16));
            }
        }
    }
}

/// An object by its name, if that means it and no other.
pub(super) fn put_object(out: &mut String, id: ObjectId, names: &Names<'_>) {
    let name = names.by_id(id).and_then(|object| object.name);
    let meant = name.filter(|name| names.by_name(name).is_some_and(|object| object.id == id));
    match meant {
        Some(name) => put_name(out, name),
        None => put(out, "object ", &id.0.to_string()),
    }
}

/// A name, in quotes if it could be taken for something else, or has other letters than English:
/// telling letters apart takes large tables.
fn put_name(out: &mut String, name: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let reserved = ["object", "unnamed"]
        .iter()
        .any(|word| name.eq_ignore_ascii_case(word));
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && name.chars().all(is_plain) && !reserved {
        out.push_str(name);
    } else {
        put_quoted(out, name);
    }
}

#[inline(never)]
fn put_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || directs(c) || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.extend(c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
