//! Where on the screen a block of the swap space is, and back.
//!
//! Both pictures of the disks are rows of stripes. The stripe map has a column a slot: stripe by
//! stripe dealt out, each row is one stripe of every disk. The linear view has several such deals
//! a row, one right after the other, so that columns still line up with slots. All lengths are
//! CSS pixels; edges fall on device pixels, so that nothing is blurred.

use swap_pager::units::SwapBlock;

/// Room at the left for the numbers of the rows.
pub const GUTTER: f64 = 34.0;

/// Least room between the columns of towers.
const GAP: f64 = 10.0;

/// Heights that a row has when it is chosen for a person, with the space below it.
pub const PITCHES: [f64; 9] = [3.0, 4.0, 5.0, 7.0, 9.0, 11.0, 14.0, 18.0, 24.0];

/// From this height on, zooming in makes blocks wider too.
const WIDENS: f64 = 24.0;

/// The largest height of a row.
const TALLEST: f64 = 44.0;

/// The largest width of a block.
const WIDEST: f64 = 72.0;

/// Browsers forget what lies further down than this.
const DEEPEST: f64 = 12e6;

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

/// Which stripes a picture has, and in what order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Slots that stripes are dealt to.
    pub slots: u32,
    /// Stripes a row: a multiple of the slots.
    pub columns: u32,
    /// Stripes in all.
    pub stripes: u32,
    /// Blocks in a stripe.
    pub stripe: u32,
    /// Whether the columns stand apart, as towers do.
    pub apart: bool,
}

impl Shape {
    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        self.stripes.div_ceil(self.columns.max(1))
    }
}

