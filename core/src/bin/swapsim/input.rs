//! What files hold.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::{DeflateDecoder, GzDecoder};
use swap_pager::Config;
use swap_pager::lesson::{Lesson, code};
use swap_pager::session::file::{self, What};
use swap_pager::session::permalink;
use swap_pager::session::record::{Record, SerdeJson};

/// Largest file that is read, packed.
const MOST: u64 = 64 << 20;

/// Something that can be played.
pub enum Input {
    /// A session: what the machine is built with, and what is put into it.
    Session(Config, Vec<Record>),
    /// The text of a lesson.
    Lesson(String),
    /// Lines.
    Script(String),
}

/// Reads a file; a link can be given in its place, and `-` is the standard input.
pub fn read(name: &str) -> Result<Input, String> {
    if is_link(name) {
        return link(name).map_err(|why| format!("The link can't be opened. {why}"));
    }
    let bytes = match name {
        "-" => limited(io::stdin().lock()),
        name => fs::File::open(name).and_then(limited),
    };
    let bytes = bytes.map_err(|error| unread(name, &error))?;
    sort(name, &bytes).map_err(|why| format!("{name} can't be played. {why}"))
}

fn unread(name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("There is no file {name}."),
        _ => format!("{name} can't be read: {error}."),
    }
}

fn limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::other("it is larger than 64 MiB"));
    }
    Ok(bytes)
}

/// What bytes are, by what they begin with; a lesson by the name of its file.
fn sort(name: &str, bytes: &[u8]) -> Result<Input, String> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let mut unpacked = GzDecoder::new(bytes).take(file::MOST as u64 + 1);
        unpacked
            .read_to_end(&mut plain)
            .map_err(|error| file::FileError::Packing(error.to_string()).to_string())?;
        if plain.len() > file::MOST {
            return Err(file::FileError::TooLarge.to_string());
        }
        return session(&plain);
    }
    if bytes.starts_with(b"{\"file\":") {
        return session(bytes);
    }
    let text = text(bytes)?;
    if is_link(text) {
        return link(text);
    }
    Ok(match is_lesson(name) {
        true => Input::Lesson(text.to_owned()),
        false => Input::Script(text.to_owned()),
    })
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        format!("It is no text in UTF-8: line {line} has a byte that isn't.")
    })
}

fn is_lesson(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "toml")
}

fn session(plain: &[u8]) -> Result<Input, String> {
    let (what, body) = file::open::<SerdeJson>(plain).map_err(|error| error.to_string())?;
    match what {
        What::Session => {
            let session = file::session::<SerdeJson>(body).map_err(|error| error.to_string())?;
            Ok(Input::Session(session.0, session.1))
        }
        What::Database => Err(
            "It is a copy of a whole database, not a session: open it in the page and save the session there."
                .to_owned(),
        ),
    }
}

fn is_link(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(permalink::MARK)
        || text.starts_with(&format!("#{}", permalink::MARK))
        || (text.starts_with("http") && text.contains(&format!("#{}", permalink::MARK)))
}

fn link(text: &str) -> Result<Input, String> {
    let mark = format!("#{}", permalink::MARK);
    let begin = text.find(&mark).unwrap_or(0);
    let packed = permalink::read(&text[begin..]).map_err(|error| error.to_string())?;
    let mut plain = Vec::new();
    let mut unpacked = DeflateDecoder::new(&packed[..]).take(permalink::MOST_TEXT as u64 + 1);
    unpacked
        .read_to_end(&mut plain)
        .map_err(|error| permalink::LinkError::Packing(error.to_string()).to_string())?;
    if plain.len() > permalink::MOST_TEXT {
        return Err(permalink::LinkError::TooLarge.to_string());
    }
    let session = permalink::session::<SerdeJson>(&plain).map_err(|error| error.to_string())?;
    Ok(Input::Session(session.1, session.2))
}

/// The text of a lesson.
pub fn lesson_text(file: &Path) -> Result<String, String> {
    let name = file.display().to_string();
    let bytes = fs::File::open(file).and_then(limited);
    let bytes = bytes.map_err(|error| unread(&name, &error))?;
    let text = text(&bytes).map_err(|why| format!("{name} can't be read. {why}"))?;
    Ok(text.to_owned())
}

/// A lesson with the numbers of a reader.
pub fn lesson(file: &str, toml: &str, name: &str) -> Result<Lesson, String> {
    Lesson::read(file, toml, code::seed(name)).map_err(|errors| {
        let lines = errors
            .iter()
            .map(|error| format!("{file}:{}: {}", error.line, error.why));
        let lines: Vec<String> = lines.collect();
        format!("The lesson can't be read.\n{}", lines.join("\n"))
    })
}

/// A file with an answer a line.
pub fn answers(file: &Path) -> Result<Vec<String>, String> {
    let text = lesson_text(file)?;
    Ok(text.lines().map(str::to_owned).collect())
}
