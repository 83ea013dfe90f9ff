//! What belongs together: the page a block holds, the block a page has.

use swap_pager::Model;
use swap_pager::units::{ObjectId, PageIndex, SwapBlock};

use super::ui::{Action, Thing};

/// The page and the block that a thing stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// The page.
    pub page: Option<(ObjectId, PageIndex)>,
    /// The block.
    pub block: Option<SwapBlock>,
}

impl Linked {
    /// The page and block of a thing.
    pub fn of(model: &Model, thing: Option<Thing>) -> Linked {
        match thing {
            Some(Thing::Page(object, page)) => Linked {
                page: Some((object, page)),
                block: model.swap.get(&(object, page)).copied(),
            },
            Some(Thing::Block(block)) => Linked {
                page: holder(model, block),
                block: Some(block),
            },
            Some(Thing::Object(_)) | None => Linked::default(),
        }
    }
}

/// The page a block holds.
pub fn holder(model: &Model, block: SwapBlock) -> Option<(ObjectId, PageIndex)> {
    model.owners.get(block.0 as usize).copied().flatten()
}

/// What selecting a thing does.
pub fn select(model: &Model, thing: Thing) -> Action {
    match thing {
        Thing::Page(object, page) => Action::SelectPage {
            object,
            page,
            extend: false,
        },
        Thing::Block(block) => Action::SelectBlock(block, holder(model, block)),
        Thing::Object(object) => select_whole(model, object),
    }
}

/// Selects all pages of an object.
pub fn select_whole(model: &Model, object: ObjectId) -> Action {
    let count = model.objects.get(&object).map_or(1, |object| object.size);
    let start = PageIndex(0);
    Action::SelectRange(object, swap_pager::command::PageRange { start, count })
}
