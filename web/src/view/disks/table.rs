//! The pictures of the disks as tables.

use swap_pager::Model;
use swap_pager::swap_space::Device;
use swap_pager::units::{ObjectId, PageIndex, SlotId, SwapBlock};
use web_sys::Element;
use yew::prelude::*;

use super::map::Props;
use super::runs::{self, Run};
use crate::session::summary::Summary;
use crate::view::format::{count, grouped, span};
use crate::view::look::object_name;
use crate::view::ui::Action;

/// Most rows shown of one disk, or of all in the order of the swap space.
const MOST: usize = 400;

/// What lies on the disks, run by run.
#[component]
pub fn Table(props: &Props) -> Html {
    let session = &props.panel.session;
    let (model, history) = (session.model(), session.history());
    let summary = history.summary();
    let bodies = bodies(&model, summary, props.linear, true);
    let onclick = {
        let dispatch = props.panel.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            let button = event.target_dyn_into::<Element>();
            let row = button.and_then(|button| button.closest("button[data-block]").ok()?);
            let number = |name| row.as_ref()?.get_attribute(name)?.parse::<u32>().ok();
            let (block, object) = (number("data-block"), number("data-of"));
            if let (Some(block), Some(object), Some(page)) = (block, object, number("data-at")) {
                let page = Some((ObjectId(object), PageIndex(page)));
                dispatch.dispatch(Action::SelectBlock(SwapBlock(block), page));
            }
        })
    };
    let (id, label, heads) = if props.linear {
        (
            "linear-table",
            "Blocks in use, in the order of the swap space",
            ["Swap blocks", "On disk", "Object", "Pages"],
        )
    } else {
        ("stripe-table", "Blocks in use, disk by disk", BY_DISK)
    };
    html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label={label}>
            <table data-testid={id} {onclick}>
                { head(heads) }
                { bodies }
            </table>
        </div>
    }
}

/// The heads of the table that goes disk by disk.
pub const BY_DISK: [&str; 4] = ["Blocks of the disk", "Swap blocks", "Object", "Pages"];

/// The first row of a table.
pub fn head(heads: [&'static str; 4]) -> Html {
    html! { <thead><tr>{ for heads.into_iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead> }
}

/// What lies on the disks, in the order of the swap space if it is to be `linear`, else disk by
/// disk. Rows are `links` where a click on them leads somewhere.
pub fn bodies(model: &Model, summary: &Summary, linear: bool, links: bool) -> Html {
    let slots = (model.slots.len() as u32).max(1);
    let filled = model.slots.iter().enumerate().filter_map(|(slot, device)| {
        let device = (*device)?;
        Some((SlotId(slot as u32), device))
    });
    let rest = |runs: &[Run], used: i64| {
        let shown: u32 = runs.iter().map(|run| run.count).sum();
        let more = used.max(0).unsigned_abs().saturating_sub(u64::from(shown));
        html! {
            <>
            if runs.is_empty() {
                <tr><td colspan="4">{ "all else is free" }</td></tr>
            }
            if more > 0 {
                <tr><td colspan="4">{ format!("and {} in use", count(more, "more block")) }</td></tr>
            }
            </>
        }
    };
    if linear {
        let runs = runs::first(model, summary, 0..summary.stripes(), false, MOST);
        let used = model.slots.iter().flatten().map(|device| device.used).sum();
        html! {
            <tbody>{ for runs.iter().map(|run| row(model, run, true, links)) }{ rest(&runs, used) }</tbody>
        }
    } else {
        filled
            .map(|(slot, device)| {
                let stripes = (slot.0..summary.stripes()).step_by(slots as usize);
                let runs = runs::first(model, summary, stripes, true, MOST);
                html! {
                    <tbody key={slot.0}>
                        <tr class="disk-row"><th colspan="4" scope="rowgroup">{ title(slot, &device) }</th></tr>
                        <tr><th scope="row">{ span(0, model.interleave.stripe() - 1) }</th><td colspan="3">{ "reserved: the disk's label lies there" }</td></tr>
                        { for runs.iter().map(|run| row(model, run, false, links)) }
                        { rest(&runs, device.used) }
                    </tbody>
                }
            })
            .collect()
    }
}

fn title(slot: SlotId, device: &Device) -> String {
    let used = grouped(device.used.max(0).unsigned_abs());
    format!(
        "{} in {slot}: {used} of {} in use",
        device.id,
        count(device.pages, "page")
    )
}

fn row(model: &Model, run: &Run, linear: bool, links: bool) -> Html {
    let last = run.first.0 + run.count - 1;
    let blocks = span(run.first.0, last);
    let swap = span(run.block.0, run.block.0 + run.count - 1);
    let device = model.slots.get(run.slot.0 as usize).copied().flatten();
    let disk = device.map(|device| device.id);
    let (first, second) = match disk {
        Some(disk) if linear => (swap, format!("{disk}, blocks {blocks}")),
        None if linear => (swap, run.slot.to_string()),
        _ if run.count <= model.interleave.stripe() => (blocks, swap),
        _ => (blocks, format!("from {}", run.block)),
    };
    let first = match links {
        false => html! { first },
        true => html! {
            <button type="button" class="link" data-block={run.block.0.to_string()}
                data-of={run.object.0.to_string()} data-at={run.page.0.to_string()}
                title="Show the first of these blocks in the inspector">{ first }</button>
        },
    };
    html! {
        <tr key={run.block.0} data-disk={disk.map(|disk| disk.0.to_string())}
            data-first={run.first.0.to_string()} data-last={last.to_string()}
            data-swap={run.block.0.to_string()}
            data-object={run.object.0.to_string()} data-page={run.page.0.to_string()}>
            <th scope="row">{ first }</th>
            <td>{ second }</td>
            <td>{ object_name(model, run.object) }</td>
            <td>{ span(run.page.0, run.page.0 + run.count - 1) }</td>
        </tr>
    }
}
