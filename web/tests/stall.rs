//! Disks that refuse under a running session: nothing is lost, and every way on leads on.
#![cfg(target_family = "wasm")]

use std::time::Duration;

use common::raw;
use swap_pager::command::{PageRange, Pattern};
use swap_pager::units::{DeviceBlock, DeviceId, ObjectId, PageIndex};
use swap_pager::{Command, Event, PageData};
use swap_playground::disk::{Closed, IdbStore, StoreError};
use swap_playground::session::stall::{Stall, Way};
use swap_playground::session::{Session, Storage};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod common;

wasm_bindgen_test_configure!(run_in_browser);

const HEAP: ObjectId = ObjectId(1);
const PAGES: u32 = 128;

fn name(test: &str) -> String {
    format!("stall-{test}-{}", js_sys::Math::random())
}

async fn open(name: &str) -> Session {
    let store = IdbStore::open(name).await;
    Session::with_store(store.expect("the test browser has storage").into()).await
}

async fn until(what: &str, mut probe: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if probe() {
            return;
        }
        gloo::timers::future::sleep(Duration::from_millis(5)).await;
    }
    panic!("waited 10 s in vain for {what}");
}

async fn settle(session: &Session) {
    until("the session to settle", || {
        session.model().ops.is_empty() && !session.status().saving
    })
    .await;
    assert_eq!(session.status().stall, None);
}

async fn stalled(session: &Session) -> Stall {
    until("the disks to refuse", || {
        session.status().stall.is_some() && !session.status().saving
    })
    .await;
    session.status().stall.expect("it was there a moment ago")
}

fn range() -> PageRange {
    PageRange {
        start: PageIndex(0),
        count: PAGES,
    }
}

fn fill(label: u32) -> Command {
    let (object, range) = (HEAP, range());
    let pattern = Pattern::Label(label);
    Command::Fill {
        object,
        range,
        pattern,
    }
}

fn pageout() -> Command {
    let (object, range, sync) = (HEAP, range(), false);
    Command::Pageout {
        object,
        range,
        sync,
    }
}

fn run(session: &Session, command: Command) {
    session.run(command).expect("it makes sense");
}

/// Four disks, and an object whose pages are dirty; all of it stored.
async fn ready(name: &str) -> Session {
    let session = open(name).await;
    for disk in 0..4 {
        let (disk, pages) = (DeviceId(disk), 4096);
        run(&session, Command::SwapOn { disk, pages });
    }
    let name = Some("heap".to_owned());
    run(&session, Command::Create { name, pages: PAGES });
    run(&session, fill(1));
    settle(&session).await;
    session
}

/// Reads everything back from the disks, and looks whether it is what was written.
async fn holds(session: &Session, label: u32) {
    settle(session).await;
    assert!(session.model().pages.is_empty(), "all is out");
    let (object, range) = (HEAP, range());
    run(session, Command::Read { object, range });
    settle(session).await;
    let model = session.model();
    for page in (0..PAGES).map(PageIndex) {
        let written = PageData::new(Pattern::Label(label).bytes(HEAP, page));
        assert!(model.pages[&(HEAP, page)].data == written, "{page}");
    }
}

/// The same after the page was loaded anew.
async fn comes_back(session: Session, name: &str, label: u32) {
    run(&session, pageout());
    settle(&session).await;
    drop(session);
    let session = open(name).await;
    assert_eq!(session.status().storage, Storage::IndexedDb);
    holds(&session, label).await;
}

fn notes(session: &Session) -> Vec<String> {
    let history = session.history();
    let text = |event: &Event| match event {
        Event::Message { text } => Some(text.clone()),
        _ => None,
    };
    history
        .after(0)
        .filter_map(|(_, event)| text(event))
        .collect()
}

#[wasm_bindgen_test]
async fn what_is_taken_back_once_is_tried_again_and_nobody_hears_of_it() {
    let name = name("once");
    let session = ready(&name).await;
    {
        let _modes = raw::keep_modes();
        let _harm = raw::abort_on_add();
        run(&session, pageout());
        let mut tries = 0;
        until("a second try", || {
            let modes = raw::kept_modes();
            tries += modes
                .iter()
                .filter(|mode| mode.starts_with("readwrite"))
                .count();
            tries >= 2
        })
        .await;
        assert!(session.status().saving, "it has not given up");
    }
    holds(&session, 1).await;
    assert_eq!(session.status().trouble, None);
    comes_back(session, &name, 1).await;
}

