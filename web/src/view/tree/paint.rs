//! Draws the tree.

use swap_pager::Model;
use swap_pager::blist::{BMAP_RADIX, Finding, MAX_ALLOC};
use swap_pager::event::BlistImage;
use swap_pager::stripe::Interleave;
use swap_pager::units::SwapBlock;
use web_sys::CanvasRenderingContext2d;

use super::geometry::{Seen, State, covers, free_in, hidden_by, look};
use super::layout::{BAR, CELLS_A_ROW, Layout, Rect};
use super::search::{Search, Visit};
use crate::view::canvas::{Palette, hatch, rounded};
use crate::view::format::{count, grouped};
use crate::view::link::Linked;

/// Nodes that are narrower share a column of the picture.
const LEAST: f64 = 3.0;
/// Width of such a column.
const COLUMN: f64 = 2.0;
/// Width of a character of the small text, roughly.
const CHARACTER: f64 = 6.1;
/// From a share like this on, text on a node has the colour that is made for full ones.
const NEARLY_FULL: f64 = 0.75;

/// What is drawn over the tree.
#[derive(Clone, Copy, Debug)]
pub struct Marks<'a> {
    /// The last search.
    pub search: Option<&'a Search>,
    /// What the inspector shows.
    pub subject: Linked,
    /// What is pointed at.
    pub hover: Linked,
}

/// All that drawing needs.
pub struct Painter<'a> {
    /// What is drawn on.
    pub context: &'a CanvasRenderingContext2d,
    /// The colours.
    pub palette: &'a Palette,
    /// The machine.
    pub model: &'a Model,
    /// The tree.
    pub image: &'a BlistImage,
    /// Where things are.
    pub layout: &'a Layout,
    /// What is drawn over it.
    pub marks: Marks<'a>,
}

/// Draws what is in view.
pub fn tree(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    model: &Model,
    layout: &Layout,
    marks: Marks,
) {
    let Some(image) = &model.blist else {
        return;
    };
    context.set_font("11px system-ui, sans-serif");
    context.set_text_baseline("middle");
    let painter = Painter {
        context,
        palette,
        model,
        image,
        layout,
        marks,
    };
    for level in 0..layout.levels {
        painter.row(level);
    }
    painter.absent();
    painter.path();
    painter.lens();
    for (linked, color) in [(marks.subject, &palette.mark), (marks.hover, &palette.ink)] {
        painter.linked(&linked, color);
    }
}

