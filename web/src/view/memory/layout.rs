//! Where the frames of memory are drawn. No browser is needed for it.

use crate::session::frames::GROUP;

/// Space around the cells.
pub const PAD: f64 = 3.0;

/// From one frame to the next, while frames are drawn one by one: room for a cell and for the
/// mark of its queue below.
const PITCH: (f64, f64) = (16.0, 19.0);

/// The frames as cells: one by one, or groups of 32 to show all memory at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Frames a cell stands for.
    pub frames_a_cell: u32,
    /// How many cells there are.
    pub cells: u32,
    /// Cells a row.
    pub columns: u32,
    /// From one cell to the next: to the right and down.
    pub pitch: (f64, f64),
}

impl Layout {
    /// The cells of so many frames.
    pub fn new(frames: u32, width: f64, all: bool) -> Layout {
        let room = (width - 2.0 * PAD).max(40.0);
        if !all {
            let columns = (room / PITCH.0).max(1.0) as u32;
            // A number that is easy to count with.
            let columns = match columns {
                64.. => 64,
                32.. => 32,
                16.. => 16,
                few => few,
            };
            let wide = (room / f64::from(columns)).clamp(4.0, 24.0);
            return Layout {
                frames_a_cell: 1,
                cells: frames,
                columns,
                pitch: (wide, wide + PITCH.1 - PITCH.0),
            };
        }
        let cells = frames.div_ceil(GROUP);
        // Wider than high, so that all of it is in view at once.
        let columns = match cells {
            0..=256 => 32,
            257..=2048 => 64,
            _ => 128,
        };
        let pitch = (room / f64::from(columns)).clamp(2.0, 18.0).floor();
        Layout {
            frames_a_cell: GROUP,
            cells,
            columns,
            pitch: (pitch, pitch),
        }
    }

    /// Height of all cells.
    pub fn height(&self) -> f64 {
        f64::from(self.cells.div_ceil(self.columns)) * self.pitch.1 + 2.0 * PAD
    }

    /// The upper left corner of a cell.
    pub fn at(&self, cell: u32) -> (f64, f64) {
        (
            f64::from(cell % self.columns) * self.pitch.0 + PAD,
            f64::from(cell / self.columns) * self.pitch.1 + PAD,
        )
    }

    /// The cells of the rows that are in view.
    pub fn visible(&self, scroll: f64, height: f64) -> std::ops::Range<u32> {
        let row = |y: f64| ((y - PAD) / self.pitch.1).max(0.0) as u32;
        let first = row(scroll) * self.columns;
        let end = (row(scroll + height) + 1) * self.columns;
        first.min(self.cells)..end.min(self.cells)
    }

    /// The cell at a place.
    pub fn hit(&self, x: f64, y: f64) -> Option<u32> {
        let (column, row) = ((x - PAD) / self.pitch.0, (y - PAD) / self.pitch.1);
        if column < 0.0 || row < 0.0 || column >= f64::from(self.columns) {
            return None;
        }
        let cell = row as u32 * self.columns + column as u32;
        (cell < self.cells).then_some(cell)
    }
}

/// How far along a bar a number of frames is, in percent of it. It goes with the square root, so
/// that the few that should be free can be seen beside the many there are.
pub fn along(n: u32, of: u32) -> u32 {
    (100.0 * (f64::from(n) / f64::from(of.max(1))).sqrt()).round() as u32
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn every_cell_is_hit_where_it_is_drawn() {
        for (frames, width, all) in [
            (64, 360.0, false),
            (32_768, 722.0, false),
            (32_768, 722.0, true),
            (262_144, 472.0, true),
            (100, 300.0, true),
        ] {
            let layout = Layout::new(frames, width, all);
            let last = layout.cells - 1;
            for cell in [0, 1, layout.columns.min(last), last] {
                let (x, y) = layout.at(cell);
                assert_eq!(layout.hit(x + 1.0, y + 1.0), Some(cell), "{frames}");
                assert!(x + layout.pitch.0 <= width, "{frames} at {width}");
            }
            assert_eq!(layout.hit(0.0, 0.0), None);
            assert!(layout.cells * layout.frames_a_cell >= frames);
        }
    }

    #[test]
    fn only_rows_in_view_are_drawn() {
        let layout = Layout::new(32_768, 722.0, false);
        let visible = layout.visible(1000.0, 400.0);
        assert!(layout.at(visible.start).1 <= 1000.0);
        assert!(layout.at(visible.end).1 >= 1400.0);
        assert!(visible.end - visible.start <= 25 * layout.columns);
    }

    #[test]
    fn few_frames_are_seen_beside_many() {
        assert_eq!(along(0, 100), 0);
        assert_eq!(along(25, 100), 50);
        assert_eq!(along(718, 32_768), 15);
        assert_eq!(along(5, 5), 100);
    }
}
