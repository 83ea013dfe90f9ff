//! Draws the stripe map.

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::event::{IoCmd, Place};
use swap_pager::units::{DMMAX, ObjectId, PageIndex, SlotId, SwapBlock};
use web_sys::CanvasRenderingContext2d;

use super::layout::{Layout, Rect};
use super::runs::{self, Run};
use crate::view::canvas::{Palette, Viewport, hatch, rounded};
use crate::view::look::Texture;
use crate::view::machine::interleave;

/// What is drawn over the blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Marks {
    /// The selected pages, where they are on swap.
    pub selected: Option<(ObjectId, PageRange)>,
    /// The block that the inspector shows.
    pub subject: Option<SwapBlock>,
    /// The block that is pointed at, here or elsewhere.
    pub hover: Option<SwapBlock>,
}

/// Draws the rows that are in view.
pub fn map(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    model: &Model,
    layout: &Layout,
    view: Viewport,
    marks: Marks,
) {
    let _ = context.translate(0.0, -view.scroll);
    let visible = layout.visible(view.scroll, view.height);
    row_numbers(context, palette, layout, visible.clone());
    for (slot, device) in model.slots.iter().enumerate() {
        let slot = slot as u32;
        let Some(device) = device else {
            empty_slot(context, palette, layout, slot, view);
            continue;
        };
        let stripes = device.pages.div_ceil(DMMAX);
        for row in visible.start..visible.end.min(stripes) {
            let all = layout.run(slot, row, 0, DMMAX);
            fill(context, all, &palette.cell);
            if row == 0 {
                hatch(context, all.x, all.y, all.w, all.h, &palette.hatch);
            } else {
                for run in runs::in_stripe(model, SlotId(slot), row) {
                    block_run(context, palette, layout, &run, marks.selected);
                }
            }
        }
    }
    for transfer in &model.in_flight {
        let Some(Place { slot, block, .. }) = transfer.place else {
            continue;
        };
        let rect = layout.run(slot.0, block.0 / DMMAX, block.0 % DMMAX, transfer.pages);
        let dashed = transfer.cmd == IoCmd::Read;
        ring(context, palette, rect, &palette.ink, dashed);
    }
    for (block, color) in [(marks.subject, &palette.mark), (marks.hover, &palette.ink)] {
        if let Some(block) = block {
            let (slot, at) = interleave(model).locate(block);
            let rect = layout.block(slot, at);
            let grow = (6.0 - rect.w).max(0.0) / 2.0;
            let rect = Rect {
                x: rect.x - grow,
                w: rect.w + grow * 2.0,
                ..rect
            };
            ring(context, palette, rect, color, false);
        }
    }
}

fn row_numbers(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    layout: &Layout,
    visible: std::ops::Range<u32>,
) {
    let step = layout.row_label_step();
    context.set_fill_style_str(&palette.muted);
    context.set_font("11px system-ui, sans-serif");
    context.set_text_align("right");
    context.set_text_baseline("middle");
    let right = layout.column(0).0 - 8.0;
    for row in visible.filter(|row| row.is_multiple_of(step)) {
        let rect = layout.run(0, row, 0, 1);
        let middle = (rect.y + rect.h / 2.0).max(6.0);
        let _ = context.fill_text(&row.to_string(), right, middle);
    }
}

/// A slot without a disk: its stripes have their places, and stay empty.
fn empty_slot(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    layout: &Layout,
    slot: u32,
    view: Viewport,
) {
    let (x, w) = layout.column(slot);
    let height = layout.height().min(view.height.max(40.0));
    context.save();
    context.set_stroke_style_str(&palette.muted);
    context.set_line_width(1.0);
    let dash = js_sys::Array::of2(&4.0.into(), &4.0.into());
    let _ = context.set_line_dash(&dash);
    rounded(
        context,
        x + 0.5,
        view.scroll + 0.5,
        w - 1.0,
        height - 3.0,
        4.0,
    );
    context.stroke();
    context.restore();
    context.set_fill_style_str(&palette.muted);
    context.set_font("12px system-ui, sans-serif");
    context.set_text_align("center");
    context.set_text_baseline("middle");
    let lines: &[&str] = if w >= 120.0 {
        &["no disk here:", "its stripes", "are never free"]
    } else {
        &["no disk"]
    };
    for (i, line) in lines.iter().enumerate() {
        let y = view.scroll + height / 2.0 + (i as f64 - (lines.len() - 1) as f64 / 2.0) * 18.0;
        let _ = context.fill_text(line, x + w / 2.0, y);
    }
}

