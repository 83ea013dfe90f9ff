//! The pictures of the disks on a canvas, with mouse, touch and keyboard.

use std::rc::Rc;

use swap_pager::units::{SlotId, SwapBlock};
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::flights;
use super::layout::{Layout, Shape};
use super::marks::Marks;
use super::paint::Painter;
use super::runs;
use super::words::{describe, head, pointed, summary};
use super::zoom::{STEP, use_zoom};
use crate::view::Panel;
use crate::view::canvas::{
    self, Viewport, pixel_ratio, pointer_at, prepare, use_theme, use_viewport,
};
use crate::view::drawn::drawn;
use crate::view::format::{decimal, px};
use crate::view::link::holder;
use crate::view::ui::{Action, Thing};

/// Height of a row while there is no disk.
const EMPTY_PITCH: f64 = 18.0;

/// The least width of a block for which the linear view has more stripes a row.
const NARROW: f64 = 2.0;

/// What a picture of the disks is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What every panel is given.
    pub panel: Panel,
    /// Whether it is the linear view; else it is the stripe map.
    pub linear: bool,
}

/// What is painted, but for the part that is in view.
#[derive(PartialEq)]
struct Picture {
    /// The past it is of, and how often that has changed what is shown.
    history: (u32, u64),
    layout: Layout,
    marks: Marks,
    /// Changes with the colours.
    theme: u32,
}

