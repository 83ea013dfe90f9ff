//! Runs one of the mixes that benches run, for a profiler to look at, and prints what it did.

use std::process::ExitCode;
use std::time::Instant;

use swap_pager::EventQueue;
use swap_pager::event::Sink;
use swap_pager::mix::{BlistMix, DropEvents, PagerMix, best_times};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    if args[..] == ["times"] {
        let start = Instant::now();
        for (mix, time) in best_times(&|| start.elapsed().as_secs_f64() * 1e3) {
            println!("{mix} {time:.1}");
        }
        return ExitCode::SUCCESS;
    }
    let (mix, ops, events) = match args[..] {
        [mix, ops] => (mix, ops.parse(), "none"),
        [mix, ops, events] => (mix, ops.parse(), events),
        _ => return usage(),
    };
    let Ok(ops) = ops else {
        return usage();
    };
    match (mix, events) {
        ("blist", "none") => println!("{:?}", BlistMix::new().run(ops)),
        ("blist", "dropped") => println!("{:?}", BlistMix::with_sink(DropEvents).run(ops)),
        ("blist", "fetched") => {
            let mut mix = BlistMix::with_sink(EventQueue::new());
            for _ in 0..ops {
                mix.run(1);
                mix.events().clear();
            }
            println!("{:?}", mix.run(0));
        }
        ("pager", "none") => pager(PagerMix::new(), ops, |_| {}),
        ("pager", "dropped") => pager(PagerMix::with_sink(DropEvents), ops, |_| {}),
        ("pager", "fetched") => pager(
            PagerMix::with_sink(EventQueue::new()),
            ops,
            EventQueue::clear,
        ),
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

fn pager<S: Sink>(mut mix: PagerMix<S>, ops: u32, fetch: fn(&mut S)) {
    for _ in 0..ops {
        mix.run(1);
        fetch(mix.events());
    }
    println!("{:?}", mix.finish());
}

fn usage() -> ExitCode {
    eprintln!("usage: mix blist|pager OPS [none|dropped|fetched]");
    eprintln!("The third word says what becomes of the events.");
    eprintln!("       mix times    nanoseconds an op of both mixes, the best of several runs");
    ExitCode::from(2)
}
