//! The radix bitmap that finds room in the swap space (`kern/subr_blist.c`).
//!
//! A tree over all blocks. A leaf is a bitmap of 32 blocks; every other node has up to 16
//! children and knows how many blocks below it are free. Each node carries a *hint*: a search
//! for `n` blocks does not enter a node whose hint is smaller than `n`.
//!
//! A node that is entirely free or entirely allocated is *collapsed*: whatever stands below it
//! is stale and counts for nothing until the node is opened again.
//!
//! The nodes lie in one array, in the order of the original, so that recordings of it can be
//! compared slot by slot. Allocation is first fit in tree order and a run never leaves its
//! leaf; as a leaf is as long as a stripe of the original, a cluster never leaves its disk.
//!
//! Two things the original does, and so this does, though one would not expect them (both are
//! shown by the recordings):
//! * a free that makes a node entirely free in one step does not raise the node's hint; if an
//!   earlier failure lowered it, the node stays hidden until the next free inside it;
//! * a failed search in a collapsed all-allocated node *raises* the node's hint to the sought
//!   length, which is harmless.

mod allocate;
mod fits;
mod free;
mod level;
mod resize;
mod seek;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

use crate::event::{Event, Sink};
use crate::units::SwapBlock;
use fits::Fits;

/// Blocks in a leaf (`BLIST_BMAP_RADIX`).
pub const BMAP_RADIX: u32 = 32;

/// Children of a node that is no leaf (`BLIST_META_RADIX`).
pub const META_RADIX: u32 = 16;

/// Most blocks one allocation can ask for (`BLIST_MAX_ALLOC`).
pub const MAX_ALLOC: u32 = BMAP_RADIX;

/// Most blocks a list can hold: the largest swap space swapon lets through.
pub const MAX_BLOCKS: u32 = 0x0400_0000;

/// A node of the tree (`blmeta_t`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Node {
    /// In a leaf the bitmap, a set bit being a free block (`bmu_bitmap`); in any other node the
    /// number of free blocks below (`bmu_avail`).
    pub value: u32,
    /// A run longer than this is not to be found below; it may be shorter (`bm_bighint`).
    /// −1 marks the end of a node's children.
    pub hint: i32,
}

impl Node {
    const TERMINATOR: Node = Node { value: 0, hint: -1 };

    /// Whether this slot only marks that its parent has no more children.
    pub fn is_terminator(self) -> bool {
        self.hint == -1
    }
}

/// What a search for free blocks found out about a node, in the order it looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Finding {
    /// The hint is smaller than the run sought: skipped and not visited.
    HintTooSmall,
    /// Everything below is allocated.
    AllAllocated,
    /// A leaf without a run of that length, or a node none of whose children had one; its hint
    /// was lowered to one less than what was sought.
    NoRun,
    /// Entered: its children are looked at next.
    Entered,
    /// A leaf that gave the run starting at this block.
    Found(SwapBlock),
}

/// Why the list refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlistError {
    /// A list of this many blocks can't be made; the limit is [`MAX_BLOCKS`].
    BadSize(u32),
    /// More blocks sought in one piece than [`MAX_ALLOC`], or none ("allocation too large" is a
    /// panic of the kernel).
    BadCount(u32),
    /// The range is not inside the list. The kernel does not check this.
    OutOfRange {
        /// First block of the range.
        block: SwapBlock,
        /// Its length in blocks.
        count: u32,
    },
    /// Part of the range is free already ("freeing free block" is a panic of the kernel).
    AlreadyFree {
        /// First block of the range.
        block: SwapBlock,
        /// Its length in blocks.
        count: u32,
    },
}

impl fmt::Display for BlistError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadSize(blocks) => {
                write!(f, "{blocks} blocks: a list holds at most {MAX_BLOCKS}")
            }
            Self::BadCount(count) => {
                write!(f, "{count} blocks sought: one piece has 1 to {MAX_ALLOC}")
            }
            Self::OutOfRange { block, count } => {
                write!(f, "{count} blocks from {block} are not all inside the list")
            }
            Self::AlreadyFree { block, count } => {
                write!(
                    f,
                    "of the {count} blocks from {block}, some are free already"
                )
            }
        }
    }
}

