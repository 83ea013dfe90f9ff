//! The log: what the kernel did, in its words.

pub mod book;

pub use swap_pager::words::{line, phrases as words, wording};

use swap_pager::command::PageRange;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::canvas::use_size;
use super::command::CommandBox;
use super::dialogs::field::text_of;
use super::format::px;
use super::link::{holder, select_whole};
use super::live::Live;
use super::ui::{Action, Dispatch, Thing};
use crate::session::Session;
use crate::view::drawn::drawn;
use book::Book;
use line::{About, Line, Tone};
use words::meaning;

/// Height of a line in pixels.
const ROW: f64 = 21.0;

/// Lines made above and below those in view.
const BEYOND: usize = 8;

/// Lines that stay in view above and below that of the moment.
const MARGIN: f64 = 2.0;

/// What the log is given: not the state of the page, so that pointing at things costs it nothing.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Changes with it.
    pub tick: u64,
    /// The event that is pointed at.
    pub marked: Option<u64>,
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
    // The line that the arrow keys are at, while it is not that of the moment.
    let cursor = use_state_eq(|| None::<usize>);
    let (_, height) = use_size(&scroller);
    // How far it is scrolled, by a person or by itself.
    let scrolled = use_mut_ref(|| 0.0);
    let again = use_force_update();
    let session = &props.session;
    let history = session.history();
    let (at, live) = (history.at(), history.is_live());
    {
        let mut book = book.borrow_mut();
        book.follow(&history, &session.model());
        book.seek(&filter, &history);
    }
    let count = book.borrow().count();
    let before = book.borrow().before(at);
    let now = before.checked_sub(1);
    let current = (*cursor).filter(|line| *line < count).or(now);
    {
        // A person who goes to a moment wants to see its line, wherever the log was scrolled to.
        let (follows, cursor) = (follows.setter(), cursor.setter());
        let playing = session.clock().playing;
        use_effect_with(at, move |_| {
            cursor.set(None);
            if !playing {
                follows.set(true);
            }
        });
    }
    let top = {
        let follows = (*follows || cursor.is_some()) && height > 0.0;
        let (line, from) = (current.filter(|_| follows), *scrolled.borrow());
        let to = line.and_then(|line| in_view(line, from, height, live));
        to.map_or(from, f64::trunc)
    };
    {
        // The lines of where it will be are drawn before it gets there.
        let (scroller, scrolled) = (scroller.clone(), scrolled.clone());
        use_effect_with((top as i32, height as i32), move |(top, _)| {
            let Some(element) = scroller.cast::<HtmlElement>() else {
                return;
            };
            let differs = *scrolled.borrow() != f64::from(*top);
            if differs {
                element.set_scroll_top(*top);
                scrolled.replace(f64::from(element.scroll_top()));
            }
        });
    }
    let onscroll = {
        let (scroller, follows) = (scroller.clone(), follows.setter());
        let line = now.unwrap_or(0);
        Callback::from(move |_: Event| {
            let Some(element) = scroller.cast::<HtmlElement>() else {
                return;
            };
            let top = f64::from(element.scroll_top());
            if scrolled.replace(top) != top {
                let height = f64::from(element.client_height());
                let y = line as f64 * ROW;
                follows.set(y + ROW > top - 1.0 && y < top + height + 1.0);
                again.force_update();
            }
        })
    };
    let oninput = {
        let (filter, follows) = (filter.setter(), follows.setter());
        Callback::from(move |event: InputEvent| {
            filter.set(text_of(&event));
            follows.set(true);
        })
    };
    let to_moment = {
        let follows = follows.setter();
        Callback::from(move |_: MouseEvent| follows.set(true))
    };
    let go = {
        let (session, dispatch, book) = (session.clone(), props.dispatch.clone(), book.clone());
        move |shown: usize| {
            let line = book.borrow().line(shown, &session.history());
            if let Some((_, line)) = line {
                session.seek(line.seq);
                dispatch.dispatch(act(&session, &line));
            }
        }
    };
    let onclick = {
        let go = go.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(shown) = line_of(&event) {
                go(shown);
            }
        })
    };
    let point = {
        let (dispatch, book) = (props.dispatch.clone(), book.clone());
        move |shown: Option<usize>| {
            let seq = shown.and_then(|shown| book.borrow().moment(shown));
            dispatch.dispatch(Action::Hover(seq.map(Thing::Event)));
        }
    };
    let onpointerover = {
        let point = point.clone();
        Callback::from(move |event: PointerEvent| point(line_of(&event)))
    };
    let onpointerleave = {
        let point = point.clone();
        Callback::from(move |_: PointerEvent| point(None))
    };
    let onkeydown = {
        let cursor = cursor.setter();
        let page = ((height / ROW) as usize).max(1);
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() || count == 0 {
                return;
            }
            let from = current.unwrap_or(0);
            let to = match event.key().as_str() {
                "ArrowUp" => from.saturating_sub(1),
                "ArrowDown" => from + 1,
                "PageUp" => from.saturating_sub(page),
                "PageDown" => from + page,
                "Home" => 0,
                "End" => count - 1,
                "Enter" => {
                    event.prevent_default();
                    go(from);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            let to = to.min(count - 1);
            cursor.set(Some(to));
            point(Some(to));
        })
    };
    let book = book.borrow();
    // In a rush all of them are others the next time.
    let beyond = if session.rushes() { 0 } else { BEYOND };
    let first = ((top / ROW) as usize).saturating_sub(beyond).min(count);
    let last = (((top + height) / ROW) as usize + 1 + beyond).min(count);
    // Of an event without a line, the line before it is marked.
    let marked = props.marked.map(|seq| book.before(seq));
    let items: Html = (first..last)
        .filter_map(|shown| {
            let (number, line) = book.line(shown, &history)?;
            let states = classes!(
                (shown >= before).then_some("later"),
                (Some(shown) == now).then_some("now"),
                (Some(shown) == *cursor).then_some("cursor"),
                (marked == Some(shown + 1)).then_some("marked"),
            );
            Some(row(number, shown, count, &line, states, Some(shown) == now))
        })
        .collect();
    let (ended, result) = book.result();
    let active = current.and_then(|shown| Some(format!("log-{}", book.line(shown, &history)?.0)));
    html! {
        <section class="panel log" aria-labelledby="log-title">
            <div class="panel-head">
                <h2 id="log-title">{ "Kernel log" }</h2>
                if !*follows {
                    <button type="button" class="link" onclick={to_moment}>{ if live { "to the end ↓" } else { "to the moment" } }</button>
                }
                <input type="search" class="filter" placeholder="filter" aria-label="Show only lines with"
                    data-testid="log-filter" autocomplete="off" spellcheck="false" value={(*filter).clone()} {oninput} />
            </div>
            if count == 0 {
                <p class="empty">{ if filter.is_empty() { "What the kernel does is told here, in its own words." } else { "No line has this in it." } }</p>
            }
            <div ref={scroller} class="log-lines" data-testid="log" data-count={count.to_string()} tabindex="0"
                role={(count > 0).then_some("listbox")} aria-label={(count > 0).then_some("Kernel log; Enter goes to the moment of a line")}
                aria-activedescendant={active} {onscroll} {onclick} {onpointerover} {onpointerleave} {onkeydown}>
                <div role="presentation" class="log-all" ~style={format!("height:{}", px(count as f64 * ROW))}>
                    <div role="presentation" ~style={format!("transform:translateY({})", px(first as f64 * ROW))}>{ items }</div>
                </div>
            </div>
            { drawn::<CommandBox>(yew::props!(super::command::Props { session: props.session.clone(), dispatch: props.dispatch.clone() })) }
            { drawn::<Live>(yew::props!(super::live::Props { count: ended, text: result.to_owned() })) }
        </section>
    }
}

