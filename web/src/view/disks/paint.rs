//! Draws the pictures of the disks: all rows in one picture, stripes, runs, or single blocks with
//! the names of their pages, as much as there is room for.

use swap_pager::Model;
use swap_pager::event::IoCmd;
use swap_pager::swap_space::Device;
use swap_pager::units::{ObjectId, PageIndex, SwapBlock};
use web_sys::CanvasRenderingContext2d;

use super::layout::{GUTTER, Layout, Rect};
use super::marks::{Marks, overlap};
use super::runs::{self, Run};
use crate::session::summary::Summary;
use crate::view::canvas::{Palette, Viewport, hatch, rounded};
use crate::view::look::{Texture, object_name};
use crate::view::machine::interleave;

/// From this width on a block has a label.
const LABELLED: f64 = 28.0;

/// Below this height of a row, rows are summed up pixel by pixel.
const SINGLE_ROWS: f64 = 3.0;

/// What is drawn on, and what of.
pub struct Painter<'a> {
    /// The canvas.
    pub context: &'a CanvasRenderingContext2d,
    /// Its colours.
    pub palette: &'a Palette,
    /// The machine.
    pub model: &'a Model,
    /// Sums over its stripes.
    pub summary: &'a Summary,
    /// Where everything is.
    pub layout: &'a Layout,
    /// What of it is in view.
    pub view: Viewport,
    /// What is drawn over the blocks.
    pub marks: &'a Marks,
}

