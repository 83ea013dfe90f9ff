//! Tells screen readers what came of commands, at a polite pace.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// Least time between two announcements, in milliseconds.
const PACE: u32 = 1_500;

/// What is to be told.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// How many commands have ended.
    pub count: u64,
    /// What came of the last.
    pub text: AttrValue,
}

/// What is told now, and what waits.
#[derive(Default)]
struct Pace {
    told: u64,
    latest: (u64, AttrValue),
    timer: Option<Timeout>,
}

/// A region that is read out. What ends in quick succession is told as one.
#[component]
pub fn Live(props: &Props) -> Html {
    let text = use_state_eq(AttrValue::default);
    let pace = use_mut_ref(|| Pace {
        told: props.count,
        ..Pace::default()
    });
    let set = text.setter();
    use_effect_with((props.count, props.text.clone()), move |latest| {
        pace.borrow_mut().latest = latest.clone();
        tell(&pace, set);
    });
    html! { <p class="visually-hidden" role="status" aria-live="polite">{ (*text).clone() }</p> }
}

fn tell(pace: &Rc<RefCell<Pace>>, set: UseStateSetter<AttrValue>) {
    let mut now = pace.borrow_mut();
    let (count, text) = now.latest.clone();
    if count <= now.told {
        now.told = count;
        return;
    }
    if now.timer.is_some() {
        return;
    }
    let ended = count - now.told;
    now.told = count;
    set.set(if ended == 1 {
        text
    } else {
        format!("{ended} commands ended. The last: {text}").into()
    });
    let again = pace.clone();
    now.timer = Some(Timeout::new(PACE, move || {
        again.borrow_mut().timer = None;
        tell(&again, set);
    }));
}
