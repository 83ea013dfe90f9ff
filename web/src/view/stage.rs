//! The stage: all panels, and what they have in common.

use std::cell::RefCell;
use std::rc::Rc;

use swap_pager::units::ObjectId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Panel;
use super::dialogs::{self, dialogs};
use super::header::{header, trouble};
use super::inspector::Inspector;
use super::layout::{Border, Layout, Part, use_layout};
use super::lesson::present::{self, Presenter};
use super::lesson::{self, LessonPanel, learn};
use super::link::select_whole;
use super::listen::use_keys;
use super::log::{self, Log};
use super::objects::objects;
use super::start::demo::{self, Control};
use super::start::start;
use super::storage::{linked, open_first, owner, strip};
use super::tabs::{tab_name, tabs, use_swipe};
use super::timeline::Timeline;
use super::ui::{Action, Caption, Dialog, Dispatch, Tab, Thing, Ui, named};
use super::views::Views;
use crate::embed::{Controls, Options};
use crate::lesson::{Course, Wanted};
use crate::part::part;
use crate::session::Session;
use crate::session::clock::TO_WATCH;
use crate::session::permalink::Shown;
use crate::view::dialogs::share::SharedLesson;
use crate::view::drawn::drawn;

/// Frames of a rush in which each panel has one turn.
const TURNS: u64 = 5;

/// What the stage is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Each that is shown has a number of its own.
    pub turn: u32,
    /// The session.
    pub session: Session,
    /// What is to be shown of it at first.
    pub shown: Shown,
    /// The lesson that is open.
    pub course: Option<Course>,
    /// Told of lessons that are to be opened, or left.
    pub onlesson: Callback<Wanted>,
    /// Whether it is shown to a room, from one lesson to the next.
    pub presents: Rc<RefCell<bool>>,
    /// What is to be shown.
    pub options: Options,
    /// Whether the page is there for nothing else.
    pub alone: bool,
}

part! { lessons, fn lesson(lesson::Props) = drawn::<LessonPanel>, fetch_lesson, "panel lesson" }
part! { lessons, fn presenter(present::Props) = drawn::<Presenter>, fetch_presenter, "" }

