//! What happens, in the kernel's words: the lines of the log, as the page and the terminal show it.
//!
//! Most of it is marked to be inlined, so that it is compiled where it is used: for the browser it is
//! to be small.

pub mod line;
pub mod numbers;
pub mod phrases;
pub mod shown;
pub mod wording;
