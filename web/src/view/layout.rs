//! How the stage is divided: sizes of panels, which are hidden, and what fills the page.
//!
//! It is kept in the browser. Where that is denied the page begins as it did the first time.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Storage};
use yew::prelude::*;

use super::place;
use super::ui::{Action, Dispatch, Ui};

/// The name it is kept under.
const KEPT_AS: &str = "swap-playground-layout";

/// How far an arrow key moves a border, in pixels.
const STEP: i32 = 24;

/// A panel that can be resized and hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The objects, at the left.
    Objects,
    /// The inspector and the log, at the right.
    Side,
    /// The timeline, below.
    Timeline,
    /// The lesson, left of all.
    Lesson,
}

/// What there is to know of each part: its name in test ids, for people, its shortcut, the
/// variable of the style sheet for its size, the least and the greatest size.
const PARTS: [(Part, &str, &str, &str, &str, i32, i32); 4] = [
    (Part::Objects, "objects", "Objects", "1", "--left", 200, 640),
    (
        Part::Side,
        "side",
        "Inspector and log",
        "2",
        "--right",
        220,
        760,
    ),
    (
        Part::Timeline,
        "bottom",
        "Timeline",
        "3",
        "--bottom",
        96,
        460,
    ),
    (Part::Lesson, "lesson", "Lesson", "4", "--lesson", 240, 720),
];

/// How the stage is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Sizes in pixels, in the order of [`Part`]; 0 is as the style sheet has it.
    sizes: [i32; 4],
    hidden: [bool; 4],
    /// Whether the middle fills the page.
    pub full: bool,
}

impl Layout {
    /// With a part of this size.
    #[must_use]
    pub fn sized(mut self, part: Part, size: i32) -> Layout {
        let (.., least, most) = PARTS[part as usize];
        self.sizes[part as usize] = if size == 0 {
            0
        } else {
            size.clamp(least, most)
        };
        self
    }

    /// Whether a part is hidden.
    pub fn hides(&self, part: Part) -> bool {
        self.hidden[part as usize]
    }

    /// With a part hidden, or shown again.
    #[must_use]
    pub fn toggled(mut self, part: Part) -> Layout {
        let hidden = &mut self.hidden[part as usize];
        *hidden = !*hidden;
        self
    }

    fn written(&self) -> String {
        let parts = self.sizes.iter().zip(self.hidden);
        let words = parts.map(|(size, hidden)| format!("{size}{}", if hidden { "-" } else { "" }));
        words.collect::<Vec<_>>().join(" ")
    }

    fn read(text: &str) -> Option<Layout> {
        let mut layout = Layout::default();
        let mut words = text.split(' ');
        for (part, ..) in PARTS {
            // There was a time without lessons.
            let lesson = (part == Part::Lesson).then_some("0");
            let word = words.next().or(lesson)?;
            let size = word.trim_end_matches('-');
            layout = layout.sized(part, size.parse().ok()?);
            layout.hidden[part as usize] = size != word;
        }
        Some(layout)
    }

    /// As it was kept.
    pub fn kept() -> Layout {
        let text = storage().and_then(|storage| storage.get_item(KEPT_AS).ok()?);
        text.and_then(|text| Layout::read(&text))
            .unwrap_or_default()
    }

    fn keep(&self) {
        if let Some(storage) = storage() {
            // Full or denied: the page works without.
            let _ = storage.set_item(KEPT_AS, &self.written());
        }
    }

    /// Sizes for the style sheet.
    pub fn style(&self) -> String {
        let sized = PARTS.iter().zip(self.sizes).filter(|(_, size)| *size > 0);
        sized
            .map(|((.., name, _, _), size)| format!("{name}:{size}px;"))
            .collect()
    }

    /// What is hidden, for the style sheet.
    pub fn classes(&self) -> Classes {
        let mut classes = Classes::new();
        for ((_, name, ..), hidden) in PARTS.iter().zip(self.hidden) {
            if hidden {
                classes.push(format!("no-{name}"));
            }
        }
        if self.full {
            classes.push("full");
        }
        classes
    }
}

fn storage() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

#[wasm_bindgen]
extern "C" {
    type Screen;
    #[wasm_bindgen(method, catch, js_name = requestFullscreen)]
    fn request(this: &Screen) -> Result<js_sys::Promise, JsValue>;
}

/// Keeps the layout, and has the screen follow it.
#[hook]
pub fn use_layout(ui: &Ui, dispatch: &Dispatch, stage: &NodeRef, alone: bool) {
    use_effect_with(ui.layout, move |layout| {
        if alone {
            layout.keep();
        }
    });
    let stage = stage.clone();
    use_effect_with(ui.layout.full, move |full| {
        let document = gloo::utils::document();
        let stage = stage.cast::<Element>().filter(|_| *full);
        if let Some(stage) = stage {
            // Where it is not allowed, the middle fills the page and not the screen.
            if let Ok(entered) = stage.unchecked_ref::<Screen>().request() {
                wasm_bindgen_futures::spawn_local(async move {
                    let _ = wasm_bindgen_futures::JsFuture::from(entered).await;
                });
            }
        } else if document.fullscreen_element().is_some() {
            document.exit_fullscreen();
        }
    });
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        let document = gloo::utils::document();
        let listener = gloo::events::EventListener::new(&document, "fullscreenchange", move |_| {
            if gloo::utils::document().fullscreen_element().is_none() {
                dispatch.dispatch(Action::Fill(false));
            }
        });
        move || drop(listener)
    });
}