fn block_run(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    layout: &Layout,
    run: &Run,
    selected: Option<(ObjectId, PageRange)>,
) {
    let (color, texture) = palette.object(run.object);
    let (row, first) = (run.first.0 / DMMAX, run.first.0 % DMMAX);
    let rect = layout.run(run.slot.0, row, first, run.count);
    // A hair of space to the next run, where there is room for one.
    let space = if rect.w >= 3.0 { 1.0 } else { 0.0 };
    fill(
        context,
        Rect {
            w: rect.w - space,
            ..rect
        },
        color,
    );
    if layout.block_width() >= 4.0 && layout.pitch() >= 9.0 {
        context.set_fill_style_str(&palette.cell);
        context.set_global_alpha(0.35);
        for at in 1..run.count {
            let block = layout.run(run.slot.0, row, first + at, 1);
            context.fill_rect(block.x - 1.0, rect.y, 1.0, rect.h);
        }
        context.set_global_alpha(1.0);
    }
    if layout.pitch() >= 5.0 {
        overlay(context, palette, layout, run, rect, texture);
    }
    if let Some((object, range)) = selected
        && object == run.object
        && let Some((from, count)) = overlap(run, range)
    {
        let marked = layout.run(run.slot.0, row, first + from, count);
        let thick = (marked.h / 4.0).clamp(1.0, 3.0);
        context.set_fill_style_str(&palette.ink);
        context.fill_rect(
            marked.x,
            marked.y + marked.h - thick,
            marked.w - space,
            thick,
        );
    }
}

/// Where in a run the selected pages begin, and how many they are.
fn overlap(run: &Run, range: PageRange) -> Option<(u32, u32)> {
    let (first, end) = (run.page.0, run.page.0 + run.count);
    let PageIndex(from) = range.start.max(run.page);
    let to = range.end().0.min(end);
    (from < to).then(|| (from - first, to - from))
}

fn overlay(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    layout: &Layout,
    run: &Run,
    rect: Rect,
    texture: Texture,
) {
    context.set_fill_style_str(&palette.paper);
    let middle = rect.y + (rect.h / 2.0).floor();
    match texture {
        Texture::Plain => {}
        Texture::Stripes => context.fill_rect(rect.x, middle, rect.w - 1.0, 1.0),
        Texture::Dots => {
            let row = run.first.0 / DMMAX;
            for at in (0..run.count).step_by(2) {
                let block = layout.run(run.slot.0, row, run.first.0 % DMMAX + at, 1);
                context.fill_rect(block.x + block.w / 2.0 - 1.0, middle - 1.0, 2.0, 2.0);
            }
        }
    }
}

fn fill(context: &CanvasRenderingContext2d, rect: Rect, color: &str) {
    context.set_fill_style_str(color);
    if rect.h >= 6.0 && rect.w >= 6.0 {
        rounded(context, rect.x, rect.y, rect.w, rect.h, 2.0);
        context.fill();
    } else {
        context.fill_rect(rect.x, rect.y, rect.w, rect.h);
    }
}

/// A line around blocks, with a lighter one outside so that it is seen on any colour.
fn ring(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    rect: Rect,
    color: &str,
    dashed: bool,
) {
    context.save();
    let outer = |grow: f64| {
        rounded(
            context,
            rect.x - grow,
            rect.y - grow,
            rect.w + grow * 2.0,
            rect.h + grow * 2.0,
            3.0,
        );
    };
    context.set_stroke_style_str(&palette.paper);
    context.set_line_width(4.0);
    outer(1.0);
    context.stroke();
    if dashed {
        let dash = js_sys::Array::of2(&3.0.into(), &2.0.into());
        let _ = context.set_line_dash(&dash);
    }
    context.set_stroke_style_str(color);
    context.set_line_width(2.0);
    outer(1.0);
    context.stroke();
    context.restore();
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::units::DeviceBlock;

    #[test]
    fn only_selected_pages_of_a_run_are_marked() {
        let run = Run {
            slot: SlotId(0),
            first: DeviceBlock(32),
            count: 16,
            block: SwapBlock(128),
            object: ObjectId(1),
            page: PageIndex(48),
        };
        let range = |start, count| PageRange {
            start: PageIndex(start),
            count,
        };
        assert_eq!(overlap(&run, range(50, 4)), Some((2, 4)));
        assert_eq!(overlap(&run, range(0, 50)), Some((0, 2)));
        assert_eq!(overlap(&run, range(60, 100)), Some((12, 4)));
        assert_eq!(overlap(&run, range(64, 10)), None);
        assert_eq!(overlap(&run, range(0, 48)), None);
    }
}
