//! What is known of a page, a block or selected pages, line by line.

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::page::Queue;
use swap_pager::units::{ObjectId, PageIndex, SwapBlock};
use swap_pager::words::shown::shown;

use crate::session::summary::Tally;
use crate::view::format::{count, grouped, size};
use crate::view::look::{PageLook, object_name};
use crate::view::machine::{Holds, holds, interleave};
use crate::view::ui::Thing;

/// A line of the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is.
    pub term: &'static str,
    /// Its value.
    pub value: String,
    /// What the term means, in a sentence.
    pub meaning: &'static str,
    /// What the value leads to.
    pub link: Option<Thing>,
}

/// A line that leads nowhere.
pub fn fact(term: &'static str, value: impl Into<String>, meaning: &'static str) -> Fact {
    Fact {
        term,
        value: value.into(),
        meaning,
        link: None,
    }
}

impl Fact {
    /// The same, leading to a thing.
    pub fn to(mut self, thing: Thing) -> Fact {
        self.link = Some(thing);
        self
    }
}

/// What is known of a page.
pub fn of_page(model: &Model, object: ObjectId, page: PageIndex) -> Vec<Fact> {
    let look = PageLook::in_model(model, object, page);
    let mut facts = vec![
        object_fact(model, object),
        fact("State", look.words(), look.meaning()),
    ];
    if let Some(resident) = model.pages.get(&(object, page)) {
        facts.push(fact(
            "Frame",
            resident.frame.0.to_string(),
            "Which page of the machine's memory holds it.",
        ));
        facts.push(queue_fact(resident.state.queue));
    }
    match model.swap.get(&(object, page)) {
        Some(&block) => {
            facts.push(fact("Swap block", block.to_string(), BLOCK).to(Thing::Block(block)));
            facts.extend(place(model, block));
        }
        None => facts.push(fact("Swap block", "none", BLOCK)),
    }
    facts
}

/// What is known of a block.
pub fn of_block(model: &Model, block: SwapBlock) -> Vec<Fact> {
    let mut facts = place(model, block);
    match holds(model, block) {
        Holds::Page(object, page) => {
            let look = PageLook::in_model(model, object, page);
            let value = format!("{}, {page}", object_name(model, object));
            let meaning = "The page whose bytes lie here.";
            facts.push(fact("Holds", value, meaning).to(Thing::Page(object, page)));
            facts.push(fact("Page is", look.words(), look.meaning()));
        }
        other => facts.push(fact("Holds", other.words(), other.meaning())),
    }
    facts
}

/// What is known of selected pages as a whole.
pub fn of_range(model: &Model, tally: Tally, object: ObjectId, range: PageRange) -> Vec<Fact> {
    let mut facts = vec![
        object_fact(model, object),
        fact(
            "Selected",
            format!("{}, {}", count(range.count, "page"), size(range.count)),
            "The buttons under the object act on these pages.",
        ),
    ];
    for (term, n, look) in [
        ("Never touched", tally.untouched(range), PageLook::Untouched),
        ("Dirty", tally.dirty, PageLook::Dirty),
        ("Clean", tally.clean, PageLook::Clean { copy: false }),
        (
            "Clean, on swap too",
            tally.copy,
            PageLook::Clean { copy: true },
        ),
        ("On swap only", tally.swapped, PageLook::Swapped),
        ("In transfer", tally.busy, PageLook::Writing),
    ] {
        if n > 0 {
            facts.push(fact(term, grouped(n), look.meaning()));
        }
    }
    if let Some(object) = model.objects.get(&object) {
        let meaning = "Each keeps the swap blocks of up to 32 pages that lie together.";
        facts.push(fact("Metadata blocks", grouped(object.swp_bcount), meaning));
    }
    facts
}

const BLOCK: &str = "Its place in the swap space, which is one line of page-sized blocks.";

/// The object that something belongs to.
pub fn object_fact(model: &Model, object: ObjectId) -> Fact {
    let name = model
        .name(object)
        .map(|name| format!("{} · {object}", shown(name)));
    let value = name.unwrap_or_else(|| object.to_string());
    fact("Object", value, "The memory object it belongs to.").to(Thing::Object(object))
}

fn queue_fact(queue: Queue) -> Fact {
    let (value, meaning) = match queue {
        Queue::None => (
            "none",
            "It is on none of the lists that the kernel keeps of pages.",
        ),
        Queue::Inactive => (
            "inactive",
            "Not used of late: the first to go when memory is short.",
        ),
        Queue::Active => ("active", "In use: it stays while others can go."),
        Queue::Cache => ("cache", "Clean, and its frame may be taken at any time."),
    };
    fact("Queue", value, meaning)
}

/// Where a block lies, with the sum that says so.
fn place(model: &Model, block: SwapBlock) -> Vec<Fact> {
    let interleave = interleave(model);
    let (slot, at) = interleave.locate(block);
    let slots = interleave.slots();
    let (stripe, length) = (interleave.stripe_of(block), interleave.stripe());
    let disk = match model.slots.get(slot.0 as usize).copied().flatten() {
        Some(device) => format!("{}, block {}", device.id, grouped(at.0)),
        None => format!("none in {slot}"),
    };
    vec![
        fact(
            "Stripe",
            format!("⌊{block} / {length}⌋ = {stripe}"),
            "The swap space is cut into stripes. Rounded down, so the first of them is stripe 0.",
        ),
        fact(
            "Slot",
            format!("{stripe} mod {slots} = {}", slot.0),
            "Stripes are dealt out to the slots in turn, like cards.",
        ),
        fact(
            "On disk",
            disk,
            "The disk in that slot, and the block counted from the start of that disk.",
        )
        .to(Thing::Disk(slot)),
    ]
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    fn value(facts: &[Fact], term: &str) -> Option<String> {
        let fact = facts.iter().find(|fact| fact.term == term)?;
        Some(fact.value.clone())
    }

    #[test]
    fn a_page_on_swap_leads_to_its_block_and_back() {
        let model = machine();
        let facts = of_page(&model, ObjectId(1), PageIndex(3));
        assert_eq!(value(&facts, "State").as_deref(), Some("on swap only"));
        assert_eq!(value(&facts, "Swap block").as_deref(), Some("131"));
        assert_eq!(value(&facts, "Stripe").as_deref(), Some("⌊131 / 32⌋ = 4"));
        assert_eq!(value(&facts, "Slot").as_deref(), Some("4 mod 4 = 0"));
        assert_eq!(
            value(&facts, "On disk").as_deref(),
            Some("disk 0, block 35")
        );
        assert_eq!(value(&facts, "Frame"), None);

        let facts = of_block(&model, SwapBlock(131));
        assert_eq!(value(&facts, "Holds").as_deref(), Some("heap, page 3"));
    }
}
