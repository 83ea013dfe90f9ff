//! A dialog over the page. It gives the focus back when it closes.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::view::place;

/// What a dialog is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What it is about.
    pub title: AttrValue,
    /// Told when it is to close.
    pub onclose: Callback<()>,
    /// Goes up with each attempt to send a form that won't do; the first bad field gets the
    /// focus then.
    #[prop_or_default]
    pub attempts: u32,
    /// Whether it has much to show.
    #[prop_or_default]
    pub wide: bool,
    /// Whether it takes all of the page.
    #[prop_or_default]
    pub whole: bool,
    /// What is in it.
    pub children: Html,
}

/// A dialog.
#[component]
pub fn Modal(props: &Props) -> Html {
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        let dialog = node.cast::<HtmlDialogElement>();
        let before = dialog.as_deref().and_then(|dialog| place::focused(dialog));
        // A menu is closed by now: what opened it stands before it.
        let before = before.and_then(|before| match before.closest("[popover]") {
            Ok(Some(menu)) => menu.previous_element_sibling()?.dyn_into().ok(),
            _ => Some(before),
        });
        if let Some(dialog) = dialog.as_ref().filter(|dialog| !dialog.open()) {
            // It fails only on one that is open or not on the page.
            let _ = dialog.show_modal();
            if let Ok(Some(first)) = dialog.query_selector("[autofocus]")
                && let Ok(first) = first.dyn_into::<HtmlElement>()
            {
                let _ = first.focus();
            }
        }
        move || {
            if let Some(dialog) = dialog {
                dialog.close();
            }
            if let Some(before) = before.filter(|before| before.is_connected()) {
                let _ = before.focus();
            }
        }
    });
    {
        let node = node.clone();
        use_effect_with(props.attempts, move |attempts| {
            let bad = node
                .cast::<Element>()
                .filter(|_| *attempts > 0)
                .and_then(|dialog| dialog.query_selector("[aria-invalid=true]").ok().flatten())
                .and_then(|bad| bad.dyn_into::<HtmlElement>().ok());
            if let Some(bad) = bad {
                let _ = bad.focus();
            }
        });
    }
    let oncancel = props.onclose.reform(|event: Event| event.prevent_default());
    let close = props.onclose.reform(|_: MouseEvent| ());
    let onclick = {
        let (node, onclose) = (node.clone(), props.onclose.clone());
        Callback::from(move |event: MouseEvent| {
            // Only what lies beside the dialog's content is the dialog itself.
            let beside = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .is_some_and(|target| Some(target) == node.cast::<Element>());
            if beside {
                onclose.emit(());
            }
        })
    };
    // Keys in a dialog are nobody else's; Escape goes to the browser, which cancels the dialog.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    html! {
        <dialog ref={node} class={classes!("modal", props.wide.then_some("wide"), props.whole.then_some("whole"))} aria-labelledby="modal-title"
            {oncancel} {onclick} {onkeydown}>
            <div class="modal-body">
                <div class="panel-head">
                    <h2 id="modal-title">{ props.title.clone() }</h2>
                    <button type="button" class="round" aria-label="Close" title="Close (Escape)" onclick={close}>{ "×" }</button>
                </div>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
