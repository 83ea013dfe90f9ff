//! A session as a link: see [`swap_pager::session::permalink`]. Here JSON is read by the browser.

use swap_pager::Config;
pub use swap_pager::session::permalink::*;

use super::record::{Reader, Record};

/// What the text of a link says.
///
/// # Errors
/// What is wrong with it.
pub fn session(text: &[u8]) -> Result<(Shown, Config, Vec<Record>), LinkError> {
    swap_pager::session::permalink::session::<Reader>(text)
}

#[cfg(test)]
#[path = "permalink_tests.rs"]
mod tests;
