//! One tab owns the disks (Web Locks), and hands them over when another asks for them.
//!
//! The owner holds a lock for as long as it has the disks, and listens on a channel. It answers there
//! when a tab that was just opened asks who has them: a lock alone may also be that of a page which is
//! just being left. A tab that wants the disks says so there and waits for the lock. The owner lets its transaction in flight come
//! to its end, closes the database and lets go of the lock. One that doesn't, because it is frozen
//! or hangs, has the lock taken away. That it can't write any more either, whatever it does or
//! doesn't hear of all this, is the database's own affair: see [`layout`](crate::disk::layout).
//!
//! web-sys has Web Locks only behind a flag that all builds would have to set, so the one call is
//! made by name.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

/// How long the owner may take to answer or to hand over, in milliseconds.
const PATIENCE: u32 = 2_000;

/// What a tab says that wants the disks.
const HAND_OVER: &str = "hand over";

/// What a tab asks that was just opened, and what the owner answers.
const WHO_OWNS: &str = "who owns the disks?";
const OWNED: &str = "owned";

/// Whether this tab has the disks of this browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// It has, or has no use for them.
    #[default]
    This,
    /// Another tab has them, and it is still to be said whether to take them over.
    Other,
    /// It had them until another tab took them over. Nothing is stored any more.
    TakenOver,
    /// It is just taking them over.
    Taking,
}

/// Holds the lock, and listens for who wants it, until dropped.
#[derive(Debug, Default)]
pub struct Claim {
    /// Settles the promise for as long as which the lock is held.
    release: Option<Function>,
    channel: Option<(BroadcastChannel, Heard)>,
}

type Heard = Closure<dyn FnMut(MessageEvent)>;

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Claims the disks if nobody has them; `None` if another tab has. `wanted` is called when
/// another tab wants them later, or has them already.
///
/// Where there are no Web Locks, or the page may not use them, the answer is yes: the database
/// itself sees to it that only one tab has it.
pub async fn claim(name: &str, wanted: Rc<dyn Fn()>) -> Option<Claim> {
    match request(name, &[("ifAvailable", true.into())], &wanted).await {
        Ok(Some(release)) => Some(Claim::new(name, release, wanted)),
        Ok(None) => claim_unless_owned(name, wanted).await,
        Err(_) => {
            announce(name);
            Some(Claim::new(name, None, wanted))
        }
    }
}

/// Waits for a lock that is held, until its owner answers or has had the time to.
///
/// The page that a reload replaces may hold the lock for a moment longer, and so may one that the
/// browser keeps for its Back button until somebody else wants the lock. Neither answers.
async fn claim_unless_owned(name: &str, wanted: Rc<dyn Fn()>) -> Option<Claim> {
    let give_up = AbortController::new().ok()?;
    let channel = BroadcastChannel::new(name).ok()?;
    let heard = Heard::new({
        let give_up = give_up.clone();
        move |event: MessageEvent| {
            if event.data() == OWNED {
                give_up.abort();
            }
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    let _ = channel.post_message(&WHO_OWNS.into());
    let _too_long = Timeout::new(PATIENCE, {
        let give_up = give_up.clone();
        move || give_up.abort()
    });
    let until = [("signal", give_up.signal().into())];
    let answer = request(name, &until, &wanted).await;
    channel.set_onmessage(None);
    channel.close();
    Some(Claim::new(name, answer.ok().flatten()?, wanted))
}

/// Claims the disks from whoever has them.
pub async fn demand(name: &str, wanted: Rc<dyn Fn()>) -> Claim {
    announce(name);
    let politely = [("signal", timeout(PATIENCE))];
    let release = match request(name, &politely, &wanted).await {
        Ok(release) => release.flatten(),
        // Too late, or there are no locks: then this comes to nothing, too.
        Err(_) => {
            let by_force = [("steal", true.into())];
            let stolen = request(name, &by_force, &wanted).await;
            stolen.ok().flatten().flatten()
        }
    };
    Claim::new(name, release, wanted)
}

/// Tells whoever has the disks that they are wanted.
fn announce(name: &str) {
    if let Ok(channel) = BroadcastChannel::new(name) {
        let _ = channel.post_message(&HAND_OVER.into());
        channel.close();
    }
}

impl Claim {
    fn new(name: &str, release: Option<Function>, wanted: Rc<dyn Fn()>) -> Claim {
        let channel = BroadcastChannel::new(name).ok().map(|channel| {
            let answers = channel.clone();
            let heard = Heard::new(move |event: MessageEvent| {
                if event.data() == HAND_OVER {
                    wanted();
                } else if event.data() == WHO_OWNS {
                    // It fails only on a channel that is closed, and then nobody owns them.
                    let _ = answers.post_message(&OWNED.into());
                }
            });
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            (channel, heard)
        });
        Claim { release, channel }
    }
}

/// A signal to give up after so many milliseconds.
fn timeout(milliseconds: u32) -> JsValue {
    let signal = || {
        let kind = Reflect::get(&js_sys::global(), &"AbortSignal".into())?;
        let after: Function = Reflect::get(&kind, &"timeout".into())?.dyn_into()?;
        after.call1(&kind, &milliseconds.into())
    };
    signal().unwrap_or(JsValue::UNDEFINED)
}

/// Asks for the lock. What is returned lets go of it; `None` if it isn't to be had. `lost` is
/// called if it is taken away later.
async fn request(
    name: &str,
    options: &[(&str, JsValue)],
    lost: &Rc<dyn Fn()>,
) -> Result<Option<Option<Function>>, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let all = Object::new();
    for (option, value) in options {
        Reflect::set(&all, &(*option).into(), value)?;
    }

    let granted = Rc::new(Cell::new(false));
    let release = Rc::new(RefCell::new(None));
    let mut call = Ok(JsValue::UNDEFINED);
    // The promise of the request settles only when the lock is let go of, so what is waited for is
    // that the callback has run.
    let answered = Promise::new(&mut |resolve, reject| {
        let answer = Closure::once_into_js({
            let (granted, release) = (granted.clone(), release.clone());
            move |lock: JsValue| {
                let held = if lock.is_null() {
                    JsValue::UNDEFINED
                } else {
                    granted.set(true);
                    Promise::new(&mut |resolve, _| *release.borrow_mut() = Some(resolve)).into()
                };
                // Resolving may fail only if the page is going away.
                let _ = resolve.call0(&JsValue::UNDEFINED);
                held
            }
        });
        call = request.call3(&locks, &name.into(), &all, &answer);
        if let Ok(Ok(promise)) = call.clone().map(JsCast::dyn_into::<Promise>) {
            // Refused outright (a sandboxed frame), given up, or taken away.
            let (granted, lost) = (granted.clone(), lost.clone());
            let refused = Closure::once(move |why: JsValue| {
                if granted.get() {
                    lost();
                } else {
                    let _ = reject.call1(&JsValue::UNDEFINED, &why);
                }
            });
            let _ = promise.catch(&refused);
            refused.forget();
        }
    });
    call?;
    JsFuture::from(answered).await?;
    Ok(granted.get().then(|| release.take()))
}
