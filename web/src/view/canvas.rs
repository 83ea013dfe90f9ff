//! What the canvases share: their size on the screen, their colours, and sharp lines.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use swap_pager::units::ObjectId;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

use super::look::{OBJECT_COLORS, Texture, object_look};

/// The part of a scrolling element that is in view.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Viewport {
    /// Its width without a scroll bar.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// How far it is scrolled down.
    pub scroll: f64,
    /// How far it is scrolled to the right.
    pub left: f64,
}

impl Viewport {
    /// What of an element is in view now.
    pub fn of(element: &Element) -> Viewport {
        Viewport {
            width: f64::from(element.client_width()),
            height: f64::from(element.client_height()),
            scroll: f64::from(element.scroll_top()),
            left: f64::from(element.scroll_left()),
        }
    }
}

/// Device pixels in a CSS pixel.
pub fn pixel_ratio() -> f64 {
    gloo::utils::window().device_pixel_ratio().max(0.5)
}

#[wasm_bindgen]
extern "C" {
    type Zoomed;
    #[wasm_bindgen(method, getter, js_name = currentCSSZoom)]
    fn zoom(this: &Zoomed) -> Option<f64>;
}

/// How much larger an element is shown than its style sheet has it: in a presentation all is.
pub fn zoom(element: &Element) -> f64 {
    let zoom = element.unchecked_ref::<Zoomed>().zoom();
    zoom.filter(|zoom| *zoom > 0.0).unwrap_or(1.0)
}

/// Follows the size of an element and how far it is scrolled. The element must be there from
/// the first time the component is shown.
#[hook]
pub fn use_viewport(node: &NodeRef) -> Viewport {
    use_watched(node, true)
}

/// Follows the size of an element only.
#[hook]
pub fn use_size(node: &NodeRef) -> (f64, f64) {
    let view = use_watched(node, false);
    (view.width, view.height)
}

#[hook]
fn use_watched(node: &NodeRef, scrolling: bool) -> Viewport {
    let view = use_state_eq(Viewport::default);
    let set = view.setter();
    use_effect_with(node.clone(), move |node| {
        let watching = node.cast::<Element>().map(|element| {
            let look = {
                let element = element.clone();
                move || {
                    let now = Viewport::of(&element);
                    set.set(if scrolling {
                        now
                    } else {
                        Viewport {
                            scroll: 0.0,
                            left: 0.0,
                            ..now
                        }
                    });
                }
            };
            look();
            let on_scroll = scrolling.then(|| {
                let look = look.clone();
                gloo::events::EventListener::new(&element, "scroll", move |_| look())
            });
            let on_resize = Closure::<dyn FnMut()>::new(look);
            let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
            if let Some(observer) = &observer {
                observer.observe(&element);
            }
            (on_scroll, on_resize, observer)
        });
        move || {
            if let Some((_, _, Some(observer))) = &watching {
                observer.disconnect();
            }
        }
    });
    *view
}

/// The colours of a canvas, kept until they change.
#[derive(Clone, Debug)]
pub struct Theme {
    version: u32,
    kept: Rc<RefCell<Option<(u32, Palette)>>>,
}

impl PartialEq for Theme {
    fn eq(&self, other: &Theme) -> bool {
        self.version == other.version
    }
}

impl Theme {
    /// Changes with the colours.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The colours for a canvas.
    pub fn palette(&self, canvas: &HtmlCanvasElement) -> Option<Palette> {
        let mut kept = self.kept.borrow_mut();
        if kept
            .as_ref()
            .is_none_or(|(version, _)| *version != self.version)
        {
            *kept = Palette::of(canvas).map(|palette| (self.version, palette));
        }
        kept.as_ref().map(|(_, palette)| palette.clone())
    }
}

/// The colours of a component's canvas. The component is drawn anew when they change.
#[hook]
pub fn use_theme() -> Theme {
    let version = use_theme_version();
    let kept = use_mut_ref(|| None);
    Theme { version, kept }
}

/// Changes whenever colours do: the system turns dark, the page is given a theme, or the screen
/// gets another resolution.
#[hook]
fn use_theme_version() -> u32 {
    let version = use_state(|| 0);
    let set = version.setter();
    use_effect_with((), move |()| {
        let window = gloo::utils::window();
        let counter = Rc::new(Cell::new(0));
        let changed = move || {
            counter.set(counter.get() + 1);
            set.set(counter.get());
        };
        let queries = [
            "(prefers-color-scheme: dark)",
            "(resolution: 1dppx)",
            "(forced-colors: active)",
        ];
        let media: Vec<_> = queries
            .iter()
            .filter_map(|query| window.match_media(query).ok().flatten())
            .map(|query| {
                let changed = changed.clone();
                gloo::events::EventListener::new(&query, "change", move |_| changed())
            })
            .collect();
        // What an element's script says when it changes the colours of its own stage.
        let told = {
            let changed = changed.clone();
            gloo::events::EventListener::new(&window, "swap-playground-colors", move |_| changed())
        };
        let on_attribute = Closure::<dyn FnMut()>::new(changed);
        let observer = web_sys::MutationObserver::new(on_attribute.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            let wanted = web_sys::MutationObserverInit::new();
            wanted.set_attributes(true);
            let root = gloo::utils::document_element();
            // What can't be observed is only not followed.
            let _ = observer.observe_with_options(&root, &wanted);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((media, told, on_attribute));
        }
    });
    *version
}

