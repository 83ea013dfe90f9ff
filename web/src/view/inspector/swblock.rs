//! What is known of a metadata block.

use swap_pager::Model;
use swap_pager::swap_meta::{SWAP_META_PAGES, bucket_of};
use swap_pager::units::{ObjectId, PageIndex};

use super::facts::{Fact, fact, object_fact};
use crate::view::Panel;
use crate::view::format::span;
use crate::view::look::object_name;
use crate::view::ui::Thing;

/// The title, the facts, and what it is.
pub fn told(
    panel: &Panel,
    model: &Model,
    object: ObjectId,
    page: PageIndex,
) -> (String, Vec<Fact>, &'static str) {
    let first = PageIndex(page.0 & !(SWAP_META_PAGES - 1));
    let last = first.offset(SWAP_META_PAGES - 1);
    let bucket = bucket_of(object, first, panel.session.config().meta_chains());
    let title = format!(
        "Metadata of {} {}",
        object_name(model, object),
        span(first.0, last.0)
    );
    let chain = model.chains.get(bucket as usize);
    let place = chain.and_then(|chain| chain.iter().position(|at| *at == (object, first)));
    let place = match (place, chain) {
        (Some(place), Some(chain)) => format!("{} of {}", place + 1, chain.len()),
        _ => "it does not exist: none of its pages is on swap".to_owned(),
    };
    let mut mapped = model.swap.range((object, first)..=(object, last));
    let head = mapped.next();
    let used = mapped.count() + usize::from(head.is_some());
    let mut facts = vec![
        object_fact(model, object),
        fact(
            "Bucket",
            bucket.to_string(),
            "Which chain of the hash it hangs in: the object and the first page decide.",
        ),
        fact(
            "In its chain",
            place,
            "A lookup meets those before it first.",
        ),
        fact(
            "Slots used",
            format!("{used} of {SWAP_META_PAGES}"),
            "Each slot holds the swap block of one page (swb_pages, swb_count). With the last one \
             the metadata block goes.",
        ),
    ];
    if let Some((&(object, page), &block)) = head {
        facts.push(
            fact(
                "First page",
                format!("{page} → block {block}"),
                "The first of its pages that has a swap block.",
            )
            .to(Thing::Page(object, page)),
        );
    }
    let meaning = "A struct swblock: it keeps the swap blocks of 32 neighbouring pages of an \
                   object.";
    (title, facts, meaning)
}
