//! Figures of two machines side by side, and what they say in a sentence.

use super::{Comparison, Figures, Room};
use crate::units::DeviceId;

/// What a figure is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Something that is counted.
    Count,
    /// Tenths of something.
    Tenths,
    /// Milliseconds.
    Milliseconds,
}

/// What is said of a figure in a sentence: a verb, a noun for one, and the rest.
type Said = Option<(&'static str, &'static str, &'static str)>;

/// A figure of both machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is called.
    pub name: String,
    /// A name for scripts and tests.
    pub id: String,
    /// What it means.
    pub meaning: &'static str,
    /// What it is a number of.
    pub unit: Unit,
    /// On either side.
    pub values: [u64; 2],
    /// Whether it is only a part of another figure: what one disk did, what was slept on.
    pub detail: bool,
    /// What is said of it in a sentence, if it is fit for one.
    said: Said,
}

impl Figure {
    /// How far the sides are apart, in thousandths of the larger.
    pub fn difference(&self) -> u64 {
        let [a, b] = self.values;
        (a.abs_diff(b) * 1000).checked_div(a.max(b)).unwrap_or(0)
    }
}

/// All figures at a moment, those that differ most first, those that are equal last. Details come
/// after what they are details of.
pub fn figures(comparison: &Comparison, moment: usize, rooms: [Room; 2]) -> Vec<Figure> {
    let none = Figures::default();
    let of = |side: usize| {
        let moments = &comparison.runs[side].moments;
        moments.get(moment).map_or(&none, |moment| &moment.figures)
    };
    let (a, b) = (of(0), of(1));
    let mut all = Vec::new();
    let mut row = |id: &str, name: &str, meaning, unit, values: [u64; 2], said| {
        all.push(Figure {
            name: name.to_owned(),
            id: id.to_owned(),
            meaning,
            unit,
            values,
            detail: id.starts_with("disk-") || id.starts_with("sleeps-"),
            said,
        });
    };
    use Unit::Count;
    for (id, name, meaning, unit, of, said) in COUNTED {
        row(id, name, meaning, unit, [of(a), of(b)], said);
    }
    let [x, y] = rooms;
    row(
        "free",
        "Free pages",
        "Of all swap (vm_swap_size).",
        Count,
        [x.free, y.free],
        None,
    );
    row(
        "holes",
        "Holes",
        "Runs of free blocks with blocks in use behind them, disk by disk.",
        Count,
        [x.holes, y.holes],
        Some(("leaves", "hole", "")),
    );
    row(
        "longest",
        "Longest free run",
        "Of blocks that follow each other on one disk.",
        Count,
        [x.longest, y.longest],
        None,
    );
    row(
        "clusters",
        "Room for clusters",
        "How many clusters of 16 pages still fit that go out in one transfer.",
        Count,
        [x.clusters, y.clusters],
        Some(("leaves room for", "cluster", " of 16 pages")),
    );
    row(
        "runs",
        "Runs of pages",
        "Pages of an object that lie in a row: at least so many transfers it takes to read all that is on swap.",
        Count,
        [x.runs, y.runs],
        Some(("scatters the pages on swap over", "run", "")),
    );
    let mut disks: Vec<DeviceId> = a.disks.iter().chain(&b.disks).map(|on| on.disk).collect();
    disks.sort_unstable();
    disks.dedup();
    for disk in disks {
        let (x, y) = (a.on(disk), b.on(disk));
        row(
            &format!("disk-{}-transfers", disk.0),
            &format!("Transfers of {disk}"),
            "To it and from it.",
            Count,
            [x.transfers, y.transfers],
            None,
        );
        row(
            &format!("disk-{}-pages", disk.0),
            &format!("Pages moved by {disk}"),
            "To it and from it.",
            Count,
            [x.pages, y.pages],
            None,
        );
    }
    let mut channels: Vec<&'static str> = a
        .sleeps
        .iter()
        .chain(&b.sleeps)
        .map(|(on, _)| *on)
        .collect();
    channels.sort_unstable();
    channels.dedup();
    for on in channels {
        row(
            &format!("sleeps-{on}"),
            &format!("Sleeps on {on}"),
            "How often an operation waited there (wmesg).",
            Count,
            [a.slept_on(on), b.slept_on(on)],
            None,
        );
    }
    // Stable: what differs alike stays in the order above.
    all.sort_by_key(|figure| (figure.detail, std::cmp::Reverse(figure.difference())));
    all
}

type Counted = (
    &'static str,
    &'static str,
    &'static str,
    Unit,
    fn(&Figures) -> u64,
    Said,
);