/// The colours that the style sheet gives a canvas.
#[derive(Clone, Debug)]
pub struct Palette {
    objects: Vec<String>,
    /// A place that holds nothing.
    pub cell: String,
    /// Lines of hatching.
    pub hatch: String,
    /// Text and the strongest lines.
    pub ink: String,
    /// Weaker text.
    pub muted: String,
    /// What lies under all.
    pub paper: String,
    /// What is selected.
    pub mark: String,
    /// Nodes of the tree: in use, text on that, and hints.
    pub tree: [String; 3],
    /// What can be acted on, and curves.
    pub accent: String,
    /// Weaker areas of that colour.
    pub tint: String,
    /// A warning.
    pub warn: String,
    /// A failure.
    pub bad: String,
}

impl Palette {
    /// The colours in force for a canvas. They are asked for one by one as its text colour, which
    /// it has no other use for: a custom property by itself is only text to the browser.
    fn of(canvas: &HtmlCanvasElement) -> Option<Palette> {
        let style = gloo::utils::window()
            .get_computed_style(canvas)
            .ok()
            .flatten()?;
        let own = canvas.style();
        let color = |name: &str| {
            // Neither fails: both names are those of a property that there is.
            let _ = own.set_property("color", &format!("var({name})"));
            style.get_property_value("color").unwrap_or_default()
        };
        Some(Palette {
            objects: (0..OBJECT_COLORS)
                .map(|n| color(&format!("--object-{n}")))
                .collect(),
            cell: color("--cell"),
            hatch: color("--hatch"),
            ink: color("--ink"),
            muted: color("--muted"),
            paper: color("--paper"),
            mark: color("--mark"),
            tree: ["--tree-used", "--tree-on-used", "--tree-hint"].map(color),
            accent: color("--accent"),
            tint: color("--tint"),
            warn: color("--warn"),
            bad: color("--bad"),
        })
    }

    /// One of the colours that objects have.
    pub fn hue(&self, n: usize) -> &str {
        self.objects.get(n).map_or(&self.ink, |hue| hue)
    }

    /// The colour of an object, and what is laid over it.
    pub fn object(&self, object: ObjectId) -> (&str, Texture) {
        let (color, texture) = object_look(object);
        (&self.objects[color as usize], texture)
    }
}

/// A canvas made ready for drawing: empty, as large as its place, with a unit of one CSS pixel.
pub fn prepare(
    canvas: &HtmlCanvasElement,
    width: f64,
    height: f64,
) -> Option<CanvasRenderingContext2d> {
    let (ratio, w, h) = sized(canvas, width, height);
    if canvas.width() != w {
        canvas.set_width(w);
    }
    if canvas.height() != h {
        canvas.set_height(h);
    }
    let context = context_of(canvas)?;
    context.reset_transform().ok()?;
    context.clear_rect(0.0, 0.0, f64::from(w), f64::from(h));
    context.scale(ratio, ratio).ok()?;
    Some(context)
}

/// The same for a band from `top` to `bottom` only: what is drawn elsewhere stays, until the
/// context is restored. None if the canvas has to be drawn as a whole, having another size now.
pub fn prepare_band(
    canvas: &HtmlCanvasElement,
    (width, height): (f64, f64),
    (top, bottom): (f64, f64),
) -> Option<CanvasRenderingContext2d> {
    let (ratio, w, h) = sized(canvas, width, height);
    if (canvas.width(), canvas.height()) != (w, h) {
        return None;
    }
    let context = context_of(canvas)?;
    context.save();
    context.reset_transform().ok()?;
    // At whole pixels, so that nothing is drawn twice over itself.
    let (top, bottom) = ((top * ratio).floor(), (bottom * ratio).ceil());
    context.begin_path();
    context.rect(0.0, top, f64::from(w), bottom - top);
    context.clip();
    context.clear_rect(0.0, top, f64::from(w), bottom - top);
    context.scale(ratio, ratio).ok()?;
    Some(context)
}

/// Pixels in a CSS pixel of a canvas, and its size in those.
fn sized(canvas: &HtmlCanvasElement, width: f64, height: f64) -> (f64, u32, u32) {
    let ratio = pixel_ratio() * zoom(canvas);
    let pixels = |length: f64| (length * ratio).round() as u32;
    (ratio, pixels(width), pixels(height))
}

fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let context = canvas.get_context("2d").ok().flatten()?;
    context.dyn_into().ok()
}

/// A rectangle with rounded corners, as the current path.
pub fn rounded(context: &CanvasRenderingContext2d, x: f64, y: f64, w: f64, h: f64, radius: f64) {
    context.begin_path();
    let radius = radius.min(w / 2.0).min(h / 2.0);
    // Browsers without rounded rectangles draw plain ones.
    if radius < 1.0 || context.round_rect_with_f64(x, y, w, h, radius).is_err() {
        context.rect(x, y, w, h);
    }
}

/// Slanted lines over a rectangle.
pub fn hatch(context: &CanvasRenderingContext2d, x: f64, y: f64, w: f64, h: f64, color: &str) {
    context.save();
    context.begin_path();
    context.rect(x, y, w, h);
    context.clip();
    context.set_stroke_style_str(color);
    context.set_line_width(1.0);
    context.begin_path();
    let mut at = x - h;
    while at < x + w {
        context.move_to(at, y + h);
        context.line_to(at + h, y);
        at += 5.0;
    }
    context.stroke();
    context.restore();
}

/// The place of a pointer in an element, scrolled content included.
pub fn pointer_at(event: &MouseEvent, node: &NodeRef) -> Option<(f64, f64)> {
    let element = node.cast::<Element>()?;
    let (rect, zoom) = (element.get_bounding_client_rect(), zoom(&element));
    Some((
        (f64::from(event.client_x()) - rect.left()) / zoom - f64::from(element.client_left())
            + f64::from(element.scroll_left()),
        (f64::from(event.client_y()) - rect.top()) / zoom - f64::from(element.client_top())
            + f64::from(element.scroll_top()),
    ))
}
