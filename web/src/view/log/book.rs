//! Which events have lines in the log, kept up with the history.
//!
//! Only that is kept: the words are made of the event when a line comes into view.

use std::collections::VecDeque;

use swap_pager::{Event, Model};

use super::line::{LOOK_BACK, Line, Run, makes_line};
use super::wording::Names;
use super::words::outcome;
use crate::session::history::History;

/// A line: an event, or several that are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// The number of the first event.
    seq: u64,
    /// What all of them tell, if they tell of single pages or blocks.
    run: Option<Run>,
}

/// The lines so far.
#[derive(Debug, Default)]
pub struct Book {
    names: Names,
    lines: VecDeque<Entry>,
    /// How many lines there were before those that are kept.
    dropped: usize,
    /// The number of the last event taken in.
    taken: u64,
    /// The past that the lines are of.
    branch: u32,
    /// What came of the last command, and how many have ended.
    result: (u64, String),
    /// What is looked for, in lower case.
    filter: String,
    /// The lines that have it, by their numbers among all lines; how many were looked at.
    found: VecDeque<usize>,
    looked_at: usize,
}

impl Book {
    /// Takes in what is new of a history, and forgets what can't be gone back to. Starts anew
    /// when it has another past.
    pub fn follow(&mut self, history: &History, model: &Model) {
        if history.branch() != self.branch || history.end() < self.taken {
            *self = Book {
                branch: history.branch(),
                filter: std::mem::take(&mut self.filter),
                ..Book::default()
            };
        }
        if self.taken == 0 {
            self.names = Names::of(model);
        }
        for (seq, event) in history.after(self.taken) {
            self.take(seq, event);
        }
        self.taken = history.end();
        let start = history.reach().start;
        while self.lines.front().is_some_and(|line| line.seq <= start) {
            self.lines.pop_front();
            self.dropped += 1;
        }
        while self
            .found
            .front()
            .is_some_and(|&found| found < self.dropped)
        {
            self.found.pop_front();
        }
        self.look(history);
    }

    fn take(&mut self, seq: u64, event: &Event) {
        if let Event::OpEnded {
            command, result, ..
        } = event
        {
            let (what, to, _) = self.names.command(command);
            self.result = (
                self.result.0 + 1,
                format!("{what} {to}: {}", outcome(result)),
            );
        }
        self.names.learn(event);
        let run = Run::of(event);
        // Words cost more than all else here, and most lines are never seen.
        if run.is_none() && !makes_line(event) {
            return;
        }
        if let Some(run) = run {
            let near = self.lines.iter_mut().rev().take(LOOK_BACK);
            for earlier in near.take_while(|earlier| earlier.run.is_some()) {
                if let Some(joined) = earlier.run.and_then(|first| first.with(run)) {
                    earlier.run = Some(joined);
                    return;
                }
            }
        }
        self.lines.push_back(Entry { seq, run });
    }

    /// Looks for lines that have `filter` in them. The case of the letters a to z does not
    /// matter. That of others does: the tables for all of Unicode would be 10 KB of the program.
    pub fn seek(&mut self, filter: &str, history: &History) {
        let filter = filter.trim().to_ascii_lowercase();
        if filter != self.filter {
            self.filter = filter;
            self.found.clear();
            self.looked_at = self.dropped;
            self.look(history);
        }
    }

    fn look(&mut self, history: &History) {
        if self.filter.is_empty() {
            return;
        }
        // The last lines may still grow: they are looked at anew.
        let from = self.looked_at.max(self.dropped);
        while self.found.back().is_some_and(|&found| found >= from) {
            self.found.pop_back();
        }
        let all = self.dropped + self.lines.len();
        for number in from..all {
            let line = self.read(number, history);
            if line.is_some_and(|line| {
                let text = format!("{} {}", line.head, line.rest);
                text.to_ascii_lowercase().contains(&self.filter)
            }) {
                self.found.push_back(number);
            }
        }
        self.looked_at = all.saturating_sub(LOOK_BACK);
    }

    /// How many lines there are to show.
    pub fn count(&self) -> usize {
        if self.filter.is_empty() {
            self.lines.len()
        } else {
            self.found.len()
        }
    }

    /// The number of a line to show among all lines.
    fn number(&self, shown: usize) -> Option<usize> {
        if self.filter.is_empty() {
            Some(self.dropped + shown)
        } else {
            self.found.get(shown).copied()
        }
    }

    fn entry(&self, number: usize) -> Option<&Entry> {
        self.lines.get(number.checked_sub(self.dropped)?)
    }

    fn read(&self, number: usize, history: &History) -> Option<Line> {
        let entry = self.entry(number)?;
        match entry.run {
            Some(run) => Some(self.names.run(entry.seq, run)),
            None => self.names.read(entry.seq, history.event(entry.seq)?),
        }
    }

    /// A line of those to show, with its number among all lines.
    pub fn line(&self, shown: usize, history: &History) -> Option<(usize, Line)> {
        let number = self.number(shown)?;
        Some((number, self.read(number, history)?))
    }

    /// The moment after what a line to show tells of.
    pub fn moment(&self, shown: usize) -> Option<u64> {
        Some(self.entry(self.number(shown)?)?.seq)
    }

    /// How many of the lines to show tell of what was before a moment.
    pub fn before(&self, moment: u64) -> usize {
        let lines = self.lines.partition_point(|line| line.seq <= moment);
        if self.filter.is_empty() {
            lines
        } else {
            let number = self.dropped + lines;
            self.found.partition_point(|&found| found < number)
        }
    }

