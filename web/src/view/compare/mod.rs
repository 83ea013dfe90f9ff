//! "Compare": the same commands on two machines, side by side.

mod map;
mod play;

use swap_pager::compare::{Figure, PRESETS, Side, in_words};
use swap_pager::session::script::Action;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use self::map::SideMap;
use self::play::{NOT_ORIGINAL, Played, Wanted, apart, choices, chosen, written};
use super::dialogs::modal::Modal;
use super::format::{capitalized, count};
use super::look::object_name;
use crate::session::Session;
use crate::view::drawn::drawn;

/// What the dialog is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, whose commands are compared.
    pub session: Session,
    /// Which preset is shown first.
    pub preset: usize,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn Compare(props: &Props) -> Html {
    let session = &props.session;
    // What the session does while the dialog is open is not looked at.
    let own = use_memo((), |()| session.asked());
    let preset = props.preset;
    let wanted = use_state_eq(|| Wanted {
        preset,
        own: Some((*own).clone()).filter(|own| has_work(own)),
        sides: (PRESETS[preset.min(PRESETS.len() - 1)].sides)(session.config()),
    });
    let played = use_memo((*wanted).clone(), Played::of);
    let at = use_state_eq(|| usize::MAX);
    let table = use_state_eq(|| false);
    let pointed = use_state_eq(|| None::<map::Page>);
    let end = played.commands();
    let moment = (*at).min(end);
    played.seek(moment);
    let figures = played.figures(moment);
    let labels = played.comparison.labels();
    let preset = &PRESETS[wanted.preset.min(PRESETS.len() - 1)];

    let onchange = {
        let (wanted, own, session) = (wanted.clone(), own.clone(), session.clone());
        let at = at.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else {
                return;
            };
            let Ok(value) = select.value().parse::<u32>() else {
                return;
            };
            let mut new = (*wanted).clone();
            let side = select.get_attribute("data-side");
            let side = side.and_then(|side| side.parse::<usize>().ok());
            match (select.name().as_str(), side) {
                ("preset", _) => {
                    new.preset = value as usize;
                    if let Some(preset) = PRESETS.get(new.preset) {
                        new.sides = (preset.sides)(session.config());
                    }
                    at.set(usize::MAX);
                }
                ("source", _) => {
                    new.own = (value == 1).then(|| (*own).clone());
                    at.set(usize::MAX);
                }
                (name, Some(side)) => new.sides[side] = chosen(&new.sides[side], name, value),
                _ => {}
            }
            wanted.set(new);
        })
    };
    let onmove = {
        let at = at.clone();
        Callback::from(move |event: InputEvent| {
            let slider = event.target_dyn_into::<HtmlInputElement>();
            if let Some(moment) = slider.and_then(|slider| slider.value().parse().ok()) {
                at.set(moment);
            }
        })
    };
    let onclick = {
        let at = at.setter();
        Callback::from(move |event: MouseEvent| {
            let button = event.target_dyn_into::<Element>();
            let step = button.and_then(|button| button.closest("[data-step]").ok()?);
            let step = step.and_then(|step| step.get_attribute("data-step")?.parse().ok());
            if let Some(step) = step {
                at.set(step);
            }
        })
    };
    let toggle = {
        let table = table.clone();
        Callback::from(move |_: MouseEvent| table.set(!*table))
    };
    let onpoint = {
        let pointed = pointed.setter();
        Callback::from(move |page| pointed.set(page))
    };
    let step = |to: Option<usize>, text: &'static str, label: &'static str| {
        let none = to.is_none();
        let to = to.unwrap_or(moment).to_string();
        html! { <button type="button" data-step={to} disabled={none} aria-label={label} title={label}>{ text }</button> }
    };
    let now = match moment.checked_sub(1) {
        None => "before the first command".to_owned(),
        Some(last) => format!(
            "after {moment} of {end}: {}",
            played.comparison.commands[last]
        ),
    };
    let caption = match *pointed {
        Some((object, page)) => {
            let lies = |side: usize| {
                let model = played.model(side);
                let block = model.swap.get(&(object, page)).copied();
                let Some(block) = block else {
                    return "nowhere".to_owned();
                };
                let (slot, at) = model.interleave.locate(block);
                let device = model.slots.get(slot.0 as usize).copied().flatten();
                let disk = device.map_or_else(|| slot.to_string(), |device| device.id.to_string());
                format!("{disk}, block {}", at.0)
            };
            let name = object_name(&played.model(0), object);
            format!("{name}, {page}: on A {}, on B {}.", lies(0), lies(1))
        }
        None => "Point at a block to see where the same page lies on the other side.".to_owned(),
    };
    let part = |side: usize| {
        let of = &wanted.sides[side];
        html! {
            <section class="compare-side" aria-label={format!("{}: {}", NAMES[side], labels[side])} data-testid={format!("compare-side-{side}")}>
                <h3><b>{ NAMES[side] }</b>{ capitalized(labels[side].clone()) }
                    if !of.is_original() {
                        <span class="not-original" data-testid={format!("compare-mark-{side}")}>{ NOT_ORIGINAL }</span>
                    }
                </h3>
                { drawn::<SideMap>(yew::props!(self::map::Props { played: played.clone(), side, moment, table: *table, pointed: *pointed, onpoint: onpoint.clone() })) }
            </section>
        }
    };
    let differing = figures.iter().filter(|figure| figure.difference() > 0);
    let (details, differing): (Vec<_>, Vec<_>) = differing.partition(|figure| figure.detail);
    let equal: Vec<_> = figures
        .iter()
        .filter(|figure| figure.difference() == 0)
        .collect();
    let commands = played.comparison.commands.iter().enumerate();
    let commands = commands.map(|(n, text)| {
        let current = (moment == n + 1).then_some("step");
        html! { <li key={n}><button type="button" class="link" data-step={(n + 1).to_string()} aria-current={current}>{ text }</button></li> }
    });
    drawn::<Modal>(yew::props!(super::dialogs::modal::Props {
        title: "Compare",
        onclose: props.onclose.clone(),
        whole: true,
        children: html! { <>
                    <div class="compare" data-testid="compare" data-step={moment.to_string()} data-steps={end.to_string()} {onchange}>
                        <div class="compare-what">
                            <label>{ "Show" }
                                <select name="preset" data-testid="compare-preset" autofocus=true>
                                    { for PRESETS.iter().enumerate().map(|(n, of)| option(n as u32, of.title, n == wanted.preset)) }
                                </select>
                            </label>
                            <label>{ "with" }
                                <select name="source" data-testid="compare-source">
                                    { option(0, "the commands that show it best", wanted.own.is_none()) }
                                    if has_work(&own) {
                                        { option(1, &format!("the {} of this session", count(own.len() as u64, "command")), wanted.own.is_some()) }
                                    }
                                </select>
                            </label>
                            <button type="button" data-testid="compare-as-table" aria-pressed={table.to_string()} onclick={toggle}>{ "Tables" }</button>
                        </div>
                        <p>{ preset.about }</p>
                        <details class="compare-machines" data-testid="compare-machines">
                            <summary>{ "Choose other machines" }</summary>
                            <div class="compare-forms">{ form(0, &wanted.sides[0]) }{ form(1, &wanted.sides[1]) }</div>
                        </details>
                        <p class="compare-words" data-testid="compare-words" aria-live="polite">{ in_words(&labels, &figures) }</p>
                        <div class="compare-time" onclick={onclick.clone()}>
                            { step(moment.checked_sub(1), "◀", "One command back") }
                            <input type="range" min="0" max={end.to_string()} value={moment.to_string()} oninput={onmove}
                                data-testid="compare-scrubber" aria-label="Command" aria-valuetext={now.clone()} />
                            { step((moment < end).then_some(moment + 1), "▶", "One command on") }
                            <output data-testid="compare-now">{ capitalized(now) }</output>
                        </div>
                        <div class="compare-sides">{ part(0) }{ part(1) }</div>
                        if !*table {
                            <p class="caption" data-testid="compare-pointed">{ caption }</p>
                        }
                        <table class="compare-figures" data-testid="compare-figures">
                            <caption class="visually-hidden">{ "Figures that differ, the largest difference first" }</caption>
                            { heads(&labels) }
                            <tbody>{ for differing.into_iter().map(row) }</tbody>
                            if !details.is_empty() {
                                <tbody><tr class="disk-row"><th colspan="4" scope="rowgroup">{ "In detail" }</th></tr>{ for details.into_iter().map(row) }</tbody>
                            }
                        </table>
                        <details data-testid="compare-equal">
                            <summary>{ format!("{} the same on both sides", match equal.len() { 1 => "1 figure is".to_owned(), n => format!("{n} figures are") }) }</summary>
                            <table class="compare-figures">{ heads(&labels) }<tbody>{ for equal.into_iter().map(row) }</tbody></table>
                        </details>
                        <details class="compare-commands" {onclick}>
                            <summary>{ format!("The {}", count(end as u64, "command")) }</summary>
                            <ol data-testid="compare-commands">{ for commands }</ol>
                            if played.comparison.left_out > 0 {
                                <p>{ format!("{} left out: all would take too long.", count(played.comparison.left_out as u64, "more command")) }</p>
                            }
                            <p>{ "Each is played to its end before the next begins, on disks of its own. What was done to single transfers by hand is left out. With another number of disks, these have as many pages in all." }</p>
                        </details>
                    </div>
        </> }
    }))
}

