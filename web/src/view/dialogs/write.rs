//! The form that writes text into a page.

use swap_pager::units::{ObjectId, PAGE_SIZE, PageIndex};
use swap_pager::{Command, CommandError};
use yew::prelude::*;

use super::field::Field;
use super::modal::Modal;
use crate::session::Session;
use crate::view::drawn::drawn;
use crate::view::format::count;
use crate::view::parse;
use crate::view::ui::{Action, Dispatch, Selection};

/// What the form is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
    /// The selected pages; the first is offered.
    pub selection: Selection,
    /// What the object is called.
    pub name: String,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// Why the page, the offset and the text won't do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reasons {
    page: Option<String>,
    offset: Option<String>,
    text: Option<String>,
}

/// What is typed, read; or where it won't do, and why.
fn read(
    session: &Session,
    object: ObjectId,
    page: &str,
    offset: &str,
    text: &str,
) -> Result<(PageIndex, Command), Reasons> {
    let mut reasons = Reasons::default();
    let page = parse::whole(page, "the number of a page").map(PageIndex);
    let offset = parse::whole(offset, "where in the page the text begins").and_then(|offset| {
        let last = PAGE_SIZE as u32 - 1;
        let inside = (offset <= last).then_some(offset);
        inside.ok_or(format!("A page has bytes 0 to {last}."))
    });
    if text.is_empty() {
        reasons.text = Some("Enter the text to write.".to_owned());
    }
    // Each field is looked at with what would do in the others.
    let command = |page, offset, text: &str| Command::Write {
        object,
        page,
        offset,
        text: text.to_owned(),
    };
    if let Ok(page) = page
        && let Err(error) = session.check(&command(page, 0, ""))
    {
        reasons.page = Some(error.to_string());
    }
    if let Ok(offset) = offset
        && let Err(error @ CommandError::TextTooLong { .. }) =
            session.check(&command(PageIndex(0), offset, text))
    {
        reasons.text = Some(error.to_string());
    }
    match (page, offset) {
        (Ok(page), Ok(offset)) if reasons == Reasons::default() => {
            Ok((page, command(page, offset, text)))
        }
        (page, offset) => {
            reasons.page = page.err().or(reasons.page);
            reasons.offset = offset.err();
            Err(reasons)
        }
    }
}

/// The form.
#[component]
pub fn WriteText(props: &Props) -> Html {
    let object = props.selection.object;
    let page = use_state(|| props.selection.range().start.0.to_string());
    let offset = use_state(|| "0".to_owned());
    let text = use_state(String::new);
    let touched = use_state_eq(|| false);
    let attempts = use_state(|| 0u32);
    let typed = read(&props.session, object, &page, &offset, &text);
    let reasons = typed.as_ref().err().cloned().unwrap_or_default();
    let text_error = reasons.text.filter(|_| *touched || *attempts > 0);
    let onsubmit = {
        let (session, onclose, attempts) = (
            props.session.clone(),
            props.onclose.clone(),
            attempts.clone(),
        );
        let (page, offset, text) = (page.clone(), offset.clone(), text.clone());
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Ok((page, command)) = read(&session, object, &page, &offset, &text)
                && session.run(command).is_ok()
            {
                dispatch.dispatch(Action::SelectPage {
                    object,
                    page,
                    extend: false,
                });
                onclose.emit(());
            } else {
                attempts.set(*attempts + 1);
            }
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let (state, touched) = (state.setter(), touched.setter());
        Callback::from(move |value: String| {
            touched.set(true);
            state.set(value);
        })
    };
    let length = format!("{} in UTF-8", count(text.len() as u64, "byte"));
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: format!("Write text into {}", props.name),
        onclose: props.onclose.clone(),
        attempts: *attempts,
        children: html! { <>
                    <form {onsubmit} novalidate=true>
                        <div class="pair">
                            { drawn::<Field>(yew::props!(super::field::Props { id: "write-page", testid: "write-page", label: "Page", value: (*page).clone(), onchange: set(&page), error: reasons.page, number: true })) }
                            { drawn::<Field>(yew::props!(super::field::Props { id: "write-offset", testid: "write-offset", label: "First byte", value: (*offset).clone(), onchange: set(&offset), error: reasons.offset, number: true })) }
                        </div>
                        { drawn::<Field>(yew::props!(super::field::Props { id: "write-text", testid: "write-text", label: "Text", value: (*text).clone(), onchange: set(&text), error: text_error, hint: Some(length), lines: true, first: true })) }
                        <div class="form-end">
                            <button type="submit" class="primary" data-testid="write-submit" aria-disabled={typed.is_err().to_string()}>{ "Write it" }</button>
                        </div>
                    </form>
        </> }
    }))
}
