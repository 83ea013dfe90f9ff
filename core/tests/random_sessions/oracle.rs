//! Knows what each page may hold, from the commands, what they came to, and the transfers that
//! failed. Holds every page against it that comes into memory or changes there.
//!
//! What it goes by:
//! - A write that ended well is there until the next. A failed transfer does not change that:
//!   what could not be written stays in memory, what could not be read stays on swap.
//! - While operations overlap, a page may hold what any of them makes of it, in any order.
//! - A write that could not bring in a page was done up to there, and not from there on.
//! - A direct write that failed was done to the pages whose transfers went well, and not to those
//!   it did not come to. The others hold the old or the new bytes, or anything if they had no
//!   block before: the new one holds what some other page left there.
//! - Pages that were given up hold what they held, until that is gone for good.
//! - What was seen of a page that no one writes to is what it holds from then on.
//!
//! And no operation fails without a reason, or succeeds over a transfer that failed.

use std::collections::{BTreeMap, BTreeSet};

use swap_pager::command::{DirectCmd, OpError, OpResult, PageRange};
use swap_pager::event::{IoCmd, Transfer};
use swap_pager::pager::Channel;
use swap_pager::units::{ObjectId, OpId, PageIndex};
use swap_pager::{Command, Errno, Event, Model, PageData};

use crate::contents::{Content, Direct, Effect, Outcome, Page};

/// A page of an object.
type Key = (ObjectId, PageIndex);

/// An operation under way.
#[derive(Debug)]
struct Op {
    command: Command,
    /// Pages that could not be read since it began.
    unread: BTreeSet<Key>,
    /// Whether one of its own transfers failed.
    failed: bool,
    /// Whether room on swap was sought in vain since it began.
    no_room: bool,
}

/// What is known of all pages.
pub struct Oracle {
    /// The fold of the events taken in.
    model: Model,
    /// How many events were taken in.
    taken_in: usize,
    pages: BTreeMap<Key, Page>,
    /// What was behind an object when it was made by a fork. It stays, even if the core takes
    /// the one behind in.
    behind: BTreeMap<ObjectId, ObjectId>,
    ops: BTreeMap<OpId, Op>,
}

impl Oracle {
    /// Knows a machine without objects, after so many events.
    pub fn new(model: Model, events: usize) -> Oracle {
        Oracle {
            model,
            taken_in: events,
            pages: BTreeMap::new(),
            behind: BTreeMap::new(),
            ops: BTreeMap::new(),
        }
    }

    /// Whether an operation under way changes an object.
    pub fn is_changing(&self, object: ObjectId) -> bool {
        let mut effects = self.ops.values().flat_map(|op| effects(&op.command));
        effects.any(|(key, _)| key.0 == object)
    }

    /// Takes in what happened since the last time. Panics if that must not be.
    pub fn take_in(&mut self, events: &[Event]) {
        for event in &events[self.taken_in..] {
            self.see(event);
        }
        self.taken_in = events.len();
    }

    /// Takes in what happened next. Panics if that must not be.
    pub fn see(&mut self, event: &Event) {
        self.model.apply(event);
        match event {
            Event::OpStarted { op, command } => self.begin(*op, command),
            Event::OpEnded {
                op,
                command,
                result,
            } => self.end(*op, command, result),
            Event::IoDone {
                transfer, error, ..
            } => self.io_done(transfer, *error),
            Event::MetaSet {
                object,
                index,
                old: None,
                ..
            } => {
                if let Some(page) = self.pages.get_mut(&(*object, *index)) {
                    page.note_direct(|direct| direct.fresh = true);
                }
            }
            Event::GetSwapSpace { found: None, .. } => {
                self.ops.values_mut().for_each(|op| op.no_room = true);
            }
            Event::PageBytes { object, index, .. } | Event::PageChanged { object, index, .. } => {
                self.look_at((*object, *index))
            }
            Event::PageInserted { page, .. } => self.look_at((page.object, page.index)),
            _ => {}
        }
    }

    /// What a page may read as; `None` is anything.
    pub fn may_read(&self, key: Key) -> Option<Vec<PageData>> {
        let behind = self.may_read_behind(key);
        let Some(page) = self.pages.get(&key) else {
            return behind;
        };
        let mut may = Vec::new();
        for content in page.may_hold(behind.as_deref())? {
            match content {
                Content::Absent => may.extend(behind.clone()?),
                Content::Bytes(data) => may.push(data),
            }
        }
        Some(may)
    }

