//! The mixes of operations: without events, with events that are built and dropped, and with events
//! that are fetched from a queue after each operation.

#![allow(
    missing_docs,
    reason = "criterion_group! makes a function without documentation"
)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use swap_pager::EventQueue;
use swap_pager::event::Sink;
use swap_pager::mix::{BlistMix, DropEvents, PagerMix};

const BLIST_OPS: u32 = 100_000;
const PAGER_OPS: u32 = 20_000;

fn blist<S: Sink>(name: &str, sink: fn() -> S, fetch: fn(&mut S), criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("blist");
    group.throughput(Throughput::Elements(BLIST_OPS.into()));
    group.sample_size(10);
    let run = |mut mix: BlistMix<S>| {
        for _ in 0..BLIST_OPS {
            mix.run(1);
            fetch(mix.events());
        }
        mix
    };
    group.bench_function(name, |bench| {
        bench.iter_batched(|| BlistMix::with_sink(sink()), run, BatchSize::PerIteration);
    });
    group.finish();
}

fn pager<S: Sink>(name: &str, sink: fn() -> S, fetch: fn(&mut S), criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pager");
    group.throughput(Throughput::Elements(PAGER_OPS.into()));
    group.sample_size(10);
    let run = |mut mix: PagerMix<S>| {
        for _ in 0..PAGER_OPS {
            mix.run(1);
            fetch(mix.events());
        }
        mix
    };
    group.bench_function(name, |bench| {
        bench.iter_batched(|| PagerMix::with_sink(sink()), run, BatchSize::PerIteration);
    });
    group.finish();
}

fn mixes(criterion: &mut Criterion) {
    let none = || swap_pager::NoEvents;
    blist("no events", none, |_| {}, criterion);
    blist("events dropped", || DropEvents, |_| {}, criterion);
    blist(
        "events fetched",
        EventQueue::new,
        EventQueue::clear,
        criterion,
    );
    pager("no events", none, |_| {}, criterion);
    pager("events dropped", || DropEvents, |_| {}, criterion);
    pager(
        "events fetched",
        EventQueue::new,
        EventQueue::clear,
        criterion,
    );
}

criterion_group!(benches, mixes);
criterion_main!(benches);
