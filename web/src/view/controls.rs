//! Commands that buttons and keys both give.

use swap_pager::Command;
use swap_pager::command::{DirectCmd, PageRange, Pattern};
use swap_pager::units::{DeviceId, ObjectId, PageIndex};

use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::command;
use super::keys::Shortcut;
use super::layout::Part;
use super::link::select_whole;
use super::place;
use super::ui::{Action, Dialog, Dispatch, Tab, Ui};
use crate::session::Session;

/// Fills pages so that each of them differs, and from what was there before.
pub fn fill(session: &Session, object: ObjectId, range: PageRange) {
    let pattern = pattern(session);
    give(
        session,
        Command::Fill {
            object,
            range,
            pattern,
        },
    );
}

/// Reads pages.
pub fn read(session: &Session, object: ObjectId, range: PageRange) {
    give(session, Command::Read { object, range });
}

/// Pages out.
pub fn pageout(session: &Session, object: ObjectId, range: PageRange) {
    give(
        session,
        Command::Pageout {
            object,
            range,
            sync: false,
        },
    );
}

/// Gives up the contents of pages.
pub fn free(session: &Session, object: ObjectId, range: PageRange) {
    give(session, Command::Free { object, range });
}

/// Drives an object as a disk.
pub fn direct(session: &Session, object: ObjectId, range: PageRange, io: DirectCmd) {
    give(session, Command::Direct { object, range, io });
}

/// Switches a disk off.
pub fn swapoff(session: &Session, disk: DeviceId) {
    give(session, Command::SwapOff { disk });
}

/// What pages are filled with, so that each of them differs, and from what was there before.
pub fn pattern(session: &Session) -> Pattern {
    Pattern::Label(u32::try_from(session.events()).unwrap_or(u32::MAX))
}

/// Forks an object, whatever pages of it are selected.
pub fn fork(session: &Session, object: ObjectId, _: PageRange) {
    give(session, Command::Fork { object });
}

/// All pages of an object.
pub fn whole(session: &Session, object: ObjectId) -> Option<PageRange> {
    let model = session.model();
    let count = model.objects.get(&object)?.size;
    let start = PageIndex(0);
    Some(PageRange { start, count })
}

/// Gives a command that was made from what the machine has. It can only be refused when that
/// went away a moment ago, and then there is nothing left to do.
fn give(session: &Session, command: Command) {
    let _ = session.run(command);
}

/// Has time go on, or stay.
pub fn play_or_pause(session: &Session) {
    let clock = session.clock();
    if clock.playing {
        session.pause();
    } else {
        session.play(clock.speed);
    }
}

/// Does what a key stands for, on this stage. Tells whether there was anything to do.
pub fn press(
    session: &Session,
    ui: &Ui,
    dispatch: &Dispatch,
    stage: &Element,
    shortcut: Shortcut,
) -> bool {
    let selected = ui
        .selection
        .map(|selection| (selection.object, selection.range()));
    let open = |dialog| {
        dispatch.dispatch(Action::Open(dialog));
        true
    };
    match (shortcut, selected) {
        (Shortcut::Fill, Some((object, range))) => fill(session, object, range),
        (Shortcut::Read, Some((object, range))) => read(session, object, range),
        (Shortcut::Pageout, Some((object, range))) => pageout(session, object, range),
        (Shortcut::Free, Some((object, range))) => free(session, object, range),
        (Shortcut::Fork, Some((object, range))) => fork(session, object, range),
        (Shortcut::PageoutAll, Some((object, _))) => {
            if let Some(all) = whole(session, object) {
                pageout(session, object, all);
            }
        }
        (Shortcut::SelectAll, Some((object, _))) => {
            let action = select_whole(&session.model(), object);
            dispatch.dispatch(action);
        }
        (Shortcut::Write, Some(_)) => return open(Dialog::WriteText),
        (Shortcut::Destroy, Some((object, _))) => return open(Dialog::Destroy(object)),
        (Shortcut::AddDisk, _) => {
            let full = session.model().slots.iter().all(Option::is_some);
            return !full && open(Dialog::AddDisk);
        }
        (Shortcut::NewObject, _) => return open(Dialog::NewObject),
        (Shortcut::Command, _) => {
            dispatch.dispatch(Action::Show(Tab::Log));
            if !ui.layout.hides(Part::Side) {
                place::focus(stage, command::FIELD);
                return true;
            }
            dispatch.dispatch(Action::Lay(ui.layout.toggled(Part::Side)));
            let stage = stage.clone();
            // Once it is there.
            spawn_local(async move {
                TimeoutFuture::new(0).await;
                place::focus(&stage, command::FIELD);
            });
        }
        (Shortcut::Help, _) => return open(Dialog::Help),
        (Shortcut::Step(stride, forward), _) => session.step(stride, forward),
        (Shortcut::Play, _) => play_or_pause(session),
        (Shortcut::Live, _) => session.go_live(),
        (Shortcut::Toggle(part), _) => {
            dispatch.dispatch(Action::Lay(ui.layout.toggled(part)));
        }
        (Shortcut::Fullscreen, _) => dispatch.dispatch(Action::Fill(!ui.layout.full)),
        (Shortcut::Deselect, _) if ui.layout.full => dispatch.dispatch(Action::Fill(false)),
        (Shortcut::Table, _) => dispatch.dispatch(Action::ToggleTable),
        (Shortcut::Deselect, Some(_)) => dispatch.dispatch(Action::Deselect),
        _ => return false,
    }
    true
}