    /// What it may read as where an object does not have it.
    fn may_read_behind(&self, (object, index): Key) -> Option<Vec<PageData>> {
        match self.behind.get(&object) {
            Some(&behind) => self.may_read((behind, index)),
            None => Some(vec![PageData::zero()]),
        }
    }

    /// An object and those behind it.
    fn layers(&self, object: ObjectId) -> impl Iterator<Item = ObjectId> {
        std::iter::successors(Some(object), |object| self.behind.get(object).copied())
    }

    /// Holds what a page was seen to hold against what it may hold. With `for_good`, what was
    /// seen can't go away by itself.
    fn seen(&mut self, key: Key, seen: &PageData, for_good: bool) {
        if self.pages.get(&key).is_some_and(|page| page.holds(seen)) {
            return;
        }
        if let Some(may) = self.may_read(key) {
            assert!(
                may.contains(seen),
                "{key:?} holds {seen:?} and may hold {may:?}: {:?}",
                self.pages.get(&key)
            );
        }
        let pending = |object| {
            let page = self.pages.get(&(object, key.1));
            page.is_some_and(Page::is_pending)
        };
        if !self.layers(key.0).any(pending) {
            self.pages.entry(key).or_default().settle(seen, for_good);
        }
    }

    /// Looks at a page in memory.
    fn look_at(&mut self, key: Key) {
        let page = self.model.pages.get(&key);
        if let Some(page) = page.filter(|page| page.state.valid) {
            let (data, dirty) = (page.data.clone(), page.state.dirty);
            self.seen(key, &data, dirty);
        }
    }

    fn begin(&mut self, op: OpId, command: &Command) {
        for (key, mut effect) in effects(command) {
            if let Effect::GiveUp(shows) = &mut effect {
                let behind = self.layers(key.0).skip(1);
                let may_show = behind.map(|object| self.may_read((object, key.1)));
                *shows = may_show
                    .collect::<Option<Vec<_>>>()
                    .map(|each| each.concat());
            }
            self.pages.entry(key).or_default().begin(op, effect);
        }
        let under_way = Op {
            command: command.clone(),
            unread: BTreeSet::new(),
            failed: false,
            no_room: false,
        };
        self.ops.insert(op, under_way);
    }

    fn io_done(&mut self, transfer: &Transfer, error: Option<Errno>) {
        match transfer.object {
            Some((object, first)) => {
                if transfer.cmd == IoCmd::Read && error.is_some() {
                    let unread = (0..transfer.pages).map(|n| (object, first.offset(n)));
                    for op in self.ops.values_mut() {
                        op.unread.extend(unread.clone());
                    }
                }
            }
            // A transfer without pages in memory is one of a direct request.
            None => {
                let blocks = transfer.block.0 as usize..;
                for block in blocks.take(transfer.pages as usize) {
                    let owner = self.model.owners[block];
                    let key = owner
                        .unwrap_or_else(|| panic!("{transfer:?} is for a block that was freed"));
                    if transfer.cmd == IoCmd::Write
                        && let Some(page) = self.pages.get_mut(&key)
                    {
                        page.note_direct(|direct| direct.failed = Some(error.is_some()));
                    }
                    for (id, op) in &mut self.ops {
                        let concerns = matches!(
                            op.command,
                            Command::Direct { object, range, .. }
                                if keys(object, range).any(|own| own == key)
                        );
                        // One that waits for another request has none of the transfers.
                        let channel = self.model.ops.get(id).and_then(|op| op.sleeps_on);
                        let waits =
                            channel.is_some_and(|channel| matches!(channel.on, Channel::Object(_)));
                        op.failed |= concerns && !waits && error.is_some();
                    }
                }
            }
        }
    }

    fn end(&mut self, id: OpId, command: &Command, result: &OpResult) {
        let op = self.ops.remove(&id).expect("what ends has begun");
        self.explain(&op, result);
        for (key, _) in effects(command) {
            let behind = self.may_read_behind(key);
            let page = self.pages.entry(key).or_default();
            let outcome = match result {
                OpResult::Failed {
                    error: OpError::PageIn { page },
                } => match key.1 < *page {
                    true => Outcome::Done,
                    false => Outcome::NotDone,
                },
                OpResult::Failed {
                    error: OpError::Refused { .. },
                } => Outcome::NotDone,
                OpResult::Failed { .. } => Outcome::Unknown,
                OpResult::Transferred { error: Some(_), .. } => page.direct_outcome(id),
                _ => Outcome::Done,
            };
            page.end(id, outcome, behind.as_deref());
        }
        match (command, result) {
            (Command::Fork { object }, OpResult::Forked { parent, child }) if parent != child => {
                self.behind.insert(*parent, *object);
                self.behind.insert(*child, *object);
            }
            (Command::Read { object, range }, OpResult::Touched(_)) => {
                // Pages read before may be gone again, but not this one.
                self.read_in_memory((*object, PageIndex(range.end().0 - 1)));
            }
            (
                Command::Direct {
                    object,
                    range,
                    io: DirectCmd::Read,
                },
                OpResult::Transferred {
                    error: None, data, ..
                },
            ) => {
                assert_eq!(data.len(), range.count as usize, "{command:?}");
                for (key, data) in keys(*object, *range).zip(data) {
                    self.seen(key, data, false);
                }
            }
            _ => {}
        }
    }

