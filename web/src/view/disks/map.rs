//! The stripe map on a canvas, with mouse, touch and keyboard.

use swap_pager::Model;
use swap_pager::stripe::Interleave;
use swap_pager::units::{DMMAX, DeviceBlock, SlotId, SwapBlock};
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::layout::Layout;
use super::paint::{self, Marks};
use super::runs;
use crate::view::Panel;
use crate::view::canvas::{pixel_ratio, pointer_at, prepare, use_theme, use_viewport};
use crate::view::format::{grouped, px};
use crate::view::link::{Linked, holder};
use crate::view::look::{PageLook, object_name};
use crate::view::machine::{Holds, holds, interleave};
use crate::view::ui::{Action, Thing};

/// Height of a row while there is no disk.
const EMPTY_PITCH: f64 = 18.0;

/// The stripe map.
#[component]
pub fn Map(props: &Panel) -> Html {
    let scroller = use_node_ref();
    let canvas = use_node_ref();
    let view = use_viewport(&scroller);
    let theme = use_theme();
    let model = props.session.model();
    let slots = model.slots.len() as u32;
    let rows = runs::rows(&model);
    let used = *use_memo(props.tick, |_| runs::used_rows(&model));
    let shown_rows = if rows == 0 {
        // As many as fit: there is nothing to scroll to.
        (view.height / EMPTY_PITCH).floor().max(1.0) as u32
    } else {
        rows
    };
    let pitch = Layout::fitting_pitch(shown_rows, used, view.height);
    let layout = Layout::new(slots, shown_rows, view.width, pixel_ratio(), pitch);
    let ui = &props.ui;
    let whole = |object, count| {
        let object = model.objects.get(&object);
        object.is_none_or(|object| object.size == count)
    };
    let marks = Marks {
        selected: ui
            .selection
            .map(|selection| (selection.object, selection.range()))
            .filter(|(object, range)| !whole(*object, range.count)),
        subject: match ui.subject {
            Some(thing @ (Thing::Block(_) | Thing::Page(..))) => {
                Linked::of(&model, &props.session.history(), Some(thing)).first_block(&model)
            }
            _ => None,
        },
        hover: Linked::of(&model, &props.session.history(), ui.hover).first_block(&model),
    };
    {
        let (canvas, session) = (canvas.clone(), props.session.clone());
        use_effect(move || {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            if let Some(canvas) = canvas
                && let Some(palette) = theme.palette(&canvas)
                && let Some(context) = prepare(&canvas, view.width, view.height)
            {
                paint::map(&context, &palette, &session.model(), &layout, view, marks);
            }
        });
    }
    {
        // What was selected elsewhere comes into view.
        let scroller = scroller.clone();
        let row = marks
            .subject
            .map(|block| interleave(&model).locate(block).1.0 / DMMAX);
        use_effect_with((marks.subject, view.height > 0.0), move |_| {
            let to = row.and_then(|row| layout.reveal(row, view.scroll, view.height));
            if let (Some(to), Some(element)) = (to, scroller.cast::<Element>()) {
                element.set_scroll_top(to as i32);
            }
        });
    }
    let at = {
        let (scroller, interleave) = (scroller.clone(), interleave(&model));
        move |event: &MouseEvent| {
            let (x, y) = pointer_at(event, &scroller)?;
            let (slot, at) = layout.hit(x, y)?;
            Some(interleave.swap_block(slot, at))
        }
    };
    let onpointermove = {
        let (dispatch, at, hover) = (props.dispatch.clone(), at.clone(), ui.hover);
        Callback::from(move |event: PointerEvent| {
            let thing = at(&event).map(Thing::Block);
            if thing != hover {
                dispatch.dispatch(Action::Hover(thing));
            }
        })
    };
    let onpointerleave = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: PointerEvent| dispatch.dispatch(Action::Hover(None)))
    };
    let select = {
        let (session, dispatch) = (props.session.clone(), props.dispatch.clone());
        move |block: SwapBlock| {
            let page = holder(&session.model(), block);
            dispatch.dispatch(Action::SelectBlock(block, page));
        }
    };
    let onclick = {
        let select = select.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(block) = at(&event) {
                select(block);
            }
        })
    };
    let onkeydown = {
        let (interleave, current) = (interleave(&model), marks.subject);
        let blocks = shown_rows * DMMAX;
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            if let Some(block) = moved(interleave, blocks, current, &event.key()) {
                event.prevent_default();
                event.stop_propagation();
                select(block);
            }
        })
    };
    let described = marks
        .subject
        .or(marks.hover)
        .map_or(String::new(), |block| describe(&model, block));
    let pointed = match (marks.hover, ui.hover) {
        (Some(block), _) => Some(describe(&model, block)),
        (None, Some(Thing::Page(object, page))) => Some(format!(
            "{}, {page}: {}.",
            object_name(&model, object),
            PageLook::in_model(&model, object, page).words()
        )),
        _ => None,
    };
    let (caption, style) = (
        "Rows are stripes of 32 blocks, dealt to slots 0, 1, 2, 3 in turn. The first of each disk \
         is kept for its label.",
        format!("height:{}", px(layout.height())),
    );
    html! {
        <>
        <div class="map-heads" aria-hidden="true">{ for (0..slots).map(|slot| head(&model, &layout, slot)) }</div>
        <div ref={scroller} class="map-scroll" tabindex="0" role="application" data-testid="stripe-map"
            aria-roledescription="stripe map" aria-label={summary(&model)} aria-describedby="map-cursor"
            {onclick} {onpointermove} {onpointerleave} {onkeydown}>
            <div {style}><canvas ref={canvas} data-testid="stripe-canvas"
                style={format!("width:{};height:{}", px(view.width), px(view.height))} /></div>
        </div>
        <p class="caption">{ pointed.unwrap_or_else(|| caption.to_owned()) }</p>
        <p class="visually-hidden" id="map-cursor" aria-live="polite">{ described }</p>
        </>
    }
}

