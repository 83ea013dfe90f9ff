//! A lesson beside the views: its text, its questions, its challenge.

mod ends;
mod eye;
pub mod learn;
pub mod present;
mod step;
mod text;

use swap_pager::words::shown::shown;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::Panel;
use super::dialogs::share::copy;
use super::inspector::chain::Memo;
use super::place;
use super::pressed::pressed;
use super::ui::{Action, Dialog, Tab};
use crate::lesson::{Course, Place, State, Wanted, shelf};
pub use eye::{class, folds};

/// What the panel is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What every panel is given.
    pub panel: Panel,
    /// The lesson.
    pub course: Course,
    /// Where the site is.
    pub site: String,
    /// Told of lessons that are to be opened, or left.
    pub onlesson: Callback<Wanted>,
}

/// The lesson's name in the upper edge, and how far its reader is.
pub fn chip(course: &Course, onclick: Callback<MouseEvent>) -> Html {
    let state = course.state();
    html! {
        <>
            <button type="button" class="badge chip" title="All lessons" data-testid="lesson-chip" {onclick}>
                <span>{ course.title() }</span><span aria-hidden="true">{ " ▾" }</span>
            </button>
            <p class="last lesson-where">{ whereabouts(&state) }</p>
        </>
    }
}

/// Where the reader is, in words.
fn whereabouts(state: &State) -> String {
    match (state.place, state.step()) {
        (_, Some((at, step, _))) => {
            format!("Step {} of {}: {}", at + 1, state.visits.len(), step.title)
        }
        (Place::Challenge, _) => {
            let title = state
                .lesson
                .challenge
                .as_ref()
                .map(|challenge| challenge.title.as_str());
            format!("Challenge: {}", title.unwrap_or_default())
        }
        (Place::End, _) => "The end".to_owned(),
        _ => format!("{} steps", state.visits.len()),
    }
}

