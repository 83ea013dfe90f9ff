//! FreeBSD's classic swap pager (2001, Matthew Dillon's "new swap system") as a deterministic,
//! sans-IO library.
//!
//! [`Vm`] is the machine: [commands](Command) go in, [events](event::Event) and
//! [transfers](pager::IoRequest) come out. [`Model`] is what the events tell, for views.
//! [`pager::Pager`] is the pager alone, as the recordings of the original drive it.
//!
//! Each item says which kernel function it stands for. Line numbers are those of
//! `sys/vm/swap_pager.c` as of revision 6adf353a56a161443406b44a45d00c688ca7b857.

#![forbid(unsafe_code)]

pub mod blist;
pub mod buf;
pub mod command;
pub mod compare;
mod counters;
#[cfg(any(feature = "lesson", feature = "saved"))]
pub mod crc32;
pub mod disk;
mod error;
pub mod event;
pub mod language;
#[cfg(feature = "lesson")]
pub mod lesson;
#[cfg(feature = "mix")]
pub mod mix;
mod model;
pub mod object;
pub mod page;
mod page_data;
pub mod page_queues;
pub mod pager;
mod policy;
pub mod random;
#[cfg(feature = "replay")]
pub mod replay;
pub mod session;
pub mod stripe;
pub mod swap_meta;
pub mod swap_space;
pub mod units;
mod vm;
pub mod words;

pub use command::{Command, CommandError};
pub use counters::{Count, Counters};
pub use error::{Errno, KernelPanic};
pub use event::{Event, EventQueue, NoEvents};
pub use litemap::LiteMap;
pub use model::{Model, ModelOp, ModelPage};
pub use page_data::PageData;
pub use policy::Policy;
pub use vm::{Config, MAX_FRAMES, MIN_FRAMES, Vm};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