impl Painter<'_> {
    /// Draws what is in view.
    pub fn draw(&self) {
        let _ = self.context.translate(-self.view.left, -self.view.scroll);
        let visible = self
            .layout
            .visible(self.view.scroll, self.view.height.max(1.0));
        for column in 0..self.layout.shape.columns {
            let (x, w) = self.layout.column(column);
            if x + w < self.view.left || x > self.view.left + self.view.width {
                continue;
            }
            let slot = self.layout.slot(column);
            match self.model.slots.get(slot as usize).copied().flatten() {
                None => self.empty(column, visible.clone()),
                Some(device) if self.layout.pitch() < SINGLE_ROWS => {
                    self.overview(column, &device);
                }
                Some(device) => {
                    for row in visible.clone() {
                        self.stripe(self.layout.stripe(column, row), &device);
                    }
                }
            }
        }
        self.over();
        self.row_numbers(visible);
    }

    /// One stripe of a disk.
    fn stripe(&self, stripe: u32, device: &Device) {
        let start = self.model.interleave.first_of(stripe);
        let (_, at) = interleave(self.model).locate(start);
        if at.0 >= device.pages || stripe >= self.layout.shape.stripes {
            return;
        }
        let length = self.layout.shape.stripe.min(device.pages - at.0);
        let all = self.layout.run(start, length);
        self.fill(all, &self.palette.cell);
        if at.0 == 0 {
            let hatching = &self.palette.hatch;
            hatch(self.context, all.x, all.y, all.w, all.h, hatching);
        } else if self.summary.used(stripe) > 0 {
            runs::in_stripe(self.model, stripe, |run| self.run(&run));
        }
        if self.layout.block_width() >= LABELLED {
            self.labels(start);
        }
        if !self.layout.shape.apart {
            self.border(all);
        }
    }

    /// Where a stripe begins, among others of the same row.
    fn border(&self, stripe: Rect) {
        self.context.set_fill_style_str(&self.palette.ink);
        self.context.set_global_alpha(0.55);
        self.context.fill_rect(stripe.x, stripe.y, 1.0, stripe.h);
        self.context.set_global_alpha(1.0);
    }

    /// Rows that are summed up: each line of pixels has the colour of the object with most
    /// blocks, the stronger the more of all its blocks are in use.
    fn overview(&self, column: u32, device: &Device) {
        let layout = self.layout;
        let (x, w) = layout.column(column);
        let line = layout.stripe(0, 1).max(1);
        let end = device.pages.div_ceil(self.layout.shape.stripe);
        // A row of the picture may have several stripes of one disk.
        let deals = layout.shape.columns / layout.shape.slots.max(1);
        let end = end.div_ceil(deals.max(1));
        let (_, h) = layout.rows(0, end);
        let top = self.view.scroll.floor();
        let bottom = (top + self.view.height).min(h).ceil();
        self.fill_plain(x, top, w, (bottom - top).max(0.0), &self.palette.cell);
        let row_at = |y: f64| ((y / layout.pitch()) as u32).min(end);
        let mut drawn: Option<(f64, f64, ObjectId, u32)> = None;
        let mut y = top;
        while y < bottom {
            let (from, to) = (row_at(y), row_at(y + 1.0).max(row_at(y) + 1).min(end));
            let (mut used, mut most) = (0, (0, None));
            for row in from..to {
                let stripe = self.summary.stripe(self.model, row * line + column);
                used += u32::from(stripe.used);
                most = most.max((stripe.used, stripe.object));
            }
            let share = (used * 4).div_ceil(((to - from) * self.layout.shape.stripe).max(1));
            let next = most.1.map(|object| (y, 1.0, object, share));
            match (&mut drawn, next) {
                (Some(last), Some(next)) if (last.2, last.3) == (next.2, next.3) => last.1 += 1.0,
                _ => {
                    self.lines(x, w, drawn);
                    drawn = next;
                }
            }
            y += 1.0;
        }
        self.lines(x, w, drawn);
        if top < 4.0 {
            hatch(self.context, x, 0.0, w, 3.0, &self.palette.hatch);
        }
    }

    fn lines(&self, x: f64, w: f64, lines: Option<(f64, f64, ObjectId, u32)>) {
        let Some((y, h, object, share)) = lines else {
            return;
        };
        let quiet = if self.marks.quiets(object) { 0.35 } else { 1.0 };
        self.context
            .set_global_alpha(quiet * (0.25 + 0.75 * f64::from(share.min(4)) / 4.0));
        self.fill_plain(x, y, w, h, self.palette.object(object).0);
        self.context.set_global_alpha(1.0);
    }

    /// A slot without a disk: its stripes have their places, and stay empty.
    fn empty(&self, column: u32, visible: std::ops::Range<u32>) {
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
    fn words_at(&self, height: f64) -> std::ops::Range<f64> {
        let middle = self.view.scroll + height / 2.0;
        middle - 62.0..middle + 44.0
    }

    fn run(&self, run: &Run) {
        let (layout, context) = (self.layout, self.context);
        let (color, texture) = self.palette.object(run.object);
        let rect = layout.run(run.block, run.count);
        // A hair of space to the next run, where there is room for one.
        let space = if rect.w >= 3.0 { 1.0 } else { 0.0 };
        let w = rect.w - space;
        if self.marks.quiets(run.object) {
            context.set_global_alpha(0.35);
        }
        self.fill(Rect { w, ..rect }, color);
        context.set_global_alpha(1.0);
        if layout.block_width() >= 4.0 && layout.pitch() >= 9.0 {
            context.set_fill_style_str(&self.palette.cell);
            context.set_global_alpha(0.35);
            for at in 1..run.count {
                let block = layout.run(SwapBlock(run.block.0 + at), 1);
                context.fill_rect(block.x - 1.0, rect.y, 1.0, rect.h);
            }
            context.set_global_alpha(1.0);
        }
        if layout.pitch() >= 5.0 {
            self.texture(run, rect, texture);
        }
        if let Some((from, count)) = self.marks.selected.and_then(|pages| overlap(run, pages)) {
            let marked = layout.run(SwapBlock(run.block.0 + from), count);
            let thick = (marked.h / 4.0).clamp(1.0, 3.0);
            let y = marked.y + marked.h - thick;
            self.fill_plain(marked.x, y, marked.w - space, thick, &self.palette.ink);
        }
        for (pages, color) in self.marks.pages() {
            if let Some((from, count)) = overlap(run, pages) {
                let marked = layout.run(SwapBlock(run.block.0 + from), count);
                self.ring(marked, color(self.palette), false);
            }
        }
    }

    /// What single blocks hold, in them.
    fn labels(&self, start: SwapBlock) {
        let (context, layout) = (self.context, self.layout);
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

    fn texture(&self, run: &Run, rect: Rect, texture: Texture) {
        let context = self.context;
        context.set_fill_style_str(&self.palette.paper);
        let middle = rect.y + (rect.h / 2.0).floor();
        match texture {
            Texture::Plain => {}
            Texture::Stripes => context.fill_rect(rect.x, middle, rect.w - 1.0, 1.0),
            Texture::Dots => {
                for at in (0..run.count).step_by(2) {
                    let block = self.layout.run(SwapBlock(run.block.0 + at), 1);
                    context.fill_rect(block.x + block.w / 2.0 - 1.0, middle - 1.0, 2.0, 2.0);
                }
            }
        }
    }

    /// What lies over all blocks: transfers, and what stands out.
    fn over(&self) {
        let interleave = interleave(self.model);
        for transfer in &self.model.in_flight {
            let place = transfer.place.map(|place| {
                // What the disk does may be elsewhere than where the block is now.
                let block = interleave.swap_block(place.slot, place.block);
                self.layout.run(block, transfer.pages)
            });
            if let Some(rect) = place {
                let dashed = transfer.cmd == IoCmd::Read;
                self.ring(rect, &self.palette.ink, dashed);
            }
        }
        for (mark, color) in self.marks.over() {
            let color = color(self.palette);
            if let Some(slot) = mark.slot {
                let columns = 0..self.layout.shape.columns;
                for column in columns.filter(|column| self.layout.slot(*column) == slot.0) {
                    let (x, w) = self.layout.column(column);
                    let height = self.layout.height().min(self.view.height) - 4.0;
                    let y = self.view.scroll + 2.0;
                    let h = height.max(4.0);
                    self.ring(Rect { x, y, w, h }, color, false);
                }
            }
            if let Some((block, count)) = mark.blocks {
                self.ring_blocks(block, count, color);
            }
            for &block in &mark.single {
                self.ring_blocks(block, 1, color);
            }
        }
    }

    fn ring_blocks(&self, block: SwapBlock, count: u32, color: &str) {
        let (top, bottom) = (self.view.scroll, self.view.scroll + self.view.height);
        for rect in self.layout.pieces(block, count) {
            // What would be too small to see is drawn larger.
            let (wider, higher) = ((6.0 - rect.w).max(0.0), (3.0 - rect.h).max(0.0));
            let (y, end) = (rect.y - higher / 2.0, rect.y + rect.h + higher / 2.0);
            // Long columns end just outside the picture: lines of millions of pixels cost time.
            let (y, end) = (y.max(top - 20.0), end.min(bottom + 20.0));
            if y < end {
                let rect = Rect {
                    x: rect.x - wider / 2.0,
                    y,
                    w: rect.w + wider,
                    h: end - y,
                };
                self.ring(rect, color, false);
            }
        }
    }

    /// The numbers of the rows stay in view at the left edge. The stripe map's are those of the
    /// stripes on each disk, the linear view's those of the first block.
    fn row_numbers(&self, visible: std::ops::Range<u32>) {
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

    fn fill_plain(&self, x: f64, y: f64, w: f64, h: f64, color: &str) {
        self.context.set_fill_style_str(color);
        self.context.fill_rect(x, y, w, h);
    }

    fn fill(&self, rect: Rect, color: &str) {
        self.context.set_fill_style_str(color);
        if rect.h >= 6.0 && rect.w >= 6.0 && self.layout.shape.apart {
            rounded(self.context, rect.x, rect.y, rect.w, rect.h, 2.0);
            self.context.fill();
        } else {
            self.context.fill_rect(rect.x, rect.y, rect.w, rect.h);
        }
    }

    /// A line around blocks, with a lighter one outside so that it is seen on any colour.
    fn ring(&self, rect: Rect, color: &str, dashed: bool) {
        let context = self.context;
        let outer = || {
            let (w, h) = (rect.w + 2.0, rect.h + 2.0);
            rounded(context, rect.x - 1.0, rect.y - 1.0, w, h, 3.0);
        };
        context.set_stroke_style_str(&self.palette.paper);
        context.set_line_width(4.0);
        outer();
        context.stroke();
        let dash = if dashed {
            js_sys::Array::of2(&3.0.into(), &2.0.into())
        } else {
            js_sys::Array::new()
        };
        let _ = context.set_line_dash(&dash);
        context.set_stroke_style_str(color);
        context.set_line_width(2.0);
        outer();
        context.stroke();
        if dashed {
            let _ = context.set_line_dash(&js_sys::Array::new());
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
    use crate::view::disks::layout::Shape;

    #[test]
    fn an_empty_slot_tells_which_stripes_fall_there() {
        let shape = Shape {
            slots: 4,
            columns: 4,
            stripes: 512,
            stripe: 32,
            apart: true,
        };
        let layout = Layout::new(shape, 800.0, 1.0, 14.0);
        let words = empty_words(&layout, 2, 180.0);
        assert_eq!(words[0], "slot 2: no disk");
        assert_eq!(words[1], "stripes 2, 6, 10 …");
        assert_eq!(empty_words(&layout, 2, 80.0), ["no disk"]);
    }
}
