//! Where the nodes of the tree are: in the array, among the blocks, and on the picture.

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

/// The blocks that are in view, which may begin and end inside a node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// The first.
    pub start: f64,
    /// How many.
    pub blocks: f64,
}

/// The least that is shown across the picture.
const CLOSEST: f64 = 2.0 * BMAP_RADIX as f64;

impl Window {
    /// All blocks of the list.
    pub fn all(image: &BlistImage) -> Window {
        Window {
            start: 0.0,
            blocks: f64::from(image.blocks),
        }
    }

    /// The nearest that lies within what the root could cover.
    fn within(self, image: &BlistImage) -> Window {
        let radix = f64::from(image.radix);
        let blocks = self.blocks.clamp(CLOSEST.min(radix), radix);
        let start = self.start.clamp(0.0, radix - blocks);
        Window { start, blocks }
    }

    /// Shows `factor` times as many blocks; what is at `part` of the width stays there.
    pub fn zoomed(self, image: &BlistImage, part: f64, factor: f64) -> Window {
        let radix = f64::from(image.radix);
        let blocks = (self.blocks * factor).clamp(CLOSEST.min(radix), radix);
        let start = self.start + (self.blocks - blocks) * part;
        Window { start, blocks }.within(image)
    }

    /// Moved by a part of what is in view.
    pub fn panned(self, image: &BlistImage, part: f64) -> Window {
        let start = self.start + self.blocks * part;
        Window { start, ..self }.within(image)
    }

    /// The least movement, or enlargement, that brings a node into view.
    pub fn with(self, image: &BlistImage, place: Place) -> Window {
        let (first, covers) = (f64::from(place.first), f64::from(place.covers));
        let end = first + f64::from(place.end(image) - place.first);
        // A node that is larger than the window is seen where it goes through it.
        if covers > self.blocks {
            let start = self.start.clamp(first, (end - self.blocks).max(first));
            return Window { start, ..self }.within(image);
        }
        let start = self.start.clamp(end - self.blocks, first);
        Window { start, ..self }.within(image)
    }
}

/// Space over a row for what is said about its level.
const LABEL: f64 = 17.0;
/// Height of a bar that stands for a hint.
pub const BAR: f64 = 4.0;
/// From the top of a bar to the top of the node.
const BAR_PITCH: f64 = 6.0;
/// Height of a node.
const BOX: f64 = 26.0;
/// From one row to the next.
const PITCH: f64 = LABEL + BAR_PITCH + BOX + 7.0;
/// Between the leaves and the magnified ones.
const GAP: f64 = 20.0;
/// Least width of a magnified leaf.
const LENS_LEAF: f64 = 92.0;
/// Space between two of them.
const LENS_GAP: f64 = 10.0;
/// Height of a magnified bit.
pub const CELL: f64 = 12.0;
/// Bits of a row of a magnified leaf.
pub const CELLS_A_ROW: u32 = 16;
/// Height of what is said below a magnified leaf.
const WORDS: f64 = 30.0;

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// How the picture is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Its width.
    pub width: f64,
    /// Rows of nodes.
    pub levels: u32,
    /// Blocks in view.
    pub window: Window,
    /// The first leaf that is magnified.
    pub lens: u32,
    /// How many are.
    pub lens_leaves: u32,
}

/// What is at a point of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The row of a level, at a block.
    Row(u32, u32),
    /// A bit of a magnified leaf.
    Cell(u32),
    /// Something else of the magnified leaf with this block.
    Lens(u32),
}

impl Layout {
    /// A picture so wide, with the leaf `lens` among those that are magnified.
    pub fn new(image: &BlistImage, width: f64, window: Window, lens: u32) -> Layout {
        let leaves = image.blocks.div_ceil(BMAP_RADIX);
        let fit = ((width + LENS_GAP) / (LENS_LEAF + LENS_GAP)).max(1.0) as u32;
        let lens_leaves = fit.min(leaves.max(1));
        Layout {
            width,
            levels: levels(image),
            window,
            lens: lens
                .saturating_sub(lens_leaves / 2)
                .min(leaves.saturating_sub(lens_leaves)),
            lens_leaves,
        }
    }