/// A picture of the disks.
#[component]
pub fn Map(props: &Props) -> Html {
    let (session, linear) = (&props.panel.session, props.linear);
    let (ui, dispatch) = (&props.panel.ui, &props.panel.dispatch);
    let scroller = use_node_ref();
    let canvas = use_node_ref();
    let layer = use_node_ref();
    let view = use_viewport(&scroller);
    let theme = use_theme();
    let zoom = use_zoom(&scroller);
    let dragged = use_mut_ref(|| None::<(i32, i32)>);
    // What is painted, and of what part: as the browser had told by then, and as it was.
    let painted = use_mut_ref(|| None::<(Rc<Picture>, Viewport, Viewport)>);
    let (model, history) = (session.model(), session.history());
    let slots = (model.slots.len() as u32).max(1);
    let stripe = model.interleave.stripe();
    let shape = {
        let rows = match runs::rows(&model) {
            // As many as fit: there is nothing to scroll to.
            0 => (view.height / EMPTY_PITCH).floor().max(1.0) as u32,
            rows => rows,
        };
        let deals = (view.width - 40.0) / (f64::from(slots * stripe) * NARROW);
        let deals = if linear { deals.max(1.0) as u32 } else { 1 };
        Shape {
            slots,
            columns: slots * deals,
            stripes: rows * slots,
            stripe,
            apart: !linear,
        }
    };
    let rows = shape.rows();
    let used = history.summary().last_used();
    let used = used.map_or(0, |last| last / shape.columns + 1);
    let pitch = zoom
        .wanted()
        .unwrap_or_else(|| Layout::fitting_pitch(rows, used, view.height));
    let layout = Layout::new(shape, view.width, pixel_ratio(), pitch);
    zoom.shown(layout, pitch, Layout::zooms(shape, view.width, view.height));
    let marks = Marks::of(session, ui);
    let subject = marks.subject.first();
    let hovered = marks.hover.first();
    {
        let (canvas, session, scroller) = (canvas.clone(), session.clone(), scroller.clone());
        let (zoom, painted) = (zoom.clone(), painted.clone());
        let picture = Rc::new(Picture {
            history: (history.branch(), history.summary().changes()),
            layout,
            marks,
            theme: theme.version(),
        });
        use_effect_with((picture, view), move |(picture, told)| {
            let Picture { layout, marks, .. } = &**picture;
            zoom.settle(layout);
            let before = painted.take();
            // To ask where it is scrolled to has the browser lay out the page.
            let known = before
                .as_ref()
                .filter(|(of, then, _)| (&of.layout, then) == (layout, told))
                .map(|(.., view)| *view);
            let Some(view) = known.or_else(|| {
                let element = scroller.cast::<Element>();
                element.map(|element| Viewport::of(&element))
            }) else {
                return;
            };
            // Where the zoom has scrolled to, the browser tells later.
            let same = before.is_some_and(|(of, _, then)| of == *picture && then == view);
            painted.replace(Some((picture.clone(), *told, view)));
            let canvas = canvas.cast::<HtmlCanvasElement>();
            if !same
                && let Some(canvas) = canvas
                && let Some(palette) = theme.palette(&canvas)
                && let Some(context) = prepare(&canvas, view.width, view.height)
            {
                Painter {
                    context: &context,
                    palette: &palette,
                    model: &session.model(),
                    summary: session.history().summary(),
                    layout,
                    view,
                    marks,
                }
                .draw();
            }
        });
    }
    {
        // What was selected elsewhere comes into view.
        let scroller = scroller.clone();
        use_effect_with((subject, view.height > 0.0), move |_| {
            let (Some(block), Some(element)) = (subject, scroller.cast::<Element>()) else {
                return;
            };
            let (rect, view) = (layout.run(block, 1), Viewport::of(&element));
            if let Some(to) = Layout::reveal(rect.y, rect.h, view.scroll, view.height) {
                element.set_scroll_top(to as i32);
            }
            if let Some(to) = Layout::reveal(rect.x, rect.w, view.left, view.width) {
                element.set_scroll_left(to as i32);
            }
        });
    }
    flights::use_flights(session, props.panel.tick, layout, &scroller, &layer);
    let at = {
        let scroller = scroller.clone();
        move |event: &MouseEvent| {
            let (x, y) = pointer_at(event, &scroller)?;
            layout.hit(x, y)
        }
    };
    let onpointerdown = {
        let dragged = dragged.clone();
        Callback::from(move |event: PointerEvent| {
            if event.button() == 1 {
                event.prevent_default();
                *dragged.borrow_mut() = Some((event.client_x(), event.client_y()));
            }
        })
    };
    let onpointermove = {
        let (dispatch, hover) = (dispatch.clone(), ui.hover);
        let (at, scroller) = (at.clone(), scroller.clone());
        Callback::from(move |event: PointerEvent| {
            let mut from = dragged.borrow_mut();
            // The middle button moves the picture; one that was let go elsewhere does no more.
            *from = from.filter(|_| event.buttons() & 4 != 0);
            if let (Some((x, y)), Some(element)) = (*from, scroller.cast::<Element>()) {
                let (to, scale) = ((event.client_x(), event.client_y()), canvas::zoom(&element));
                let by = |from: i32, to: i32| (f64::from(from - to) / scale).round() as i32;
                element.set_scroll_left(element.scroll_left() + by(x, to.0));
                element.set_scroll_top(element.scroll_top() + by(y, to.1));
                *from = Some(to);
                return;
            }
            let thing = at(&event).map(Thing::Block);
            if thing != hover {
                dispatch.dispatch(Action::Hover(thing));
            }
        })
    };
    let onpointerleave = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: PointerEvent| dispatch.dispatch(Action::Hover(None)))
    };
    let select = {
        let (session, dispatch) = (session.clone(), dispatch.clone());
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
    let press = {
        let zoom = zoom.clone();
        move |key: &str| {
            // What is selected stays in place, if it is in view.
            let place = subject.map(|block| layout.run(block, 1)).and_then(|rect| {
                let place = (rect.x - view.left, rect.y - view.scroll);
                let inside = (0.0..view.width).contains(&place.0);
                (inside && (0.0..view.height).contains(&place.1)).then_some(place)
            });
            match key {
                "+" | "=" => zoom.by(STEP, place),
                "-" => zoom.by(1.0 / STEP, place),
                "0" => zoom.all(),
                _ => return false,
            }
            true
        }
    };
    let onkeydown = {
        let press = press.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            if let Some(block) = moved(shape, subject, &event.key()) {
                select(block);
            } else if !press(&event.key()) {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onzoom = Callback::from(move |event: MouseEvent| {
        let button = event.target_dyn_into::<Element>();
        if let Some(key) = button.and_then(|button| button.get_attribute("data-key")) {
            press(&key);
        }
    });
    let described = subject
        .or(hovered)
        .map_or(String::new(), |block| describe(&model, block));
    let caption = pointed(&model, hovered, ui.hover).unwrap_or_else(|| {
        if linear {
            format!(
                "The swap space from block 0 on, row by row. A line is where a stripe of {stripe} \
                 blocks begins; above is the slot that it falls to."
            )
        } else if model.slots.len() == 1 {
            format!("Rows are stripes of {stripe} blocks. The first is kept for the disk's label.")
        } else {
            format!(
                "Rows are stripes of {stripe} blocks, dealt to the slots in turn. The first of \
                 each disk is kept for its label."
            )
        }
    });
    let (name, description) = if linear {
        ("linear", "Linear view")
    } else {
        ("stripe", "Stripe map")
    };
    let onhead = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            let target = event.target_dyn_into::<Element>();
            let slot = target.and_then(|target| target.get_attribute("data-slot")?.parse().ok());
            if let Some(slot) = slot {
                dispatch.dispatch(Action::Look(Thing::Disk(SlotId(slot))));
            }
        })
    };
    let size = format!(
        "width:{};height:{}",
        px(layout.width().max(view.width)),
        px(layout.height())
    );
    let button = |key: &'static str, id: &'static str, text: &'static str, title: &'static str| {
        html! {
            <button type="button" class="small" data-testid={id} data-key={key} aria-label={title} {title}>{ text }</button>
        }
    };
    html! {
        <>
        <div class="map-heads" onclick={onhead}>
            { for (0..shape.columns).map(|column| head(&model, &layout, view, column)) }
        </div>
        <div ref={scroller} class="map-scroll" tabindex="0" role="application" data-testid={format!("{name}-map")}
            data-pitch={decimal(layout.pitch(), 3)} data-block={decimal(layout.block_width(), 3)}
            data-columns={shape.columns.to_string()}
            aria-roledescription={description.to_ascii_lowercase()} aria-label={summary(&model, description)} aria-describedby="map-cursor"
            {onclick} {onpointerdown} {onpointermove} {onpointerleave} {onkeydown}>
            <div ~style={size}><canvas ref={canvas} data-testid={format!("{name}-canvas")}
                ~style={format!("width:{};height:{}", px(view.width), px(view.height))} /></div>
        </div>
        <div class="map-foot">
            <p class="caption">{ caption }</p>
            <div class="map-zoom" role="group" aria-label="Zoom" onclick={onzoom}>
                { button("-", "zoom-out", "−", "Zoom out (-)") }
                { button("+", "zoom-in", "+", "Zoom in (+)") }
                { button("0", "zoom-all", "All", "Show all rows (0)") }
            </div>
        </div>
        <p class="visually-hidden" id="map-cursor" aria-live="polite">{ described }</p>
        { drawn::<flights::Layer>(yew::props!(flights::LayerProps { node: layer })) }
        </>
    }
}

