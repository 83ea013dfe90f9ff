//! What is known of a node of the radix tree.

use swap_pager::Model;
use swap_pager::units::SwapBlock;

use super::facts::Fact;
use crate::view::format::{capitalized, count, grouped, span};
use crate::view::machine::interleave;
use crate::view::tree::geometry::{Seen, covers, find, hidden_by, levels, look};
use crate::view::tree::words::{disk_name, name, state_words};
use crate::view::ui::Thing;

/// What a node is called.
pub fn title(model: &Model, index: u32) -> String {
    let image = model.blist.as_ref();
    let seen = image.and_then(|image| find(image, index));
    capitalized(seen.map(|seen| name(model, &seen)).unwrap_or_default())
}

/// What is known of a node.
pub fn of_node(model: &Model, index: u32) -> Vec<Fact> {
    let Some(image) = &model.blist else {
        return Vec::new();
    };
    let Some(seen) = find(image, index) else {
        return Vec::new();
    };
    let place = seen.place;
    let fact = |term, value: String, meaning| Fact {
        term,
        value,
        meaning,
        link: None,
    };
    let node = |term, seen: &Seen, meaning| Fact {
        link: Some(Thing::Node(seen.place.index)),
        ..fact(term, name(model, seen), meaning)
    };
    let end = place.end(image);
    let kind = if place.is_leaf() {
        "leaf: a bitmap"
    } else {
        "node: counts what is free below"
    };
    let mut facts = vec![
        fact(
            "Kind",
            kind.to_owned(),
            "A leaf has a bit for each of 32 blocks; any other node has up to 16 children.",
        ),
        Fact {
            link: Some(Thing::Block(SwapBlock(place.first))),
            ..fact(
                "Covers",
                span(place.first, end - 1),
                "The blocks it looks after.",
            )
        },
        fact(
            "State",
            state_words(&seen).to_owned(),
            "A node that is all free or all allocated is collapsed: nothing below it counts until \
             it is opened again.",
        ),
        fact(
            "Free",
            format!(
                "{} of {}",
                grouped(seen.free),
                count(end - place.first, "block")
            ),
            "Free blocks below it (bmu_avail); in a leaf, bits that are set.",
        ),
    ];
    if place.is_leaf() {
        facts.push(fact(
            "Bitmap",
            format!("{:#010x}", seen.node.value),
            "bmu_bitmap: bit 0, the last of the number, is the first block; a set bit is a free one.",
        ));
    }
    if seen.is_live() {
        facts.push(fact(
            "Hint",
            seen.node.hint.to_string(),
            "bm_bighint: a search for a longer run does not come in. It may be too high, never too \
             low.",
        ));
    }
    if let Some(above) = hidden_by(image, place.level, place.first) {
        let above = look(image, above.level, above.first);
        facts.push(node(
            "Hidden by",
            &above,
            "The collapsed node above it, which tells for all below.",
        ));
    }
    if let Some(level) = place.level.checked_sub(1) {
        let parent = look(image, level, place.first);
        facts.push(node("Parent", &parent, "The node that counts this one."));
    }
    if place.is_leaf() {
        let slot = interleave(model).slot_of(SwapBlock(place.first));
        facts.push(Fact {
            link: Some(Thing::Disk(slot)),
            ..fact(
                "Disk",
                disk_name(model, place.first),
                "A leaf is as long as a stripe, so all of its blocks are on one disk.",
            )
        });
    } else if place.level + 1 < levels(image) {
        let below = covers(image, place.level + 1);
        let children = (end - place.first).div_ceil(below);
        let first = look(image, place.level + 1, place.first);
        let meaning = "How many children it has; 16 unless the list ends before.";
        facts.push(fact("Children", children.to_string(), meaning));
        if first.is_live() {
            facts.push(node("First child", &first, meaning));
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    #[test]
    fn a_leaf_tells_its_bitmap_its_hint_and_its_disk() {
        let model = machine();
        let image = model.blist.as_ref().expect("there is a disk");
        let leaf = look(image, 3, 128).place.index;
        let facts = of_node(&model, leaf);
        let value = |term| {
            let fact = facts.iter().find(|fact| fact.term == term);
            fact.map(|fact| fact.value.as_str())
        };
        assert_eq!(title(&model, leaf), "Leaf 4 · disk 0");
        assert_eq!(value("Covers"), Some("128..159"));
        assert_eq!(value("Free"), Some("16 of 32 blocks"));
        assert_eq!(value("Bitmap"), Some("0xffff0000"));
        assert_eq!(value("Parent"), Some("node 0..511"));
        assert_eq!(value("Disk"), Some("disk 0"));
        assert_eq!(value("Children"), None);
    }

    #[test]
    fn what_is_no_node_has_no_facts() {
        let model = machine();
        assert!(of_node(&model, 1_000_000).is_empty());
        assert_eq!(title(&model, 1_000_000), "");
    }
}
