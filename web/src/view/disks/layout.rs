//! Where on the screen a block of the stripe map is, and back.
//!
//! A column a slot, a row a stripe. All lengths are CSS pixels; edges fall on device pixels, so
//! that nothing is blurred.

use swap_pager::units::{DMMAX, DeviceBlock, SlotId};

/// Room at the left for the numbers of the rows.
const GUTTER: f64 = 34.0;

/// Least room between columns.
const GAP: f64 = 10.0;

/// Heights that a row can have, with the space below it.
pub const PITCHES: [f64; 9] = [3.0, 4.0, 5.0, 7.0, 9.0, 11.0, 14.0, 18.0, 24.0];

/// Rows beyond those in use that should be in view too.
const SPARE_ROWS: u32 = 6;

/// A rectangle on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
}

/// The geometry of a stripe map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    slots: u32,
    /// Stripes of the longest disk.
    rows: u32,
    /// Height of a row with the space below it.
    pitch: f64,
    /// Width of a block; a whole number of device pixels unless the screen is too narrow.
    block: f64,
    /// From the left edge of a column to that of the next.
    stride: f64,
    /// Device pixels in a CSS pixel.
    ratio: f64,
}

impl Layout {
    /// For a map of `slots` columns and `rows` stripes in a space of that width.
    pub fn new(slots: u32, rows: u32, width: f64, ratio: f64, pitch: f64) -> Layout {
        let columns = f64::from(slots.max(1));
        let room = (width - GUTTER - GAP * (columns - 1.0)).max(columns) / columns;
        let exact = room / f64::from(DMMAX);
        let whole = (exact * ratio).floor() / ratio;
        let block = if whole * ratio >= 3.0 { whole } else { exact };
        let free = width - GUTTER - block * f64::from(DMMAX) * columns;
        let gap = (free / (columns - 1.0).max(1.0)).clamp(0.0, 36.0);
        Layout {
            slots,
            rows,
            pitch,
            block,
            stride: block * f64::from(DMMAX) + gap,
            ratio,
        }
    }

    /// The largest height of a row at which all that is in use is in view, and a little more.
    /// `used` counts the rows down to the last one that holds something.
    pub fn fitting_pitch(rows: u32, used: u32, height: f64) -> f64 {
        let wanted = f64::from((used + SPARE_ROWS).min(rows).max(1));
        let fits = |pitch: &f64| pitch * wanted <= height;
        // Only disks that are in view as a whole get the highest rows.
        let most = if f64::from(rows) * 24.0 <= height {
            24.0
        } else {
            18.0
        };
        let largest = PITCHES.iter().rev().copied();
        let mut allowed = largest.filter(|pitch| *pitch <= most);
        allowed.find(fits).unwrap_or(PITCHES[0])
    }

    /// Height of a row with the space below it.
    pub fn pitch(&self) -> f64 {
        self.pitch
    }

    /// Height of all rows.
    pub fn height(&self) -> f64 {
        f64::from(self.rows) * self.pitch
    }

    /// Stripes of the longest disk.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Width of a block.
    pub fn block_width(&self) -> f64 {
        self.block
    }

    /// The left edge and the width of a column.
    pub fn column(&self, slot: u32) -> (f64, f64) {
        (
            ((GUTTER + f64::from(slot) * self.stride) * self.ratio).floor() / self.ratio,
            self.block * f64::from(DMMAX),
        )
    }

    /// Blocks `first` to `first + count - 1` of a row.
    pub fn run(&self, slot: u32, row: u32, first: u32, count: u32) -> Rect {
        let (left, _) = self.column(slot);
        let x = self.snap(left + f64::from(first) * self.block);
        let end = self.snap(left + f64::from(first + count) * self.block);
        let space = if self.pitch >= 7.0 { 2.0 } else { 1.0 };
        Rect {
            x,
            y: f64::from(row) * self.pitch,
            w: end - x,
            h: self.pitch - space,
        }
    }

    /// A block of a device.
    pub fn block(&self, slot: SlotId, block: DeviceBlock) -> Rect {
        self.run(slot.0, block.0 / DMMAX, block.0 % DMMAX, 1)
    }

    /// The rows that are in view when it is scrolled down by `scroll`.
    pub fn visible(&self, scroll: f64, height: f64) -> std::ops::Range<u32> {
        let first = (scroll / self.pitch).floor().max(0.0) as u32;
        let end = ((scroll + height) / self.pitch).ceil().max(0.0) as u32;
        first.min(self.rows)..end.min(self.rows)
    }

