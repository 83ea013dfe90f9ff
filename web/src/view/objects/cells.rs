//! Where on the screen a page of an object is, and back.

/// Room around all cells, for lines around those at the edge.
const PAD: f64 = 1.0;

/// How the pages of one object are laid out: row by row, all cells alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells {
    /// Pages.
    pub pages: u32,
    /// Cells a row.
    pub columns: u32,
    /// From one cell to the next, in CSS pixels, both ways.
    pub pitch: f64,
}

impl Cells {
    /// For an object in a space of that width. Large objects have smaller cells, and more of
    /// them a row; the number a row is a power of two, so that clusters line up.
    pub fn new(pages: u32, width: f64) -> Cells {
        let columns = match pages {
            0..=1024 => 16,
            1025..=8192 => 32,
            _ => 64,
        };
        let pitch = ((width - 2.0 * PAD) / f64::from(columns)).clamp(2.0, 22.0);
        Cells {
            pages,
            columns,
            pitch,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        self.pages.div_ceil(self.columns)
    }

    /// Height of all rows.
    pub fn height(&self) -> f64 {
        f64::from(self.rows()) * self.pitch + 2.0 * PAD
    }

    /// Space between cells.
    pub fn gap(&self) -> f64 {
        match self.pitch {
            p if p >= 10.0 => 2.0,
            p if p >= 4.0 => 1.0,
            _ => 0.0,
        }
    }

    /// The upper left corner of a page's cell.
    pub fn at(&self, page: u32) -> (f64, f64) {
        (
            f64::from(page % self.columns) * self.pitch + PAD,
            f64::from(page / self.columns) * self.pitch + PAD,
        )
    }

    /// The page at a place.
    pub fn hit(&self, x: f64, y: f64) -> Option<u32> {
        let (column, row) = (
            ((x - PAD) / self.pitch).floor(),
            ((y - PAD) / self.pitch).floor(),
        );
        if column < 0.0 || row < 0.0 || column >= f64::from(self.columns) {
            return None;
        }
        let page = row * f64::from(self.columns) + column;
        (page < f64::from(self.pages)).then_some(page as u32)
    }

    /// The page nearest to a place, for a selection that is dragged beyond the edge.
    pub fn nearest(&self, x: f64, y: f64) -> u32 {
        let last = self.pages.saturating_sub(1);
        let column = ((x / self.pitch) as u32).min(self.columns - 1);
        let row = ((y / self.pitch) as u32).min(last / self.columns);
        (row * self.columns + column).min(last)
    }

    /// The pages that are in view when it is scrolled down by `scroll`.
    pub fn visible(&self, scroll: f64, height: f64) -> std::ops::Range<u32> {
        let first = (scroll / self.pitch).floor().max(0.0) as u32;
        let end = ((scroll + height) / self.pitch).ceil().max(0.0) as u32;
        (first * self.columns).min(self.pages)..(end * self.columns).min(self.pages)
    }

    /// Where a key leads from a page; `None` if it is not a key that moves.
    pub fn moved(&self, page: u32, key: &str) -> Option<u32> {
        let last = self.pages.saturating_sub(1);
        let by = |n: i64| (i64::from(page) + n).clamp(0, i64::from(last)) as u32;
        let row = i64::from(self.columns);
        let inside = |to: i64| {
            let to = i64::from(page) + to;
            if (0..=i64::from(last)).contains(&to) {
                to as u32
            } else {
                page
            }
        };
        Some(match key {
            "ArrowLeft" => by(-1),
            "ArrowRight" => by(1),
            "ArrowUp" => inside(-row),
            "ArrowDown" => inside(row),
            "Home" => 0,
            "End" => last,
            "PageUp" => by(-8 * row),
            "PageDown" => by(8 * row),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn every_page_is_found_where_it_is_drawn() {
        for (pages, width) in [
            (1, 250.0),
            (128, 250.0),
            (1000, 330.0),
            (5000, 200.0),
            (70_000, 250.0),
        ] {
            let cells = Cells::new(pages, width);
            for page in 0..pages {
                let (x, y) = cells.at(page);
                let half = cells.pitch / 2.0;
                assert_eq!(cells.hit(x + half, y + half), Some(page));
                assert_eq!(cells.nearest(x + half, y + half), page);
                assert!(x + cells.pitch <= width + 0.01);
            }
            assert_eq!(cells.hit(cells.pitch / 2.0, cells.height() + 1.0), None);
        }
    }

    #[test]
    fn keys_stay_inside_the_object() {
        let cells = Cells::new(40, 256.0);
        assert_eq!(cells.moved(0, "ArrowLeft"), Some(0));
        assert_eq!(cells.moved(39, "ArrowRight"), Some(39));
        assert_eq!(cells.moved(20, "ArrowDown"), Some(36));
        assert_eq!(cells.moved(30, "ArrowDown"), Some(30));
        assert_eq!(cells.moved(5, "ArrowUp"), Some(5));
        assert_eq!(cells.moved(5, "End"), Some(39));
        assert_eq!(cells.moved(5, "PageDown"), Some(39));
        assert_eq!(cells.moved(5, "x"), None);
    }

    #[test]
    fn dragging_past_the_edge_takes_the_nearest_page() {
        let cells = Cells::new(40, 256.0);
        assert_eq!(cells.nearest(-10.0, -10.0), 0);
        assert_eq!(cells.nearest(9999.0, 9999.0), 39);
        assert_eq!(cells.nearest(9999.0, 0.0), 15);
    }
}
