//! Random commands, random order of completion, failing disks: what must hold whatever happens.

#[path = "../common/mod.rs"]
mod common;
mod contents;
mod input;
mod oracle;
mod runs;
mod silent;
mod sound;
mod world;

use common::Machine;
use oracle::Oracle;
use proptest::prelude::*;
use runs::run;
use silent::Silent;
use sound::assert_sound;
use swap_pager::Command;
use swap_pager::command::OpResult;
use swap_pager::words::line::makes_line;
use swap_pager::words::wording::Names;
use world::World;

#[test]
fn the_state_is_sound_at_every_moment() {
    run("sound", 10, |inputs, config| {
        let mut world = World::new(config);
        for input in inputs {
            world.put_in(input);
            assert_sound(&world.machine);
        }
        world.settle();
        assert_sound(&world.machine);
        Ok(world.tally)
    });
}

#[test]
fn events_can_all_be_taken_back() {
    run("taken back", 10, |inputs, config| {
        let mut world = World::new(config);
        let start = world.machine.model.clone();
        for input in inputs {
            world.put_in(input);
        }
        let mut model = world.machine.model;
        for event in world.machine.events.iter().rev() {
            model.revert(event);
        }
        prop_assert_eq!(model, start);
        Ok(world.tally)
    });
}

#[test]
fn the_same_inputs_give_the_same_events() {
    run("the same again", 10, |inputs, config| {
        let mut world = World::new(config);
        for input in inputs {
            world.put_in(input);
        }
        world.settle();
        let mut again = World::new(config).machine;
        for logged in world.log {
            logged.put_into(&mut again);
        }
        prop_assert_eq!(again.events, world.machine.events);
        Ok(world.tally)
    });
}

#[test]
fn what_makes_a_line_is_known_without_its_words() {
    run("lines", 10, |inputs, config| {
        let mut world = World::new(config);
        for input in inputs {
            world.put_in(input);
        }
        let names = Names::of(&world.machine.model);
        for event in &world.machine.events {
            prop_assert_eq!(makes_line(event), names.read(1, event).is_some());
        }
        Ok(world.tally)
    });
}

/// Where no events are wanted, some things are done in one piece: it must not show.
#[test]
fn without_events_the_state_is_the_same() {
    run("without events", 10, |inputs, config| {
        let mut world = World::new(config);
        let mut silent = Silent::new(config);
        for input in inputs {
            let done = world.log.len();
            world.put_in(input);
            world.log[done..]
                .iter()
                .for_each(|logged| silent.put_in(logged));
            prop_assert_eq!(&silent.vm.snapshot(), &world.machine.model);
        }
        Ok(world.tally)
    });
}

/// What was written is what is read, on disks that fail as well: only a reported error excuses
/// anything else.
#[test]
fn what_was_written_is_read() {
    run("read back", 15, |inputs, config| {
        let mut world = World::new(config);
        for disk in 10..12 {
            // Swap enough for all, so that no one is killed.
            world.machine.swapon(disk, 4096);
        }
        let Machine { model, events, .. } = &world.machine;
        let mut oracle = Oracle::new(model.clone(), events.len());
        for input in inputs {
            // What is under way goes on with the object that the fork leaves behind, so that both
            // sides would see some of it.
            let forks = match input.command(&world.machine.model) {
                Some(Command::Fork { object }) => oracle.is_changing(object),
                _ => false,
            };
            if !forks {
                world.put_in(input);
                oracle.take_in(&world.machine.events);
            }
        }
        world.settle();
        oracle.take_in(&world.machine.events);
        // In the end all can be read, whatever failed before.
        let objects: Vec<_> = world.machine.model.objects.values().copied().collect();
        for object in objects {
            for page in 0..object.size {
                let done = world.machine.read(object.id, page, 1);
                prop_assert!(matches!(done, OpResult::Touched(_)), "{:?}", done);
            }
            oracle.take_in(&world.machine.events);
        }
        Ok(world.tally)
    });
}
