//! What the views ask of the model, besides what it says by itself.

use swap_pager::Model;
use swap_pager::blist::{BMAP_RADIX, META_RADIX};
use swap_pager::stripe::Interleave;
use swap_pager::units::{ObjectId, PageIndex, SwapBlock};

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
            Some(device) if at.0 < device.pages => {
                if at.0 < model.interleave.stripe() {
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

    /// What that means, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Holds::Page(..) => "These 4 096 bytes of swap hold a page of an object.",
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

/// The first block that a node of the radix tree covers, and how many; `None` if there is no such
/// node, or it only marks the end of its parent's children.
pub fn node_span(model: &Model, index: u32) -> Option<(SwapBlock, u32)> {
    let blist = model.blist.as_ref()?;
    let (mut at, mut first, mut covers, mut skip) = (0, 0, blist.radix, blist.skip);
    while at != index {
        if covers <= BMAP_RADIX || index < at {
            return None;
        }
        let stride = skip / META_RADIX;
        let child = (index - at - 1) / stride;
        if child >= META_RADIX {
            return None;
        }
        (covers, skip) = (covers / META_RADIX, stride - 1);
        at += 1 + child * stride;
        first += child * covers;
    }
    let node = blist.nodes.get(index as usize)?;
    let count = covers.min(blist.blocks.saturating_sub(first));
    (!node.is_terminator()).then_some((SwapBlock(first), count))
}

/// How blocks are dealt out to the slots of a model.
pub fn interleave(model: &Model) -> Interleave {
    model.interleave
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::{machine, range};

    #[test]
    fn blocks_without_a_page_say_why() {
        let model = machine();
        assert_eq!(holds(&model, SwapBlock(0)), Holds::Reserved);
        assert_eq!(holds(&model, SwapBlock(32)), Holds::NoDisk);
        assert_eq!(holds(&model, SwapBlock(150)), Holds::Free);
    }

    #[test]
    fn every_node_that_a_search_visits_is_where_it_says() {
        let mut vm = swap_pager::Vm::new(Default::default(), swap_pager::EventQueue::new());
        let commands = [
            swap_pager::Command::SwapOn {
                disk: swap_pager::units::DeviceId(0),
                pages: 4096,
            },
            swap_pager::Command::Create {
                name: None,
                pages: 64,
            },
            swap_pager::Command::Fill {
                object: ObjectId(1),
                range: range(0, 64),
                pattern: swap_pager::command::Pattern::Byte(1),
            },
            swap_pager::Command::Pageout {
                object: ObjectId(1),
                range: range(0, 64),
                sync: false,
            },
        ];
        for command in commands {
            assert!(vm.apply(command).is_ok());
            while let Some(io) = vm.poll_io() {
                assert!(vm.complete(io.io, Ok(Vec::new())).is_ok());
            }
        }
        let model = vm.snapshot();
        let mut visited = 0;
        while let Some(event) = vm.poll_event() {
            if let swap_pager::Event::BlistVisited {
                index,
                block,
                covers,
                ..
            } = event
            {
                assert_eq!(node_span(&model, index), Some((block, covers)));
                visited += 1;
            }
        }
        assert!(visited > 10, "{visited} visits");
    }
}
