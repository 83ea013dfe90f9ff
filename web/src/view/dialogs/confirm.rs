//! Asks before something is lost.

use yew::prelude::*;

use super::modal::Modal;
use crate::view::drawn::drawn;

/// What the question is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The question.
    pub title: AttrValue,
    /// What would be lost.
    pub text: AttrValue,
    /// What the button that does it says.
    pub yes: AttrValue,
    /// That button's name for end-to-end tests.
    pub testid: &'static str,
    /// Told when the answer is yes.
    pub onyes: Callback<()>,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// The question.
#[component]
pub fn Confirm(props: &Props) -> Html {
    let no = props.onclose.reform(|_: MouseEvent| ());
    let yes = {
        let (onyes, onclose) = (props.onyes.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            onyes.emit(());
        })
    };
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: props.title.clone(),
        onclose: props.onclose.clone(),
        children: html! { <>
                    <p>{ props.text.clone() }</p>
                    <div class="form-end">
                        <button type="button" onclick={no} autofocus=true>{ "Keep it" }</button>
                        <button type="button" class="danger solid" data-testid={props.testid} onclick={yes}>{ props.yes.clone() }</button>
                    </div>
        </> }
    }))
}
