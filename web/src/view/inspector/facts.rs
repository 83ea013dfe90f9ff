//! What is known of a page, a block or selected pages, line by line.

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::page::Queue;
use swap_pager::stripe::Interleave;
use swap_pager::units::{DMMAX, ObjectId, PageIndex, SwapBlock};

use crate::view::format::{count, grouped, size};
use crate::view::look::{PageLook, object_name};
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

fn fact(term: &'static str, value: impl Into<String>, meaning: &'static str) -> Fact {
    Fact {
        term,
        value: value.into(),
        meaning,
        link: None,
    }
}

impl Fact {
    fn to(mut self, thing: Thing) -> Fact {
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
pub fn of_range(model: &Model, object: ObjectId, range: PageRange) -> Vec<Fact> {
    let tally = Tally::of(model, object, range);
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

/// How many pages are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In memory, clean, not on swap.
    pub clean: u32,
    /// In memory, clean, with the same copy on swap.
    pub copy: u32,
    /// In memory, newer than swap.
    pub dirty: u32,
    /// In transfer.
    pub busy: u32,
    /// Only on swap.
    pub swapped: u32,
}

impl Tally {
    /// Counts pages of an object.
    pub fn of(model: &Model, object: ObjectId, range: PageRange) -> Tally {
        let mut tally = Tally::default();
        let keys = (object, range.start)..(object, range.end());
        let mut on_swap_and_in_memory = 0;
        for (key, page) in model.pages.range(keys.clone()) {
            let swap = model.swap.get(key).copied();
            on_swap_and_in_memory += u32::from(swap.is_some());
            match PageLook::of(Some(page.state), swap) {
                PageLook::Clean { copy: false } => tally.clean += 1,
                PageLook::Clean { copy: true } => tally.copy += 1,
                PageLook::Dirty => tally.dirty += 1,
                PageLook::Writing | PageLook::Reading => tally.busy += 1,
                PageLook::Untouched | PageLook::Swapped => {}
            }
        }
        tally.swapped = model.swap.range(keys).count() as u32 - on_swap_and_in_memory;
        tally
    }

    /// How many of the pages are in memory.
    pub fn resident(self) -> u32 {
        self.clean + self.copy + self.dirty + self.busy
    }

    fn untouched(self, range: PageRange) -> u32 {
        range.count - self.resident() - self.swapped
    }
}

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A page.
    Page(ObjectId, PageIndex),
    /// Nothing: it is free.
    Free,
    /// Nothing ever: the disk's label lies there.
    Reserved,
    /// Nothing ever: no disk is in that slot, or the disk ends before.
    NoDisk,
}

/// What a block of the swap space holds.
pub fn holds(model: &Model, block: SwapBlock) -> Holds {
    let (slot, at) = interleave(model).locate(block);
    let device = model.slots.get(slot.0 as usize).copied().flatten();
    match model.owners.get(block.0 as usize) {
        Some(Some((object, page))) => Holds::Page(*object, *page),
        _ => match device {
            Some(device) if at.0 < device.pages.next_multiple_of(DMMAX) => {
                if at.0 < DMMAX {
                    Holds::Reserved
                } else {
                    Holds::Free
                }
            }
            _ => Holds::NoDisk,
        },
    }
}

impl Holds {
    /// What it is, in a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Holds::Page(..) => "a page",
            Holds::Free => "nothing: free",
            Holds::Reserved => "nothing: reserved",
            Holds::NoDisk => "nothing: no disk here",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Holds::Page(..) => "The page whose bytes lie here.",
            Holds::Free => "The bitmap offers it to the next search that fits.",
            Holds::Reserved => {
                "The first stripe of every disk is left alone: the disk's label lies there."
            }
            Holds::NoDisk => {
                "Stripes are dealt out to all slots, empty ones too. What falls to an empty slot \
                 is never free."
            }
        }
    }
}

/// How blocks are dealt out to the slots of a model.
pub fn interleave(model: &Model) -> Interleave {
    Interleave::new(model.slots.len() as u32)
}

const BLOCK: &str = "Its place in the swap space, which is one line of page-sized blocks.";

fn object_fact(model: &Model, object: ObjectId) -> Fact {
    let name = model.name(object).map(|name| format!("{name} · {object}"));
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
    let stripe = block.0 / DMMAX;
    let disk = match model.slots.get(slot.0 as usize).copied().flatten() {
        Some(device) => format!("{}, block {}", device.id, grouped(at.0)),
        None => format!("none in {slot}"),
    };
    vec![
        fact(
            "Stripe",
            format!("⌊{block} / {DMMAX}⌋ = {stripe}"),
            "The swap space is cut into stripes of 32 blocks. Rounded down, so the first 32 \
             blocks are stripe 0.",
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
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::command::{Command, Pattern};
    use swap_pager::units::DeviceId;
    use swap_pager::{Config, EventQueue, Vm};

    fn machine() -> Model {
        let mut vm = Vm::new(Config::default(), EventQueue::new());
        for command in [
            Command::SwapOn {
                disk: DeviceId(0),
                pages: 4096,
            },
            Command::Create {
                name: Some("heap".into()),
                pages: 64,
            },
            Command::Fill {
                object: ObjectId(1),
                range: range(0, 20),
                pattern: Pattern::Label(1),
            },
            Command::Pageout {
                object: ObjectId(1),
                range: range(0, 16),
                sync: false,
            },
        ] {
            assert_eq!(vm.apply(command).err(), None);
            while let Some(io) = vm.poll_io() {
                assert_eq!(vm.complete(io.io, Ok(Vec::new())), Ok(()));
            }
        }
        vm.snapshot()
    }

    fn range(start: u32, count: u32) -> PageRange {
        PageRange {
            start: PageIndex(start),
            count,
        }
    }

    fn value(facts: &[Fact], term: &str) -> Option<String> {
        let fact = facts.iter().find(|fact| fact.term == term)?;
        Some(fact.value.clone())
    }

    #[test]
    fn a_page_on_swap_leads_to_its_block_and_back() {
        let model = machine();
        let facts = of_page(&model, ObjectId(1), PageIndex(3));
        assert_eq!(value(&facts, "State").as_deref(), Some("swapped out"));
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

    #[test]
    fn blocks_without_a_page_say_why() {
        let model = machine();
        assert_eq!(holds(&model, SwapBlock(0)), Holds::Reserved);
        assert_eq!(holds(&model, SwapBlock(32)), Holds::NoDisk);
        assert_eq!(holds(&model, SwapBlock(150)), Holds::Free);
    }

    #[test]
    fn a_tally_has_every_page_once() {
        let model = machine();
        let tally = Tally::of(&model, ObjectId(1), range(0, 64));
        assert_eq!((tally.swapped, tally.dirty), (16, 4));
        assert_eq!(tally.untouched(range(0, 64)), 44);
    }
}
