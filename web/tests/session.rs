//! A session on real disks: what it stores, and what of it comes back.
#![cfg(target_family = "wasm")]

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use swap_pager::command::{OpResult, PageRange, Pattern};
use swap_pager::session::Player;
use swap_pager::session::driver::{Plan, Verdict};
use swap_pager::session::script::Action;
use swap_pager::units::{DeviceId, IoId, ObjectId, PageIndex};
use swap_pager::{Command, Errno, Event, Model, PageData};
use swap_playground::disk::{AnyStore, Batch, BlockStore, IdbStore, MemoryStore};
use swap_playground::session::{Session, Storage};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const HEAP: ObjectId = ObjectId(1);

fn all(count: u32) -> PageRange {
    PageRange {
        start: PageIndex(0),
        count,
    }
}

/// A database that nobody else uses.
async fn database(name: &str) -> AnyStore {
    let name = format!("session-{name}-{}", js_sys::Math::random());
    IdbStore::open(&name)
        .await
        .expect("the test browser has storage")
        .into()
}

/// The same database once more, as after a reload.
async fn reopen(name: &str) -> Session {
    let store = IdbStore::open(name)
        .await
        .expect("the test browser has storage");
    Session::with_store(store.into()).await
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
}

async fn run(session: &Session, commands: impl IntoIterator<Item = Command>) {
    for command in commands {
        let told = format!("{command:?}");
        session
            .run(command)
            .unwrap_or_else(|error| panic!("{told}: {error}"));
        settle(session).await;
    }
}

/// Four disks, and an object of 128 pages that was filled and paged out.
fn paged_out() -> Vec<Command> {
    let mut commands: Vec<Command> = (0..4)
        .map(|disk| Command::SwapOn {
            disk: DeviceId(disk),
            pages: 4096,
        })
        .collect();
    let (object, range) = (HEAP, all(128));
    commands.extend([
        Command::Create {
            name: Some("heap".to_owned()),
            pages: 128,
        },
        Command::Fill {
            object,
            range,
            pattern: Pattern::Label(1),
        },
        Command::Pageout {
            object,
            range,
            sync: false,
        },
    ]);
    commands
}

fn last_result(session: &Session) -> Option<OpResult> {
    session
        .history()
        .after(0)
        .rev()
        .find_map(|(_, event)| match event {
            Event::OpEnded { result, .. } => Some((**result).clone()),
            _ => None,
        })
}

fn notes(session: &Session) -> Vec<String> {
    let text = |event: &Event| match event {
        Event::Message { text } => Some(text.clone()),
        _ => None,
    };
    session
        .history()
        .after(0)
        .filter_map(|(_, event)| text(event))
        .collect()
}

#[wasm_bindgen_test]
async fn a_reload_finds_everything_as_it_was() {
    let name = format!("session-reload-{}", js_sys::Math::random());
    let session = reopen(&name).await;
    run(&session, paged_out()).await;
    let text = "kept over a reload".to_owned();
    let write = Command::Write {
        object: HEAP,
        page: PageIndex(5),
        offset: 9,
        text,
    };
    run(&session, [write]).await;
    let before: Model = session.model().clone();
    drop(session);

    let session = reopen(&name).await;
    settle(&session).await;
    assert_eq!(session.status().storage, Storage::IndexedDb);
    assert_eq!(session.status().restored, 8);
    assert_eq!(*session.model(), before);

    run(
        &session,
        [Command::Read {
            object: HEAP,
            range: all(128),
        }],
    )
    .await;
    assert!(
        session.model().counters.v_swapin > before.counters.v_swapin,
        "pages came from swap"
    );
    for page in 0..128 {
        let mut expected = Pattern::Label(1).bytes(HEAP, PageIndex(page));
        if page == 5 {
            expected[9..27].copy_from_slice(b"kept over a reload");
        }
        let model = session.model();
        assert_eq!(
            model.pages[&(HEAP, PageIndex(page))].data,
            PageData::new(expected),
            "{page}"
        );
    }
}

