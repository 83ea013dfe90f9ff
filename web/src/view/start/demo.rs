//! The demonstration: real commands, one after the other, with a sentence to each.

use std::cell::Cell;
use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use swap_pager::Command;
use swap_pager::command::{PageRange, Pattern};
use swap_pager::units::{DeviceId, ObjectId, PageIndex};

use crate::part::{Later, PartError, split};
use crate::session::Session;
use crate::view::ui::{Action, Caption, Dispatch};

/// How often it is looked whether there is anything to wait for, in milliseconds.
const LOOK: u32 = 30;

/// Time to read a sentence, in milliseconds.
const READ: u32 = 3_600;

/// Time between the disks, in milliseconds.
const BEAT: u32 = 250;

/// How often a wait looks whether it is hurried along or stopped, in milliseconds.
const STEP: u32 = 50;

/// Stops a demonstration, or hurries it along.
#[derive(Clone, Debug, Default)]
pub struct Control {
    stopped: Rc<Cell<bool>>,
    /// How often "Next" was pressed for what is not shown yet.
    hurried: Rc<Cell<u32>>,
}

impl PartialEq for Control {
    fn eq(&self, other: &Control) -> bool {
        Rc::ptr_eq(&self.stopped, &other.stopped)
    }
}

impl Control {
    /// Ends it after the command under way.
    pub fn stop(&self) {
        self.stopped.set(true);
    }

    /// Goes on to the next step as soon as what this one does is done.
    pub fn next(&self) {
        self.hurried.set(self.hurried.get().saturating_add(1));
    }

    fn is_hurried(&self) -> bool {
        self.hurried.get() > 0
    }

    /// Waits for so long, or for ever without a length; not once it is hurried along or stopped.
    async fn wait(&self, length: Option<u32>) {
        let mut waited = 0;
        while length.is_none_or(|length| waited < length)
            && !self.is_hurried()
            && !self.stopped.get()
        {
            TimeoutFuture::new(STEP).await;
            waited += STEP;
        }
    }
}

/// What is done in a step.
enum Deed {
    Disks,
    Create(&'static str, u32),
    Fill(&'static str, u32, u32),
    Pageout(&'static str, u32, u32),
    Read(&'static str, u32, u32),
}

const STEPS: [(&str, Deed); 8] = [
    (
        "Four disks of 4 096 pages are switched on. The first stripe of each is hatched: it is kept for the disk's label.",
        Deed::Disks,
    ),
    (
        "A program gets memory: an object of 128 pages. None was touched yet, so none costs anything.",
        Deed::Create("heap", 128),
    ),
    (
        "The program writes to all of them. They are in memory now, and dirty: no disk has their bytes.",
        Deed::Fill("heap", 0, 128),
    ),
    (
        "The kernel forces them out, 16 at a time. Two such clusters fill a stripe; the next stripe is on the next disk.",
        Deed::Pageout("heap", 0, 128),
    ),
    (
        "A second object, the stack, is made. All of its 40 pages are written to…",
        Deed::Create("stack", 40),
    ),
    (
        "…and 24 of them go out too. They get the first free blocks that the bitmap finds.",
        Deed::Pageout("stack", 0, 24),
    ),
    (
        "The program reads four pages of the heap. They are paged in, with their neighbours; swap keeps its copies.",
        Deed::Read("heap", 60, 4),
    ),
    (
        "It writes to two of them. Their copies on swap are worth nothing now, so their blocks are free again.",
        Deed::Fill("heap", 60, 2),
    ),
];

/// The last sentence.
const END: &str = "That is swapping. Click any page or block: the inspector tells what it holds and where it lies.";

split! {
    more,
    /// Begins the demonstration, which goes on while what is returned is awaited. It ends early
    /// when stopped, or when its objects go away.
    ///
    /// # Errors
    /// When it can't be fetched.
    pub fn begin(session: Session, dispatch: Dispatch, control: Control, calm: bool) -> Result<Later<()>, PartError> {
        Ok(Box::pin(run(session, dispatch, control, calm)))
    }
}

async fn run(session: Session, dispatch: Dispatch, control: Control, calm: bool) {
    for (i, (text, deed)) in STEPS.iter().enumerate() {
        say(&dispatch, i + 1, text);
        idle(&session, &control).await;
        perform(&session, deed, &control, calm).await;
        idle(&session, &control).await;
        // Who wants less movement reads at a pace of their own.
        control.wait((!calm).then_some(READ)).await;
        control.hurried.set(control.hurried.get().saturating_sub(1));
        if control.stopped.get() {
            dispatch.dispatch(Action::Say(None));
            return;
        }
    }
    if let Some(object) = find(&session, "heap") {
        // A page that is in memory and on swap shows how the panels belong together.
        let page = PageIndex(62);
        let extend = false;
        dispatch.dispatch(Action::SelectPage {
            object,
            page,
            extend,
        });
    }
    say(&dispatch, STEPS.len() + 1, END);
}

fn say(dispatch: &Dispatch, step: usize, text: &str) {
    dispatch.dispatch(Action::Say(Some(Caption {
        step,
        steps: STEPS.len() + 1,
        text: text.to_owned(),
    })));
}

async fn perform(session: &Session, deed: &Deed, control: &Control, calm: bool) {
    let range = |start, count| PageRange {
        start: PageIndex(start),
        count,
    };
    let command = match *deed {
        Deed::Disks => {
            for disk in 0..4 {
                give(
                    session,
                    Some(Command::SwapOn {
                        disk: DeviceId(disk),
                        pages: 4096,
                    }),
                );
                control.wait(Some(if calm { 0 } else { BEAT })).await;
            }
            None
        }
        Deed::Create(name, pages) => {
            give(
                session,
                Some(Command::Create {
                    name: Some(name.to_owned()),
                    pages,
                }),
            );
            idle(session, control).await;
            // The stack is written to at once.
            find(session, name)
                .filter(|_| name == "stack")
                .map(|object| Command::Fill {
                    object,
                    range: range(0, pages),
                    pattern: Pattern::Label(2),
                })
        }
        Deed::Fill(name, start, count) => find(session, name).map(|object| Command::Fill {
            object,
            range: range(start, count),
            pattern: Pattern::Label(1),
        }),
        Deed::Pageout(name, start, count) => find(session, name).map(|object| Command::Pageout {
            object,
            range: range(start, count),
            sync: false,
        }),
        Deed::Read(name, start, count) => find(session, name).map(|object| Command::Read {
            object,
            range: range(start, count),
        }),
    };
    give(session, command);
}

/// Gives a command; one that is refused because a person took its object away is left out.
fn give(session: &Session, command: Option<Command>) {
    if let Some(command) = command {
        let _ = session.run(command);
    }
}

fn find(session: &Session, name: &str) -> Option<ObjectId> {
    let model = session.model();
    let mut objects = model.objects.keys().copied();
    objects.find(|&object| model.name(object) == Some(name))
}

/// Waits until nothing is under way and all of it was shown, at once if it is hurried along.
async fn idle(session: &Session, control: &Control) {
    loop {
        TimeoutFuture::new(LOOK).await;
        let is_behind = session.clock().playing && !session.history().is_live();
        if is_behind && control.is_hurried() {
            session.go_live();
        }
        let model = session.model();
        // Whoever looks at the past meanwhile is waited for.
        if session.history().is_live() && model.ops.is_empty() && model.in_flight.is_empty() {
            return;
        }
    }
}