impl std::error::Error for BlistError {}

/// The whole list (`struct blist`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blist {
    /// Blocks the list is for (`bl_blocks`).
    blocks: u32,
    /// Blocks free (`bl_free`).
    free: u32,
    /// The first node and what it covers.
    root: Place,
    /// All nodes; the root is the first (`bl_root`, `bl_rootblks` long).
    nodes: Vec<Node>,
    /// For each node that is no leaf, what the hints of its children let in: a copy that a
    /// search looks through at once.
    fits: Vec<Fits>,
}

/// Where a visit stands in the tree: which node, and what it covers. From one level to the next
/// everything changes by shifts, so that nothing has to be looked up on the way down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// Slot of the node.
    slot: u32,
    /// First block below it.
    block: u32,
    /// Slots from one of its children to the next: 1, 17, 273, …; a leaf has no children, and 0.
    stride: u32,
    /// The binary logarithm of the blocks that a child covers: 5, 9, …; 1 for a leaf.
    shift: u32,
}

impl Place {
    /// A leaf that is the whole tree.
    const LEAF: Place = Place {
        slot: 0,
        block: 0,
        stride: 0,
        shift: 1,
    };

    /// The root of a tree that has one level more than the one with this root.
    fn grown(self) -> Place {
        Place {
            stride: META_RADIX * self.stride + 1,
            shift: self.shift + 4,
            ..self
        }
    }

    /// Where it lies in the arrays of nodes.
    #[inline]
    fn index(self) -> usize {
        self.slot as usize
    }

    fn is_leaf(self) -> bool {
        self.stride == 0
    }

    /// Blocks the node covers.
    fn radix(self) -> u32 {
        META_RADIX << self.shift
    }

    /// Nodes below it in a full tree.
    fn skip(self) -> u32 {
        META_RADIX * self.stride
    }

    /// The `n`th child, whether it exists or not. A leaf has none.
    #[inline]
    fn child(self, n: u32) -> Place {
        Place {
            slot: self.slot + 1 + n * self.stride,
            block: self.block + (n << self.shift),
            stride: self.stride / META_RADIX,
            shift: self.shift.wrapping_sub(4),
        }
    }

    /// Which child covers a block.
    #[inline]
    fn child_of(self, block: u32) -> u32 {
        (block >> self.shift) % META_RADIX
    }

    /// What the node holds when all below it is free.
    fn all_free(self) -> Node {
        let value = if self.is_leaf() {
            u32::MAX
        } else {
            self.radix()
        };
        Node {
            value,
            hint: self.radix() as i32,
        }
    }
}

impl Blist {
    /// A list of `blocks` blocks, all of them allocated (`blist_create`).
    ///
    /// # Errors
    /// [`BlistError::BadSize`].
    pub fn new(blocks: u32) -> Result<Blist, BlistError> {
        if blocks > MAX_BLOCKS {
            return Err(BlistError::BadSize(blocks));
        }
        let mut root = Place::LEAF;
        while root.radix() < blocks {
            root = root.grown();
        }
        let mut nodes = Vec::new();
        init_nodes(&mut nodes, root, blocks);
        let fits = vec![Fits::default(); nodes.len()];
        Ok(Blist {
            blocks,
            free: 0,
            root,
            nodes,
            fits,
        })
    }

    /// Blocks the list is for (`bl_blocks`).
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// Blocks free (`bl_free`).
    pub fn free_blocks(&self) -> u32 {
        self.free
    }

    /// Blocks the root covers: 32 × 16ᵏ, at least as many as the list has (`bl_radix`).
    pub fn radix(&self) -> u32 {
        self.root.radix()
    }

    /// Nodes below the root of a full tree (`bl_skip`): 0, 16, 272, …
    pub fn skip(&self) -> u32 {
        self.root.skip()
    }

    /// All nodes as they lie in memory: the root first, the children of the node in slot `x`
    /// with skip `s` at `x + 1 + j·s/16`. Slots below a collapsed node are stale.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Calls `visit` with the slot of every node that means something, in ascending order: the
    /// root, and the children of every such node that is not collapsed.
    pub fn for_each_live(&self, mut visit: impl FnMut(usize, Node)) {
        self.visit_live(self.root, &mut visit);
    }

