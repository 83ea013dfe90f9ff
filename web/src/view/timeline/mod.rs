//! The lower edge: all that happened, and the moment that is shown.

mod paint;
pub mod scale;
mod table;

use swap_pager::Model;
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::Panel;
use super::canvas::{pointer_at, prepare, use_size, use_theme};
use super::format::{count, grouped, px};
use super::log::wording::Names;
use super::ui::{Action, Thing};
use crate::session::Session;
use crate::session::history::{History, Stride};
use crate::view::drawn::drawn;
use paint::{Height, ROWS};
use scale::{Window, Zoom};
use table::word;

/// How far back the readout looks for something that the log tells of.
const LOOK_BACK: u64 = 400;

/// The lower edge of the page.
#[component]
pub fn Timeline(props: &Panel) -> Html {
    let zoom = use_state_eq(|| None as Zoom);
    let table = use_state_eq(|| false);
    let model = props.session.model();
    let history = props.session.history();
    let (at, reach) = (history.at(), history.reach());
    let window = Window::new(*zoom, &reach, at);
    let (words, class) = state(&model);
    let by = |factor: f64| {
        let (zoom, reach) = (zoom.setter(), reach.clone());
        // Around the moment shown.
        let x = window.x(at, 1.0);
        Callback::from(move |_: MouseEvent| zoom.set(window.zoomed(factor, x, 1.0, &reach)))
    };
    let flip = {
        let (set, to) = (table.setter(), !*table);
        Callback::from(move |_: MouseEvent| set.set(to))
    };
    let flying = model.in_flight.len();
    html! {
        <footer class={classes!("bottom", table.then_some("with-table"))} aria-label="Time">
            <div class="panel-head">
                <h2>{ "Time" }</h2>
                { ticks(*table) }
                <span class="figures">
                    <span class={classes!("state", class)}>{ words }</span>
                    <span data-testid="in-flight" data-count={flying.to_string()} class={classes!("flying", (flying == 0).then_some("none"))}
                        title="Transfers handed to a disk and not over yet">{ format!("{flying} in flight") }</span>
                    <span class="moment" data-testid="moment">{ format!("event {} of {}", grouped(at), grouped(reach.end)) }</span>
                    <span>{ "free " }<b data-testid="free-pages" data-free={model.free.to_string()}>{ grouped(model.free) }</b></span>
                    <span class="marks" title="The water marks: below low, swap is almost full until it is above high again">
                        { format!("low {} · high {}", model.lowat, model.hiwat) }</span>
                </span>
                <span class="zoom">
                    <button type="button" class="small" data-testid="timeline-out" aria-label="Show more of the time" title="Show more of the time (wheel)"
                        disabled={zoom.is_none()} onclick={by(2.0)}>{ "−" }</button>
                    <button type="button" class="small" data-testid="timeline-in" aria-label="Zoom in on the moment" title="Zoom in on the moment (wheel)"
                        onclick={by(0.5)}>{ "+" }</button>
                    <button type="button" class="small" data-testid="timeline-toggle" aria-pressed={table.to_string()}
                        title="Commands, messages and failures as a table" onclick={flip}>{ "Table" }</button>
                </span>
            </div>
            if *table {
                { drawn::<table::Table>(props.clone()) }
            } else {
                { drawn::<Plot>(yew::props!(PlotProps { panel: props.clone(), window, reach: (reach.start, reach.end), onzoom: {
                    let zoom = zoom.setter();
                    Callback::from(move |to| zoom.set(to))
                } })) }
            }
        </footer>
    }
}

/// The kinds of ticks, from the upper row to the lower.
pub fn ticks(hidden: bool) -> Html {
    html! {
        <ul class="kinds" aria-label="Ticks" {hidden}>
            { for ROWS.iter().map(|(kind, name, ..)| html! { <li><i class={format!("kind-{}", *kind as u8)} aria-hidden="true" />{ *name }</li> }) }
        </ul>
    }
}

/// How near the end of swap is, in words.
fn state(model: &Model) -> (&'static str, &'static str) {
    if model.slots.iter().all(Option::is_none) {
        ("no disk", "quiet")
    } else if model.full.full > 0 {
        ("full: a search for room has failed", "bad")
    } else if model.full.almost_full {
        ("almost full", "warn")
    } else {
        ("enough room", "quiet")
    }
}

#[derive(PartialEq, Properties)]
struct PlotProps {
    panel: Panel,
    window: Window,
    reach: (u64, u64),
    onzoom: Callback<Zoom>,
}

/// Pointers on the plot.
#[derive(Default)]
struct Held {
    /// Each with its place.
    at: Vec<(i32, f64)>,
}

