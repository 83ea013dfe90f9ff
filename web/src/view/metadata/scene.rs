//! Draws the chains of the metadata hash.

use swap_pager::Model;
use swap_pager::swap_meta::SWAP_META_PAGES;
use swap_pager::units::{ObjectId, PageIndex};
use web_sys::CanvasRenderingContext2d;

use super::layout::{self, Layout, Row};
use super::{nth, subject_page};
use crate::view::Panel;
use crate::view::canvas::{Palette, Viewport, rounded};
use crate::view::format::span;
use crate::view::link::Linked;
use crate::view::look::{PageLook, object_name};
use crate::view::objects::paint::cell;
use crate::view::picture::Scene;
use crate::view::ui::Thing;

/// The chains, or the metadata blocks of one object.
pub struct Chains {
    /// What every panel is given.
    pub panel: Panel,
    /// The object.
    pub only: Option<ObjectId>,
    /// Chains of the hash, empty ones too.
    pub buckets: u32,
}

impl Chains {
    /// The row and slot of what is selected.
    fn cursor(&self, model: &Model) -> Option<(u32, u32)> {
        let (object, page) = subject_page(model, self.panel.ui.subject)?;
        let first = PageIndex(page.0 & !(SWAP_META_PAGES - 1));
        let mut rows = layout::rows(model, self.only);
        let row = rows.position(|row| row.object == object && row.first == first)?;
        Some((row as u32, page.0 - first.0))
    }

    /// What stands for a slot of a row: its page, or the whole metadata block.
    fn thing(&self, model: &Model, row: u32, slot: Option<u32>) -> Option<Thing> {
        let row = layout::rows(model, self.only).nth(row as usize)?;
        let size = model.objects.get(&row.object).map_or(0, |o| o.size);
        let page = slot.map(|slot| row.first.offset(slot));
        Some(match page.filter(|page| page.0 < size) {
            Some(page) => Thing::Page(row.object, page),
            None => Thing::Swblock(row.object, row.first),
        })
    }
}

impl Scene for Chains {
    fn height(&self, width: f64) -> f64 {
        let rows = layout::count(&self.panel.session.model(), self.only);
        f64::from(rows) * Layout::new(width).row + layout::GAP_LINE + 4.0
    }

    fn grid(&self, width: f64) -> (f64, f64, f64, u32) {
        let layout = Layout::new(width);
        (layout.left, layout.pitch, layout.row, SWAP_META_PAGES)
    }

    fn paint(&self, context: &CanvasRenderingContext2d, palette: &Palette, view: Viewport) {
        let model = self.panel.session.model();
        let history = self.panel.session.history();
        let ui = &self.panel.ui;
        let layout = Layout::new(view.width);
        let marks = [(ui.subject, &palette.mark), (ui.hover, &palette.ink)]
            .map(|(thing, color)| (Linked::of(&model, &history, thing), thing, color));
        let first = (view.scroll / layout.row) as usize;
        let most = (view.height / layout.row) as usize + 2;
        let mut last = None;
        for (i, row) in (first..).zip(layout::rows(&model, self.only).skip(first).take(most)) {
            let top = i as f64 * layout.row;
            words(
                context,
                palette,
                &model,
                &layout,
                (&row, top, view.width),
                self.only,
            );
            let y = top + layout.above;
            let (size, look) = (layout.pitch - 1.0, palette.object(row.object));
            let end = row.first.offset(SWAP_META_PAGES);
            let keys = (row.object, row.first)..(row.object, end);
            let mut mapped = model.swap.range(keys).peekable();
            for slot in 0..SWAP_META_PAGES {
                let key = (row.object, row.first.offset(slot));
                let used = mapped.next_if(|(at, _)| **at == key).is_some();
                let page = if used {
                    PageLook::Clean { copy: false }
                } else {
                    PageLook::Untouched
                };
                let x = layout.left + f64::from(slot) * layout.pitch;
                cell(context, palette, page, look, (x, y, size));
            }
            for (linked, thing, color) in marks {
                context.set_stroke_style_str(color);
                context.set_line_width(2.0);
                let ring = |slot: u32, slots: u32| {
                    let x = layout.left + f64::from(slot) * layout.pitch;
                    let w = f64::from(slots) * layout.pitch + 1.0;
                    rounded(context, x - 1.0, y - 1.0, w, layout.pitch + 1.0, 3.0);
                    context.stroke();
                };
                if thing == Some(Thing::Swblock(row.object, row.first)) {
                    ring(0, SWAP_META_PAGES);
                } else if !matches!(thing, Some(Thing::Object(_))) {
                    let out =
                        |slot: &u32| linked.has_page(&model, row.object, row.first.offset(*slot));
                    (0..SWAP_META_PAGES)
                        .filter(out)
                        .for_each(|slot| ring(slot, 1));
                }
            }
            last = Some((i, row.bucket));
        }
        // What comes after the last chain.
        let rows = layout::count(&model, self.only) as usize;
        if let Some((i, bucket)) = last.filter(|(i, _)| i + 1 == rows && self.only.is_none()) {
            let y = (i + 1) as f64 * layout.row;
            gap(context, palette, self.buckets - bucket - 1, y);
        }
    }

