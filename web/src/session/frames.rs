//! What each frame of memory holds at the moment that is shown: the model finds pages by object
//! and index, this finds them by frame. It is kept event by event, so no view has to walk all
//! pages.

use swap_pager::Event;
use swap_pager::event::PageRecord;
use swap_pager::page::{Frame, Queue};
use swap_pager::units::{ObjectId, PageIndex};

/// Frames of a group: what a picture of all memory shows as one.
pub const GROUP: u32 = 32;

/// What the frames hold.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    holds: Vec<Option<(ObjectId, PageIndex)>>,
    /// Frames in use of each group.
    used: Vec<u8>,
    /// Pages on no list, inactive, active and in the cache.
    queues: [u32; 4],
}

impl Frames {
    /// The page in a frame.
    pub fn holds(&self, frame: u32) -> Option<(ObjectId, PageIndex)> {
        self.holds.get(frame as usize).copied().flatten()
    }

    /// Frames in use of a group.
    pub fn used(&self, group: u32) -> u32 {
        self.used.get(group as usize).copied().unwrap_or(0).into()
    }

    /// Pages on a list.
    pub fn queue(&self, queue: Queue) -> u32 {
        self.queues[place(queue)]
    }

    /// Pages in memory.
    pub fn resident(&self) -> u32 {
        self.queues.iter().sum()
    }

    /// The nearest frame in use, `step` frames on and on from one.
    pub fn next_used(&self, from: u32, step: i64) -> Option<u32> {
        let mut at = i64::from(from);
        loop {
            at += step;
            let frame = usize::try_from(at).ok()?;
            if self.holds.get(frame)?.is_some() {
                return u32::try_from(frame).ok();
            }
        }
    }

    /// One more than the last frame that was ever in use.
    pub fn end(&self) -> u32 {
        self.holds.len() as u32
    }

    /// Takes in the next event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::PageInserted { frame, page } => self.insert(*frame, page),
            Event::PageRemoved { frame, page } => self.remove(*frame, page),
            Event::PageChanged { old, new, .. } => self.requeue(old.queue, new.queue),
            _ => {}
        }
    }

    /// Takes back the event that was taken in last.
    pub fn revert(&mut self, event: &Event) {
        match event {
            Event::PageInserted { frame, page } => self.remove(*frame, page),
            Event::PageRemoved { frame, page } => self.insert(*frame, page),
            Event::PageChanged { old, new, .. } => self.requeue(new.queue, old.queue),
            _ => {}
        }
    }

    fn insert(&mut self, frame: Frame, page: &PageRecord) {
        let (frame, group) = (frame.0 as usize, (frame.0 / GROUP) as usize);
        if self.holds.len() <= frame {
            self.holds.resize(frame + 1, None);
            self.used.resize(group + 1, 0);
        }
        self.holds[frame] = Some((page.object, page.index));
        self.used[group] += 1;
        self.queues[place(page.state.queue)] += 1;
    }

    fn remove(&mut self, frame: Frame, page: &PageRecord) {
        self.holds[frame.0 as usize] = None;
        self.used[(frame.0 / GROUP) as usize] -= 1;
        self.queues[place(page.state.queue)] -= 1;
    }

    fn requeue(&mut self, from: Queue, to: Queue) {
        self.queues[place(from)] -= 1;
        self.queues[place(to)] += 1;
    }
}

fn place(queue: Queue) -> usize {
    match queue {
        Queue::None => 0,
        Queue::Inactive => 1,
        Queue::Active => 2,
        Queue::Cache => 3,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::command::{Command, Pattern};
    use swap_pager::units::DeviceId;
    use swap_pager::{Config, EventQueue, Model, Vm};

    use crate::view::test_machine::range;

    fn is_so(frames: &Frames, model: &Model) {
        assert_eq!(frames.resident() as usize, model.pages.len());
        for (key, page) in &model.pages {
            assert_eq!(frames.holds(page.frame.0), Some(*key));
        }
        for queue in [Queue::None, Queue::Inactive, Queue::Active, Queue::Cache] {
            let on = |page: &&swap_pager::ModelPage| page.state.queue == queue;
            assert_eq!(
                frames.queue(queue) as usize,
                model.pages.values().filter(on).count()
            );
        }
        let used: u32 = (0..=frames.end() / GROUP)
            .map(|group| frames.used(group))
            .sum();
        assert_eq!(used, frames.resident());
    }

    #[test]
    fn frames_are_what_the_pages_say_there_and_back() {
        let config = Config {
            frames: 64,
            ..Config::default()
        };
        let mut vm = Vm::new(config, EventQueue::new());
        let (mut model, mut frames) = (vm.snapshot(), Frames::default());
        let mut past = Vec::new();
        for command in [
            Command::SwapOn {
                disk: DeviceId(0),
                pages: 4096,
            },
            Command::Create {
                name: None,
                pages: 200,
            },
            // More than there are frames, so that pages go and others take their place.
            Command::Fill {
                object: ObjectId(1),
                range: range(0, 200),
                pattern: Pattern::Byte(7),
            },
            Command::Read {
                object: ObjectId(1),
                range: range(0, 40),
            },
        ] {
            assert_eq!(vm.apply(command).err(), None);
            while let Some(io) = vm.poll_io() {
                let pages = match io.data.len() {
                    0 => vec![swap_pager::PageData::zero(); io.pages as usize],
                    _ => Vec::new(),
                };
                assert_eq!(vm.complete(io.io, Ok(pages)), Ok(()));
            }
            while let Some(event) = vm.poll_event() {
                model.apply(&event);
                frames.apply(&event);
                past.push(event);
            }
            is_so(&frames, &model);
        }
        assert!(model.pages.len() > 30);
        for event in past.iter().rev() {
            model.revert(event);
            frames.revert(event);
        }
        is_so(&frames, &model);
        assert_eq!(frames.resident(), 0);
    }

    #[test]
    fn the_next_frame_in_use_is_found_past_free_ones() {
        let mut frames = Frames::default();
        let page = |index| PageRecord {
            object: ObjectId(1),
            index: PageIndex(index),
            state: Default::default(),
            data: swap_pager::PageData::zero(),
        };
        for frame in [2, 40, 72] {
            frames.insert(Frame(frame), &page(frame));
        }
        assert_eq!(frames.next_used(2, 1), Some(40));
        assert_eq!(frames.next_used(40, -1), Some(2));
        assert_eq!(frames.next_used(8, 32), Some(40));
        assert_eq!(frames.next_used(2, -1), None);
        assert_eq!(frames.next_used(72, 1), None);
        assert_eq!((frames.used(0), frames.used(1), frames.used(2)), (1, 1, 1));
    }
}
