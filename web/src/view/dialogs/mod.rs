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

use self::share::SharedLesson;
use super::Panel;
use super::compare::{self, Compare};
use super::format::count;
use super::lesson::learn::{self, Learn};
use super::lesson::present::{self, Keys};
use super::look::object_name;
use super::storage::StorageDialog;
use super::ui::{Action, Dialog};
use crate::lesson::Wanted;
use crate::part::part;
use crate::view::drawn::drawn;

part! {
    more,
    /// The dialog that is open, if one is.
    pub fn dialogs(Props) = drawn::<Dialogs>, fetch_dialogs, "over", Some(Props::close)
}

part! { more, fn compare(compare::Props) = drawn::<Compare>, fetch_compare, "" }
part! { lessons, fn learn(learn::Props) = drawn::<Learn>, fetch_learn, "" }
part! { lessons, fn keys(present::KeysProps) = drawn::<Keys>, fetch_keys, "" }

/// What the dialogs are given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What every panel is given.
    pub panel: Panel,
    /// Where the site is.
    pub site: String,
    /// The lesson that is open.
    pub lesson: Option<SharedLesson>,
    /// Told of lessons that are to be opened.
    pub onlesson: Callback<Wanted>,
}

impl Props {
    fn close(&self) {
        self.panel.session.drop_held();
        self.panel.dispatch.dispatch(Action::Close);
    }
}

#[component]
fn Dialogs(props: &Props) -> Html {
    let Props {
        panel: props,
        site,
        lesson,
        onlesson,
    } = props;
    let session = props.session.clone();
    let onclose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |()| dispatch.dispatch(Action::Close))
    };
    if !session.held().is_empty() {
        return drawn::<past::Past>(yew::props!(past::Props {
            session,
            tick: props.tick
        }));
    }
    match props.ui.dialog {
        None => Html::default(),
        Some(Dialog::AddDisk) => {
            drawn::<disk::AddDisk>(yew::props!(disk::Props { session, onclose }))
        }
        Some(Dialog::NewObject) => {
            drawn::<object::NewObject>(yew::props!(object::Props { session, onclose }))
        }
        Some(Dialog::Help) => drawn::<help::Help>(yew::props!(help::Props { onclose })),
        Some(Dialog::WriteText) => {
            let Some(selection) = props.ui.selection else {
                return Html::default();
            };
            let name = object_name(&session.model(), selection.object);
            let dispatch = props.dispatch.clone();
            drawn::<write::WriteText>(yew::props!(write::Props {
                session,
                dispatch,
                selection,
                name,
                onclose
            }))
        }
        Some(Dialog::Destroy(object)) => {
            let name = object_name(&session.model(), object);
            let onyes = Callback::from(move |()| {
                // If it went away in the meantime, there is nothing left to do.
                let _ = session.run(Command::Destroy { object });
            });
            drawn::<confirm::Confirm>(yew::props!(confirm::Props {
                title: format!("Destroy {name}?"),
                yes: "Destroy it",
                testid: "destroy-confirm",
                text: "One reference to the object is let go of. With the last one its pages in memory and its blocks on swap are freed. This can't be undone.",
                onyes,
                onclose
            }))
        }
        Some(Dialog::Disk(disk)) => {
            drawn::<settings::DiskSettings>(yew::props!(settings::DiskProps {
                session,
                disk,
                onclose
            }))
        }
        Some(Dialog::Machine) => {
            let dispatch = props.dispatch.clone();
            let onanew = Callback::from(move |()| dispatch.dispatch(Action::Deselect));
            let dispatch = props.dispatch.clone();
            let oncompare = Callback::from(move |()| {
                dispatch.dispatch(Action::Open(Dialog::Compare(0)));
            });
            drawn::<settings::MachineSettings>(yew::props!(settings::MachineProps {
                session,
                onclose,
                onanew,
                oncompare
            }))
        }
        Some(Dialog::Compare(preset)) => compare(yew::props!(super::compare::Props {
            session,
            preset,
            onclose
        })),
        Some(Dialog::Storage) => {
            let tick = props.tick;
            drawn::<StorageDialog>(yew::props!(super::storage::Props {
                session,
                tick,
                onclose
            }))
        }
        Some(Dialog::Share) => {
            let ui = props.ui.clone();
            let site = site.clone();
            drawn::<share::Share>(yew::props!(share::Props {
                session,
                ui,
                site,
                lesson: lesson.clone(),
                onclose
            }))
        }
        Some(Dialog::Keys) => keys(yew::props!(super::lesson::present::KeysProps { onclose })),
        Some(Dialog::Learn) => {
            let refused = props.ui.refused.clone();
            let (dispatch, site) = (props.dispatch.clone(), site.clone());
            learn(yew::props!(super::lesson::learn::Props {
                site,
                refused,
                dispatch,
                onlesson: onlesson.clone(),
                onclose
            }))
        }
        Some(Dialog::GoOnFromHere) => {
            let (inputs, events) = session.lost_by_going_on();
            let text = format!(
                "The machine and its disks go back to the moment that is shown. What came after it is forgotten: {}, the work of {} to the machine. This can't be undone.",
                count(events, "event"),
                count(inputs as u64, "input"),
            );
            let onyes = Callback::from(move |()| session.go_on_from_here());
            drawn::<confirm::Confirm>(yew::props!(confirm::Props {
                title: "Go on from here?",
                yes: "Go on from here",
                testid: "go-on-confirm",
                text,
                onyes,
                onclose
            }))
        }
        Some(Dialog::ClearAll) => {
            let dispatch = props.dispatch.clone();
            let onyes = Callback::from(move |()| {
                session.clear();
                dispatch.dispatch(Action::Reset);
            });
            drawn::<confirm::Confirm>(yew::props!(confirm::Props {
                title: "Clear all?",
                yes: "Clear all",
                testid: "clear-confirm",
                text: "All disks with what is on them, all objects and the log are forgotten, on this device too. This can't be undone.",
                onyes,
                onclose
            }))
        }
    }
}
