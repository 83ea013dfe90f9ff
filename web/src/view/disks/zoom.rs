//! Zooming a picture of the disks, so that what is under the pointer stays there.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, TouchEvent, WheelEvent};
use yew::prelude::*;

use super::layout::{GUTTER, Layout};
use crate::view::canvas::{self, Viewport};

/// A step of a key or a button.
pub const STEP: f64 = 1.5;

/// A spot of the picture, and where in the view it is to stay.
type Anchor = ((f64, f64), (f64, f64));

#[derive(Debug, Default)]
struct Now {
    layout: Option<Layout>,
    /// The height of a row that was asked for last.
    zoom: f64,
    least: f64,
    most: f64,
    anchor: Option<Anchor>,
    /// How far apart two fingers were.
    spread: Option<f64>,
}

/// Zooms a picture. Clones zoom the same one.
#[derive(Clone)]
pub struct Zoom {
    scroller: NodeRef,
    wanted: UseStateHandle<Option<f64>>,
    now: Rc<RefCell<Now>>,
}

/// A zoom for what scrolls in an element.
#[hook]
pub fn use_zoom(scroller: &NodeRef) -> Zoom {
    let zoom = Zoom {
        scroller: scroller.clone(),
        wanted: use_state_eq(|| None),
        now: use_mut_ref(Now::default),
    };
    let listening = zoom.clone();
    use_effect_with(scroller.clone(), move |node| {
        // Not as attributes: these have to keep the browser from zooming the whole page.
        let listeners = node.cast::<Element>().map(|element| {
            ["wheel", "touchmove", "touchend", "touchcancel"].map(|kind| {
                let (zoom, element) = (listening.clone(), element.clone());
                let options = EventListenerOptions::enable_prevent_default();
                let target = element.clone();
                EventListener::new_with_options(&target, kind, options, move |event| {
                    zoom.turned(&element, event);
                })
            })
        });
        move || drop(listeners)
    });
    zoom
}

impl Zoom {
    /// The height of a row that a person wants; `None` is for what suits.
    pub fn wanted(&self) -> Option<f64> {
        *self.wanted
    }

    /// Tells how it is shown now, and how far it makes sense to zoom.
    pub fn shown(&self, layout: Layout, zoom: f64, (least, most): (f64, f64)) {
        let mut now = self.now.borrow_mut();
        now.layout = Some(layout);
        now.zoom = zoom;
        (now.least, now.most) = (least, most);
    }

    /// Zooms. The place stays where it is, of the view; without one what is at the left edge does,
    /// half way down or, before anything was scrolled, at the top.
    pub fn by(&self, factor: f64, at: Option<(f64, f64)>) {
        let Some(element) = self.scroller.cast::<Element>() else {
            return;
        };
        let view = Viewport::of(&element);
        let mut now = self.now.borrow_mut();
        let Some(layout) = now.layout else {
            return;
        };
        let down = if view.scroll > 0.0 {
            view.height / 2.0
        } else {
            0.0
        };
        let (x, y) = at.unwrap_or((GUTTER, down));
        if now.anchor.is_none_or(|(_, place)| place != (x, y)) {
            let spot = layout.spot(x + view.left, y + view.scroll);
            now.anchor = Some((spot, (x, y)));
        }
        now.zoom = (now.zoom * factor).max(now.least).min(now.most);
        let zoom = now.zoom;
        drop(now);
        self.wanted.set(Some(zoom));
    }

    /// Shows all rows.
    pub fn all(&self) {
        let least = self.now.borrow().least;
        self.wanted.set(Some(least));
    }

    /// Scrolls to where the spot that is to stay has gone. To be called when the new picture has
    /// its size.
    pub fn settle(&self, layout: &Layout) {
        let anchor = self.now.borrow_mut().anchor.take();
        let (Some((spot, (x, y))), Some(element)) = (anchor, self.scroller.cast::<Element>())
        else {
            return;
        };
        let (to_x, to_y) = layout.place(spot);
        element.set_scroll_left((to_x - x).round() as i32);
        element.set_scroll_top((to_y - y).round() as i32);
    }

    fn turned(&self, element: &Element, event: &Event) {
        let (rect, scale) = (element.get_bounding_client_rect(), canvas::zoom(element));
        let place = |x: i32, y: i32| {
            let (x, y) = (f64::from(x) - rect.left(), f64::from(y) - rect.top());
            (x / scale, y / scale)
        };
        if let Some(wheel) = event.dyn_ref::<WheelEvent>() {
            // Pinching a touchpad comes as a wheel with Ctrl.
            if wheel.ctrl_key() {
                event.prevent_default();
                let delta = wheel.delta_y().clamp(-60.0, 60.0);
                let at = place(wheel.client_x(), wheel.client_y());
                self.by(js_sys::Math::exp(-delta / 120.0), Some(at));
            }
            return;
        }
        let touches = event.dyn_ref::<TouchEvent>().map(TouchEvent::touches);
        let pair = touches.and_then(|touches| Some((touches.get(0)?, touches.get(1)?)));
        let Some((one, other)) = pair else {
            self.now.borrow_mut().spread = None;
            return;
        };
        // Where the style sheet has forbidden the page to zoom there is nothing left to prevent.
        if event.cancelable() {
            event.prevent_default();
        }
        let one = place(one.client_x(), one.client_y());
        let other = place(other.client_x(), other.client_y());
        let spread = js_sys::Math::hypot(one.0 - other.0, one.1 - other.1).max(1.0);
        let before = self.now.borrow_mut().spread.replace(spread);
        if let Some(before) = before {
            let middle = ((one.0 + other.0) / 2.0, (one.1 + other.1) / 2.0);
            self.by(spread / before, Some(middle));
        }
    }
}
