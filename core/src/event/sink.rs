//! Where events go.

use std::collections::VecDeque;

use super::Event;

/// Takes the events as they happen. It is chosen by type, so that a run which wants none does
/// not even build them.
pub trait Sink {
    /// Whether events are wanted at all.
    const ON: bool;

    /// Takes one event.
    fn emit(&mut self, event: Event);

    /// Builds an event and takes it, if events are wanted.
    fn note(&mut self, event: impl FnOnce() -> Event) {
        if Self::ON {
            self.emit(event());
        }
    }
}

/// A sink for runs that want no events.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEvents;

impl Sink for NoEvents {
    const ON: bool = false;

    fn emit(&mut self, _: Event) {}
}

/// A sink that keeps the events until they are fetched.
pub type EventQueue = VecDeque<Event>;

impl Sink for EventQueue {
    const ON: bool = true;

    // Not inlined: every change of state comes by here.
    #[inline(never)]
    fn emit(&mut self, event: Event) {
        self.push_back(event);
    }
}
