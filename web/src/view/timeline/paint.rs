//! Paints the free space over time, and what happened when.

use swap_pager::Model;
use web_sys::CanvasRenderingContext2d;

use super::scale::{Level, Window, bit, kinds, levels, shortages};
use crate::session::history::{History, Kind};
use crate::view::canvas::{Palette, hatch};

/// Height of the ticks.
pub const TICKS: f64 = 30.0;

/// Height of the strip that tells when swap was nearly full.
const STRIP: f64 = 4.0;

/// Width of the curve.
const LINE: f64 = 1.5;

/// Room above the curve.
const ABOVE: f64 = 6.0;

/// The kinds that have ticks: where in the rows of ticks theirs are, and how high.
pub const ROWS: [(Kind, &str, f64, f64); 7] = [
    (Kind::Command, "command", 0.0, 9.0),
    (Kind::Io, "I/O", 10.0, 6.0),
    (Kind::Space, "space", 17.0, 4.0),
    (Kind::Pager, "pager", 21.0, 3.0),
    (Kind::Sleep, "sleep", 24.0, 3.0),
    (Kind::Message, "message", 27.0, 3.0),
    (Kind::Failure, "failure", 0.0, 30.0),
];

/// The colour of a kind.
fn color(palette: &Palette, kind: Kind) -> &str {
    match kind {
        Kind::Command => &palette.ink,
        Kind::Io => &palette.accent,
        Kind::Space => palette.hue(2),
        Kind::Pager => palette.hue(1),
        Kind::Sleep => palette.hue(3),
        Kind::Message => &palette.warn,
        Kind::Failure => &palette.bad,
        Kind::Quiet => &palette.muted,
    }
}

/// How high free pages are: with the square root of their number, so that the water marks, which
/// lie near the bottom of any disk of some size, can be told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Height {
    /// Free pages at the top.
    pub top: u32,
    /// Where the bottom is.
    pub bottom: f64,
}

impl Height {
    /// One with room for all that was ever free, and for the higher water mark.
    pub fn new(history: &History, model: &Model, height: f64) -> Height {
        let usable = model.slots.iter().flatten().map(|disk| disk.pages).sum();
        let now = history.free().back().map_or(0, |(_, free)| *free);
        let top = model.hiwat.saturating_mul(2).max(usable).max(now).max(1);
        let bottom = (height - TICKS - STRIP - 3.0).max(ABOVE);
        Height { top, bottom }
    }

    /// Where so many free pages are.
    pub fn y(self, free: u32) -> f64 {
        let share = (f64::from(free) / f64::from(self.top)).sqrt().min(1.0);
        self.bottom - (self.bottom - ABOVE) * share
    }
}

/// Paints all but the moment that is shown.
pub fn paint(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    history: &History,
    model: &Model,
    window: Window,
    (width, height): (f64, f64),
) {
    let columns = width as u32;
    let scale = Height::new(history, model, height);
    // What is to come needs no room: the curve ends with the last event.
    let end = window.x(history.end(), width).min(width);
    curve(
        context,
        palette,
        &levels(history.free(), window, columns),
        scale,
        end,
    );
    for (pages, color, dash) in [
        (model.hiwat, &palette.muted, 2.0),
        (model.lowat, &palette.warn, 6.0),
    ] {
        let y = scale.y(pages).round() + 0.5;
        context.set_stroke_style_str(color);
        let dashes = js_sys::Array::of2(&dash.into(), &4.0.into());
        // It fails on lengths below zero only.
        let _ = context.set_line_dash(&dashes);
        context.begin_path();
        context.move_to(0.0, y);
        context.line_to(width, y);
        context.stroke();
    }
    let _ = context.set_line_dash(&js_sys::Array::new());
    for (from, to, full) in shortages(history.full(), window) {
        let (x, to) = (window.x(from, width), window.x(to, width));
        let w = (to - x).max(2.0);
        let y = scale.bottom + 1.0;
        if full {
            context.set_fill_style_str(&palette.bad);
            context.fill_rect(x, y, w, STRIP);
        } else {
            hatch(context, x, y, w, STRIP, &palette.warn);
        }
    }
    ticks(context, palette, history, window, (width, height));
}

