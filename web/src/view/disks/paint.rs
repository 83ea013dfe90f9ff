//! Draws the pictures of the disks: all rows in one picture, stripes, runs, or single blocks with
//! the names of their pages, as much as there is room for.

use std::ops::Range;

use swap_pager::Model;
use swap_pager::event::IoCmd;
use swap_pager::swap_space::Device;
use swap_pager::units::{ObjectId, SwapBlock};
use web_sys::CanvasRenderingContext2d;

use super::layout::{Layout, Rect};
use super::marks::{Marks, overlap};
use super::runs::{self, Run};
use crate::session::summary::Summary;
use crate::view::canvas::{Palette, Viewport, hatch, rounded};
use crate::view::look::Texture;
use crate::view::machine::interleave;

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

/// What a disk has of a stripe.
struct Extent {
    stripe: u32,
    start: SwapBlock,
    blocks: u32,
    rect: Rect,
    /// Whether nothing is ever stored there.
    reserved: bool,
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
                Some(device) => self.stripes(column, visible.clone(), &device),
            }
        }
        self.over();
        self.row_numbers(visible);
    }

    /// The stripes of a disk in those rows of a column.
    fn stripes(&self, column: u32, rows: Range<u32>, device: &Device) {
        let stripes = rows.map(|row| self.layout.stripe(column, row));
        let extents = stripes.map_while(|stripe| self.extent(stripe, device));
        let extents: Vec<Extent> = extents.collect();
        let mut runs = Vec::new();
        for extent in &extents {
            let all = extent.rect;
            self.fill(all, &self.palette.cell);
            if extent.reserved {
                let hatching = &self.palette.hatch;
                hatch(self.context, all.x, all.y, all.w, all.h, hatching);
            } else if self.summary.used(extent.stripe) > 0 {
                runs::in_stripe(self.model, extent.stripe, |run| runs.push(run));
            }
        }
        runs.iter().for_each(|run| self.run(run));
        if !runs.is_empty() && self.layout.block_width() >= 4.0 && self.layout.pitch() >= 9.0 {
            self.separators(&extents);
        }
        runs.iter().for_each(|run| self.details(run));
        for extent in &extents {
            self.labels(extent.start);
            if !self.layout.shape.apart {
                self.border(extent.rect);
            }
        }
    }

    /// What a disk has of a stripe, if it has any of it.
    fn extent(&self, stripe: u32, device: &Device) -> Option<Extent> {
        let start = self.model.interleave.first_of(stripe);
        let (_, at) = interleave(self.model).locate(start);
        let shape = self.layout.shape;
        let blocks = device.pages.saturating_sub(at.0).min(shape.stripe);
        (blocks > 0 && stripe < shape.stripes).then(|| Extent {
            stripe,
            start,
            blocks,
            rect: self.layout.run(start, blocks),
            reserved: at.0 == 0,
        })
    }

    /// Lines between the blocks of a column, each through all rows at once: one by one there
    /// would be thousands. They have the colour of free blocks, on which they are not seen.
    fn separators(&self, extents: &[Extent]) {
        let (context, layout) = (self.context, self.layout);
        let reserved = extents.iter().take_while(|extent| extent.reserved).count();
        let extents = extents.get(reserved..).unwrap_or_default();
        let Some(first) = extents.first() else {
            return;
        };
        context.save();
        context.set_fill_style_str(&self.palette.cell);
        context.set_global_alpha(0.35);
        // What is between the rows stays empty.
        let _ = context.set_global_composite_operation("source-atop");
        for at in 1..first.blocks {
            // The last stripe of a disk may be shorter.
            let rows = extents.partition_point(|extent| extent.blocks > at) as u32;
            let block = layout.run(SwapBlock(first.start.0 + at), 1);
            let (_, h) = layout.rows(0, rows);
            context.fill_rect(block.x - 1.0, block.y, 1.0, h);
        }
        context.restore();
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

    fn run(&self, run: &Run) {
        let (layout, context) = (self.layout, self.context);
        let (color, _) = self.palette.object(run.object);
        let rect = layout.run(run.block, run.count);
        let w = rect.w - space(rect);
        if self.marks.quiets(run.object) {
            context.set_global_alpha(0.35);
        }
        self.fill(Rect { w, ..rect }, color);
        context.set_global_alpha(1.0);
    }

    /// The texture of a run, and what marks it.
    fn details(&self, run: &Run) {
        let layout = self.layout;
        let rect = layout.run(run.block, run.count);
        if layout.pitch() >= 5.0 {
            self.texture(run, rect, self.palette.object(run.object).1);
        }
        if let Some((from, count)) = self.marks.selected.and_then(|pages| overlap(run, pages)) {
            let marked = layout.run(SwapBlock(run.block.0 + from), count);
            let thick = (marked.h / 4.0).clamp(1.0, 3.0);
            let y = marked.y + marked.h - thick;
            self.fill_plain(
                marked.x,
                y,
                marked.w - space(rect),
                thick,
                &self.palette.ink,
            );
        }
        for (pages, color) in self.marks.pages() {
            if let Some((from, count)) = overlap(run, pages) {
                let marked = layout.run(SwapBlock(run.block.0 + from), count);
                self.ring(marked, color(self.palette), false);
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

/// A hair of space to the next run, where there is room for one.
fn space(run: Rect) -> f64 {
    if run.w >= 3.0 { 1.0 } else { 0.0 }
}
