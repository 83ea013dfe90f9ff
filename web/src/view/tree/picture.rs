//! The tree on a canvas, with mouse, touch and keyboard.

use gloo::events::{EventListener, EventListenerOptions};
use swap_pager::blist::BMAP_RADIX;
use swap_pager::units::SwapBlock;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, WheelEvent};
use yew::prelude::*;

use super::Shown;
use super::geometry::{Place, find, leaf_of, levels, moved};
use super::layout::{Hit, Layout, Window};
use super::paint::{self, Marks};
use super::table::{sentence, standing_for};
use crate::session::Session;
use crate::view::Panel;
use crate::view::canvas::{pointer_at, prepare, use_size, use_theme};
use crate::view::format::px;
use crate::view::link::{Linked, select};
use crate::view::ui::{Action, Thing};

/// How far a pointer moves before that is a drag and no click.
const DRAG: f64 = 4.0;
/// How much closer a key or a button goes.
const STEP: f64 = 0.5;

const CAPTION: &str = "A row a level; a node is as wide as the blocks it covers. A search for n \
                       blocks skips every node whose bar is shorter than n.";

/// What the person's fingers do on the picture.
#[derive(Debug, Default)]
struct Fingers {
    /// Which pointers are down, and where.
    down: Vec<(i32, f64)>,
    /// How far they moved.
    way: f64,
}