    /// The block at a place of the whole map.
    pub fn hit(&self, x: f64, y: f64) -> Option<(SlotId, DeviceBlock)> {
        let row = (y / self.pitch).floor();
        if row < 0.0 || row >= f64::from(self.rows) {
            return None;
        }
        let slot = (0..self.slots).find(|&slot| {
            let (left, width) = self.column(slot);
            (left..left + width).contains(&x)
        })?;
        let at = ((x - self.column(slot).0) / self.block) as u32;
        let block = row as u32 * DMMAX + at.min(DMMAX - 1);
        Some((SlotId(slot), DeviceBlock(block)))
    }

    /// How far to scroll so that a row is in view, if it is not.
    pub fn reveal(&self, row: u32, scroll: f64, height: f64) -> Option<f64> {
        let top = f64::from(row) * self.pitch;
        let inside = top >= scroll && top + self.pitch <= scroll + height;
        (!inside).then(|| (top - height / 2.0).max(0.0))
    }

    /// Every how many rows a number is written, so that numbers keep their distance.
    pub fn row_label_step(&self) -> u32 {
        [1, 2, 5, 10, 20, 50, 100, 200]
            .into_iter()
            .find(|&step| f64::from(step) * self.pitch >= 34.0)
            .unwrap_or(500)
    }

    fn snap(&self, x: f64) -> f64 {
        (x * self.ratio).round() / self.ratio
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::stripe::Interleave;
    use swap_pager::units::SwapBlock;

    #[test]
    fn every_block_is_found_where_it_is_drawn() {
        let four = Interleave::new(4);
        for (width, ratio, pitch) in [
            (800.0, 1.0, 14.0),
            (800.0, 2.0, 3.0),
            (346.0, 3.0, 9.0),
            (346.0, 1.0, 4.0),
            (180.0, 1.0, 3.0),
        ] {
            let layout = Layout::new(4, 128, width, ratio, pitch);
            for block in 0..128 * 32 {
                let (slot, at) = four.locate(SwapBlock(block));
                let rect = layout.block(slot, at);
                assert!(
                    rect.x + rect.w <= width + 0.5,
                    "{rect:?} is cut off at {width}"
                );
                let (x, y) = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
                let found = layout
                    .hit(x, y)
                    .map(|(slot, at)| four.swap_block(slot, at).0);
                // Where a block is about a pixel wide, a neighbour may own the pixel.
                let near = if layout.block_width() * ratio < 2.0 {
                    1
                } else {
                    0
                };
                assert!(
                    found.is_some_and(|found| found.abs_diff(block) <= near),
                    "{block} at {width} is found as {found:?}, {rect:?}"
                );
                assert_eq!(four.locate(SwapBlock(block)).0, slot);
            }
        }
    }

    #[test]
    fn gaps_and_outside_are_no_block() {
        let layout = Layout::new(4, 10, 800.0, 1.0, 14.0);
        assert_eq!(layout.hit(5.0, 5.0), None);
        let (x, w) = layout.column(0);
        assert_eq!(layout.hit(x + w + 2.0, 5.0), None);
        assert_eq!(layout.hit(x + 1.0, 140.0), None);
        assert_eq!(layout.hit(x + 1.0, -1.0), None);
    }

    #[test]
    fn the_pitch_shrinks_as_rows_fill_but_never_vanishes() {
        assert_eq!(Layout::fitting_pitch(128, 3, 500.0), 18.0);
        assert_eq!(Layout::fitting_pitch(128, 40, 500.0), 9.0);
        assert_eq!(Layout::fitting_pitch(2048, 2048, 500.0), 3.0);
        assert_eq!(Layout::fitting_pitch(4, 0, 500.0), 24.0);
    }

    #[test]
    fn only_rows_in_view_are_drawn() {
        let layout = Layout::new(4, 2048, 800.0, 1.0, 3.0);
        assert_eq!(layout.visible(0.0, 300.0), 0..100);
        assert_eq!(layout.visible(31.0, 300.0), 10..111);
        assert_eq!(layout.visible(6100.0, 300.0), 2033..2048);
    }

    #[test]
    fn a_row_out_of_view_is_brought_in() {
        let layout = Layout::new(4, 2048, 800.0, 1.0, 3.0);
        assert_eq!(layout.reveal(10, 0.0, 300.0), None);
        assert_eq!(layout.reveal(1000, 0.0, 300.0), Some(2850.0));
        assert_eq!(layout.reveal(0, 600.0, 300.0), Some(0.0));
    }
}
