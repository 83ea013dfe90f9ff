//! The session as a link, and as text for pages of others.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::modal::Modal;
use crate::session::Session;
use crate::session::permalink::{MARK, MOST, Shown};
use crate::view::drawn::drawn;
use crate::view::format::{count, grouped};
use crate::view::storage::save;
use crate::view::ui::{Ui, VIEWS};

/// Links up to this length go through whatever they are sent by.
const SAFE: usize = 2_000;

#[wasm_bindgen]
extern "C" {
    /// There is no clipboard in pages that are not served securely, and it can be forbidden.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// Puts text where it can be pasted from. Tells whether the browser let that be done.
pub async fn copy(text: &str) -> bool {
    match write_text(text) {
        Ok(copied) => JsFuture::from(copied).await.is_ok(),
        Err(_) => false,
    }
}

/// A lesson that is open: it is shared, and not the session of its machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedLesson {
    /// Its title.
    pub title: String,
    /// Its name in addresses, or its own address; none if it is a file of the reader's.
    pub address: Option<String>,
}

/// What the dialog is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// What is shown of it.
    pub ui: Ui,
    /// Where the site is.
    pub site: String,
    /// The lesson that is open.
    pub lesson: Option<SharedLesson>,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// What can be copied: its name in test ids, and for people.
const KINDS: [(&str, &str); 4] = [
    ("link", "Link"),
    ("iframe", "Frame"),
    ("element", "Element"),
    ("markdown", "Markdown"),
];

/// What is copied: an address as one of the [`KINDS`]. The element has it in an attribute; its title is for Markdown.
fn copy_of(kind: usize, site: &str, address: &str, attribute: (&str, &str), title: &str) -> String {
    let quoted = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
    match kind {
        0 => address.to_owned(),
        1 => format!(
            "<iframe src=\"{}\" title=\"Swap Playground\" width=\"100%\" height=\"640\" loading=\"lazy\"></iframe>",
            quoted(address)
        ),
        2 => format!(
            "<script type=\"module\" src=\"{}swap-playground.js\"></script>\n<swap-playground {}=\"{}\"></swap-playground>",
            quoted(site),
            attribute.0,
            quoted(attribute.1)
        ),
        _ => {
            let address = address.replace('(', "%28").replace(')', "%29");
            let title = title.replace('[', "\\[").replace(']', "\\]");
            format!("[Swap Playground: {title}]({address})")
        }
    }
}

/// A session as what can be copied.
fn copy_of_session(kind: usize, site: &str, link: &str, commands: usize) -> String {
    let title = format!("a session of {}", count(commands as u64, "command"));
    let attribute = ("session", link.trim_start_matches(MARK));
    copy_of(kind, site, &format!("{site}#{link}"), attribute, &title)
}

/// The address at which a lesson of that name is read.
fn address_of_lesson(site: &str, name: &str) -> String {
    let name = String::from(js_sys::encode_uri_component(name));
    format!("{site}?lesson={name}")
}

