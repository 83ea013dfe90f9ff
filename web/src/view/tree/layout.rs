//! Where the nodes of the tree are on the picture.

use std::ops::Range;

use swap_pager::blist::BMAP_RADIX;
use swap_pager::event::BlistImage;

use super::geometry::{Place, leaf_of, levels};

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
        let blocks = self.blocks.max(CLOSEST.min(radix)).min(radix);
        let start = self.start.max(0.0).min(radix - blocks);
        Window { start, blocks }
    }

    /// Shows `factor` times as many blocks; what is at `part` of the width stays there.
    pub fn zoomed(self, image: &BlistImage, part: f64, factor: f64) -> Window {
        let radix = f64::from(image.radix);
        let blocks = (self.blocks * factor).max(CLOSEST.min(radix)).min(radix);
        let start = self.start + (self.blocks - blocks) * part;
        Window { start, blocks }.within(image)
    }

    /// A node and nothing else, as far as one can go that close.
    pub fn on(image: &BlistImage, place: Place) -> Window {
        let (start, blocks) = (f64::from(place.first), f64::from(place.covers));
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
            let start = self.start.max(first).min((end - self.blocks).max(first));
            return Window { start, ..self }.within(image);
        }
        let start = self.start.max(end - self.blocks).min(first);
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

    /// Top of the magnified bits.
    pub fn cells_y(&self) -> f64 {
        self.lens_y() + LABEL + BAR_PITCH
    }

    /// The rectangle of a magnified leaf's bits; `None` if it is not magnified.
    pub fn lens_rect(&self, leaf: u32) -> Option<Rect> {
        let n = leaf.checked_sub(self.lens)?;
        let pitch = (self.width + LENS_GAP) / f64::from(self.lens_leaves);
        (n < self.lens_leaves).then(|| Rect {
            x: f64::from(n) * pitch,
            y: self.cells_y(),
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
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;
    use crate::view::tree::geometry::look;
    use swap_pager::Model;

    fn image(model: &Model) -> &BlistImage {
        model.blist.as_ref().expect("the machine has a disk")
    }

    #[test]
    fn a_point_of_the_picture_is_the_node_drawn_there() {
        let model = machine();
        let image = image(&model);
        for width in [366.0, 730.0, 1290.0] {
            let window = Window::all(image).zoomed(image, 0.0, 0.1);
            let layout = Layout::new(image, width, window, 4);
            for level in 0..4 {
                let node = look(image, level, 700).place;
                let rect = layout.span(level, node.first, node.end(image));
                let right = (rect.x + rect.w).min(width);
                let hit = layout.hit(image, (rect.x + right) / 2.0, rect.y + 3.0);
                let Some(Hit::Row(on, block)) = hit else {
                    panic!("{hit:?} at {width}");
                };
                assert_eq!((on, look(image, on, block).place), (level, node));
            }
            for block in [128, 140, 159] {
                let rect = layout.cell(block).expect("leaf 4 is magnified");
                assert!(rect.x + rect.w <= width + 0.5);
                let hit = layout.hit(image, rect.x + rect.w / 2.0, rect.y + 3.0);
                assert_eq!(hit, Some(Hit::Cell(block)));
                assert!(rect.y + rect.h < Layout::height(4));
            }
        }
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let model = machine();
        let image = image(&model);
        let all = Window::all(image);
        let near = all.zoomed(image, 0.25, 0.5);
        assert_eq!(near.start + near.blocks * 0.25, all.blocks * 0.25);
        assert_eq!(near.zoomed(image, 0.25, 2.0), all);
        // As far as the root could reach, and no closer than two leaves.
        assert_eq!(all.zoomed(image, 0.5, 1e9).blocks, 131_072.0);
        assert_eq!(all.zoomed(image, 0.5, 1e-9).blocks, 64.0);
        assert_eq!(near.panned(image, -5.0).start, 0.0);
        let leaf = look(image, 3, 9000).place;
        let there = all.zoomed(image, 0.0, 0.01).with(image, leaf);
        assert!(
            there.start <= leaf.first.into()
                && there.start + there.blocks >= (leaf.first + 32).into()
        );
    }
}
