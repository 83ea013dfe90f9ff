//! Where the nodes of the tree are: in the array, and among the blocks.

use std::ops::Range;

use swap_pager::blist::{BMAP_RADIX, META_RADIX, Node};
use swap_pager::event::BlistImage;

/// The place of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its slot in the array of nodes.
    pub index: u32,
    /// Its level; the root's is 0.
    pub level: u32,
    /// The first block it covers.
    pub first: u32,
    /// How many blocks it covers, if the list is that long.
    pub covers: u32,
}

/// What a node is at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The list ends before it.
    Absent,
    /// It stands below a collapsed node and counts for nothing.
    Stale,
    /// All it covers is free.
    AllFree,
    /// All it covers is allocated.
    AllUsed,
    /// Some of it is free.
    Partly,
}

/// A node where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its place.
    pub place: Place,
    /// What it is.
    pub state: State,
    /// What it holds. In a stale one, that is left over from before.
    pub node: Node,
    /// Free blocks below it, those of a stale one told from above.
    pub free: u32,
}

impl Seen {
    /// Whether it means something.
    pub fn is_live(self) -> bool {
        !matches!(self.state, State::Absent | State::Stale)
    }

    /// Whether nothing below it counts.
    pub fn is_collapsed(self) -> bool {
        !self.place.is_leaf() && matches!(self.state, State::AllFree | State::AllUsed)
    }
}

impl Place {
    /// The root.
    pub fn root(image: &BlistImage) -> Place {
        Place {
            index: 0,
            level: 0,
            first: 0,
            covers: image.radix,
        }
    }

    /// Whether it is a leaf: a bitmap of 32 blocks, which is a stripe.
    pub fn is_leaf(self) -> bool {
        self.covers == BMAP_RADIX
    }

    /// The end of the blocks it covers in a list of so many.
    pub fn end(self, image: &BlistImage) -> u32 {
        image.blocks.min(self.first + self.covers)
    }

    /// The child that covers a block, which must be one of its own. A leaf has none.
    fn child(self, image: &BlistImage, block: u32) -> Place {
        let covers = self.covers / META_RADIX;
        let n = (block - self.first) / covers;
        Place {
            index: self.index + 1 + n * (skip(image, self.level) / META_RADIX),
            level: self.level + 1,
            first: self.first + n * covers,
            covers,
        }
    }
}

/// How many levels a tree has.
pub fn levels(image: &BlistImage) -> u32 {
    (image.radix / BMAP_RADIX).ilog2() / META_RADIX.ilog2() + 1
}

/// Blocks that a node of a level covers.
pub fn covers(image: &BlistImage, level: u32) -> u32 {
    image.radix >> (META_RADIX.ilog2() * level)
}

/// Nodes below one of a level in a full tree.
fn skip(image: &BlistImage, level: u32) -> u32 {
    (0..level).fold(image.skip, |skip, _| skip / META_RADIX - 1)
}

/// The node of a level that covers a block.
pub fn look(image: &BlistImage, level: u32, block: u32) -> Seen {
    let mut place = Place::root(image);
    let mut above = None;
    while place.level < level {
        if above.is_none() {
            let state = state(image, place);
            above = matches!(state, State::AllFree | State::AllUsed).then_some(state);
        }
        place = place.child(image, block);
    }
    seen(image, place, above)
}

fn seen(image: &BlistImage, place: Place, above: Option<State>) -> Seen {
    let node = node(image, place);
    let mut state = state(image, place);
    let mut free = match state {
        State::Absent => 0,
        _ if place.is_leaf() => node.value.count_ones(),
        _ => node.value,
    };
    if let (Some(above), true) = (above, state != State::Absent) {
        state = State::Stale;
        free = match above {
            State::AllFree => place.covers,
            _ => 0,
        };
    }
    Seen {
        place,
        state,
        node,
        free,
    }
}

fn node(image: &BlistImage, place: Place) -> Node {
    let node = image.nodes.get(place.index as usize);
    node.copied().unwrap_or_default()
}

