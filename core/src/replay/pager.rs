//! Recordings of the whole pager.
//!
//! Here the replay plays the kernel around the pager: it marks pages busy and counts paging in
//! progress as the callers of the pager do, and when an operation has to wait, it completes the
//! oldest transfer in flight until it can go on.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::trace::{flag, number, numbers, word};
use super::{Replay, fnv};
use crate::PageData;
use crate::error::{Errno, KernelPanic};
use crate::event::{Event, EventQueue, IoCmd, NoEvents};
use crate::object::{Handle, ObjectKind};
use crate::page::{Frame, Page, PageState};
use crate::pager::{
    Copy, Dealloc, Fixes, GetPages, PageinStatus, Pager, PagerConfig, PutPages, Reserve, Rtval,
    Step, Strategy, StrategyCmd,
};
use crate::policy::Policy;
use crate::units::{DMMAX, DeviceId, IoId, ObjectId, PAGE_SIZE, PageIndex};

mod told;

/// A pager being replayed.
pub struct PagerReplay {
    pager: Pager<EventQueue>,
    /// Transfers that will fail.
    failing: BTreeSet<u32>,
}

/// What an operation came to: a value, or where the kernel panics.
type Ret = Result<Value, KernelPanic>;

impl PagerReplay {
    pub fn new(config: &Value) -> Result<PagerReplay, String> {
        let config = config.as_object().ok_or("\"config\" is no object")?;
        let config = PagerConfig {
            nswdev: number(config, "nswdev")?,
            nswbuf: number(config, "nswbuf")?,
            page_count: 1 << 19,
            zone_room: u32::MAX,
            lowat: number(config, "lowat")?,
            hiwat: number(config, "hiwat")?,
            stripe: DMMAX,
            policy: Policy::FirstFit,
            fixes: Fixes::default(),
        };
        let pager = Pager::new(config, EventQueue::new());
        Ok(PagerReplay {
            pager,
            failing: BTreeSet::new(),
        })
    }

    fn run(&mut self, op: &str, line: &Map<String, Value>) -> Result<Ret, String> {
        Ok(Ok(match op {
            "swapon" => {
                let device = DeviceId(number(line, "device")?);
                match self.pager.swapon(device, number(line, "blocks")?) {
                    Ok(on) => json!({ "index": on.slot, "nblks": on.pages, "nswap": on.nswap }),
                    Err(errno) => json!({ "errno": errno }),
                }
            }
            "alloc" => {
                let handle = match line.get("handle") {
                    None | Some(Value::Null) => None,
                    Some(_) => Some(Handle(number(line, "handle")?)),
                };
                let (bytes, offset) = (number(line, "bytes")?, number(line, "offset")?);
                let made = self.pager.alloc(handle, bytes, offset);
                let object = self.pager.object(made.object).copied();
                json!({
                    "object": made.object,
                    "existing": made.existing,
                    "ref_count": object.map(|object| object.ref_count),
                    "pages": object.map(|object| object.size),
                })
            }
            "alloc_default" => {
                json!({ "object": self.pager.alloc_default(number(line, "pages")?) })
            }
            "putpages" => self.putpages(line)?,
            "getpages" => self.getpages(line)?,
            "iodone" => {
                let io = number(line, "io")?;
                self.complete(IoId(io))?;
                Value::Null
            }
            "haspage" => {
                let near = self
                    .pager
                    .haspage(object(line)?, PageIndex(number(line, "pindex")?));
                json!({ "has": near.has, "before": near.before, "after": near.after })
            }
            "unswapped" => {
                self.pager
                    .unswapped(object(line)?, PageIndex(number(line, "pindex")?));
                Value::Null
            }
            "strategy" => self.strategy(line)?,
            "freespace" => {
                let start = PageIndex(number(line, "start")?);
                self.pager
                    .freespace(object(line)?, start, number(line, "size")?);
                Value::Null
            }
            "reserve" => {
                let start = PageIndex(number(line, "start")?);
                let mut reserve = Reserve::new(object(line)?, start, number(line, "size")?);
                json!(if self.wait_for(|pager| reserve.run(pager))?.is_ok() {
                    0
                } else {
                    -1
                })
            }
            "copy" => return self.copy(line),
            "dealloc" => {
                let mut dealloc = Dealloc::new(object(line)?);
                let done = self.wait_for(|pager| dealloc.run(pager))?;
                return Ok(done.map(
                    |done| json!({ "destroyed": done.ref_count == 0, "ref_count": done.ref_count }),
                ));
            }
            "set_async_max" => {
                self.pager.bufs.pools.swap_async_max = number(line, "value")?;
                Value::Null
            }
            "set_severe" => {
                self.pager.severe = flag(line, "value")?;
                Value::Null
            }
            other => return Err(format!("\"op\" is {other:?}, which is unknown")),
        }))
    }

