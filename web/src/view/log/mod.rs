//! The log: what the kernel did, in its words.

pub mod book;
pub mod line;
pub mod wording;
pub mod words;

use gloo::timers::callback::Timeout;
use swap_pager::command::PageRange;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::canvas::use_size;
use super::command::CommandBox;
use super::dialogs::field::text_of;
use super::link::{holder, select_whole};
use super::live::Live;
use super::ui::{Action, Dispatch, Thing};
use crate::session::Session;
use book::Book;
use line::{About, Line, Tone};
use words::meaning;

/// Lines shown at most.
const SHOWN: usize = 300;

/// More new events than this make a rush: nobody reads along, and only as many lines are shown as
/// are in view, until it is over.
const RUSH: u64 = 1_500;
const SHOWN_IN_RUSH: usize = 48;

/// So long after a rush all lines are shown again, in milliseconds.
const CALM: u32 = 250;

/// From how many pixels above the end on the log no longer follows.
const NEAR_END: i32 = 24;

/// What the log is given: not the state of the page, so that pointing at things costs it nothing.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Changes with it.
    pub tick: u64,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
}

/// The log.
#[component]
pub fn Log(props: &Props) -> Html {
    let book = use_mut_ref(Book::default);
    let filter = use_state_eq(String::new);
    let scroller = use_node_ref();
    let follows = use_state_eq(|| true);
    let before = use_mut_ref(|| (0, 0));
    // A panel that gets another height keeps the newest line in view.
    use_size(&scroller);
    book.borrow_mut()
        .follow(&props.session.history(), &props.session.model());
    let calm = use_state(|| 0u64);
    let seen = use_mut_ref(|| (props.tick, 0));
    let rush = {
        let (tick, events) = (props.tick, props.session.events());
        let (before, rush) = *seen.borrow();
        let new = events.saturating_sub(rush);
        // The first look at a session is none.
        before != tick && rush > 0 && new > RUSH && *follows
    };
    seen.replace((props.tick, props.session.events()));
    {
        let calm = calm.clone();
        use_effect_with((props.tick, rush), move |(tick, rush)| {
            let tick = *tick;
            let timer = rush.then(|| Timeout::new(CALM, move || calm.set(tick)));
            move || drop(timer)
        });
    }
    {
        let (scroller, follows) = (scroller.clone(), *follows);
        use_effect(move || {
            if let Some(element) = scroller.cast::<HtmlElement>().filter(|_| follows) {
                element.set_scroll_top(element.scroll_height());
            }
        });
    }
    let onscroll = {
        let (scroller, follows) = (scroller.clone(), follows.setter());
        let before = before.clone();
        Callback::from(move |_: Event| {
            if let Some(element) = scroller.cast::<HtmlElement>() {
                let (top, height) = (element.scroll_top(), element.scroll_height());
                let (old_top, old_height) = before.replace((top, height));
                if height - top - element.client_height() < NEAR_END {
                    follows.set(true);
                } else if top < old_top && height >= old_height {
                    // Lines that came in scroll nothing up: a person did.
                    follows.set(false);
                }
            }
        })
    };
    let oninput = {
        let filter = filter.setter();
        Callback::from(move |event: InputEvent| filter.set(text_of(&event)))
    };
    let to_end = {
        let follows = follows.setter();
        Callback::from(move |_: MouseEvent| follows.set(true))
    };
    let book = book.borrow();
    let lines = book.last(if rush { SHOWN_IN_RUSH } else { SHOWN }, &filter);
    let (count, result) = book.result();
    // All of them have keys: so lines that stay are not touched when others come and go.
    let items: Html = if lines.is_empty() {
        let text = if filter.is_empty() {
            "What the kernel does is told here, in its own words."
        } else {
            "No line has this in it."
        };
        html! { <li key="none" class="empty">{ text }</li> }
    } else {
        let shown = |(number, line): &(u64, &Line)| shown(props, *number, line);
        lines.iter().map(shown).collect()
    };
    html! {
        <section class="panel log" aria-labelledby="log-title">
            <div class="panel-head">
                <h2 id="log-title">{ "Kernel log" }</h2>
                if !*follows {
                    <button type="button" class="link" onclick={to_end}>{ "to the end ↓" }</button>
                }
                <input type="search" class="filter" placeholder="filter" aria-label="Show only lines with"
                    data-testid="log-filter" autocomplete="off" spellcheck="false" value={(*filter).clone()} {oninput} />
            </div>
            <ol ref={scroller} class={classes!("log-lines", follows.then_some("follows"))} data-testid="log" tabindex="0" aria-label="Kernel log" {onscroll}>
                { items }
            </ol>
            <CommandBox session={props.session.clone()} dispatch={props.dispatch.clone()} />
            <Live {count} text={result.to_owned()} />
        </section>
    }
}

fn shown(props: &Props, number: u64, line: &Line) -> Html {
    let tone = match line.tone {
        Tone::Command => "command",
        Tone::Step => "step",
        Tone::Sleep => "sleep",
        Tone::Result => "result",
        Tone::Message => "message",
        Tone::Failure => "failure",
    };
    let text = html! { <><b>{ line.head.clone() }</b>{ " " }<span>{ line.rest.clone() }</span></> };
    let inner = match line.about {
        None => html! { <span class="line">{ text }</span> },
        Some(about) => {
            let (session, dispatch) = (props.session.clone(), props.dispatch.clone());
            let onclick = Callback::from(move |_: MouseEvent| {
                let action = act(&session, about);
                dispatch.dispatch(action);
            });
            let point = |thing| {
                let dispatch = props.dispatch.clone();
                Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Hover(thing)))
            };
            html! {
                <button type="button" class="line" tabindex="-1" {onclick}
                    onmouseenter={point(first_of(about))} onmouseleave={point(None)}>{ text }</button>
            }
        }
    };
    let title = meaning(&line.head);
    html! { <li key={number} class={classes!(tone, format!("depth-{}", line.depth))} {title}>{ inner }</li> }
}

/// The first page or block that a line is about.
fn first_of(about: About) -> Option<Thing> {
    match about {
        About::Pages(object, range) => Some(Thing::Page(object, range.start)),
        About::Block(block) => Some(Thing::Block(block)),
        About::Object(_) => None,
    }
}

/// What a click on a line does. What is gone by now is dropped by the page.
fn act(session: &Session, about: About) -> Action {
    let model = session.model();
    match about {
        About::Pages(object, range) => {
            let size = model.objects.get(&object).map_or(0, |object| object.size);
            let count = range.count.min(size.saturating_sub(range.start.0)).max(1);
            Action::SelectRange(object, PageRange { count, ..range })
        }
        About::Object(object) => select_whole(&model, object),
        About::Block(block) => Action::SelectBlock(block, holder(&model, block)),
    }
}
