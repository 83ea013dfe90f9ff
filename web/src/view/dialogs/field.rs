//! A field of a form, with its reason when what is in it won't do.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What was typed into the field that an event comes from.
pub fn text_of(event: &InputEvent) -> String {
    let Some(target) = event.target() else {
        return String::new();
    };
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => input.value(),
        Err(other) => other
            .dyn_into::<HtmlTextAreaElement>()
            .map(|area| area.value())
            .unwrap_or_default(),
    }
}

/// What a field is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its id, on which those of its texts are built.
    pub id: &'static str,
    /// Its name for end-to-end tests.
    pub testid: &'static str,
    /// What it is for.
    pub label: AttrValue,
    /// What is in it.
    pub value: String,
    /// Told what is in it now.
    pub onchange: Callback<String>,
    /// Why it won't do.
    #[prop_or_default]
    pub error: Option<String>,
    /// What helps to fill it in, or follows from what is in it.
    #[prop_or_default]
    pub hint: Option<String>,
    /// Whether it is for numbers.
    #[prop_or_default]
    pub number: bool,
    /// Whether it has several lines.
    #[prop_or_default]
    pub lines: bool,
    /// Whether the dialog begins with it.
    #[prop_or_default]
    pub first: bool,
}

/// A field with its label, its hint and its reason.
#[component]
pub fn Field(props: &Props) -> Html {
    let (error_id, hint_id) = (format!("{}-error", props.id), format!("{}-hint", props.id));
    let bad = props.error.is_some();
    let described = format!("{error_id} {hint_id}");
    let oninput = props.onchange.reform(|event: InputEvent| text_of(&event));
    html! {
        <div class="field">
            <label for={props.id}>{ props.label.clone() }</label>
            if props.lines {
                <textarea id={props.id} data-testid={props.testid} rows="3" spellcheck="false" autofocus={props.first}
                    value={props.value.clone()} {oninput}
                    aria-invalid={bad.to_string()} aria-describedby={described} />
            } else {
                <input id={props.id} data-testid={props.testid} type="text" autocomplete="off" spellcheck="false"
                    inputmode={if props.number { "numeric" } else { "text" }} autofocus={props.first}
                    value={props.value.clone()} {oninput}
                    aria-invalid={bad.to_string()} aria-describedby={described} />
            }
            <p class="field-error" id={error_id} role="alert">{ props.error.clone().unwrap_or_default() }</p>
            <p class="field-hint" id={hint_id}>{ props.hint.clone().unwrap_or_default() }</p>
        </div>
    }
}
