//! What belongs together: the page a block holds, the block a page has, and what both of them
//! have to do with nodes, metadata, transfers and events.

use swap_pager::command::{Command, PageRange};
use swap_pager::swap_meta::SWAP_META_PAGES;
use swap_pager::units::{IoId, ObjectId, PageIndex, SwapBlock};
use swap_pager::{Event, Model};

use super::machine::node_span;
use super::ui::{Action, Thing};
use crate::session::history::History;

/// What is to stand out in all views at once because one thing is pointed at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Pages of an object. The blocks they have stand out with them.
    pub pages: Option<(ObjectId, PageRange)>,
    /// Blocks from this one on, and how many. The pages they hold stand out with them.
    pub blocks: Option<(SwapBlock, u32)>,
    /// A transfer.
    pub io: Option<IoId>,
    /// A node of the radix tree.
    pub node: Option<u32>,
    /// An event.
    pub event: Option<u64>,
}

impl Linked {
    /// What belongs to a thing.
    pub fn of(model: &Model, history: &History, thing: Option<Thing>) -> Linked {
        let Some(thing) = thing else {
            return Linked::default();
        };
        let pages = |object, start, count| {
            let range = PageRange { start, count };
            Linked {
                pages: Some((object, range)),
                ..Linked::default()
            }
        };
        let blocks = |block, count| Linked {
            blocks: Some((block, count)),
            ..Linked::default()
        };
        match thing {
            Thing::Object(object) => {
                let size = model.objects.get(&object).map_or(0, |object| object.size);
                pages(object, PageIndex(0), size)
            }
            Thing::Page(object, page) => pages(object, page, 1),
            Thing::Block(block) => blocks(block, 1),
            // All of its blocks are in one column: the views mark that by themselves.
            Thing::Disk(_) | Thing::Op(_) => Linked::default(),
            Thing::Node(index) => {
                let span = node_span(model, index);
                Linked {
                    node: Some(index),
                    blocks: span,
                    ..Linked::default()
                }
            }
            Thing::Swblock(object, page) => pages(object, page, SWAP_META_PAGES),
            Thing::Transfer(io) => {
                let transfer = model.in_flight.iter().find(|transfer| transfer.io == io);
                Linked {
                    io: Some(io),
                    blocks: transfer.map(|transfer| (transfer.block, transfer.pages)),
                    ..Linked::default()
                }
            }
            Thing::Event(seq) => Linked {
                event: Some(seq),
                ..history.event(seq).map(Linked::of_event).unwrap_or_default()
            },
        }
    }

    /// What an event is about.
    pub fn of_event(event: &Event) -> Linked {
        let mut linked = Linked::default();
        let range = |start, count| PageRange { start, count };
        match event {
            Event::OpStarted { command, .. } | Event::OpEnded { command, .. } => {
                linked.pages = command_pages(command);
            }
            Event::GetSwapSpace { pages, found } => {
                linked.blocks = found.map(|block| (block, *pages));
            }
            Event::FreeSwapSpace { block, pages } => linked.blocks = Some((*block, *pages)),
            Event::SearchBegan { from, .. } => linked.blocks = Some((*from, 1)),
            Event::BlistNode { index, .. } => linked.node = Some(*index),
            Event::BlistVisited {
                index,
                block,
                covers,
                ..
            } => {
                linked.node = Some(*index);
                linked.blocks = Some((*block, *covers));
            }
            Event::SwblockAdded { object, index, .. }
            | Event::SwblockRemoved { object, index, .. } => {
                linked.pages = Some((*object, range(*index, SWAP_META_PAGES)));
            }
            Event::MetaSet {
                object,
                index,
                old,
                new,
            } => {
                linked.pages = Some((*object, range(*index, 1)));
                linked.blocks = new.or(*old).map(|block| (block, 1));
            }
            Event::PageInserted { page, .. } | Event::PageRemoved { page, .. } => {
                linked.pages = Some((page.object, range(page.index, 1)));
            }
            Event::PageChanged { object, index, .. } | Event::PageBytes { object, index, .. } => {
                linked.pages = Some((*object, range(*index, 1)));
            }
            Event::PutPages {
                object,
                start,
                count,
                ..
            }
            | Event::GetPages {
                object,
                start,
                count,
                ..
            } => linked.pages = Some((*object, range(*start, *count))),
            Event::PutPagesReturned {
                object,
                start,
                rtvals,
            } => linked.pages = Some((*object, range(*start, rtvals.len() as u32))),
            Event::IoStarted { transfer } | Event::IoDone { transfer, .. } => {
                linked.io = Some(transfer.io);
                linked.blocks = Some((transfer.block, transfer.pages));
            }
            _ => {}
        }
        linked
    }

    /// Whether a page stands out: by itself, or because its block does.
    pub fn has_page(&self, model: &Model, object: ObjectId, page: PageIndex) -> bool {
        self.pages
            .is_some_and(|(of, range)| of == object && (range.start..range.end()).contains(&page))
            || self.blocks.is_some_and(|blocks| {
                let block = model.swap.get(&(object, page));
                block.is_some_and(|block| within(*block, blocks))
            })
    }

    /// Whether a block stands out: by itself, or because its page does.
    pub fn has_block(&self, model: &Model, block: SwapBlock) -> bool {
        self.blocks.is_some_and(|blocks| within(block, blocks))
            || self.pages.is_some_and(|(object, range)| {
                let page = holder(model, block);
                page.is_some_and(|(of, page)| {
                    of == object && (range.start..range.end()).contains(&page)
                })
            })
    }

    /// Whether nothing stands out.
    pub fn is_none(&self) -> bool {
        *self == Linked::default()
    }

    /// The first block that stands out.
    pub fn first_block(&self, model: &Model) -> Option<SwapBlock> {
        let of_page = || {
            let (object, range) = self.pages?;
            let keys = (object, range.start)..(object, range.end());
            model.swap.range(keys).next().map(|(_, block)| *block)
        };
        self.blocks.map(|(block, _)| block).or_else(of_page)
    }
}

fn within(block: SwapBlock, (first, count): (SwapBlock, u32)) -> bool {
    block.0.wrapping_sub(first.0) < count
}

fn command_pages(command: &Command) -> Option<(ObjectId, PageRange)> {
    match command {
        Command::Write { object, page, .. } => {
            let (start, count) = (*page, 1);
            Some((*object, PageRange { start, count }))
        }
        Command::Fill { object, range, .. }
        | Command::Read { object, range }
        | Command::Pageout { object, range, .. }
        | Command::Free { object, range }
        | Command::Direct { object, range, .. } => Some((*object, *range)),
        _ => None,
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
        other => Action::Look(other),
    }
}

/// Selects all pages of an object.
pub fn select_whole(model: &Model, object: ObjectId) -> Action {
    let count = model.objects.get(&object).map_or(1, |object| object.size);
    let start = PageIndex(0);
    Action::SelectRange(object, PageRange { start, count })
}
