//! FreeBSD's classic swap pager as a deterministic, sans-IO library.

#![forbid(unsafe_code)]

mod page_data;
pub mod units;

pub use page_data::PageData;
