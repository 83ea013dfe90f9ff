//! Other stripes than the original's, and the ways to find room that came later.

mod common;

use common::{HEAP, Machine};
use swap_pager::command::Pattern;
use swap_pager::event::{IoCmd, Transfer};
use swap_pager::units::{ObjectId, PageIndex, SlotId, SwapBlock};
use swap_pager::{Config, Event, Policy};

fn machine(config: Config, disks: &[u32]) -> Machine {
    let mut machine = Machine::new(config);
    for (disk, pages) in (0..).zip(disks) {
        machine.swapon(disk, *pages);
    }
    machine.create(Some("heap"), 512);
    machine
}

fn with(policy: Policy) -> Config {
    Config {
        policy,
        ..Config::default()
    }
}

fn page_out(machine: &mut Machine, start: u32, count: u32) {
    machine.fill(HEAP, start, count, Pattern::Label(1));
    machine.pageout(HEAP, start, count);
}

fn writes(machine: &Machine) -> Vec<&Transfer> {
    fn write(event: &Event) -> Option<&Transfer> {
        match event {
            Event::IoStarted { transfer } if transfer.cmd == IoCmd::Write => Some(transfer),
            _ => None,
        }
    }
    machine.events.iter().filter_map(write).collect()
}

/// The disks that writes went to, from this write on.
fn disks(machine: &Machine, from: usize) -> Vec<u32> {
    let places = writes(machine).into_iter().skip(from);
    let places = places.filter_map(|write| write.place);
    places.map(|place| place.device.0).collect()
}

fn block(machine: &Machine, page: u32) -> Option<u32> {
    let block = machine.model.swap.get(&(HEAP, PageIndex(page)));
    block.map(|block| block.0)
}

#[test]
fn a_cluster_is_cut_where_a_short_stripe_ends() {
    let config = Config {
        stripe: 8,
        ..Config::default()
    };
    let mut machine = machine(config, &[1024; 4]);
    page_out(&mut machine, 0, 32);
    // A leaf has four stripes here, one a disk: putpages gets 16 blocks in a row, keeps what is on
    // one disk, gives the others back, and comes again.
    let sizes: Vec<_> = writes(&machine).iter().map(|write| write.pages).collect();
    assert_eq!(sizes, [8; 4]);
    assert_eq!(disks(&machine, 0), [0, 1, 2, 3]);
    let sought = machine.events.iter().filter_map(|event| match event {
        Event::GetSwapSpace { pages, .. } => Some(*pages),
        _ => None,
    });
    assert_eq!(sought.collect::<Vec<_>>(), [16, 8, 16, 8]);
    assert_eq!(machine.model.free, 4 * (1024 - 8) - 32);
    for device in machine.model.slots.iter().flatten() {
        assert_eq!(device.used, 8, "{}", device.id);
    }
}

#[test]
fn reserved_room_is_counted_on_the_disks_it_lies_on() {
    let config = Config {
        stripe: 16,
        ..Config::default()
    };
    let mut machine = machine(config, &[1024; 2]);
    machine.direct_write(HEAP, 0, 64);
    let used = machine.model.slots.iter().flatten();
    assert_eq!(used.map(|device| device.used).collect::<Vec<_>>(), [32, 32]);
}

#[test]
fn a_transfer_of_a_long_stripe_is_no_longer_than_the_kernel_can_move() {
    let config = Config {
        stripe: 128,
        ..Config::default()
    };
    let mut machine = machine(config, &[4096; 4]);
    machine.direct_write(HEAP, 0, 128);
    let sizes: Vec<_> = writes(&machine).iter().map(|write| write.pages).collect();
    assert_eq!(sizes, [32; 4]);
    assert_eq!(disks(&machine, 0), [0; 4]);
}

#[test]
fn next_fit_goes_on_where_it_was_and_comes_round() {
    let first = |policy| {
        let mut machine = machine(with(policy), &[256]);
        // 64 pages over two leaves; the first leaf is given back, and 16 more go out.
        page_out(&mut machine, 0, 64);
        machine.free(HEAP, 0, 32);
        page_out(&mut machine, 96, 16);
        machine
    };
    let original = first(Policy::FirstFit);
    assert_eq!(block(&original, 96), Some(128), "first fit takes the hole");
    let began = |event: &&Event| matches!(event, Event::SearchBegan { .. });
    assert_eq!(original.events.iter().find(began), None);

    let mut next = first(Policy::NextFit);
    assert_eq!(block(&next, 96), Some(384), "next fit leaves it behind");
    let last = next.events.iter().rev().find(began);
    let from = SwapBlock(256);
    assert_eq!(last, Some(&Event::SearchBegan { from, slot: None }));
    // The disk has 224 pages that can be used, so what follows comes to its end.
    page_out(&mut next, 112, 144);
    assert_eq!(block(&next, 256), None);
    page_out(&mut next, 256, 32);
    assert_eq!(block(&next, 256), Some(128), "and then it is found");
    let searches: Vec<_> = next.events.iter().filter(began).collect();
    let from = SwapBlock(0);
    assert!(searches.contains(&&Event::SearchBegan { from, slot: None }));
}

#[test]
fn round_robin_takes_the_disks_in_turn() {
    let mut machine = machine(with(Policy::RoundRobin), &[96, 4096, 4096]);
    page_out(&mut machine, 0, 16 * 9);
    assert_eq!(disks(&machine, 0), [0, 1, 2, 0, 1, 2, 0, 1, 2]);
    // The small disk has room for one more.
    page_out(&mut machine, 16 * 9, 16 * 6);
    assert_eq!(disks(&machine, 9), [0, 1, 2, 1, 2, 1]);
    let last = machine.events.iter().rev().find_map(|event| match event {
        Event::SearchBegan { slot, .. } => *slot,
        _ => None,
    });
    assert_eq!(last, Some(SlotId(1)));
}

#[test]
fn round_robin_needs_a_leaf_that_lies_on_one_disk() {
    let config = Config {
        stripe: 8,
        ..with(Policy::RoundRobin)
    };
    assert_eq!(config.interleave().stripe(), 32);
    assert_eq!(Machine::new(config).model.interleave.stripe(), 32);
    assert_eq!(Machine::new(config).model.policy, Policy::RoundRobin);
}

/// A hint that is too low would hide room for good.
#[test]
fn whatever_is_free_is_found_in_every_policy() {
    for policy in Policy::ALL {
        let mut machine = machine(with(policy), &[96, 160, 128]);
        let all = machine.model.free;
        for round in 0..40u32 {
            page_out(&mut machine, round * 37 % 300, 9 + round % 23);
            machine.free(HEAP, round * 53 % 300, 5 + round % 19);
        }
        let left = machine.model.free;
        machine.create(None, all);
        machine.direct_write(ObjectId(2), 0, left);
        assert_eq!(machine.model.free, 0, "{policy}");
    }
}

#[test]
fn what_is_as_in_the_original_is_not_stored() -> Result<(), serde_json::Error> {
    let text = serde_json::to_string(&Config::default())?;
    assert!(
        !text.contains("stripe") && !text.contains("policy"),
        "{text}"
    );
    let config = Config {
        stripe: 8,
        ..with(Policy::NextFit)
    };
    let text = serde_json::to_string(&config)?;
    assert!(
        text.ends_with(r#","stripe":8,"policy":"nextfit"}"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Config>(&text)?, config);
    let old = r#"{"nswdev":4,"nswbuf":32,"lowat":128,"hiwat":512,"swap_zone":65536}"#;
    assert_eq!(serde_json::from_str::<Config>(old)?, Config::default());
    Ok(())
}
