//! The swap space block by block, in the order of its numbers: the stripe map's picture with its
//! stripes one right after the other.

pub use super::disks::Linear;
