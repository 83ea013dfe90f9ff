//! What can be done with the selected pages.

use swap_pager::command::PageRange;
use yew::prelude::*;

use crate::session::Session;
use crate::view::controls;
use crate::view::dialogs::field::text_of;
use crate::view::format::{count, span};
use crate::view::parse;
use crate::view::ui::{Action, Dialog, Dispatch, Selection};

/// What the actions are given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
    /// The selected pages.
    pub selection: Selection,
    /// What was typed to select them, or in vain to select others.
    pub typed: Option<AttrValue>,
    /// The length of the object in pages.
    pub size: u32,
}

/// The field for the pages, and the buttons that act on them.
#[component]
pub fn Actions(props: &Props) -> Html {
    let (object, range) = (props.selection.object, props.selection.range());
    let last = range.end().0.saturating_sub(1);
    let text = props.typed.clone();
    let text = text.unwrap_or_else(|| span(range.start.0, last).into());
    let error = parse::page_range(&text, props.size).err();
    let oninput = {
        let (dispatch, size) = (props.dispatch.clone(), props.size);
        Callback::from(move |event: InputEvent| {
            let text = AttrValue::from(text_of(&event));
            dispatch.dispatch(Action::TypeRange { object, size, text });
        })
    };
    let act = |deed: fn(&Session, swap_pager::units::ObjectId, PageRange)| {
        let session = props.session.clone();
        Callback::from(move |_: MouseEvent| deed(&session, object, range))
    };
    let open = |dialog| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(dialog)))
    };
    let pageout_all = {
        let session = props.session.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(all) = controls::whole(&session, object) {
                controls::pageout(&session, object, all);
            }
        })
    };
    let bad = error.is_some();
    let id = format!("range-{}", object.0);
    let error_id = format!("{id}-error");
    let button = |testid: &'static str,
                  key: &'static str,
                  text: &'static str,
                  title: &'static str,
                  onclick| {
        html! {
            <button type="button" data-testid={testid} disabled={bad} {title} {onclick}
                aria-keyshortcuts={key}>{ text }<kbd aria-hidden="true">{ key }</kbd></button>
        }
    };
    html! {
        <div class="actions">
            <div class="range-field">
                <label for={id.clone()}>{ "Pages" }</label>
                <input {id} data-testid="select-range" value={text} {oninput} autocomplete="off" spellcheck="false"
                    size="10" aria-invalid={bad.to_string()} aria-describedby={error_id.clone()}
                    title="The pages to act on, such as 5 or 0..63" />
                <span class="note">{ if bad { String::new() } else { count(range.count, "page") } }</span>
                <p class="field-error" id={error_id}>{ error.unwrap_or_default() }</p>
            </div>
            <div class="button-grid">
                { button("fill", "d", "Dirty", "Fill them with a pattern: a program writes to every one", act(controls::fill)) }
                { button("write", "w", "Write…", "Write a text of yours into a page", open(Dialog::WriteText)) }
                { button("read", "r", "Read", "A program reads them: what is on swap only is paged in", act(controls::read)) }
                { button("pageout", "o", "Page out", "Force them out of memory: dirty ones are written to swap first", act(controls::pageout)) }
                { button("free", "x", "Free", "Give up what is in them, in memory and on swap (madvise)", act(controls::free)) }
                <button type="button" data-testid="fork" onclick={act(controls::fork)} disabled={bad}
                    title="Fork the object: two that share its pages until one of them writes (Shift f)">{ "Fork" }</button>
                <button type="button" data-testid="pageout-object" onclick={pageout_all}
                    title="Force all pages of the object out of memory (Shift o)">{ "Page out all" }</button>
                <button type="button" class="danger" data-testid="destroy" onclick={open(Dialog::Destroy(object))}
                    title="Let go of the object, its pages and its swap (Delete)">{ "Destroy…" }</button>
            </div>
        </div>
    }
}
