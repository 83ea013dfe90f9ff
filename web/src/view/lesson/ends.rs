//! Before the first step, the challenge, and the end.

use swap_pager::lesson::Challenge;
use swap_pager::words::shown::shown;
use yew::prelude::*;

use super::text::{blocks, line};
use crate::lesson::shelf::Entry;
use crate::lesson::{State, kept};
use crate::view::format::count;

/// Before the first step.
pub fn cover(state: &State) -> Html {
    let lesson = &state.lesson;
    let asked = lesson
        .steps
        .iter()
        .filter(|step| step.ask.is_some())
        .count();
    let challenge = match &lesson.challenge {
        Some(_) => ", and a challenge at the end",
        None => "",
    };
    let holds = format!(
        "About {} minutes: {}, {}{challenge}.",
        lesson.minutes,
        count(lesson.steps.len() as u64, "step"),
        count(asked as u64, "question"),
    );
    html! {
        <form key="cover" class="lesson-step" data-form="begin">
            <p class="lead">{ lesson.summary.clone() }</p>
            <p class="note">{ holds }</p>
            <div class="field">
                <label for="reader">{ "Your name, if your answers will be graded" }</label>
                <input id="reader" type="text" name="reader" autocomplete="off" maxlength="80" data-testid="reader" value={kept::name()}
                    aria-describedby="reader-hint" />
                <p class="field-hint" id="reader-hint">{ "Some numbers come of it, so that yours are your own. It is kept in this browser with your answers, so that you can go on another day, and sent nowhere. The result code carries it." }</p>
            </div>
            <div class="form-end">
                <button type="submit" class="primary" data-testid="lesson-begin" disabled={state.busy}>{ if state.is_begun() { "Begin anew" } else { "Begin" } }</button>
            </div>
        </form>
    }
}

/// The challenge.
pub fn challenge(state: &State, challenge: &Challenge) -> Html {
    let trial = &state.trial;
    let goal = |(n, (_, words)): (usize, &(_, Vec<_>))| {
        let (holds, now) = trial.goals.get(n).cloned().unwrap_or_default();
        html! {
            <li data-met={holds.to_string()}>
                <span class="tick" aria-hidden="true">{ if holds { "✓" } else { "" } }</span>
                <span>{ line(words) }<span class="visually-hidden">{ if holds { " (done)" } else { " (not yet)" } }</span></span>
                <span class="note">{ now }</span>
            </li>
        }
    };
    let told = match (trial.met, trial.shown) {
        (true, _) => "Challenge met. Well done!",
        (_, true) => "That is one way. Start over to find your own.",
        _ => "",
    };
    html! {
        <div key="challenge" class="lesson-step" data-testid="challenge" data-met={trial.met.to_string()} data-shown={trial.shown.to_string()}>
            { blocks(&challenge.text) }
            <ul class="goals" data-testid="goals">{ for challenge.goals.iter().enumerate().map(goal) }</ul>
            <p class="verdict right" role="status" hidden={told.is_empty()}>
                <span aria-hidden="true">{ if trial.met { "✓" } else { "→" } }</span>{ told }
            </p>
            <p class="note" data-testid="challenge-commands" data-count={trial.commands.to_string()}>
                { format!("{} so far. Use the buttons of the objects, Add disk and New object above, or type commands: the key : leads there.", count(trial.commands as u64, "command")) }
            </p>
            <div class="form-start">
                <button type="button" data-do="again" data-testid="challenge-again" disabled={state.busy}>{ "Start over" }</button>
                <details>
                    <summary data-testid="challenge-show">{ "Show a way …" }</summary>
                    <p>{ "The challenge begins again, and a way is played. It then counts as seen, not as met." }</p>
                    <button type="button" data-do="show" data-testid="challenge-show-yes" disabled={state.busy}>{ "Show it" }</button>
                </details>
            </div>
        </div>
    }
}

/// The end.
pub fn end(state: &State, said: &str, next: Option<&Entry>) -> Html {
    let went = state.went();
    let name = match state.name.is_empty() {
        true => "It is of nobody’s name: begin again with yours if it is to be graded.".to_owned(),
        false => format!(
            "It carries the name {}, your first answers to this lesson, and how often you began.",
            shown(&state.name)
        ),
    };
    let how = match state.beginnings() {
        0 | 1 => " at the first try.".to_owned(),
        times => format!(". You began this lesson {times} times."),
    };
    let score = format!(
        "{} of {} answered rightly{how}",
        went.right,
        count(u64::from(went.questions), "question")
    );
    let met = went.met.map(|met| match met {
        true => "You met the challenge.",
        false => "The challenge is still open.",
    });
    html! {
        <div key="end" class="lesson-step" data-testid="lesson-end">
            <p class="lead" data-testid="score" data-right={went.right.to_string()} data-questions={went.questions.to_string()}>
                { score }
            </p>
            if let Some(met) = met { <p>{ met }</p> }
            <div class="field">
                <label for="code">{ "Result code" }</label>
                <div class="lesson-code">
                    <input id="code" type="text" readonly=true value={state.code()} data-testid="code" aria-describedby="code-hint" />
                    <button type="button" data-do="copy" data-testid="code-copy">{ "Copy" }</button>
                </div>
                <p class="field-hint" id="code-hint">{ name }</p>
                <p role="status" class="note">{ said.to_owned() }</p>
            </div>
            <div class="form-start">
                if let Some(next) = next {
                    <button type="button" class="primary" data-do="lesson" data-lesson={next.id.clone()} data-testid="next-lesson">{ format!("Next: {}", next.title) }</button>
                }
                <button type="button" data-do="learn" data-testid="more-lessons">{ "All lessons" }</button>
                <button type="button" data-do="leave" data-testid="lesson-done">{ "Back to the playground" }</button>
            </div>
        </div>
    }
}
