//! The lists of pages that the pageout daemon works through (`vm_page_queues`).

use crate::page::{Frame, Queue};

/// Stands for "none" at the ends of lists.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Link {
    before: u32,
    after: u32,
}

#[derive(Clone, Copy, Debug)]
struct List {
    first: u32,
    last: u32,
    count: u32,
}

impl Default for List {
    fn default() -> List {
        List {
            first: NONE,
            last: NONE,
            count: 0,
        }
    }
}

/// The inactive, active and cache lists, each from the page that was put there first to the one
/// that was put there last. Linked through the frames, so that a page leaves from the middle at
/// no cost.
#[derive(Clone, Debug, Default)]
pub struct PageQueues {
    lists: [List; 3],
    links: Vec<Link>,
}

impl PageQueues {
    /// Pages on a list.
    pub fn count(&self, queue: Queue) -> u32 {
        number(queue).map_or(0, |list| self.lists[list].count)
    }

    /// The page that has been on a list longest.
    pub fn first(&self, queue: Queue) -> Option<Frame> {
        frame(self.lists[number(queue)?].first)
    }

    /// The page behind another of the same list.
    pub fn after(&self, frame_before: Frame) -> Option<Frame> {
        frame(self.links.get(frame_before.0 as usize)?.after)
    }

    /// Puts a page at the end of a list. It must be on none.
    pub fn push(&mut self, queue: Queue, frame: Frame) {
        let Some(list) = number(queue) else {
            return;
        };
        let place = frame.0 as usize;
        if self.links.len() <= place {
            self.links.resize(
                place + 1,
                Link {
                    before: NONE,
                    after: NONE,
                },
            );
        }
        let list = &mut self.lists[list];
        self.links[place] = Link {
            before: list.last,
            after: NONE,
        };
        match list.last {
            NONE => list.first = frame.0,
            last => self.links[last as usize].after = frame.0,
        }
        list.last = frame.0;
        list.count += 1;
    }

    /// Takes a page off the list it is on.
    pub fn remove(&mut self, queue: Queue, frame: Frame) {
        let Some(list) = number(queue) else {
            return;
        };
        let Link { before, after } = self.links[frame.0 as usize];
        let list = &mut self.lists[list];
        match before {
            NONE => list.first = after,
            before => self.links[before as usize].after = after,
        }
        match after {
            NONE => list.last = before,
            after => self.links[after as usize].before = before,
        }
        list.count -= 1;
    }
}

fn number(queue: Queue) -> Option<usize> {
    match queue {
        Queue::None => None,
        Queue::Inactive => Some(0),
        Queue::Active => Some(1),
        Queue::Cache => Some(2),
    }
}

fn frame(link: u32) -> Option<Frame> {
    (link != NONE).then_some(Frame(link))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use proptest::prelude::*;

    fn listed(queues: &PageQueues, queue: Queue) -> Vec<u32> {
        std::iter::successors(queues.first(queue), |&frame| queues.after(frame))
            .map(|frame| frame.0)
            .collect()
    }

    proptest! {
        #[test]
        fn behaves_as_lists(moves in prop::collection::vec((0u32..20, 0usize..4), 0..200)) {
            let kinds = [Queue::None, Queue::Inactive, Queue::Active, Queue::Cache];
            let mut queues = PageQueues::default();
            let mut plain: [VecDeque<u32>; 4] = Default::default();
            let mut on = [0; 20];
            for (frame, to) in moves {
                let from = std::mem::replace(&mut on[frame as usize], to);
                queues.remove_if(kinds[from], Frame(frame), &plain[from]);
                plain[from].retain(|&listed| listed != frame);
                queues.push(kinds[to], Frame(frame));
                plain[to].push_back(frame);
                for (kind, plain) in kinds.into_iter().zip(&plain).skip(1) {
                    prop_assert_eq!(&listed(&queues, kind), &Vec::from(plain.clone()));
                    prop_assert_eq!(queues.count(kind) as usize, plain.len());
                }
            }
        }
    }

    impl PageQueues {
        /// Takes a page off a list if it is there: pages begin on none.
        fn remove_if(&mut self, queue: Queue, frame: Frame, plain: &VecDeque<u32>) {
            if plain.contains(&frame.0) {
                self.remove(queue, frame);
            }
        }
    }
}
