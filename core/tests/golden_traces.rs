//! Recordings of the original C code replay without a difference.
//!
//! Each file in `tests/traces` was recorded from the kernel's own sources, compiled unchanged.

use std::fs::{self, File};
use std::path::PathBuf;

use swap_pager::replay::{Report, TraceError, replay};

fn traces(prefix: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let entries = fs::read_dir(folder).expect("the folder of recordings is part of the crate");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("its entries can be read").path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with(prefix))
        })
        .collect();
    files.sort();
    files
}

fn assert_no_difference(prefix: &str, at_least: usize) {
    let files = traces(prefix);
    assert!(
        files.len() >= at_least,
        "{} files begin with {prefix:?}",
        files.len()
    );
    for path in files {
        let file = File::open(&path).expect("a listed file can be opened");
        let report = replay(file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(report.ops > 0, "{}: no operations", path.display());
        if let Some(first) = report.first {
            panic!(
                "{}: {} ops differ; first {first}",
                path.display(),
                report.differing_ops
            );
        }
    }
}

#[test]
fn allocator() {
    assert_no_difference("blist_", 12);
}

#[test]
fn stripe_mapping() {
    assert_no_difference("stripe_", 2);
}

#[test]
fn scripted_scenarios() {
    assert_no_difference("scenario_", 11);
}

#[test]
fn random_pager_operations() {
    assert_no_difference("pager_", 10);
}

const HEADER: &str = r#"{"config":{"kind":"blist"}}"#;
const CREATE: &str = r#"{"i":1,"op":"create","blocks":64}"#;

fn replay_text(lines: &[&str]) -> Result<Report, TraceError> {
    replay(lines.join("\n").as_bytes())
}

#[test]
fn a_difference_is_told_with_operation_field_and_both_values() {
    let wrong = r#"{"i":2,"op":"free","blk":0,"count":8,"state":{"blocks":64,"bl_free":9}}"#;
    let report = replay_text(&[HEADER, CREATE, wrong]).expect("the lines are well formed");
    let first = report.first.expect("bl_free is 8, not 9");
    assert_eq!((report.ops, report.differing_ops), (2, 1));
    assert_eq!((first.op, first.field.as_str()), (2, "state.bl_free"));
    assert_eq!((first.expected, first.got), (9.into(), 8.into()));
}

#[test]
fn an_operation_that_should_be_refused_and_is_not_differs() {
    let wrong = r#"{"i":2,"op":"alloc","count":1,"panic":"blist_meta_alloc: too large"}"#;
    let report = replay_text(&[HEADER, CREATE, wrong]).expect("the lines are well formed");
    assert_eq!(
        report.first.map(|first| first.field).as_deref(),
        Some("panic")
    );
}

#[test]
fn a_malformed_recording_is_refused_with_the_line() {
    let cases: [(&[&str], usize, &str); 7] = [
        (&[], 1, "empty"),
        (&["{"], 1, "EOF"),
        (&["[]"], 1, "no JSON object"),
        (&[r#"{"config":{"kind":"tape"}}"#], 1, "tape"),
        (&[HEADER, CREATE, r#"{"op":"shrink"}"#], 3, "shrink"),
        (&[HEADER, CREATE, r#"{"op":"alloc"}"#], 3, "count"),
        (
            &[HEADER, CREATE, "", r#"{"op":"alloc","count":-1}"#],
            4,
            "out of range",
        ),
    ];
    for (lines, line, why) in cases {
        let error = replay_text(lines).expect_err("the recording is malformed");
        assert_eq!(error.line, Some(line), "{error}");
        assert!(error.why.contains(why), "{error}");
    }
}
