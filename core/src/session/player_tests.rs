use super::*;
use crate::command::OpResult;
use proptest::prelude::*;

fn played(script: &str) -> Player {
    let mut player = Player::new(Config::default());
    assert_eq!(player.play(script), Ok(()));
    player
}

const OUT_AND_IN: &str = "
    swapon 0 1024
    swapon 1 1024
    create heap 128
    fill heap all
    pageout heap all
    read heap 5
";

/// That the records tell all: another machine, into which they are put, comes to the same.
fn is_its_own_replay(player: &Player) -> Result<(), TestCaseError> {
    let again = Player::replay(player.config(), player.records().to_vec());
    let again = again.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(again.events(), player.events());
    prop_assert_eq!(again.model(), player.model());
    prop_assert_eq!(again.records(), player.records());
    Ok(())
}

#[test]
fn a_script_is_played_to_its_end() {
    let player = played(OUT_AND_IN);
    assert!(!player.is_busy());
    assert!(player.model().in_flight.is_empty());
    assert_eq!(player.model().swap.len(), 128);
    // What comes back is what was written.
    let bytes = |player: &Player| {
        let pages = &player.model().pages;
        pages
            .get(&(crate::units::ObjectId(1), crate::units::PageIndex(5)))
            .map(|page| page.data.clone())
    };
    assert_eq!(
        bytes(&player),
        bytes(&played("create heap 128\nfill heap all"))
    );
}

#[test]
fn a_player_is_the_replay_of_its_records() {
    assert!(is_its_own_replay(&played(OUT_AND_IN)).is_ok());
}

#[test]
fn time_goes_by_for_slow_disks_and_the_kernel_complains() {
    let player = played(&format!(
        "{OUT_AND_IN}disk 0 delay 60000\ndisk 1 delay 60000\nread heap 40"
    ));
    assert!(!player.is_busy());
    let complaints = |record: &&Record| matches!(record, Record::Wait(_));
    assert_eq!(player.records().iter().filter(complaints).count(), 3);
}

#[test]
fn by_hand_transfers_wait_for_a_person() {
    let mut player = played(OUT_AND_IN);
    assert_eq!(player.play("by hand\nread heap 40"), Ok(()));
    assert!(player.is_busy());
    let io = player.model().in_flight[0].io.0;
    let wrong = player.play_line("complete 999");
    let why = format!("Transfer 999 does not wait. These do: {io}.");
    assert_eq!(wrong, Err(why));
    let copy = player.clone();
    assert_eq!(player.play_line(&format!("fail {io}")), Ok(()));
    assert!(!player.is_busy());
    let end = player.events().iter().rev().find_map(|event| match event {
        Event::OpEnded { result, .. } => Some((**result).clone()),
        _ => None,
    });
    assert!(matches!(end, Some(OpResult::Failed { .. })), "{end:?}");
    assert!(copy.is_busy(), "a copy has a life of its own");
    assert!(is_its_own_replay(&player).is_ok());
}

#[test]
fn what_is_in_flight_in_records_goes_on() {
    let mut player = played(OUT_AND_IN);
    assert_eq!(player.play("by hand\nread heap 40"), Ok(()));
    let mut again = Player::replay(player.config(), player.records().to_vec()).expect("a replay");
    assert!(again.is_busy());
    assert_eq!(again.play_line("by itself"), Ok(()));
    assert_eq!(player.play_line("by itself"), Ok(()));
    assert!(!again.is_busy());
    assert_eq!(again.events(), player.events());
}

#[test]
fn faults_are_used_up_and_recorded() {
    let player = played(
        "swapon 0 1024\ncreate heap 32\nfill heap all\ndisk 0 fail writes 1\npageout heap all",
    );
    assert_eq!(player.driver().plan(DeviceId(0)).fail_writes, 0);
    assert!(is_its_own_replay(&player).is_ok());
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut player = played(OUT_AND_IN);
    let (events, records) = (player.events().len(), player.records().len());
    assert!(player.play_line("read stack").is_err());
    assert!(player.play_line("create huge 99999999").is_err());
    assert_eq!(
        (player.events().len(), player.records().len()),
        (events, records)
    );
    assert_eq!(
        player.play("# fine\n\nread heap 4000"),
        Err((
            2,
            "object 1 has no page 4000: its pages are 0 to 127.".to_owned()
        ))
    );
    let twice = Record::Done {
        io: crate::units::IoId(1),
        error: None,
    };
    let refused = player.put(twice);
    let line = records + 2;
    assert_eq!(
        refused,
        Err(RecordError::Refused {
            line,
            why: "I/O 1 is not in flight".to_owned()
        })
    );
}

#[test]
fn a_mark_parts_what_was_from_what_is_measured() {
    let mut player = played(OUT_AND_IN);
    player.mark();
    assert!(player.marked_events().is_empty());
    assert_eq!(player.play_line("read heap 100"), Ok(()));
    assert!(player.marked_events().len() < player.events().len());
    assert!(matches!(player.marked_records()[0], Record::Do(_)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_played_can_be_replayed(choices in prop::collection::vec((0usize..14, 0u32..96, 1u32..33), 1..40)) {
        let config = Config { frames: 128, nswbuf: 8, ..Config::default() };
        let mut player = Player::new(config);
        for (choice, page, count) in choices {
            let last = page + count - 1;
            let line = match choice {
                0 => format!("swapon {} {}", page % 4, 64 + count),
                1 => format!("swapoff {}", page % 4),
                2 => "create heap 128".to_owned(),
                3 | 4 => format!("fill heap {page}..{last}"),
                5 | 6 => format!("pageout heap {page}..{last}"),
                7 | 8 => format!("read heap {page}"),
                9 => format!("disk {} fail writes {}", page % 4, count % 3),
                10 => format!("disk {} bad 40..{}", page % 4, 40 + count),
                11 => format!("disk {} delay {}", page % 4, page * 500),
                12 => "by hand".to_owned(),
                _ => "by itself".to_owned(),
            };
            let _ = player.play_line(&line);
        }
        is_its_own_replay(&player)?;
        let copy = player.at_once();
        prop_assert!(copy.model().in_flight.is_empty());
    }
}
