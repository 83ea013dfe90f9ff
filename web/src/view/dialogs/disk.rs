//! The form that switches a disk on.

use swap_pager::Command;
use swap_pager::units::DeviceId;
use yew::prelude::*;

use super::field::Field;
use super::modal::Modal;
use crate::session::Session;
use crate::view::drawn::drawn;
use crate::view::format::{count, grouped, size};
use crate::view::parse;

/// Sizes offered, in pages.
const PRESETS: [u32; 4] = [256, 4_096, 16_384, 65_536];

/// What the form is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session.
    pub session: Session,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// The disks that can still be switched on, as many as slots are empty.
fn free_disks(session: &Session) -> Vec<DeviceId> {
    let model = session.model();
    let taken: Vec<_> = model
        .slots
        .iter()
        .flatten()
        .map(|device| device.id)
        .collect();
    let all = (0..).map(DeviceId).filter(|id| !taken.contains(id));
    all.take(model.slots.len() - taken.len()).collect()
}

/// What is typed, read; and where it won't do, why.
fn read(session: &Session, text: &str) -> Result<Command, String> {
    let pages = parse::whole(text, "the number of pages")?;
    let disk = free_disks(session).first().copied();
    let disk = disk.ok_or("All slots have a disk.")?;
    let command = Command::SwapOn { disk, pages };
    session.check(&command).map_err(|error| error.to_string())?;
    Ok(command)
}

/// The form.
#[component]
pub fn AddDisk(props: &Props) -> Html {
    let text = use_state(|| "4096".to_owned());
    let all = use_state_eq(|| false);
    let attempts = use_state(|| 0u32);
    let typed = read(&props.session, &text);
    let interleave = props.session.config().interleave();
    let stripe = interleave.stripe();
    let disks = free_disks(&props.session);
    let name = disks.first().map_or(String::new(), ToString::to_string);
    let hint = typed.as_ref().ok().map(|command| {
        let &Command::SwapOn { pages, .. } = command else {
            return String::new();
        };
        let usable = match interleave.usable(pages) {
            0 => format!(
                "Nothing of it can be used: it has no more than its reserved first stripe of \
                 {stripe} pages."
            ),
            usable => format!(
                "{} of them for swap: the first stripe of {stripe} is kept for the label.",
                grouped(usable)
            ),
        };
        format!("{}, {}. {usable}", count(pages, "page"), size(pages))
    });
    let onsubmit = {
        let (session, onclose, attempts) = (
            props.session.clone(),
            props.onclose.clone(),
            attempts.clone(),
        );
        let (text, disks) = (text.clone(), disks.clone());
        let many = if *all { disks.len() } else { 1 };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Ok(Command::SwapOn { pages, .. }) = read(&session, &text) else {
                attempts.set(*attempts + 1);
                return;
            };
            for &disk in disks.iter().take(many) {
                // It was checked a moment ago.
                let _ = session.run(Command::SwapOn { disk, pages });
            }
            onclose.emit(());
        })
    };
    let set = {
        let text = text.setter();
        Callback::from(move |value: String| text.set(value))
    };
    let preset = |pages: u32| {
        let set = set.reform(move |_: MouseEvent| pages.to_string());
        let chosen = parse::whole(&text, "").ok() == Some(pages);
        html! {
            <button type="button" class="chip" onclick={set} aria-pressed={chosen.to_string()}>
                { grouped(pages) }<small>{ size(pages) }</small>
            </button>
        }
    };
    let toggle = {
        let (set, to) = (all.setter(), !*all);
        Callback::from(move |_: Event| set.set(to))
    };
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: format!("Switch on {name}"),
        onclose: props.onclose.clone(),
        attempts: *attempts,
        children: html! { <>
                    <form {onsubmit} novalidate=true>
                        <p>{ format!("A virtual disk for swapping, cut into stripes of {stripe} pages. With several disks the stripes go to each in turn.") }</p>
                        { drawn::<Field>(yew::props!(super::field::Props { id: "disk-pages", testid: "disk-pages", label: "Size in pages", value: (*text).clone(), onchange: set.clone(), error: typed.as_ref().err().cloned(), hint, number: true, first: true })) }
                        <div class="chips" role="group" aria-label="Common sizes">{ for PRESETS.iter().map(|&pages| preset(pages)) }</div>
                        if disks.len() > 1 {
                            <label class="check"><input type="checkbox" data-testid="disk-all" checked={*all} onchange={toggle} />
                                { format!("Fill all {} empty slots with disks of this size", disks.len()) }</label>
                        }
                        <div class="form-end">
                            <button type="submit" class="primary" data-testid="disk-submit" aria-disabled={typed.is_err().to_string()}>
                                { if *all && disks.len() > 1 { format!("Switch on {} disks", disks.len()) } else { "Switch it on".to_owned() } }
                            </button>
                        </div>
                    </form>
        </> }
    }))
}