    /// How many commands have ended, and what came of the last one.
    pub fn result(&self) -> (u64, &str) {
        (self.result.0, &self.result.1)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use std::collections::BTreeMap;
    use swap_pager::command::{Command, PageRange, Pattern};
    use swap_pager::units::{DeviceId, ObjectId, PageIndex};
    use swap_pager::{Config, EventQueue, PageData, Vm};

    /// Runs commands on a machine whose disks never fail, and returns its history.
    fn log_of(commands: &[Command]) -> (Vec<Event>, Model) {
        let mut vm = Vm::new(Config::default(), EventQueue::new());
        let mut disk = BTreeMap::<_, PageData>::new();
        for command in commands {
            assert_eq!(vm.apply(command.clone()).err(), None);
            while let Some(io) = vm.poll_io() {
                let at = |n: u32| (io.device, io.block.0 + n);
                let mut data = Vec::new();
                if io.data.is_empty() {
                    data = (0..io.pages).map(|n| disk[&at(n)].clone()).collect();
                }
                for (n, page) in io.data.iter().enumerate() {
                    disk.insert(at(n as u32), page.clone());
                }
                assert_eq!(vm.complete(io.io, Ok(data)), Ok(()));
            }
        }
        let mut log = Vec::new();
        while let Some(event) = vm.poll_event() {
            log.push(event);
        }
        (log, vm.snapshot())
    }

    fn history_of(events: &[Event]) -> History {
        let mut model = Vm::new(Config::default(), EventQueue::new()).snapshot();
        let mut history = History::default();
        for event in events {
            history.push(event.clone(), true, &mut model);
        }
        history
    }

    fn commands() -> Vec<Command> {
        let object = ObjectId(1);
        let range = |start, count| PageRange {
            start: PageIndex(start),
            count,
        };
        vec![
            Command::SwapOn {
                disk: DeviceId(0),
                pages: 4096,
            },
            Command::Create {
                name: Some("heap".into()),
                pages: 40,
            },
            Command::Fill {
                object,
                range: range(0, 40),
                pattern: Pattern::Label(1),
            },
            Command::Pageout {
                object,
                range: range(0, 40),
                sync: false,
            },
            Command::Read {
                object,
                range: range(20, 1),
            },
            Command::Fill {
                object,
                range: range(0, 4),
                pattern: Pattern::Label(2),
            },
        ]
    }

    /// The lines to show.
    fn text(book: &Book, history: &History) -> Vec<String> {
        (0..book.count())
            .filter_map(|shown| book.line(shown, history))
            .map(|(_, line)| {
                format!(
                    "{:>1$}{2} {3}",
                    "", line.depth as usize, line.head, line.rest
                )
            })
            .collect()
    }

    fn book_of(log: &[Event], model: &Model) -> (Book, History) {
        let mut book = Book::default();
        let history = history_of(log);
        book.follow(&history, model);
        (book, history)
    }

    #[test]
    fn a_pageout_reads_as_the_kernel_would_tell_it() {
        let (log, model) = log_of(&commands()[..4]);
        let (book, history) = book_of(&log, &model);
        let lines = text(&book, &history);
        let expected = [
            " putpages heap 0..15 async",
            "  getswapspace 16 → 128",
            "  meta_build heap 0..15 → 128..143",
            "  strategy write 128+16 → disk 0 @32",
            "  rtvals PEND ×16",
        ];
        let at = lines.iter().position(|line| line == expected[0]);
        let at = at.expect("the log has a putpages line");
        let told: Vec<_> = lines[at..]
            .iter()
            .filter(|line| !line.contains("convert"))
            .take(expected.len())
            .collect();
        assert_eq!(told, expected, "{lines:#?}");
        assert_eq!(
            book.result().1,
            "pageout heap 0..39: done: 40 written, 40 left memory"
        );
    }

    #[test]
    fn lines_come_out_the_same_however_often_one_looks() {
        let (log, model) = log_of(&commands());
        let (mut once, history) = book_of(&log, &model);
        for filter in ["", "meta"] {
            let mut often = Book::default();
            often.seek(filter, &history);
            for end in (0..=log.len()).step_by(7).chain([log.len()]) {
                often.follow(&history_of(&log[..end]), &model);
            }
            once.seek(filter, &history);
            assert_eq!(text(&once, &history), text(&often, &history));
            assert_eq!(once.result(), often.result());
        }
    }

    #[test]
    fn freeing_page_by_page_is_told_together() {
        let (log, model) = log_of(&commands());
        let (mut book, history) = book_of(&log, &model);
        book.seek("free", &history);
        let lines = text(&book, &history);
        let frees = lines.iter().filter(|line| line.contains("meta_free"));
        assert_eq!(frees.count(), 1, "{lines:#?}");
    }

    #[test]
    fn a_log_that_started_anew_empties_the_book() {
        let (log, model) = log_of(&commands());
        let (mut book, _) = book_of(&log, &model);
        book.follow(&History::default(), &model);
        assert_eq!(book.count(), 0);
    }

    #[test]
    fn the_filter_looks_at_the_whole_line() {
        let (log, model) = log_of(&commands());
        let (mut book, history) = book_of(&log, &model);
        book.seek(" STRATEGY write", &history);
        let lines = text(&book, &history);
        assert!(!lines.is_empty());
        assert!(lines.iter().all(|line| line.contains("strategy write")));
    }

    #[test]
    fn a_line_is_found_by_its_moment() {
        let (log, model) = log_of(&commands());
        let (mut book, history) = book_of(&log, &model);
        for filter in ["", "strategy"] {
            book.seek(filter, &history);
            for shown in 0..book.count() {
                let moment = book.moment(shown).expect("it is shown");
                assert_eq!(book.before(moment), shown + 1);
                assert_eq!(book.before(moment - 1), shown);
            }
        }
        assert_eq!(book.before(0), 0);
    }
}