fn state(image: &BlistImage, place: Place) -> State {
    let full = if place.is_leaf() {
        u32::MAX
    } else {
        place.covers
    };
    match node(image, place).value {
        _ if place.first >= image.blocks => State::Absent,
        0 => State::AllUsed,
        value if value == full => State::AllFree,
        _ => State::Partly,
    }
}

/// The node in a slot of the array, if it is one of the tree's.
pub fn find(image: &BlistImage, index: u32) -> Option<Seen> {
    let mut place = Place::root(image);
    while place.index < index && !place.is_leaf() {
        let stride = skip(image, place.level) / META_RADIX;
        let child = (index - place.index - 1) / stride;
        if child >= META_RADIX {
            return None;
        }
        place = place.child(image, place.first + child * (place.covers / META_RADIX));
    }
    let there = place.index == index && place.first < image.blocks;
    there.then(|| look(image, place.level, place.first))
}

/// The leaf that a node begins with.
pub fn leaf_of(block: u32) -> u32 {
    block / BMAP_RADIX
}

/// Where an arrow key leads from a node: to the neighbours on its level, to its parent, to the
/// first of its children that means something.
pub fn moved(image: &BlistImage, from: Place, key: &str) -> Option<Seen> {
    let Place {
        level,
        first,
        covers,
        ..
    } = from;
    let there = |level, block| {
        let seen = look(image, level, block);
        seen.is_live().then_some(seen)
    };
    match key {
        "ArrowUp" => there(level.checked_sub(1)?, first),
        "ArrowDown" if !from.is_leaf() => there(level + 1, first),
        "ArrowLeft" => there(level, first.checked_sub(covers)?)
            // Past what is stale, to the next that counts.
            .or_else(|| there(level, before(image, level, first)?)),
        "ArrowRight" => there(level, next(image, level, first + covers)?),
        "Home" => there(level, next(image, level, 0)?),
        "End" => there(level, before(image, level, image.blocks)?),
        _ => None,
    }
}

/// The first block of the next node of a level that counts, from a block on.
pub fn next(image: &BlistImage, level: u32, from: u32) -> Option<u32> {
    let mut block = from;
    while block < image.blocks {
        let hides = hidden_by(image, level, block);
        match hides {
            None => return Some(block),
            Some(above) => block = above.first + above.covers,
        }
    }
    None
}

fn before(image: &BlistImage, level: u32, end: u32) -> Option<u32> {
    let mut end = end;
    loop {
        let last = end.checked_sub(1)?;
        let Some(above) = hidden_by(image, level, last) else {
            let covers = covers(image, level);
            return Some(last / covers * covers);
        };
        end = above.first;
    }
}

/// The collapsed node above the one of a level that covers a block.
pub fn hidden_by(image: &BlistImage, level: u32, block: u32) -> Option<Place> {
    let mut place = Place::root(image);
    while place.level < level {
        if matches!(state(image, place), State::AllFree | State::AllUsed) {
            return Some(place);
        }
        place = place.child(image, block);
    }
    None
}

/// Free blocks of a range. Only the nodes at its ends are opened.
pub fn free_in(image: &BlistImage, range: Range<u32>) -> u32 {
    free_below(image, Place::root(image), range.start, range.end)
}

fn free_below(image: &BlistImage, at: Place, start: u32, end: u32) -> u32 {
    let (from, to) = (start.max(at.first), end.min(at.first + at.covers));
    let state = state(image, at);
    if from >= to || matches!(state, State::Absent | State::AllUsed) {
        return 0;
    }
    let count = to - from;
    if state == State::AllFree {
        return count;
    }
    let value = node(image, at).value;
    if at.is_leaf() {
        let bits = value >> (from - at.first);
        return (bits & (u32::MAX >> (BMAP_RADIX - count))).count_ones();
    }
    if count == at.covers {
        return value;
    }
    let covers = at.covers / META_RADIX;
    let children = (from / covers)..to.div_ceil(covers);
    children
        .map(|n| free_below(image, at.child(image, n * covers), start, end))
        .sum()
}

#[cfg(test)]
#[path = "geometry_tests.rs"]
mod tests;
