//! What is known of an object, and driving it as a disk.

use swap_pager::Model;
use swap_pager::command::{Command, DirectCmd, PageRange};
use swap_pager::object::ObjectKind;
use swap_pager::units::{ObjectId, PageIndex};
use yew::prelude::*;

use super::facts::{Fact, fact, of_range};
use crate::session::Session;
use crate::session::summary::Tally;
use crate::view::controls;
use crate::view::format::{count, size};
use crate::view::look::object_name;
use crate::view::ui::Thing;

/// What is known of an object: of its pages first, then of itself.
pub fn of_object(model: &Model, tally: Tally, id: ObjectId, range: PageRange) -> Vec<Fact> {
    let mut facts = of_range(model, tally, id, range);
    let Some(object) = model.objects.get(&id) else {
        return facts;
    };
    let (kind, meaning) = match object.kind {
        ObjectKind::Default => (
            "default",
            "Memory that was never paged out: the swap pager does not know it yet (OBJT_DEFAULT).",
        ),
        ObjectKind::Swap => ("swap", "The swap pager looks after it (OBJT_SWAP)."),
    };
    facts.push(fact("Kind", kind, meaning));
    facts.push(fact(
        "Size",
        format!("{}, {}", count(object.size, "page"), size(object.size)),
        "How many pages it can have.",
    ));
    facts.push(fact(
        "References",
        object.ref_count.to_string(),
        "Who uses it. With the last one gone the object goes, and its swap with it (ref_count).",
    ));
    if let Some(behind) = object.backing {
        let value = match behind.offset {
            0 => object_name(model, behind.object),
            offset => format!("{} from page {offset}", object_name(model, behind.object)),
        };
        let meaning = "Where a page is looked for that it does not have itself (backing_object).";
        facts.push(fact("Behind it", value, meaning).to(Thing::Object(behind.object)));
    }
    let fronts = model
        .objects
        .values()
        .filter(|front| front.backing.is_some_and(|backing| backing.object == id));
    for front in fronts {
        let meaning = "It shares these pages until it writes to them (shadow objects).";
        let name = object_name(model, front.id);
        facts.push(fact("In front of it", name, meaning).to(Thing::Object(front.id)));
    }
    facts.push(fact(
        "Paging in progress",
        object.paging_in_progress.to_string(),
        "Pages of it in transfer, and operations that rely on it (paging_in_progress).",
    ));
    let first = (id, PageIndex(0))..=(id, PageIndex(u32::MAX));
    if let Some(((_, page), _)) = model.swap.range(first).next() {
        let start = PageIndex(page.0 - page.0 % swap_pager::swap_meta::SWAP_META_PAGES);
        let meaning = "The first of its metadata blocks.";
        let value = format!("from {start}");
        facts.push(fact("Metadata block", value, meaning).to(Thing::Swblock(id, start)));
    }
    facts
}

/// Reads, writes or frees the blocks of an object without its pages.
pub fn as_disk(session: &Session, object: ObjectId, range: PageRange) -> Html {
    let io = DirectCmd::Read;
    let refused = session.check(&Command::Direct { object, range, io });
    let refused = refused.err().map(|error| error.to_string());
    let button = |text: &'static str, id: &'static str, io: fn(&Session) -> DirectCmd| {
        let session = session.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            controls::direct(&session, object, range, io(&session));
        });
        html! { <button type="button" data-testid={id} disabled={refused.is_some()} {onclick}>{ text }</button> }
    };
    html! {
        <details class="as-disk" data-testid="as-disk">
            <summary>{ "As a disk" }</summary>
            <p class="note">{ format!("Pages {range} go straight between their blocks and whoever asks, and never into memory (swap_pager_strategy).") }</p>
            <p class="buttons">
                { button("Read", "direct-read", |_| DirectCmd::Read) }
                { button("Write", "direct-write", |session| DirectCmd::Write(controls::pattern(session))) }
                { button("Free", "direct-delete", |_| DirectCmd::Delete) }
            </p>
            if let Some(refused) = refused.clone() { <p class="note">{ refused }</p> }
        </details>
    }
}