/// The lesson.
#[component]
pub fn LessonPanel(props: &Props) -> Html {
    let course = &props.course;
    let node = use_node_ref();
    let memo = use_mut_ref(Memo::default);
    let said = use_state_eq(|| "");
    let next = use_state(|| None);
    // Whether the focus was here when something was pressed.
    let acted = use_mut_ref(|| false);
    {
        let course = course.clone();
        use_effect_with(props.panel.tick, move |_| course.look());
    }
    let (place, done) = {
        let state = course.state();
        (
            state.place,
            state.step().is_none_or(|(.., visit)| visit.done),
        )
    };
    eye::use_eye(props, place, done);
    eye::use_pick(props, place, &node);
    {
        let (node, acted) = (node.clone(), acted.clone());
        let before = use_mut_ref(|| place);
        use_effect_with((place, done), move |_| {
            let moved = before.replace(place) != place;
            let Some(panel) = node.cast::<HtmlElement>().filter(|_| acted.take()) else {
                return;
            };
            // What came of an answer is read from the question on.
            let asked = (!moved)
                .then(|| place::find(&panel, ".lesson .asked, .lesson .lesson-run"))
                .flatten();
            let verdict = place::find(&panel, "#lesson-verdict").filter(|_| asked.is_some());
            let id = if verdict.is_some() {
                "lesson-verdict"
            } else {
                "lesson-where"
            };
            place::focus(&panel, id);
            panel.set_scroll_top(asked.map_or(0, |asked| asked.offset_top() - 12));
        });
    }
    {
        let (next, said, site) = (next.setter(), said.setter(), props.site.clone());
        let id = course.state().lesson.id.clone();
        use_effect_with((place == Place::End, id), move |(ended, id)| {
            said.set("");
            if *ended {
                let id = id.clone();
                spawn_local(async move {
                    let all = shelf::list(&site).await.unwrap_or_default();
                    let at = all.iter().position(|entry| entry.id == id);
                    next.set(at.and_then(|at| all.get(at + 1).cloned()));
                });
            }
        });
    }
    let onclick = {
        let (props, acted, said, node) =
            (props.clone(), acted.clone(), said.setter(), node.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(button) = pressed(&event, "[data-do]") else {
                return;
            };
            let course = &props.course;
            match button.get_attribute("data-do").unwrap_or_default().as_str() {
                "back" => course.back(),
                "cover" => course.cover(),
                "next" => course.next(),
                "run" => course.run(),
                "hint" => course.hint(),
                "again" => course.again(),
                "show" => course.show(),
                "leave" => return props.onlesson.emit(Wanted::Leave),
                "learn" => return props.panel.dispatch.dispatch(Action::Open(Dialog::Learn)),
                "views" => return props.panel.dispatch.dispatch(Action::Show(Tab::Views)),
                "lesson" => {
                    let id = button.get_attribute("data-lesson").unwrap_or_default();
                    return props.onlesson.emit(Wanted::Named(id));
                }
                "copy" => {
                    let (code, said, node) = (course.state().code(), said.clone(), node.clone());
                    return spawn_local(async move {
                        let copied = copy(&code).await;
                        if let (false, Some(field)) = (copied, field(&node, "#code")) {
                            let _ = field.focus();
                            field.select();
                        }
                        said.set(match copied {
                            true => "Copied.",
                            false => "The code is selected: press Ctrl+C, or ⌘C on a Mac.",
                        });
                    });
                }
                _ => return,
            }
            *acted.borrow_mut() = true;
        })
    };
    let onsubmit = {
        let (course, acted, node) = (course.clone(), acted.clone(), node.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form =
                pressed(&event, "[data-form]").and_then(|form| form.get_attribute("data-form"));
            let value = |selector| {
                field(&node, selector)
                    .map(|field| field.value())
                    .unwrap_or_default()
            };
            *acted.borrow_mut() = true;
            match form.as_deref() {
                Some("begin") => course.begin(&value("[name=reader]")),
                _ => course.answer(&value("[name=answer]:checked, [name=answer][type=text]")),
            }
        })
    };
    let state = course.state();
    let lesson = &state.lesson;
    let (body, heading) = match place {
        Place::Cover => (ends::cover(&state), lesson.title.clone()),
        Place::Step(_) => {
            let title = state.step().map(|(_, step, _)| step.title.clone());
            (step::step(props, &state, &memo), title.unwrap_or_default())
        }
        Place::Challenge => match &lesson.challenge {
            Some(challenge) => (ends::challenge(&state, challenge), challenge.title.clone()),
            None => (Html::default(), String::new()),
        },
        Place::End => (
            ends::end(&state, *said, (*next).as_ref()),
            "How it went".to_owned(),
        ),
    };
    let small = match (place, state.step()) {
        (_, Some((at, ..))) => format!("Step {} of {}", at + 1, state.visits.len()),
        (Place::Challenge, _) => "Challenge".to_owned(),
        (Place::End, _) => "The end".to_owned(),
        _ => "Lesson".to_owned(),
    };
    let onward = onward(&state);
    html! {
        <section ref={node} class="panel lesson" aria-labelledby="lesson-title" data-testid="lesson" data-place={place_name(place)}
            data-done={done.to_string()} data-busy={state.busy.to_string()} {onclick} {onsubmit}>
            <div class="panel-head">
                <h2 id="lesson-title">{ small }</h2>
                <button type="button" class="link" data-do="leave" data-testid="lesson-leave" title="Back to your own session">{ "Leave" }</button>
            </div>
            { way(&state) }
            <h3 id="lesson-where" class="lesson-heading" tabindex="-1">{ heading }</h3>
            if let Some(trouble) = &state.trouble {
                <p class="field-error" role="alert" data-testid="lesson-trouble">{ trouble }</p>
            }
            if state.returned && place != Place::Cover {
                <p class="note" data-testid="lesson-returned">
                    { returned(&state) }{ " " }
                    <button type="button" class="link" data-do="cover" data-testid="lesson-anew" disabled={state.busy}>{ "Begin anew" }</button>
                </p>
            }
            { body }
            if state.unkept {
                <p class="note" data-testid="lesson-unkept">{ "This browser keeps nothing of it: who leaves the lesson or reloads the page begins anew." }</p>
            }
            if place != Place::Cover || state.is_begun() {
                <div class="lesson-foot">
                    <button type="button" data-do="back" data-testid="lesson-back" disabled={state.busy}>{ "Back" }</button>
                    <button type="button" class="look" data-do="views" data-testid="lesson-look">{ "Look" }</button>
                    if let Some((text, primary)) = onward {
                        <button type="button" class={primary.then_some("primary")} data-do="next" data-testid="lesson-next" disabled={state.busy}>{ text }</button>
                    }
                </div>
            }
            <p class="visually-hidden" role="status" data-testid="lesson-said">{ aloud(&state) }</p>
        </section>
    }
}

