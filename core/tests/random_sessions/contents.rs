//! What one page of an object may hold.

use swap_pager::PageData;
use swap_pager::units::OpId;

/// Contents of a page of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The object does not have the page: it reads as in the object behind, else as zeros.
    Absent,
    Bytes(PageData),
}

/// What an operation does to a page.
#[derive(Clone, Debug)]
pub enum Effect {
    /// All of it gets these bytes, in memory.
    Fill(PageData),
    /// This text is written at that place.
    Text(usize, String),
    /// Its contents are given up: sooner or later the object does not have it. Then zeros show
    /// through, or what an object behind has, whichever were taken in by then; `None` is anything.
    GiveUp(Option<Vec<PageData>>),
    /// All of it gets these bytes, on swap.
    DirectWrite(PageData, Direct),
    /// It is freed, and reads as zeros.
    DirectDelete,
}

/// How far a direct write has come with one page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Direct {
    /// The page had no block and was given one, which holds what some other page left there.
    pub fresh: bool,
    /// Whether its transfer is over, and whether that failed.
    pub failed: Option<bool>,
}

/// An operation under way that does something to the page, at a moment not known.
#[derive(Clone, Debug)]
struct Pending {
    op: OpId,
    effect: Effect,
    /// Whether another was under way at the same time, so that the order is not known.
    overlapped: bool,
}

/// How an operation ended for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not done.
    NotDone,
    /// It was or it was not.
    Unknown,
}

/// What a page may hold.
#[derive(Clone, Debug)]
pub struct Page {
    /// What operations that ended may have left.
    may: Vec<Content>,
    /// A reported error lost it: it may hold anything.
    lost: bool,
    /// It was given up, and may come to be absent at any time.
    fading: bool,
    pending: Vec<Pending>,
}

impl Default for Page {
    fn default() -> Page {
        Page {
            may: vec![Content::Absent],
            lost: false,
            fading: false,
            pending: Vec::new(),
        }
    }
}

impl Page {
    /// All it may hold now, with what may lie behind; `None` is anything.
    pub fn may_hold(&self, behind: Option<&[PageData]>) -> Option<Vec<Content>> {
        if self.lost {
            return None;
        }
        // Each operation under way may have come to this page or not, and in any order.
        let mut may = self.may.clone();
        let mut looked_at = 0;
        while let Some(content) = may.get(looked_at).cloned() {
            looked_at += 1;
            for pending in &self.pending {
                for left in after(&pending.effect, &content, behind)? {
                    if !may.contains(&left) {
                        may.push(left);
                    }
                }
            }
        }
        Some(may)
    }

    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    pub fn begin(&mut self, op: OpId, effect: Effect) {
        let overlapped = self.is_pending();
        for other in &mut self.pending {
            other.overlapped = true;
        }
        self.pending.push(Pending {
            op,
            effect,
            overlapped,
        });
    }

    /// Notes how far direct writes came with it.
    pub fn note_direct(&mut self, change: impl Fn(&mut Direct)) {
        for pending in &mut self.pending {
            if let Effect::DirectWrite(_, direct) = &mut pending.effect {
                change(direct);
            }
        }
    }

    /// What a failed direct write came to.
    pub fn direct_outcome(&self, op: OpId) -> Outcome {
        let pending = self.pending.iter().find(|pending| pending.op == op);
        match pending.map(|pending| &pending.effect) {
            Some(Effect::DirectWrite(_, direct)) => match direct.failed {
                Some(false) => Outcome::Done,
                Some(true) => Outcome::Unknown,
                None => Outcome::NotDone,
            },
            _ => Outcome::NotDone,
        }
    }

    pub fn end(&mut self, op: OpId, outcome: Outcome, behind: Option<&[PageData]>) {
        let Some(place) = self.pending.iter().position(|pending| pending.op == op) else {
            return;
        };
        if outcome == Outcome::NotDone {
            self.pending.remove(place);
            return;
        }
        let ended = &self.pending[place];
        let may = match (outcome, ended.overlapped) {
            (Outcome::Done, false) => {
                let each = self.may.iter();
                let left = each.map(|content| after(&ended.effect, content, behind));
                left.collect::<Option<Vec<_>>>().map(|left| left.concat())
            }
            _ => self.may_hold(behind),
        };
        let ended = self.pending.remove(place);
        let replaced = outcome == Outcome::Done && !ended.overlapped;
        match ended.effect {
            Effect::GiveUp(_) => self.fading = true,
            Effect::Text(..) if replaced => self.fading = false,
            Effect::Fill(_) | Effect::DirectWrite(..) | Effect::DirectDelete if replaced => {
                self.fading = false;
                self.lost = false;
            }
            _ => {}
        }
        match may {
            Some(may) => {
                self.may.clear();
                for content in may {
                    if !self.may.contains(&content) {
                        self.may.push(content);
                    }
                }
            }
            None => self.lost = true,
        }
    }

    /// Whether it can hold nothing but this.
    pub fn holds(&self, seen: &PageData) -> bool {
        !self.lost
            && !self.is_pending()
            && matches!(&self.may[..], [Content::Bytes(data)] if data == seen)
    }

    /// It was seen to hold this. With `for_good`, what was seen can't go away by itself.
    pub fn settle(&mut self, seen: &PageData, for_good: bool) {
        if for_good || !self.fading {
            self.may = vec![Content::Bytes(seen.clone())];
            self.lost = false;
            self.fading = false;
        }
    }
}

/// What a page may hold after an operation came by; `None` is anything.
fn after(effect: &Effect, content: &Content, behind: Option<&[PageData]>) -> Option<Vec<Content>> {
    Some(match effect {
        Effect::DirectWrite(_, direct) if direct.fresh && direct.failed != Some(false) => {
            return None;
        }
        Effect::GiveUp(None) => return None,
        Effect::Fill(data) | Effect::DirectWrite(data, _) => vec![Content::Bytes(data.clone())],
        // Only an object with nothing behind it can be driven as a disk.
        Effect::DirectDelete => vec![Content::Bytes(PageData::zero())],
        Effect::GiveUp(shows) => {
            let shows = shows.iter().flatten().cloned().map(Content::Bytes);
            let absent = [Content::Absent, Content::Bytes(PageData::zero())];
            let may = [content.clone()].into_iter().chain(absent);
            may.chain(shows).collect()
        }
        Effect::Text(offset, text) => {
            let before = match content {
                Content::Absent => behind?,
                Content::Bytes(data) => std::slice::from_ref(data),
            };
            let written = |data: &PageData| {
                let mut data = data.clone();
                data.overwrite(*offset, text.as_bytes());
                Content::Bytes(data)
            };
            before.iter().map(written).collect()
        }
    })
}