/// The geometry of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// What it shows.
    pub shape: Shape,
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
    /// For a space of that width. `zoom` is the height of a row at first; beyond [`PITCHES`] it
    /// goes on as a measure of how wide blocks are too.
    pub fn new(shape: Shape, width: f64, ratio: f64, zoom: f64) -> Layout {
        let columns = f64::from(shape.columns.max(1));
        let stripe = f64::from(shape.stripe);
        let least = if shape.apart { GAP } else { 0.0 };
        let room = (width - GUTTER - least * (columns - 1.0)).max(columns) / columns;
        let exact = room / stripe;
        let whole = (exact * ratio).floor() / ratio;
        let block = if whole * ratio >= 3.0 { whole } else { exact };
        let free = width - GUTTER - block * stripe * columns;
        let gap = if shape.apart {
            (free / (columns - 1.0).max(1.0)).clamp(0.0, 36.0)
        } else {
            0.0
        };
        let wider = (zoom / WIDENS).max(1.0);
        let block = (block * wider * wider).min(WIDEST.max(block));
        let block = if wider > 1.0 {
            (block * ratio).round() / ratio
        } else {
            block
        };
        let pitch = zoom.min(TALLEST);
        // Rows of whole pixels, but where there is less than a few for one.
        let pitch = if pitch >= 3.0 {
            (pitch * ratio).round() / ratio
        } else {
            pitch
        };
        Layout {
            shape,
            pitch: pitch.min(DEEPEST / f64::from(shape.rows().max(1))),
            block,
            stride: block * stripe + gap,
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
        let all = (height / wanted).clamp(0.01, PITCHES[0]);
        allowed.find(fits).unwrap_or(all)
    }

    /// The zoom at which all rows are in view, and the most that there is any use for.
    pub fn zooms(shape: Shape, width: f64, height: f64) -> (f64, f64) {
        let all = (height / f64::from(shape.rows().max(1))).min(PITCHES[8]);
        let columns = 4.0;
        let block = (width - GUTTER).max(columns) / columns / f64::from(shape.stripe);
        let most = WIDENS * (WIDEST / block).max(1.0).sqrt();
        (all.max(0.001), most.max(TALLEST))
    }

    /// Height of a row with the space below it.
    pub fn pitch(&self) -> f64 {
        self.pitch
    }

    /// Height of all rows.
    pub fn height(&self) -> f64 {
        f64::from(self.shape.rows()) * self.pitch
    }

    /// Width of all columns, with the numbers of the rows.
    pub fn width(&self) -> f64 {
        let (x, w) = self.column(self.shape.columns.saturating_sub(1));
        x + w
    }

    /// Width of a block.
    pub fn block_width(&self) -> f64 {
        self.block
    }

    /// The left edge and the width of a column.
    pub fn column(&self, column: u32) -> (f64, f64) {
        (
            ((GUTTER + f64::from(column) * self.stride) * self.ratio).floor() / self.ratio,
            self.block * f64::from(self.shape.stripe),
        )
    }

    /// The stripe in a column of a row.
    pub fn stripe(&self, column: u32, row: u32) -> u32 {
        row * self.shape.columns + column
    }

    /// The slot that a column's stripes are dealt to.
    pub fn slot(&self, column: u32) -> u32 {
        column % self.shape.slots.max(1)
    }

    /// Blocks of one stripe: from `block` on, `count` of them.
    pub fn run(&self, block: SwapBlock, count: u32) -> Rect {
        let (stripe, first) = (block.0 / self.shape.stripe, block.0 % self.shape.stripe);
        let column = stripe % self.shape.columns.max(1);
        let (left, _) = self.column(column);
        let x = self.snap(left + f64::from(first) * self.block);
        let end = self.snap(left + f64::from(first + count) * self.block);
        let (y, h) = self.rows(stripe / self.shape.columns.max(1), 1);
        Rect {
            x,
            y,
            w: end - x,
            h,
        }
    }

    /// The upper edge and the height of neighbouring rows.
    pub fn rows(&self, first: u32, count: u32) -> (f64, f64) {
        let space = match self.pitch {
            pitch if pitch >= 7.0 => 2.0,
            pitch if pitch >= 3.0 => 1.0,
            _ => 0.0,
        };
        let y = f64::from(first) * self.pitch;
        (y, f64::from(count) * self.pitch - space)
    }

    /// The parts of a run of blocks that have a rectangle each: what is in one stripe, and the
    /// whole stripes of a column.
    pub fn pieces(&self, block: SwapBlock, count: u32) -> Vec<Rect> {
        let (first, end) = (block.0, block.0.saturating_add(count));
        let stripe = self.shape.stripe;
        let whole = first.div_ceil(stripe)..end / stripe;
        if whole.is_empty() {
            let border = end / stripe * stripe;
            let parts = [(first, border.min(end)), (border.max(first), end)];
            let parts = parts.into_iter().filter(|(first, end)| first < end);
            return parts
                .map(|(first, end)| self.run(SwapBlock(first), end - first))
                .collect();
        }
        let mut pieces = Vec::new();
        if !first.is_multiple_of(stripe) {
            pieces.push(self.run(block, whole.start * stripe - first));
        }
        let columns = self.shape.columns.max(1);
        for column in 0..columns {
            let row = |nth: u32| (nth + columns - 1 - column) / columns;
            let (from, to) = (row(whole.start), row(whole.end));
            if from < to {
                let ((x, w), (y, h)) = (self.column(column), self.rows(from, to - from));
                pieces.push(Rect { x, y, w, h });
            }
        }
        if !end.is_multiple_of(stripe) {
            pieces.push(self.run(SwapBlock(whole.end * stripe), end % stripe));
        }
        pieces
    }

    /// The rows that are in view when it is scrolled down by `scroll`.
    pub fn visible(&self, scroll: f64, height: f64) -> std::ops::Range<u32> {
        let first = (scroll / self.pitch).floor().max(0.0) as u32;
        let end = ((scroll + height) / self.pitch).ceil().max(0.0) as u32;
        let rows = self.shape.rows();
        first.min(rows)..end.min(rows)
    }

    /// The block at a place of the whole picture.
    pub fn hit(&self, x: f64, y: f64) -> Option<SwapBlock> {
        let row = (y / self.pitch).floor();
        if row < 0.0 || row >= f64::from(self.shape.rows()) {
            return None;
        }
        let column = (0..self.shape.columns).find(|&column| {
            let (left, width) = self.column(column);
            (left..left + width).contains(&x)
        })?;
        let at = ((x - self.column(column).0) / self.block) as u32;
        let stripe = self.stripe(column, row as u32);
        let length = self.shape.stripe;
        (stripe < self.shape.stripes).then(|| SwapBlock(stripe * length + at.min(length - 1)))
    }

    /// How far down and to the right a place is, in rows and in blocks: the same at every zoom.
    pub fn spot(&self, x: f64, y: f64) -> (f64, f64) {
        let column = ((x - GUTTER) / self.stride)
            .floor()
            .max(0.0)
            .min(f64::from(self.shape.columns.max(1)) - 1.0);
        let (left, width) = self.column(column as u32);
        let within = ((x - left).max(0.0).min(width)) / self.block;
        (
            column * f64::from(self.shape.stripe) + within,
            y / self.pitch,
        )
    }

    /// Where a spot is.
    pub fn place(&self, (across, down): (f64, f64)) -> (f64, f64) {
        let last = f64::from(self.shape.columns.max(1)) - 1.0;
        let column = (across / f64::from(self.shape.stripe))
            .floor()
            .max(0.0)
            .min(last);
        let within = across - column * f64::from(self.shape.stripe);
        let (left, _) = self.column(column as u32);
        (left + within * self.block, down * self.pitch)
    }

    /// How far to scroll in one direction so that something is in view, if it is not: from `at`
    /// on, `size` long.
    pub fn reveal(at: f64, size: f64, scroll: f64, view: f64) -> Option<f64> {
        let inside = at >= scroll && at + size <= scroll + view;
        (!inside).then(|| (at - view / 2.0).max(0.0))
    }

    /// Every how many rows a number is written, so that numbers keep their distance.
    pub fn row_label_step(&self) -> u32 {
        let mut step = 1;
        loop {
            for factor in [1, 2, 5] {
                if f64::from(step * factor) * self.pitch >= 34.0 {
                    return step * factor;
                }
            }
            if step >= 1_000_000 {
                return step;
            }
            step *= 10;
        }
    }

    fn snap(&self, x: f64) -> f64 {
        (x * self.ratio).round() / self.ratio
    }
}

