//! A session without a browser: what was put into a machine, when transfers reach their disks, and a
//! machine that plays all that by itself.
//!
//! A session is its [configuration](crate::Config) and a list of [records](record::Record); the same
//! list gives the same events. The page keeps such a list, and so do the files it saves. A
//! [`Player`] replays one, or goes on from it with the [lines of a script](script).

pub mod driver;
#[cfg(feature = "saved")]
pub mod file;
#[cfg(feature = "saved")]
pub mod permalink;
pub mod player;
pub mod record;
pub mod script;

pub use player::Player;