    fn putpages(&mut self, line: &Map<String, Value>) -> Result<Value, String> {
        let object = object(line)?;
        let held = numbers(line, "held")?;
        let mut frames = Vec::new();
        for index in numbers(line, "pindexes")? {
            let hold_count = u16::from(held.contains(&index));
            let state = PageState {
                valid: true,
                dirty: true,
                busy: 1,
                hold_count,
                ..fresh()
            };
            frames.push(self.insert(object, index, state)?);
        }
        self.pager.pip_change(object, frames.len() as i64);
        let (sync, pageproc) = (flag(line, "sync")?, flag(line, "pageproc")?);
        let mut putpages = PutPages::new(object, frames.clone(), sync, pageproc);
        let rtvals = self.wait_for(|pager| putpages.run(pager))?;
        for (&frame, _) in frames
            .iter()
            .zip(&rtvals)
            .filter(|(_, rtval)| **rtval == Rtval::Fail)
        {
            self.pager.pip_change(object, -1);
            self.pager.pages.remove(frame, &mut NoEvents);
        }
        Ok(json!({ "rtvals": rtvals }))
    }

    fn getpages(&mut self, line: &Map<String, Value>) -> Result<Value, String> {
        let object = object(line)?;
        let indexes = numbers(line, "pindexes")?;
        let reqpage: usize = number(line, "reqpage")?;
        if reqpage >= indexes.len() {
            return Err(format!(
                "\"reqpage\" is {reqpage}, which is not among the pages"
            ));
        }
        let mut frames = Vec::new();
        for &index in &indexes {
            frames.push(self.insert(
                object,
                index,
                PageState {
                    pg_busy: true,
                    ..fresh()
                },
            )?);
        }
        let wanted = frames[reqpage];
        // What is freed at once is freed before anything else happens.
        let before = self.pager.events.len();
        let mut getpages = GetPages::new(object, frames, reqpage);
        let mut freed = None;
        let status = self.wait_for(|pager| {
            let step = getpages.run(pager);
            freed.get_or_insert_with(|| told::removed(pager.events.iter().skip(before)));
            step
        })?;
        let state = self
            .pager
            .pages
            .get(wanted)
            .map(|page| page.state)
            .unwrap_or_default();
        Ok(json!({
            "status": match status {
                PageinStatus::Ok => "OK",
                PageinStatus::Fail => "FAIL",
                PageinStatus::Error => "ERROR",
            },
            "valid": state.valid,
            "dirty": state.dirty,
            "pgbusy": state.pg_busy,
            "freed": freed,
        }))
    }

    fn strategy(&mut self, line: &Map<String, Value>) -> Result<Value, String> {
        let cmd = match word(line, "cmd")? {
            "read" => StrategyCmd::Read,
            "write" => StrategyCmd::Write,
            "delete" => StrategyCmd::Delete,
            other => {
                return Err(format!(
                    "\"cmd\" is {other:?}: read, write, delete are known"
                ));
            }
        };
        let (start, bytes) = (PageIndex(number(line, "start")?), number(line, "bytes")?);
        let mut strategy = Strategy::new(object(line)?, cmd, start, bytes, Vec::new());
        let done = self.wait_for(|pager| strategy.run(pager))?;
        let mut ret = json!({ "error": done.error, "resid": done.resid });
        if cmd == StrategyCmd::Read {
            ret["zero_filled"] = json!(done.zero_filled);
        }
        Ok(ret)
    }

    fn copy(&mut self, line: &Map<String, Value>) -> Result<Ret, String> {
        let (source, target) = (
            ObjectId(number(line, "src")?),
            ObjectId(number(line, "dst")?),
        );
        let destroy = flag(line, "destroy")?;
        let mut copy = Copy::new(source, target, number(line, "offset")?, destroy);
        let done = self.wait_for(|pager| copy.run(pager))?;
        if destroy && done.is_ok() {
            self.pager.objects.destroy(source, &mut NoEvents);
        }
        Ok(done.map(|()| Value::Null))
    }

    /// Runs an operation to its end. Each time it has to wait, the oldest transfer completes.
    fn wait_for<T>(
        &mut self,
        mut run: impl FnMut(&mut Pager<EventQueue>) -> Step<T>,
    ) -> Result<T, String> {
        loop {
            match run(&mut self.pager) {
                Step::Done(done) => return Ok(done),
                Step::Sleep(channel) => {
                    let oldest = self.pager.in_flight().first().map(|transfer| transfer.io);
                    let oldest = oldest.ok_or_else(|| {
                        format!("the operation sleeps on {channel} and nothing is in flight")
                    })?;
                    self.complete(oldest)?;
                }
            }
        }
    }

