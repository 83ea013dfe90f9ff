//! What the page around a playground hears of it, as plain objects.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use swap_pager::language::{self, SyntaxError, parse};
use swap_pager::lesson::measure::Answer;
use swap_pager::{Command, Model};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Port;
use crate::lesson::Given;
use crate::part::{PartError, split};
use crate::session::{Session, Subscription};
use crate::view::log::wording::Names;

/// Of more events than that in a frame only the last are told.
const TOLD: u64 = 256;

/// The port, as a property of a component.
#[derive(Clone, Debug)]
pub struct PortRef(pub Rc<Port>);

impl PartialEq for PortRef {
    fn eq(&self, other: &PortRef) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for PortRef {
    type Target = Port;

    fn deref(&self) -> &Port {
        &self.0
    }
}

/// An object with these fields.
pub fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // It fails only on what is no object.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

fn number(number: u64) -> JsValue {
    // Exact up to 2^53: there are never so many.
    JsValue::from_f64(number as f64)
}

/// Tells that something can't be done.
pub fn error(port: &Port, message: &str) {
    port.tell("error", &object([("message", message.into())]));
}

/// Tells how a question of a lesson was answered.
pub fn answered(port: &Port, lesson: &str, step: usize, given: &Given) {
    let value = |answer: Option<&Answer>| match answer {
        Some(Answer::Number(of)) => number(*of),
        Some(Answer::Word(word)) => word.into(),
        None => JsValue::NULL,
    };
    let detail = object([
        ("lesson", lesson.into()),
        ("step", number(step as u64)),
        ("given", value(given.answer.as_ref())),
        ("right", value(given.right.as_ref().ok())),
        ("correct", given.correct.into()),
    ]);
    port.tell("answer", &detail);
}

/// Tells of events and steps as they come.
#[hook]
pub fn use_telling(session: Option<&Session>, port: &PortRef) {
    let watched = (session.cloned(), port.clone());
    use_effect_with(watched, |(session, port)| {
        let port = port.clone();
        let subscription = Rc::new(RefCell::new(None));
        if let Some(session) = session.clone() {
            let subscription = Rc::downgrade(&subscription);
            spawn_local(async move {
                let telling = telling(session, port).await;
                if let Some(subscription) = subscription.upgrade() {
                    *subscription.borrow_mut() = telling.ok();
                }
            });
        }
        move || drop(subscription)
    });
}

/// Reads a command.
pub type Parse = fn(&str, &language::Names) -> Result<Command, SyntaxError>;

split! {
    stage,
    /// What reads commands. When it is there, so is all that it takes to tell of events.
    ///
    /// # Errors
    /// When it can't be fetched.
    pub fn reader() -> Result<Parse, PartError> {
        Ok(parse)
    }
}

split! {
    stage,
    fn telling(session: Session, port: PortRef) -> Result<Subscription, PartError> {
        Ok(watch(&session, port))
    }
}

fn watch(watched: &Session, port: PortRef) -> Subscription {
    let (told, shown) = (Cell::new(0), Cell::new(u64::MAX));
    let session = watched.clone();
    let tell = Rc::new(move || {
        // Who is told may call back at once: all is collected, and no longer borrowed, before that.
        let mut news = Vec::new();
        {
            let history = session.history();
            let (at, end) = (history.at(), history.end());
            let from = told.replace(end).min(end);
            let names = Names::of(&session.model());
            for (seq, event) in history.between(from.max(end.saturating_sub(TOLD)), end) {
                let line = names.read(seq, event);
                let text = line.map(|line| format!("{} {}", line.head, line.rest));
                let text = text.map_or(JsValue::NULL, |text| text.trim().into());
                news.push(("event", object([("event", number(seq)), ("text", text)])));
            }
            if shown.replace(at) != at {
                let step = object([("event", number(at)), ("events", number(end))]);
                news.push(("step", step));
            }
        }
        for (kind, detail) in news {
            port.tell(kind, &detail);
        }
    });
    let again = tell.clone();
    let subscription = watched.subscribe(move || again());
    // Who was told that it is ready may have given commands at once, which are over by now.
    if watched.events() > 0 {
        tell();
    }
    subscription
}

/// What the machine is like at the moment that is shown.
pub fn snapshot(session: &Session) -> Object {
    let model = session.model();
    let history = session.history();
    let disks = model.slots.iter().enumerate().filter_map(|(slot, disk)| {
        let disk = disk.as_ref()?;
        Some(object([
            ("slot", number(slot as u64)),
            ("disk", number(disk.id.0.into())),
            ("pages", number(disk.pages.into())),
        ]))
    });
    object([
        ("event", number(history.at())),
        ("events", number(history.end())),
        ("freePages", number(model.free.into())),
        ("full", (model.full.full > 0).into()),
        ("almostFull", model.full.almost_full.into()),
        ("disks", disks.collect::<Array>().into()),
        ("objects", objects(&model).into()),
        ("transfers", number(model.in_flight.len() as u64)),
        ("operations", number(model.ops.len() as u64)),
    ])
}

fn objects(model: &Model) -> Array {
    let all = model.objects.iter().map(|(id, vm_object)| {
        let first = (*id, swap_pager::units::PageIndex(0));
        let last = (*id, swap_pager::units::PageIndex(u32::MAX));
        let on_swap = model
            .swap
            .range(first..=last)
            .map(|((_, page), block)| Array::of2(&number(page.0.into()), &number(block.0.into())));
        let name = model.name(*id).map_or(JsValue::NULL, Into::into);
        object([
            ("object", number(id.0.into())),
            ("name", name),
            ("pages", number(vm_object.size.into())),
            (
                "resident",
                number(model.pages.range(first..=last).count() as u64),
            ),
            ("onSwap", on_swap.collect::<Array>().into()),
        ])
    });
    all.collect()
}
