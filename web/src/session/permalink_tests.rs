//! Tests of links: natively, and as wasm.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::session::FORMAT;
use swap_pager::command::Pattern;
use swap_pager::session::driver::Plan;
use swap_pager::units::{DeviceId, IoId, ObjectId};
use swap_pager::{Command, Errno};

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

fn random(seed: u32) -> impl FnMut(u32) -> u32 {
    let mut random = seed;
    move |end| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % end
    }
}

fn start() -> Record {
    Record::Start {
        format: FORMAT,
        config: Config::default(),
    }
}

fn done(io: u32) -> Record {
    Record::Done {
        io: IoId(io),
        error: None,
    }
}

/// A session whose shape depends on a seed; transfers end in any order.
fn records(seed: u32) -> Vec<Record> {
    let mut next = random(seed);
    let mut records = vec![start()];
    for _ in 0..next(60) {
        match next(7) {
            0 => records.push(Record::Do(Command::SwapOn {
                disk: DeviceId(next(4)),
                pages: 64 + next(4000),
            })),
            1 => records.push(Record::Do(Command::Create {
                name: Some("line\nbreak \u{1f4be} 3*4".repeat(next(3) as usize)),
                pages: 1 + next(999),
            })),
            2 => records.push(Record::Done {
                io: IoId(next(99)),
                error: Some(Errno::Eio),
            }),
            3 => records.push(Record::Plan {
                disk: DeviceId(next(4)),
                plan: Plan::default(),
            }),
            4 => records.push(done(if next(9) == 0 {
                u32::MAX - next(3)
            } else {
                next(99)
            })),
            _ => {
                let first = 1 + next(300);
                records.extend((first..first + next(40)).map(done));
            }
        }
    }
    records
}

fn shown(seed: u32) -> Shown {
    let mut next = random(seed);
    Shown {
        moment: (next(2) == 0).then_some(u64::from(next(9)) << next(50)),
        view: (next(2) == 0).then(|| "tree".into()),
        table: next(2) == 0,
    }
}

#[test]
fn what_was_written_is_read() -> Result {
    for seed in 0..300 {
        let (records, shown) = (records(seed), shown(seed));
        let text = text(&shown, &records)?;
        let (found, config, rest) = session(&text)?;
        assert_eq!((found, config), (shown, Config::default()), "seed {seed}");
        assert_eq!(rest, records[1..], "seed {seed}");
        assert_eq!(read(&write(&text))?, text, "seed {seed}");
    }
    Ok(())
}

/// Links that are out there must stay readable: this is what version 1 looks like.
#[test]
fn version_1_is_this() -> Result {
    let fill = Command::Fill {
        object: ObjectId(1),
        range: swap_pager::command::PageRange {
            start: swap_pager::units::PageIndex(0),
            count: 64,
        },
        pattern: Pattern::Label(1),
    };
    let mut records = vec![start(), Record::Do(fill)];
    records.extend([1, 2, 3, 5, 4, 6, 7].map(done));
    records.push(Record::ByHand(true));
    records.push(done(8));
    let shown = Shown {
        moment: Some(17),
        view: Some("tree".into()),
        table: true,
    };
    let text = text(&shown, &records)?;
    let expected = r#"17 tree table
{"start":{"format":2,"config":{"nswdev":4,"nswbuf":32,"lowat":128,"hiwat":512,"swap_zone":65536,"frames":32768,"fixes":{"reserve_tail":false,"far_metadata":false}}}}
{"do":{"cmd":"fill","object":1,"start":0,"count":64,"pattern":{"label":1}}}
*3 1 -2 1*2
{"byhand":true}
0
"#;
    assert_eq!(str::from_utf8(&text)?, expected);
    let link = write(b"\x00\x10\x83\xff~");
    assert_eq!(link, "session=1.7.849a1f2f.ABCD_34");
    for link in [&link, &format!("#{link}"), &link[8..]] {
        assert_eq!(read(link)?, b"\x00\x10\x83\xff~");
    }
    Ok(())
}

#[test]
fn any_change_of_a_character_and_any_cut_is_found() {
    let bytes: Vec<u8> = (0..200u8).map(|i| i.wrapping_mul(89)).collect();
    let link = write(&bytes);
    for at in MARK.len()..link.len() {
        for other in ["A", "b", "0", "7", "-", ".", "%", "é", ""] {
            let changed = format!("{}{other}{}", &link[..at], &link[at + 1..]);
            let found = read(&changed);
            // Only letters of the checksum may be large or small.
            let same = changed == link
                || changed.eq_ignore_ascii_case(&link) && at < link.len() - bytes.len() * 4 / 3;
            assert!(
                found.is_err() || same,
                "{other} at {at}: {changed}: {found:?}"
            );
        }
        assert!(read(&link[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn what_is_wrong_is_told_and_where() {
    let link = write(b"twelve bytes");
    for none in [
        "",
        "#",
        "session=",
        "#session=hello",
        "1",
        "1.2",
        "1.2.x.y",
        "x.1.1.A",
    ] {
        assert_eq!(read(none), Err(LinkError::Foreign), "{none}");
    }
    let newer = link.replace("=1.", "=2.");
    assert_eq!(read(&newer), Err(LinkError::Newer(2)));
    assert_eq!(read(&link.replace("=1.", "=0.")), Err(LinkError::Checksum));
    let length = |found| LinkError::Length {
        expected: 16,
        found,
    };
    assert_eq!(read(&link[..link.len() - 3]), Err(length(13)));
    assert_eq!(read(&format!("{link}).")), Err(length(18)));
    let mut damaged = link.clone();
    damaged.replace_range(link.len() - 16 + 4..link.len() - 16 + 5, "!");
    assert_eq!(
        read(&damaged),
        Err(LinkError::Character { at: 5, found: '!' })
    );

    let first = "- -\n";
    let start = r#"{"start":{"format":1,"config":{"nswdev":4,"nswbuf":32,"lowat":128,"hiwat":512,"swap_zone":65536}}}"#;
    let session = |text: String| match session(text.as_bytes()) {
        Ok((_, _, records)) => records.len().to_string(),
        Err(error) => error.to_string(),
    };
    let started = |rest: &str| session(format!("{first}{start}\n{rest}"));
    assert_eq!(started("*3 0\n0\n"), "5");
    assert!(started("*3 x\n").contains("line 3"));
    assert!(started("-2\n").contains("line 3"));
    assert!(started(&format!("1\n{start}\n")).contains("a second time at line 4"));
    assert!(started("{\"do\":1}\n").contains("line 3 is no record"));
    assert_eq!(started("*9999999\n"), LinkError::TooLarge.to_string());
    assert_eq!(started("*4294967295\n"), LinkError::TooLarge.to_string());
    assert!(session(format!("{first}*3\n")).contains("does not begin with a start"));
    assert!(session(first.to_owned()).contains("does not begin with a start"));
    for bad in [
        "",
        "\n",
        "x -\n",
        "1\n",
        "1 tree chart\n",
        "1 tree table 2\n",
    ] {
        let told = session(format!("{bad}{start}\n"));
        assert_eq!(told, LinkError::Shown.to_string(), "{bad:?}");
    }
}

/// Packing has nothing to do with runs of transfers that come in order.
#[test]
fn transfers_that_go_well_cost_next_to_nothing() -> Result {
    let few = text(&Shown::default(), &[start()])?;
    let many: Vec<Record> = std::iter::once(start())
        .chain((1..=300).map(done))
        .collect();
    let many = text(&Shown::default(), &many)?;
    assert_eq!(many.len() - few.len(), "*300\n".len());
    Ok(())
}
