//! Asks what a command is meant for that was given while the past was looked at.

use yew::prelude::*;

use super::modal::Modal;
use crate::session::Session;
use crate::view::drawn::drawn;
use crate::view::format::count;
use crate::view::log::wording::Names;

/// What the question is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Changes with it.
    pub tick: u64,
}

/// The question.
#[component]
pub fn Past(props: &Props) -> Html {
    let session = &props.session;
    let names = Names::of(&session.model());
    let held = session.held();
    let words = held.iter().map(|command| {
        let (what, to, _) = names.command(command);
        html! { <li>{ format!("{what} {to}") }</li> }
    });
    let behind = {
        let history = session.history();
        history.end() - history.at()
    };
    let (_, lost) = session.lost_by_going_on();
    let half = if lost > behind {
        " Something was half done then: it goes back to before that."
    } else {
        ""
    };
    let act = |deed: fn(&Session)| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| deed(&session))
    };
    let onclose = {
        let session = session.clone();
        Callback::from(move |()| session.drop_held())
    };
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: "You are watching the past",
        onclose,
        children: html! { <>
                    <p>{ format!("What you see was {} ago. The machine has gone on since, so it has not been told yet:", count(behind, "event")) }</p>
                    <ul class="held">{ for words }</ul>
                    <div class="choices">
                        <button type="button" class="primary" data-testid="past-now" autofocus=true onclick={act(Session::give_held)}>{ "Do it now" }</button>
                        <span>{ "Come back to the present, and do it there." }</span>
                        <button type="button" class="danger" data-testid="past-go-on" onclick={act(Session::go_on_from_here)}>{ "Go on from here, then do it" }</button>
                        <span>{ format!("Make this moment the present. {} forgotten, on the disks too.{half}", if lost == 1 { "One event is".to_owned() } else { format!("{} are", count(lost, "event")) }) }</span>
                        <button type="button" data-testid="past-cancel" onclick={act(Session::drop_held)}>{ "Cancel" }</button>
                        <span>{ "Do nothing, and keep watching." }</span>
                    </div>
        </> }
    }))
}
