//! Draws the frames of memory.

use swap_pager::Model;
use swap_pager::page::Queue;
use web_sys::CanvasRenderingContext2d;

use super::layout::Layout;
use crate::session::frames::GROUP;
use crate::view::Panel;
use crate::view::canvas::{Palette, Viewport, rounded};
use crate::view::link::{Linked, holder};
use crate::view::look::PageLook;
use crate::view::objects::paint::cell;
use crate::view::picture::Scene;
use crate::view::ui::Thing;

/// The frames.
pub struct Frames {
    /// What every panel is given.
    pub panel: Panel,
    /// Whether all are shown at once, a cell for 32 of them.
    pub all: bool,
}

impl Frames {
    fn layout(&self, width: f64) -> Layout {
        Layout::new(self.panel.session.model().frames, width, self.all)
    }

    /// The frame of what is selected.
    fn cursor(&self) -> Option<u32> {
        frame_of(&self.panel.session.model(), self.panel.ui.subject)
    }
}

/// The frame of the page that something is about, if it is in memory.
pub fn frame_of(model: &Model, thing: Option<Thing>) -> Option<u32> {
    let page = match thing? {
        Thing::Page(object, page) => (object, page),
        Thing::Block(block) => holder(model, block)?,
        _ => return None,
    };
    Some(model.pages.get(&page)?.frame.0)
}

impl Scene for Frames {
    fn height(&self, width: f64) -> f64 {
        self.layout(width).height()
    }

    fn grid(&self, width: f64) -> (f64, f64, f64, u32) {
        let layout = self.layout(width);
        (
            super::layout::PAD,
            layout.pitch.0,
            layout.pitch.1,
            layout.columns,
        )
    }

    fn paint(&self, context: &CanvasRenderingContext2d, palette: &Palette, view: Viewport) {
        let model = self.panel.session.model();
        let history = self.panel.session.history();
        let frames = history.frames();
        let layout = self.layout(view.width);
        let gap = match layout.pitch.0 {
            8.0.. => 2.0,
            4.0.. => 1.0,
            _ => 0.0,
        };
        let size = layout.pitch.0 - gap;
        let visible = layout.visible(view.scroll, view.height);
        // An object as a whole stands out by its colour already.
        let linked = |thing: Option<Thing>| match thing {
            Some(Thing::Object(_)) => Linked::default(),
            thing => Linked::of(&model, &history, thing),
        };
        let marks = [
            (linked(self.panel.ui.subject), &palette.mark),
            (linked(self.panel.ui.hover), &palette.ink),
        ];
        for at in visible.clone() {
            let (x, y) = layout.at(at);
            if self.all {
                group(context, palette, frames, at, (x, y, size));
                continue;
            }
            let Some((object, page)) = frames.holds(at) else {
                context.set_fill_style_str(&palette.cell);
                context.fill_rect(x, y, size, size);
                continue;
            };
            let state = model.pages.get(&(object, page)).map(|page| page.state);
            let look = PageLook::of(state, model.swap.get(&(object, page)).copied());
            cell(context, palette, look, palette.object(object), (x, y, size));
            let queue = state.map(|state| state.queue);
            mark(
                context,
                palette,
                queue.unwrap_or_default(),
                (x, y + size + 1.5, size),
            );
            for (linked, color) in &marks {
                if !linked.is_none() && linked.has_page(&model, object, page) {
                    ring(context, color, (x, y, size));
                }
            }
        }
        if self.all {
            let selected = self.cursor();
            let hover = frame_of(&model, self.panel.ui.hover);
            for (frame, color) in [(selected, &palette.mark), (hover, &palette.ink)] {
                if let Some(frame) = frame {
                    let (x, y) = layout.at(frame / GROUP);
                    ring(context, color, (x, y, size));
                }
            }
        }
    }

    fn at(&self, width: f64, x: f64, y: f64) -> Option<Thing> {
        let layout = self.layout(width);
        let first = layout.hit(x, y)? * layout.frames_a_cell;
        let history = self.panel.session.history();
        let mut frames = first..first + layout.frames_a_cell;
        let (object, page) = frames.find_map(|frame| history.frames().holds(frame))?;
        Some(Thing::Page(object, page))
    }

    fn moved(&self, width: f64, key: &str) -> Option<Thing> {
        let layout = self.layout(width);
        let row = i64::from(layout.columns * layout.frames_a_cell);
        let history = self.panel.session.history();
        let frames = history.frames();
        let cursor = self.cursor();
        let step = match key {
            "ArrowLeft" => -1,
            "ArrowRight" => 1,
            "ArrowUp" => -row,
            "ArrowDown" => row,
            "PageUp" => -8 * row,
            "PageDown" => 8 * row,
            "Home" | "End" => 0,
            _ => return None,
        };
        let first = || {
            frames
                .holds(0)
                .map(|_| 0)
                .or_else(|| frames.next_used(0, 1))
        };
        let to = match (key, cursor) {
            ("End", _) => frames.next_used(frames.end(), -1),
            ("Home", _) | (_, None) => first(),
            (_, Some(from)) => frames.next_used(from, step).or(cursor),
        };
        let (object, page) = frames.holds(to?)?;
        Some(Thing::Page(object, page))
    }

    fn selected(&self, width: f64) -> Option<(f64, f64)> {
        let layout = self.layout(width);
        let y = layout.at(self.cursor()? / layout.frames_a_cell).1;
        Some((y, y + layout.pitch.1))
    }
}

/// A group of frames: the more are in use, the higher it is filled.
fn group(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    frames: &crate::session::frames::Frames,
    group: u32,
    (x, y, size): (f64, f64, f64),
) {
    context.set_fill_style_str(&palette.cell);
    context.fill_rect(x, y, size, size);
    let used = frames.used(group);
    let mut held = group * GROUP..(group + 1) * GROUP;
    if used > 0
        && let Some((object, _)) = held.find_map(|frame| frames.holds(frame))
    {
        let high = (size * f64::from(used) / f64::from(GROUP)).max(1.0);
        context.set_fill_style_str(palette.object(object).0);
        context.fill_rect(x, y + size - high, size, high);
    }
}

/// What tells the queue of a page, below its cell.
fn mark(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    queue: Queue,
    (x, y, size): (f64, f64, f64),
) {
    let parts: &[(f64, f64)] = match queue {
        Queue::None => return,
        Queue::Active => &[(0.0, 1.0)],
        Queue::Inactive => &[(0.0, 0.4)],
        Queue::Cache => &[(0.0, 0.2), (0.4, 0.2), (0.8, 0.2)],
    };
    context.set_fill_style_str(&palette.muted);
    for (from, wide) in parts {
        context.fill_rect(x + from * size, y, wide * size, 2.0);
    }
}

fn ring(context: &CanvasRenderingContext2d, color: &str, (x, y, size): (f64, f64, f64)) {
    context.set_stroke_style_str(color);
    context.set_line_width(2.0);
    rounded(context, x - 1.0, y - 1.0, size + 2.0, size + 2.0, 3.0);
    context.stroke();
}
