//! FreeBSD's classic swap pager as a deterministic, sans-IO library.
