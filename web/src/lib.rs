//! Swap Playground in the browser.

pub mod app;
pub mod disk;
pub mod embed;
pub mod lesson;
pub mod part;
pub mod session;
pub mod view;

pub use app::App;