/// The curve in rectangles: as one path of thousands of edges it takes a browser without a graphics
/// card as long as all the rest of the page.
fn curve(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    levels: &[Level],
    scale: Height,
    end: f64,
) {
    let (flat, steep) = stretches(levels, end);
    context.set_fill_style_str(&palette.tint);
    for &(from, to, free) in &flat {
        let y = scale.y(free);
        context.fill_rect(from, y, to - from, scale.bottom - y);
    }
    context.set_fill_style_str(&palette.accent);
    for (from, to, free) in flat {
        let y = (scale.y(free) - LINE / 2.0).round();
        context.fill_rect(from, y, to - from, LINE);
    }
    for (x, least, most) in steep {
        let (top, bottom) = (scale.y(most), scale.y(least));
        context.fill_rect(x - LINE / 2.0, top - LINE / 2.0, LINE, bottom - top + LINE);
    }
}

/// Where the free pages stay as many, from and to; and where they change, from the fewest to the
/// most.
type Stretches = (Vec<(f64, f64, u32)>, Vec<(f64, u32, u32)>);

fn stretches(levels: &[Level], end: f64) -> Stretches {
    let (mut flat, mut steep) = (Vec::new(), Vec::new());
    let Some(first) = levels.first() else {
        return (flat, steep);
    };
    let (mut from, mut before) = (0.0, first.least);
    let columns = levels.iter().enumerate();
    for (x, level) in columns.map(|(column, level)| (column as f64, level)) {
        if x <= end && (level.least, level.most) != (before, before) {
            flat.push((from, x, before));
            steep.push((x, level.least.min(before), level.most.max(before)));
            (from, before) = (x, level.last);
        }
    }
    flat.push((from, end, before));
    (flat, steep)
}

fn ticks(
    context: &CanvasRenderingContext2d,
    palette: &Palette,
    history: &History,
    window: Window,
    (width, height): (f64, f64),
) {
    let columns = width as u32;
    let bins = kinds(history, window, columns);
    // Few events are as wide as there is room, with a gap between.
    let room = width / (window.to - window.from) as f64;
    let least = if room > 2.0 {
        (room - 1.0).clamp(1.0, 5.0)
    } else {
        1.0
    };
    let top = height - TICKS;
    for (kind, _, y, h) in ROWS {
        let bit = bit(kind);
        context.set_fill_style_str(color(palette, kind));
        let mut column = 0;
        while let Some(first) = (column..bins.len()).find(|&at| bins[at] & bit != 0) {
            let many = bins[first..]
                .iter()
                .take_while(|bin| **bin & bit != 0)
                .count();
            column = first + many;
            context.fill_rect(first as f64, top + y, (many as f64).max(least), h);
            if kind == Kind::Failure {
                cross(
                    context,
                    first as f64 + least / 2.0,
                    top - STRIP - 8.0,
                    &palette.bad,
                );
            }
        }
    }
}

fn cross(context: &CanvasRenderingContext2d, x: f64, y: f64, color: &str) {
    context.set_stroke_style_str(color);
    context.set_line_width(2.0);
    context.begin_path();
    context.move_to(x - 3.0, y - 3.0);
    context.line_to(x + 3.0, y + 3.0);
    context.move_to(x - 3.0, y + 3.0);
    context.line_to(x + 3.0, y - 3.0);
    context.stroke();
    context.set_line_width(1.0);
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn level(least: u32, most: u32, last: u32) -> Level {
        Level { least, most, last }
    }

    #[test]
    fn a_curve_is_whole() {
        let levels = [
            level(9, 9, 9),
            level(9, 9, 9),
            level(2, 9, 4),
            level(4, 4, 4),
            level(4, 7, 7),
            level(0, 7, 1),
        ];
        let (flat, steep) = stretches(&levels, 4.5);
        assert_eq!(flat, [(0.0, 2.0, 9), (2.0, 4.0, 4), (4.0, 4.5, 7)]);
        assert_eq!(steep, [(2.0, 2, 9), (4.0, 4, 7)]);
    }
}
