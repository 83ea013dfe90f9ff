//! The lessons there are, and a place for those of one's own.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::{File, FileList, HtmlInputElement};
use yew::prelude::*;

use crate::lesson::kept::Went;
use crate::lesson::shelf::{self, Entry};
use crate::lesson::{Source, Wanted};
use crate::view::dialogs::modal::Modal;
use crate::view::drawn::drawn;
use crate::view::format::count;
use crate::view::pressed::pressed;
use crate::view::ui::{Action, Dispatch, Refused};

/// What the dialog is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Where the site is.
    pub site: String,
    /// A file that can't be opened as it is.
    pub refused: Option<Rc<Refused>>,
    /// Where to tell what a person did.
    pub dispatch: Dispatch,
    /// Told of lessons that are to be opened.
    pub onlesson: Callback<Wanted>,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// Opens the first of some files if it is a lesson: it is opened, or what is wrong with it is told.
/// Tells whether it was one.
pub fn open_first(
    files: Option<FileList>,
    dispatch: &Dispatch,
    onlesson: &Callback<Wanted>,
) -> bool {
    let file: Option<File> = files.and_then(|files| files.get(0));
    let Some(file) = file.filter(|file| file.name().to_lowercase().ends_with(".toml")) else {
        return false;
    };
    let (dispatch, onlesson) = (dispatch.clone(), onlesson.clone());
    spawn_local(async move {
        let source = Source {
            file: file.name(),
            toml: shelf::text(&file).await.unwrap_or_default(),
            address: None,
        };
        match shelf::proof(source.clone()).await {
            Ok(wrong) if !wrong.is_empty() => {
                dispatch.dispatch(Action::Refuse(Rc::new(Refused { source, wrong })));
            }
            // If it can't be looked at, whoever opens it says why.
            _ => {
                dispatch.dispatch(Action::Close);
                onlesson.emit(Wanted::Read(source));
            }
        }
    });
    true
}

/// The dialog.
#[component]
pub fn Learn(props: &Props) -> Html {
    let all = use_state(|| None::<Result<Vec<Entry>, String>>);
    {
        let (all, site) = (all.setter(), props.site.clone());
        use_effect_with((), move |()| {
            spawn_local(async move { all.set(Some(shelf::list(&site).await)) });
        });
    }
    let onchange = {
        let (dispatch, onlesson) = (props.dispatch.clone(), props.onlesson.clone());
        Callback::from(move |event: Event| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            open_first(field.files(), &dispatch, &onlesson);
            // The same file may be chosen again, changed.
            field.set_value("");
        })
    };
    let onclick = {
        let (onlesson, onclose) = (props.onlesson.clone(), props.onclose.clone());
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(button) = pressed(&event, "[data-lesson]") else {
                return;
            };
            onclose.emit(());
            let id = button.get_attribute("data-lesson").unwrap_or_default();
            match id.is_empty() {
                true => dispatch.dispatch(Action::Present(true)),
                false => onlesson.emit(Wanted::Named(id)),
            }
        })
    };
    let list = match &*all {
        None => html! { <p role="status">{ "Fetching the list …" }</p> },
        Some(Err(why)) => html! { <p class="field-error" role="alert">{ why.clone() }</p> },
        Some(Ok(entries)) => {
            html! { <ol class="shelf" data-testid="lessons">{ for entries.iter().map(entry) }</ol> }
        }
    };
    drawn::<Modal>(yew::props!(crate::view::dialogs::modal::Props {
        title: "Learn",
        onclose: props.onclose.clone(),
        wide: true,
        children: html! { <>
                    <div class="learn" data-testid="learn-dialog" {onclick}>
                        if let Some(refused) = &props.refused {
                            { wrongs(refused) }
                        }
                        { list }
                        <section class="own-lesson">
                            <h3>{ "A lesson of your own" }</h3>
                            <p>{ "A lesson is a text file. Write one in any editor, and drop it anywhere on the page: what is wrong with it is told with the line. Drop it again when you have changed it." }</p>
                            <p>
                                <a href={format!("{}teach/lessons.html", props.site)} target="_blank" rel="noopener" data-testid="learn-write">{ "How lessons are written" }</a>
                                { " · " }
                                <a href={format!("{}teach/", props.site)} target="_blank" rel="noopener" data-testid="learn-teach">{ "For teachers: plans for a class, and a glossary" }</a>
                            </p>
                            <div class="form-start">
                                <label class="file">
                                    { "Open a lesson file …" }
                                    <input type="file" accept=".toml" class="visually-hidden" data-testid="lesson-file" {onchange} />
                                </label>
                                <button type="button" data-lesson="" data-testid="learn-present" title="Large type and few panels, for a room">{ "Present" }</button>
                            </div>
                        </section>
                    </div>
        </> }
    }))
}

fn entry(entry: &Entry) -> Html {
    let went = Went::of(&entry.id).map(|went| {
        let met = match went.met {
            Some(true) => ", challenge met",
            _ => "",
        };
        format!("✓ {} of {} right{met}", went.right, went.questions)
    });
    html! {
        <li>
            <button type="button" class="shelf-entry" data-lesson={entry.id.clone()} data-testid={format!("lesson-{}", entry.id)}>
                <span class="shelf-number" aria-hidden="true">{ entry.number.clone() }</span>
                <span class="shelf-title">{ entry.title.clone() }</span>
                <span class="shelf-about">{ entry.summary.clone() }</span>
                <span class="note">{ format!("{} min", entry.minutes) }</span>
                if let Some(went) = went { <span class="shelf-went">{ went }</span> }
            </button>
        </li>
    }
}

/// What is wrong with a file, line by line.
fn wrongs(refused: &Refused) -> Html {
    let Refused { source, wrong } = refused;
    let line = |error: &swap_pager::lesson::LessonError| {
        let text = source
            .toml
            .lines()
            .nth(error.line.saturating_sub(1))
            .unwrap_or_default();
        html! {
            <li data-line={error.line.to_string()}>
                <code>{ format!("{:>3}  {}", error.line, text) }</code>
                <p>{ for error.why.split('`').enumerate().map(quoted) }</p>
            </li>
        }
    };
    html! {
        <section class="refused" role="alert" data-testid="lesson-refused">
            <h3>{ format!("{}: {} to mend", source.file, count(wrong.len() as u64, "thing")) }</h3>
            <ol>{ for wrong.iter().map(line) }</ol>
        </section>
    }
}

/// Every other piece of a sentence stands between backticks.
fn quoted((n, piece): (usize, &str)) -> Html {
    let piece = piece.to_owned();
    match n % 2 {
        0 => html! { { piece } },
        _ => html! { <b>{ piece }</b> },
    }
}
