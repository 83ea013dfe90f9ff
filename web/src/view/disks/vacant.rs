//! The place of a disk where there is none.

use std::ops::Range;

use super::layout::{GUTTER, Layout};
use super::paint::Painter;
use crate::view::canvas::rounded;

impl Painter<'_> {
    /// A slot without a disk: its stripes have their places, and stay empty.
    pub(super) fn empty(&self, column: u32, visible: Range<u32>) {
        let (context, layout) = (self.context, self.layout);
        let (x, w) = layout.column(column);
        let (top, view) = (self.view.scroll, self.view.height.max(40.0));
        let height = layout.height().min(view);
        context.save();
        context.set_stroke_style_str(&self.palette.muted);
        context.set_line_width(1.0);
        let dash = js_sys::Array::of2(&4.0.into(), &4.0.into());
        let _ = context.set_line_dash(&dash);
        if layout.shape.apart {
            rounded(context, x + 0.5, top + 0.5, w - 1.0, height - 3.0, 4.0);
        } else {
            context.begin_path();
            context.rect(x + 2.5, top + 0.5, w - 4.0, height - 3.0);
        }
        context.stroke();
        context.restore();
        context.set_fill_style_str(&self.palette.muted);
        context.set_font("12px system-ui, sans-serif");
        context.set_text_align("center");
        context.set_text_baseline("middle");
        // What is written stays in the part that is in view.
        let from = x.max(self.view.left + GUTTER);
        let w = (x + w).min(self.view.left + self.view.width) - from;
        let middle = from + w / 2.0;
        if layout.pitch() >= 11.0 && w >= 40.0 {
            // Room for the number of every stripe that falls here.
            for row in visible {
                let (y, h) = layout.rows(row, 1);
                let stripe = layout.stripe(column, row);
                if stripe < layout.shape.stripes && !(self.words_at(height).contains(&y)) {
                    context.set_font("11px system-ui, sans-serif");
                    let _ = context.fill_text(&format!("{stripe}"), middle, y + h / 2.0);
                }
            }
            context.set_font("12px system-ui, sans-serif");
        }
        if w < 40.0 {
            return;
        }
        let lines = empty_words(layout, column, w);
        let between = 17.0;
        let first = top + height / 2.0 - (lines.len() as f64 - 1.0) / 2.0 * between;
        for (i, line) in lines.iter().enumerate() {
            let _ = context.fill_text(line, middle, first + i as f64 * between);
        }
    }

    /// The rows that the words of an empty slot lie over.
    fn words_at(&self, height: f64) -> Range<f64> {
        let middle = self.view.scroll + height / 2.0;
        middle - 62.0..middle + 44.0
    }
}

/// What is written into an empty slot: which stripes fall here, as the formula says.
fn empty_words(layout: &Layout, column: u32, width: f64) -> Vec<String> {
    let slot = layout.slot(column);
    let (slots, shape) = (layout.shape.slots, layout.shape);
    if width < 96.0 || (!shape.apart && column >= slots) {
        return vec!["no disk".to_owned()];
    }
    let (second, third) = (slot + slots, slot + 2 * slots);
    let mut words = vec![format!("slot {slot}: no disk")];
    if width >= 112.0 && layout.height() >= 110.0 {
        words.push(format!("stripes {slot}, {second}, {third} …"));
        words.push("fall here and".to_owned());
        words.push("are never free".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::disks::layout::tests::towers;

    #[test]
    fn an_empty_slot_tells_which_stripes_fall_there() {
        let layout = Layout::new(towers(128), 800.0, 1.0, 14.0);
        let words = empty_words(&layout, 2, 180.0);
        assert_eq!(words[0], "slot 2: no disk");
        assert_eq!(words[1], "stripes 2, 6, 10 …");
        assert_eq!(empty_words(&layout, 2, 80.0), ["no disk"]);
    }
}