    /// Height of a picture with so many rows.
    pub fn height(levels: u32) -> f64 {
        f64::from(levels) * PITCH + GAP + LABEL + BAR_PITCH + 2.0 * CELL + 4.0 + WORDS
    }

    /// Where a block begins.
    pub fn x(&self, block: f64) -> f64 {
        (block - self.window.start) * self.width / self.window.blocks
    }

    /// The block at a place, which may lie outside the list.
    pub fn block(&self, x: f64) -> f64 {
        self.window.start + x * self.window.blocks / self.width
    }

    /// Width of so many blocks.
    pub fn wide(&self, blocks: u32) -> f64 {
        f64::from(blocks) * self.width / self.window.blocks
    }

    /// Top of what is said about a level.
    pub fn label_y(&self, level: u32) -> f64 {
        f64::from(level) * PITCH
    }

    /// The rectangle of blocks on the row of a level.
    pub fn span(&self, level: u32, first: u32, end: u32) -> Rect {
        let (x, right) = (self.x(f64::from(first)), self.x(f64::from(end)));
        Rect {
            x,
            y: self.label_y(level) + LABEL + BAR_PITCH,
            w: right - x,
            h: BOX,
        }
    }

    /// The blocks of the list that are in view.
    pub fn in_view(&self, image: &BlistImage) -> Range<u32> {
        let end = (self.window.start + self.window.blocks).ceil() as u32;
        (self.window.start as u32)..end.min(image.blocks)
    }

    /// The rectangle of a magnified leaf's bits; `None` if it is not magnified.
    pub fn lens_rect(&self, leaf: u32) -> Option<Rect> {
        let n = leaf.checked_sub(self.lens)?;
        let pitch = (self.width + LENS_GAP) / f64::from(self.lens_leaves);
        (n < self.lens_leaves).then(|| Rect {
            x: f64::from(n) * pitch,
            y: self.lens_y() + LABEL + BAR_PITCH,
            w: pitch - LENS_GAP,
            h: 2.0 * CELL,
        })
    }

    /// Top of the magnified leaves.
    pub fn lens_y(&self) -> f64 {
        f64::from(self.levels) * PITCH + GAP
    }

    /// The rectangle of a magnified bit.
    pub fn cell(&self, block: u32) -> Option<Rect> {
        let leaf = self.lens_rect(leaf_of(block))?;
        let (row, column) = (
            block % BMAP_RADIX / CELLS_A_ROW,
            block % BMAP_RADIX % CELLS_A_ROW,
        );
        let w = leaf.w / f64::from(CELLS_A_ROW);
        Some(Rect {
            x: leaf.x + f64::from(column) * w,
            y: leaf.y + f64::from(row) * CELL,
            w,
            h: CELL,
        })
    }

    /// What is at a point.
    pub fn hit(&self, image: &BlistImage, x: f64, y: f64) -> Option<Hit> {
        if !(0.0..self.width).contains(&x) || y < 0.0 {
            return None;
        }
        if y < f64::from(self.levels) * PITCH {
            let level = (y / PITCH) as u32;
            let block = self.block(x) as u32;
            let in_row = y - self.label_y(level) >= LABEL;
            return (in_row && block < image.blocks).then_some(Hit::Row(level, block));
        }
        let leaves = self.lens..self.lens + self.lens_leaves;
        for leaf in leaves {
            let rect = self.lens_rect(leaf)?;
            if x < rect.x || x >= rect.x + rect.w || y < self.lens_y() {
                continue;
            }
            let first = leaf * BMAP_RADIX;
            let (row, column) = ((y - rect.y) / CELL, (x - rect.x) / rect.w);
            if !(0.0..2.0).contains(&row) {
                return Some(Hit::Lens(first));
            }
            let column = (column * f64::from(CELLS_A_ROW)) as u32;
            return Some(Hit::Cell(first + row as u32 * CELLS_A_ROW + column));
        }
        None
    }
}

#[cfg(test)]
#[path = "geometry_tests.rs"]
mod tests;
