//! The app: opens the session, then shows the stage.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::session::Session;
use crate::view::stage::Stage;

/// The whole page.
#[component]
pub fn App() -> Html {
    let session = use_state(|| None::<Session>);
    let set = session.setter();
    use_effect_with((), move |()| {
        spawn_local(async move { set.set(Some(Session::open().await)) });
    });
    match &*session {
        Some(session) => html! { <Stage session={session.clone()} /> },
        None => html! {
            <main class="opening" data-busy="true">
                <label for="opening">{ "Restoring your session" }</label>
                <progress id="opening" />
            </main>
        },
    }
}
