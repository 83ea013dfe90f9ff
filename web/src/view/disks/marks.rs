//! What stands out on the pictures of the disks.

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::units::{ObjectId, PageIndex, SlotId, SwapBlock};

use super::runs::Run;
use crate::session::Session;
use crate::view::canvas::Palette;
use crate::view::link::Linked;
use crate::view::ui::{Thing, Ui};

/// So many pages are looked for one by one; of more, those are marked that come by while blocks
/// are drawn.
const FEW: u32 = 64;

/// A colour of the palette.
pub type Pick = fn(&Palette) -> &str;

const HOVER: Pick = |palette| &palette.ink;
const SUBJECT: Pick = |palette| &palette.mark;

/// What one thing makes stand out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// Blocks from this one on, and how many.
    pub blocks: Option<(SwapBlock, u32)>,
    /// Single blocks.
    pub single: Vec<SwapBlock>,
    /// Pages, where they are.
    pages: Option<(ObjectId, PageRange)>,
    /// All of a disk.
    pub slot: Option<SlotId>,
}

impl Mark {
    fn of(linked: Linked, model: &Model, thing: Option<Thing>) -> Mark {
        let few = linked.pages.filter(|(_, range)| range.count <= FEW);
        let single = few.map_or(Vec::new(), |(object, range)| {
            let keys = (object, range.start)..(object, range.end());
            model.swap.range(keys).map(|(_, block)| *block).collect()
        });
        Mark {
            blocks: linked.blocks,
            single,
            pages: linked.pages.filter(|(_, range)| range.count > FEW),
            slot: match thing {
                Some(Thing::Disk(slot)) => Some(slot),
                _ => None,
            },
        }
    }

    /// The first block that is marked.
    pub fn first(&self) -> Option<SwapBlock> {
        let first = self.blocks.map(|(block, _)| block);
        first.or(self.single.first().copied())
    }
}

/// What is drawn over the blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// The selected pages, where they are on swap.
    pub selected: Option<(ObjectId, PageRange)>,
    /// What the inspector shows.
    pub subject: Mark,
    /// What is pointed at, here or elsewhere.
    pub hover: Mark,
    /// The object that is pointed at as a whole: others stand back.
    whole: Option<ObjectId>,
}

impl Marks {
    /// What stands out for the state of the page.
    pub fn of(session: &Session, ui: &Ui) -> Marks {
        let (model, history) = (session.model(), session.history());
        let size = |object| model.objects.get(&object).map_or(0, |object| object.size);
        let linked = |thing| {
            let linked = Linked::of(&model, &history, thing);
            // Pages of large objects are shown by what stands back instead.
            let whole = linked
                .pages
                .filter(|(object, range)| range.count > FEW && range.count == size(*object));
            (linked, whole)
        };
        let (mut hovered, whole) = linked(ui.hover);
        if whole.is_some() {
            hovered.pages = None;
        }
        // A selection is underlined: that says it already.
        let subject = match ui.subject {
            Some(Thing::Object(_)) | None => Mark::default(),
            thing => Mark::of(linked(thing).0, &model, thing),
        };
        let selected = ui
            .selection
            .map(|selection| (selection.object, selection.range()));
        Marks {
            selected: selected.filter(|(object, range)| range.count != size(*object)),
            subject,
            hover: Mark::of(hovered, &model, ui.hover),
            whole: whole.map(|(object, _)| object),
        }
    }

    /// A page stands out, and nothing else.
    pub fn of_page(model: &Model, page: Option<(ObjectId, PageIndex)>) -> Marks {
        let block = page.and_then(|page| model.swap.get(&page).copied());
        Marks {
            hover: Mark {
                single: block.into_iter().collect(),
                ..Mark::default()
            },
            ..Marks::default()
        }
    }

    /// Whether an object stands back because another is pointed at.
    pub fn quiets(&self, object: ObjectId) -> bool {
        self.whole.is_some_and(|whole| whole != object)
    }

    /// Pages to be marked where they are met, and how.
    pub fn pages(&self) -> impl Iterator<Item = ((ObjectId, PageRange), Pick)> {
        let marks = [(&self.subject, SUBJECT), (&self.hover, HOVER)];
        marks
            .into_iter()
            .filter_map(|(mark, pick)| Some((mark.pages?, pick)))
    }

    /// What is marked by its place.
    pub fn over(&self) -> [(&Mark, Pick); 2] {
        [(&self.subject, SUBJECT), (&self.hover, HOVER)]
    }
}

/// Where in a run the pages begin, and how many they are.
pub fn overlap(run: &Run, (object, range): (ObjectId, PageRange)) -> Option<(u32, u32)> {
    let (first, end) = (run.page.0, run.page.0 + run.count);
    let PageIndex(from) = range.start.max(run.page);
    let to = range.end().0.min(end);
    (object == run.object && from < to).then(|| (from - first, to - from))
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::units::DeviceBlock;

    #[test]
    fn only_those_pages_of_a_run_are_marked() {
        let run = Run {
            slot: SlotId(0),
            first: DeviceBlock(32),
            count: 16,
            block: SwapBlock(128),
            object: ObjectId(1),
            page: PageIndex(48),
        };
        let range = |start, count| {
            let start = PageIndex(start);
            (ObjectId(1), PageRange { start, count })
        };
        assert_eq!(overlap(&run, range(50, 4)), Some((2, 4)));
        assert_eq!(overlap(&run, range(0, 50)), Some((0, 2)));
        assert_eq!(overlap(&run, range(60, 100)), Some((12, 4)));
        assert_eq!(overlap(&run, range(64, 10)), None);
        assert_eq!(overlap(&run, range(0, 48)), None);
        let (_, pages) = range(50, 4);
        assert_eq!(overlap(&run, (ObjectId(2), pages)), None);
    }
}
