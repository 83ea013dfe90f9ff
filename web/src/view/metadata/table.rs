//! The metadata hash as a table.

use swap_pager::Model;
use swap_pager::swap_meta::SWAP_META_PAGES;
use swap_pager::units::ObjectId;
use yew::prelude::*;

use super::layout::{self, Row};
use super::nth;
use crate::view::Panel;
use crate::view::format::{count, span};
use crate::view::look::object_name;
use crate::view::pressed::{number, pressed};
use crate::view::ui::{Action, Thing};

/// Most rows shown.
const MOST: usize = 400;

/// What the table is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What every panel is given.
    pub panel: Panel,
    /// Only metadata blocks of this object.
    pub only: Option<ObjectId>,
}

/// The metadata blocks, chain by chain.
#[component]
pub fn Table(props: &Props) -> Html {
    let model = props.panel.session.model();
    let all = layout::count(&model, props.only) as usize;
    let onclick = {
        let dispatch = props.panel.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(row) = pressed(&event, "[data-page]")
                && let (Some(object), Some(page)) =
                    (number(&row, "data-object"), number(&row, "data-page"))
            {
                let thing = Thing::Swblock(ObjectId(object), swap_pager::units::PageIndex(page));
                dispatch.dispatch(Action::Look(thing));
            }
        })
    };
    let row = |row: Row| {
        let last = row.first.0 + SWAP_META_PAGES - 1;
        let (used, blocks) = blocks(&model, &row);
        html! {
            <tr key={format!("{} {}", row.object.0, row.first.0)} data-bucket={row.bucket.to_string()}
                data-place={row.place.to_string()} data-object={row.object.0.to_string()}
                data-page={row.first.0.to_string()} data-used={used.to_string()}>
                <th scope="row">{ row.bucket }</th>
                <td>{ nth(row.place) }</td>
                <td><button type="button" class="link">{ format!("{} {}", object_name(&model, row.object), span(row.first.0, last)) }</button></td>
                <td>{ format!("{used} of 32") }</td>
                <td>{ blocks }</td>
            </tr>
        }
    };
    html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Metadata blocks, chain by chain" {onclick}>
            <table data-testid="metadata-table">
                <thead><tr>
                    <th scope="col">{ "Bucket" }</th>
                    <th scope="col">{ "In chain" }</th>
                    <th scope="col">{ "For pages" }</th>
                    <th scope="col">{ "Slots used" }</th>
                    <th scope="col">{ "Swap blocks" }</th>
                </tr></thead>
                <tbody>
                    { for layout::rows(&model, props.only).take(MOST).map(row) }
                    if all > MOST {
                        <tr><td colspan="5">{ format!("and {}", count((all - MOST) as u64, "more metadata block")) }</td></tr>
                    }
                </tbody>
            </table>
        </div>
    }
}

/// How many slots are used, and the blocks in them, neighbours told together.
fn blocks(model: &Model, row: &Row) -> (u32, String) {
    let end = row.first.offset(SWAP_META_PAGES);
    let mapped = model.swap.range((row.object, row.first)..(row.object, end));
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut used = 0;
    for (_, block) in mapped {
        used += 1;
        match runs.last_mut() {
            Some(run) if run.1 + 1 == block.0 => run.1 = block.0,
            _ => runs.push((block.0, block.0)),
        }
    }
    let runs: Vec<_> = runs.iter().map(|(from, to)| span(*from, *to)).collect();
    (used, runs.join(", "))
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    #[test]
    fn blocks_are_told_run_by_run() {
        let mut model = machine();
        let row = layout::rows(&model, None).next();
        let row = row.unwrap_or_else(|| panic!("there is a metadata block"));
        assert_eq!(blocks(&model, &row), (16, "128..143".to_owned()));
        model.swap.remove(&(row.object, row.first.offset(4)));
        assert_eq!(blocks(&model, &row), (15, "128..131, 133..143".to_owned()));
    }
}
