//! Which tab has the disks, when it isn't this one.

use yew::prelude::*;

use crate::session::{Owner, Session};

/// Says that another tab has the disks, and asks what to do about it.
pub fn owner(session: &Session) -> Html {
    let owner = session.status().owner;
    let (name, text, take) = match owner {
        Owner::This => ("this", "", ""),
        Owner::Other => (
            "other",
            "Another tab has the disks, so this session is in memory only. To take over the disks \
             replaces it by the session on them.",
            "Take over the disks",
        ),
        Owner::TakenOver => (
            "taken-over",
            "Another tab has taken over the disks. What you see here is as it was then, and \
             nothing is stored any more.",
            "Take the disks back",
        ),
        Owner::Taking => ("taking", "Asking the other tab for the disks …", ""),
    };
    let asks = !take.is_empty();
    let act = |act: fn(&Session)| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| act(&session))
    };
    html! {
        <div class="trouble owner" role="alert" data-testid="owner" data-owner={name} hidden={owner == Owner::This}>
            <p>{ text }</p>
            if asks {
                <button type="button" data-testid="go-on-in-memory" onclick={act(Session::leave_disks)}>{ "Go on in memory" }</button>
                <button type="button" data-testid="take-over" onclick={act(Session::take_over)}>{ take }</button>
            }
        </div>
    }
}
