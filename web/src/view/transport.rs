//! Goes through time: a step on or back, play, and the way back to the present.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::controls;
use super::format::{count, grouped};
use super::ui::{Action, Dialog, Dispatch};
use crate::session::Session;
use crate::session::clock::SPEEDS;
use crate::session::history::Stride;

/// What the transport is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Changes with it.
    pub tick: u64,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
}

/// The strides to choose from: the name, and the keys that go back and on by it.
const STRIDES: [(Stride, &str, &str, &str); 3] = [
    (Stride::Event, "event", ",", "."),
    (Stride::Io, "I/O", "[", "]"),
    (Stride::Command, "command", "<", ">"),
];

/// The transport.
#[component]
pub fn Transport(props: &Props) -> Html {
    let chosen = use_state_eq(|| 0usize);
    let session = &props.session;
    let clock = session.clock();
    let (at, reach) = {
        let history = session.history();
        (history.at(), history.reach())
    };
    let (stride, name, back_key, on_key) = STRIDES[*chosen];
    let step = |forward| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.step(stride, forward))
    };
    let play = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| controls::play_or_pause(&session))
    };
    let on_stride = {
        let chosen = chosen.setter();
        Callback::from(move |event: Event| chosen.set(picked(&event)))
    };
    let on_speed = {
        let session = session.clone();
        Callback::from(move |event: Event| {
            session.set_speed(picked(&event));
        })
    };
    let playing = clock.playing;
    let (sign, what) = if playing {
        ("❚❚", "Pause")
    } else {
        ("▶", "Play")
    };
    html! {
        <div class={classes!("transport", (at < reach.end).then_some("behind"))} role="group" aria-label="Time">
            { past(props, at, reach.end) }
            <div class="transport-keys">
                <button type="button" data-testid="transport-back" disabled={at == reach.start} onclick={step(false)}
                    aria-label={format!("Back by one {name}")} title={format!("Back by one {name} ({back_key})")}>{ "◀" }</button>
                <select data-testid="transport-stride" aria-label="Size of a step" title="How far a step goes" onchange={on_stride}>
                    { for STRIDES.iter().enumerate().map(|(i, (_, name, ..))| option(i, (*name).to_owned(), i == *chosen)) }
                </select>
                <button type="button" data-testid="transport-forward" disabled={at == reach.end} onclick={step(true)}
                    aria-label={format!("On by one {name}")} title={format!("On by one {name} ({on_key})")}>{ "▶❙" }</button>
                <button type="button" class={classes!("play", (!playing).then_some("primary"))} data-testid="transport-play" data-playing={playing.to_string()}
                    aria-label={what} title={format!("{what} (k, Space)")} onclick={play}>{ sign }</button>
                <select data-testid="transport-speed" aria-label="Speed" title="How many events are shown in a second" onchange={on_speed}>
                    { for SPEEDS.iter().enumerate().map(|(i, speed)| option(i, speed_words(*speed), i == clock.speed)) }
                </select>
            </div>
        </div>
    }
}

/// Where the moment shown lies, and the ways from there, if it is not the present.
fn past(props: &Props, at: u64, end: u64) -> Html {
    let behind = end - at;
    if behind == 0 {
        return Html::default();
    }
    let session = &props.session;
    let now = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.go_live())
    };
    let back = session.is_back();
    if session.clock().playing && !back {
        // It is on its way to the present by itself.
        return html! {
            <div class="past">
                <span class="badge" data-testid="time-badge">{ format!("{} to come", grouped(behind)) }</span>
                { now_button(now) }
            </div>
        };
    }
    let (short, long) = if back {
        (
            format!("Past: −{}", grouped(behind)),
            format!("Watching the past: {} behind", count(behind, "event")),
        )
    } else {
        let text = format!("{} to watch ▶", count(behind, "event"));
        (text.clone(), text)
    };
    let go_on = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::GoOnFromHere)))
    };
    html! {
        <div class="past">
            <span class="badge memory" data-testid="time-badge" title={long.clone()}>
                <span class="long">{ long.clone() }</span><span class="short" aria-hidden="true">{ short }</span>
            </span>
            { now_button(now) }
            <button type="button" data-testid="transport-go-on" onclick={go_on}
                title="Make this moment the present: what came after it is forgotten">{ "Go on from here" }</button>
        </div>
    }
}

fn now_button(onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="primary" data-testid="transport-now" title="Show the present (l)" {onclick}>{ "Now" }</button>
    }
}

fn option(value: usize, text: String, selected: bool) -> Html {
    html! { <option value={value.to_string()} {selected}>{ text }</option> }
}

fn picked(event: &Event) -> usize {
    let select = event.target_dyn_into::<HtmlSelectElement>();
    select.map_or(0, |select| select.selected_index().max(0) as usize)
}

fn speed_words(speed: f64) -> String {
    if speed.is_infinite() {
        "at once".to_owned()
    } else {
        format!("{} / s", grouped(speed as u64))
    }
}