    /// A page was just read: it is in memory, in the object or behind it, and what is there is
    /// what one may read.
    fn read_in_memory(&mut self, key: Key) {
        let there = self
            .layers(key.0)
            .find_map(|object| self.model.pages.get(&(object, key.1)));
        let there = there.unwrap_or_else(|| panic!("{key:?} was read and is not in memory"));
        assert!(there.state.valid, "{key:?} was read and is not valid");
        if let Some(may) = self.may_read(key) {
            let seen = &there.data;
            assert!(
                may.contains(seen),
                "{key:?} reads as {seen:?} and may read as {may:?}"
            );
        }
    }

    /// Whatever fails has a reason; whatever had a reason to fail does.
    fn explain(&self, op: &Op, result: &OpResult) {
        let explained = match result {
            OpResult::Failed { error } => match error {
                OpError::PageIn { page } => match object_of(&op.command) {
                    Some(object) => self
                        .layers(object)
                        .any(|object| op.unread.contains(&(object, *page))),
                    None => op.unread.iter().any(|key| key.1 == *page),
                },
                OpError::ObjectGone { object } => {
                    let object = self.model.objects.get(object);
                    object.is_none_or(|object| object.dead)
                }
                OpError::Refused { errno } => match op.command {
                    Command::Direct { object, range, .. } => {
                        let mut keys = keys(object, range);
                        let resident = keys.any(|key| self.model.pages.contains_key(&key));
                        *errno == Errno::Ebusy && resident
                    }
                    _ => matches!(op.command, Command::SwapOn { .. } | Command::SwapOff { .. }),
                },
                // There is swap for all.
                OpError::Killed | OpError::Panic { .. } => false,
            },
            OpResult::Transferred { error, .. } => match error {
                None => !op.failed,
                Some(Errno::Eio) => op.failed,
                Some(Errno::Enomem) => op.no_room,
                Some(_) => false,
            },
            _ => true,
        };
        assert!(explained, "{result:?} is not explained: {op:?}");
    }
}

fn keys(object: ObjectId, range: PageRange) -> impl Iterator<Item = Key> {
    (range.start.0..range.end().0).map(move |index| (object, PageIndex(index)))
}

/// The object whose pages a command reads or writes.
fn object_of(command: &Command) -> Option<ObjectId> {
    match command {
        Command::Read { object, .. }
        | Command::Write { object, .. }
        | Command::Fill { object, .. } => Some(*object),
        _ => None,
    }
}

/// What a command does to pages.
fn effects(command: &Command) -> Vec<(Key, Effect)> {
    match command {
        Command::Fill {
            object,
            range,
            pattern,
        } => {
            let bytes = |key: Key| PageData::new(pattern.bytes(key.0, key.1));
            let keys = keys(*object, *range);
            keys.map(|key| (key, Effect::Fill(bytes(key)))).collect()
        }
        Command::Write {
            object,
            page,
            offset,
            text,
        } => vec![(
            (*object, *page),
            Effect::Text(*offset as usize, text.clone()),
        )],
        Command::Free { object, range } => {
            let keys = keys(*object, *range);
            keys.map(|key| (key, Effect::GiveUp(None))).collect()
        }
        Command::Direct { object, range, io } => {
            let effect = |key: Key| match io {
                DirectCmd::Read | DirectCmd::Reserve => None,
                DirectCmd::Delete => Some((key, Effect::DirectDelete)),
                DirectCmd::Write(pattern) => {
                    let data = PageData::new(pattern.bytes(key.0, key.1));
                    Some((key, Effect::DirectWrite(data, Direct::default())))
                }
            };
            keys(*object, *range).filter_map(effect).collect()
        }
        _ => Vec::new(),
    }
}
