//! The app: opens the session, then shows the stage.

use swap_pager::lesson::LessonError;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::embed::{Options, PortRef, error, reader, use_telling};
use crate::lesson::{Course, Source, Wanted, shelf};
use crate::part::{self, Draw, Part, PartError, later, split};
use crate::session::Session;
use crate::session::links::readdress;
use crate::session::permalink::Shown;
use crate::view::drawn::drawn_keyed;
use crate::view::glossary::Site;
use crate::view::stage::{self, Stage};

/// What the app is given by the page around it.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// What is to be shown.
    pub options: Options,
    /// Where to tell what happens.
    pub port: PortRef,
    /// Whether the page is there for nothing else.
    pub alone: bool,
    /// Whether nothing is shown: the element that showed it is gone, and another may come.
    pub asleep: bool,
}

split! {
    stage,
    fn stage() -> Result<Draw<stage::Props>, PartError> {
        // Each that is shown has a state of its own.
        Ok(|props| drawn_keyed::<Stage>(props.turn, props))
    }
}

thread_local! {
    static STAGE: Part<stage::Props> = const { Part::new(|| Box::pin(stage()), None) };
}

/// What is shown.
#[derive(Clone)]
struct Open {
    session: Session,
    shown: Shown,
    course: Option<Course>,
    /// Each has a number of its own.
    turn: u32,
}

/// What waits meanwhile: a person's own session, while a lesson is open.
#[derive(Default)]
struct Aside {
    own: Option<(Session, Shown)>,
    course: Option<Course>,
    turn: u32,
}

impl Aside {
    /// What was begun before is not wanted any more.
    fn next_turn(&mut self) -> u32 {
        self.turn += 1;
        self.turn
    }

    fn close(&mut self) {
        if let Some((own, _)) = self.own.take() {
            own.close();
        }
        if let Some(course) = self.course.take() {
            course.close();
        }
    }
}

