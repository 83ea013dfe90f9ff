//! Shown to a room: large type, few panels, keys for everything, and a second window for who speaks.

use js_sys::Date;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::Panel;
use crate::embed::object;
use crate::lesson::{Course, Place};
use crate::view::canvas::zoom;
use crate::view::dialogs::modal::Modal;
use crate::view::drawn::drawn;
use crate::view::place;
use crate::view::ui::{Action, Dialog, Dispatch};

/// What the channel to the speaker's window is called, followed by a number of its own.
const CHANNEL: &str = "swap-playground-speaker-";

/// All keys: what a person presses, and what it does.
const KEYS: [(&str, &str); 11] = [
    (
        "→, PageDown, Space",
        "On: run what is to be run, then the next step",
    ),
    ("←, PageUp", "Back"),
    ("1 … 9", "Pick an answer; into a field, type it"),
    ("Enter", "That’s the answer"),
    ("R", "Run it"),
    ("H", "A highlight follows the pointer"),
    ("S", "Window for the speaker: notes, time, right answers"),
    ("F", "Fill the screen"),
    ("L", "The lessons there are"),
    ("Escape", "Leave"),
    ("?", "These keys"),
];

/// What is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What every panel is given.
    pub panel: Panel,
    /// The lesson, if one is open.
    pub course: Option<Course>,
    /// Where the site is.
    pub site: String,
}

/// A key that the upper edge has no button for; it is pressed by [`press`].
fn press_on(stage: &Element, selector: &str) -> bool {
    let Some(found) = place::find(stage, selector) else {
        return false;
    };
    found.click();
    true
}

/// Does what a key stands for. Tells whether there was anything to do.
pub fn press(key: &str, stage: &Element, dispatch: &Dispatch) -> bool {
    let on = |selector| press_on(stage, selector);
    match key {
        "ArrowRight" | "PageDown" | " " => {
            on("[data-do=run]:enabled")
                || on("[data-do=next]:enabled")
                || on("[data-form=begin] [type=submit]:enabled")
        }
        "ArrowLeft" | "PageUp" => on("[data-do=back]:enabled"),
        "Enter" => on(".lesson [type=submit]:enabled"),
        "r" | "R" => on("[data-do=run]:enabled"),
        "h" | "H" => on("[data-testid=present-disc]"),
        "s" | "S" => on("[data-testid=present-speaker]"),
        "f" | "F" => on("[data-testid=present-full]"),
        "l" | "L" => on("[data-testid=present-learn]"),
        "Escape" => on("[data-testid=present-leave]"),
        "?" => {
            dispatch.dispatch(Action::Open(Dialog::Keys));
            true
        }
        _ => match key.parse::<usize>() {
            Ok(digit @ 1..) => pick(stage, digit),
            _ => false,
        },
    }
}

/// Picks an answer; a digit for a field goes into it.
fn pick(stage: &Element, digit: usize) -> bool {
    if press_on(stage, &format!(".lesson [data-testid=answer-{digit}]")) {
        return true;
    }
    let field = place::find(stage, ".lesson [data-testid=answer]");
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        let _ = field.focus();
        field.set_value(&format!("{}{digit}", field.value()));
        return true;
    }
    false
}

#[wasm_bindgen]
extern "C" {
    type Filling;
    #[wasm_bindgen(method, catch, js_name = requestFullscreen)]
    fn request(this: &Filling) -> Result<js_sys::Promise, JsValue>;
}

fn fill_screen() {
    let document = gloo::utils::document();
    if document.fullscreen_element().is_some() {
        return document.exit_fullscreen();
    }
    if let Some(Ok(entered)) = document
        .document_element()
        .map(|root| root.unchecked_into::<Filling>().request())
    {
        // Where it is not allowed, nothing happens.
        wasm_bindgen_futures::spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(entered).await;
        });
    }
}

