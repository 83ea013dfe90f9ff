//! What is written on the pictures of the disks: what blocks hold, and the numbers of rows.

use std::ops::Range;

use swap_pager::units::{ObjectId, PageIndex, SwapBlock};

use super::layout::GUTTER;
use super::paint::Painter;
use crate::view::look::object_name;

/// From this width on a block has a label.
const LABELLED: f64 = 28.0;

impl Painter<'_> {
    /// What the single blocks of a stripe hold, in them, where there is room.
    pub(super) fn labels(&self, start: SwapBlock) {
        let (context, layout) = (self.context, self.layout);
        if layout.block_width() < LABELLED {
            return;
        }
        context.set_text_align("center");
        context.set_text_baseline("middle");
        let mut named: Option<(ObjectId, String)> = None;
        for block in start.0..start.0 + self.layout.shape.stripe {
            let rect = layout.run(SwapBlock(block), 1);
            if rect.x + rect.w < self.view.left || rect.x > self.view.left + self.view.width {
                continue;
            }
            let middle = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
            let Some(&Some((object, PageIndex(page)))) = self.model.owners.get(block as usize)
            else {
                context.set_font("10px system-ui, sans-serif");
                context.set_fill_style_str(&self.palette.muted);
                let _ = context.fill_text(&block.to_string(), middle.0, middle.1);
                continue;
            };
            if named.as_ref().is_none_or(|(of, _)| *of != object) {
                named = Some((object, object_name(self.model, object)));
            }
            context.set_fill_style_str(&self.palette.paper);
            context.set_font("600 11px system-ui, sans-serif");
            let name = named.as_ref().map_or("", |(_, name)| name.as_str());
            let number = page.to_string();
            // Two lines where both fit: whose page, and which.
            if rect.h >= 26.0 {
                let line = rect.w - 4.0;
                let _ = context.fill_text_with_max_width(&number, middle.0, middle.1 + 7.0, line);
                context.set_font("10px system-ui, sans-serif");
                let _ = context.fill_text_with_max_width(name, middle.0, middle.1 - 7.0, line);
            } else {
                let _ = context.fill_text(&number, middle.0, middle.1);
            }
        }
    }

    /// The numbers of the rows stay in view at the left edge. The stripe map's are those of the
    /// stripes on each disk, the linear view's those of the first block.
    pub(super) fn row_numbers(&self, visible: Range<u32>) {
        let (context, layout) = (self.context, self.layout);
        let left = self.view.left;
        let (top, height) = (self.view.scroll, self.view.height);
        if left > 0.0 {
            context.clear_rect(left, top, GUTTER - 4.0, height);
        }
        let step = layout.row_label_step();
        context.set_fill_style_str(&self.palette.muted);
        context.set_font("11px system-ui, sans-serif");
        context.set_text_align("right");
        context.set_text_baseline("middle");
        let mut row = visible.start.next_multiple_of(step);
        while row < visible.end {
            let (y, h) = layout.rows(row, 1);
            let number = if layout.shape.apart {
                row
            } else {
                layout.stripe(0, row) * self.layout.shape.stripe
            };
            let middle = (y + h / 2.0).max(6.0);
            let text = short(number);
            let _ =
                context.fill_text_with_max_width(&text, left + GUTTER - 8.0, middle, GUTTER - 10.0);
            row += step;
        }
    }
}

/// A number that has little room.
fn short(number: u32) -> String {
    match number {
        0..100_000 => number.to_string(),
        _ => format!("{}k", number / 1000),
    }
}