    /// Whether any block of the range is free. The range must lie inside the list.
    pub fn any_free(&self, block: SwapBlock, count: u32) -> bool {
        count > 0 && self.any_free_below(self.root, block.0, block.0 + count)
    }

    /// How many children a node has: fewer than 16 only at the end of the list.
    #[inline]
    fn count_children(&self, at: Place) -> u32 {
        let blocks = self.blocks.saturating_sub(at.block).min(at.radix());
        (blocks + (1 << at.shift) - 1) >> at.shift
    }

    /// The children that exist, with their numbers.
    fn children(&self, at: Place) -> impl Iterator<Item = (u32, Place)> + use<> {
        (0..self.count_children(at)).map(move |n| (n, at.child(n)))
    }

    /// Writes a node, telling the sink what was there before.
    #[inline]
    fn set(&mut self, index: usize, new: Node, sink: &mut impl Sink) {
        let old = std::mem::replace(&mut self.nodes[index], new);
        sink.note(|| Event::BlistNode {
            index: index as u32,
            old,
            new,
        });
    }

    /// Gives all children of a collapsed node their real contents again.
    fn open<S: Sink>(&mut self, at: Place, free: bool, sink: &mut S) {
        let first = at.child(0);
        let node = if free {
            first.all_free()
        } else {
            Node::default()
        };
        let children = self.count_children(at);
        if at.stride == 1 && !S::ON {
            self.nodes[first.index()..][..children as usize].fill(node);
        } else {
            for n in 0..children {
                self.set(at.child(n).index(), node, sink);
            }
        }
        self.fits[at.index()] = Fits::all(children, node.hint);
    }

    fn visit_live(&self, at: Place, visit: &mut impl FnMut(usize, Node)) {
        let node = self.nodes[at.index()];
        visit(at.index(), node);
        if at.is_leaf() || node.value == 0 || node.value == at.radix() {
            return;
        }
        for (_, child) in self.children(at) {
            self.visit_live(child, visit);
        }
    }

    fn any_free_below(&self, at: Place, start: u32, end: u32) -> bool {
        let node = self.nodes[at.index()];
        if node.value == 0 {
            return false;
        }
        if at.is_leaf() {
            let first = start.saturating_sub(at.block);
            let last = (end - at.block).min(BMAP_RADIX);
            return node.value & run_mask(first, last - first) != 0;
        }
        if node.value == at.radix() {
            return true;
        }
        let touched = |child: &Place| child.block < end && start < child.block + child.radix();
        let mut children = self.children(at).map(|(_, child)| child).filter(touched);
        children.any(|child| self.any_free_below(child, start, end))
    }
}

/// Lays out the node at `at` and all below it for `count` blocks, everything allocated, and
/// grows `nodes` to hold them (`blst_radix_init`).
fn init_nodes(nodes: &mut Vec<Node>, at: Place, count: u32) {
    if nodes.len() <= at.index() {
        nodes.resize(at.index() + 1, Node::default());
    }
    if at.is_leaf() {
        return;
    }
    let radix = at.child(0).radix();
    let mut left = count;
    // One step further than there can be children: the original sets aside a slot behind the
    // last child even where it needs no terminator.
    for child in (0..=META_RADIX).map(|n| at.child(n)) {
        if left > 0 {
            init_nodes(nodes, child, left.min(radix));
            left -= left.min(radix);
            continue;
        }
        if nodes.len() <= child.index() {
            nodes.resize(child.index() + 1, Node::default());
        }
        if child.index() <= at.index() + at.skip() as usize {
            nodes[child.index()] = Node::TERMINATOR;
        }
        break;
    }
}

/// The bits of a leaf for `count` blocks from the `first` on; `first + count` is at most 32.
fn run_mask(first: u32, count: u32) -> u32 {
    let run = u32::MAX.checked_shr(BMAP_RADIX - count).unwrap_or(0);
    run.checked_shl(first).unwrap_or(0)
}
