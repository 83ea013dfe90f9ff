//! Draws the pages of an object.

use std::ops::Range;

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

/// How a page can look.
const LOOKS: [PageLook; 7] = [
    PageLook::Untouched,
    PageLook::Swapped,
    PageLook::Clean { copy: false },
    PageLook::Clean { copy: true },
    PageLook::Dirty,
    PageLook::Writing,
    PageLook::Reading,
];

/// How the pages of a range look.
pub fn looks(model: &Model, object: ObjectId, pages: Range<u32>) -> Vec<PageLook> {
    let keys = (object, PageIndex(pages.start))..(object, PageIndex(pages.end));
    let mut resident = model.pages.range(keys.clone()).peekable();
    let mut swapped = model.swap.range(keys).peekable();
    pages
        .map(|page| {
            let key = (object, PageIndex(page));
            let state = resident.next_if(|(at, _)| **at == key);
            let block = swapped.next_if(|(at, _)| **at == key);
            PageLook::of(
                state.map(|(_, page)| page.state),
                block.map(|(_, block)| *block),
            )
        })
        .collect()
}

/// The pages of a grid, and how they look from where it is scrolled to.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The object.
    pub object: ObjectId,
    /// How its pages are laid out.
    pub cells: Cells,
    /// What of them is in view.
    pub view: Viewport,
    /// What is drawn around them.
    pub marks: Marks,
    /// Changes with the colours.
    pub theme: u32,
    /// How those look that are in view.
    pub looks: Vec<PageLook>,
}

impl Picture {
    /// The pages that are in view.
    fn visible(&self) -> Range<u32> {
        self.cells.visible(self.view.scroll, self.view.height)
    }

    /// The rows of cells that are other than in `before`, if those are all that is.
    pub fn rows_other_than(&self, before: &Picture) -> Option<Range<u32>> {
        let same = self.object == before.object
            && (self.cells, self.view) == (before.cells, before.view)
            && (self.marks, self.theme) == (before.marks, before.theme)
            && self.looks.len() == before.looks.len();
        let pairs = || self.looks.iter().zip(&before.looks);
        let first = pairs().position(|(now, then)| now != then)?;
        let last = pairs().rposition(|(now, then)| now != then)?;
        let row = |at: usize| (self.visible().start + at as u32) / self.cells.columns;
        same.then(|| row(first)..row(last) + 1)
    }

    /// Where rows are in the canvas: from the upper edge to the lower one.
    pub fn band(&self, rows: &Range<u32>) -> (f64, f64) {
        let y = |row: u32| self.cells.at(row * self.cells.columns).1 - self.view.scroll;
        (y(rows.start), y(rows.end))
    }
}

