//! What the inspector leads to: all its links, and one handler for all of them.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::chain::Memo;
use crate::view::Panel;
use crate::view::link::select;
use crate::view::ui::{Action, Thing};

/// What the links of the inspector lead to, by their numbers.
#[derive(Default)]
pub struct Links(Vec<Thing>);

impl Links {
    /// The number of a link to a thing.
    pub fn thing(&mut self, thing: Thing) -> String {
        self.0.push(thing);
        (self.0.len() - 1).to_string()
    }

    /// The number of a link to a moment: right after an event.
    pub fn moment(&mut self, seq: u64) -> String {
        format!("m{}", self.thing(Thing::Event(seq)))
    }

    /// The link that an event of the browser came from, and whether it leads to a moment.
    fn of(&self, event: &web_sys::Event) -> Option<(Thing, bool)> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let link = target
            .closest("[data-link]")
            .ok()??
            .get_attribute("data-link")?;
        let number = link.trim_start_matches('m');
        let thing = self.0.get(number.parse::<usize>().ok()?)?;
        Some((*thing, number.len() < link.len()))
    }
}

/// A click on any link, and pointing at any.
pub fn handlers(
    panel: &Panel,
    links: &Rc<Links>,
    memo: &Rc<RefCell<Memo>>,
) -> (Callback<MouseEvent>, Callback<web_sys::Event>) {
    let onclick = {
        let (links, memo) = (links.clone(), memo.clone());
        let (session, dispatch) = (panel.session.clone(), panel.dispatch.clone());
        Callback::from(move |event: MouseEvent| match links.of(&event) {
            Some((Thing::Event(seq), true)) => {
                memo.borrow_mut().follow(seq);
                session.seek(seq);
            }
            Some((thing, _)) => {
                let action = select(&session.model(), thing);
                dispatch.dispatch(action);
            }
            None => {}
        })
    };
    let point = {
        let (links, dispatch, hover) = (links.clone(), panel.dispatch.clone(), panel.ui.hover);
        Callback::from(move |event: web_sys::Event| {
            let thing = links.of(&event).map(|(thing, _)| thing);
            if thing != hover {
                dispatch.dispatch(Action::Hover(thing));
            }
        })
    };
    (onclick, point)
}
