//! One tab owns the disks (Web Locks).
//!
//! web-sys has the interface only behind a flag that all builds would have to set, so the one
//! call is made by name.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// How often to ask, and the pause between: a page that was just reloaded may find the lock
/// still held by what it was before.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(50);

/// Takes the lock of that name for as long as the page lives. Returns false if another tab has
/// it. Where there are no Web Locks, or the page may not use them, the answer is yes: the
/// database itself will say if it can't be had.
pub async fn take(name: &str) -> bool {
    for _ in 0..TRIES {
        let taken = Rc::new(Cell::new(true));
        let Some(asked) = ask(name, taken.clone()) else {
            return true;
        };
        // The promise of the request settles only when the lock is let go of, so what is waited
        // for is that the callback has run.
        let settled = JsFuture::from(asked).await;
        if settled.is_err() || taken.get() {
            return true;
        }
        gloo::timers::future::sleep(PAUSE).await;
    }
    false
}

/// Asks for the lock, and returns what settles once the answer is known.
fn ask(name: &str, taken: Rc<Cell<bool>>) -> Option<Promise> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &true.into()).ok()?;

    let mut call = Ok(JsValue::UNDEFINED);
    let asked = Promise::new(&mut |resolve, reject| {
        let taken = taken.clone();
        let answer = Closure::once_into_js(move |lock: JsValue| {
            taken.set(!lock.is_null());
            // Resolving may fail only if the page is going away.
            let _ = resolve.call0(&JsValue::UNDEFINED);
            // Held until the page is gone: a promise that never settles.
            if lock.is_null() {
                JsValue::UNDEFINED
            } else {
                Promise::new(&mut |_, _| {}).into()
            }
        });
        call = request.call3(&locks, &name.into(), &options, &answer);
        if let Ok(Ok(promise)) = call.clone().map(JsCast::dyn_into::<Promise>) {
            // A request that is refused outright (a sandboxed frame) never calls back.
            let refuse = Closure::once(move |why: JsValue| {
                let _ = reject.call1(&JsValue::UNDEFINED, &why);
            });
            let _ = promise.catch(&refuse);
            refuse.forget();
        }
    });
    call.is_ok().then_some(asked)
}