/// Draws the cells that are in view; of those, only what falls into some rows if that is asked for.
pub fn grid(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    picture: &Picture,
    rows: Option<Range<u32>>,
) {
    let Picture { cells, marks, .. } = picture;
    // An update, so that the first row of marks is not cut off at the upper edge.
    let _ = context.translate(0.0, -picture.view.scroll);
    let visible = picture.visible();
    // Marks reach into the rows beside them.
    let wanted = rows.map_or(visible.clone(), |rows| {
        let page = |row: u32| (row * cells.columns).clamp(visible.start, visible.end);
        page(rows.start.saturating_sub(1))..page(rows.end + 1)
    });
    let looks = picture.looks.get((wanted.start - visible.start) as usize..);
    let looks = looks.unwrap_or_default();
    let visible = wanted;
    // Cells are alike and their edges sharp: the space between them makes up for the rest.
    let ratio = pixel_ratio();
    let snap = |x: f64| (x * ratio).round() / ratio;
    let size = ((cells.pitch - cells.gap()) * ratio).floor() / ratio;
    let inset = (cells.pitch - size) / 2.0;
    let selected = |page: u32| {
        marks
            .selected
            .is_some_and(|range| (range.start.0..range.end().0).contains(&page))
    };
    for look in LOOKS {
        let alike = visible.clone().zip(looks).filter(|(_, at)| **at == look);
        let places: Vec<_> = alike
            .map(|(page, _)| {
                let (x, y) = cells.at(page);
                (snap(x + inset), snap(y + inset))
            })
            .collect();
        if !places.is_empty() {
            let own = palette.object(picture.object);
            cells_alike(context, palette, look, own, size, &places);
        }
    }
    context.set_fill_style_str(&palette.mark);
    for page in visible.clone().filter(|&page| selected(page)) {
        let (x, y) = cells.at(page);
        let (left, right) = (snap(x), snap(x + cells.pitch));
        let (above, below) = (snap(y), snap(y + cells.pitch));
        let column = page % cells.columns;
        // Corners included.
        let line = |x: f64, y: f64, width: f64, height: f64| {
            context.fill_rect(x - 1.0, y - 1.0, width + 2.0, height + 2.0);
        };
        if page < cells.columns || !selected(page - cells.columns) {
            line(left, above, right - left, 0.0);
        }
        if !selected(page + cells.columns) {
            line(left, below, right - left, 0.0);
        }
        if column == 0 || !selected(page - 1) {
            line(left, above, 0.0, below - above);
        }
        if column + 1 == cells.columns || !selected(page + 1) {
            line(right, above, 0.0, below - above);
        }
    }
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

/// Draws one cell, as other views and the legend show it.
pub fn cell(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    look: PageLook,
    own: (&str, Texture),
    (x, y, size): (f64, f64, f64),
) {
    cells_alike(context, palette, look, own, size, &[(x, y)]);
}

/// Draws cells that look alike. Colours cost more than
/// what is drawn with them, so each is set once for all cells.
fn cells_alike(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    look: PageLook,
    (color, texture): (&str, Texture),
    size: f64,
    places: &[(f64, f64)],
) {
    let radius = if size >= 8.0 { 2.0 } else { 0.0 };
    let ring = (size / 7.0).clamp(1.0, 2.0);
    // What is so far inside of the edge.
    let fill = |color: &str, inside: f64, radius: f64| {
        let size = size - 2.0 * inside;
        context.set_fill_style_str(color);
        for (x, y) in places {
            let (x, y) = (x + inside, y + inside);
            if radius < 1.0 {
                context.fill_rect(x, y, size, size);
            } else {
                rounded(context, x, y, size, size, radius);
                context.fill();
            }
        }
    };
    let outline = |color: &str| {
        let (half, size) = (ring / 2.0, size - ring);
        context.set_stroke_style_str(color);
        context.set_line_width(ring);
        for (x, y) in places {
            rounded(context, x + half, y + half, size, size, radius);
            context.stroke();
        }
    };
    let ringed = |edge: &str, inner: &str| {
        if radius < 1.0 {
            fill(edge, 0.0, 0.0);
            fill(inner, ring, 0.0);
        } else {
            fill(inner, 0.0, radius);
        }
    };
    match look {
        PageLook::Untouched => fill(&palette.cell, 0.0, radius),
        PageLook::Swapped | PageLook::Reading => ringed(color, &palette.paper),
        PageLook::Dirty => ringed(&palette.ink, color),
        PageLook::Clean { .. } | PageLook::Writing => fill(color, 0.0, radius),
    }
    if matches!(look, PageLook::Clean { .. } | PageLook::Dirty) && size >= 8.0 {
        for (x, y) in places {
            overlay(context, palette, texture, (*x, *y, size));
        }
    }
    match look {
        PageLook::Dirty if radius >= 1.0 => outline(&palette.ink),
        PageLook::Swapped | PageLook::Reading if radius >= 1.0 => outline(color),
        _ => {}
    }
    match look {
        PageLook::Clean { copy: true } if size >= 3.0 => {
            let dot = (size * 0.4).max(1.0);
            fill(&palette.paper, (size - dot) / 2.0, dot / 2.0);
        }
        PageLook::Writing => arrows(context, &palette.paper, size, places, true),
        PageLook::Reading => arrows(context, color, size, places, false),
        _ => {}
    }
}

/// Arrows that leave the cells, or ones that come in.
fn arrows(
    context: &CanvasRenderingContext2d,
    color: &str,
    size: f64,
    places: &[(f64, f64)],
    out: bool,
) {
    let (near, far) = (size * 0.28, size * 0.72);
    let (tip, tail) = if out { (far, near) } else { (near, far) };
    context.set_stroke_style_str(color);
    context.set_line_width((size / 8.0).clamp(1.0, 1.6));
    context.begin_path();
    for (x, y) in places {
        let point = |along: f64, up: f64| (x + along, y + size - up);
        let lines = [
            (point(tail, tail), point(tip, tip)),
            (point(tip, tip), point(tip + (tail - tip) * 0.75, tip)),
            (point(tip, tip), point(tip, tip + (tail - tip) * 0.75)),
        ];
        for (from, to) in lines {
            context.move_to(from.0, from.1);
            context.line_to(to.0, to.1);
        }
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
