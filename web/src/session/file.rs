//! A session as a file: see [`swap_pager::session::file`]. Here JSON is read by the browser.

use swap_pager::Config;
pub use swap_pager::session::file::*;

use super::record::{Reader, Record};

/// What an unpacked file is about, and its lines as they were written.
///
/// # Errors
/// What is wrong with it.
pub fn open(file: &[u8]) -> Result<(What, &[u8]), FileError> {
    swap_pager::session::file::open::<Reader>(file)
}

/// The session in the lines of a file.
///
/// # Errors
/// What is wrong with it.
pub fn session(body: &[u8]) -> Result<(Config, Vec<Record>), FileError> {
    swap_pager::session::file::session::<Reader>(body)
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
