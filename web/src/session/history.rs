//! All that happened, event by event, and the moment that is looked at.
//!
//! A moment is told by how many events lie before it: at 0 nothing has happened yet. The model
//! is brought from one moment to another by applying and reverting the events between them.

use std::collections::VecDeque;
use std::ops::Range;

use swap_pager::swap_space::Full;
use swap_pager::{Event, Model};

use super::frames::Frames;
use super::summary::Summary;

/// How many events are kept. What is older can't be gone back to.
pub const KEPT_EVENTS: usize = 400_000;

/// So many are dropped at a time.
const DROPPED_AT_ONCE: usize = 16_384;

/// What kind of event it is, for the ticks of the timeline and for steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// It only keeps the model true.
    Quiet,
    /// The pager works: pagerops, metadata, pages.
    Pager,
    /// Room in the swap space is sought, found or freed.
    Space,
    /// Someone sleeps or wakes.
    Sleep,
    /// A transfer starts or ends.
    Io,
    /// The kernel printed a line.
    Message,
    /// A command begins or ends.
    Command,
    /// A transfer or a command failed.
    Failure,
}

impl Kind {
    /// The kind of an event.
    pub fn of(event: &Event) -> Kind {
        match event {
            Event::OpStarted { .. } | Event::OpEnded { .. } => Kind::Command,
            Event::IoDone { error: Some(_), .. } | Event::GetSwapSpace { found: None, .. } => {
                Kind::Failure
            }
            Event::IoStarted { .. } | Event::IoDone { .. } => Kind::Io,
            Event::OpSlept { .. } | Event::OpWoken { .. } => Kind::Sleep,
            Event::Message { .. } | Event::FullChanged { .. } => Kind::Message,
            Event::GetSwapSpace { .. }
            | Event::FreeSwapSpace { .. }
            | Event::SearchBegan { .. }
            | Event::BlistVisited { .. }
            | Event::DeviceChanged { .. } => Kind::Space,
            Event::PutPages { .. }
            | Event::PutPagesReturned { .. }
            | Event::GetPages { .. }
            | Event::MetaSet { .. }
            | Event::Named { .. }
            | Event::ObjectCreated { .. }
            | Event::ObjectDestroyed { .. }
            | Event::PageChanged { .. }
            | Event::PageInserted { .. }
            | Event::PageRemoved { .. } => Kind::Pager,
            _ => Kind::Quiet,
        }
    }
}

/// How far a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stride {
    /// One event.
    Event,
    /// To the next start or end of a transfer.
    Io,
    /// To where the next command has yet to begin.
    Command,
}

/// The events so far.
#[derive(Debug, Default)]
pub struct History {
    events: VecDeque<Event>,
    kinds: VecDeque<Kind>,
    /// How many events there were before those that are kept.
    dropped: u64,
    /// The moment that the model shows.
    at: u64,
    /// Moments at which the free space changed, and the free pages from then on.
    free: VecDeque<(u64, u32)>,
    /// Moments at which swap came nearer its end or farther from it, and how near from then on.
    full: VecDeque<(u64, Full)>,
    /// What the frames hold at the moment that the model shows.
    frames: Frames,
    /// Counts how often the past was changed.
    branch: u32,
    /// Sums over what the model has at the moment that is shown.
    summary: Summary,
}

impl History {
    /// The moment that is shown.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The first moment that can be gone to, and the present.
    pub fn reach(&self) -> Range<u64> {
        self.dropped..self.end()
    }

    /// The present: the number of events so far.
    pub fn end(&self) -> u64 {
        self.dropped + self.events.len() as u64
    }

    /// Whether the present is shown.
    pub fn is_live(&self) -> bool {
        self.at == self.end()
    }

    /// Counts how often what lay after a moment was forgotten: what was made of the events has
    /// to be made anew when this changes.
    pub fn branch(&self) -> u32 {
        self.branch
    }

    /// Sums over stripes and pages of the moment that is shown.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// An event by its number, from 1.
    pub fn event(&self, seq: u64) -> Option<&Event> {
        self.events.get(self.place(seq)?)
    }

    /// What kind of event one is.
    pub fn kind(&self, seq: u64) -> Option<Kind> {
        self.kinds.get(self.place(seq)?).copied()
    }

    /// The kinds of the events between two moments, oldest first.
    pub fn kinds(&self, from: u64, to: u64) -> impl Iterator<Item = Kind> {
        let Range { start, end } = self.within(from, to);
        self.kinds.range(start..end).copied()
    }

