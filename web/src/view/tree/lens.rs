//! Draws the magnified leaves, bit by bit.

use swap_pager::blist::{BMAP_RADIX, Finding};
use swap_pager::units::SwapBlock;

use super::geometry::{Seen, State, leaf_of, look};
use super::layout::{CELL, Rect};
use super::paint::Painter;
use super::search::{Search, Visit};
use super::words::node_name;
use crate::view::canvas::hatch;
use crate::view::machine::{Holds, holds};

impl Painter<'_> {
    /// Draws them, and lines that lead there.
    pub(super) fn lens(&self) {
        let (layout, image, palette) = (self.layout, self.image, self.palette);
        let leaves = layout.lens..layout.lens + layout.lens_leaves;
        self.connect(leaves.start * BMAP_RADIX, leaves.end * BMAP_RADIX);
        for leaf in leaves {
            let Some(rect) = layout.lens_rect(leaf) else {
                continue;
            };
            let first = leaf * BMAP_RADIX;
            let seen = look(image, layout.levels - 1, first);
            let visit = self
                .marks
                .search
                .and_then(|search| search.visit(seen.place.index));
            let visit = visit.filter(|visit| visit.leaf);
            let taken = visit.and_then(|visit| taken(visit, self.marks.search));
            let name = node_name(self.model, seen.place.index, first, BMAP_RADIX, true);
            let color = if taken.is_some() {
                &palette.mark
            } else {
                &palette.ink
            };
            self.text(&name, rect.x, layout.lens_y() + 8.0, color);
            if seen.is_live() {
                self.bar(rect, seen.node.hint);
            }
            self.bits(&seen, first, taken);
            let held = holds(self.model, SwapBlock(first));
            let [one, two] = match held {
                Holds::Reserved if visit.is_none() => ["reserved for", "the disk's label"],
                Holds::NoDisk if visit.is_none() => ["no disk here:", "never free"],
                _ => [""; 2],
            }
            .map(str::to_owned);
            let [one, two] = match one.as_str() {
                "" => lens_words(&seen, visit, self.marks.search),
                _ => [one, two],
            };
            if matches!(held, Holds::Reserved | Holds::NoDisk) && seen.is_live() {
                self.cross_hatch(rect.x, rect.y, rect.w, rect.h - 1.0);
            }
            let y = rect.y + rect.h + 9.0;
            let color = if visit.is_some_and(Visit::inside) {
                &palette.mark
            } else {
                &palette.muted
            };
            self.text(&one, rect.x, y, color);
            self.text(&two, rect.x, y + 13.0, color);
        }
    }

    /// The bits of a magnified leaf. A set bit is a free block.
    fn bits(&self, seen: &Seen, first: u32, taken: Option<(u32, u32)>) {
        let bitmap = match (seen.is_live(), seen.free) {
            (true, _) => seen.node.value,
            (false, 0) => 0,
            _ => u32::MAX,
        };
        for bit in 0..BMAP_RADIX {
            let block = first + bit;
            let Some(rect) = self.layout.cell(block) else {
                continue;
            };
            let rect = Rect {
                w: (rect.w - 1.0).max(1.0),
                h: CELL - 1.0,
                ..rect
            };
            let free = bitmap >> bit & 1 == 1;
            let is_taken = taken.is_some_and(|(from, n)| block.wrapping_sub(from) < n);
            let color = match (free, is_taken) {
                (_, true) => &self.palette.mark,
                (true, _) => &self.palette.cell,
                _ => &self.palette.tree[0],
            };
            self.fill(rect, color);
        }
        if !seen.is_live()
            && let Some(rect) = self.layout.lens_rect(leaf_of(first))
        {
            let color = &self.palette.hatch;
            hatch(self.context, rect.x, rect.y, rect.w, rect.h - 1.0, color);
        }
    }

    /// Lines from the leaves to where they are magnified.
    fn connect(&self, first: u32, end: u32) {
        let (layout, context) = (self.layout, self.context);
        let end = end.min(self.image.blocks);
        let row = layout.span(layout.levels - 1, first, end);
        let (top, bottom) = (row.y + row.h + 2.0, layout.lens_y() - 2.0);
        context.set_stroke_style_str(&self.palette.muted);
        context.set_line_width(1.0);
        let dash = js_sys::Array::of2(&2.0.into(), &3.0.into());
        let _ = context.set_line_dash(&dash);
        context.begin_path();
        for (from, to) in [(row.x, 0.5), (row.x + row.w, layout.width - 0.5)] {
            context.move_to(from.max(0.5).min(layout.width - 0.5), top);
            context.line_to(to, bottom);
        }
        context.stroke();
        let _ = context.set_line_dash(&js_sys::Array::new());
    }
}

/// The blocks that a visit took.
fn taken(visit: &Visit, search: Option<&Search>) -> Option<(u32, u32)> {
    match visit.finding {
        Finding::Found(block) => Some((block.0, search?.pages)),
        _ => None,
    }
}

/// What is said below a magnified leaf, in two lines.
fn lens_words(seen: &Seen, visit: Option<&Visit>, search: Option<&Search>) -> [String; 2] {
    if let (Some(visit), Some(search)) = (visit, search) {
        let sought = search.pages;
        let hint = format!("hint {}", visit.hint);
        return match visit.finding {
            Finding::HintTooSmall => [format!("{hint} < {sought}:"), "skipped".to_owned()],
            Finding::Found(_) => [format!("first run of {sought}"), visit.tag(sought)],
            Finding::AllAllocated => ["all allocated:".to_owned(), "hint now 0".to_owned()],
            _ => [
                format!("no run of {sought}:"),
                format!("hint now {}", sought - 1),
            ],
        };
    }
    let words = match seen.state {
        State::Stale if seen.free > 0 => ["all free,", "collapsed above"],
        State::Stale => ["all allocated,", "collapsed above"],
        State::AllFree => return ["all free".to_owned(), format!("hint {}", seen.node.hint)],
        State::AllUsed => {
            return [
                "all allocated".to_owned(),
                format!("hint {}", seen.node.hint),
            ];
        }
        State::Absent => ["", ""],
        State::Partly => {
            return [
                format!("{} free", seen.free),
                format!("hint {}", seen.node.hint),
            ];
        }
    };
    words.map(str::to_owned)
}
