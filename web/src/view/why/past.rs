//! What lies before the moment that is shown: who did what.

use swap_pager::command::{Command, PageRange};
use swap_pager::page::PageState;
use swap_pager::units::{ObjectId, OpId, PageIndex};
use swap_pager::{Event, Model};

use super::tale::Sentence;
use crate::session::history::History;
use crate::view::log::wording::Names;
use crate::view::look::object_name;
use crate::view::ui::Thing;

/// A page of an object.
pub type Key = (ObjectId, PageIndex);

/// The events up to the moment that is shown, and the machine as it was then.
pub struct Past<'a> {
    /// The events.
    pub history: &'a History,
    /// The machine.
    pub model: &'a Model,
}

impl<'a> Past<'a> {
    /// The last event up to that one for which something holds, with its number.
    pub fn last(&self, until: u64, is: &dyn Fn(&Event) -> bool) -> Option<(u64, &'a Event)> {
        let until = until.min(self.history.at());
        let mut events = self.history.between(0, until).rev();
        events.find(|(_, event)| is(event))
    }

    /// The first event after that one, and up to the moment shown, for which something holds.
    pub fn next(&self, after: u64, is: &dyn Fn(&Event) -> bool) -> Option<(u64, &'a Event)> {
        let mut events = self.history.between(after, self.history.at());
        events.find(|(_, event)| is(event))
    }

    /// Whether nothing was forgotten.
    pub fn is_whole(&self) -> bool {
        self.history.reach().start == 0
    }

    /// What is said where the chain leads to what was forgotten.
    pub fn lost(&self, what: &str) -> Sentence {
        let first = self.history.reach().start;
        Sentence::at(0).told(format!(
            "{what} lies before event {}, the oldest that is kept.",
            first + 1
        ))
    }

    /// Who was running when an event happened: the operation that began or was woken last, and
    /// when.
    pub fn runner(&self, seq: u64) -> Option<(u64, OpId)> {
        let runs = |event: &Event| matches!(event, Event::OpStarted { .. } | Event::OpWoken { .. });
        match self.last(seq, &runs)? {
            (seq, Event::OpStarted { op, .. } | Event::OpWoken { op, .. }) => Some((seq, *op)),
            _ => None,
        }
    }

    /// The command that an operation began with, and when.
    pub fn command(&self, op: OpId, until: u64) -> Option<(u64, &'a Command)> {
        let began = |event: &Event| matches!(event, Event::OpStarted { op: of, .. } if *of == op);
        match self.last(until, &began)? {
            (seq, Event::OpStarted { command, .. }) => Some((seq, command)),
            _ => None,
        }
    }

    /// The command that was running when an event happened; `None` if it was the daemon.
    pub fn command_at(&self, seq: u64) -> Option<(u64, &'a Command)> {
        let (_, op) = self.runner(seq)?;
        self.command(op, seq)
    }

    /// A command as the log prints it, in quotation marks.
    pub fn quoted(&self, command: &Command) -> String {
        let (head, rest, _) = Names::of(self.model).command(command);
        format!("“{head} {rest}”")
    }

    /// Who began it all: the command, or the daemon.
    pub fn cause(&self, seq: u64) -> Sentence {
        let Some((woken, op)) = self.runner(seq) else {
            return self.lost("What began it");
        };
        if op == OpId::PAGEOUT_DAEMON {
            return self.daemon(woken);
        }
        match self.command(op, seq) {
            Some((began, command)) => {
                let quoted = self.quoted(command);
                Sentence::at(began)
                    .say("It began with the command ")
                    .name(quoted, Thing::Op(op))
                    .say(".")
            }
            None => self.lost("The command that began it"),
        }
    }

    fn daemon(&self, woken: u64) -> Sentence {
        let target = self.model.targets.target;
        let told = Sentence::at(woken).told(format!(
            "The pageout daemon did it: frames ran short, and it keeps {target} free"
        ));
        let asks = |event: &Event| match event {
            Event::OpStarted { .. } => true,
            Event::OpWoken { op, .. } => *op != OpId::PAGEOUT_DAEMON,
            _ => false,
        };
        let asked = self.last(woken, &asks);
        let asked = asked.and_then(|(seq, _)| self.command_at(seq));
        match asked {
            Some((_, command)) => told.told(format!(", while {} ran.", self.quoted(command))),
            None => told.say("."),
        }
    }

    /// What was so about a page at an event: `Some(None)` if it was not in memory, `None` if
    /// nobody knows any more.
    pub fn state(&self, key: Key, seq: u64) -> Option<Option<PageState>> {
        let about = |event: &Event| match event {
            Event::PageChanged { object, index, .. } => (*object, *index) == key,
            Event::PageInserted { page, .. } | Event::PageRemoved { page, .. } => {
                (page.object, page.index) == key
            }
            _ => false,
        };
        match self.last(seq, &about) {
            Some((_, Event::PageChanged { new, .. })) => Some(Some(*new)),
            Some((_, Event::PageInserted { page, .. })) => Some(Some(page.state)),
            Some(_) => Some(None),
            None => self.is_whole().then_some(None),
        }
    }

    /// A page by the name of its object: `heap, page 60`.
    pub fn page(&self, (object, page): Key) -> String {
        format!("{}, {page}", object_name(self.model, object))
    }
}

/// Whether pages have one among them.
pub fn has(start: PageIndex, count: u32, page: PageIndex) -> bool {
    page.0.wrapping_sub(start.0) < count
}

/// The pages that a command is about, if it asks for them to be written.
pub fn written_range(command: &Command) -> Option<PageRange> {
    match command {
        Command::Pageout { range, .. } | Command::Direct { range, .. } => Some(*range),
        _ => None,
    }
}