impl Held {
    fn put(&mut self, id: i32, x: f64) {
        self.at.retain(|(other, _)| *other != id);
        self.at.push((id, x));
    }

    /// The middle between two pointers, and how far they are apart.
    fn pinch(&self) -> Option<(f64, f64)> {
        let [(_, a), (_, b)] = self.at[..] else {
            return None;
        };
        Some(((a + b) / 2.0, (a - b).abs().max(1.0)))
    }
}

/// The curve with its ticks, and the moment on it.
#[component]
fn Plot(props: &PlotProps) -> Html {
    let Panel {
        session,
        ui,
        dispatch,
        ..
    } = &props.panel;
    let (plot, canvas) = (use_node_ref(), use_node_ref());
    let (width, height) = use_size(&plot);
    let theme = use_theme();
    let held = use_mut_ref(Held::default);
    let window = props.window;
    let reach = props.reach.0..props.reach.1;
    let history = session.history();
    let model = session.model();
    let at = history.at();
    {
        // The moment is not painted: so that it costs nothing to move it.
        let what = (
            reach.clone(),
            history.branch(),
            window,
            (width as u32, height as u32),
            theme,
            (
                model.lowat,
                model.hiwat,
                model.slots.iter().flatten().count(),
            ),
        );
        let (canvas, session) = (canvas.clone(), session.clone());
        use_effect_with(what, move |(.., theme, _)| {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            if let Some(canvas) = canvas
                && let Some(palette) = theme.palette(&canvas)
                && let Some(context) = prepare(&canvas, width, height)
            {
                let (history, model) = (session.history(), session.model());
                paint::paint(
                    &context,
                    &palette,
                    &history,
                    &model,
                    window,
                    (width, height),
                );
            }
        });
    }
    let x_of = {
        let plot = plot.clone();
        move |event: &MouseEvent| pointer_at(event, &plot).map(|(x, _)| x)
    };
    let onpointerdown = {
        let (session, held, x_of) = (session.clone(), held.clone(), x_of.clone());
        let plot = plot.clone();
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            let Some(x) = x_of(&event) else { return };
            if let Some(element) = plot.cast::<Element>() {
                // A drag that leaves the plot ends there then.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            let mut held = held.borrow_mut();
            held.put(event.pointer_id(), x);
            if held.at.len() == 1 {
                session.seek(window.moment(x, width));
            }
        })
    };
    let onpointermove = {
        let (session, dispatch, held, hover) =
            (session.clone(), dispatch.clone(), held.clone(), ui.hover);
        let (x_of, onzoom, reach) = (x_of.clone(), props.onzoom.clone(), reach.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(x) = x_of(&event) else { return };
            let mut held = held.borrow_mut();
            if held.at.iter().any(|(id, _)| *id == event.pointer_id()) {
                let before = held.pinch();
                held.put(event.pointer_id(), x);
                match (before, held.pinch()) {
                    (Some((_, was)), Some((middle, is))) => {
                        onzoom.emit(window.zoomed(was / is, middle, width, &reach))
                    }
                    _ => session.seek(window.moment(x, width)),
                }
            }
            // What a drag leads to is shown as the moment: a mark as well would draw all twice.
            let seq = window.event(x, width);
            let there = held.at.is_empty() && reach.start < seq && seq <= reach.end;
            let thing = there.then_some(Thing::Event(seq));
            if thing != hover {
                dispatch.dispatch(Action::Hover(thing));
            }
        })
    };
    let let_go = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            let mut held = held.borrow_mut();
            held.at.retain(|(id, _)| *id != event.pointer_id());
        })
    };
    let onpointerleave = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: PointerEvent| dispatch.dispatch(Action::Hover(None)))
    };
    let onwheel = {
        let (onzoom, reach) = (props.onzoom.clone(), reach.clone());
        Callback::from(move |event: WheelEvent| {
            let Some(x) = x_of(&event) else { return };
            let sideways = if event.shift_key() {
                event.delta_y()
            } else {
                event.delta_x()
            };
            onzoom.emit(
                if sideways.abs() > event.delta_y().abs() || event.shift_key() {
                    window.moved(sideways / 1000.0)
                } else {
                    window.zoomed(
                        if event.delta_y() > 0.0 { 1.25 } else { 0.8 },
                        x,
                        width,
                        &reach,
                    )
                },
            );
        })
    };
    let onkeydown = {
        let (session, onzoom, reach) = (session.clone(), props.onzoom.clone(), reach.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let zoomed = |factor| window.zoomed(factor, window.x(at, 1.0), 1.0, &reach);
            match key(&event.key(), event.shift_key()) {
                Some((stride, forward)) => session.step(stride, forward),
                None => match event.key().as_str() {
                    "Home" => session.seek(reach.start),
                    "End" => session.seek(reach.end),
                    "+" | "=" => onzoom.emit(zoomed(0.5)),
                    "-" => onzoom.emit(zoomed(2.0)),
                    _ => return,
                },
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let hovered = match ui.hover {
        Some(Thing::Event(seq)) => Some(seq),
        _ => None,
    };
    let x = window.x(at, width);
    let end = window.x(reach.end, width).min(width);
    let height_of = Height::new(&history, &model, height);
    let marks = [(model.hiwat, "high"), (model.lowat, "low")]
        .map(|(pages, name)| (height_of.y(pages), pages, name));
    // Labels that would lie over one another stand apart.
    let places = [marks[0].0.min(marks[1].0 - 13.0), marks[1].0];
    html! {
        <div class="plot-row">
            <div ref={plot} class="plot" tabindex="0" role="slider" data-testid="timeline" aria-label="Moment shown"
                aria-valuemin={reach.start.to_string()} aria-valuemax={reach.end.to_string()} aria-valuenow={at.to_string()}
                aria-valuetext={moment_words(session, &history, at)}
                data-from={window.from.to_string()} data-to={window.to.to_string()}
                {onpointerdown} {onpointermove} onpointerup={let_go.clone()} onpointercancel={let_go} {onpointerleave} {onwheel} {onkeydown}>
                <canvas ref={canvas} data-testid="timeline-canvas" ~style={format!("width:{};height:{}", px(width), px(height))} />
                <div class="future" ~style={format!("left:{};width:{}", px(x), px((end - x).max(0.0)))} />
                if let Some(seq) = hovered.filter(|seq| (window.from + 1..=window.to).contains(seq)) {
                    { pointed(session, &history, seq, window, width) }
                }
                <div class="playhead" ~style={format!("left:{}", px(x))}><i /></div>
            </div>
            <div class="plot-marks" aria-hidden="true">
                <span ~style="top:6px">{ grouped(height_of.top) }</span>
                { for marks.iter().zip(places).map(|((_, pages, name), y)| html! {
                    <span class={*name} ~style={format!("top:{}", px(y))}>{ format!("{name} {pages}") }</span>
                }) }
            </div>
        </div>
    }
}

/// Where a key leads.
fn key(key: &str, shift: bool) -> Option<(Stride, bool)> {
    let stride = if shift { Stride::Io } else { Stride::Event };
    Some(match key {
        "ArrowRight" | "ArrowUp" => (stride, true),
        "ArrowLeft" | "ArrowDown" => (stride, false),
        "PageUp" => (Stride::Command, true),
        "PageDown" => (Stride::Command, false),
        _ => return None,
    })
}

/// A mark on an event, and what it was.
fn pointed(session: &Session, history: &History, seq: u64, window: Window, width: f64) -> Html {
    let x = (window.x(seq - 1, width) + window.x(seq, width)) / 2.0;
    let side = if x > width / 2.0 {
        format!("right:{}", px(width - x + 8.0))
    } else {
        format!("left:{}", px(x + 8.0))
    };
    html! {
        <>
        <div class="pointed" ~style={format!("left:{}", px(x))} data-seq={seq.to_string()} />
        <p class="readout" ~style={side} data-testid="timeline-readout">{ event_words(session, history, seq) }</p>
        </>
    }
}

/// What an event was: its line in the log, or the kind it is of and the last line before it.
fn event_words(session: &Session, history: &History, seq: u64) -> String {
    let names = Names::of(&session.model());
    let told = |(seq, event): (u64, &_)| {
        let line = names.read(seq, event)?;
        Some(format!("{} {}", line.head, line.rest))
    };
    let number = format!("event {}", grouped(seq));
    let mut before = history.between(seq.saturating_sub(LOOK_BACK), seq).rev();
    if let Some(line) = before.next().and_then(told) {
        return format!("{number}: {}", line.trim());
    }
    let kind = history.kind(seq).map_or("", word);
    match before.find_map(told) {
        Some(line) => format!("{number}: {kind}, after {}", line.trim()),
        None => format!("{number}: {kind}"),
    }
}

/// The moment for those who can't see it.
fn moment_words(session: &Session, history: &History, at: u64) -> String {
    let behind = history.end() - at;
    let place = if behind == 0 {
        "the present".to_owned()
    } else {
        format!("{} behind the present", count(behind, "event"))
    };
    if at == history.reach().start {
        return format!("the beginning, {place}");
    }
    format!("{}; {place}", event_words(session, history, at))
}
