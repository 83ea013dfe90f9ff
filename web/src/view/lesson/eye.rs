//! Where the eye is drawn, and what is pointed at as an answer.

use swap_pager::lesson::{Focus, Lesson};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Props;
use crate::lesson::{Course, Place, words};
use crate::view::layout::Part;
use crate::view::link::select;
use crate::view::place;
use crate::view::ui::{Action, Tab, View, named};

/// Below this width the inspector and the log are folded while a lesson is open.
const ROOMY: i32 = 1500;

/// And below this one if the lesson wants them.
const WANTED: i32 = 1360;

/// Below this one the objects are too.
const NARROW: i32 = 980;

/// What the eye is drawn to now: what the step speaks of, once what it runs has run.
fn focus(course: &Course) -> Option<Focus> {
    let state = course.state();
    let (_, step, visit) = state.step()?;
    let ready = visit.done || (step.run.is_none() && step.ask.is_none());
    step.focus.clone().filter(|_| ready)
}

/// The part of the stage that is to stand out, for the style sheet.
pub fn class(course: &Course) -> Option<String> {
    focus(course).map(|focus| format!("eye-{}", words::part(&focus)))
}

/// The view that a place of a lesson wants.
fn view(lesson: &Lesson, place: Place) -> Option<View> {
    let last = match place {
        Place::Cover => 0,
        Place::Step(at) => at + 1,
        Place::Challenge | Place::End => lesson.steps.len(),
    };
    let steps = lesson.steps[..last].iter().rev();
    let shown = steps.filter_map(|step| step.show.as_deref());
    shown
        .chain(lesson.views.iter().map(String::as_str))
        .find_map(named)
}

/// Shows what a place speaks of.
#[hook]
pub fn use_eye(props: &Props, place: Place, done: bool) {
    let opened = use_mut_ref(|| None::<Part>);
    let latest = props.clone();
    let before = use_mut_ref(|| None::<Place>);
    use_effect_with((place, done), move |_| {
        let Props { course, panel, .. } = latest;
        let dispatch = &panel.dispatch;
        if before.replace(Some(place)) != Some(place)
            && let Some(view) = view(&course.state().lesson, place)
        {
            dispatch.dispatch(Action::View(view));
            dispatch.dispatch(Action::Show(Tab::Lesson));
        }
        let focus = focus(&course);
        let part = focus.as_ref().map(words::part);
        if let Some(Focus::Panel(name)) = &focus
            && let Some(view) = named(name)
        {
            dispatch.dispatch(Action::View(view));
            dispatch.dispatch(Action::Show(Tab::Lesson));
        }
        let thing = focus.and_then(|focus| words::thing(&focus, &panel.session.model()));
        if let Some(thing) = thing {
            dispatch.dispatch(select(&panel.session.model(), thing));
        }
        // What was unfolded for a step is folded again after it.
        let wanted = match part {
            Some("inspector" | "log") => Some(Part::Side),
            Some("objects") => Some(Part::Objects),
            Some("bottom") => Some(Part::Timeline),
            _ => None,
        };
        let mut layout = panel.ui.layout;
        let folded = opened.borrow_mut().take_if(|part| Some(*part) != wanted);
        if let Some(part) = folded.filter(|part| !layout.hides(*part)) {
            layout = layout.toggled(part);
        }
        if let Some(part) = wanted.filter(|part| layout.hides(*part)) {
            layout = layout.toggled(part);
            *opened.borrow_mut() = Some(part);
        }
        if layout != panel.ui.layout {
            dispatch.dispatch(Action::Lay(layout));
        }
    });
}

/// Which parts are folded when a lesson is opened on a stage of this width.
pub fn folds(course: &Course, width: i32) -> impl Iterator<Item = Part> {
    let state = course.state();
    let mut views = state.lesson.views.iter();
    let roomy = match views.any(|view| view == "inspector" || view == "log") {
        true => WANTED,
        false => ROOMY,
    };
    let folds = [(roomy, Part::Side), (NARROW, Part::Objects)];
    let folds = folds.into_iter().filter(move |(most, _)| width < *most);
    folds.map(|(_, part)| part)
}

/// What is pointed at in the pictures goes into the answer, where it can be one.
#[hook]
pub fn use_pick(props: &Props, place: Place, node: &NodeRef) {
    let seen = use_mut_ref(|| None);
    let (latest, node) = (props.clone(), node.clone());
    use_effect_with((place, props.panel.ui.subject), move |(place, subject)| {
        // What was selected before the question was asked is no answer to it.
        let moved = seen.replace(Some(*place)) != Some(*place);
        let Some(thing) = subject.filter(|_| !moved) else {
            return;
        };
        let state = latest.course.state();
        let asked = state.step().filter(|(.., visit)| visit.given.is_none());
        let Some(question) = asked.and_then(|(_, step, _)| step.ask.as_ref()) else {
            return;
        };
        let model = latest.panel.session.model();
        let control = words::control(question, &model);
        let Some(text) = words::picked(&control, &model, thing) else {
            return;
        };
        let Some(panel) = node.cast::<web_sys::Element>() else {
            return;
        };
        let selector = match control {
            words::Control::Choice(_) => format!("[name=answer][value=\"{text}\"]"),
            _ => "[name=answer]".to_owned(),
        };
        let found = place::find(&panel, &format!(".lesson {selector}"));
        if let Some(field) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) {
            match control {
                words::Control::Choice(_) => field.set_checked(true),
                _ => field.set_value(&text),
            }
        }
    });
}
