//! The stripe map as a table.

use swap_pager::units::SlotId;
use yew::prelude::*;

use super::runs::{self, Run};
use crate::view::Panel;
use crate::view::format::{count, grouped, span};
use crate::view::look::object_name;
use crate::view::ui::Action;

/// Most rows shown of one disk.
const MOST: usize = 400;

/// What lies on the disks, run by run.
#[component]
pub fn Table(props: &Panel) -> Html {
    let model = props.session.model();
    let filled = model.slots.iter().enumerate().filter_map(|(slot, device)| {
        let device = (*device)?;
        Some((SlotId(slot as u32), device))
    });
    let bodies = filled.map(|(slot, device)| {
        let runs = runs::on_disk(&model, slot);
        let hidden = runs.len().saturating_sub(MOST);
        let title = format!(
            "{} in {slot}: {} of {} in use",
            device.id,
            grouped(device.used.max(0).unsigned_abs()),
            count(device.pages, "page")
        );
        let row = |run: &Run| {
            let last = run.first.0 + run.count - 1;
            let pages = span(run.page.0, run.page.0 + run.count - 1);
            let blocks = span(run.first.0, last);
            let swap = span(run.block.0, run.block.0 + run.count - 1);
            let select = {
                let dispatch = props.dispatch.clone();
                let (block, page) = (run.block, (run.object, run.page));
                Callback::from(move |_: MouseEvent| {
                    dispatch.dispatch(Action::SelectBlock(block, Some(page)));
                })
            };
            html! {
                <tr key={run.first.0} data-disk={device.id.0.to_string()}
                    data-first={run.first.0.to_string()} data-last={last.to_string()}
                    data-object={run.object.0.to_string()} data-page={run.page.0.to_string()}>
                    <th scope="row"><button type="button" class="link" onclick={select}
                        title="Show the first of these blocks in the inspector">{ blocks }</button></th>
                    <td>{ if run.count <= 32 { swap } else { format!("from {}", run.block) } }</td>
                    <td>{ object_name(&model, run.object) }</td>
                    <td>{ pages }</td>
                </tr>
            }
        };
        html! {
            <tbody key={slot.0}>
                <tr class="disk-row"><th colspan="4" scope="rowgroup">{ title }</th></tr>
                <tr><th scope="row">{ "0..31" }</th><td colspan="3">{ "reserved: the disk's label lies there" }</td></tr>
                { for runs.iter().take(MOST).map(row) }
                if runs.is_empty() {
                    <tr><td colspan="4">{ "all else is free" }</td></tr>
                }
                if hidden > 0 {
                    <tr><td colspan="4">{ format!("and {}", count(hidden as u64, "more run")) }</td></tr>
                }
            </tbody>
        }
    });
    html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Blocks in use, disk by disk">
            <table data-testid="stripe-table">
                <thead><tr>
                    <th scope="col">{ "Blocks of the disk" }</th>
                    <th scope="col">{ "Swap blocks" }</th>
                    <th scope="col">{ "Object" }</th>
                    <th scope="col">{ "Pages" }</th>
                </tr></thead>
                { for bodies }
            </table>
        </div>
    }
}
