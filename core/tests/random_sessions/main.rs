//! Random commands, random order of completion, failing disks: what must hold whatever happens.

#[path = "../common/mod.rs"]
mod common;
mod input;
mod runs;
mod sound;
mod world;

use std::collections::BTreeMap;

use input::Input;
use proptest::prelude::*;
use runs::run;
use sound::assert_sound;
use swap_pager::Command;
use swap_pager::command::{DirectCmd, OpResult};
use swap_pager::units::{ObjectId, PageIndex};
use world::World;

#[test]
fn the_state_is_sound_at_every_moment() {
    run("sound", 10, |inputs, tight_memory| {
        let mut world = World::new(tight_memory);
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
    run("taken back", 10, |inputs, tight_memory| {
        let mut world = World::new(tight_memory);
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
    run("the same again", 10, |inputs, tight_memory| {
        let mut world = World::new(tight_memory);
        for input in inputs {
            world.put_in(input);
        }
        world.settle();
        let mut again = World::new(tight_memory).machine;
        for logged in world.log {
            logged.put_into(&mut again);
        }
        prop_assert_eq!(again.events, world.machine.events);
        Ok(world.tally)
    });
}

/// With disks that don't fail, each page reads back as what was last written to it.
#[test]
fn what_was_written_is_read() {
    run("read back", 0, |inputs, tight_memory| {
        let mut expected: BTreeMap<(ObjectId, PageIndex), [u8; 4096]> = BTreeMap::new();
        let mut world = World::new(tight_memory);
        for disk in 10..14 {
            // Swap enough for all, so that no one is killed.
            world.machine.swapon(disk, 4096);
        }
        for input in inputs {
            // Given-up pages may read as anything that was ever written to them.
            if matches!(input, Input::Free { .. }) {
                continue;
            }
            // One command after the other, so that the order of writes is known.
            if !matches!(input, Input::Lost { .. } | Input::Complete { .. }) {
                world.settle();
                let accepted = |command: &Command| world.machine.vm.check(command).is_ok();
                let command = input.command(&world.machine).filter(accepted);
                world.put_in(input);
                world.settle();
                if let (Some(command), Some(result)) = (command, world.machine.last_result()) {
                    note_write(&command, &result, &mut expected);
                }
                continue;
            }
            world.put_in(input);
        }
        world.settle();
        let mut machine = world.machine;
        let objects: Vec<_> = machine.model.objects.values().copied().collect();
        for object in objects {
            for page in 0..object.size {
                let done = machine.read(object.id, page, 1);
                prop_assert!(matches!(done, OpResult::Touched(_)), "{:?}", done);
                let key = (object.id, PageIndex(page));
                let expected = expected.get(&key).copied().unwrap_or([0; 4096]);
                prop_assert_eq!(machine.seen(object.id, page), expected, "{:?}", key);
            }
        }
        Ok(world.tally)
    });
}

/// The keys of all pages of an object.
fn pages_of(object: ObjectId) -> std::ops::RangeInclusive<(ObjectId, PageIndex)> {
    (object, PageIndex(0))..=(object, PageIndex(u32::MAX))
}

/// What a command makes of the bytes.
fn note_write(
    command: &Command,
    result: &OpResult,
    bytes: &mut BTreeMap<(ObjectId, PageIndex), [u8; 4096]>,
) {
    if matches!(result, OpResult::Failed { .. }) {
        return;
    }
    if let (Command::Fork { object }, OpResult::Forked { parent, child }) = (command, result) {
        let shared: Vec<_> = bytes
            .range(pages_of(*object))
            .map(|(k, v)| (k.1, *v))
            .collect();
        for (index, content) in shared {
            bytes.insert((*parent, index), content);
            bytes.insert((*child, index), content);
        }
        return;
    }
    match command {
        Command::Direct { object, range, io } => {
            for index in range.start.0..range.end().0 {
                let key = (*object, PageIndex(index));
                match io {
                    DirectCmd::Read => {}
                    DirectCmd::Delete => {
                        bytes.remove(&key);
                    }
                    DirectCmd::Write(pattern) => {
                        bytes.insert(key, pattern.bytes(*object, key.1));
                    }
                }
            }
        }
        Command::Fill {
            object,
            range,
            pattern,
        } => {
            for index in range.start.0..range.end().0 {
                let page = PageIndex(index);
                bytes.insert((*object, page), pattern.bytes(*object, page));
            }
        }
        Command::Write {
            object,
            page,
            offset,
            text,
        } => {
            let offset = *offset as usize;
            if let Some(room) = bytes
                .entry((*object, *page))
                .or_insert([0; 4096])
                .get_mut(offset..offset + text.len())
            {
                room.copy_from_slice(text.as_bytes());
            }
        }
        _ => {}
    }
}
