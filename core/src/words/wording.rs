//! An event in the kernel's words.

use litemap::LiteMap;

use crate::buf::Pool;
use crate::command::{Command, DirectCmd, PageRange};
use crate::event::Transfer;
use crate::model::filled;
use crate::object::{Handle, ObjectKind};
use crate::pager::{Channel, WaitChannel};
use crate::units::{ObjectId, OpId, PageIndex};
use crate::{Event, Model};

use super::line::{About, Deed, Line, Run, Tone};
use super::numbers::{count, span};
use super::phrases::{answers, is_bad, outcome, transfer_words};
use super::shown::shown;

/// The names of all objects that events told of, of those that are gone too.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_handle: LiteMap<Handle, String>,
    by_object: LiteMap<ObjectId, String>,
}

impl Names {
    /// Those that a model knows.
    #[inline]
    pub fn of(model: &Model) -> Names {
        let named = |&object: &ObjectId| Some((object, model.name(object)?.to_owned()));
        Names {
            by_handle: model.names.clone(),
            by_object: filled(model.objects.keys().filter_map(named)),
        }
    }

    /// Takes in the name that an event gives.
    #[inline]
    pub fn learn(&mut self, event: &Event) {
        match event {
            Event::Named { handle, name } => {
                self.by_handle.insert(*handle, name.clone());
            }
            Event::ObjectCreated { object } => {
                let name = object.handle.and_then(|handle| self.by_handle.get(&handle));
                if let Some(name) = name {
                    self.by_object.insert(object.id, name.clone());
                }
            }
            _ => {}
        }
    }

    #[inline]
    fn get(&self, object: ObjectId) -> String {
        self.by_object
            .get(&object)
            .map_or_else(|| object.to_string(), |name| shown(name))
    }

    /// The line an event makes, if it makes one.
    #[inline]
    pub fn line(&mut self, seq: u64, event: &Event) -> Option<Line> {
        self.learn(event);
        self.read(seq, event)
    }

