//! What holds of the state at every moment.

use std::collections::BTreeSet;

use swap_pager::page::Queue;
use swap_pager::swap_meta::SWAP_META_PAGES;
use swap_pager::units::SlotId;
use swap_pager::{Event, ModelPage};

use crate::common::Machine;

pub fn assert_sound(machine: &Machine) {
    let model = &machine.model;
    assert_eq!(
        &machine.vm.snapshot(),
        model,
        "the fold of the events is the state"
    );

    let blocks: BTreeSet<_> = model.swap.values().collect();
    assert_eq!(blocks.len(), model.swap.len(), "no block holds two pages");
    let blist = machine.vm.pager().space.blist();
    for &block in model.swap.values() {
        assert!(
            blist.is_some_and(|blist| !blist.any_free(block, 1)),
            "{block} is not allocated"
        );
    }
    // What is free on a device that is being switched off counts no more.
    let devices = || model.slots.iter().flatten();
    let usable = devices().map(|device| match device.closing {
        true => device.used,
        false => i64::from(device.pages.saturating_sub(model.interleave.stripe())),
    });
    let used: i64 = devices().map(|device| device.used).sum();
    let free = i64::from(model.free);
    assert_eq!(free + used, usable.sum::<i64>(), "used and free are all");
    // A putpages that sleeps may have blocks in hand that are not entered yet.
    let in_hand = used - model.swap.len() as i64;
    let daemon_idle = model
        .daemon
        .is_some_and(|channel| channel.wmesg == "psleep");
    let idle = model.ops.is_empty() && daemon_idle;
    assert!(
        in_hand == 0 || (in_hand > 0 && !idle),
        "what is used is mapped"
    );

    let interleave = model.interleave;
    for (slot, device) in (0..).map(SlotId).zip(&model.slots) {
        let blocks = model.swap.values();
        let there = blocks.filter(|block| interleave.slot_of(**block) == slot);
        let there = there.count() as i64;
        let used = device.map_or(0, |device| device.used);
        assert!(
            used == there || (used > there && !idle),
            "{slot} counts {used} in use, and {there} are mapped"
        );
    }
    for transfer in &model.in_flight {
        assert!(
            interleave.same_stripe(
                transfer.block,
                transfer.block.offset(transfer.pages.saturating_sub(1))
            ) && transfer.pages <= 32,
            "{transfer:?} is more than a device takes at once"
        );
    }
    let no_place =
        |event: &&Event| matches!(event, Event::IoStarted { transfer } if transfer.place.is_none());
    assert_eq!(machine.events.iter().rev().take(300).find(no_place), None);

    let swblocks = || model.chains.iter().flatten();
    for object in model.objects.values() {
        let count = swblocks().filter(|(id, _)| *id == object.id).count();
        assert_eq!(
            object.swp_bcount as usize, count,
            "{} counts its metadata",
            object.id
        );
    }
    let dying = model.objects.values().find(|object| object.dead);
    assert!(
        dying.is_none() || !model.ops.is_empty(),
        "{dying:?} is taken apart by someone"
    );
    for &(object, first) in swblocks() {
        let pages = (object, first)..(object, first.offset(SWAP_META_PAGES));
        assert!(
            model.swap.range(pages).next().is_some(),
            "no metadata block is empty"
        );
    }
    let table = &machine.vm.pager().pages;
    assert_eq!(
        table.free_count() + model.pages.len() as u32,
        model.frames,
        "no frame is lost"
    );
    for queue in [Queue::Inactive, Queue::Active, Queue::Cache] {
        let on_it = model
            .pages
            .values()
            .filter(|page| page.state.queue == queue)
            .count();
        assert_eq!(table.queues().count(queue) as usize, on_it, "{queue:?}");
    }
    let lost = |page: &&ModelPage| page.state.queue == Queue::Cache && page.state.dirty;
    assert_eq!(
        model.pages.values().find(lost),
        None,
        "what may be taken any time is clean"
    );
    for (&(object, index), page) in &model.pages {
        assert!(
            model.objects.contains_key(&object),
            "{object} {index} belongs to an object"
        );
        let flying = model.in_flight.iter().any(|transfer| {
            let first = transfer.object.filter(|(id, _)| *id == object);
            first.is_some_and(|(_, first)| (first.0..first.0 + transfer.pages).contains(&index.0))
        });
        assert_eq!(page.state.swap_in_progress, flying, "{object} {index}");
    }
}