/// The whole page, once there is a session.
#[component]
pub fn Stage(props: &Props) -> Html {
    let session = &props.session;
    let tick = use_tick(session);
    let (options, alone) = (&props.options, props.alone);
    let first = props.shown.view.as_deref().and_then(named);
    let course = props.course.as_ref();
    let state = use_reducer_eq(|| Ui {
        layout: match (course, alone) {
            (Some(course), _) => folded(course, alone),
            (None, true) => Layout::kept(),
            (None, false) => Layout::default(),
        },
        started: session.is_linked() || course.is_some(),
        tab: match (course, first) {
            (Some(_), _) => Tab::Lesson,
            (None, Some(_)) => Tab::Views,
            (None, None) => Tab::default(),
        },
        presents: *props.presents.borrow(),
        view: first.unwrap_or_default(),
        table: props.shown.table,
        ..Ui::default()
    });
    let dispatch = state.dispatcher();
    props.presents.replace(state.presents);
    use_options(session, options, &dispatch);
    {
        let session = session.clone();
        use_effect_with(session.is_linked(), move |linked| {
            let linked = linked.then_some(session);
            move || {
                // It is stored now.
                let stored = linked.iter().filter(|session| !session.is_linked());
                stored.for_each(Session::forget_link);
            }
        });
    }
    let ui = state.within(&session.model());
    let control = use_state_eq(Control::default);
    let stage = use_node_ref();
    use_keys(session, &ui, &dispatch, &stage, course.is_some());
    use_layout(&ui, &dispatch, &stage, alone && course.is_none());
    use_new_objects(session, tick, &dispatch);
    let bare = {
        let model = session.model();
        model.objects.is_empty() && model.slots.iter().all(Option::is_none)
    };
    // What is still to be shown counts as under way.
    let behind = session.clock().follows() && !session.history().is_live();
    let rush = session.rushes();
    let teaches = course.is_some_and(|course| course.state().busy);
    let busy = behind || rush || teaches || session.is_busy();
    let ondemo = {
        let (session, dispatch, control) = (session.clone(), dispatch.clone(), control.clone());
        Callback::from(move |()| {
            let fresh = Control::default();
            control.set(fresh.clone());
            dispatch.dispatch(Action::Start);
            let (session, dispatch) = (session.clone(), dispatch.clone());
            spawn_local(async move {
                let calm = prefers_calm();
                match demo::begin(session.clone(), dispatch, fresh, calm).await {
                    Ok(run) => run.await,
                    Err(error) => session.tell(error.to_string()),
                }
            });
        })
    };
    let onempty = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.dispatch(Action::Start))
    };
    let onlearn = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.dispatch(Action::Open(Dialog::Learn)))
    };
    // Whoever clears all while the demonstration runs wants no more of it.
    if ui.caption.is_none() && !ui.started {
        control.stop();
    }
    let panel = Panel {
        session: session.clone(),
        tick,
        ui: ui.clone(),
        dispatch: dispatch.clone(),
    };
    // In a rush a frame has room for one of the panels with text, and the view. Numbers told so
    // are none that a tick has: every panel is drawn anew when the rush is over.
    let turn = |turn: u64| match rush {
        true => !((tick + turn) / TURNS),
        false => tick,
    };
    let paced = |at: u64| Panel {
        tick: turn(at),
        ..panel.clone()
    };
    let marked = match ui.hover {
        Some(Thing::Event(seq)) => Some(seq),
        _ => None,
    };
    // Where little is shown there is no room for a beginning.
    let begins = bare && !ui.started && options.controls == Controls::Full;
    let tab = tab_name(ui.tab);
    let (at, live) = {
        let history = session.history();
        (history.at().to_string(), history.is_live().to_string())
    };
    let (onpointerdown, onpointerup) = use_swipe(ui.tab, &dispatch);
    // A session file or a lesson may be dropped anywhere.
    let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
    let ondrop = {
        let (session, dispatch) = (session.clone(), dispatch.clone());
        let (onlesson, taught) = (props.onlesson.clone(), course.is_some());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            let files = event.data_transfer().and_then(|data| data.files());
            if learn::open_first(files.clone(), &dispatch, &onlesson) {
            } else if taught {
                session
                    .tell("Leave the lesson first: then a session file can be opened.".to_owned());
            } else if open_first(&session, files) {
                dispatch.dispatch(Action::Open(Dialog::Storage));
            }
        })
    };
    // Another page has a main part of its own.
    let tag = if alone { "main" } else { "section" };
    let border = |part| {
        drawn::<Border>(yew::props!(super::layout::Props {
            part,
            layout: ui.layout,
            dispatch: dispatch.clone()
        }))
    };
    html! {
        <@{tag} ref={stage} class={classes!("stage", begins.then_some("begins"), ui.layout.classes(), shown(options), taught(course), ui.presents.then_some("presents"))} aria-label={options.label.clone()} ~style={ui.layout.style()}
            {onpointerdown} {onpointerup} {ondragover} {ondrop} data-testid="busy" data-busy={busy.to_string()}
            data-events={session.events().to_string()} data-at={at} data-live={live} data-rush={rush.to_string()}
            data-tab={tab} data-demo={demo_state(ui.caption.as_ref())}>
            { header(&paced(0), course, alone) }
            <div class="notices">
                { owner(session) }
                { trouble(session) }
                { linked(session, &dispatch) }
                { strip(&panel) }
                { demo_caption(ui.caption.as_ref(), &control, &dispatch) }
            </div>
            if begins {
                { start(ondemo, onempty, onlearn) }
            } else {
                { tabs(ui.tab, course.is_some(), &dispatch) }
                if let Some(course) = course {
                    { lesson(lesson::Props { panel: panel.clone(), course: course.clone(), site: options.site.clone(), onlesson: props.onlesson.clone() }) }
                    { border(Part::Lesson) }
                }
                { objects(&paced(1)) }
                { drawn::<Views>(panel.clone()) }
                <div class="side">
                    { drawn::<Inspector>(paced(2)) }
                    { drawn::<Log>(log::Props { session: session.clone(), tick: turn(3), marked, dispatch: dispatch.clone() }) }
                </div>
                { drawn::<Timeline>(paced(4)) }
                { border(Part::Objects) }
                { border(Part::Side) }
                { border(Part::Timeline) }
            }
            if ui.presents {
                { presenter(present::Props { panel: panel.clone(), course: course.cloned(), site: options.site.clone() }) }
            }
            if ui.dialog.is_some() || !session.held().is_empty() {
                { dialogs(dialogs::Props { panel: panel.clone(), site: options.site.clone(), lesson: course.map(shared), onlesson: props.onlesson.clone() }) }
            }
        </@>
    }
}

/// What is shared while a lesson is open.
fn shared(course: &Course) -> SharedLesson {
    SharedLesson {
        title: course.title(),
        address: course.address(),
    }
}

/// How the stage is divided when a lesson is opened.
fn folded(course: &Course, alone: bool) -> Layout {
    let window = gloo::utils::window().inner_width().ok();
    let width = window.and_then(|width| width.as_f64()).filter(|_| alone);
    // In somebody else's page there is never much room.
    let folds = lesson::folds(course, width.unwrap_or_default() as i32);
    folds.fold(Layout::default(), Layout::toggled)
}