/// What is counted while commands are played, for the table.
const COUNTED: [Counted; 13] = [
    (
        "time",
        "Time",
        "On the clock of the disks: what transfers take. Disks that are not slow take none.",
        Unit::Milliseconds,
        |of| of.milliseconds,
        Some(("takes", "ms", "")),
    ),
    (
        "transfers",
        "Transfers",
        "Reads and writes together.",
        Unit::Count,
        Figures::transfers,
        Some(("makes", "transfer", "")),
    ),
    (
        "reads",
        "Reads",
        "Transfers from a disk to memory.",
        Unit::Count,
        |of| of.reads,
        None,
    ),
    (
        "writes",
        "Writes",
        "Transfers from memory to a disk.",
        Unit::Count,
        |of| of.writes,
        None,
    ),
    (
        "pages-read",
        "Pages read",
        "Read-ahead brings more than are asked for.",
        Unit::Count,
        |of| of.pages_read,
        None,
    ),
    (
        "pages-written",
        "Pages written",
        "All that went out.",
        Unit::Count,
        |of| of.pages_written,
        None,
    ),
    (
        "cluster",
        "Pages a write",
        "How long a write is on average.",
        Unit::Tenths,
        |of| (of.pages_written * 10).checked_div(of.writes).unwrap_or(0),
        None,
    ),
    (
        "busiest",
        "Pages moved by the busiest disk",
        "The more evenly disks are used, the less the busiest has to do.",
        Unit::Count,
        |of| of.disks.iter().map(|on| on.pages).max().unwrap_or(0),
        Some(("has its busiest disk move", "page", "")),
    ),
    (
        "nodes",
        "Nodes looked at",
        "By searches for room, in the radix tree. Those that a hint let them skip are not counted.",
        Unit::Count,
        |of| of.nodes,
        Some(("looks at", "node", " of the radix tree to find room")),
    ),
    (
        "in-vain",
        "Searches in vain",
        "Room was sought, and not found: then less is sought.",
        Unit::Count,
        |of| of.in_vain,
        Some(("seeks room in vain", "time", "")),
    ),
    (
        "sleeps",
        "Sleeps",
        "How often an operation had to wait.",
        Unit::Count,
        |of| of.sleeps.iter().map(|(_, times)| times).sum(),
        Some(("has operations sleep", "time", "")),
    ),
    (
        "refused",
        "Commands refused",
        "The machine could not do what was asked.",
        Unit::Count,
        |of| u64::from(of.refused),
        None,
    ),
    (
        "failed",
        "Transfers that failed",
        "Whatever was put in the way of disks.",
        Unit::Count,
        |of| of.failed,
        None,
    ),
];

/// A difference of less than that is not worth a sentence, in thousandths.
const TELLING: u64 = 40;

/// Nor is one of so few.
const FEW: u64 = 3;

/// What figures show, in a sentence or two. Time and transfers come first, then what differs most.
pub fn in_words(labels: &[String; 2], figures: &[Figure]) -> String {
    let differ = figures.iter().filter(|figure| {
        figure.difference() >= TELLING && figure.values.iter().any(|value| *value > FEW)
    });
    let mut telling: Vec<_> = differ.filter(|figure| figure.said.is_some()).collect();
    telling.sort_by_key(|figure| !matches!(figure.id.as_str(), "time" | "transfers"));
    let Some(first) = telling.first() else {
        return match figures.iter().find(|figure| figure.difference() > 0) {
            Some(Figure { name, values, .. }) => format!(
                "The two do nearly the same. What differs most is \u{201c}{name}\u{201d}: {} and {}.",
                values[0], values[1]
            ),
            None => "Nothing that is counted differs: to these commands it makes no difference."
                .to_owned(),
        };
    };
    // Who has less is named first.
    let less = usize::from(first.values[1] < first.values[0]);
    let sides = [less, 1 - less];
    let mut text = said(first, sides, "the machine", labels);
    if let Some(second) = telling.get(1) {
        text.push(' ');
        text.push_str(&said(second, sides, "it", labels));
    }
    text
}

fn said(figure: &Figure, [first, second]: [usize; 2], who: &str, labels: &[String; 2]) -> String {
    let (verb, noun, rest) = figure.said.unwrap_or_default();
    let (a, b) = (figure.values[first], figure.values[second]);
    let (time, plural) = (
        figure.unit == Unit::Milliseconds,
        a != 1 && figure.unit != Unit::Milliseconds,
    );
    let plural = if plural { "s" } else { "" };
    let unit = if time { " ms" } else { "" };
    let times = match (b * 10).checked_div(a) {
        Some(tenths) if tenths >= 15 => {
            let much = if time { "as long" } else { "as many" };
            format!(", {} times {much}", tenths_of(tenths))
        }
        _ => String::new(),
    };
    format!(
        "With {} {who} {verb} {a} {noun}{plural}{rest}; with {} it {verb} {b}{unit}{times}.",
        labels[first], labels[second]
    )
}

fn tenths_of(tenths: u64) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}
