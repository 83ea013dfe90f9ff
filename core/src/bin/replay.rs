//! Replays recordings of the original C code and tells where the library goes another way.

use std::fs::File;
use std::process::ExitCode;

use swap_pager::replay::{Report, replay};

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() || files.iter().any(|file| file == "--help" || file == "-h") {
        eprintln!("usage: replay TRACE...   (JSON Lines, plain or gzip-compressed)");
        return ExitCode::from(2);
    }
    let mut failed = 0;
    for file in &files {
        match replay_file(file) {
            Ok(Report {
                ops,
                differing_ops,
                first,
            }) => {
                println!("{file}: {ops} ops, {differing_ops} differ");
                if let Some(first) = first {
                    println!("  {first}");
                    failed += 1;
                }
            }
            Err(why) => {
                println!("{file}: {why}");
                failed += 1;
            }
        }
    }
    println!("{} passed, {failed} failed", files.len() - failed);
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn replay_file(file: &str) -> Result<Report, String> {
    let input = File::open(file).map_err(|error| error.to_string())?;
    replay(input).map_err(|error| error.to_string())
}