#[wasm_bindgen_test]
async fn what_is_taken_back_again_and_again_waits_for_a_person() {
    let name = name("again");
    let session = ready(&name).await;
    {
        let _harm = raw::abort_on_add();
        run(&session, pageout());
        let stall = stalled(&session).await;
        assert!(
            matches!(stall.error, StoreError::Aborted { .. }),
            "{stall:?}"
        );
        assert_eq!(stall.transfers, 4, "as many as swap_async_max");
        assert!(stall.ways().eq([Way::TryAgain, Way::Memory, Way::Fail]));
        assert_eq!(session.model().in_flight.len(), 4);
        assert!(!session.is_busy(), "nothing goes on by itself");
        // Commands go on, and wait.
        let (name, pages) = (Some("later".to_owned()), 8);
        run(&session, Command::Create { name, pages });
        assert_eq!(session.model().objects.len(), 2);
        // In vain.
        session.try_again();
        assert_eq!(stalled(&session).await.transfers, 4);
    }
    session.try_again();
    holds(&session, 1).await;
    assert_eq!(session.model().objects.len(), 2);
    comes_back(session, &name, 1).await;
}

#[wasm_bindgen_test]
async fn without_room_a_session_goes_on_in_memory_and_what_is_stored_stays() {
    let name = name("quota");
    let session = ready(&name).await;
    run(&session, pageout());
    settle(&session).await;
    run(&session, fill(2));
    settle(&session).await;
    let stored = {
        let _harm = raw::quota_on_add();
        run(&session, pageout());
        let stall = stalled(&session).await;
        assert_eq!(stall.error, StoreError::Quota);
        assert!(!stall.held_back && stall.needed > 4 * 16 * 4096);
        let stored = raw::log(&name).await;
        session.go_on_in_memory();
        settle(&session).await;
        holds(&session, 2).await;
        stored
    };
    let Storage::Memory { reason } = session.status().storage else {
        panic!("{:?}", session.status());
    };
    assert_eq!(
        reason.as_deref(),
        Some("There was no room left on this device.")
    );
    assert!(raw::log(&name).await == stored, "what is stored stays");

    // There is room again, and the session goes back.
    session.reopen();
    until("the session to be on the device", || {
        session.status().storage == Storage::IndexedDb
    })
    .await;
    run(&session, fill(3));
    run(&session, pageout());
    holds(&session, 3).await;
    comes_back(session, &name, 3).await;
}

#[wasm_bindgen_test]
async fn transfers_may_be_let_fail() {
    let name = name("fail");
    let session = ready(&name).await;
    {
        let _harm = raw::quota_on_add();
        run(&session, pageout());
        assert_eq!(stalled(&session).await.transfers, 4);
        session.let_fail();
        // The kernel hears of it. What it does next finds no room either.
        let stall = stalled(&session).await;
        assert_eq!(stall.error, StoreError::Quota);
        assert!(notes(&session).iter().any(|note| note.contains("no room")));
    }
    session.try_again();
    settle(&session).await;
    let dirty = |session: &Session| {
        let model = session.model();
        model.pages.values().filter(|page| page.state.dirty).count()
    };
    assert_eq!(dirty(&session), 64);
    drop(session);
    assert_eq!(dirty(&open(&name).await), 64);
}

#[wasm_bindgen_test]
async fn a_database_deleted_underneath_is_stored_anew() {
    let name = name("deleted");
    let session = ready(&name).await;
    run(&session, pageout());
    settle(&session).await;
    // Half of it is dirty again, and never gets to the disk that was.
    let (object, mut half) = (HEAP, range());
    half.count = 64;
    let pattern = Pattern::Label(1);
    let again = Command::Fill {
        object,
        range: half,
        pattern,
    };
    run(&session, again);
    settle(&session).await;
    IdbStore::delete(&name).await.expect("it makes room");
    assert!(!raw::exists(&name).await);
    run(&session, pageout());
    let stall = stalled(&session).await;
    assert_eq!(stall.error, StoreError::Gone(Closed::ByAnotherTab));
    assert!(stall.ways().eq([Way::Reopen, Way::Memory, Way::Fail]));
    assert!(!session.model().in_flight.is_empty());
    session.take(Way::Reopen);
    holds(&session, 1).await;
    assert_eq!(session.status().storage, Storage::IndexedDb);
    comes_back(session, &name, 1).await;
}

#[wasm_bindgen_test]
async fn a_connection_closed_by_the_browser_is_made_again_and_nothing_is_stored_twice() {
    let name = name("closed");
    let kept = raw::keep_connections();
    let session = ready(&name).await;
    drop(kept);
    let entries = raw::log(&name).await.expect("it can be read");
    raw::close_as_the_browser_does(true);
    run(&session, pageout());
    let stall = stalled(&session).await;
    assert_eq!(stall.error, StoreError::Gone(Closed::ByTheBrowser));
    session.reopen();
    holds(&session, 1).await;
    // What was stored is there entry by entry: nobody wrote it anew.
    let later = raw::log(&name).await.expect("it can be read");
    assert!(later.len() > entries.len() && later.starts_with(&entries));
    comes_back(session, &name, 1).await;
}

