//! The pictures of the disks in words.

use swap_pager::Model;
use swap_pager::units::SwapBlock;
use yew::prelude::*;

use super::layout::Layout;
use crate::view::canvas::Viewport;
use crate::view::format::{grouped, px};
use crate::view::look::{PageLook, object_name};
use crate::view::machine::{Holds, holds, interleave};
use crate::view::ui::Thing;

/// What is written over a column.
pub fn head(model: &Model, layout: &Layout, view: Viewport, column: u32) -> Html {
    let (x, w) = layout.column(column);
    // A column that is in view only in part keeps its name in that part.
    let (from, end) = ((x - view.left).max(0.0), x + w - view.left);
    if end - from < 30.0 || from > view.width {
        return Html::default();
    }
    let (x, w) = (from, end.min(view.width) - from);
    let style = format!("left:{};width:{}", px(x), px(w));
    let slot = layout.slot(column);
    let device = model.slots.get(slot as usize).copied().flatten();
    // In the linear view a column is only named: what is in use is told over the towers.
    let full = layout.shape.apart;
    match device {
        Some(device) => {
            let used = grouped(device.used.max(0).unsigned_abs());
            let all = grouped(device.pages);
            let title = format!(
                "{used} of {all} pages are in use. Click the name for how the disk behaves"
            );
            html! { <div class="map-head" ~style={style} {title} key={column}>
                if full {
                    <button type="button" class="line" data-testid="disk-head" data-slot={slot.to_string()}>{ device.id.to_string() }</button>
                    <span><span class="used">{ used }</span><span class="of">{ format!(" of {all}") }</span></span>
                } else {
                    <b>{ device.id.to_string() }</b>
                }
            </div> }
        }
        None => html! { <div class="map-head vacant" ~style={style} key={column}>
            <span>{ format!("slot {slot}") }</span>
            if full { <span>{ "empty" }</span> }
        </div> },
    }
}

/// All of it in a sentence.
pub fn summary(model: &Model, name: &str) -> String {
    let disks: Vec<_> = model
        .slots
        .iter()
        .flatten()
        .map(|device| {
            let (used, all) = (device.used, grouped(device.pages));
            format!("{}: {used} of {all} pages in use", device.id)
        })
        .collect();
    let disks = if disks.is_empty() {
        "no disks".to_owned()
    } else {
        disks.join("; ")
    };
    format!(
        "{name}, {disks}. Arrow keys move from block to block, plus and minus zoom, 0 shows all."
    )
}

/// What is pointed at, in a sentence.
pub fn pointed(model: &Model, block: Option<SwapBlock>, thing: Option<Thing>) -> Option<String> {
    match (block, thing) {
        (Some(block), _) => Some(describe(model, block)),
        (None, Some(Thing::Page(object, page))) => Some(format!(
            "{}, {page}: {}.",
            object_name(model, object),
            PageLook::in_model(model, object, page).words()
        )),
        _ => None,
    }
}

/// A block in a sentence.
pub fn describe(model: &Model, block: SwapBlock) -> String {
    let (slot, at) = interleave(model).locate(block);
    let place = match model.slots.get(slot.0 as usize).copied().flatten() {
        Some(device) => format!("Block {block}: {}, block {}", device.id, at.0),
        None => format!("Block {block}: {slot}"),
    };
    match holds(model, block) {
        Holds::Page(object, page) => format!(
            "{place}. Holds {}, {page}: {}.",
            object_name(model, object),
            PageLook::in_model(model, object, page).words()
        ),
        other => format!("{place}. Holds {}.", other.words()),
    }
}