/// What stands above all in a presentation.
#[component]
pub fn Presenter(props: &Props) -> Html {
    let disc = use_node_ref();
    let follows = use_state_eq(|| false);
    let channel = use_mut_ref(|| None::<Speaker>);
    // Changes when the other window asks.
    let asked = use_state_eq(|| 0.0);
    {
        let disc = disc.clone();
        use_effect_with(*follows, move |follows| {
            let listener = follows.then(|| {
                gloo::events::EventListener::new(
                    &gloo::utils::window(),
                    "pointermove",
                    move |event| {
                        let disc = disc.cast::<HtmlElement>();
                        if let (Some(disc), Some(event)) = (disc, event.dyn_ref::<MouseEvent>()) {
                            let zoom = zoom(&disc);
                            let at = |place: i32| {
                                format!("{}px", (f64::from(place) / zoom).round() as i32)
                            };
                            let _ = disc.style().set_property("left", &at(event.client_x()));
                            let _ = disc.style().set_property("top", &at(event.client_y()));
                        }
                    },
                )
            });
            move || drop(listener)
        });
    }
    let stands = props.course.as_ref().map(|course| {
        let state = course.state();
        let given = state
            .step()
            .is_some_and(|(.., visit)| visit.given.is_some());
        (state.place, given, state.busy)
    });
    {
        let (channel, course) = (channel.clone(), props.course.clone());
        use_effect_with((stands, *asked), move |_| {
            if let (Some(speaker), Some(course)) = (&*channel.borrow(), &course) {
                speaker.tell(course);
            }
        });
    }
    let onclick = {
        let (follows, asked, site) = (follows.clone(), asked.setter(), props.site.clone());
        let dispatch = props.panel.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            let button = event.target_dyn_into::<Element>();
            let id = button.and_then(|button| button.get_attribute("data-testid"));
            match id.as_deref() {
                Some("present-disc") => follows.set(!*follows),
                Some("present-full") => fill_screen(),
                Some("present-learn") => dispatch.dispatch(Action::Open(Dialog::Learn)),
                Some("present-keys") => dispatch.dispatch(Action::Open(Dialog::Keys)),
                Some("present-speaker") => {
                    let mut speaker = channel.borrow_mut();
                    let asked = asked.clone();
                    if speaker.is_none() {
                        *speaker = Speaker::new(move || asked.set(Date::now()));
                    }
                    if let Some(speaker) = &*speaker {
                        speaker.open(&site);
                    }
                }
                Some("present-leave") => dispatch.dispatch(Action::Present(false)),
                _ => {}
            }
        })
    };
    html! {
        <>
            <div class="presenter" role="toolbar" aria-label="Presentation" {onclick}>
                <button type="button" class="small" data-testid="present-learn" title="The lessons there are (L)">{ "Lessons" }</button>
                <button type="button" class="small" data-testid="present-keys" title="Keys (?)">{ "Keys" }</button>
                <button type="button" class="small" data-testid="present-disc" aria-pressed={follows.to_string()} title="A highlight follows the pointer (H)">{ "Highlight" }</button>
                <button type="button" class="small" data-testid="present-speaker" title="Notes in a second window (S)">{ "Speaker" }</button>
                <button type="button" class="small" data-testid="present-full" title="Fill the screen (F)">{ "Full screen" }</button>
                <button type="button" class="small" data-testid="present-leave" title="Leave (Escape)">{ "Leave" }</button>
            </div>
            <div ref={disc} class="disc" data-testid="disc" hidden={!*follows} />
        </>
    }
}

/// The keys of a presentation.
#[component]
pub fn Keys(props: &KeysProps) -> Html {
    let key = |(key, text): &(&'static str, &'static str)| html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *text }</dd></div> };
    drawn::<Modal>(yew::props!(crate::view::dialogs::modal::Props {
        title: "Keys",
        onclose: props.onclose.clone(),
        children: html! { <>
                    <dl class="keys" data-testid="present-help">{ for KEYS.iter().map(key) }</dl>
        </> }
    }))
}

/// What they are given.
#[derive(Clone, PartialEq, Properties)]
pub struct KeysProps {
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// The way to the speaker's window. Only pages of the same origin are on such a channel.
struct Speaker {
    number: u64,
    channel: BroadcastChannel,
    _hears: gloo::events::EventListener,
}

impl Speaker {
    /// `asked` is called when the window wants to be told.
    fn new(asked: impl Fn() + 'static) -> Option<Speaker> {
        let number = Date::now() as u64;
        let channel = BroadcastChannel::new(&format!("{CHANNEL}{number}")).ok()?;
        let hears = gloo::events::EventListener::new(&channel, "message", move |event| {
            let data = event
                .dyn_ref::<web_sys::MessageEvent>()
                .map(web_sys::MessageEvent::data);
            if data.and_then(|data| data.as_string()).as_deref() == Some("hello") {
                asked();
            }
        });
        Some(Speaker {
            number,
            channel,
            _hears: hears,
        })
    }

    fn open(&self, site: &str) {
        let address = format!("{site}speaker.html#{}", self.number);
        let window = gloo::utils::window();
        // A browser that lets no window open says so itself.
        let _ = window.open_with_url_and_target_and_features(
            &address,
            "swap-playground-speaker",
            "popup,width=900,height=700",
        );
    }

    /// Tells what is on the screen, what comes next, and what the room doesn't know yet.
    fn tell(&self, course: &Course) {
        let state = course.state();
        let lesson = &state.lesson;
        let step = state.step();
        let (title, notes, next) = match (state.place, step) {
            (_, Some((at, step, _))) => {
                let next = lesson.steps.get(at + 1).map(|step| step.title.clone());
                let challenge = lesson
                    .challenge
                    .as_ref()
                    .map(|challenge| challenge.title.clone());
                (step.title.clone(), step.notes.clone(), next.or(challenge))
            }
            (Place::Cover, _) => (
                lesson.title.clone(),
                None,
                lesson.steps.first().map(|step| step.title.clone()),
            ),
            (Place::Challenge, _) => {
                let challenge = lesson.challenge.as_ref();
                let solution = challenge
                    .map(|challenge| format!("A way to do it:\n{}", challenge.solution.text));
                let title = challenge.map(|challenge| challenge.title.clone());
                (title.unwrap_or_default(), solution, None)
            }
            _ => ("The end".to_owned(), None, None),
        };
        let right = step.and_then(|(_, step, visit)| {
            let question = step.ask.as_ref()?;
            let right = match &visit.given {
                Some(given) => given.right.clone(),
                None => course.right(question, step.run.as_ref()),
            };
            Some(
                right
                    .as_ref()
                    .map_or_else(Clone::clone, ToString::to_string),
            )
        });
        let text = |text: Option<String>| text.map_or(JsValue::NULL, Into::into);
        let at = match (state.place, step) {
            (_, Some((at, ..))) => format!("Step {} of {}", at + 1, state.visits.len()),
            _ => String::new(),
        };
        let message = object([
            ("lesson", lesson.title.as_str().into()),
            ("at", at.into()),
            ("title", title.into()),
            ("notes", text(notes)),
            ("next", text(next)),
            ("right", text(right)),
        ]);
        // It fails only on a channel that was closed.
        let _ = self.channel.post_message(&message);
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.channel.close();
    }
}