#[cfg(test)]
pub(super) mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// Four disks of so many stripes each, as towers.
    pub fn towers(rows: u32) -> Shape {
        Shape {
            slots: 4,
            columns: 4,
            stripes: rows * 4,
            stripe: 32,
            apart: true,
        }
    }

    #[test]
    fn every_block_is_found_where_it_is_drawn() {
        let rows = Shape {
            columns: 8,
            apart: false,
            ..towers(128)
        };
        let of = |stripe, rows| Shape {
            stripe,
            ..towers(rows)
        };
        for (shape, width, ratio, zoom) in [
            (towers(128), 800.0, 1.0, 14.0),
            (towers(128), 800.0, 2.0, 3.0),
            (towers(128), 346.0, 3.0, 9.0),
            (towers(128), 346.0, 1.0, 4.0),
            (towers(128), 180.0, 1.0, 3.0),
            (towers(128), 800.0, 1.0, 60.0),
            (rows, 800.0, 1.0, 7.0),
            (rows, 400.0, 2.0, 50.0),
            (of(8, 512), 800.0, 1.0, 4.0),
            (of(128, 32), 346.0, 2.0, 9.0),
        ] {
            let layout = Layout::new(shape, width, ratio, zoom);
            for block in 0..128 * 32 {
                let rect = layout.run(SwapBlock(block), 1);
                if zoom <= 24.0 {
                    assert!(
                        rect.x + rect.w <= width + 0.5,
                        "{rect:?} is cut off at {width}"
                    );
                }
                let (x, y) = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
                let found = layout.hit(x, y).map(|block| block.0);
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
            }
        }
    }

    #[test]
    fn gaps_and_outside_are_no_block() {
        let layout = Layout::new(towers(10), 800.0, 1.0, 14.0);
        assert_eq!(layout.hit(5.0, 5.0), None);
        let (x, w) = layout.column(0);
        assert_eq!(layout.hit(x + w + 2.0, 5.0), None);
        assert_eq!(layout.hit(x + 1.0, 140.0), None);
        assert_eq!(layout.hit(x + 1.0, -1.0), None);
    }

    #[test]
    fn the_pitch_shrinks_as_rows_fill_until_all_is_in_view() {
        assert_eq!(Layout::fitting_pitch(128, 3, 500.0), 18.0);
        assert_eq!(Layout::fitting_pitch(128, 40, 500.0), 9.0);
        assert_eq!(Layout::fitting_pitch(4, 0, 500.0), 24.0);
        let all = Layout::fitting_pitch(8192, 8192, 512.0);
        assert_eq!(all, 512.0 / 8192.0);
        let layout = Layout::new(towers(8192), 800.0, 1.0, all);
        assert_eq!(layout.visible(0.0, 512.0), 0..8192);
    }

    #[test]
    fn only_rows_in_view_are_drawn() {
        let layout = Layout::new(towers(2048), 800.0, 1.0, 3.0);
        assert_eq!(layout.visible(0.0, 300.0), 0..100);
        assert_eq!(layout.visible(31.0, 300.0), 10..111);
        assert_eq!(layout.visible(6100.0, 300.0), 2033..2048);
    }

    #[test]
    fn what_is_out_of_view_is_brought_in() {
        assert_eq!(Layout::reveal(30.0, 3.0, 0.0, 300.0), None);
        assert_eq!(Layout::reveal(3000.0, 3.0, 0.0, 300.0), Some(2850.0));
        assert_eq!(Layout::reveal(0.0, 3.0, 600.0, 300.0), Some(0.0));
    }

    #[test]
    fn a_spot_stays_the_same_when_zoomed() {
        let (far, near) = (
            Layout::new(towers(8192), 800.0, 1.0, 0.06),
            Layout::new(towers(8192), 800.0, 1.0, 80.0),
        );
        for block in [0, 31, 32, 100_000, 1_000_000] {
            let rect = near.run(SwapBlock(block), 1);
            let spot = near.spot(rect.x + 20.0, rect.y + 10.0);
            let (x, y) = far.place(spot);
            let (again_x, again_y) = near.place(far.spot(x, y));
            assert!((again_x - rect.x - 20.0).abs() < 0.01, "{block}");
            assert!((again_y - rect.y - 10.0).abs() < 0.01, "{block}");
        }
    }

    #[test]
    fn a_run_over_many_stripes_is_a_piece_a_column() {
        let layout = Layout::new(towers(128), 800.0, 1.0, 10.0);
        let tall = |block, count| -> Vec<_> {
            let pieces = layout.pieces(SwapBlock(block), count);
            pieces.iter().map(|piece| (piece.y, piece.h)).collect()
        };
        assert_eq!(tall(40, 8), [(0.0, 8.0)]);
        assert_eq!(tall(60, 8), [(0.0, 8.0), (0.0, 8.0)]);
        assert_eq!(tall(32, 32), [(0.0, 8.0)]);
        // Stripes 1 to 8: slot 0 has 4 and 8, the others two from row 0 on.
        let columns = [(10.0, 18.0), (0.0, 18.0), (0.0, 18.0), (0.0, 18.0)];
        assert_eq!(tall(32, 256), columns);
        assert_eq!(tall(31, 34).len(), 3);
        let area = |block, count| -> f64 {
            let pieces = layout.pieces(SwapBlock(block), count);
            pieces.iter().map(|piece| piece.w).sum()
        };
        assert_eq!(area(31, 34), 34.0 * layout.block_width());
    }
}