/// Where a key leads: along the row from column to column, or to the row above or below.
fn moved(shape: Shape, from: Option<SwapBlock>, key: &str) -> Option<SwapBlock> {
    let (all, row) = (shape.stripes * shape.stripe, shape.columns * shape.stripe);
    let step: i64 = match key {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        "ArrowUp" => -i64::from(row),
        "ArrowDown" => i64::from(row),
        "PageUp" => -8 * i64::from(row),
        "PageDown" => 8 * i64::from(row),
        "Home" => return Some(SwapBlock(0)),
        "End" => return Some(SwapBlock(shape.rows().saturating_sub(1) * row)),
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
    use crate::view::disks::layout::tests::towers;

    #[test]
    fn arrows_walk_along_the_swap_space() {
        let shape = towers(128);
        let go = |from: u32, key| moved(shape, Some(SwapBlock(from)), key);
        assert_eq!(go(31, "ArrowRight"), Some(SwapBlock(32)));
        assert_eq!(go(140, "ArrowDown"), Some(SwapBlock(268)));
        assert_eq!(go(5, "ArrowUp"), Some(SwapBlock(5)));
        assert_eq!(go(0, "ArrowLeft"), Some(SwapBlock(0)));
        assert_eq!(go(5, "Enter"), None);
        assert_eq!(go(5, "End"), Some(SwapBlock(127 * 128)));
        assert_eq!(moved(shape, None, "ArrowDown"), Some(SwapBlock(128)));
    }
}
