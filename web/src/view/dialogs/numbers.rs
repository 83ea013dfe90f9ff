//! A form of numbers, for settings.

use yew::prelude::*;

use super::field::Field;
use super::modal::Modal;
use crate::view::drawn::drawn;
use crate::view::parse;

/// A number that can be set.
#[derive(Clone, PartialEq)]
pub struct Number {
    /// Its id, and its name for end-to-end tests.
    pub id: &'static str,
    /// What it is.
    pub label: &'static str,
    /// What it does.
    pub hint: &'static str,
    /// What it is now.
    pub value: u32,
    /// The least it can be.
    pub least: u32,
    /// The most it can be.
    pub most: u32,
}

/// What the form is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What it is about.
    pub title: AttrValue,
    /// What is to be said before the numbers.
    pub text: AttrValue,
    /// The numbers.
    pub numbers: Vec<Number>,
    /// A yes or no besides: what it says, and what it is now.
    #[prop_or_default]
    pub check: Option<(AttrValue, bool)>,
    /// Other buttons.
    #[prop_or_default]
    pub besides: Html,
    /// What the button says that sets all.
    pub yes: AttrValue,
    /// Told the numbers in their order, and the yes or no.
    pub onset: Callback<(Vec<u32>, bool)>,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// The form.
#[component]
pub fn Numbers(props: &Props) -> Html {
    let texts = use_state(|| {
        let numbers = props.numbers.iter();
        numbers
            .map(|number| number.value.to_string())
            .collect::<Vec<_>>()
    });
    let check = use_state(|| props.check.as_ref().is_some_and(|(_, now)| *now));
    let attempts = use_state(|| 0u32);
    let read: Vec<Result<u32, String>> = props
        .numbers
        .iter()
        .zip(texts.iter())
        .map(|(number, text)| parse::between(text, number.label, number.least, number.most))
        .collect();
    let onsubmit = {
        let good: Result<Vec<u32>, ()> = read
            .iter()
            .map(|read| read.as_ref().copied().map_err(|_| ()))
            .collect();
        let (onset, onclose) = (props.onset.clone(), props.onclose.clone());
        let (attempts, check) = (attempts.clone(), *check);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match &good {
                Ok(numbers) => {
                    onclose.emit(());
                    onset.emit((numbers.clone(), check));
                }
                Err(()) => attempts.set(*attempts + 1),
            }
        })
    };
    let field = |(i, (number, read)): (usize, (&Number, &Result<u32, String>))| {
        let onchange = {
            let texts = texts.clone();
            Callback::from(move |text: String| {
                let mut all = (*texts).clone();
                all[i] = text;
                texts.set(all);
            })
        };
        drawn::<Field>(yew::props!(super::field::Props {
            id: number.id,
            testid: number.id,
            label: number.label,
            value: texts[i].clone(),
            onchange,
            error: read.as_ref().err().cloned(),
            hint: number.hint,
            number: true,
            first: i == 0
        }))
    };
    let toggle = {
        let check = check.clone();
        Callback::from(move |_: Event| check.set(!*check))
    };
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: props.title.clone(),
        onclose: props.onclose.clone(),
        attempts: *attempts,
        wide: true,
        children: html! { <>
                    <form {onsubmit} novalidate=true>
                        <p>{ props.text.clone() }</p>
                        <div class="numbers">{ for props.numbers.iter().zip(&read).enumerate().map(field) }</div>
                        if let Some((text, _)) = &props.check {
                            <label class="check"><input type="checkbox" data-testid="numbers-check" checked={*check} onchange={toggle} />{ text.clone() }</label>
                        }
                        <div class="form-end">
                            { props.besides.clone() }
                            <button type="submit" class="primary" data-testid="numbers-submit">{ props.yes.clone() }</button>
                        </div>
                    </form>
        </> }
    }))
}