/// The picture of the tree.
#[component]
pub fn Picture(props: &Shown) -> Html {
    let host = use_node_ref();
    let canvas = use_node_ref();
    let (width, _) = use_size(&host);
    let theme = use_theme();
    let window = use_state_eq(|| None::<Window>);
    let lens = use_state_eq(|| 0u32);
    let fingers = use_mut_ref(Fingers::default);
    let latest = use_mut_ref(|| None::<Layout>);
    let Panel {
        session,
        ui,
        dispatch,
        ..
    } = &props.panel;
    let model = session.model();
    let image = model.blist.as_ref();
    let subject = Linked::of(&model, &session.history(), ui.subject);
    let hover = Linked::of(&model, &session.history(), ui.hover);
    let layout = image.map(|image| {
        let window = window.unwrap_or(Window::all(image));
        Layout::new(image, width.max(1.0), window, *lens)
    });
    *latest.borrow_mut() = layout;
    {
        // What the last search came to, and what was selected elsewhere, is magnified.
        let found = props.search.as_ref().and_then(|search| {
            let leaves = search.visits.iter().rev().filter(|visit| visit.leaf);
            let at = leaves.map(|visit| leaf_of(visit.block.0)).next()?;
            Some((search.seq, at))
        });
        let set = lens.setter();
        use_effect_with(found, move |found| {
            if let Some((_, leaf)) = *found {
                set.set(leaf);
            }
        });
        let single = matches!(
            ui.subject,
            Some(Thing::Node(_) | Thing::Block(_) | Thing::Page(..))
        );
        let at = subject.first_block(&model).filter(|_| single);
        let at = at.map(|block| leaf_of(block.0));
        let set = lens.setter();
        use_effect_with((ui.subject, at), move |(_, leaf)| {
            if let Some(leaf) = *leaf {
                set.set(leaf);
            }
        });
    }
    let show = {
        let (session, latest, set) = (session.clone(), latest.clone(), window.setter());
        move |change: &dyn Fn(&swap_pager::event::BlistImage, Window) -> Window| {
            let model = session.model();
            let mut latest = latest.borrow_mut();
            let (Some(image), Some(layout)) = (&model.blist, latest.as_mut()) else {
                return;
            };
            // Before it is drawn there may be more of them.
            layout.window = change(image, layout.window);
            set.set(Some(layout.window).filter(|window| *window != Window::all(image)));
        }
    };
    {
        let (canvas, session) = (canvas.clone(), session.clone());
        let search = props.search.clone();
        use_effect(move || {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            if let Some(canvas) = canvas
                && let Some(layout) = layout
                && let Some(palette) = theme.palette(&canvas)
                && let Some(context) = prepare(&canvas, width, Layout::height(layout.levels))
            {
                let marks = Marks {
                    search: search.as_deref(),
                    subject,
                    hover,
                };
                paint::tree(&context, &palette, &session.model(), &layout, marks);
            }
        });
    }
    {
        let show = show.clone();
        use_effect_with(host.clone(), move |host| {
            let listener = host.cast::<Element>().map(|element| {
                let host = host.clone();
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&element, "wheel", options, move |event| {
                    if let Some(event) = event.dyn_ref::<WheelEvent>() {
                        wheel(event, &host, width_of(&host), &show);
                    }
                })
            });
            move || drop(listener)
        });
    }
    let thing_at = {
        let (host, session, latest) = (host.clone(), session.clone(), latest.clone());
        move |event: &MouseEvent| at(&session, (*latest.borrow())?, pointer_at(event, &host)?)
    };
    let onpointerdown = {
        let (fingers, host) = (fingers.clone(), host.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            let mut fingers = fingers.borrow_mut();
            if fingers.down.is_empty() {
                fingers.way = 0.0;
            }
            fingers
                .down
                .push((event.pointer_id(), f64::from(event.client_x())));
            if let Some(element) = host.cast::<Element>() {
                // Without capture a drag ends at the edge, which is no harm.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let onpointermove = {
        let (fingers, host, show) = (fingers.clone(), host.clone(), show.clone());
        let (dispatch, now, thing_at) = (dispatch.clone(), ui.hover, thing_at.clone());
        let set_lens = lens.setter();
        Callback::from(move |event: PointerEvent| {
            if drag(&mut fingers.borrow_mut(), &event, &host, &show) {
                return;
            }
            let found = thing_at(&event);
            let thing = found.map(|(thing, _)| thing);
            if let Some((_, Some(leaf))) = found {
                set_lens.set(leaf);
            }
            if thing != now {
                dispatch.dispatch(Action::Hover(thing));
            }
        })
    };
    let thing_at_again = thing_at.clone();
    let lift = {
        let (session, dispatch, thing_at) = (session.clone(), dispatch.clone(), thing_at);
        Callback::from(move |event: PointerEvent| {
            let mut fingers = fingers.borrow_mut();
            let down = fingers.down.len();
            fingers.down.retain(|(id, _)| *id != event.pointer_id());
            let click = down == 1 && fingers.way <= DRAG && event.type_() == "pointerup";
            if let Some((thing, _)) = thing_at(&event).filter(|_| click) {
                let action = select(&session.model(), thing);
                dispatch.dispatch(action);
            }
        })
    };
    let ondblclick = {
        let (session, show, thing_at) = (session.clone(), show.clone(), thing_at_again);
        Callback::from(move |event: MouseEvent| {
            if let Some((Thing::Node(node), _)) = thing_at(&event) {
                close_up(&session, node, &show);
            }
        })
    };
    let hover_none = |dispatch: &crate::view::ui::Dispatch| {
        let dispatch = dispatch.clone();
        move || dispatch.dispatch(Action::Hover(None))
    };
    let onpointerleave = {
        let none = hover_none(dispatch);
        Callback::from(move |_: PointerEvent| none())
    };
    let onblur = {
        let none = hover_none(dispatch);
        Callback::from(move |_: FocusEvent| none())
    };
    let cursor = hover.node.or(subject.node).unwrap_or(0);
    let onfocus = {
        let (dispatch, idle) = (dispatch.clone(), ui.hover.is_none());
        Callback::from(move |_: FocusEvent| {
            if idle {
                dispatch.dispatch(Action::Hover(Some(Thing::Node(cursor))));
            }
        })
    };
    let onkeydown = {
        let (session, dispatch, show) = (session.clone(), dispatch.clone(), show.clone());
        let set_lens = lens.setter();
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let key = event.key();
            match (key.as_str(), event.shift_key()) {
                ("+" | "=", _) => show(&|image, window| window.zoomed(image, 0.5, STEP)),
                ("-" | "_", _) => show(&|image, window| window.zoomed(image, 0.5, 1.0 / STEP)),
                ("0", _) => show(&|image, _| Window::all(image)),
                ("ArrowLeft", true) => show(&|image, window| window.panned(image, -0.25)),
                ("ArrowRight", true) => show(&|image, window| window.panned(image, 0.25)),
                ("Enter" | " ", _) => {
                    let action = select(&session.model(), Thing::Node(cursor));
                    dispatch.dispatch(action);
                }
                (key, false) => {
                    let Some(place) = walk(&session, cursor, key) else {
                        return;
                    };
                    show(&|image, window| window.with(image, place));
                    if place.is_leaf() {
                        set_lens.set(place.first / BMAP_RADIX);
                    }
                    dispatch.dispatch(Action::Hover(Some(Thing::Node(place.index))));
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let zoom = |factor: Option<f64>| {
        let show = show.clone();
        Callback::from(move |_: MouseEvent| {
            show(&|image, window| match factor {
                Some(factor) => window.zoomed(image, 0.5, factor),
                None => Window::all(image),
            });
        })
    };
    let around = around_search(props);
    let to_search = {
        let (session, show) = (session.clone(), show.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(node) = around {
                close_up(&session, node, &show);
            }
        })
    };
    let pointed = hover.node.and_then(|node| sentence(props, node));
    let said = pointed.clone().unwrap_or_default();
    let height = Layout::height(image.map_or(1, levels));
    let shown = layout.map(|layout| (layout.window.start as u64, layout.window.blocks as u64));
    let (from, blocks) = shown.unwrap_or_default();
    html! {
        <>
        <div class="tree-head">
            <p class="note">{ pointed.unwrap_or_else(|| CAPTION.to_owned()) }</p>
            <button type="button" class="small" data-testid="tree-to-search" onclick={to_search} disabled={around.is_none()}
                title="Zoom in to where the last search ended">{ "Last search" }</button>
            <button type="button" class="small" onclick={zoom(Some(1.0 / STEP))} title="Zoom out (-)" aria-label="Zoom out">{ "−" }</button>
            <button type="button" class="small" onclick={zoom(Some(STEP))} title="Zoom in (+)" aria-label="Zoom in">{ "+" }</button>
            <button type="button" class="small" data-testid="tree-fit" onclick={zoom(None)} title="Show all blocks (0)"
                disabled={window.is_none()}>{ "Fit" }</button>
        </div>
        <div ref={host} class={classes!("tree-picture", window.is_some().then_some("near"))} tabindex="0" role="application"
            data-testid="tree-picture" data-from={from.to_string()} data-blocks={blocks.to_string()}
            data-lens={layout.map_or(0, |layout| layout.lens).to_string()}
            data-cells-y={layout.map_or(0, |layout| layout.cells_y() as u32).to_string()}
            data-lens-leaves={layout.map_or(0, |layout| layout.lens_leaves).to_string()}
            aria-roledescription="radix tree" aria-describedby="tree-cursor"
            aria-label="Radix tree of free blocks. Left and right go to neighbours, up and down to parent and child, Enter selects, plus and minus zoom."
            ~style={format!("height:{}", px(height))}
            {onpointerdown} {onpointermove} onpointerup={lift.clone()} onpointercancel={lift} {onpointerleave}
            {ondblclick} {onfocus} {onblur} {onkeydown}>
            <canvas ref={canvas} data-testid="tree-canvas" aria-hidden="true" ~style={format!("width:{};height:{}", px(width), px(height))} />
        </div>
        <p class="visually-hidden" id="tree-cursor" aria-live="polite">{ said }</p>
        </>
    }
}

/// What is at a place of the picture, and the leaf to magnify because of that.
fn at(session: &Session, layout: Layout, (x, y): (f64, f64)) -> Option<(Thing, Option<u32>)> {
    let model = session.model();
    let image = model.blist.as_ref()?;
    let leaves = layout.levels - 1;
    Some(match layout.hit(image, x, y)? {
        Hit::Row(level, block) => {
            let node = Thing::Node(standing_for(image, level, block));
            (node, (level == leaves).then(|| leaf_of(block)))
        }
        Hit::Cell(block) => (Thing::Block(SwapBlock(block)), None),
        Hit::Lens(block) => (Thing::Node(standing_for(image, leaves, block)), None),
    })
}

/// Where an arrow key leads.
fn walk(session: &Session, cursor: u32, key: &str) -> Option<Place> {
    let model = session.model();
    let image = model.blist.as_ref()?;
    let from = find(image, cursor).map_or(Place::root(image), |seen| seen.place);
    if !key.starts_with("Arrow") && !matches!(key, "Home" | "End") {
        return None;
    }
    Some(moved(image, from, key).map_or(from, |seen| seen.place))
}

/// The node above the leaf that the last search came to at the end.
fn around_search(props: &Shown) -> Option<u32> {
    let model = props.panel.session.model();
    let image = model.blist.as_ref()?;
    let block = props.search.as_ref()?.visits.last()?.block.0;
    let level = levels(image).saturating_sub(2);
    Some(standing_for(image, level, block))
}

/// Goes close to a node.
fn close_up(session: &Session, node: u32, show: &Show) {
    let place = {
        let model = session.model();
        let seen = model.blist.as_ref().and_then(|image| find(image, node));
        seen.map(|seen| seen.place)
    };
    if let Some(place) = place {
        show(&|image, _| Window::on(image, place));
    }
}

/// Changes what is in view.
type Show = dyn Fn(&dyn Fn(&swap_pager::event::BlistImage, Window) -> Window);

fn width_of(host: &NodeRef) -> f64 {
    let element = host.cast::<Element>();
    element.map_or(1.0, |element| f64::from(element.client_width().max(1)))
}

/// A wheel goes closer or farther, sideways or with Shift along.
fn wheel(event: &WheelEvent, host: &NodeRef, width: f64, show: &Show) {
    let (dx, dy) = (event.delta_x(), event.delta_y());
    // Lines and pages, in pixels.
    let unit = [1.0, 16.0, 400.0][(event.delta_mode() as usize).min(2)];
    event.prevent_default();
    if event.shift_key() || dx.abs() > dy.abs() {
        let way = if dx == 0.0 { dy } else { dx };
        show(&|image, window| window.panned(image, way * unit / width));
        return;
    }
    let x = pointer_at(event, host).map_or(width / 2.0, |(x, _)| x);
    let factor = js_sys::Math::pow(2.0, (dy * unit / 400.0).clamp(-1.0, 1.0));
    show(&|image, window| window.zoomed(image, x / width, factor));
}

/// One pointer that is down drags, two pinch. Tells whether that is what the pointer does.
fn drag(fingers: &mut Fingers, event: &PointerEvent, host: &NodeRef, show: &Show) -> bool {
    let x = f64::from(event.client_x());
    let Some(n) = fingers
        .down
        .iter()
        .position(|(id, _)| *id == event.pointer_id())
    else {
        return false;
    };
    let before = std::mem::replace(&mut fingers.down[n].1, x);
    fingers.way += (x - before).abs();
    let width = width_of(host);
    match fingers.down[..] {
        [_] if fingers.way > DRAG => {
            show(&|image, window| window.panned(image, (before - x) / width));
        }
        [(_, a), (_, b)] => {
            let still = fingers.down[1 - n].1;
            let (old, new) = ((before - still).abs(), (a - b).abs());
            let left = host
                .cast::<Element>()
                .map_or(0.0, |element| element.get_bounding_client_rect().left());
            let part = (still - left) / width;
            show(&|image, window| window.zoomed(image, part, old.max(8.0) / new.max(8.0)));
        }
        _ => {}
    }
    true
}
