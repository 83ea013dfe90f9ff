//! Movement: a cluster travels from the page of its object to its stripe when a write starts, and
//! back when a read is done.

use swap_pager::Event;
use swap_pager::event::{IoCmd, Transfer};
use swap_pager::units::SwapBlock;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::layout::Layout;
use crate::session::Session;
use crate::view::canvas::Viewport;
use crate::view::look::object_look;
use crate::view::place;
use crate::view::stage::prefers_calm;

/// More than so many at once are a blur, and none is shown.
const MANY: usize = 8;

/// More events than this between two frames are not looked through.
const FAR: u64 = 600;

/// What the layer is given.
#[derive(PartialEq, Properties)]
pub struct LayerProps {
    /// Where it is.
    pub node: NodeRef,
}

/// What travels is drawn over everything else.
#[component]
pub fn Layer(props: &LayerProps) -> Html {
    let onanimationend = Callback::from(|event: AnimationEvent| {
        if let Some(arrived) = event.target_dyn_into::<Element>() {
            arrived.remove();
        }
    });
    html! { <div ref={props.node.clone()} class="flights" aria-hidden="true" {onanimationend} /> }
}

/// Lets travel what the events since the last time began or ended, while time goes on by itself.
#[hook]
pub fn use_flights(
    session: &Session,
    tick: u64,
    layout: Layout,
    scroller: &NodeRef,
    layer: &NodeRef,
) {
    let seen = use_mut_ref(|| session.history().at());
    let (session, scroller, layer) = (session.clone(), scroller.clone(), layer.clone());
    use_effect_with(tick, move |_| {
        let history = session.history();
        let at = history.at();
        let from = seen.replace(at);
        if !session.clock().playing || at <= from || at - from > FAR || prefers_calm() {
            return;
        }
        let events = history.between(from, at).map(|(_, event)| event);
        let moves: Vec<&Transfer> = events
            .filter_map(|event| match event {
                Event::IoStarted { transfer } if transfer.cmd == IoCmd::Write => Some(transfer),
                Event::IoDone {
                    transfer,
                    error: None,
                    ..
                } if transfer.cmd == IoCmd::Read => Some(transfer),
                _ => None,
            })
            .map(AsRef::as_ref)
            .take(MANY + 1)
            .collect();
        if moves.len() > MANY {
            return;
        }
        if let (Some(map), Some(layer)) = (scroller.cast::<Element>(), layer.cast::<Element>()) {
            for transfer in moves {
                // What is out of view has nowhere to go, and stays away.
                let _ = launch(transfer, &layout, &map, &layer);
            }
        }
    });
}

fn launch(transfer: &Transfer, layout: &Layout, map: &Element, layer: &Element) -> Option<()> {
    let (object, page) = transfer.object?;
    let document = gloo::utils::document();
    let grid = format!("[data-object=\"{}\"] [data-testid=page-grid]", object.0);
    let grid = place::find(layer, &grid)?;
    // Rust's own way to read an `f64` takes 15 KB of the program: the browser's is used instead.
    let number = |name| Some(js_sys::Number::parse_float(&grid.get_attribute(name)?));
    let (columns, pitch) = (number("data-columns")?, number("data-pitch")?);
    let (frame, scrolled) = (grid.get_bounding_client_rect(), Viewport::of(&grid));
    let page = f64::from(page.0);
    let row = (page / columns).floor();
    let down = row * pitch - scrolled.scroll;
    let from = (
        frame.left() + (page - row * columns) * pitch,
        frame.top() + down.max(0.0).min((frame.height() - pitch).max(0.0)),
    );
    let rect = layout.run(SwapBlock(transfer.block.0), transfer.pages);
    let (around, view) = (map.get_bounding_client_rect(), Viewport::of(map));
    let to = (
        around.left() + rect.x - view.left,
        around.top() + (rect.y - view.scroll).max(0.0).min(view.height),
    );
    let (from, to) = match transfer.cmd {
        IoCmd::Write => (from, to),
        IoCmd::Read => (to, from),
    };
    let chip = document.create_element("i").ok()?;
    let chip = chip.dyn_into::<HtmlElement>().ok()?;
    let style = format!(
        "left:{}px;top:{}px;width:{}px;height:{}px;--dx:{}px;--dy:{}px;background:var(--object-{})",
        from.0 as i32,
        from.1 as i32,
        rect.w.max(8.0) as i32,
        rect.h.clamp(6.0, 14.0) as i32,
        (to.0 - from.0) as i32,
        (to.1 - from.1) as i32,
        object_look(object).0
    );
    chip.style().set_css_text(&style);
    layer.append_child(&chip).ok()?;
    Some(())
}