/// How far to scroll so that a line is in view; None if it is. The last line of all is at the
/// lower edge, so that what comes next moves little.
fn in_view(line: usize, top: f64, height: f64, live: bool) -> Option<f64> {
    let y = line as f64 * ROW;
    let margin = if live {
        0.0
    } else {
        (MARGIN * ROW).min((height - ROW) / 2.0).max(0.0)
    };
    if y - margin < top {
        Some((y - margin).max(0.0))
    } else if y + ROW + margin > top + height {
        Some(y + ROW + margin - height)
    } else {
        None
    }
}

/// The line under a pointer.
fn line_of(event: &MouseEvent) -> Option<usize> {
    let target = event.target_dyn_into::<Element>()?;
    let line = target.closest("[data-line]").ok()??;
    line.get_attribute("data-line")?.parse().ok()
}

fn row(number: usize, shown: usize, count: usize, line: &Line, states: Classes, now: bool) -> Html {
    let tone = match line.tone {
        Tone::Command => "command",
        Tone::Step => "step",
        Tone::Sleep => "sleep",
        Tone::Result => "result",
        Tone::Message => "message",
        Tone::Failure => "failure",
    };
    let told = format!("{} {}", line.head, line.rest);
    let title = match meaning(&line.head) {
        Some(meaning) => format!("{told}\n{meaning}"),
        None => told,
    };
    html! {
        <div role="option" key={number} id={format!("log-{number}")} class={classes!("line", tone, format!("depth-{}", line.depth), states)}
            aria-selected={now.to_string()} aria-setsize={count.to_string()} aria-posinset={(shown + 1).to_string()}
            data-line={shown.to_string()} data-seq={line.seq.to_string()} {title}>
            <b>{ line.head.clone() }</b>{ " " }<span>{ line.rest.clone() }</span>
        </div>
    }
}

/// What is looked at when a line is gone to. What is gone by now is dropped by the page.
fn act(session: &Session, line: &Line) -> Action {
    let model = session.model();
    match line.about {
        None => Action::Look(Thing::Event(line.seq)),
        Some(About::Pages(object, range)) => {
            let size = model.objects.get(&object).map_or(0, |object| object.size);
            let count = range.count.min(size.saturating_sub(range.start.0)).max(1);
            Action::SelectRange(object, PageRange { count, ..range })
        }
        Some(About::Object(object)) => select_whole(&model, object),
        Some(About::Block(block)) => Action::SelectBlock(block, holder(&model, block)),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_line_comes_into_view_and_then_stays() {
        for (line, top, live) in [(50, 0.0, true), (50, 0.0, false), (3, 900.0, false)] {
            let to = in_view(line, top, 300.0, live);
            let to = to.expect("it is out of view");
            assert_eq!(in_view(line, to, 300.0, live), None);
        }
        assert_eq!(in_view(9, 0.0, 210.0, true), None);
        assert_eq!(in_view(10, 0.0, 210.0, true), Some(ROW));
    }
}