/// All of a playground.
#[component]
pub fn App(props: &AppProps) -> Html {
    let open = use_state(|| None::<Open>);
    // While the session is opened.
    use_effect_with((), |()| {
        spawn_local(async {
            let _ = part::ready(&STAGE).await;
        });
    });
    let aside = use_mut_ref(Aside::default);
    let change = {
        let (aside, set) = (aside.clone(), open.setter());
        let (options, port, alone) = (props.options.clone(), props.port.clone(), props.alone);
        // Somebody else's page keeps nothing unless that is wanted.
        let in_memory = options.in_memory.unwrap_or(!alone);
        move |wanted: Option<Wanted>| {
            let turn = aside.borrow_mut().next_turn();
            let (aside, set) = (aside.clone(), set.clone());
            let (options, port) = (options.clone(), port.clone());
            spawn_local(async move {
                let course = match wanted {
                    Some(Wanted::Leave) => Ok(None),
                    Some(Wanted::Read(source)) => {
                        read(source, port.clone(), !in_memory).await.map(Some)
                    }
                    Some(Wanted::Named(name)) => named(&options.site, &name, &port, !in_memory)
                        .await
                        .map(Some),
                    None => match &options.lesson {
                        Some(name) => named(&options.site, name, &port, !in_memory)
                            .await
                            .map(Some),
                        None => Ok(None),
                    },
                };
                let (course, mut wrong) = match course {
                    Ok(course) => (course, None),
                    Err(wrong) => (None, Some(wrong)),
                };
                let kept = aside.borrow().own.clone();
                let mine = course.is_none() && kept.is_none();
                let (session, shown) = match (&course, kept) {
                    (Some(course), _) => (course.session().clone(), Shown::default()),
                    (None, Some(own)) => own,
                    (None, None) => {
                        let link = options.session.as_deref();
                        let (own, refused) = own(link, in_memory).await;
                        wrong = wrong.or(refused);
                        own
                    }
                };
                // If it can't be had, that is told where it would be.
                let _ = part::ready(&STAGE).await;
                if !alone {
                    // Whoever is told that it is ready can give commands, and misses nothing of what comes of them.
                    match reader().await {
                        Ok(parse) => port.reads_with(parse),
                        Err(wrong) => error(&port, &wrong.to_string()),
                    }
                }
                let mut aside = aside.borrow_mut();
                if turn != aside.turn {
                    course.iter().for_each(Course::close);
                    if mine {
                        session.close();
                    }
                    return;
                }
                let before = std::mem::replace(&mut aside.course, course.clone());
                if let Some(before) = before {
                    before.close();
                }
                if course.is_none() {
                    aside.own = Some((session.clone(), shown.clone()));
                }
                drop(aside);
                if alone {
                    let wish = course.as_ref().and_then(Course::address);
                    let encoded = |wish: String| js_sys::encode_uri_component(&wish);
                    let wish = wish.map(|wish| format!("lesson={}", encoded(wish)));
                    readdress("lesson=", wish, true);
                }
                if let Some(wrong) = wrong {
                    error(&port, &wrong);
                    session.tell(wrong);
                }
                if port.opened(&session) {
                    set.set(Some(Open {
                        session,
                        shown,
                        course,
                        turn,
                    }));
                    spawn_local(part::fetch_rest());
                }
            });
        }
    };
    let in_memory = props.options.in_memory;
    let (link, lesson) = (props.options.session.clone(), props.options.lesson.clone());
    let wanted = (in_memory, link, lesson, props.port.clone(), props.asleep);
    {
        let (change, set, aside) = (change.clone(), open.setter(), aside.clone());
        use_effect_with(wanted, move |(.., asleep)| {
            // What was shown of another session goes with it.
            set.set(None);
            aside.borrow_mut().next_turn();
            aside.borrow_mut().close();
            if !asleep {
                change(None);
            }
        });
    }
    let presents = use_mut_ref(|| props.options.present && props.alone);
    let onlesson = Callback::from(move |wanted| change(Some(wanted)));
    use_telling(open.as_ref().map(|open| &open.session), &props.port);
    let AppProps { options, alone, .. } = props.clone();
    match &*open {
        Some(Open {
            session,
            shown,
            course,
            turn,
        }) => html! {
            <ContextProvider<Site> context={Site(options.site.as_str().into())}>
                { later(&STAGE, stage::Props {
                    turn: *turn, session: session.clone(), shown: shown.clone(), course: course.clone(), onlesson, presents, options, alone,
                }, "opening") }
            </ContextProvider<Site>>
        },
        None if props.asleep => Html::default(),
        None => html! {
            <@{if alone { "main" } else { "section" }} class="opening" data-busy="true">
                <label for="opening">{ "Restoring your session" }</label>
                <progress id="opening" />
            </@>
        },
    }
}

/// A person's own session, or that of a link; and what is wrong with the link.
async fn own(link: Option<&str>, in_memory: bool) -> ((Session, Shown), Option<String>) {
    let linked = match link {
        Some(link) => Session::linked(link, !in_memory).await.map(Some),
        None => Ok(None),
    };
    match linked {
        Ok(Some(linked)) => (linked, None),
        Ok(None) => ((Session::open(in_memory).await, Shown::default()), None),
        Err(wrong) => {
            let wrong = format!("The link can't be opened. {wrong}");
            (
                (Session::open(in_memory).await, Shown::default()),
                Some(wrong),
            )
        }
    }
}

async fn named(site: &str, name: &str, port: &PortRef, keeps: bool) -> Result<Course, String> {
    read(shelf::fetch(site, name).await?, port.clone(), keeps).await
}

async fn read(source: Source, port: PortRef, keeps: bool) -> Result<Course, String> {
    let file = source.file.clone();
    open(source, port, keeps).await?.map_err(|wrong| {
        let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
        format!("The lesson {file} can't be opened: {}.", wrong.join("; "))
    })
}

split! {
    lessons,
    fn open(source: Source, port: PortRef, keeps: bool) -> Result<Result<Course, Vec<LessonError>>, PartError> {
        Ok(Course::open(source, port, keeps))
    }
}