#[wasm_bindgen_test]
async fn transfers_whose_end_was_not_stored_are_carried_out_anew() {
    let name = format!("session-anew-{}", js_sys::Math::random());
    let session = reopen(&name).await;
    run(&session, paged_out()).await;
    drop(session);

    // What a browser killed in mid-pageout leaves: the commands, and the ends of two transfers.
    let killed = format!("{name}-killed");
    let (from, to) = (
        IdbStore::open(&name).await.expect("it exists"),
        IdbStore::open(&killed)
            .await
            .expect("the test browser has storage"),
    );
    let log = from.load_log().await.expect("it was just written");
    let lines: Vec<Vec<u8>> = log
        .concat()
        .split_inclusive(|&byte| byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let done = |line: &[u8]| line.starts_with(b"{\"done\"");
    let ends: Vec<_> = lines
        .iter()
        .filter(|line| done(line))
        .take(2)
        .cloned()
        .collect();
    let mut kept: Vec<_> = lines.into_iter().filter(|line| !done(line)).collect();
    kept.extend(ends);
    let batch = Batch {
        log: kept,
        ..Batch::default()
    };
    to.commit(batch).await.expect("there is room");
    drop(to);

    let session = reopen(&killed).await;
    settle(&session).await;
    assert!(session.model().in_flight.is_empty());
    assert!(
        session.model().pages.is_empty(),
        "the pageout went on to its end"
    );
    // The two transfers that were told to be over had blocks that this database never got.
    run(
        &session,
        [Command::Read {
            object: HEAP,
            range: PageRange {
                start: PageIndex(32),
                count: 96,
            },
        }],
    )
    .await;
    for page in 32..128 {
        let expected = Pattern::Label(1).bytes(HEAP, PageIndex(page));
        let model = session.model();
        assert_eq!(
            model.pages[&(HEAP, PageIndex(page))].data,
            PageData::new(expected),
            "{page}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_block_that_can_not_be_read_is_told_with_disk_and_block() {
    let name = format!("session-missing-{}", js_sys::Math::random());
    let session = reopen(&name).await;
    run(&session, paged_out()).await;
    drop(session);
    let (from, bare) = (
        IdbStore::open(&name).await.expect("it exists"),
        MemoryStore::new(),
    );
    let log = from.load_log().await.expect("it was just written");
    bare.commit(Batch {
        log,
        ..Batch::default()
    })
    .await
    .expect("memory takes it");

    let session = Session::with_store(bare.into()).await;
    run(
        &session,
        [Command::Read {
            object: HEAP,
            range: all(1),
        }],
    )
    .await;
    assert!(matches!(
        last_result(&session),
        Some(OpResult::Failed { .. })
    ));
    let notes = notes(&session);
    assert!(
        notes.iter().any(|note| note.contains("Block 32 of disk 0")),
        "{notes:?}"
    );
    assert!(
        notes.iter().any(|note| note.contains("pagein failed")),
        "{notes:?}"
    );
}

#[wasm_bindgen_test]
async fn a_log_that_can_not_be_read_is_left_alone_until_all_is_cleared() {
    let name = format!("session-damaged-{}", js_sys::Math::random());
    let store = IdbStore::open(&name)
        .await
        .expect("the test browser has storage");
    let newer = br#"{"start":{"format":99,"config":{"nswdev":4,"nswbuf":32,"lowat":128,"hiwat":512,"swap_zone":65536}}}"#;
    let batch = Batch {
        log: vec![newer.to_vec()],
        ..Batch::default()
    };
    store.commit(batch).await.expect("there is room");
    drop(store);

    let session = reopen(&name).await;
    let Storage::Memory {
        reason: Some(reason),
    } = session.status().storage
    else {
        panic!("{:?}", session.status());
    };
    assert!(
        reason.contains("newer version") && reason.contains("format 99"),
        "{reason}"
    );
    run(&session, paged_out()).await;
    let look = IdbStore::open(&name).await.expect("it exists");
    assert_eq!(look.load_log().await, Ok(vec![newer.to_vec()]));
    drop((look, session));

    // To look took the disks away.
    let session = reopen(&name).await;
    session.clear();
    settle(&session).await;
    assert_eq!(session.status().storage, Storage::IndexedDb);
    assert_eq!(session.status().trouble, None);
    run(&session, paged_out()).await;
    let before = session.model().clone();
    drop(session);
    assert_eq!(*reopen(&name).await.model(), before);
}

#[wasm_bindgen_test]
async fn after_clear_nothing_is_left() {
    let session = Session::with_store(database("clear").await).await;
    run(&session, paged_out()).await;
    session.clear();
    settle(&session).await;
    let model = session.model();
    assert!(model.objects.is_empty() && model.slots.iter().all(Option::is_none));
    assert_eq!(
        (model.free, session.events(), session.history().free().len()),
        (0, 0, 0)
    );
}

/// Fills the heap with a label, and pages it out.
fn written_again(label: u32) -> [Command; 2] {
    let (object, range) = (HEAP, all(128));
    let pattern = Pattern::Label(label);
    [
        Command::Fill {
            object,
            range,
            pattern,
        },
        Command::Pageout {
            object,
            range,
            sync: false,
        },
    ]
}

#[wasm_bindgen_test]
async fn every_moment_can_be_gone_back_to() {
    let session = Session::with_store(database("moments").await).await;
    run(&session, paged_out()).await;
    let present = session.model().clone();
    let mut seen = Vec::new();
    for moment in (0..=session.events()).rev().step_by(97) {
        session.seek(moment);
        seen.push((moment, session.model().clone()));
    }
    for (moment, model) in seen.into_iter().rev() {
        session.seek(moment);
        assert!(*session.model() == model, "moment {moment} is another now");
    }
    session.go_live();
    assert!(*session.model() == present);
}

#[wasm_bindgen_test]
async fn what_happens_while_the_past_is_watched_waits() {
    let session = Session::with_store(database("watching").await).await;
    run(&session, paged_out()).await;
    let [fill, pageout] = written_again(2);
    run(&session, [fill.clone()]).await;
    session.run(pageout).expect("the heap is there");
    let before = session.events();
    session.seek(before / 2);
    let shown = session.model().clone();
    until("the machine to go on, to the end", || {
        session.events() > before && !session.is_busy()
    })
    .await;
    // A command would not go to the machine that is seen: it is asked first.
    let now = session.events();
    session.run(fill).expect("the heap is there");
    assert_eq!((session.events(), session.held().len()), (now, 1));
    session.drop_held();
    assert!(*session.model() == shown, "the picture does not");
    // At 10 events a second no frame has more than one: each is shown. How long that takes is the
    // clock's affair, and the machine's.
    let seen = Rc::new(RefCell::new(vec![before / 2]));
    let watched = {
        let (session_seen, seen) = (session.clone(), seen.clone());
        session.subscribe(move || {
            let at = session_seen.history().at();
            if seen.borrow().last() != Some(&at) {
                seen.borrow_mut().push(at);
            }
        })
    };
    session.play(1);
    until("six moments", || seen.borrow().len() > 5).await;
    drop(watched);
    let expected: Vec<u64> = (before / 2..).take(seen.borrow().len()).collect();
    assert_eq!(*seen.borrow(), expected);
    session.go_live();
    assert!(session.history().is_live());
}

#[wasm_bindgen_test]
async fn a_past_moment_becomes_the_present_with_its_disks() {
    let name = format!("session-branch-{}", js_sys::Math::random());
    let session = reopen(&name).await;
    run(&session, paged_out()).await;
    let moment = session.events();
    let then = session.model().clone();
    run(&session, written_again(2)).await;
    let later = session.model().clone();
    assert!(later != then);

    session.seek(moment);
    let (inputs, events) = session.lost_by_going_on();
    assert!(inputs >= 2 && events == session.events() - moment);
    session.go_on_from_here();
    settle(&session).await;
    assert_eq!(
        (session.events(), session.history().is_live()),
        (moment, true)
    );
    assert!(*session.model() == then);

    // The disks are those of that moment: after a reload too, and for real reads.
    drop(session);
    let session = reopen(&name).await;
    assert!(*session.model() == then);
    let (object, range) = (HEAP, all(128));
    run(&session, [Command::Read { object, range }]).await;
    let model = session.model();
    for page in 0..128 {
        let page = PageIndex(page);
        let written = PageData::new(Pattern::Label(1).bytes(HEAP, page));
        assert!(model.pages[&(HEAP, page)].data == written, "{page}");
    }
}

#[wasm_bindgen_test]
async fn going_on_from_within_a_command_begins_before_it() {
    let session = Session::with_store(database("within").await).await;
    run(&session, paged_out()).await;
    let (before, model) = (session.events(), session.model().clone());
    session
        .run(written_again(2)[0].clone())
        .expect("the heap is there");
    assert!(session.events() > before + 10);
    session.seek(before + 10);
    session.go_on_from_here();
    settle(&session).await;
    assert_eq!(session.events(), before);
    assert!(*session.model() == model);
    run(&session, written_again(3)).await;
}

#[wasm_bindgen_test]
async fn a_disk_fails_as_it_was_told_to_and_a_reload_knows() {
    let name = format!("session-plan-{}", js_sys::Math::random());
    let session = reopen(&name).await;
    let plan = Plan {
        fail_writes: 3,
        delay: 20,
        ..Plan::default()
    };
    session.set_plan(DeviceId(1), plan);
    run(&session, paged_out()).await;
    // Two of the eight clusters went to disk 1, and both failed: their pages stay, dirty.
    let dirty = |session: &Session| {
        let model = session.model();
        model.pages.values().filter(|page| page.state.dirty).count()
    };
    assert_eq!(dirty(&session), 32);
    drop(session);
    let session = reopen(&name).await;
    let left = session.driver().plan(DeviceId(1));
    assert_eq!((left.fail_writes, left.delay), (1, 20));
    assert_eq!(dirty(&session), 32);
}

#[wasm_bindgen_test]
async fn by_hand_nothing_is_over_before_a_person_says_so() {
    let name = format!("session-hand-{}", js_sys::Math::random());
    let session = reopen(&name).await;
    let commands = paged_out();
    run(&session, commands[..6].to_vec()).await;
    session.set_by_hand(true);
    let pageout = commands[6].clone();
    session.run(pageout).expect("the heap is there");
    let waiting = || -> Vec<IoId> {
        let driver = session.driver();
        driver.waiting().iter().map(|one| one.request.io).collect()
    };
    until("transfers that are all stored", || {
        !waiting().is_empty() && !session.status().saving
    })
    .await;
    let first = waiting();
    assert_eq!(first.len(), 4, "as many as swap_async_max");
    assert_eq!(session.model().in_flight.len(), 4);
    // The last first, and one of them fails.
    session.finish_by_hand(first[3], Verdict::CarryOut);
    session.finish_by_hand(first[0], Verdict::Fail(Errno::Eio));
    let over = || -> Vec<_> {
        let history = session.history();
        let done = history.after(0).filter_map(|(_, event)| match event {
            Event::IoDone {
                transfer, error, ..
            } => Some((transfer.io, *error)),
            _ => None,
        });
        done.collect()
    };
    until("two transfers to be over", || {
        over().len() >= 2 && !session.status().saving
    })
    .await;
    assert_eq!(over(), [(first[3], None), (first[0], Some(Errno::Eio))]);
    // A reload has them waiting again; then all goes on by itself.
    drop(session);
    let session = reopen(&name).await;
    assert!(session.driver().is_by_hand());
    until("transfers to wait again", || {
        !session.driver().waiting().is_empty() && !session.status().saving
    })
    .await;
    assert_eq!(session.driver().waiting().len(), 4);
    session.set_by_hand(false);
    settle(&session).await;
    assert!(session.model().in_flight.is_empty());
}

/// Answers to the questions of lessons come from a player: it has to do what the page does.
#[wasm_bindgen_test]
async fn a_player_does_what_the_page_does() {
    let session = Session::with_store(MemoryStore::new().into()).await;
    let mut player = Player::new(session.config());
    let (object, range) = (HEAP, all(128));
    let failing = Plan {
        fail_writes: 2,
        bad_start: 40,
        bad_count: 3,
        ..Plan::default()
    };
    let mut actions: Vec<Action> = paged_out().into_iter().map(Action::Do).collect();
    let pattern = Pattern::Noise(3);
    actions.extend([
        Action::Do(Command::Read { object, range }),
        Action::Plan(DeviceId(1), failing),
        Action::Do(Command::Fill {
            object,
            range,
            pattern,
        }),
        Action::Do(Command::Pageout {
            object,
            range,
            sync: true,
        }),
        Action::Do(Command::Read { object, range }),
        Action::Do(Command::SwapOff { disk: DeviceId(2) }),
    ]);
    for action in actions {
        match action.clone() {
            Action::Do(command) => run(&session, [command]).await,
            Action::Plan(disk, plan) => session.set_plan(disk, plan),
            other => panic!("{other:?} is not in this test"),
        }
        assert_eq!(player.act(action), Ok(()));
    }
    let shown: Vec<Event> = session
        .history()
        .after(0)
        .map(|(_, event)| event.clone())
        .collect();
    assert_eq!(shown, player.events());
    assert_eq!(*session.model(), *player.model());
}
