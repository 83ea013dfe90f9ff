//! What the browser remembers of lessons: how each went, how far its reader is, and the name the reader gave.
//!
//! Where it remembers nothing, the page works without.

use web_sys::Storage;

/// What it is kept under, followed by the name of the lesson.
const KEPT_AS: &str = "swap-playground-lesson-";

/// What is kept of where a reader is, followed by the name of the lesson.
const READING: &str = "swap-playground-reading-";

/// The reader's name, as long as the tab is open: the next reader is perhaps another.
const NAME: &str = "swap-playground-reader";

/// How a lesson went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Went {
    /// Questions that were answered rightly.
    pub right: u32,
    /// Questions in all.
    pub questions: u32,
    /// Whether the challenge was met; none if there is none.
    pub met: Option<bool>,
}

impl Went {
    fn written(self) -> String {
        let met = match self.met {
            None => "",
            Some(false) => " seen",
            Some(true) => " met",
        };
        format!("{} {}{met}", self.right, self.questions)
    }

    fn read(text: &str) -> Option<Went> {
        let mut words = text.split(' ');
        let mut number = || words.next()?.parse().ok();
        let (right, questions) = (number()?, number()?);
        Some(Went {
            right,
            questions,
            met: words.next().map(|word| word == "met"),
        })
    }

    /// How one went when it was last read to its end.
    pub fn of(lesson: &str) -> Option<Went> {
        Went::read(&local()?.get_item(&format!("{KEPT_AS}{lesson}")).ok()??)
    }

    /// Remembers it.
    pub fn keep(self, lesson: &str) {
        if let Some(storage) = local() {
            let _ = storage.set_item(&format!("{KEPT_AS}{lesson}"), &self.written());
        }
    }
}

/// How far the reader of a lesson is, if that was kept.
pub fn progress(lesson: &str) -> Option<String> {
    local()?.get_item(&format!("{READING}{lesson}")).ok()?
}

/// Remembers how far the reader of a lesson is. Tells whether the browser does.
pub fn keep_progress(lesson: &str, text: &str) -> bool {
    local().is_some_and(|storage| {
        storage
            .set_item(&format!("{READING}{lesson}"), text)
            .is_ok()
    })
}

/// The name that was given last.
pub fn name() -> String {
    let name = tab().and_then(|storage| storage.get_item(NAME).ok()?);
    name.unwrap_or_default()
}

/// Remembers a name.
pub fn keep_name(name: &str) {
    if let Some(storage) = tab() {
        let _ = storage.set_item(NAME, name);
    }
}

fn local() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

fn tab() -> Option<Storage> {
    gloo::utils::window().session_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_is_kept_reads_back() {
        for met in [None, Some(false), Some(true)] {
            let went = Went {
                right: 2,
                questions: 3,
                met,
            };
            assert_eq!(Went::read(&went.written()), Some(went));
        }
        assert_eq!(Went::read("what others left there"), None);
        assert_eq!(Went::read(""), None);
    }
}
