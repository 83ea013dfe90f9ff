//! A canvas that scrolls, with mouse, touch and keyboard: what the pictures have in common that
//! are drawn only where they are in view.

use std::rc::Rc;

use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};
use yew::prelude::*;

use super::Panel;
use super::canvas::{Palette, Viewport, pointer_at, prepare, use_theme, use_viewport};
use super::format::{decimal, px};
use super::link::select;
use super::ui::{Action, Thing};

/// What is drawn, and what lies where.
pub trait Scene {
    /// The height of all of it.
    fn height(&self, width: f64) -> f64;
    /// Where cells begin, their pitch, the height of a row, and cells a row: for tests.
    fn grid(&self, width: f64) -> (f64, f64, f64, u32);
    /// Draws what is in view. The origin is the upper left corner of all of it.
    fn paint(&self, context: &CanvasRenderingContext2d, palette: &Palette, view: Viewport);
    /// What lies at a place.
    fn at(&self, width: f64, x: f64, y: f64) -> Option<Thing>;
    /// What a key leads to from what is selected.
    fn moved(&self, width: f64, key: &str) -> Option<Thing>;
    /// The upper and lower edge of what is selected, if it is here.
    fn selected(&self, width: f64) -> Option<(f64, f64)>;
}

/// What a picture is given.
#[derive(Clone, Properties)]
pub struct Props {
    /// What every panel is given.
    pub panel: Panel,
    /// What is drawn.
    pub scene: Rc<dyn Scene>,
    /// Its name in test ids.
    pub id: &'static str,
    /// What it is, for those who don't see it.
    pub label: AttrValue,
    /// What is selected in it, for those who don't see it.
    pub described: AttrValue,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.scene, &other.scene) && self.panel == other.panel
    }
}

/// A picture.
#[component]
pub fn Picture(props: &Props) -> Html {
    let node = use_node_ref();
    let canvas = use_node_ref();
    let view = use_viewport(&node);
    let theme = use_theme();
    let (scene, width) = (props.scene.clone(), view.width);
    {
        let (scene, canvas) = (scene.clone(), canvas.clone());
        use_effect(move || {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            if let Some(canvas) = canvas
                && let Some(palette) = theme.palette(&canvas)
                && let Some(context) = prepare(&canvas, view.width, view.height)
            {
                let _ = context.translate(0.0, -view.scroll);
                scene.paint(&context, &palette, view);
            }
        });
    }
    {
        // What was selected elsewhere comes into view.
        let (scene, node) = (scene.clone(), node.clone());
        use_effect_with(
            (props.panel.ui.subject, view.height > 0.0),
            move |(_, sized)| {
                // Without a size yet, nothing has its place.
                let Some((top, bottom)) = scene.selected(width).filter(|_| *sized) else {
                    return;
                };
                if let Some(element) = node.cast::<Element>()
                    && (top < view.scroll || bottom > view.scroll + view.height)
                {
                    element.set_scroll_top((top - view.height / 3.0).max(0.0) as i32);
                }
            },
        );
    }
    // One handler for all: what it does is told by the event's type.
    let on_pointer = {
        let (scene, node, hover) = (scene.clone(), node.clone(), props.panel.ui.hover);
        let (session, dispatch) = (props.panel.session.clone(), props.panel.dispatch.clone());
        move |event: &MouseEvent| {
            let kind = event.type_();
            let inside = kind != "pointerleave";
            let place = pointer_at(event, &node).filter(|_| inside);
            let thing = place.and_then(|(x, y)| scene.at(width, x, y));
            if kind == "click" {
                if let Some(thing) = thing {
                    let action = select(&session.model(), thing);
                    dispatch.dispatch(action);
                }
            } else if thing != hover {
                dispatch.dispatch(Action::Hover(thing));
            }
        }
    };
    let onpointermove = {
        let on_pointer = on_pointer.clone();
        Callback::from(move |event: PointerEvent| on_pointer(&event))
    };
    let onclick = Callback::from(move |event: MouseEvent| on_pointer(&event));
    let onkeydown = {
        let (session, dispatch) = (props.panel.session.clone(), props.panel.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            if let Some(thing) = scene.moved(width, &event.key()) {
                event.prevent_default();
                event.stop_propagation();
                let action = select(&session.model(), thing);
                dispatch.dispatch(action);
            }
        })
    };
    let (left, pitch, row, columns) = props.scene.grid(width);
    let [left, pitch, row] = [left, pitch, row].map(|length| decimal(length, 3));
    let described = format!("{}-cursor", props.id);
    html! {
        <>
        <div ref={node} class="map-scroll" tabindex="0" role="application" data-testid={props.id}
            aria-roledescription="picture" aria-label={props.label.clone()} aria-describedby={described.clone()}
            data-grid={format!("{left} {pitch} {row} {columns}")}
            {onclick} onpointermove={onpointermove.clone()} onpointerleave={onpointermove} {onkeydown}>
            <div ~style={format!("height:{}", px(props.scene.height(width)))}>
                <canvas ref={canvas} data-testid={format!("{}-canvas", props.id)}
                    ~style={format!("width:{};height:{}", px(width), px(view.height))} />
            </div>
        </div>
        <p class="visually-hidden" id={described} aria-live="polite">{ props.described.clone() }</p>
        </>
    }
}
