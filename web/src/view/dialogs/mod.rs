//! The dialogs: forms, questions and help.

mod confirm;
mod disk;
pub mod field;
mod help;
pub mod modal;
mod numbers;
mod object;
mod past;
mod settings;
pub mod share;
mod write;

use swap_pager::Command;
use yew::prelude::*;

use super::Panel;
use super::compare::Compare;
use super::format::count;
use super::lesson::learn::Learn;
use super::lesson::present::Keys;
use super::look::object_name;
use super::storage::StorageDialog;
use super::ui::{Action, Dialog};
use crate::lesson::Wanted;

/// The dialog that is open, if one is. `site` is where the site is, `onlesson` is told of lessons that
/// are to be opened.
pub fn dialogs(props: &Panel, site: &str, onlesson: &Callback<Wanted>) -> Html {
    let session = props.session.clone();
    let onclose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |()| dispatch.dispatch(Action::Close))
    };
    if !session.held().is_empty() {
        return html! { <past::Past {session} tick={props.tick} /> };
    }
    match props.ui.dialog {
        None => Html::default(),
        Some(Dialog::AddDisk) => html! { <disk::AddDisk {session} {onclose} /> },
        Some(Dialog::NewObject) => html! { <object::NewObject {session} {onclose} /> },
        Some(Dialog::Help) => html! { <help::Help {onclose} /> },
        Some(Dialog::WriteText) => {
            let Some(selection) = props.ui.selection else {
                return Html::default();
            };
            let name = object_name(&session.model(), selection.object);
            let dispatch = props.dispatch.clone();
            html! { <write::WriteText {session} {dispatch} {selection} {name} {onclose} /> }
        }
        Some(Dialog::Destroy(object)) => {
            let name = object_name(&session.model(), object);
            let onyes = Callback::from(move |()| {
                // If it went away in the meantime, there is nothing left to do.
                let _ = session.run(Command::Destroy { object });
            });
            html! {
                <confirm::Confirm title={format!("Destroy {name}?")} yes="Destroy it" testid="destroy-confirm"
                    text="One reference to the object is let go of. With the last one its pages in memory and its blocks on swap are freed. This can't be undone."
                    {onyes} {onclose} />
            }
        }
        Some(Dialog::Disk(disk)) => html! { <settings::DiskSettings {session} {disk} {onclose} /> },
        Some(Dialog::Machine) => {
            let dispatch = props.dispatch.clone();
            let onanew = Callback::from(move |()| dispatch.dispatch(Action::Deselect));
            let dispatch = props.dispatch.clone();
            let oncompare = Callback::from(move |()| {
                dispatch.dispatch(Action::Open(Dialog::Compare(0)));
            });
            html! { <settings::MachineSettings {session} {onclose} {onanew} {oncompare} /> }
        }
        Some(Dialog::Compare(preset)) => html! { <Compare {session} {preset} {onclose} /> },
        Some(Dialog::Storage) => {
            let tick = props.tick;
            html! { <StorageDialog {session} {tick} {onclose} /> }
        }
        Some(Dialog::Share) => {
            let ui = props.ui.clone();
            let site = site.to_owned();
            html! { <share::Share {session} {ui} {site} {onclose} /> }
        }
        Some(Dialog::Keys) => html! { <Keys {onclose} /> },
        Some(Dialog::Learn) => {
            let refused = props.ui.refused.clone();
            let (dispatch, site) = (props.dispatch.clone(), site.to_owned());
            html! { <Learn {site} {refused} {dispatch} onlesson={onlesson.clone()} {onclose} /> }
        }
        Some(Dialog::GoOnFromHere) => {
            let (inputs, events) = session.lost_by_going_on();
            let text = format!(
                "The machine and its disks go back to the moment that is shown. What came after it is forgotten: {}, the work of {} to the machine. This can't be undone.",
                count(events, "event"),
                count(inputs as u64, "input"),
            );
            let onyes = Callback::from(move |()| session.go_on_from_here());
            html! {
                <confirm::Confirm title="Go on from here?" yes="Go on from here" testid="go-on-confirm"
                    {text} {onyes} {onclose} />
            }
        }
        Some(Dialog::ClearAll) => {
            let dispatch = props.dispatch.clone();
            let onyes = Callback::from(move |()| {
                session.clear();
                dispatch.dispatch(Action::Reset);
            });
            html! {
                <confirm::Confirm title="Clear all?" yes="Clear all" testid="clear-confirm"
                    text="All disks with what is on them, all objects and the log are forgotten, on this device too. This can't be undone."
                    {onyes} {onclose} />
            }
        }
    }
}
