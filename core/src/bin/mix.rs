//! Runs one of the mixes that benches run, for a profiler to look at, and prints what it did.

use std::process::ExitCode;

use swap_pager::mix::{BlistMix, PagerMix};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let ops = args.get(1).and_then(|ops| ops.parse().ok());
    match (args.first().map(String::as_str), ops) {
        (Some("blist"), Some(ops)) => println!("{:?}", BlistMix::default().run(ops)),
        (Some("pager"), Some(ops)) => {
            let mut mix = PagerMix::new();
            mix.run(ops);
            println!("{:?}", mix.finish());
        }
        _ => {
            eprintln!("usage: mix blist|pager OPS");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
