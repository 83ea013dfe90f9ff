//! The lessons of the site: each can be learned, and the glossary explains its words.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use swap_pager::language::Names;
use swap_pager::lesson::text::{Block, Inline};
use swap_pager::lesson::{Lesson, check_for};
use swap_pager::session::driver::Plan;
use swap_pager::session::permalink::{self, Shown};
use swap_pager::session::record::{FORMAT, Record};
use swap_pager::session::{Player, script};
use swap_pager::units::DeviceId;

/// So many readers, each with other numbers, take each lesson.
const READERS: u64 = 25;

fn www() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../www")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of all lessons, in their order.
fn files() -> Vec<(String, String)> {
    let folder = fs::read_dir(www().join("lessons")).expect("the folder of the lessons");
    let paths = folder.map(|entry| entry.expect("a file").path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), text(&path))
        })
        .collect();
    files.sort();
    files
}

fn lessons() -> Vec<Lesson> {
    let read = |(file, toml): &(String, String)| Lesson::read(file, toml, 1);
    let files = files();
    files
        .iter()
        .map(|file| read(file).unwrap_or_else(|errors| panic!("{}: {errors:?}", file.0)))
        .collect()
}

/// The anchors of the words that a lesson marks.
fn terms(lesson: &Lesson) -> BTreeSet<String> {
    fn of_inline(pieces: &[Inline], terms: &mut BTreeSet<String>) {
        for piece in pieces {
            if let Inline::Term(_, anchor) = piece {
                terms.insert(anchor.clone());
            }
        }
    }
    fn of_blocks(blocks: &[Block], terms: &mut BTreeSet<String>) {
        for block in blocks {
            match block {
                Block::Paragraph(pieces) => of_inline(pieces, terms),
                Block::List(items) => items.iter().for_each(|item| of_inline(item, terms)),
            }
        }
    }
    let mut terms = BTreeSet::new();
    for step in &lesson.steps {
        of_blocks(&step.text, &mut terms);
        of_blocks(&step.after, &mut terms);
        if let Some(question) = &step.ask {
            of_inline(&question.ask, &mut terms);
            of_inline(&question.hint, &mut terms);
        }
    }
    if let Some(challenge) = &lesson.challenge {
        of_blocks(&challenge.text, &mut terms);
    }
    terms
}

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    let values = page.split(&begin).skip(1);
    values
        .filter_map(|rest| rest.split_once('"').map(|(value, _)| value))
        .collect()
}

/// The pages for teachers: their names and texts.
fn pages() -> BTreeMap<String, String> {
    let names = ["index.html", "lessons.html", "glossary.html"];
    let page = |name: &str| (name.to_owned(), text(&www().join("teach").join(name)));
    names.map(page).into()
}

#[test]
fn every_lesson_can_be_learned() {
    let files = files();
    assert_eq!(files.len(), 13, "twelve lessons and a museum");
    for (file, toml) in &files {
        let errors = check_for(file, toml, READERS);
        assert!(errors.is_empty(), "{file}: {errors:#?}");
    }
}

#[test]
fn every_lesson_asks_has_notes_and_ends_with_a_challenge() {
    for lesson in lessons() {
        let name = &lesson.title;
        assert!(lesson.questions().count() >= 2, "{name} asks too little");
        assert!((5..=9).contains(&lesson.steps.len()), "{name}: steps");
        assert!((3..=8).contains(&lesson.minutes), "{name}: minutes");
        assert!(!lesson.summary.is_empty(), "{name} has no summary");
        assert!(lesson.challenge.is_some(), "{name} has no challenge");
        let with_notes = lesson.steps.iter().filter(|step| step.notes.is_some());
        assert!(
            2 * with_notes.count() >= lesson.steps.len(),
            "{name}: most steps should have notes"
        );
        for step in &lesson.steps {
            assert!(step.focus.is_some(), "{name}, {}: no focus", step.title);
        }
    }
}

/// How long a link to what a player has played is, packed as a browser packs it.
fn link_length(player: &Player) -> Result<usize, Box<dyn Error>> {
    const SITE: usize = "https://documentation.example.org/playground/#".len();
    let start = Record::Start {
        format: FORMAT,
        config: player.config(),
    };
    let shown = Shown {
        moment: Some(player.events().len() as u64),
        view: Some("metadata".to_owned()),
        table: true,
    };
    let text = permalink::text(&shown, [&start].into_iter().chain(player.records()))?;
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&text)?;
    Ok(SITE + permalink::write(&packed.finish()?).len())
}

#[test]
fn what_was_done_in_a_lesson_fits_into_a_link() -> Result<(), Box<dyn Error>> {
    let mut longest = 0;
    for (file, toml) in files() {
        for seed in 0..8 {
            let lesson =
                Lesson::read(&file, &toml, seed).map_err(|errors| format!("{errors:?}"))?;
            let mut player = Player::new(lesson.config);
            let steps = lesson.steps.iter().filter_map(|step| step.run.as_ref());
            for script in [&lesson.setup].into_iter().chain(steps) {
                let played = player.play(&script.text);
                played.map_err(|(line, why)| format!("{file}, line {line}: {why}"))?;
            }
            let mut end = lesson.before_challenge()?;
            if let Some(challenge) = &lesson.challenge {
                let played = end.play(&challenge.solution.text);
                played.map_err(|(line, why)| format!("{file}, line {line}: {why}"))?;
            }
            for played in [player, end] {
                let length = link_length(&played)?;
                assert!(length < 2_000, "{file}, seed {seed}: {length} characters");
                longest = longest.max(length);
            }
        }
    }
    println!("The longest has {longest} characters.");
    Ok(())
}

