//! The hash of metadata blocks: where the pager looks up which swap block a page has.

pub mod layout;
mod scene;
mod table;

use std::rc::Rc;

use swap_pager::Model;
use swap_pager::swap_meta::{SWAP_META_PAGES, bucket_of};
use swap_pager::units::{ObjectId, PageIndex};
use yew::prelude::*;

use super::Panel;
use super::format::{count, grouped};
use super::link::holder;
use super::look::object_name;
use super::picture::Picture;
use super::ui::Thing;
use crate::view::drawn::drawn;

/// The hash of metadata blocks.
#[component]
pub fn Metadata(props: &Panel) -> Html {
    let filtered = use_state_eq(|| false);
    let model = props.session.model();
    let buckets = props.session.config().meta_chains();
    let ui = &props.ui;
    let object = ui.selection.map(|selection| selection.object);
    let only = object.filter(|_| *filtered);
    let blocks = layout::count(&model, None);
    let chains = model
        .chains
        .iter()
        .filter(|chain| !chain.is_empty())
        .count();
    let filter = {
        let (to, set) = (!*filtered, filtered.setter());
        Callback::from(move |_: MouseEvent| set.set(to))
    };
    let selected = subject_page(&model, ui.subject);
    let lookup = |(object, page)| lookup(&model, buckets, object, page);
    let hovered = subject_page(&model, ui.hover).filter(|_| ui.hover != ui.subject);
    let pointed = hovered.or(selected).map(lookup);
    let caption = pointed.unwrap_or_else(|| {
        "A metadata block (struct swblock) keeps the swap blocks of 32 neighbouring pages of an \
         object, a slot each. The hash finds it: object and page lead to a bucket, and its chain \
         is searched from the start."
            .to_owned()
    });
    let label = format!(
        "Metadata hash: {} in {}. Arrow keys move from slot to slot, Enter looks at the metadata block.",
        count(blocks, "metadata block"),
        count(buckets, "bucket")
    );
    html! {
        <>
        <div class="view-line">
            <span data-testid="meta-figures" data-buckets={buckets.to_string()} data-swblocks={blocks.to_string()}
                data-chains={chains.to_string()} data-mapped={model.swap.len().to_string()}>
                <b>{ count(blocks, "metadata block") }</b>
                { format!(" for {} on swap, in {} of ", count(model.swap.len() as u64, "page"), grouped(chains as u64)) }
                { count(buckets, "bucket") }
            </span>
            if let Some(object) = object {
                <button type="button" class="small" aria-pressed={filtered.to_string()} onclick={filter}
                    data-testid="meta-filter">{ format!("Only {}", object_name(&model, object)) }</button>
            }
        </div>
        if ui.table {
            { drawn::<table::Table>(yew::props!(table::Props { panel: props.clone(), only })) }
        } else if layout::count(&model, only) == 0 {
            <p class="empty">{ "No page has a swap block yet, so there is nothing to look up. The first page that is written out gets a metadata block." }</p>
        } else {
            { drawn::<Picture>(yew::props!(super::picture::Props { panel: props.clone(), id: "metadata", label, described: caption.clone(), scene: Rc::new(scene::Chains { panel: props.clone(), only, buckets }) as Rc<dyn super::picture::Scene> })) }
        }
        <p class="caption" data-testid="meta-lookup">{ caption }</p>
        </>
    }
}

/// The page that something is about.
fn subject_page(model: &Model, thing: Option<Thing>) -> Option<(ObjectId, PageIndex)> {
    match thing? {
        Thing::Page(object, page) | Thing::Swblock(object, page) => Some((object, page)),
        Thing::Block(block) => holder(model, block),
        Thing::Object(object) => Some((object, PageIndex(0))),
        _ => None,
    }
}

/// What a lookup of a page does, in words.
fn lookup(model: &Model, buckets: u32, object: ObjectId, page: PageIndex) -> String {
    let first = PageIndex(page.0 & !(SWAP_META_PAGES - 1));
    let bucket = bucket_of(object, page, buckets);
    let chain = model.chains.get(bucket as usize);
    let chain = chain.filter(|chain| !chain.is_empty());
    let place = chain.and_then(|chain| chain.iter().position(|at| *at == (object, first)));
    let what = format!(
        "Lookup of {page} of {}: its metadata block begins with page {}; object and page lead to bucket {bucket}",
        object_name(model, object),
        first.0
    );
    let found = match (place, chain) {
        (None, None) => "; that is empty, so the page has no swap block.".to_owned(),
        (None, Some(chain)) => format!(
            "; of the {} in its chain none is the one, so the page has no swap block.",
            chain.len()
        ),
        (Some(place), _) => {
            let slot = page.0 - first.0;
            let holds = match model.swap.get(&(object, page)) {
                Some(block) => format!("slot {slot} → block {block}."),
                None => format!("slot {slot} is empty, so the page has no swap block."),
            };
            format!(", {} in its chain, {holds}", nth(place as u32))
        }
    };
    what + &found
}

/// A place in a chain, counted from 0.
fn nth(place: u32) -> String {
    match place {
        0 => "1st".to_owned(),
        1 => "2nd".to_owned(),
        2 => "3rd".to_owned(),
        _ => format!("{}th", place + 1),
    }
}

fn empty(buckets: u32) -> String {
    count(buckets, "empty bucket")
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    #[test]
    fn a_lookup_tells_every_step() {
        let model = machine();
        let tell = |page| lookup(&model, 8192, ObjectId(1), PageIndex(page));
        assert_eq!(
            tell(3),
            "Lookup of page 3 of heap: its metadata block begins with page 0; object and page \
             lead to bucket 132, 1st in its chain, slot 3 → block 131."
        );
        assert!(tell(20).ends_with("slot 20 is empty, so the page has no swap block."));
        assert!(tell(40).contains("begins with page 32"));
        assert!(tell(40).ends_with("bucket 164; that is empty, so the page has no swap block."));
    }

    #[test]
    fn the_bucket_is_the_one_that_the_pager_chose() {
        let model = machine();
        for (bucket, chain) in (0..).zip(&model.chains) {
            for (object, first) in chain {
                assert_eq!(bucket_of(*object, *first, 8192), bucket);
            }
        }
        assert_eq!(swap_pager::Config::default().meta_chains(), 8192);
    }
}