    /// The line an event makes whose names are known, if it makes one.
    #[inline]
    pub fn read(&self, seq: u64, event: &Event) -> Option<Line> {
        if let Some(run) = Run::of(event) {
            return Some(self.run(seq, run));
        }
        let line = |depth, head: &str, rest: String, tone, about| Line {
            seq,
            depth,
            head: head.to_owned(),
            rest,
            tone,
            about,
            run: None,
        };
        let step = |depth, head: &str, rest, about| line(depth, head, rest, Tone::Step, about);
        Some(match event {
            Event::OpStarted { command, .. } => {
                let (head, rest, about) = self.command(command);
                line(0, head, rest, Tone::Command, about)
            }
            Event::OpSlept { op, channel } => {
                let rest = format!("on {}: {}", channel.wmesg, self.waits_for(*channel));
                line(
                    1,
                    sleeper(*op, "sleeps", "pagedaemon sleeps"),
                    rest,
                    Tone::Sleep,
                    channel_about(*channel),
                )
            }
            Event::OpWoken { op, channel } => {
                let rest = format!("from {}", channel.wmesg);
                line(
                    1,
                    sleeper(*op, "wakes", "pagedaemon wakes"),
                    rest,
                    Tone::Sleep,
                    channel_about(*channel),
                )
            }
            Event::OpEnded {
                command, result, ..
            } => {
                let (head, _, about) = self.command(command);
                let tone = if is_bad(result) {
                    Tone::Failure
                } else {
                    Tone::Result
                };
                line(0, head, outcome(result), tone, about)
            }
            Event::Message { text } => line(0, "", shown(text.trim()), Tone::Message, None),
            Event::DeviceChanged { slot, old, new } => {
                let device = new.as_deref().or(old.as_deref())?;
                let (what, state) = match (old, new) {
                    (None, _) => ("swaponvp", count(device.pages, "page")),
                    (_, Some(_)) => ("swapoff", "closed to new blocks".to_owned()),
                    (_, None) => ("swapoff", "gone".to_owned()),
                };
                step(1, what, format!("{}: {slot}, {state}", device.id), None)
            }
            Event::FullChanged { new, .. } => {
                let rest = format!(
                    "full {}, almost full {}",
                    new.full,
                    u8::from(new.almost_full)
                );
                line(1, "swap_pager", rest, Tone::Message, None)
            }
            Event::SearchBegan { from, slot } => {
                let (what, rest) = match slot {
                    None => ("blist_allocat", format!("from block {from} on")),
                    Some(slot) => ("blist_alloc", format!("only {slot}")),
                };
                line(2, what, rest, Tone::Step, Some(About::Block(*from)))
            }
            Event::GetSwapSpace { pages, found } => {
                let to = found.map_or("no room".to_owned(), |block| block.to_string());
                let tone = match found {
                    Some(_) => Tone::Step,
                    None => Tone::Failure,
                };
                let rest = format!("{pages} → {to}");
                line(2, "getswapspace", rest, tone, found.map(About::Block))
            }
            Event::ObjectCreated { object } => {
                let rest = format!("{}, {}", object.id, count(object.size, "page"));
                let about = Some(About::Object(object.id));
                step(1, "vm_object_allocate", rest, about)
            }
            Event::ObjectChanged { old, new }
                if old.kind != new.kind && new.kind == ObjectKind::Swap =>
            {
                let rest = format!("{} becomes a swap object", self.get(new.id));
                step(2, "convert", rest, Some(About::Object(new.id)))
            }
            Event::ObjectDestroyed { object } => {
                step(1, "vm_object_terminate", self.get(object.id), None)
            }
            Event::PutPages {
                object,
                start,
                count,
                sync,
            } => {
                let pages = pages_of(*start, *count);
                let how = if *sync { "sync" } else { "async" };
                let rest = format!("{} {pages} {how}", self.get(*object));
                step(1, "putpages", rest, Some(About::Pages(*object, pages)))
            }
            Event::PutPagesReturned { rtvals, .. } => step(2, "rtvals", answers(rtvals), None),
            Event::GetPages {
                object,
                start,
                count,
                wanted,
            } => {
                let pages = pages_of(*start, *count);
                let rest = format!("{} {pages}, wants {}", self.get(*object), wanted.0);
                step(1, "getpages", rest, Some(About::Pages(*object, pages)))
            }
            Event::IoStarted { transfer } => step(
                2,
                "strategy",
                transfer_words(transfer, "→", "←"),
                transfer_about(transfer),
            ),
            Event::IoDone {
                transfer, error, ..
            } => {
                let mut rest = transfer_words(transfer, "on", "from");
                let tone = match error {
                    Some(error) => {
                        rest.push_str(&format!(": failed, {error}"));
                        Tone::Failure
                    }
                    None => Tone::Step,
                };
                line(1, "iodone", rest, tone, transfer_about(transfer))
            }
            _ => return None,
        })
    }

    /// The line of neighbours.
    #[inline]
    pub fn run(&self, seq: u64, run: Run) -> Line {
        let n = run.pages;
        let pages = run.page.map(|(object, start)| (object, pages_of(start, n)));
        let blocks = run.block.map(|block| span(block.0, block.0 + n - 1));
        let held = pages.map(|(object, pages)| format!("{} {pages}", self.get(object)));
        let (head, rest) = match (run.deed, held, blocks) {
            (Deed::Ask, Some(held), _) if n > 1 => ("getpages", format!("{held} one by one")),
            (Deed::Ask, Some(held), _) => ("getpages", held),
            (Deed::Build, Some(held), Some(blocks)) => ("meta_build", format!("{held} → {blocks}")),
            (Deed::Free, _, Some(blocks)) => ("freeswapspace", blocks),
            (_, held, blocks) => ("meta_free", held.or(blocks).unwrap_or_default()),
        };
        let about = pages
            .map(|(object, pages)| About::Pages(object, pages))
            .or(run.block.map(About::Block));
        Line {
            seq,
            depth: if run.deed == Deed::Ask { 1 } else { 2 },
            head: head.to_owned(),
            rest,
            tone: Tone::Step,
            about,
            run: Some(run),
        }
    }