/// Where a reader is who has come back, and as whom.
fn returned(state: &State) -> String {
    match state.name.is_empty() {
        true => "You left off here.".to_owned(),
        false => format!("{} left off here.", shown(&state.name)),
    }
}

fn field(node: &NodeRef, selector: &str) -> Option<HtmlInputElement> {
    let panel = node.cast::<HtmlElement>()?;
    panel
        .query_selector(selector)
        .ok()
        .flatten()?
        .dyn_into()
        .ok()
}

/// What goes on says, and whether it is what is to be done next.
fn onward(state: &State) -> Option<(&'static str, bool)> {
    let text = match (state.place, state.step()) {
        (_, Some((_, step, visit))) if !visit.done => {
            return Some(match step.ask.is_some() && visit.given.is_none() {
                true => ("Skip", false),
                false => ("Next", false),
            });
        }
        (Place::Challenge, _) => return Some(("Finish", state.trial.is_over())),
        (Place::End, _) => return None,
        _ => "Next",
    };
    Some((text, true))
}

/// The place in test ids.
fn place_name(place: Place) -> String {
    match place {
        Place::Cover => "cover".to_owned(),
        Place::Step(at) => (at + 1).to_string(),
        Place::Challenge => "challenge".to_owned(),
        Place::End => "end".to_owned(),
    }
}

/// The way through the lesson: a mark a step.
fn way(state: &State) -> Html {
    let steps = state.visits.iter().enumerate().map(|(at, visit)| {
        let here = state.place == Place::Step(at);
        let class = match &visit.given {
            Some(given) if visit.done && given.correct => "right",
            Some(given) if visit.done && given.answer.is_some() => "wrong",
            _ if visit.done => "done",
            _ => "",
        };
        html! { <i class={classes!(class, here.then_some("here"))} /> }
    });
    let challenge = state.lesson.challenge.as_ref().map(|_| {
        let here = state.place == Place::Challenge;
        html! { <i class={classes!("last", state.trial.met.then_some("right"), here.then_some("here"))} /> }
    });
    html! { <div class="lesson-way" aria-hidden="true">{ for steps }{ challenge }</div> }
}

/// What is read out as the reader goes on.
fn aloud(state: &State) -> String {
    let mut text = whereabouts(state);
    if let Some((_, step, visit)) = state.step().filter(|(.., visit)| visit.done) {
        if let Some(given) = &visit.given {
            let (.., words) = step::verdict_words(given);
            text = words;
        }
        if let Some(focus) = &step.focus {
            text.push(' ');
            text.push_str(&crate::lesson::words::attention(focus));
        }
    }
    if state.place == Place::Challenge {
        let met = state.trial.goals.iter().filter(|(holds, _)| *holds).count();
        text.push_str(&format!(
            ". {met} of {} goals met.",
            state.trial.goals.len()
        ));
    }
    text
}
