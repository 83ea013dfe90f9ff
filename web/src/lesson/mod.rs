//! Lessons in the page: where a reader is in one, what was answered, and the scripts that run.
//!
//! What a lesson says and asks is the core's (`swap_pager::lesson`). A lesson that is open is a
//! [`Course`]: it drives a session of its own, in memory.

mod course;
pub mod kept;
mod resume;
pub mod shelf;
mod state;
mod tasks;
pub mod trial;
pub mod words;

pub use course::Course;
pub use shelf::{Source, Wanted};
pub use state::{Given, Place, State, Visit};
