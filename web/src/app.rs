//! The app: opens the session, then shows the stage.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::embed::{Options, PortRef, use_telling};
use crate::session::Session;
use crate::view::stage::Stage;

/// What the app is given by the page around it.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// What is to be shown.
    pub options: Options,
    /// Where to tell what happens.
    pub port: PortRef,
    /// Whether the page is there for nothing else.
    pub alone: bool,
    /// Whether nothing is shown: the element that showed it is gone, and another may come.
    pub asleep: bool,
}

/// All of a playground.
#[component]
pub fn App(props: &AppProps) -> Html {
    let session = use_state(|| None::<Session>);
    let set = session.setter();
    // Somebody else's page keeps nothing unless that is wanted.
    let in_memory = props.options.in_memory.unwrap_or(!props.alone);
    let wanted = (in_memory, props.port.clone(), props.asleep);
    use_effect_with(wanted, move |(in_memory, port, asleep)| {
        let (in_memory, port) = (*in_memory, port.clone());
        // What was shown of another session goes with it.
        set.set(None);
        if *asleep {
            return;
        }
        spawn_local(async move {
            let session = Session::open(in_memory).await;
            if port.opened(&session) {
                set.set(Some(session));
            }
        });
    });
    use_telling(session.as_ref(), &props.port);
    let AppProps { options, alone, .. } = props.clone();
    match &*session {
        Some(session) => html! { <Stage session={session.clone()} {options} {alone} /> },
        None if props.asleep => Html::default(),
        None => html! {
            <@{if alone { "main" } else { "section" }} class="opening" data-busy="true">
                <label for="opening">{ "Restoring your session" }</label>
                <progress id="opening" />
            </@>
        },
    }
}
