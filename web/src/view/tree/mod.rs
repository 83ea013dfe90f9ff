//! The radix tree that finds room in the swap space, and the last search in it.

pub mod frees;
pub mod geometry;
mod layout;
mod lens;
mod paint;
mod picture;
pub mod search;
mod steps;
mod table;
pub mod words;

use std::rc::Rc;

use yew::prelude::*;

use super::Panel;
use super::ui::{Action, Dialog};
use crate::view::drawn::drawn;
use search::{Finder, Search};

/// What the parts of the view are given.
#[derive(Clone, PartialEq, Properties)]
pub struct Shown {
    /// What every panel is given.
    pub panel: Panel,
    /// The last search at the moment that is shown.
    pub search: Option<Rc<Search>>,
}

const KEYS: [(&str, &str); 6] = [
    ("key-used", "share in use"),
    ("key-hint", "hint: up to 32"),
    ("key-free", "collapsed: all free"),
    ("key-full", "collapsed: all allocated"),
    ("key-search", "search: went in"),
    ("key-skipped", "search: skipped"),
];

/// The tree as a picture or a table, and the last search.
#[component]
pub fn Tree(props: &Panel) -> Html {
    let finder = use_mut_ref(Finder::default);
    let model = props.session.model();
    if model.blist.is_none() {
        let dispatch = props.dispatch.clone();
        let add = move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::AddDisk));
        return html! {
            <p class="empty">
                { "The first disk makes the tree: a bitmap of all blocks, with the free ones counted level by level. " }
                <button type="button" class="link" onclick={add}>{ "Add a disk" }</button>
            </p>
        };
    }
    let search = finder.borrow_mut().follow(&props.session.history());
    let shown = Shown {
        panel: props.clone(),
        search,
    };
    html! {
        <div class="tree" data-testid="tree">
            if props.ui.table {
                { drawn::<table::Table>(shown.clone()) }
            } else {
                { drawn::<picture::Picture>(shown.clone()) }
            }
            { drawn::<steps::Steps>(shown) }
            if !props.ui.table {
                <ul class="tree-legend" aria-label="Legend">
                    { for KEYS.map(|(class, text)| html! { <li><i {class}></i>{ text }</li> }) }
                </ul>
            }
        </div>
    }
}
