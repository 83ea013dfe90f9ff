//! The app: opens the session, then shows the stage.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::embed::{Options, PortRef, error, use_telling};
use crate::session::Session;
use crate::session::permalink::Shown;
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
    let session = use_state(|| None::<(Session, Shown)>);
    let set = session.setter();
    // Somebody else's page keeps nothing unless that is wanted.
    let in_memory = props.options.in_memory.unwrap_or(!props.alone);
    let link = props.options.session.clone();
    let wanted = (in_memory, link, props.port.clone(), props.asleep);
    // What was asked for last: it may be there before what was asked for first.
    let latest = use_mut_ref(|| 0u32);
    use_effect_with(wanted, move |(in_memory, link, port, asleep)| {
        let (in_memory, link, port) = (*in_memory, link.clone(), port.clone());
        *latest.borrow_mut() += 1;
        let turn = *latest.borrow();
        // What was shown of another session goes with it.
        set.set(None);
        if *asleep {
            return;
        }
        spawn_local(async move {
            let linked = match &link {
                Some(link) => Session::linked(link, !in_memory).await.map(Some),
                None => Ok(None),
            };
            let (session, shown) = match linked {
                Ok(Some(linked)) => linked,
                Ok(None) => (Session::open(in_memory).await, Shown::default()),
                Err(wrong) => {
                    let session = Session::open(in_memory).await;
                    let wrong = format!("The link can't be opened. {wrong}");
                    error(&port, &wrong);
                    session.tell(wrong);
                    (session, Shown::default())
                }
            };
            if turn != *latest.borrow() {
                session.close();
            } else if port.opened(&session) {
                set.set(Some((session, shown)));
            }
        });
    });
    use_telling(session.as_ref().map(|(session, _)| session), &props.port);
    let AppProps { options, alone, .. } = props.clone();
    match &*session {
        Some((session, shown)) => html! {
            <Stage session={session.clone()} shown={shown.clone()} {options} {alone} />
        },
        None if props.asleep => Html::default(),
        None => html! {
            <@{if alone { "main" } else { "section" }} class="opening" data-busy="true">
                <label for="opening">{ "Restoring your session" }</label>
                <progress id="opening" />
            </@>
        },
    }
}
