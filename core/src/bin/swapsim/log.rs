//! The log, as the page shows it.

use swap_pager::Event;
use swap_pager::words::line::{LOOK_BACK, Line, Tone};
use swap_pager::words::wording::Names;

/// What was told so far.
#[derive(Default)]
pub struct Log {
    names: Names,
    lines: Vec<Line>,
    /// How many events were taken in.
    taken: usize,
}

impl Log {
    /// Takes in what is new of all that happened.
    pub fn follow(&mut self, events: &[Event]) {
        for (seq, event) in events.iter().enumerate().skip(self.taken) {
            if let Some(line) = self.names.line(seq as u64 + 1, event) {
                self.take(line);
            }
        }
        self.taken = events.len();
    }

    /// Neighbours are told in one line.
    fn take(&mut self, line: Line) {
        if let Some(run) = line.run {
            let near = self.lines.iter_mut().rev().take(LOOK_BACK);
            for earlier in near.take_while(|earlier| earlier.run.is_some()) {
                if let Some(joined) = earlier.run.and_then(|first| first.with(run)) {
                    *earlier = self.names.run(earlier.seq, joined);
                    return;
                }
            }
        }
        self.lines.push(line);
    }

    /// Writes what is not written yet.
    pub fn write(&mut self, out: &mut String) {
        for line in self.lines.drain(..) {
            out.push_str(match line.tone {
                Tone::Command => "> ",
                Tone::Result => "< ",
                Tone::Failure if line.depth == 0 => "< ",
                Tone::Message => "! ",
                Tone::Step | Tone::Sleep | Tone::Failure => "  ",
            });
            for _ in 1..line.depth {
                out.push_str("  ");
            }
            out.push_str(&line.head);
            if !line.head.is_empty() && !line.rest.is_empty() {
                let ends = matches!(line.tone, Tone::Result | Tone::Failure) && line.depth == 0;
                out.push_str(if ends { ": " } else { " " });
            }
            out.push_str(&line.rest);
            out.push('\n');
        }
    }
}