/// The dialog.
#[component]
pub fn Share(props: &Props) -> Html {
    let moment = {
        let history = props.session.history();
        (!history.is_live()).then(|| history.at())
    };
    let with = use_state_eq(|| true);
    let kind = use_state_eq(|| 0usize);
    let link = use_state(|| None::<Result<String, String>>);
    let said = use_state_eq(|| "");
    let area = use_node_ref();
    {
        let (session, link, ui) = (props.session.clone(), link.setter(), props.ui.clone());
        let is_lesson = props.lesson.is_some();
        use_effect_with(*with, move |with| {
            if is_lesson {
                return;
            }
            let view = VIEWS.iter().find(|(view, ..)| *view == ui.view);
            let shown = match *with {
                true => Shown {
                    moment,
                    view: view.map(|(_, id, _)| (*id).to_owned()),
                    table: ui.table,
                },
                false => Shown::default(),
            };
            spawn_local(async move { link.set(Some(session.as_link(&shown).await)) });
        });
    }
    let onchange = {
        let (with, kind, said) = (with.clone(), kind.setter(), said.setter());
        Callback::from(move |event: Event| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            said.set("");
            match field.value().parse() {
                Ok(chosen) => kind.set(chosen),
                Err(_) => with.set(field.checked()),
            }
        })
    };
    let choice = |(i, (id, name)): (usize, &(&str, &'static str))| {
        html! {
            <label class="check"><input type="radio" name="share-kind" value={i.to_string()} data-testid={format!("share-{id}")}
                checked={*kind == i} />{ *name }</label>
        }
    };
    let copied = |text: String, length: usize| {
        let onclick = {
            let (text, area, said) = (text.clone(), area.clone(), said.setter());
            Callback::from(move |_: MouseEvent| {
                let (text, area, said) = (text.clone(), area.clone(), said.clone());
                spawn_local(async move {
                    if copy(&text).await {
                        return said.set("Copied.");
                    }
                    if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                        let _ = area.focus();
                        area.select();
                    }
                    said.set("The browser doesn't let the page copy. The text is selected: press Ctrl+C, or ⌘C on a Mac.");
                });
            })
        };
        html! {
            <>
                <textarea ref={area.clone()} readonly=true rows="5" spellcheck="false" aria-label="What is copied"
                    aria-describedby="share-length" data-testid="share-text" value={text} />
                <p id="share-length" class="field-hint" data-testid="share-length" data-length={length.to_string()}>
                    { format!("The link has {} characters{}", grouped(length as u64), match length {
                        ..=SAFE => ": short enough to be sent by anything.",
                        _ => ". Some programs cut links of more than 2,000: try it where you use it, or save the session as a file.",
                    }) }
                </p>
                <div class="form-end">
                    <p role="status" data-testid="share-said">{ *said }</p>
                    <button type="button" class="primary" data-testid="share-copy" {onclick}>{ "Copy" }</button>
                </div>
            </>
        }
    };
    let (heading, about) = match &props.lesson {
        Some(_) => (
            "Share this lesson",
            "Who opens it begins at its cover, with a machine of their own.",
        ),
        None => (
            "Share this session",
            "All of the session is in the link itself: nothing is sent to a server. Who opens it gets a copy, and can go on from there.",
        ),
    };
    let has_no_address = matches!(&props.lesson, Some(lesson) if lesson.address.is_none());
    let body = match (&props.lesson, &*link) {
        (
            Some(SharedLesson {
                title,
                address: Some(name),
            }),
            _,
        ) => {
            let address = address_of_lesson(&props.site, name);
            let text = copy_of(*kind, &props.site, &address, ("lesson", name), title);
            copied(text, address.len())
        }
        (Some(_), _) => html! {
            <>
                <p data-testid="share-own-lesson">{ "This lesson is a file on your device, and no link can hold it. Put the file beside a page of yours, on the same site as the playground, and name it there:" }</p>
                <pre>{ "<swap-playground lesson=\"./NAME.toml\"></swap-playground>" }</pre>
            </>
        },
        (None, None) => html! { <p role="status">{ "Making the link …" }</p> },
        (None, Some(Err(error))) => html! { <p class="field-error" role="alert">{ error }</p> },
        (None, Some(Ok(link))) if props.site.len() + 1 + link.len() > MOST => {
            let onclick = {
                let session = props.session.clone();
                Callback::from(move |_: MouseEvent| save(&session))
            };
            html! {
                <>
                    <p data-testid="share-long">
                        { format!("The link would have {} characters; with more than {} too much of what links go through cuts them. Save the session as a file instead, put it beside your page and name it there:",
                            grouped(link.len() as u64), grouped(MOST as u64)) }
                    </p>
                    <pre>{ "<swap-playground session=\"./NAME.swap.gz\"></swap-playground>" }</pre>
                    <div class="form-end">
                        <button type="button" class="primary" data-testid="share-save" {onclick}>{ "Save session as a file …" }</button>
                    </div>
                </>
            }
        }
        (None, Some(Ok(link))) => {
            let commands = props.session.commands();
            let text = copy_of_session(*kind, &props.site, link, commands);
            copied(text, props.site.len() + 1 + link.len())
        }
    };
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: heading,
        onclose: props.onclose.clone(),
        children: html! { <>
                    <div class="share" data-testid="share-dialog" {onchange}>
                        if !has_no_address {
                            <p>{ about }</p>
                            <fieldset class="share-kinds">
                                <legend>{ "As" }</legend>
                                { for KINDS.iter().enumerate().map(choice) }
                            </fieldset>
                        }
                        if props.lesson.is_none() {
                            <label class="check"><input type="checkbox" data-testid="share-with" checked={*with} />
                                { "With the view, and the moment shown now" }</label>
                        }
                        { body }
                    </div>
        </> }
    }))
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_is_copied_is_a_link_in_words_of_its_kind() {
        let copied =
            |kind| copy_of_session(kind, "https://one.example/a(b)&c/", "session=1.2.0a.Zz", 12);
        assert_eq!(copied(0), "https://one.example/a(b)&c/#session=1.2.0a.Zz");
        assert!(
            copied(1)
                .starts_with("<iframe src=\"https://one.example/a(b)&amp;c/#session=1.2.0a.Zz\" ")
        );
        assert!(copied(2).contains("/a(b)&amp;c/swap-playground.js\""));
        assert!(copied(2).contains("<swap-playground session=\"1.2.0a.Zz\">"));
        assert_eq!(
            copied(3),
            "[Swap Playground: a session of 12 commands](https://one.example/a%28b%29&c/#session=1.2.0a.Zz)"
        );
    }
}
