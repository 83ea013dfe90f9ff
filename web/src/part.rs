//! Parts of the program that are files of their own, fetched when they are first wanted: what the
//! first picture needs comes first.
//!
//! A function that `split!` declares begins such a part. What is reached from there alone is in
//! the part's file; the release is taken apart so, by pkg-scripts/lib/program.mjs. In all other
//! builds there is one file, and such functions only look as if they took time.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::thread::LocalKey;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::view::drawn::drawn_keyed;

/// A part of the program could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartError;

impl std::fmt::Display for PartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("A part of the program could not be fetched. Try again when there is a connection, or reload the page.")
    }
}

impl std::error::Error for PartError {}

impl From<PartError> for String {
    fn from(error: PartError) -> String {
        error.to_string()
    }
}

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for PartError {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> PartError {
        PartError
    }
}

/// Declares a function whose code, and all that is reached from there alone, belongs to the part
/// of that name. Whoever calls it waits until the part is there. What it returns is a result
/// whose error can be a [`PartError`].
macro_rules! split {
    ($part:ident, $(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $of:ty),*) -> $out:ty $body:block) => {
        #[cfg(feature = "split")]
        $(#[$doc])*
        #[wasm_split_helpers::wasm_split($part, fallible)]
        $vis fn $name($($arg: $of),*) -> $out $body
        #[cfg(not(feature = "split"))]
        $(#[$doc])*
        #[allow(clippy::unused_async)]
        $vis async fn $name($($arg: $of),*) -> $out $body
    };
}
pub(crate) use split;

/// Makes what a part shows of what it is given.
pub type Draw<P> = fn(P) -> Html;

split! { more, fn more_is_there() -> Result<(), PartError> { Ok(()) } }
split! { lessons, fn lessons_are_there() -> Result<(), PartError> { Ok(()) } }

/// Fetches what will be wanted sooner or later, so that nobody has to wait for it then.
pub async fn fetch_rest() {
    // Whatever can't be had is asked for again by who wants it.
    let _ = more_is_there().await;
    let _ = lessons_are_there().await;
}

/// What a part works on, and will come to.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

type Fetch<P> = fn() -> Later<Result<Draw<P>, PartError>>;

/// A component that is in a part of the program.
pub struct Part<P: 'static> {
    fetch: Fetch<P>,
    draw: Cell<Option<Draw<P>>>,
    leave: Option<fn(&P)>,
}

impl<P> Part<P> {
    /// One that is not there yet. `leave` closes what can be closed before it is there.
    pub const fn new(fetch: Fetch<P>, leave: Option<fn(&P)>) -> Part<P> {
        let draw = Cell::new(None);
        Part { fetch, draw, leave }
    }
}

/// Comes to its end when the part is there; or else [`later`] tells that it isn't.
pub async fn ready<P>(part: &'static LocalKey<Part<P>>) -> Result<(), PartError> {
    let fetching = part.with(|part| (part.fetch)());
    let draw = fetching.await?;
    part.with(|part| part.draw.set(Some(draw)));
    Ok(())
}

/// Declares a function that shows what a part draws: at once if the part is there, else as soon
/// as it is. Until then there is an empty element of that class in its place; with `$leave` a
/// person can do without it.
macro_rules! part {
    ($part:ident, $(#[$doc:meta])* $vis:vis fn $name:ident($props:ty) = $draw:expr, $fetch:ident, $class:literal) => {
        crate::part::part! { $part, $(#[$doc])* $vis fn $name($props) = $draw, $fetch, $class, None }
    };
    ($part:ident, $(#[$doc:meta])* $vis:vis fn $name:ident($props:ty) = $draw:expr, $fetch:ident, $class:literal, $leave:expr) => {
        crate::part::split! {
            $part,
            fn $fetch() -> Result<crate::part::Draw<$props>, crate::part::PartError> {
                Ok($draw)
            }
        }
        $(#[$doc])*
        $vis fn $name(props: $props) -> yew::Html {
            thread_local! {
                static PART: crate::part::Part<$props> = const { crate::part::Part::new(|| Box::pin($fetch()), $leave) };
            }
            crate::part::later(&PART, props, $class)
        }
    };
}
pub(crate) use part;

/// Shows what a part makes of `props`, once it is there.
pub fn later<P: Clone + PartialEq + 'static>(
    part: &'static LocalKey<Part<P>>,
    props: P,
    class: &'static str,
) -> Html {
    let key = std::ptr::from_ref(part) as usize;
    drawn_keyed::<Awaited<P>>(key, AwaitedProps { part, class, props })
}

/// What [`Awaited`] is given.
#[derive(Properties)]
struct AwaitedProps<P: Clone + PartialEq + 'static> {
    part: &'static LocalKey<Part<P>>,
    class: &'static str,
    props: P,
}

impl<P: Clone + PartialEq> PartialEq for AwaitedProps<P> {
    fn eq(&self, other: &AwaitedProps<P>) -> bool {
        std::ptr::eq(self.part, other.part) && self.props == other.props
    }
}

#[component]
fn Awaited<P: Clone + PartialEq + 'static>(props: &AwaitedProps<P>) -> Html {
    let AwaitedProps { part, class, props } = props;
    let part = *part;
    let fetch = move || -> Later<Result<(), PartError>> { Box::pin(ready(part)) };
    let drawn = part.with(|part| part.draw.get());
    let drawn = drawn.map(|draw| draw(props.clone()));
    let leave = part.with(|part| part.leave).map(|leave| {
        let props = props.clone();
        Callback::from(move |_: MouseEvent| leave(&props))
    });
    use_part(drawn, Rc::new(fetch), class, leave)
}

type FetchPart = Rc<dyn Fn() -> Later<Result<(), PartError>>>;

/// What a part has drawn; or else has it fetched, and drawn once it is there.
#[hook]
fn use_part(
    drawn: Option<Html>,
    fetch: FetchPart,
    class: &'static str,
    leave: Option<Callback<MouseEvent>>,
) -> Html {
    let failed = use_state_eq(|| false);
    let again = use_force_update();
    let fetch = {
        let failed = failed.setter();
        Callback::from(move |()| {
            let (failed, again, fetching) = (failed.clone(), again.clone(), fetch());
            failed.set(false);
            spawn_local(async move {
                match fetching.await {
                    Ok(()) => again.force_update(),
                    Err(PartError) => failed.set(true),
                }
            });
        })
    };
    {
        let (fetch, there) = (fetch.clone(), drawn.is_some());
        use_effect_with((), move |()| {
            if !there {
                fetch.emit(());
            }
        });
    }
    drawn.unwrap_or_else(|| {
        html! {
            <div class={classes!("awaited", class)} aria-busy={(!*failed).to_string()}>
                if *failed {
                    <p role="alert">{ PartError.to_string() }</p>
                    <div>
                        <button type="button" data-testid="later-again" onclick={fetch.reform(|_: MouseEvent| ())}>{ "Try again" }</button>
                        if leave.is_some() {
                            <button type="button" data-testid="later-leave" onclick={leave}>{ "Close" }</button>
                        }
                    </div>
                }
            </div>
        }
    })
}
