//! A step: its text, what it asks, what it runs, and what came of it.

use std::cell::RefCell;
use std::rc::Rc;

use swap_pager::lesson::{Question, Script};
use swap_pager::session::script;
use yew::prelude::*;

use super::Props;
use super::text::{blocks, line};
use crate::lesson::words::{Control, control};
use crate::lesson::{Given, State, Visit};
use crate::view::inspector::chain::{self, Memo};
use crate::view::inspector::links::{self, Links};

/// The step that the reader is at.
pub fn step(props: &Props, state: &State, memo: &Rc<RefCell<Memo>>) -> Html {
    let Some((at, step, visit)) = state.step() else {
        return Html::default();
    };
    let given = visit.given.as_ref();
    let right = given.and_then(|given| given.right.as_ref().ok());
    let after = step.told(given.and_then(|given| given.answer.as_ref()), right);
    let asks = step.ask.as_ref().filter(|_| given.is_none());
    html! {
        <div key={at} class="lesson-step">
            { blocks(&step.text) }
            if let Some(question) = asks {
                { ask(props, state, visit, question) }
            } else if let Some(question) = &step.ask {
                <div class="lesson-ask asked"><p class="question">{ line(&question.ask) }</p></div>
            }
            if let Some(run) = &step.run {
                { program(state, run, visit.done, asks.is_none()) }
            }
            if visit.done {
                if let Some(given) = given {
                    { verdict(given) }
                }
                { blocks(&after) }
                { tale(props, visit, memo) }
            }
        </div>
    }
}

/// The question.
fn ask(props: &Props, state: &State, visit: &Visit, question: &Question) -> Html {
    let model = props.course.session().present();
    let bad = (!state.wrong.is_empty()).then_some("true");
    let field = match control(question, &model) {
        Control::Choice(words) => {
            let choice = |(n, word): (usize, &String)| {
                html! {
                    <label class="check"><input type="radio" name="answer" value={word.clone()} disabled={state.busy}
                        data-testid={format!("answer-{}", n + 1)} />{ word.clone() }</label>
                }
            };
            html! { <div class="lesson-choices">{ for words.iter().enumerate().map(choice) }</div> }
        }
        other => {
            let (of, placeholder) = match other {
                Control::Number(of) => (of, ""),
                _ => ("", "a block: type it, or click it"),
            };
            html! {
                <div class="lesson-number">
                    <input type="text" name="answer" inputmode="numeric" autocomplete="off" data-testid="answer" {placeholder}
                        aria-label="Your answer" aria-invalid={bad} aria-describedby="answer-wrong" disabled={state.busy} />
                    <span>{ of }</span>
                </div>
            }
        }
    };
    html! {
        <form class="lesson-ask" data-form="answer">
            <fieldset>
                <legend class="question">{ line(&question.ask) }</legend>
                { field }
            </fieldset>
            <p class="field-error" id="answer-wrong" role="alert" data-testid="answer-wrong">{ state.wrong.clone() }</p>
            if visit.hint {
                <p class="hint" data-testid="hint-text">{ line(&question.hint) }</p>
            }
            <div class="form-end">
                if !visit.hint && !question.hint.is_empty() {
                    <button type="button" data-do="hint" data-testid="hint">{ "Hint" }</button>
                }
                <button type="submit" class="primary" data-testid="answer-submit" disabled={state.busy}>{ "That’s my answer" }</button>
            </div>
        </form>
    }
}

/// What runs, line by line.
fn program(state: &State, run: &Script, done: bool, runs: bool) -> Html {
    let lines = script::lines(&run.text).map(|(n, text)| {
        let now = state.busy && state.line == Some(n);
        html! { <code class={now.then_some("now")}>{ text.to_owned() }</code> }
    });
    let (mark, said) = match (done, state.busy) {
        (true, _) => ("✓ ", "Done"),
        (false, true) => ("", "Running …"),
        (false, false) => ("", "Runs next"),
    };
    html! {
        <div class={classes!("lesson-run", done.then_some("done"))} data-testid="lesson-run" data-done={done.to_string()}>
            <p class="note"><span aria-hidden="true">{ mark }</span>{ said }</p>
            <pre>{ for lines }</pre>
            if runs && !done {
                <button type="button" class="primary" data-do="run" data-testid="do-it" disabled={state.busy}>{ "Do it" }</button>
            }
        </div>
    }
}

/// How the answer was.
pub fn verdict(given: &Given) -> Html {
    let (class, sign, text) = verdict_words(given);
    html! {
        <p class={classes!("verdict", class)} id="lesson-verdict" tabindex="-1" data-testid="verdict" data-correct={given.correct.to_string()}>
            <span aria-hidden="true">{ sign }</span>{ text }
        </p>
    }
}

/// The same for style sheets, as a sign, and in words.
pub fn verdict_words(given: &Given) -> (&'static str, &'static str, String) {
    match (&given.right, &given.answer) {
        (Err(why), _) => ("open", "?", format!("There is no answer: {why}")),
        (Ok(right), _) if given.correct => ("right", "✓", format!("Right: {right}.")),
        (Ok(right), Some(answer)) => (
            "wrong",
            "✗",
            format!("Not this time. You said {answer}; it is {right}."),
        ),
        (Ok(right), None) => ("open", "→", format!("It is {right}.")),
    }
}

/// Why it is so.
fn tale(props: &Props, visit: &Visit, memo: &Rc<RefCell<Memo>>) -> Html {
    if visit.tale.is_empty() {
        return Html::default();
    }
    let at = props.panel.session.history().at();
    let told_at = visit.moment.filter(|moment| *moment != at);
    let mut all = Links::default();
    let chain = chain::view("lesson-why", &visit.tale, told_at, at, &mut all);
    let (onclick, point) = links::handlers(&props.panel, &Rc::new(all), memo);
    let onmouseover = point.reform(|event: MouseEvent| event.into());
    html! { <div class="lesson-why" {onclick} {onmouseover}>{ chain }</div> }
}
