//! The form that makes an object.

use swap_pager::{Command, CommandError};
use yew::prelude::*;

use super::field::Field;
use super::modal::Modal;
use crate::session::Session;
use crate::view::drawn::drawn;
use crate::view::format::{count, size};
use crate::view::parse;

/// What the form is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// What is typed, read; or why the name won't do, and why the size won't do.
fn read(
    session: &Session,
    named: bool,
    name: &str,
    pages: &str,
) -> Result<Command, (Option<String>, Option<String>)> {
    let name = named.then(|| name.trim().to_owned());
    let create = |pages| Command::Create {
        name: name.clone(),
        pages,
    };
    let bad_name = match session.check(&create(1)) {
        Err(error @ (CommandError::NameEmpty | CommandError::NameTooLong(_))) => {
            Some(error.to_string())
        }
        _ => None,
    };
    let pages = parse::whole(pages, "the number of pages").and_then(|pages| {
        match session.check(&create(pages)) {
            Err(error @ CommandError::ObjectSize(_)) => Err(error.to_string()),
            _ => Ok(pages),
        }
    });
    match (bad_name, pages) {
        (None, Ok(pages)) => Ok(create(pages)),
        (bad_name, pages) => Err((bad_name, pages.err())),
    }
}

/// Whether a swap object of that name lives: it is found then, and no other is made.
fn exists(session: &Session, name: &str) -> bool {
    let model = session.model();
    model
        .objects
        .keys()
        .any(|&object| model.name(object) == Some(name))
}

/// The form.
#[component]
pub fn NewObject(props: &Props) -> Html {
    let named = use_state_eq(|| true);
    let name = use_state(String::new);
    let pages = use_state(|| "128".to_owned());
    let touched = use_state_eq(|| false);
    let attempts = use_state(|| 0u32);
    let typed = read(&props.session, *named, &name, &pages);
    let (bad_name, bad_pages) = typed.as_ref().err().cloned().unwrap_or_default();
    // An empty form is not wrong yet.
    let bad_name = bad_name.filter(|_| *touched || *attempts > 0);
    let name_hint = if *named && exists(&props.session, name.trim()) {
        "There is an object of this name. The kernel finds that one and makes no other."
    } else {
        "Programs share an object by its name."
    };
    let pages_hint = parse::whole(&pages, "").ok().map(|pages| {
        format!(
            "{}, {}. Nothing of it is used until it is touched.",
            count(pages, "page"),
            size(pages)
        )
    });
    let onsubmit = {
        let (session, onclose, attempts) = (
            props.session.clone(),
            props.onclose.clone(),
            attempts.clone(),
        );
        let (named, name, pages) = (*named, name.clone(), pages.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let done = read(&session, named, &name, &pages)
                .is_ok_and(|command| session.run(command).is_ok());
            if done {
                onclose.emit(());
            } else {
                attempts.set(*attempts + 1);
            }
        })
    };
    let toggle = {
        let (set, to) = (named.setter(), !*named);
        Callback::from(move |_: Event| set.set(to))
    };
    let set_name = {
        let (name, touched) = (name.setter(), touched.setter());
        Callback::from(move |value: String| {
            touched.set(true);
            name.set(value);
        })
    };
    let set_pages = {
        let pages = pages.setter();
        Callback::from(move |value: String| pages.set(value))
    };
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: "New object",
        onclose: props.onclose.clone(),
        attempts: *attempts,
        children: html! { <>
                    <form {onsubmit} novalidate=true>
                        <p>{ "An object is memory that a program uses, such as a heap or a stack." }</p>
                        <label class="check"><input type="checkbox" data-testid="object-named" checked={*named} onchange={toggle} />
                            { "It has a name" }</label>
                        if *named {
                            { drawn::<Field>(yew::props!(super::field::Props { id: "object-name", testid: "object-name", label: "Name", value: (*name).clone(), onchange: set_name, error: bad_name, hint: Some(name_hint.to_owned()), first: true })) }
                        }
                        { drawn::<Field>(yew::props!(super::field::Props { id: "object-pages", testid: "object-pages", label: "Size in pages", value: (*pages).clone(), onchange: set_pages, error: bad_pages, hint: pages_hint, number: true })) }
                        <div class="form-end">
                            <button type="submit" class="primary" data-testid="object-submit" aria-disabled={typed.is_err().to_string()}>{ "Make it" }</button>
                        </div>
                    </form>
        </> }
    }))
}
