//! Draws the pages of an object.

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::units::{ObjectId, PageIndex};
use web_sys::CanvasRenderingContext2d;

use super::cells::Cells;
use crate::view::canvas::{Palette, Viewport, pixel_ratio, rounded};
use crate::view::look::{PageLook, Texture};

/// What is drawn around cells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Marks {
    /// The selected pages.
    pub selected: Option<PageRange>,
    /// The page that arrow keys move, if the keyboard is here.
    pub head: Option<PageIndex>,
    /// The page that is pointed at, here or elsewhere.
    pub hover: Option<PageIndex>,
}

/// Draws the cells that are in view.
pub fn grid(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    model: &Model,
    object: ObjectId,
    cells: &Cells,
    view: Viewport,
    marks: Marks,
) {
    // An update, so that the first row of marks is not cut off at the upper edge.
    let _ = context.translate(0.0, -view.scroll);
    let visible = cells.visible(view.scroll, view.height);
    let (color, texture) = palette.object(object);
    let keys = (object, PageIndex(visible.start))..(object, PageIndex(visible.end));
    let mut resident = model.pages.range(keys.clone()).peekable();
    let mut swapped = model.swap.range(keys).peekable();
    // Cells are alike and their edges sharp: the space between them makes up for the rest.
    let ratio = pixel_ratio();
    let snap = |x: f64| (x * ratio).round() / ratio;
    let size = ((cells.pitch - cells.gap()) * ratio).floor() / ratio;
    let selected = |page: u32| {
        marks
            .selected
            .is_some_and(|range| (range.start.0..range.end().0).contains(&page))
    };
    for page in visible.clone() {
        let key = (object, PageIndex(page));
        let state = resident.next_if(|(at, _)| **at == key);
        let block = swapped.next_if(|(at, _)| **at == key);
        let look = PageLook::of(
            state.map(|(_, page)| page.state),
            block.map(|(_, block)| *block),
        );
        let (x, y) = cells.at(page);
        let inset = (cells.pitch - size) / 2.0;
        cell(
            context,
            palette,
            look,
            (color, texture),
            (snap(x + inset), snap(y + inset), size),
        );
    }
    context.set_stroke_style_str(&palette.mark);
    context.set_line_width(2.0);
    context.begin_path();
    for page in visible.clone().filter(|&page| selected(page)) {
        let (x, y) = cells.at(page);
        let (right, below) = (x + cells.pitch, y + cells.pitch);
        let column = page % cells.columns;
        let edge = |from: (f64, f64), to: (f64, f64)| {
            context.move_to(from.0, from.1);
            context.line_to(to.0, to.1);
        };
        if page < cells.columns || !selected(page - cells.columns) {
            edge((x, y), (right, y));
        }
        if !selected(page + cells.columns) {
            edge((x, below), (right, below));
        }
        if column == 0 || !selected(page - 1) {
            edge((x, y), (x, below));
        }
        if column + 1 == cells.columns || !selected(page + 1) {
            edge((right, y), (right, below));
        }
    }
    context.stroke();
    for (page, color) in [(marks.head, &palette.mark), (marks.hover, &palette.ink)] {
        let Some(page) = page.filter(|page| visible.contains(&page.0)) else {
            continue;
        };
        let (x, y) = cells.at(page.0);
        context.set_stroke_style_str(color);
        context.set_line_width(2.0);
        rounded(context, x, y, cells.pitch, cells.pitch, 4.0);
        context.stroke();
    }
}

/// Draws one cell: the legend's are drawn by this too.
pub fn cell(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    look: PageLook,
    (color, texture): (&str, Texture),
    (x, y, size): (f64, f64, f64),
) {
    let radius = if size >= 8.0 { 2.0 } else { 0.0 };
    let ring = (size / 7.0).clamp(1.0, 2.0);
    let fill = |color: &str| {
        context.set_fill_style_str(color);
        if radius < 1.0 {
            return context.fill_rect(x, y, size, size);
        }
        rounded(context, x, y, size, size, radius);
        context.fill();
    };
    let outline = |color: &str, width: f64| {
        let half = width / 2.0;
        context.set_stroke_style_str(color);
        context.set_line_width(width);
        if radius < 1.0 {
            return context.stroke_rect(x + half, y + half, size - width, size - width);
        }
        rounded(
            context,
            x + half,
            y + half,
            size - width,
            size - width,
            radius,
        );
        context.stroke();
    };
    match look {
        PageLook::Untouched => fill(&palette.cell),
        PageLook::Swapped | PageLook::Reading => {
            fill(&palette.paper);
            outline(color, ring);
        }
        PageLook::Clean { .. } | PageLook::Dirty | PageLook::Writing => fill(color),
    }
    if matches!(look, PageLook::Clean { .. } | PageLook::Dirty) && size >= 8.0 {
        overlay(context, palette, texture, (x, y, size));
    }
    match look {
        PageLook::Dirty => {
            outline(&palette.ink, ring);
        }
        PageLook::Clean { copy: true } if size >= 3.0 => {
            let dot = (size * 0.4).max(1.0);
            let at = (size - dot) / 2.0;
            context.set_fill_style_str(&palette.paper);
            rounded(context, x + at, y + at, dot, dot, dot / 2.0);
            context.fill();
        }
        PageLook::Writing => arrow(context, &palette.paper, (x, y, size), true),
        PageLook::Reading => arrow(context, color, (x, y, size), false),
        _ => {}
    }
}

/// An arrow that leaves the cell, or one that comes in.
fn arrow(
    context: &CanvasRenderingContext2d,
    color: &str,
    (x, y, size): (f64, f64, f64),
    out: bool,
) {
    let (near, far) = (size * 0.28, size * 0.72);
    let (tip, tail) = if out { (far, near) } else { (near, far) };
    let point = |along: f64, up: f64| (x + along, y + size - up);
    context.set_stroke_style_str(color);
    context.set_line_width((size / 8.0).clamp(1.0, 1.6));
    context.begin_path();
    let lines = [
        (point(tail, tail), point(tip, tip)),
        (point(tip, tip), point(tip + (tail - tip) * 0.75, tip)),
        (point(tip, tip), point(tip, tip + (tail - tip) * 0.75)),
    ];
    for (from, to) in lines {
        context.move_to(from.0, from.1);
        context.line_to(to.0, to.1);
    }
    context.stroke();
}

/// The texture of an object whose colour another has too.
fn overlay(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    texture: Texture,
    (x, y, size): (f64, f64, f64),
) {
    match texture {
        Texture::Plain => {}
        Texture::Stripes => {
            context.set_stroke_style_str(&palette.paper);
            context.set_line_width(1.0);
            context.begin_path();
            context.move_to(x, y + size);
            context.line_to(x + size, y);
            context.stroke();
        }
        Texture::Dots => {
            context.set_fill_style_str(&palette.paper);
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                context.fill_rect(x + size * dx - 0.75, y + size * dy - 0.75, 1.5, 1.5);
            }
        }
    }
}
