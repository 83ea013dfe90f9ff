//! The lines of the log, kept up with the events.

use std::collections::VecDeque;

use swap_pager::{Event, Model};

use super::line::Line;
use super::wording::Names;
use super::words::outcome;
use crate::session::history::History;

/// Lines that are kept.
const LINES: usize = 2_000;

/// Of events further back than this when they are met first, only what commands came to is told:
/// a command on many pages has hundreds of thousands, and their lines would not stay.
const FAR: u64 = 16_384;

/// How many lines back neighbours are looked for: what frees a page tells of its block and of
/// its metadata in turn.
const LOOK_BACK: usize = 3;

/// The lines so far.
#[derive(Debug, Default)]
pub struct Book {
    names: Names,
    lines: VecDeque<Line>,
    /// How many lines there were before those that are kept.
    dropped: u64,
    /// The number of the last event taken in.
    taken: u64,
    /// The past that the lines are of.
    branch: u32,
    /// What came of the last command, and how many have ended.
    result: (u64, String),
}

impl Book {
    /// Takes in what is new of a history. Starts anew when it has another past.
    pub fn follow(&mut self, history: &History, model: &Model) {
        if history.branch() != self.branch || history.end() < self.taken {
            *self = Book {
                branch: history.branch(),
                ..Book::default()
            };
        }
        if self.taken == 0 {
            self.names = Names::of(model);
        }
        let end = history.end();
        for (seq, event) in history.after(self.taken) {
            let told = matches!(
                event,
                Event::OpStarted { .. } | Event::OpEnded { .. } | Event::Named { .. }
            );
            if told || end - seq < FAR {
                self.take(seq, event);
            }
        }
        self.taken = end;
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
        let Some(line) = self.names.line(seq, event) else {
            return;
        };
        if let Some(run) = line.run {
            let near = self.lines.iter_mut().rev().take(LOOK_BACK);
            for earlier in near.take_while(|earlier| earlier.run.is_some()) {
                if let Some(joined) = earlier.run.and_then(|first| first.with(run)) {
                    *earlier = self.names.run(seq, joined);
                    return;
                }
            }
        }
        if self.lines.len() >= LINES {
            self.lines.pop_front();
            self.dropped += 1;
        }
        self.lines.push_back(line);
    }

    /// The last `most` lines that have `filter` in them, oldest first, each with its number among
    /// all lines. Case does not matter.
    pub fn last(&self, most: usize, filter: &str) -> Vec<(u64, &Line)> {
        let filter = filter.trim().to_lowercase();
        let wanted = |(_, line): &(u64, &Line)| {
            filter.is_empty()
                || format!("{} {}", line.head, line.rest)
                    .to_lowercase()
                    .contains(&filter)
        };
        let numbered = self.lines.iter().enumerate();
        let numbered = numbered.map(|(i, line)| (self.dropped + i as u64, line));
        let mut lines: Vec<_> = numbered.rev().filter(wanted).take(most).collect();
        lines.reverse();
        lines
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
                // Not the number of its slot, which is 0.
                disk: DeviceId(3),
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

    fn text(lines: &[(u64, &Line)]) -> Vec<String> {
        lines
            .iter()
            .map(|(_, line)| {
                format!(
                    "{:>1$}{2} {3}",
                    "", line.depth as usize, line.head, line.rest
                )
            })
            .collect()
    }

    #[test]
    fn a_pageout_reads_as_the_kernel_would_tell_it() {
        let (log, model) = log_of(&commands()[..4]);
        let mut book = Book::default();
        book.follow(&history_of(&log), &model);
        let lines = text(&book.last(1000, ""));
        let expected = [
            " putpages heap 0..15 async",
            "  getswapspace 16 → 128",
            "  meta_build heap 0..15 → 128..143",
            "  strategy write 128+16 → disk 3 @32",
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
        let mut once = Book::default();
        once.follow(&history_of(&log), &model);
        let mut often = Book::default();
        for end in (0..=log.len()).step_by(7).chain([log.len()]) {
            often.follow(&history_of(&log[..end]), &model);
        }
        assert_eq!(once.last(1000, ""), often.last(1000, ""));
        assert_eq!(once.result(), often.result());
    }

    #[test]
    fn freeing_page_by_page_is_told_together() {
        let (log, model) = log_of(&commands());
        let mut book = Book::default();
        book.follow(&history_of(&log), &model);
        let lines = text(&book.last(1000, "free"));
        let frees = lines.iter().filter(|line| line.contains("meta_free"));
        assert_eq!(frees.count(), 1, "{lines:#?}");
    }

    #[test]
    fn a_log_that_started_anew_empties_the_book() {
        let (log, model) = log_of(&commands());
        let mut book = Book::default();
        book.follow(&history_of(&log), &model);
        book.follow(&History::default(), &model);
        assert!(book.last(10, "").is_empty());
    }

    #[test]
    fn the_filter_looks_at_the_whole_line() {
        let (log, model) = log_of(&commands());
        let mut book = Book::default();
        book.follow(&history_of(&log), &model);
        let lines = book.last(1000, " STRATEGY write");
        assert!(!lines.is_empty());
        assert!(lines.iter().all(|(_, line)| line.head == "strategy"));
        assert_eq!(book.last(1, "").len(), 1);
    }
}
