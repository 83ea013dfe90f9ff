//! Where what of the metadata hash is drawn. No browser is needed for it.

use swap_pager::Model;
use swap_pager::swap_meta::SWAP_META_PAGES;
use swap_pager::units::{ObjectId, PageIndex};

/// From this width on, what is said of a metadata block stands beside its slots, not above.
const WIDE: f64 = 560.0;

/// Room at the left for buckets, and at the right for objects, where there is room.
const LEFT: f64 = 92.0;
const RIGHT: f64 = 176.0;

/// Height of the line that tells of empty buckets.
pub const GAP_LINE: f64 = 14.0;

/// A metadata block in its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The bucket.
    pub bucket: u32,
    /// Its place in the chain, from 0.
    pub place: u32,
    /// The object it is for.
    pub object: ObjectId,
    /// The first page it is for.
    pub first: PageIndex,
    /// Empty buckets before its own, if it is the first of its chain.
    pub gap: u32,
}

/// All metadata blocks in the order of buckets and chains, or those of one object.
pub fn rows(model: &Model, only: Option<ObjectId>) -> impl Iterator<Item = Row> {
    let mut next = 0;
    let chains = (0..).zip(&model.chains);
    let chains = chains.filter(|(_, chain)| !chain.is_empty());
    let chains = chains.flat_map(move |(bucket, chain)| {
        let empty = bucket - next;
        next = bucket + 1;
        (0..).zip(chain).map(move |(place, &(object, first))| Row {
            bucket,
            place,
            object,
            first,
            gap: if place == 0 { empty } else { 0 },
        })
    });
    chains.filter(move |row| only.is_none_or(|only| only == row.object))
}

/// How many rows there are.
pub fn count(model: &Model, only: Option<ObjectId>) -> u32 {
    match only {
        Some(object) => model.objects.get(&object).map_or(0, |o| o.swp_bcount),
        None => model.chains.iter().map(|chain| chain.len() as u32).sum(),
    }
}

/// Sizes for a width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Whether words stand beside the slots.
    pub wide: bool,
    /// Where the slots begin.
    pub left: f64,
    /// From one slot to the next.
    pub pitch: f64,
    /// From the top of a row to its slots.
    pub above: f64,
    /// Height of a row.
    pub row: f64,
}

impl Layout {
    /// The sizes for a width.
    pub fn new(width: f64) -> Layout {
        let wide = width >= WIDE;
        let (left, right, line) = if wide {
            (LEFT, RIGHT, 0.0)
        } else {
            (2.0, 2.0, 17.0)
        };
        let pitch = ((width - left - right) / f64::from(SWAP_META_PAGES)).clamp(4.0, 22.0);
        let above = GAP_LINE + line;
        Layout {
            wide,
            left,
            pitch,
            above,
            row: above + pitch + 6.0,
        }
    }

    /// The row and, if it is in a slot, the slot at a place.
    pub fn hit(&self, x: f64, y: f64) -> Option<(u32, Option<u32>)> {
        if y < 0.0 {
            return None;
        }
        let slot = (x - self.left) / self.pitch;
        let inside = (0.0..f64::from(SWAP_META_PAGES)).contains(&slot);
        let down = y - (y / self.row).floor() * self.row - self.above;
        let inside = inside && (0.0..self.pitch).contains(&down);
        Some(((y / self.row) as u32, inside.then_some(slot as u32)))
    }
}

/// Where a key leads: the row and slot, of so many rows.
pub fn moved(rows: u32, from: Option<(u32, u32)>, key: &str) -> Option<(u32, u32)> {
    let (row, slot) = from.unwrap_or((0, 0));
    let (slots, last) = (SWAP_META_PAGES, rows.checked_sub(1)?);
    let at = i64::from(row * slots + slot);
    let step: i64 = match key {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        "ArrowUp" => -i64::from(slots),
        "ArrowDown" => i64::from(slots),
        "PageUp" => -8 * i64::from(slots),
        "PageDown" => 8 * i64::from(slots),
        "Home" => return Some((0, 0)),
        "End" => return Some((last, slots - 1)),
        _ => return None,
    };
    let to = if from.is_none() { at } else { at + step };
    let inside = (0..i64::from(rows * slots)).contains(&to);
    let to = if inside { to as u32 } else { at as u32 };
    Some((to / slots, to % slots))
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    #[test]
    fn empty_buckets_are_counted_between_chains() {
        let mut model = machine();
        model.chains.iter_mut().for_each(Vec::clear);
        let (heap, stack) = (ObjectId(1), ObjectId(2));
        let page = PageIndex;
        model.chains[3] = vec![(heap, page(0)), (stack, page(64))];
        model.chains[4] = vec![(heap, page(32))];
        model.chains[10] = vec![(stack, page(0))];
        let told: Vec<_> = rows(&model, None)
            .map(|row| (row.bucket, row.place, row.gap))
            .collect();
        assert_eq!(told, [(3, 0, 3), (3, 1, 0), (4, 0, 0), (10, 0, 5)]);
        assert_eq!(count(&model, None), 4);
        let of_stack: Vec<_> = rows(&model, Some(stack)).map(|row| row.first.0).collect();
        assert_eq!(of_stack, [64, 0]);
    }

    #[test]
    fn every_slot_is_hit_where_it_is_drawn() {
        for width in [360.0, 472.0, 722.0, 1400.0] {
            let layout = Layout::new(width);
            assert!(layout.left + 32.0 * layout.pitch <= width, "{width}");
            let (x, y) = (
                layout.left + 28.5 * layout.pitch,
                2.0 * layout.row + layout.above + layout.pitch / 2.0,
            );
            assert_eq!(layout.hit(x, y), Some((2, Some(28))), "{width}");
            assert_eq!(layout.hit(x, y - layout.pitch), Some((2, None)), "{width}");
        }
    }

    #[test]
    fn arrows_stay_inside() {
        assert_eq!(moved(4, Some((1, 31)), "ArrowRight"), Some((2, 0)));
        assert_eq!(moved(4, Some((3, 5)), "ArrowDown"), Some((3, 5)));
        assert_eq!(moved(4, Some((0, 5)), "ArrowDown"), Some((1, 5)));
        assert_eq!(moved(4, None, "ArrowDown"), Some((0, 0)));
        assert_eq!(moved(0, None, "ArrowDown"), None);
        assert_eq!(moved(4, Some((0, 0)), "Enter"), None);
    }
}
