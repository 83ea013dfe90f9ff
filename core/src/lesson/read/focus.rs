//! What the eye is drawn to.

use super::super::{Focus, VIEWS};

impl Focus {
    /// `stripes`, `disk 1`, `object heap`, `page heap 5`, `block 132`, `block of heap 5`.
    ///
    /// # Errors
    /// What there is, as a sentence.
    pub fn read(text: &str) -> Result<Focus, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let named = |words: &[&str]| Some(words.join(" ")).filter(|name| !name.is_empty());
        let page = |words: &[&str]| {
            let (index, name) = words.split_last()?;
            Some((named(name)?, index.parse().ok()?))
        };
        let focus = match words[..] {
            [view] if VIEWS.contains(&view) => Some(Focus::Panel(view.to_owned())),
            ["disk", number] => number.parse().ok().map(Focus::Disk),
            ["block", "of", ref rest @ ..] => {
                page(rest).map(|(name, page)| Focus::BlockOf(name, page))
            }
            ["block", number] => number.parse().ok().map(Focus::Block),
            ["object", ref rest @ ..] => named(rest).map(Focus::Object),
            ["page", ref rest @ ..] => page(rest).map(|(name, page)| Focus::Page(name, page)),
            _ => None,
        };
        focus.ok_or_else(|| {
            format!(
                "`{text}` can't be pointed at. Write `disk 1`, `object heap`, `page heap 5`, `block 132`, \
                 `block of heap 5`, or one of: {}.",
                VIEWS.join(", ")
            )
        })
    }
}
