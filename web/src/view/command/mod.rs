//! The command box: takes what the log prints, with completion and history.

pub mod line;

use std::ops::Range;

use swap_pager::language::Names;
use swap_pager::session::script::{self, Action as Done};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::ui::{Action, Dispatch};
use crate::session::Session;
use line::CommandLine;

/// The id of the field, for who gives it the focus.
pub const FIELD: &str = "command";

/// What the box is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
}

/// The command box.
#[component]
pub fn CommandBox(props: &Props) -> Html {
    let line = use_state_eq(CommandLine::default);
    let field = use_node_ref();
    let session = props.session.clone();
    {
        // The cursor belongs after what was put in, and the wrong word is selected.
        let (field, line) = (field.clone(), line.clone());
        use_effect_with((*line).clone(), move |now| {
            let field = field.cast::<HtmlInputElement>();
            let Some(field) = field.filter(|field| field.value() == now.text) else {
                return;
            };
            let units = |bytes: usize| -> u32 {
                let text = now.text.get(..bytes).unwrap_or(&now.text);
                text.encode_utf16().count() as u32
            };
            let (start, end) = match &now.error {
                Some((_, span)) => (units(span.start), units(span.end)),
                None => (units(now.cursor), units(now.cursor)),
            };
            // A field of text has a selection.
            let _ = field.set_selection_range(start, end);
        });
    }
    let oninput = {
        let (line, session) = (line.clone(), session.clone());
        Callback::from(move |event: InputEvent| {
            let target = event.target().and_then(|target| target.dyn_into().ok());
            let Some(field): Option<HtmlInputElement> = target else {
                return;
            };
            let text = field.value();
            let units = field.selection_start().ok().flatten().unwrap_or(u32::MAX);
            let cursor = bytes_of(&text, units as usize);
            line.set(line.typed(text, cursor, &Names::of(&session.model())));
        })
    };
    let onkeydown = {
        let (line, session, dispatch) = (line.clone(), session.clone(), props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            let model = session.model();
            let names = Names::of(&model);
            let next = match (event.key().as_str(), line.chosen) {
                ("ArrowDown", _) => line.moved(true, &names),
                ("ArrowUp", _) => line.moved(false, &names),
                ("Tab", at) if !line.items.is_empty() && !event.shift_key() => {
                    line.completed(at.unwrap_or(0), &names)
                }
                ("Enter", Some(at)) => line.completed(at, &names),
                ("Escape", _) if !line.items.is_empty() => line.closed(),
                ("Enter", None) if !line.text.trim().is_empty() => {
                    let read = read(&session, &line.text, &names);
                    drop(model);
                    match read {
                        Ok(action) => give(&session, &dispatch, &line, action),
                        Err((why, span)) => line.refused(why, span),
                    }
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            line.set(next);
        })
    };
    let onblur = {
        let line = line.clone();
        Callback::from(move |_: FocusEvent| line.set(line.closed()))
    };
    let open = !line.items.is_empty();
    let option = |(i, item): (usize, &swap_pager::language::Completion)| {
        let onmousedown = {
            let (line, session) = (line.clone(), session.clone());
            Callback::from(move |event: MouseEvent| {
                // The field keeps the focus.
                event.prevent_default();
                line.set(line.completed(i, &Names::of(&session.model())));
            })
        };
        html! {
            <li role="option" id={format!("command-{i}")} aria-selected={(line.chosen == Some(i)).to_string()} {onmousedown}>
                <b>{ item.text.clone() }</b><span>{ item.hint.clone() }</span>
            </li>
        }
    };
    let told = match &line.error {
        Some((why, _)) => why.clone(),
        None if line.text.is_empty() => String::new(),
        None => line.expected.clone(),
    };
    html! {
        <div class="command-box">
            if open {
                <ul role="listbox" id="command-items" aria-label="Completions">{ for line.items.iter().enumerate().map(option) }</ul>
            }
            <p class={classes!("command-told", line.error.is_some().then_some("field-error"))} id="command-told"
                aria-live="polite" data-testid="command-told" hidden={told.is_empty()}>{ told }</p>
            <label class="command-field">
                <span aria-hidden="true">{ "#" }</span>
                <span class="visually-hidden">{ "Command" }</span>
                <input ref={field} id={FIELD} data-testid="command" type="text" role="combobox" autocomplete="off"
                    autocapitalize="off" spellcheck="false" placeholder="pageout heap 0..63" title="A command, as the log prints it (:)"
                    aria-expanded={open.to_string()} aria-controls="command-items" aria-autocomplete="list" aria-describedby="command-told"
                    aria-invalid={line.error.is_some().to_string()}
                    aria-activedescendant={line.chosen.map(|i| format!("command-{i}"))}
                    value={line.text.clone()} {oninput} {onkeydown} {onblur} />
            </label>
        </div>
    }
}

/// Where in a text so many UTF-16 units end, in bytes.
fn bytes_of(text: &str, units: usize) -> usize {
    let mut left = units;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

/// What a line asks for, if it isn't a comment alone.
///
/// # Errors
/// What is wrong with it, and where.
fn read(
    session: &Session,
    text: &str,
    names: &Names<'_>,
) -> Result<Option<Done>, (String, Range<usize>)> {
    let Some((_, line)) = script::lines(text).next() else {
        return Ok(None);
    };
    let driver = session.driver();
    let read = script::read(line, names, |disk| driver.plan(disk));
    let before = text.len() - text.trim_start().len();
    read.map(Some).map_err(|error| {
        let span = error.span;
        (error.why, before + span.start..before + span.end)
    })
}

/// Does what a line asks for, or says why that can't be done.
fn give(
    session: &Session,
    dispatch: &Dispatch,
    line: &CommandLine,
    action: Option<Done>,
) -> CommandLine {
    let refused = match &action {
        Some(Done::Do(command)) => session.check(command).map_err(|error| error.to_string()),
        Some(Done::Finish(io, _)) => session.waits(*io),
        _ => Ok(()),
    };
    if let Err(why) = refused {
        return line.refused(why, 0..line.text.len());
    }
    dispatch.dispatch(Action::Start);
    match action {
        // It was checked just now.
        Some(Done::Do(command)) => drop(session.run(command)),
        Some(Done::Plan(disk, plan)) => session.set_plan(disk, plan),
        Some(Done::ByHand(by_hand)) => session.set_by_hand(by_hand),
        Some(Done::Finish(io, verdict)) => session.finish_by_hand(io, verdict),
        None => {}
    }
    line.done()
}
