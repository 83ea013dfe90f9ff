//! Frames and page queues.

pub mod layout;
mod scene;
mod table;
mod words;

use std::rc::Rc;

use yew::prelude::*;

use super::Panel;
use super::format::{count, grouped, size};
use super::link::holder;
use super::look::{PageLook, object_name};
use super::picture::{Picture, Scene};
use super::ui::{Action, Dialog, Thing};
use crate::view::drawn::drawn;
use layout::along;
use words::Figures;

/// Frames and page queues.
#[component]
pub fn Memory(props: &Panel) -> Html {
    let all = use_state_eq(|| false);
    let model = props.session.model();
    let figures = Figures::of(&model, props.session.history().frames());
    let open = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Open(Dialog::Machine)))
    };
    let zoom = {
        let (to, set) = (!*all, all.setter());
        Callback::from(move |_: MouseEvent| set.set(to))
    };
    let describe = |thing| {
        let frame = scene::frame_of(&model, thing)?;
        let (object, page) = match thing? {
            Thing::Page(object, page) => (object, page),
            Thing::Block(block) => holder(&model, block)?,
            _ => return None,
        };
        let queue = model.pages.get(&(object, page))?.state.queue;
        Some(format!(
            "Frame {frame} holds {page} of {}: {}. Queue: {}.",
            object_name(&model, object),
            PageLook::in_model(&model, object, page).words(),
            words::queue(queue)
        ))
    };
    let ui = &props.ui;
    let described = describe(ui.subject).unwrap_or_default();
    let pointed = describe(ui.hover).or_else(|| describe(ui.subject));
    let caption = pointed.unwrap_or_else(|| {
        if *all {
            "A cell is 32 frames; the more are in use, the higher it is filled, in the colour of \
             the first object in it."
        } else {
            "Each cell is a frame: a page of real memory. The line below it tells its queue."
        }
        .to_owned()
    });
    let label = format!(
        "{}, {} in use. Arrow keys move between frames in use.",
        count(figures.frames, "frame"),
        figures.frames - figures.free
    );
    let wmesg = model.daemon.map_or("", |channel| channel.wmesg);
    let daemon = html! {
        <p class="daemon" data-testid="daemon" data-wmesg={wmesg}>{ figures.daemon(model.daemon) }</p>
    };
    html! {
        <>
        <div class="view-line">
            <span><b>{ count(figures.frames, "frame") }</b>{ format!(", {}; {} in use", size(figures.frames), grouped(figures.frames - figures.free)) }</span>
            <span>
                <button type="button" class="small" aria-pressed={all.to_string()} onclick={zoom} data-testid="memory-all" hidden={ui.table}>{ "All at once" }</button>
                { " " }
                <button type="button" class="small" onclick={open} data-testid="memory-settings">{ "Settings" }</button>
            </span>
        </div>
        if ui.table {
            <div class="table-scroll" tabindex="0" role="region" aria-label="Queues, and frames in use">
                { queues(&figures, true) }
                { daemon }
                { drawn::<table::Table>(props.clone()) }
            </div>
        } else {
            { queues(&figures, false) }
            { daemon }
            { drawn::<Picture>(yew::props!(super::picture::Props { panel: props.clone(), id: "memory", label, described, scene: Rc::new(scene::Frames { panel: props.clone(), all: *all }) as Rc<dyn Scene> })) }
        }
        <p class="caption" hidden={ui.table}>{ caption }</p>
        </>
    }
}

/// The four queues as bars with their targets, or as a table.
fn queues(figures: &Figures, table: bool) -> Html {
    let rows = figures.queues().into_iter().map(|(name, kernel, n, marks)| {
        let targets: Vec<_> = marks
            .iter()
            .map(|(name, n)| format!("{name} {}", grouped(*n)))
            .collect();
        let targets = targets.join(" · ");
        if table {
            return html! { <tr key={name} data-queue={name} data-pages={n.to_string()}>
                <th scope="row">{ name }</th><td><code>{ kernel }</code></td><td>{ grouped(n) }</td><td>{ targets }</td>
            </tr> };
        }
        html! {
            <li key={name} data-queue={name} data-pages={n.to_string()} title={targets.clone()}>
                <span>{ name }<i class={classes!("queue-mark", name)} /></span>
                <span class="queue-bar">
                    <i ~style={format!("width:{}%", along(n, figures.frames))} />
                    { for marks.iter().map(|(_, at)| html! { <b ~style={format!("left:{}%", along(*at, figures.frames))} /> }) }
                </span>
                <span class="queue-pages">{ grouped(n) }</span>
                <span class="note targets">{ targets }</span>
            </li>
        }
    });
    if table {
        html! {
            <table class="queue-table" data-testid="queues">
                <thead><tr>
                    <th scope="col">{ "Queue" }</th><th scope="col">{ "Counter" }</th>
                    <th scope="col">{ "Pages" }</th><th scope="col">{ "Targets" }</th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        }
    } else {
        html! { <ul class="queues" data-testid="queues" aria-label="Page queues. Lengths go with the square root.">{ for rows }</ul> }
    }
}
