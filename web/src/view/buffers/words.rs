//! Transfers and wait channels in words.

use swap_pager::Model;
use swap_pager::event::{IoCmd, Transfer};

use crate::view::Panel;
use crate::view::format::{count, span};
use crate::view::link::Linked;
use crate::view::look::object_name;
use crate::view::ui::Thing;

/// What a wait channel of this name means.
pub fn meaning(wmesg: &str) -> &'static str {
    match wmesg {
        "swread" => "page-ins, until the disk has brought the page",
        "swwrt" => "page-outs that wait for their own write",
        "wswbuf0" => "a limit on buffers is reached",
        "wswbuf1" => "all buffers are in use",
        "vmwait" => "no frame is free; the daemon has to make one so",
        "vmpfw" => "page faults on a page that is in transfer",
        "vmopar" => "operations that need a page which is in transfer",
        "bpchain" => "requests made of several transfers, until all are over",
        "swpdea" => "objects that end, while they are still paging",
        "objtrm" => "objects that end, until their last transfer is over",
        "vocol" => "forks and collapses, while an object is still paging",
        "swpoff" => "a disk is switched off once its blocks are empty",
        "psleep" => "the daemon rests until memory runs short",
        _ => "until someone wakes it",
    }
}

/// The columns of a transfer: what it does, between which blocks and which disk, and for what.
pub fn columns(model: &Model, transfer: &Transfer) -> [String; 4] {
    let cmd = match transfer.cmd {
        IoCmd::Read => "↓ read",
        IoCmd::Write => "↑ write",
    };
    let last = |first: u32| first + transfer.pages - 1;
    let place = transfer.place.map_or("no disk".to_owned(), |place| {
        let (disk, at) = (place.device, place.block.0);
        format!("{disk}, {}", span(at, last(at)))
    });
    let object = transfer.object.map_or(String::new(), |(object, page)| {
        let name = object_name(model, object);
        format!("{name} {}", span(page.0, last(page.0)))
    });
    [
        format!("{cmd} {}", count(transfer.pages, "page")),
        span(transfer.block.0, last(transfer.block.0)),
        place,
        object,
    ]
}

/// Whether a transfer stands out because something is pointed at or selected. All of an object
/// is too much to point out.
pub fn stands_out(panel: &Panel, model: &Model, thing: Option<Thing>, transfer: &Transfer) -> bool {
    if matches!(thing, None | Some(Thing::Object(_))) {
        return false;
    }
    let linked = Linked::of(model, &panel.session.history(), thing);
    let meets =
        |first: u32, count: u32, own: u32| first < own + transfer.pages && own < first + count;
    let blocks = linked.blocks;
    let pages = linked.pages.zip(transfer.object);
    linked.io == Some(transfer.io)
        || blocks.is_some_and(|(block, count)| meets(block.0, count, transfer.block.0))
        || pages.is_some_and(|((object, range), (own, page))| {
            object == own && meets(range.start.0, range.count, page.0)
        })
}

/// A transfer in a line.
pub fn transfer_words(model: &Model, transfer: &Transfer) -> String {
    let [what, blocks, place, object] = columns(model, transfer);
    let of = if object.is_empty() { "" } else { " of " };
    format!("{what}{of}{object}, swap blocks {blocks}, {place}")
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;
    use swap_pager::buf::BufId;
    use swap_pager::event::Place;
    use swap_pager::units::{DeviceBlock, DeviceId, IoId, ObjectId, PageIndex, SlotId, SwapBlock};

    #[test]
    fn a_transfer_tells_both_ends() {
        let transfer = Transfer {
            io: IoId(3),
            buf: BufId(0),
            cmd: IoCmd::Write,
            block: SwapBlock(132),
            pages: 16,
            place: Some(Place {
                device: DeviceId(0),
                slot: SlotId(0),
                block: DeviceBlock(36),
            }),
            object: Some((ObjectId(1), PageIndex(48))),
        };
        assert_eq!(
            transfer_words(&machine(), &transfer),
            "↑ write 16 pages of heap 48..63, swap blocks 132..147, disk 0, 36..51"
        );
    }
}