    /// A command in the words of the log: what, to what, and what it is about.
    #[inline]
    pub fn command(&self, command: &Command) -> (&'static str, String, Option<About>) {
        let on = |object: &ObjectId, range: &PageRange| {
            let about = Some(About::Pages(*object, *range));
            (format!("{} {range}", self.get(*object)), about)
        };
        match command {
            Command::SwapOn { disk, pages } => {
                ("swapon", format!("{disk}, {}", count(*pages, "page")), None)
            }
            Command::Create { name, pages } => {
                let name = shown(name.as_deref().unwrap_or("unnamed"));
                ("create", format!("{name}, {}", count(*pages, "page")), None)
            }
            Command::Write {
                object,
                page,
                offset,
                text,
            } => {
                let (held, about) = on(object, &pages_of(*page, 1));
                let bytes = count(text.len() as u64, "byte");
                ("write", format!("{held}: {bytes} at {offset}"), about)
            }
            Command::Fill { object, range, .. } => {
                let (held, about) = on(object, range);
                ("fill", held, about)
            }
            Command::Read { object, range } => {
                let (held, about) = on(object, range);
                ("read", held, about)
            }
            Command::Pageout {
                object,
                range,
                sync,
            } => {
                let (held, about) = on(object, range);
                let how = if *sync { " sync" } else { "" };
                ("pageout", format!("{held}{how}"), about)
            }
            Command::SwapOff { disk } => ("swapoff", disk.to_string(), None),
            Command::Free { object, range } => {
                let (held, about) = on(object, range);
                ("madvise", format!("{held} free"), about)
            }
            Command::Direct { object, range, io } => {
                let (held, about) = on(object, range);
                let how = match io {
                    DirectCmd::Read => "read",
                    DirectCmd::Write(_) => "write",
                    DirectCmd::Delete => "delete",
                    DirectCmd::Reserve => "reserve",
                };
                ("strategy", format!("{held} {how}"), about)
            }
            Command::Fork { object } => ("fork", self.get(*object), Some(About::Object(*object))),
            Command::SetAsyncMax { value } => {
                ("sysctl", format!("vm.swap_async_max={value}"), None)
            }
            Command::Destroy { object } => {
                ("destroy", self.get(*object), Some(About::Object(*object)))
            }
        }
    }

    /// What a sleeper waits for.
    #[inline]
    pub fn waits_for(&self, channel: WaitChannel) -> String {
        match channel.on {
            Channel::Page(object, page) => format!("{} {} is busy", self.get(object), page.0),
            Channel::Buf(_) => "its transfer is under way".to_owned(),
            Channel::Pool(pool) => match pool {
                Pool::Read => "all page-in buffers are in use".to_owned(),
                Pool::WriteSync => "all sync write buffers are in use".to_owned(),
                Pool::WriteAsync => "enough writes are in flight".to_owned(),
            },
            Channel::AnyBuf => "all buffers are in use".to_owned(),
            Channel::Object(object) => format!("{} is still paging", self.get(object)),
            Channel::Device(slot) => format!("{slot} still has blocks in use"),
            Channel::FreePages => "memory is used up".to_owned(),
            Channel::PageoutDaemon => "there is enough memory".to_owned(),
            Channel::Chain(_) => "its chain of transfers is under way".to_owned(),
        }
    }
}

#[inline]
fn pages_of(start: PageIndex, count: u32) -> PageRange {
    PageRange { start, count }
}

/// What is said of an operation, or of the pageout daemon.
#[inline]
fn sleeper(op: OpId, of_operation: &'static str, of_daemon: &'static str) -> &'static str {
    if op == OpId::PAGEOUT_DAEMON {
        of_daemon
    } else {
        of_operation
    }
}

#[inline]
fn channel_about(channel: WaitChannel) -> Option<About> {
    match channel.on {
        Channel::Page(object, page) => Some(About::Pages(object, pages_of(page, 1))),
        Channel::Object(object) => Some(About::Object(object)),
        _ => None,
    }
}

#[inline]
fn transfer_about(transfer: &Transfer) -> Option<About> {
    Some(match transfer.object {
        Some((object, start)) => About::Pages(object, pages_of(start, transfer.pages)),
        None => About::Block(transfer.block),
    })
}