const NAMES: [&str; 2] = ["A", "B"];

/// Whether there is anything in it but what a fresh machine is given.
fn has_work(actions: &[Action]) -> bool {
    !actions.is_empty()
}

fn option(value: u32, text: &str, selected: bool) -> Html {
    html! { <option value={value.to_string()} {selected}>{ text }</option> }
}

/// What a side is built with, to be chosen.
fn form(side: usize, of: &Side) -> Html {
    let field = |choice: play::Choice| {
        let id = format!("compare-{}-{side}", choice.name);
        html! {
            <label>{ choice.label }
                <select name={choice.name} data-side={side.to_string()} data-testid={id}>
                    { for choice.values.iter().map(|(value, text)| option(*value, text, *value == choice.now)) }
                </select>
            </label>
        }
    };
    html! {
        <fieldset><legend>{ NAMES[side] }</legend>{ for choices(of).into_iter().map(field) }</fieldset>
    }
}

fn heads(labels: &[String; 2]) -> Html {
    let side = |side: usize| html! { <th scope="col"><b>{ NAMES[side] }</b>{ format!(" {}", labels[side]) }</th> };
    html! { <thead><tr><th scope="col">{ "Figure" }</th>{ side(0) }{ side(1) }<th scope="col">{ "Difference" }</th></tr></thead> }
}

fn row(figure: &Figure) -> Html {
    let [a, b] = figure.values;
    let text = |value| written(value, figure.unit);
    let more = if a == b {
        "the same".to_owned()
    } else {
        apart(figure.values)
    };
    html! {
        <tr key={figure.id.clone()} data-figure={figure.id.clone()} data-a={a.to_string()} data-b={b.to_string()}>
            <th scope="row" title={figure.meaning}>{ &figure.name }<small>{ figure.meaning }</small></th>
            <td>{ text(a) }</td><td>{ text(b) }</td><td>{ more }</td>
        </tr>
    }
}
