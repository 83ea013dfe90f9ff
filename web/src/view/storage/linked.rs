//! A session that came from a link, while a person's own is stored.

use yew::prelude::*;

use super::button;
use crate::session::Session;
use crate::view::ui::{Action, Dialog, Dispatch};

/// The strip that says so.
pub fn linked(session: &Session, dispatch: &Dispatch) -> Html {
    // Where nothing is stored anyway there is nothing to say.
    let said = session.is_linked() && session.can_reopen();
    let keep = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::Storage)))
    };
    html! {
        <div class="trouble linked" role="status" data-testid="linked" hidden={!said}>
            if said {
                <p>{ "This session is from a link, and in memory. Your own session is kept as it is." }</p>
                <button type="button" data-testid="keep-linked" onclick={keep}>{ "Keep this one …" }</button>
                { button(session, "own", "Back to my own", Session::open_found) }
            }
        </div>
    }
}

/// How it can be kept.
pub fn keep(session: &Session) -> Html {
    html! {
        <section>
            <p>{ "If there is a session of yours on this device, you will be asked which of the two is to be kept there." }</p>
            { button(session, "keep-linked", "Keep this session on this device", Session::reopen) }
        </section>
    }
}
