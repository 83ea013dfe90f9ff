//! End-to-end tests of Swap Playground over WebDriver, and its pictures.
//!
//! A test gets a browser of its own, with an empty profile, and does in it what a person does:
//!
//! ```no_run
//! use swap_playground_e2e::{Result, visit};
//!
//! #[tokio::test]
//! async fn a_page_comes_back() -> Result {
//!     visit(async |page| {
//!         page.start_empty().await?;
//!         page.add_disk(4096).await?;
//!         page.new_object(Some("heap"), 16).await?;
//!         page.fill("0..15").await?;
//!         page.page_out("all").await?;
//!         page.read("0").await
//!     })
//!     .await
//! }
//! ```
//!
//! [`Page`] has what a person can do and see, [`raw`] what lies in the database, past the page's
//! own code. Nothing sleeps for a fixed time: what takes a while is waited for, see
//! [`Page::until`].
//!
//! The tests read three variables of the environment, which `pkg-scripts/test e2e` sets:
//! `SWAP_PLAYGROUND_URL` is the address of the page, `SWAP_PLAYGROUND_SITE` the folder it is served from,
//! `WEBDRIVER_URL` the address of a chromedriver. [`Engine`] tells how they run in other browsers.

mod axe;
mod browser;
mod canvas;
mod engine;
mod keyboard;
pub mod lesson;
mod look;
mod page;
mod person;
mod pointer;
pub mod raw;
mod refuse;
pub mod scenes;
mod seen;
mod server;
mod wait;

pub use browser::{browser_with, visit, visit_as};
pub use canvas::{Color, Picture};
pub use engine::Engine;
pub use look::{LOOKS, Look, MORE_LOOKS, Scheme, Screen};
pub use page::Page;
pub use pointer::{MouseButton, Point};
pub use seen::StripeRow;
pub use server::Site;

/// What goes wrong in a test ends it.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// How a test, or a part of one, ends.
pub type Result<T = ()> = std::result::Result<T, Error>;
