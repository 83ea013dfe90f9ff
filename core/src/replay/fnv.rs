//! The hash that recordings give of large states: 64-bit FNV-1a over numbers of 32 bits.

use std::hash::Hasher;

use fnv::FnvHasher;

use crate::blist::Blist;

/// The hash of some numbers, as recordings print it.
pub fn of(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut hasher = FnvHasher::default();
    for number in numbers {
        hasher.write(&number.to_le_bytes());
    }
    format!("{:016x}", hasher.finish())
}

/// The hash of the nodes of an allocator that mean something.
pub fn of_live_nodes(blist: Option<&Blist>) -> String {
    let mut numbers = Vec::new();
    if let Some(blist) = blist {
        blist.for_each_live(|index, node| {
            numbers.extend([index as u32, node.value, node.hint.cast_unsigned()]);
        });
    }
    of(numbers)
}

/// The hash of all nodes of an allocator.
pub fn of_all_nodes(blist: &Blist) -> String {
    let nodes = blist.nodes().iter().enumerate();
    of(nodes.flat_map(|(index, node)| [index as u32, node.value, node.hint.cast_unsigned()]))
}
