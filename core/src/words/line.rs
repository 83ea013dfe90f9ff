//! A line of the log.

use crate::Event;
use crate::command::PageRange;
use crate::object::ObjectKind;
use crate::units::{ObjectId, PageIndex, SwapBlock};

/// What kind of line it is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A person's command.
    Command,
    /// What the kernel does.
    Step,
    /// Someone sleeps or wakes.
    Sleep,
    /// A command is over.
    Result,
    /// The kernel printed it.
    Message,
    /// Something failed.
    Failure,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Pages of an object.
    Pages(ObjectId, PageRange),
    /// An object.
    Object(ObjectId),
    /// Blocks from this one on.
    Block(SwapBlock),
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The number of the event, of the last one if several are told together.
    pub seq: u64,
    /// How deep inside an operation it happened.
    pub depth: u8,
    /// What was done.
    pub head: String,
    /// To what, and how it came out.
    pub rest: String,
    /// What kind of line it is.
    pub tone: Tone,
    /// What it is about.
    pub about: Option<About>,
    /// What it tells of single pages or blocks, so that the next can be told with it.
    pub run: Option<Run>,
}

/// Whether an event makes a line: what [`Names::read`](super::wording::Names::read) would say,
/// without the words.
#[inline]
pub fn makes_line(event: &Event) -> bool {
    match event {
        Event::OpStarted { .. }
        | Event::OpSlept { .. }
        | Event::OpWoken { .. }
        | Event::OpEnded { .. }
        | Event::Message { .. }
        | Event::FullChanged { .. }
        | Event::SearchBegan { .. }
        | Event::GetSwapSpace { .. }
        | Event::ObjectCreated { .. }
        | Event::ObjectDestroyed { .. }
        | Event::PutPages { .. }
        | Event::PutPagesReturned { .. }
        | Event::GetPages { .. }
        | Event::IoStarted { .. }
        | Event::IoDone { .. } => true,
        Event::DeviceChanged { old, new, .. } => old.is_some() || new.is_some(),
        Event::ObjectChanged { old, new } => old.kind != new.kind && new.kind == ObjectKind::Swap,
        _ => Run::of(event).is_some(),
    }
}

/// How many lines back neighbours are looked for: what frees a page tells of its block and of
/// its metadata in turn.
pub const LOOK_BACK: usize = 3;

/// Neighbours told in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The object and first page, if it is about pages.
    pub page: Option<(ObjectId, PageIndex)>,
    /// The first block, if it is about blocks.
    pub block: Option<SwapBlock>,
    /// How many.
    pub pages: u32,
    /// What happens to them.
    pub deed: Deed,
}

/// What happens to pages or blocks that can be told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// They are entered in the metadata.
    Build,
    /// They are taken out of the metadata.
    Forget,
    /// They go back to the free space.
    Free,
    /// They are asked of the pager one at a time.
    Ask,
}

impl Run {
    /// What an event tells that is told together with what comes before and after it.
    #[inline]
    pub fn of(event: &Event) -> Option<Run> {
        let (page, block, pages, deed) = match *event {
            Event::MetaSet {
                object, index, new, ..
            } => {
                let deed = new.map_or(Deed::Forget, |_| Deed::Build);
                (Some((object, index)), new, 1, deed)
            }
            Event::FreeSwapSpace { block, pages } if pages > 0 => {
                (None, Some(block), pages, Deed::Free)
            }
            Event::GetPages {
                object,
                start,
                count: 1,
                ..
            } => (Some((object, start)), None, 1, Deed::Ask),
            _ => return None,
        };
        Some(Run {
            page,
            block,
            pages,
            deed,
        })
    }

    /// The run that has both, if `next` follows on.
    #[inline]
    pub fn with(self, next: Run) -> Option<Run> {
        let follows = |a: Option<u32>, b: Option<u32>| match (a, b) {
            (Some(a), Some(b)) => a.checked_add(self.pages) == Some(b),
            (None, None) => true,
            _ => false,
        };
        let same_object = self.page.map(|page| page.0) == next.page.map(|page| page.0);
        let joined = self.deed == next.deed
            && same_object
            && follows(
                self.page.map(|page| page.1.0),
                next.page.map(|page| page.1.0),
            )
            && follows(
                self.block.map(|block| block.0),
                next.block.map(|block| block.0),
            );
        joined.then_some(Run {
            pages: self.pages + next.pages,
            ..self
        })
    }
}