#[test]
fn readers_have_numbers_of_their_own() {
    for (file, toml) in files() {
        let read = |seed| Lesson::read(&file, &toml, seed).expect("a lesson");
        let first = read(0);
        assert!(
            (1..10).any(|seed| read(seed) != first),
            "{file} is the same for everybody"
        );
    }
}

#[test]
fn the_glossary_explains_every_word_that_is_marked() {
    let pages = pages();
    let entries: BTreeSet<&str> = attributes(&pages["glossary.html"], "id")
        .into_iter()
        .collect();
    for lesson in lessons() {
        for term in terms(&lesson) {
            assert!(
                entries.contains(term.as_str()),
                "{}: the glossary has no {term}",
                lesson.title
            );
        }
    }
}

#[test]
fn links_of_the_pages_for_teachers_lead_somewhere() {
    let pages = pages();
    let ids: BTreeSet<String> = lessons().into_iter().map(|lesson| lesson.id).collect();
    for (name, page) in &pages {
        for link in attributes(page, "href") {
            let place = format!("{name}: {link}");
            if link == "data:," || link == "../" {
                continue;
            }
            if let Some(lesson) = link.strip_prefix("../?lesson=") {
                assert!(ids.contains(lesson), "{place}: no such lesson");
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let file = file.strip_prefix("./").unwrap_or(file);
            let file = if file.is_empty() { name } else { file };
            assert!(www().join("teach").join(file).exists(), "{place}: no file");
            if !anchor.is_empty() {
                let there = attributes(&pages[file], "id");
                assert!(there.contains(&anchor), "{place}: no anchor");
            }
        }
        for lesson in attributes(page, "lesson") {
            assert!(ids.contains(lesson), "{name}: no lesson {lesson}");
        }
    }
    // Each entry says in which lesson it is met.
    let glossary = &pages["glossary.html"];
    for entry in glossary.split("<dt ").skip(1) {
        assert!(entry.contains("../?lesson="), "{entry}");
    }
}

#[test]
fn the_pages_for_teachers_have_no_script_or_style_in_them() {
    for (name, page) in pages() {
        let inline = page.match_indices("<script").any(|(at, _)| {
            let tag = page[at..].split('>').next().unwrap_or_default();
            !tag.contains(" src=")
        });
        assert!(!inline, "{name} has a script in it");
        assert!(!page.contains("<style"), "{name} has a style in it");
        assert!(attributes(&page, "style").is_empty(), "{name} has a style");
        assert!(!page.contains("//"), "{name} names another origin");
    }
}

#[test]
fn what_teachers_are_told_is_what_there_is() {
    let page = &pages()["lessons.html"];
    let escaped = |text: &str| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        text.replace('>', "&gt;")
    };
    let toml = text(&www().join("teach/first-lesson.toml"));
    let errors = check_for("first-lesson.toml", &toml, READERS);
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(
        page.contains(escaped(&toml).trim_end()),
        "the example is another one than its file"
    );
    // The page has all that the README tells.
    let readme = text(&www().join("lessons/README.md"));
    let (mut fenced, mut examples) = (false, String::new());
    for line in readme.lines() {
        fenced ^= line.starts_with("```");
        let measures = line.strip_prefix("| `");
        if let Some((measure, _)) = measures.and_then(|rest| rest.split_once('`')) {
            let measure = format!("<code>{}</code>", escaped(measure));
            assert!(page.contains(&measure), "the page lacks {measure}");
        } else if let Some(line) = line.strip_prefix("    ").filter(|_| !fenced) {
            assert!(page.contains(&escaped(line)), "the page lacks {line}");
            examples.push_str(line);
            examples.push('\n');
        } else if fenced && !line.starts_with("```") {
            assert!(page.contains(&escaped(line)), "the page lacks {line}");
        }
    }
    // What it shows of scripts can be written so, comments and all.
    let disks = vec![DeviceId(1)];
    let names = Names {
        disks,
        ..Names::default()
    };
    let scripts = examples
        .lines()
        .skip_while(|line| line.starts_with("cargo"));
    let scripts: Vec<_> = scripts.collect();
    let scripts = scripts.join("\n");
    let mut shown = 0;
    for (_, line) in script::lines(&scripts) {
        let read = script::read(line, &names, |_| Plan::default());
        assert!(read.is_ok(), "{line}: {read:?}");
        shown += 1;
    }
    assert!(shown >= script::USAGE.len(), "{scripts}");
    let trailing = |line: &str| line.contains(" # ") && !line.starts_with('#');
    assert!(scripts.lines().any(trailing), "{scripts}");
}