    /// The events after a moment with their numbers, oldest first, future ones too.
    pub fn after(&self, moment: u64) -> impl DoubleEndedIterator<Item = (u64, &Event)> {
        self.between(moment, self.end())
    }

    /// The events between two moments with their numbers, oldest first.
    pub fn between(
        &self,
        from: u64,
        to: u64,
    ) -> impl DoubleEndedIterator<Item = (u64, &Event)> + Clone {
        let places = self.within(from, to);
        let first = self.dropped + places.start as u64 + 1;
        let numbered = self.events.range(places).enumerate();
        numbered.map(move |(i, event)| (first + i as u64, event))
    }

    /// The places of the events between two moments.
    fn within(&self, from: u64, to: u64) -> Range<usize> {
        let to = to.clamp(self.dropped, self.end());
        let from = from.clamp(self.dropped, to);
        (from - self.dropped) as usize..(to - self.dropped) as usize
    }

    /// Moments at which the free space changed, and the free pages from then on.
    pub fn free(&self) -> &VecDeque<(u64, u32)> {
        &self.free
    }

    /// Moments at which swap came nearer its end or farther from it, and how near from then on.
    pub fn full(&self) -> &VecDeque<(u64, Full)> {
        &self.full
    }

    /// What the frames of memory hold at the moment that is shown.
    pub fn frames(&self) -> &Frames {
        &self.frames
    }

    fn place(&self, seq: u64) -> Option<usize> {
        usize::try_from(seq.checked_sub(self.dropped + 1)?).ok()
    }

    /// Takes in what happened just now. A model that shows the present goes on with it if it
    /// `follows`.
    pub fn push(&mut self, event: Event, follows: bool, model: &mut Model) {
        if follows && self.is_live() {
            model.apply(&event);
            self.summary.apply(model, &event);
            self.frames.apply(&event);
            self.at += 1;
        }
        match event {
            Event::FreeChanged { new, .. } => self.free.push_back((self.end() + 1, new)),
            Event::FullChanged { new, .. } => self.full.push_back((self.end() + 1, new)),
            _ => {}
        }
        self.kinds.push_back(Kind::of(&event));
        self.events.push_back(event);
        if self.events.len() >= KEPT_EVENTS + DROPPED_AT_ONCE {
            self.drop_oldest(model);
        }
    }

    fn drop_oldest(&mut self, model: &mut Model) {
        self.seek(self.at.max(self.dropped + DROPPED_AT_ONCE as u64), model);
        self.events.drain(..DROPPED_AT_ONCE);
        self.kinds.drain(..DROPPED_AT_ONCE);
        self.dropped += DROPPED_AT_ONCE as u64;
        forget(&mut self.free, self.dropped);
        forget(&mut self.full, self.dropped);
    }

    /// Brings the model to a moment, or to the nearest that can be reached.
    pub fn seek(&mut self, moment: u64, model: &mut Model) {
        let moment = moment.clamp(self.dropped, self.end());
        let place = |moment: u64| (moment - self.dropped) as usize;
        let (from, to) = (place(self.at), place(moment));
        if from <= to {
            for event in self.events.range(from..to) {
                model.apply(event);
                self.summary.apply(model, event);
                self.frames.apply(event);
            }
        } else {
            for event in self.events.range(to..from).rev() {
                model.revert(event);
                self.summary.revert(model, event);
                self.frames.revert(event);
            }
        }
        self.at = moment;
    }

    /// The moment that a step from the one shown leads to.
    pub fn step(&self, stride: Stride, forward: bool) -> u64 {
        let (at, Range { start, end }) = (self.at, self.reach());
        let stops = |moment: &u64| match stride {
            Stride::Event => true,
            Stride::Io => matches!(
                self.event(*moment),
                Some(Event::IoStarted { .. } | Event::IoDone { .. })
            ),
            Stride::Command => matches!(self.event(moment + 1), Some(Event::OpStarted { .. })),
        };
        if forward {
            (at + 1..end).find(stops).unwrap_or(end)
        } else {
            (start..at).rev().find(stops).unwrap_or(start)
        }
    }

    /// The same as another past than the one of `other`.
    pub fn instead_of(self, other: &History) -> History {
        let branch = other.branch + 1;
        History { branch, ..self }
    }
}

/// Drops changes before a moment, but for the last: it tells how things were at that moment.
fn forget<T>(changes: &mut VecDeque<(u64, T)>, until: u64) {
    while changes.get(1).is_some_and(|(moment, _)| *moment <= until) {
        changes.pop_front();
    }
}
