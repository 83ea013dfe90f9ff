//! Keys that do something wherever the focus is, save in fields.

use super::layout::Part;
use crate::session::history::Stride;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Fill the selected pages.
    Fill,
    /// Write text.
    Write,
    /// Read the selected pages.
    Read,
    /// Page the selected pages out.
    Pageout,
    /// Page the whole object out.
    PageoutAll,
    /// Give up the contents of the selected pages.
    Free,
    /// Fork the object.
    Fork,
    /// Destroy the object.
    Destroy,
    /// Select all pages of the object.
    SelectAll,
    /// Add a disk.
    AddDisk,
    /// Make an object.
    NewObject,
    /// Show the view as a table or picture.
    Table,
    /// Type a command.
    Command,
    /// Go a step on, or back.
    Step(Stride, bool),
    /// Play, or pause.
    Play,
    /// Show the present.
    Live,
    /// Hide a part of the stage, or show it again.
    Toggle(Part),
    /// Have the middle fill the page.
    Fullscreen,
    /// Help.
    Help,
    /// Select nothing.
    Deselect,
}

/// All shortcuts: the key as the browser names it, the key as a person does, and what it does.
pub const SHORTCUTS: [(&str, &str, Shortcut, &str); 28] = [
    (
        "d",
        "d",
        Shortcut::Fill,
        "Dirty: fill the selected pages with a pattern",
    ),
    ("w", "w", Shortcut::Write, "Write text into a page"),
    ("r", "r", Shortcut::Read, "Read the selected pages"),
    ("o", "o", Shortcut::Pageout, "Page the selected pages out"),
    (
        "O",
        "Shift o",
        Shortcut::PageoutAll,
        "Page the whole object out",
    ),
    (
        "a",
        "a",
        Shortcut::SelectAll,
        "Select all pages of the object",
    ),
    (
        "x",
        "x",
        Shortcut::Free,
        "Free: give up what is in the selected pages",
    ),
    ("F", "Shift f", Shortcut::Fork, "Fork the object"),
    ("Delete", "Delete", Shortcut::Destroy, "Destroy the object"),
    ("s", "s", Shortcut::AddDisk, "Switch on another disk"),
    ("n", "n", Shortcut::NewObject, "New object"),
    (
        "t",
        "t",
        Shortcut::Table,
        "The view as a table, or as a picture",
    ),
    (":", ":", Shortcut::Command, "Type a command"),
    ("k", "k, Space", Shortcut::Play, "Play, or pause"),
    (
        ",",
        ",",
        Shortcut::Step(Stride::Event, false),
        "An event back",
    ),
    (".", ".", Shortcut::Step(Stride::Event, true), "An event on"),
    (
        "[",
        "[",
        Shortcut::Step(Stride::Io, false),
        "Back to the I/O before",
    ),
    (
        "]",
        "]",
        Shortcut::Step(Stride::Io, true),
        "On to the next I/O",
    ),
    (
        "<",
        "<",
        Shortcut::Step(Stride::Command, false),
        "A command back",
    ),
    (
        ">",
        ">",
        Shortcut::Step(Stride::Command, true),
        "A command on",
    ),
    (
        "l",
        "l",
        Shortcut::Live,
        "Now: show what happens as it happens",
    ),
    (
        "1",
        "1",
        Shortcut::Toggle(Part::Objects),
        "Hide or show the objects",
    ),
    (
        "2",
        "2",
        Shortcut::Toggle(Part::Side),
        "Hide or show inspector and log",
    ),
    (
        "3",
        "3",
        Shortcut::Toggle(Part::Timeline),
        "Hide or show the timeline",
    ),
    (
        "4",
        "4",
        Shortcut::Toggle(Part::Lesson),
        "Hide or show the lesson",
    ),
    (
        "f",
        "f",
        Shortcut::Fullscreen,
        "The middle fills the screen",
    ),
    ("?", "?", Shortcut::Help, "This help"),
    (
        "Escape",
        "Escape",
        Shortcut::Deselect,
        "Select nothing; close a dialog",
    ),
];

/// What a key does, pressed with none of the keys that make it a command of the browser.
pub fn shortcut(key: &str) -> Option<Shortcut> {
    let key = if key == " " { "k" } else { key };
    let found = SHORTCUTS.iter().find(|(name, ..)| *name == key);
    found.map(|(_, _, shortcut, _)| *shortcut)
}

/// Whether an element takes Space for itself.
pub fn takes_space(tag: &str) -> bool {
    matches!(tag, "BUTTON" | "SUMMARY" | "A")
}

/// Whether an element takes what is typed for itself.
pub fn takes_text(tag: &str, editable: bool) -> bool {
    editable || matches!(tag, "INPUT" | "TEXTAREA" | "SELECT" | "OPTION")
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn no_key_does_two_things() {
        for (i, (key, ..)) in SHORTCUTS.iter().enumerate() {
            assert!(SHORTCUTS[..i].iter().all(|(other, ..)| other != key));
            assert!(shortcut(key).is_some());
        }
        assert_eq!(shortcut("D"), None);
        assert_eq!(shortcut("ArrowDown"), None);
    }
}
