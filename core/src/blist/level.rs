//! The levels of the tree as types: what differs from one level to the next is then known to the
//! compiler, which makes straight code of a way through all of them.

use std::marker::PhantomData;

use super::{META_RADIX, Place};

/// A level of the tree, counted from the leaves.
pub trait Level {
    /// Slots from one child of a node to the next; see [`Place`].
    const STRIDE: u32;
    /// The binary logarithm of the blocks that a child covers; see [`Place`].
    const SHIFT: u32;
    /// Blocks that a node covers.
    const RADIX: u32 = META_RADIX << Self::SHIFT;

    /// A node of this level.
    fn place(slot: usize, block: u32) -> Place {
        Place {
            slot: slot as u32,
            block,
            stride: Self::STRIDE,
            shift: Self::SHIFT,
        }
    }
}

/// The leaves.
pub struct Leaf;

/// The level above another.
pub struct Above<Below>(PhantomData<Below>);

impl Level for Leaf {
    const STRIDE: u32 = Place::LEAF.stride;
    const SHIFT: u32 = Place::LEAF.shift;
}

impl<Below: Level> Level for Above<Below> {
    const STRIDE: u32 = META_RADIX * Below::STRIDE + 1;
    const SHIFT: u32 = Below::SHIFT + 4;
}

/// The root of the smallest tree that is more than a leaf.
pub type Level1 = Above<Leaf>;
/// The next level.
pub type Level2 = Above<Level1>;
/// The next level.
pub type Level3 = Above<Level2>;
/// The next level.
pub type Level4 = Above<Level3>;
/// The next level.
pub type Level5 = Above<Level4>;
/// The root of the largest tree.
pub type Level6 = Above<Level5>;

/// Calls a function of the level that a root is on.
macro_rules! at_root {
    ($root:expr, $function:ident $arguments:tt) => {
        match $root.shift {
            1 => Leaf::$function $arguments,
            5 => Level1::$function $arguments,
            9 => Level2::$function $arguments,
            13 => Level3::$function $arguments,
            17 => Level4::$function $arguments,
            21 => Level5::$function $arguments,
            _ => Level6::$function $arguments,
        }
    };
}

pub(super) use at_root;
