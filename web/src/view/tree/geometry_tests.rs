#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::view::machine::node_span;
use crate::view::test_machine::machine;
use swap_pager::Model;

fn image(model: &Model) -> &BlistImage {
    model.blist.as_ref().expect("the machine has a disk")
}

/// Whether a block is free, from the owners and the disks only.
fn is_free(model: &Model, block: u32) -> bool {
    let held = model.owners[block as usize].is_some();
    // One disk, in slot 0; its first stripe is reserved.
    !held && (block / 32).is_multiple_of(4) && block >= 128
}

#[test]
fn every_node_of_every_level_is_where_the_array_has_it() {
    let model = machine();
    let image = image(&model);
    assert_eq!(levels(image), 4);
    let mut seen = 0;
    for level in 0..levels(image) {
        let covers = covers(image, level);
        for first in (0..image.blocks).step_by(covers as usize) {
            let node = look(image, level, first);
            assert_eq!(node.place.first, first);
            assert_eq!(node.place.covers, covers);
            let span = node_span(&model, node.place.index);
            let span = span.map(|(block, n)| block.0..image.blocks.min(block.0 + n));
            assert_eq!(span, Some(first..node.place.end(image)));
            assert_eq!(
                find(image, node.place.index).map(|found| found.place),
                Some(node.place)
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 1 + 2 + 32 + 512);
}

#[test]
fn free_blocks_are_those_of_the_plain_bitmap() {
    let model = machine();
    let image = image(&model);
    let plain = |range: Range<u32>| range.filter(|&b| is_free(&model, b)).count() as u32;
    for range in [
        0..image.blocks,
        0..1,
        140..150,
        100..700,
        129..131,
        511..513,
        8000..9000,
        16000..16384,
        77..77,
    ] {
        assert_eq!(
            free_in(image, range.clone()),
            plain(range.clone()),
            "{range:?}"
        );
    }
    for level in 0..4 {
        for first in (0..image.blocks).step_by(covers(image, level) as usize) {
            let node = look(image, level, first);
            assert_eq!(node.free, plain(first..node.place.end(image)));
        }
    }
}

#[test]
fn what_stands_below_a_collapsed_node_is_stale() {
    let image = BlistImage {
        blocks: 1024,
        radix: 8192,
        skip: 272,
        nodes: {
            let mut nodes = vec![Node::default(); 40];
            nodes[0] = Node {
                value: 512,
                hint: 32,
            };
            nodes[1] = Node {
                value: 512,
                hint: 512,
            };
            nodes[18] = Node { value: 0, hint: 4 };
            nodes
        },
    };
    assert_eq!(look(&image, 1, 0).state, State::AllFree);
    assert!(look(&image, 1, 0).is_collapsed());
    assert_eq!(look(&image, 1, 512).state, State::AllUsed);
    assert_eq!(look(&image, 2, 40).state, State::Stale);
    assert_eq!(look(&image, 2, 40).free, 32);
    assert_eq!(look(&image, 2, 600).free, 0);
    assert_eq!(look(&image, 1, 1024).state, State::Absent);
    assert_eq!(free_in(&image, 500..530), 12);
    assert_eq!(next(&image, 2, 0), None);
    assert_eq!(find(&image, 35).map(|node| node.place.index), None);
}

#[test]
fn arrows_walk_to_parents_children_and_siblings() {
    let model = machine();
    let image = image(&model);
    let go = |from: Place, key| moved(image, from, key).map(|seen| seen.place);
    let root = Place::root(image);
    let below = go(root, "ArrowDown").expect("the root has children");
    assert_eq!((below.level, below.index), (1, 1));
    assert_eq!(go(below, "ArrowUp"), Some(root));
    assert_eq!(go(below, "ArrowLeft"), None);
    let next = go(below, "ArrowRight").expect("there are two");
    assert_eq!(next.first, 8192);
    assert_eq!(go(next, "ArrowRight"), None);
    assert_eq!(go(next, "Home"), Some(below));
    let leaf = look(image, 3, 128).place;
    assert_eq!(go(leaf, "ArrowDown"), None);
    assert_eq!(go(leaf, "ArrowRight").map(|leaf| leaf.first), Some(160));
    assert_eq!(go(leaf, "ArrowUp").map(|node| node.covers), Some(512));
}
