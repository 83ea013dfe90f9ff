//! How many events paging takes, and how large they are.

mod common;

use std::collections::BTreeMap;

use swap_pager::command::Pattern;
use swap_pager::{Config, Event};

use common::{HEAP, Machine};

const PAGES: u32 = 16_000;

/// What history keeps for a page that is filled, paged out and read back, by kind of event. Run it
/// with `--ignored --nocapture`.
#[test]
#[ignore = "prints figures and checks nothing"]
fn events_of_a_page() {
    let mut machine = Machine::new(Config {
        frames: PAGES + 4096,
        ..Config::default()
    });
    for disk in 0..4 {
        machine.swapon(disk, PAGES / 4 + 64);
    }
    machine.create(Some("heap"), PAGES);
    println!("an event has {} bytes", size_of::<Event>());
    machine.fill(HEAP, 0, PAGES, Pattern::Label(1));
    tell(&mut machine, "filled");
    machine.pageout(HEAP, 0, PAGES);
    tell(&mut machine, "paged out");
    machine.read(HEAP, 0, PAGES);
    tell(&mut machine, "paged in");
}

fn tell(machine: &mut Machine, what: &str) {
    let events = std::mem::take(&mut machine.events);
    let per_page = events.len() as f64 / f64::from(PAGES);
    let bytes = per_page * size_of::<Event>() as f64;
    println!("{what}: {per_page:.2} events a page, {bytes:.0} bytes");
    let mut kinds = BTreeMap::<String, u32>::new();
    for event in &events {
        let shown = format!("{event:?}");
        let kind = shown.split([' ', '{']).next().unwrap_or_default();
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    for (kind, n) in kinds {
        println!("    {kind}: {:.3}", f64::from(n) / f64::from(PAGES));
    }
}