/// What is written over a column.
fn head(model: &Model, layout: &Layout, slot: u32) -> Html {
    let (x, w) = layout.column(slot);
    let style = format!("left:{};width:{}", px(x), px(w));
    let device = model.slots.get(slot as usize).copied().flatten();
    match device {
        Some(device) => {
            let used = grouped(device.used.max(0).unsigned_abs());
            let all = grouped(device.pages);
            let title = format!("{used} of {all} pages are in use");
            html! { <div class="map-head" {style} {title} key={slot}>
                <b>{ device.id.to_string() }</b>
                <span><span class="used">{ used }</span><span class="of">{ format!(" of {all}") }</span></span>
            </div> }
        }
        None => html! { <div class="map-head vacant" {style} key={slot}>
            <span>{ format!("slot {slot}") }</span><span>{ "empty" }</span>
        </div> },
    }
}

fn summary(model: &Model) -> String {
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
    format!("Stripe map, {disks}. Arrow keys move from block to block.")
}

/// A block in a sentence.
fn describe(model: &Model, block: SwapBlock) -> String {
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

/// Where a key leads: along the row from column to column, or to the row above or below.
fn moved(
    interleave: Interleave,
    blocks: u32,
    from: Option<SwapBlock>,
    key: &str,
) -> Option<SwapBlock> {
    let all = blocks * interleave.slots();
    let row = DMMAX * interleave.slots();
    let step: i64 = match key {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        "ArrowUp" => -i64::from(row),
        "ArrowDown" => i64::from(row),
        "PageUp" => -8 * i64::from(row),
        "PageDown" => 8 * i64::from(row),
        "Home" => return Some(SwapBlock(0)),
        "End" => return Some(interleave.swap_block(SlotId(0), DeviceBlock(blocks - DMMAX))),
        _ => return None,
    };
    let Some(from) = from else {
        return Some(SwapBlock(row.min(all.saturating_sub(1))));
    };
    let to = i64::from(from.0) + step;
    let inside = (0..i64::from(all)).contains(&to);
    Some(if inside { SwapBlock(to as u32) } else { from })
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn arrows_walk_along_the_swap_space() {
        let four = Interleave::new(4);
        let go = |from: u32, key| moved(four, 128 * 32, Some(SwapBlock(from)), key);
        assert_eq!(go(31, "ArrowRight"), Some(SwapBlock(32)));
        assert_eq!(four.slot_of(SwapBlock(32)), SlotId(1));
        assert_eq!(go(140, "ArrowDown"), Some(SwapBlock(268)));
        assert_eq!(go(5, "ArrowUp"), Some(SwapBlock(5)));
        assert_eq!(go(0, "ArrowLeft"), Some(SwapBlock(0)));
        assert_eq!(go(5, "Enter"), None);
        assert_eq!(moved(four, 4096, None, "ArrowDown"), Some(SwapBlock(128)));
    }
}