impl Painter<'_> {
    pub(super) fn text(&self, text: &str, x: f64, y: f64, color: &str) {
        self.context.set_fill_style_str(color);
        let _ = self.context.fill_text(text, x, y);
    }

    pub(super) fn fill(&self, rect: Rect, color: &str) {
        self.context.set_fill_style_str(color);
        self.context.fill_rect(rect.x, rect.y, rect.w, rect.h);
    }

    fn ring(&self, rect: Rect, color: &str, width: f64, dashed: bool) {
        // Two pixels wide at least, and what is cut off by the edge stays a ring.
        let grow = (4.0 - rect.w).max(0.0) / 2.0;
        let (x, right) = (rect.x - grow, rect.x + rect.w + grow);
        if right < 0.0 || x > self.layout.width {
            return;
        }
        let (x, right) = (x.max(1.0), right.min(self.layout.width - 1.0));
        self.context.set_stroke_style_str(color);
        self.context.set_line_width(width);
        if dashed {
            let dash = js_sys::Array::of2(&3.0.into(), &3.0.into());
            let _ = self.context.set_line_dash(&dash);
        }
        rounded(self.context, x, rect.y, (right - x).max(2.0), rect.h, 3.0);
        self.context.stroke();
        let _ = self.context.set_line_dash(&js_sys::Array::new());
    }

    /// Room for text between the edges of the picture.
    fn inside(&self, rect: Rect) -> (f64, f64) {
        let left = rect.x.max(0.0);
        (left, (rect.x + rect.w).min(self.layout.width) - left)
    }

    /// How much of a rectangle is in use: its shade.
    fn shade(&self, rect: Rect, share: f64) {
        self.fill(rect, &self.palette.cell);
        self.context.set_global_alpha(share);
        self.fill(rect, &self.palette.tree[0]);
        self.context.set_global_alpha(1.0);
    }

    fn row(&self, level: u32) {
        let (layout, image) = (self.layout, self.image);
        let covers = covers(image, level);
        let (view, width) = (layout.in_view(image), layout.wide(covers));
        let label = level_label(image, level, width, self.model.interleave);
        self.text(
            &label,
            0.0,
            layout.label_y(level) + 9.0,
            &self.palette.muted,
        );
        if view.is_empty() {
            return;
        }
        if width < LEAST {
            self.columns(level);
            return;
        }
        let mut block = view.start / covers * covers;
        while block < view.end {
            if let Some(above) = hidden_by(image, level, block) {
                let end = above.end(image);
                self.stale(level, block.max(above.first), end);
                block = above.first + above.covers;
                continue;
            }
            self.node(&look(image, level, block), width);
            block += covers;
        }
    }

    /// Nodes too narrow to be drawn one by one: the share in use of each column of the picture.
    fn columns(&self, level: u32) {
        let (layout, image) = (self.layout, self.image);
        let covers = covers(image, level);
        let end = layout.x(f64::from(image.blocks)).min(layout.width);
        let mut x = layout.x(0.0).max(0.0);
        while x < end {
            let first = layout.block(x) as u32;
            if let Some(above) = hidden_by(image, level, first) {
                let right = layout.x(f64::from(above.first + above.covers));
                if right - x >= COLUMN {
                    self.stale(level, first, above.end(image));
                    x = right;
                    continue;
                }
            }
            // Whole nodes, so that what a column shows does not flicker while it moves.
            let last = (layout.block(x + COLUMN) as u32).max(first + 1);
            let (from, to) = (first / covers * covers, last.next_multiple_of(covers));
            let to = to.min(image.blocks);
            let rect = Rect {
                x,
                w: COLUMN,
                ..layout.span(level, first, last)
            };
            let free = f64::from(free_in(image, from..to));
            self.shade(rect, 1.0 - free / f64::from(to.saturating_sub(from).max(1)));
            x += COLUMN;
        }
    }

    /// Nodes below a collapsed one: they are in the array, and mean nothing.
    fn stale(&self, level: u32, first: u32, end: u32) {
        let rect = self.layout.span(level, first, end);
        let (x, w) = self.inside(rect);
        let middle = rect.y + rect.h / 2.0;
        self.context.set_global_alpha(0.5);
        self.context.set_stroke_style_str(&self.palette.muted);
        self.context.set_line_width(1.0);
        let dash = js_sys::Array::of2(&1.0.into(), &4.0.into());
        let _ = self.context.set_line_dash(&dash);
        let text = "stale: what is above is collapsed";
        let room = text.len() as f64 * CHARACTER + 16.0;
        let from = if w > room { x + room } else { x };
        self.context.begin_path();
        self.context.move_to(from, middle);
        self.context.line_to((x + w).max(from), middle);
        self.context.stroke();
        let _ = self.context.set_line_dash(&js_sys::Array::new());
        self.context.set_global_alpha(1.0);
        if w > room {
            self.text(text, x + 4.0, middle, &self.palette.muted);
        }
    }

    fn node(&self, seen: &Seen, width: f64) {
        let place = seen.place;
        let rect = self
            .layout
            .span(place.level, place.first, place.end(self.image));
        let gap = if width >= 6.0 { 1.0 } else { 0.0 };
        let rect = Rect {
            w: rect.w - gap,
            ..rect
        };
        self.bar(rect, seen.node.hint);
        let all = place.end(self.image) - place.first;
        let share = 1.0 - f64::from(seen.free) / f64::from(all);
        self.shade(rect, share);
        if seen.is_collapsed() {
            let (x, w) = self.inside(rect);
            match seen.state {
                State::AllFree => hatch(self.context, x, rect.y, w, rect.h, &self.palette.hatch),
                _ => self.cross_hatch(x, rect.y, w, rect.h),
            }
        }
        if width < 4.0 * CHARACTER {
            return;
        }
        let visit = self.marks.search.and_then(|search| {
            let visit = search.visit(place.index)?;
            Some(visit.tag(search.pages))
        });
        let free = match seen.state {
            State::AllFree => "all free".to_owned(),
            State::AllUsed => "all allocated".to_owned(),
            _ => format!("{} free", grouped(seen.free)),
        };
        let (x, w) = self.inside(rect);
        let room = |text: &String| text.chars().count() as f64 * CHARACTER + 8.0 <= w;
        let both = visit.as_ref().map(|tag| format!("{tag} · {free}"));
        let text = both.into_iter().chain(visit).chain([free]).find(room);
        if let Some(text) = text {
            let color = if share > NEARLY_FULL {
                &self.palette.tree[1]
            } else {
                &self.palette.ink
            };
            if seen.is_collapsed() {
                let back = Rect {
                    x: x + 2.0,
                    y: rect.y + 5.0,
                    w: text.chars().count() as f64 * CHARACTER + 4.0,
                    h: rect.h - 10.0,
                };
                self.shade(back, share);
            }
            self.text(&text, x + 4.0, rect.y + rect.h / 2.0, color);
        }
    }

    pub(super) fn cross_hatch(&self, x: f64, y: f64, w: f64, h: f64) {
        let context = self.context;
        context.save();
        context.begin_path();
        context.rect(x, y, w, h);
        context.clip();
        context.set_stroke_style_str(&self.palette.paper);
        context.set_line_width(1.0);
        context.begin_path();
        let mut at = x - h;
        while at < x + w {
            context.move_to(at, y);
            context.line_to(at + h, y + h);
            at += 5.0;
        }
        context.stroke();
        context.restore();
    }

    /// The bar over a node: its hint, as far as it matters. No search is for more than 32.
    pub(super) fn bar(&self, rect: Rect, hint: i32) {
        let part = f64::from(hint.clamp(0, MAX_ALLOC as i32)) / f64::from(MAX_ALLOC);
        let rect = Rect {
            y: rect.y - BAR - 1.0,
            w: rect.w * part,
            h: BAR,
            ..rect
        };
        self.fill(rect, &self.palette.tree[2]);
    }

    /// Places of nodes that the list is too short for.
    fn absent(&self) {
        let (layout, image) = (self.layout, self.image);
        for level in 1..layout.levels {
            let covers = covers(image, level);
            let width = layout.wide(covers);
            if width < LEAST {
                break;
            }
            // Those of the last node above that exists.
            let above = look(image, level - 1, image.blocks - 1).place;
            let mut first = image.blocks.next_multiple_of(covers);
            while first < above.first + above.covers && layout.x(f64::from(first)) < layout.width {
                let rect = layout.span(level, first, first + covers);
                let rect = Rect {
                    w: rect.w - 2.0,
                    ..rect
                };
                self.context.set_global_alpha(0.6);
                self.ring(rect, &self.palette.muted, 1.0, true);
                self.context.set_global_alpha(1.0);
                if width > 60.0 && rect.x > -20.0 {
                    let y = rect.y + rect.h / 2.0;
                    self.text("absent", rect.x.max(0.0) + 6.0, y, &self.palette.muted);
                }
                first += covers;
            }
        }
    }

    /// The way of the last search: what it went into is outlined, what it passed over is dashed.
    fn path(&self) {
        let Some(search) = self.marks.search else {
            return;
        };
        for (visit, last) in last_visits(search) {
            let level = level_of(self.image, visit);
            let end = visit.block.0 + visit.covers;
            let rect = self.layout.span(level, visit.block.0, end);
            let here = rect.x + rect.w >= 0.0 && rect.x <= self.layout.width;
            if !here || (!visit.inside() && rect.w < 6.0) {
                continue;
            }
            let width = match (last, visit.inside()) {
                (true, _) => 3.0,
                (_, true) => 2.0,
                _ => 1.0,
            };
            self.ring(rect, &self.palette.mark, width, !visit.inside());
        }
    }

    /// What stands out because it is selected, or pointed at.
    fn linked(&self, linked: &Linked, color: &str) {
        let (layout, image) = (self.layout, self.image);
        if linked.is_none() {
            return;
        }
        let node = linked
            .node
            .and_then(|node| super::geometry::find(image, node));
        let leaves = layout.levels - 1;
        let mut in_row = None;
        if let Some(seen) = node {
            let place = seen.place;
            in_row = Some(layout.span(place.level, place.first, place.end(image)));
        } else if let Some(SwapBlock(first)) = linked.first_block(self.model) {
            let n = linked.blocks.map_or(1, |(_, n)| n);
            let to = (first + n).next_multiple_of(BMAP_RADIX);
            in_row = Some(layout.span(leaves, first / BMAP_RADIX * BMAP_RADIX, to));
        }
        if let Some(rect) = in_row {
            let around = Rect {
                x: rect.x - 1.0,
                y: rect.y - 1.5,
                w: rect.w + 1.0,
                h: rect.h + 3.0,
            };
            self.ring(around, color, 2.0, false);
        }
        for leaf in layout.lens..layout.lens + layout.lens_leaves {
            let first = leaf * BMAP_RADIX;
            if node.is_some_and(|seen| seen.place.is_leaf() && seen.place.first == first)
                && let Some(rect) = layout.lens_rect(leaf)
            {
                let around = Rect {
                    x: rect.x - 2.0,
                    y: rect.y - 2.0,
                    w: rect.w + 4.0,
                    h: rect.h + 3.0,
                };
                self.ring(around, color, 2.0, false);
            }
            if linked.node.is_some() {
                continue;
            }
            // Neighbours that stand out have one ring, row by row.
            for row in 0..BMAP_RADIX / CELLS_A_ROW {
                let row = first + row * CELLS_A_ROW;
                let mut run: Option<Rect> = None;
                for block in row..=row + CELLS_A_ROW {
                    let inside =
                        block < row + CELLS_A_ROW && linked.has_block(self.model, SwapBlock(block));
                    match (inside.then(|| layout.cell(block)).flatten(), &mut run) {
                        (Some(cell), Some(run)) => run.w += cell.w,
                        (Some(cell), None) => run = Some(cell),
                        (None, _) => {
                            if let Some(run) = run.take() {
                                self.ring(run, color, 2.0, false);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The last visit to each node, and whether it is the last of all.
fn last_visits(search: &Search) -> impl Iterator<Item = (&Visit, bool)> {
    let end = search.visits.len();
    let visits = search.visits.iter().enumerate();
    visits.filter_map(move |(n, visit)| {
        let again = visit.finding == Finding::Entered
            && search.visits[n + 1..]
                .iter()
                .any(|later| later.index == visit.index);
        (!again).then_some((visit, n + 1 == end))
    })
}

/// The level of a node that was visited.
pub fn level_of(image: &BlistImage, visit: &Visit) -> u32 {
    super::geometry::find(image, visit.index).map_or(0, |seen| seen.place.level)
}

fn level_label(image: &BlistImage, level: u32, width: f64, interleave: Interleave) -> String {
    let covers = covers(image, level);
    let nodes = image.blocks.div_ceil(covers);
    if level == 0 {
        let blocks = count(image.blocks, "block");
        let leaf = if covers == BMAP_RADIX { ", a leaf" } else { "" };
        return match covers == image.blocks {
            true => format!("root: {blocks}{leaf}"),
            false => format!("root: {blocks}, room for {}{leaf}", grouped(covers)),
        };
    }
    let mut label = if covers == BMAP_RADIX {
        let leaves = if nodes == 1 { "leaf" } else { "leaves" };
        let stripe = if interleave.stripe() == BMAP_RADIX {
            ", each a stripe"
        } else {
            ""
        };
        format!("{} {leaves} of 32 blocks{stripe}", grouped(nodes))
    } else {
        format!("{} of {} blocks", count(nodes, "node"), grouped(covers))
    };
    if width < LEAST {
        label.push_str(": zoom in to tell them apart");
    }
    label
}
