use super::*;
use crate::Policy;
use crate::command::Pattern;

fn side(config: Config) -> Side {
    Side {
        config,
        ..Side::default()
    }
}

fn played(id: &str) -> Comparison {
    let preset = Preset::named(id).expect("there is such a preset");
    let actions = scripted(preset.script).expect("its script can be played");
    Comparison::of((preset.sides)(Config::default()), &actions, usize::MAX)
}

fn all(comparison: &Comparison) -> Vec<Figure> {
    let rooms = [0, 1].map(|side: usize| Room::of(comparison.runs[side].player.model()));
    figures(comparison, comparison.commands.len(), rooms)
}

/// A figure at the end, on both sides.
fn at_end(comparison: &Comparison, id: &str) -> [u64; 2] {
    let all = all(comparison);
    let found = all.iter().find(|figure| figure.id == id);
    found.map(|figure| figure.values).expect("it is a figure")
}

fn words(comparison: &Comparison) -> String {
    in_words(&comparison.labels(), &all(comparison))
}

#[test]
fn figures_are_what_the_machine_itself_counts() {
    for preset in &PRESETS {
        let comparison = played(preset.id);
        for run in &comparison.runs {
            let counters = run.player.model().counters;
            let moment = run.moments.last().cloned().unwrap_or_default();
            let figures = moment.figures;
            assert_eq!(figures.reads, counters.v_swapin);
            assert_eq!(figures.writes, counters.v_swapout);
            assert_eq!(figures.pages_read, counters.v_swappgsin);
            assert_eq!(figures.pages_written, counters.v_swappgsout);
            assert_eq!(figures.refused, 0, "{}", preset.id);
            let on_disks: u64 = figures.disks.iter().map(|on| on.pages).sum();
            assert_eq!(on_disks, figures.pages_read + figures.pages_written);
            assert_eq!(moment.events, run.player.events().len());
        }
        assert!(comparison.runs[0].moments.len() == comparison.commands.len() + 1);
        assert_eq!(at_end(&comparison, "free").map(|free| free > 0), [true; 2]);
    }
}

#[test]
fn every_preset_shows_what_it_is_about() {
    let less = |id, figure| {
        let [a, b] = at_end(&played(id), figure);
        (a.min(b) < a.max(b)).then_some(usize::from(b < a))
    };
    assert_eq!(less("disks", "time"), Some(1), "4 disks are quicker");
    assert_eq!(less("disks", "busiest"), Some(1));
    assert_eq!(less("stripes", "transfers"), Some(0), "8 makes more");
    assert_eq!(at_end(&played("stripes"), "cluster"), [160, 80]);
    assert_eq!(at_end(&played("stripes"), "clusters")[1], 0);
    assert_eq!(less("nextfit", "holes"), Some(0), "next fit leaves holes");
    assert_eq!(
        less("nextfit", "nodes"),
        Some(1),
        "and looks at fewer nodes"
    );
    assert_eq!(less("roundrobin", "time"), Some(1));
    assert_eq!(less("roundrobin", "busiest"), Some(1));
    assert_eq!(
        less("async", "time"),
        Some(1),
        "4 writes at once are quicker"
    );
}

#[test]
fn the_sentence_tells_figures() {
    assert_eq!(
        words(&played("stripes")),
        "With stripes of 32 the machine makes 52 transfers; with stripes of 8 it makes 80, 1.5 times \
         as many. With stripes of 32 it leaves room for 96 clusters of 16 pages; with stripes of 8 \
         it leaves room for 0."
    );
    let text = words(&played("disks"));
    assert!(
        text.starts_with("With 4 disks the machine takes "),
        "{text}"
    );
    let [one, other] = [side(Config::default()); 2];
    let same = Comparison::of(
        [one, other],
        &scripted("swapon 0 512").unwrap_or_default(),
        99,
    );
    assert_eq!(
        words(&same),
        "Nothing that is counted differs: to these commands it makes no difference."
    );
}

#[test]
fn figures_that_differ_come_first() {
    let figures = all(&played("roundrobin"));
    let (details, whole): (Vec<_>, Vec<_>) = figures.iter().partition(|figure| figure.detail);
    for part in [details, whole] {
        let differences = part.iter().map(|figure| figure.difference());
        assert!(differences.is_sorted_by(|a, b| a >= b));
        assert_eq!(part.last().map(|figure| figure.difference()), Some(0));
    }
}

#[test]
fn disks_are_dealt_out_anew_with_as_many_pages() {
    let script = "swapon 0 600\nswapon 1 200\ndisk 0 delay 5\ncreate heap 8\nswapoff 1";
    let actions = scripted(script).expect("it can be played");
    let given = |disks| {
        let side = Side {
            disks,
            ..Side::default()
        };
        let text = |action: Action| match action {
            Action::Do(Command::SwapOn { disk, pages }) => format!("on {} {pages}", disk.0),
            Action::Do(Command::SwapOff { disk }) => format!("off {}", disk.0),
            Action::Plan(disk, plan) => format!("delay {} {}", disk.0, plan.delay),
            _ => "other".to_owned(),
        };
        let given = side.dealt(&actions).into_iter();
        given
            .map(|given| given.into_iter().map(text).collect::<Vec<_>>().join(", "))
            .collect::<Vec<_>>()
    };
    let as_said = ["on 0 600", "on 1 200", "delay 0 5", "other", "off 1"];
    assert_eq!(given(None), as_said);
    assert_eq!(given(Some(1)), ["on 0 800", "", "delay 0 5", "other", ""]);
    assert_eq!(
        given(Some(4)),
        [
            "on 0 200",
            "on 1 200, on 2 200, on 3 200",
            "delay 0 5, delay 2 5, delay 3 5",
            "other",
            "off 1"
        ]
    );
}

#[test]
fn faults_that_were_used_up_are_not_asked_for_again() {
    let script = "swapon 0 600\ncreate heap 32\nfill heap all\ndisk 0 fail writes 2\npageout heap all\ndisk 0 delay 5";
    let mut player = Player::new(Config::default());
    assert_eq!(player.play(script), Ok(()));
    let plans = |action: &&Action| matches!(action, Action::Plan(..));
    let noted = |record: &&Record| matches!(record, Record::Plan { .. });
    assert!(player.records().iter().filter(noted).count() > 2);
    let asked = asked(player.records());
    assert_eq!(asked.iter().filter(plans).count(), 2, "{asked:?}");
}

#[test]
fn what_would_take_too_long_is_left_out() {
    let fill = |number| {
        let range = crate::command::PageRange {
            start: crate::units::PageIndex(0),
            count: 64,
        };
        Action::Do(Command::Fill {
            object: crate::units::ObjectId(1),
            range,
            pattern: Pattern::Byte(number),
        })
    };
    let mut actions = scripted("swapon 0 512\ncreate heap 64").expect("it can be played");
    actions.extend((0..50).map(fill));
    let comparison = Comparison::of([Side::default(); 2], &actions, 500);
    assert!(comparison.left_out > 0);
    assert_eq!(comparison.commands.len() + comparison.left_out, 52);
}

#[test]
fn sides_are_called_by_what_they_differ_in() {
    let policy = Policy::RoundRobin;
    let a = side(Config::default());
    let b = Side {
        config: Config {
            policy,
            stripe: 8,
            ..Config::default()
        },
        async_max: Some(1),
        ..a
    };
    // Round robin brings the stripe back to 32.
    assert_eq!(a.label(&b), "first fit, async as the commands say");
    assert_eq!(b.label(&a), "round robin, async 1");
    assert_eq!(a.label(&a), "the same machine");
    assert!(a.is_original() && !b.is_original());
}