#[wasm_bindgen_test]
async fn another_session_found_there_is_not_overwritten_unasked() {
    let name = name("found");
    let kept = raw::keep_connections();
    let session = ready(&name).await;
    drop(kept);
    raw::close_as_the_browser_does(true);
    // Meanwhile somebody else began anew there.
    IdbStore::delete(&name).await.expect("nobody has it open");
    let other = open(&name).await;
    let (disk, pages) = (DeviceId(7), 64);
    run(&other, Command::SwapOn { disk, pages });
    settle(&other).await;
    drop(other);

    run(&session, pageout());
    stalled(&session).await;
    session.reopen();
    until("the other session to be found", || session.has_found()).await;
    assert!(session.status().stall.is_some(), "it waits for an answer");
    let log = raw::log(&name).await.expect("it can be read");
    assert!(String::from_utf8_lossy(&log.concat()).contains("64"));
    session.replace_found();
    holds(&session, 1).await;
    assert!(!session.has_found());
    comes_back(session, &name, 1).await;
}

#[wasm_bindgen_test]
async fn what_changes_all_disks_waits_too_or_is_left() {
    let name = name("whole");
    let session = ready(&name).await;
    run(&session, pageout());
    settle(&session).await;
    let events = session.events();
    let before = session.model().clone();
    {
        let _harm = raw::quota_on_add();
        session.clear();
        let stall = stalled(&session).await;
        assert!(stall.whole && stall.transfers == 0, "{stall:?}");
        assert_eq!(session.events(), events);
        session.take(Way::Fail);
        settle(&session).await;
        assert!(*session.model() == before);
        session.clear();
        stalled(&session).await;
    }
    session.try_again();
    settle(&session).await;
    assert_eq!(session.events(), 0);
    assert!(session.model().objects.is_empty());
}

#[wasm_bindgen_test]
async fn disks_that_can_not_be_opened_again_say_why() {
    let name = name("refused");
    let session = ready(&name).await;
    IdbStore::delete(&name).await.expect("it makes room");
    run(&session, pageout());
    stalled(&session).await;
    {
        let _harm = raw::throw_on_open("SecurityError");
        session.reopen();
        until("the refusal", || {
            let stall = session.status().stall;
            stall.is_some_and(|stall| matches!(stall.error, StoreError::Denied { .. }))
        })
        .await;
        let stall = stalled(&session).await;
        assert!(stall.ways().eq([Way::Reopen, Way::Memory, Way::Fail]));
    }
    session.reopen();
    holds(&session, 1).await;
    comes_back(session, &name, 1).await;
}

fn tell(target: &web_sys::EventTarget, event: &str) -> bool {
    let event = js_sys::Reflect::construct(
        &js_sys::Function::from(js_sys::eval("Event").expect("there are events")),
        &js_sys::Array::of2(
            &event.into(),
            &js_sys::eval("({ cancelable: true })").expect("an object"),
        ),
    );
    let event: web_sys::Event = event.expect("it can be made").into();
    target.dispatch_event(&event).expect("it is an event")
}

#[wasm_bindgen_test]
async fn a_page_that_thaws_looks_after_its_connection() {
    let document = gloo::utils::document();
    let name = name("thaw");
    let kept = raw::keep_connections();
    let session = ready(&name).await;
    drop(kept);
    tell(&document, "freeze");
    let modes = raw::keep_modes();
    tell(&document, "resume");
    until("a look at the connection", || !raw::kept_modes().is_empty()).await;
    drop(modes);
    // What is asked for after it has its answer after it; nothing is stored there.
    let nothing = session.peek(DeviceId(0), DeviceBlock(4000)).await;
    assert!(nothing.is_err());
    assert_eq!(session.status().stall, None);
    tell(&document, "freeze");
    raw::close_as_the_browser_does(false);
    tell(&document, "resume");
    let stall = stalled(&session).await;
    assert_eq!(stall.error, StoreError::Gone(Closed::ByTheBrowser));
    session.reopen();
    until("the session to go on", || session.status().stall.is_none()).await;
    run(&session, pageout());
    holds(&session, 1).await;
}

#[wasm_bindgen_test]
async fn who_leaves_is_warned_only_if_something_would_be_lost() {
    let window = gloo::utils::window();
    let session = ready(&name("leave")).await;
    let free_to_go = || tell(&window, "beforeunload");
    assert!(free_to_go());
    {
        let _harm = raw::quota_on_add();
        run(&session, pageout());
        stalled(&session).await;
        assert!(!free_to_go());
    }
    session.try_again();
    settle(&session).await;
    assert!(free_to_go());
}