    fn at(&self, width: f64, x: f64, y: f64) -> Option<Thing> {
        let (row, slot) = Layout::new(width).hit(x, y)?;
        self.thing(&self.panel.session.model(), row, slot)
    }

    fn moved(&self, _: f64, key: &str) -> Option<Thing> {
        let model = self.panel.session.model();
        let cursor = self.cursor(&model);
        if key == "Enter" {
            return self.thing(&model, cursor?.0, None);
        }
        let (row, slot) = layout::moved(layout::count(&model, self.only), cursor, key)?;
        self.thing(&model, row, Some(slot))
    }

    fn selected(&self, width: f64) -> Option<(f64, f64)> {
        let layout = Layout::new(width);
        let top = f64::from(self.cursor(&self.panel.session.model())?.0) * layout.row;
        Some((top, top + layout.row))
    }
}

/// What is said of a row: its bucket and place, and whose it is.
fn words(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    model: &Model,
    layout: &Layout,
    (row, top, width): (&Row, f64, f64),
    only: Option<ObjectId>,
) {
    if row.gap > 0 && only.is_none() {
        gap(context, palette, row.gap, top);
    }
    let bucket = if row.place == 0 {
        format!("bucket {}", row.bucket)
    } else if only.is_some() {
        format!("{} in {}", nth(row.place), row.bucket)
    } else {
        format!("└ then, {}", nth(row.place))
    };
    let end = row.first.offset(SWAP_META_PAGES);
    let keys = (row.object, row.first)..(row.object, end);
    let used = model.swap.range(keys).count();
    let about = format!(
        "{} {} · {used} of 32",
        object_name(model, row.object),
        span(row.first.0, end.0 - 1)
    );
    context.set_fill_style_str(&palette.ink);
    context.set_text_baseline("middle");
    context.set_font("12px system-ui, sans-serif");
    let write = |text: &str, x: f64, y: f64, most: f64| {
        // A name that is too long is drawn narrower.
        let _ = context.fill_text_with_max_width(text, x, y, most);
    };
    context.set_text_align("left");
    if layout.wide {
        let y = top + layout.above + layout.pitch / 2.0;
        let x = layout.left + 32.0 * layout.pitch + 10.0;
        write(&bucket, 2.0, y, layout.left - 8.0);
        write(&about, x, y, width - x);
    } else {
        let y = top + layout.above - 9.0;
        write(&bucket, layout.left, y, 100.0);
        context.set_text_align("right");
        let right = layout.left + 32.0 * layout.pitch;
        write(&about, right, y, right - 110.0);
    }
}

fn gap(context: &CanvasRenderingContext2d, palette: &Palette, buckets: u32, top: f64) {
    if buckets == 0 {
        return;
    }
    context.set_fill_style_str(&palette.muted);
    context.set_font("11px system-ui, sans-serif");
    context.set_text_align("left");
    context.set_text_baseline("middle");
    let text = format!("⋮ {}", super::empty(buckets));
    let _ = context.fill_text(&text, 2.0, top + layout::GAP_LINE / 2.0);
}