/// That there is a lesson, and what it speaks of, for the style sheet.
fn taught(course: Option<&Course>) -> Classes {
    let Some(course) = course else {
        return Classes::new();
    };
    classes!("teaches", lesson::class(course))
}

/// What of the stage is shown, for the style sheet.
fn shown(options: &Options) -> Classes {
    let mut classes = classes!(match options.controls {
        Controls::None => Some("no-controls"),
        Controls::Minimal => Some("few-controls"),
        Controls::Full => None,
    });
    let full = options.controls == Controls::Full;
    // Without a word on it, a playground with few controls is its views.
    let timed = options.controls != Controls::None;
    let panels = options.panels.unwrap_or([full, full, full, timed]);
    let names = ["no-objects", "no-inspector", "no-log", "no-bottom"];
    classes.extend(
        names
            .into_iter()
            .zip(panels)
            .filter(|(_, shown)| !shown)
            .map(|(name, _)| name),
    );
    if !panels[1] && !panels[2] {
        classes.push("no-side");
    }
    if options.views.len() == 1 {
        classes.push("one-view");
    }
    classes
}

/// Follows what is to be shown.
#[hook]
fn use_options(session: &Session, options: &Options, dispatch: &Dispatch) {
    let offered = dispatch.clone();
    use_effect_with(options.views.clone(), move |views| {
        offered.dispatch(Action::Offer(views.clone()));
    });
    let watched = session.clone();
    use_effect_with(
        (session.clone(), options.speed, options.autoplay),
        move |(_, speed, autoplay)| match (*speed, *autoplay) {
            (Some(speed), true) => watched.play(speed),
            (Some(speed), false) => watched.set_speed(speed),
            (None, true) => watched.play(TO_WATCH),
            (None, false) => {}
        },
    );
    let opened = dispatch.clone();
    use_effect_with((session.clone(), options.compare), move |(_, compare)| {
        if let Some(preset) = *compare {
            opened.dispatch(Action::Open(Dialog::Compare(preset)));
        }
    });
    let watched = session.clone();
    use_effect_with((session.clone(), options.step), move |(_, step)| {
        if let Some(commands) = *step {
            watched.show_command(commands);
        }
    });
}

/// Changes whenever the session has.
#[hook]
fn use_tick(session: &Session) -> u64 {
    let tick = use_state(|| 0u64);
    let set = tick.setter();
    use_effect_with(session.clone(), move |session| {
        let count = std::cell::Cell::new(0);
        let subscription = session.subscribe(move || {
            count.set(count.get() + 1);
            set.set(count.get());
        });
        move || drop(subscription)
    });
    *tick
}

/// Selects objects as they are made; of those that were there at the beginning, the first.
#[hook]
fn use_new_objects(session: &Session, tick: u64, dispatch: &Dispatch) {
    let newest = use_mut_ref(|| None::<ObjectId>);
    let (session, dispatch) = (session.clone(), dispatch.clone());
    use_effect_with(tick, move |_| {
        let model = session.model();
        let last = model.objects.keys().next_back().copied();
        let seen = newest.replace(last);
        let fresh = match (seen, last) {
            (None, Some(_)) => model.objects.keys().next().copied(),
            (Some(seen), Some(last)) if last > seen => Some(last),
            _ => None,
        };
        if let Some(object) = fresh {
            let action = select_whole(&model, object);
            dispatch.dispatch(action);
        }
    });
}

/// Whether the person asked the system for less movement.
pub fn prefers_calm() -> bool {
    let query = gloo::utils::window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

fn demo_state(caption: Option<&Caption>) -> &'static str {
    match caption {
        None => "none",
        Some(caption) if caption.step == caption.steps => "done",
        Some(_) => "running",
    }
}

/// What the demonstration does just now.
fn demo_caption(caption: Option<&Caption>, control: &Control, dispatch: &Dispatch) -> Html {
    let Some(caption) = caption else {
        return Html::default();
    };
    let last = caption.step == caption.steps;
    let next = {
        let control = control.clone();
        Callback::from(move |_: MouseEvent| control.next())
    };
    let stop = {
        let (control, dispatch) = (control.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            control.stop();
            dispatch.dispatch(Action::Say(None));
        })
    };
    html! {
        <div class="demo" data-testid="demo-caption">
            <span class="demo-step">{ format!("{} of {}", caption.step, caption.steps) }</span>
            <p role="status">{ caption.text.clone() }</p>
            if !last {
                <button type="button" data-testid="demo-next" onclick={next}>{ "Next" }</button>
            }
            <button type="button" data-testid="demo-stop" onclick={stop}>{ if last { "Close" } else { "Stop" } }</button>
        </div>
    }
}
