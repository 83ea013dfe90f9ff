//! Keys that do something wherever the focus is.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::lesson::present;
use super::ui::{Dispatch, Ui};
use super::{controls, keys, place};
use crate::session::Session;

/// Listens for keys; `taught` is whether a lesson is open. What is typed into fields, or while a dialog is open, is not ours.
#[hook]
pub fn use_keys(session: &Session, ui: &Ui, dispatch: &Dispatch, stage: &NodeRef, taught: bool) {
    let latest: Rc<RefCell<Ui>> = use_mut_ref(Ui::default);
    *latest.borrow_mut() = ui.clone();
    let (session, dispatch, stage) = (session.clone(), dispatch.clone(), stage.clone());
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = stage.cast::<Element>().map(|stage| {
            let root = place::root(&stage);
            EventListener::new_with_options(&root, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                let ui = latest.borrow().clone();
                let others = event.ctrl_key() || event.alt_key() || event.meta_key();
                let taken = matches!(event.key().as_str(), " " | "Enter") && on_button(event);
                let menu = event.target_dyn_into::<Element>();
                let menu = menu.is_some_and(|at| !matches!(at.closest("[popover]"), Ok(None)));
                if taken
                    || menu
                    || others
                    || event.default_prevented()
                    || ui.dialog.is_some()
                    || in_field(event)
                {
                    return;
                }
                let key = event.key();
                let presses = || {
                    let shortcut = keys::shortcut(&key);
                    shortcut
                        .is_some_and(|key| controls::press(&session, &ui, &dispatch, &stage, key))
                };
                let done = match ui.presents {
                    // What a lesson shows is not to be changed by a key pressed by mistake.
                    true => present::press(&key, &stage, &dispatch) || !taught && presses(),
                    false => presses(),
                };
                if done {
                    event.prevent_default();
                    event.stop_propagation();
                }
            })
        });
        move || drop(listener)
    });
}

fn on_button(event: &KeyboardEvent) -> bool {
    let target = event.target_dyn_into::<Element>();
    target.is_some_and(|target| keys::takes_space(&target.tag_name()))
}

fn in_field(event: &KeyboardEvent) -> bool {
    let target = event.target_dyn_into::<Element>();
    target.is_some_and(|target| {
        let editable = target
            .dyn_ref::<HtmlElement>()
            .is_some_and(HtmlElement::is_content_editable);
        keys::takes_text(&target.tag_name(), editable)
    })
}