    fn complete(&mut self, io: IoId) -> Result<(), String> {
        let transfer = self
            .pager
            .in_flight()
            .iter()
            .find(|transfer| transfer.io == io);
        let reads = transfer.filter(|transfer| transfer.cmd == IoCmd::Read);
        let pages = reads.map_or(0, |transfer| transfer.pages);
        let result = if self.failing.contains(&io.0) {
            Err(Errno::Eio)
        } else {
            Ok(vec![PageData::zero(); pages as usize])
        };
        self.pager
            .complete(io, result)
            .map_err(|error| error.to_string())
    }

    fn insert(&mut self, object: ObjectId, index: u32, state: PageState) -> Result<Frame, String> {
        let page = Page {
            object,
            index: PageIndex(index),
            state,
            data: PageData::zero(),
        };
        let frame = self.pager.pages.insert(page, &mut NoEvents);
        frame.ok_or_else(|| format!("page {index} of {object} is part of a write in flight"))
    }

    /// Forgets the pages that no transfer has: in a recording, pages live as long as operations.
    fn drop_idle_pages(&mut self) {
        let idle = |(frame, page): (Frame, &Page)| (!page.state.swap_in_progress).then_some(frame);
        let idle: Vec<Frame> = self.pager.pages.iter().filter_map(idle).collect();
        for frame in idle {
            self.pager.pages.remove(frame, &mut NoEvents);
        }
    }

    fn state(&self, mappings: &[(ObjectId, PageIndex, crate::units::SwapBlock)]) -> Value {
        let pager = &self.pager;
        let pools = &pager.bufs.pools;
        let full = pager.space.full();
        let devices = || pager.space.slots().iter();
        let usable: i64 = devices()
            .flatten()
            .map(|device| i64::from(device.pages.saturating_sub(DMMAX)))
            .sum();
        let free = pager.space.free_pages();
        let swap_objects = pager
            .objects
            .iter()
            .filter(|object| object.kind == ObjectKind::Swap);
        let bcount: Map<String, Value> = swap_objects
            .map(|object| (object.id.0.to_string(), json!(object.swp_bcount)))
            .collect();
        let map = mappings
            .iter()
            .flat_map(|(object, index, block)| [object.0, index.0, block.0]);
        let counters = &pager.counters;
        json!({
            "free": free,
            "full": full.full,
            "almost_full": u8::from(full.almost_full),
            "used": devices().map(|d| d.map_or(0, |d| d.used)).collect::<Vec<_>>(),
            "rcount": pools.rcount,
            "wsync": pools.wcount_sync,
            "wasync": pools.wcount_async,
            "async_max": pools.swap_async_max,
            "wasync_max": pools.wcount_async_max,
            "bcount": bcount,
            "nmapped": mappings.len(),
            "leaked": usable - i64::from(free) - mappings.len() as i64,
            "map_hash": fnv::of(map),
            "blist_live_hash": fnv::of_live_nodes(pager.space.blist()),
            "cnt": {
                "v_swapin": counters.v_swapin,
                "v_swappgsin": counters.v_swappgsin,
                "v_swapout": counters.v_swapout,
                "v_swappgsout": counters.v_swappgsout,
                "v_intrans": counters.v_intrans,
            },
        })
    }
}

impl Replay for PagerReplay {
    /// The address of a bio, which the recordings have as a word, is not in our messages.
    fn normalize(&self, field: &str, expected: &Value) -> Value {
        let without = |text: &str| json!(text.replace("bp PTR ", ""));
        match expected.as_array().filter(|_| field == "log") {
            Some(lines) => lines
                .iter()
                .filter_map(Value::as_str)
                .map(without)
                .collect(),
            None => expected.clone(),
        }
    }

    fn step(&mut self, line: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        self.failing.extend(numbers(line, "fail_ios")?);
        let ret = self.run(word(line, "op")?, line)?;
        self.drop_idle_pages();
        while self.pager.poll_io().is_some() || self.pager.poll_wakeup().is_some() {}
        let events: Vec<Event> = self.pager.events.drain(..).collect();

        let mut got = Map::new();
        let mut tell = |field: &str, value| got.insert(field.to_owned(), value);
        tell("events", told::transfers(&events));
        tell("log", told::messages(&events));
        match ret {
            Err(panic) => {
                tell("panic", json!(panic.to_string()));
            }
            Ok(ret) => {
                let mappings = self.pager.meta.mappings();
                tell("ret", ret);
                tell("state", self.state(&mappings));
                if line.contains_key("map") {
                    tell("map", json!(mappings));
                }
            }
        }
        Ok(got)
    }
}

fn object(line: &Map<String, Value>) -> Result<ObjectId, String> {
    number(line, "object").map(ObjectId)
}

fn fresh() -> PageState {
    PageState::default()
}

const _: () = assert!(
    PAGE_SIZE == 4096,
    "recordings count in pages of 4,096 bytes"
);