/// What a border is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The part it bounds.
    pub part: Part,
    /// How the stage is divided.
    pub layout: Layout,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
}

/// The border of a part: it can be moved, and the part hidden.
#[component]
pub fn Border(props: &Props) -> Html {
    let (part, layout) = (props.part, props.layout);
    let (_, name, label, key, _, least, most) = PARTS[part as usize];
    let across = part == Part::Timeline;
    let hidden = layout.hidden[part as usize];
    // Where a drag began: the pointer, and the size.
    let grabbed = use_mut_ref(|| None::<(i32, i32)>);
    let node = use_node_ref();
    let measured = {
        let node = node.clone();
        move || measured(node.cast::<Element>(), part)
    };
    let place = move |event: &PointerEvent| match part {
        Part::Objects | Part::Lesson => event.client_x(),
        Part::Side => -event.client_x(),
        Part::Timeline => -event.client_y(),
    };
    let resize = {
        let dispatch = props.dispatch.clone();
        move |size| dispatch.dispatch(Action::Lay(layout.sized(part, size)))
    };
    let onpointerdown = {
        let (grabbed, measured) = (grabbed.clone(), measured.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = event.target_dyn_into::<Element>() {
                // A drag that leaves the border is lost then.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            *grabbed.borrow_mut() = Some((place(&event), measured()));
        })
    };
    let onpointermove = {
        let (grabbed, resize) = (grabbed.clone(), resize.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some((from, size)) = *grabbed.borrow() {
                resize((size + place(&event) - from).max(1));
            }
        })
    };
    let let_go = Callback::from(move |_: PointerEvent| *grabbed.borrow_mut() = None);
    let ondblclick = {
        let resize = resize.clone();
        Callback::from(move |_: MouseEvent| resize(0))
    };
    let size = match layout.sizes[part as usize] {
        0 => measured(),
        size => size,
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let grow = match (event.key().as_str(), part) {
            ("ArrowRight", Part::Objects | Part::Lesson) | ("ArrowLeft", Part::Side) => STEP,
            ("ArrowLeft", Part::Objects | Part::Lesson) | ("ArrowRight", Part::Side) => -STEP,
            ("ArrowUp", Part::Timeline) => STEP,
            ("ArrowDown", Part::Timeline) => -STEP,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        resize((measured() + grow).max(1));
    });
    let fold = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Lay(layout.toggled(part))))
    };
    let arrow = match (part, hidden) {
        (Part::Objects | Part::Lesson, false) | (Part::Side, true) => "‹",
        (Part::Objects | Part::Lesson, true) | (Part::Side, false) => "›",
        (Part::Timeline, false) => "⌄",
        (Part::Timeline, true) => "⌃",
    };
    let what = if hidden { "Show" } else { "Hide" };
    html! {
        <div ref={node} class={classes!("border", format!("border-{name}"))}>
            if !hidden {
                <div role="separator" class="grip" tabindex="0" data-testid={format!("border-{name}")}
                    aria-label={format!("Size of {label}")} aria-orientation={if across { "horizontal" } else { "vertical" }}
                    aria-valuenow={size.clamp(least, most).to_string()} aria-valuemin={least.to_string()} aria-valuemax={most.to_string()}
                    title="Drag, or arrow keys; double click for the usual size"
                    {onpointerdown} {onpointermove} onpointerup={let_go.clone()} onpointercancel={let_go} {ondblclick} {onkeydown} />
            }
            <button type="button" class="fold" data-testid={format!("fold-{name}")} aria-expanded={(!hidden).to_string()}
                aria-label={format!("{what} {label}")} title={format!("{what} {label} ({key})")} onclick={fold}>{ arrow }</button>
        </div>
    }
}

/// How large a part is on the screen; nothing before its border is there.
fn measured(border: Option<Element>, part: Part) -> i32 {
    let (_, name, ..) = PARTS[part as usize];
    let element = border.and_then(|border| place::find(&border, &format!(".stage > .{name}")));
    element.map_or(0, |element| match part {
        Part::Timeline => element.offset_height(),
        _ => element.offset_width(),
    })
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_is_kept_reads_back() {
        let layout = Layout::default()
            .sized(Part::Objects, 300)
            .toggled(Part::Timeline);
        assert_eq!(layout.written(), "300 0 0- 0");
        assert_eq!(Layout::read("300 0 0-"), Some(layout));
        assert_eq!(Layout::read(&layout.written()), Some(layout));
        assert_eq!(layout.style(), "--left:300px;");
    }

    #[test]
    fn what_others_left_there_is_no_layout() {
        for text in ["", "300", "a b c", "300 0"] {
            assert_eq!(Layout::read(text), None, "{text}");
        }
        let wild = Layout::read("99999 -7 5 1").map(|layout| layout.sizes);
        assert_eq!(wild, Some([640, 220, 96, 240]));
    }
}
