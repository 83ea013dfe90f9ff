//! The contract of `BlockStore`, as tests that every kind of store must pass.

use std::collections::BTreeMap;

use futures_util::{FutureExt, future};
use swap_pager::random::Random;
use swap_playground::disk::{Batch, BatchDone, BlockStore, ReadError, StoreError, layout};

use super::*;

/// Makes a module of tests that hold a kind of store to the contract.
#[macro_export]
macro_rules! contract {
    ($module:ident, $kind:ty) => {
        contract!(@tests $module, $kind, [
            what_is_written_is_read,
            a_block_never_written_is_missing,
            a_part_of_a_group_is_overwritten,
            a_whole_group_is_overwritten,
            reads_cross_group_borders,
            requests_fill_a_group_together,
            the_later_write_of_a_batch_counts,
            reads_see_the_state_before_the_writes,
            disks_are_apart,
            nothing_to_do_is_fine,
            the_log_keeps_its_order,
            long_and_empty_log_records,
            a_refused_batch_leaves_nothing,
            several_commits_at_once_take_effect_in_order,
            everything_is_there_after_reopening,
            clear_forgets_everything,
            a_batch_can_begin_anew,
            a_refused_batch_does_not_begin_anew,
            a_refusal_is_not_the_end,
            a_forgotten_page_is_refused,
            a_dropped_commit_is_all_or_nothing,
            clear_and_load_log_take_their_turn,
            random_operations_agree_with_a_plain_model,
        ]);
    };
    (@tests $module:ident, $kind:ty, [$($test:ident,)*]) => {
        mod $module {
            use super::*;
            $(
                #[wasm_bindgen_test]
                async fn $test() {
                    common::contract::$test::<$kind>().await;
                }
            )*
        }
    };
}

pub async fn what_is_written_is_read<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(0, 32, 0..16), write(0, 100, [77])])).await;
    assert_eq!(read_one(&store, read(0, 32, 16)).await, Ok(pages(0..16)));
    assert_eq!(read_one(&store, read(0, 100, 1)).await, Ok(pages([77])));
    // In one batch, and in the order asked for.
    let batch = reads([read(0, 100, 1), read(0, 45, 3), read(0, 32, 1)]);
    assert_eq!(
        store.commit(batch).await,
        Ok(BatchDone {
            reads: vec![Ok(pages([77])), Ok(pages(13..16)), Ok(pages([0]))]
        })
    );
}

pub async fn a_block_never_written_is_missing<K: Kind>() {
    let store = K::fresh(&name()).await;
    assert_eq!(read_one(&store, read(1, 5, 1)).await, missing(1, 5));
    commit(&store, writes([write(1, 0, 0..8), write(1, 9, [9])])).await;
    assert_eq!(read_one(&store, read(1, 0, 16)).await, missing(1, 8));
    assert_eq!(read_one(&store, read(1, 9, 2)).await, missing(1, 10));
    assert_eq!(read_one(&store, read(0, 0, 8)).await, missing(0, 0));
    // The rest of the batch is carried out.
    let batch = Batch {
        anew: false,
        reads: vec![read(1, 8, 1), read(1, 9, 1)],
        writes: vec![write(1, 8, [8])],
        ..Batch::default()
    };
    let done = store.commit(batch).await.expect("it can be carried out");
    assert_eq!(done.reads, [missing(1, 8), Ok(pages([9]))]);
    assert_eq!(read_one(&store, read(1, 0, 10)).await, Ok(pages(0..10)));
}

pub async fn a_part_of_a_group_is_overwritten<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(0, 8, 0..16)])).await;
    commit(&store, writes([write(0, 10, [100, 101])])).await;
    commit(&store, writes([write(0, 15, [102, 103])])).await;
    commit(&store, writes([write(0, 10, [104])])).await;
    let expected = [0, 1, 104, 101, 4, 5, 6, 102, 103, 9, 10, 11, 12, 13, 14, 15];
    assert_eq!(read_one(&store, read(0, 8, 16)).await, Ok(pages(expected)));
    assert_eq!(read_one(&store, read(0, 10, 1)).await, Ok(pages([104])));
}

pub async fn a_whole_group_is_overwritten<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(0, 3, 0..12)])).await;
    commit(&store, writes([write(0, 8, 100..108)])).await;
    let expected: Vec<u64> = (0..5).chain(100..108).collect();
    assert_eq!(read_one(&store, read(0, 3, 13)).await, Ok(pages(expected)));
}

pub async fn reads_cross_group_borders<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(2, 0, 0..64)])).await;
    commit(&store, writes([write(2, 64, 64..69)])).await;
    for (block, count) in [(0, 69), (7, 2), (5, 20), (8, 8), (8, 9), (62, 5), (68, 1)] {
        let numbers = u64::from(block)..u64::from(block + count);
        let found = read_one(&store, read(2, block, count)).await;
        assert_eq!(found, Ok(pages(numbers)), "{count} pages at {block}");
    }
}

pub async fn requests_fill_a_group_together<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(0, 12, 4..8), write(0, 8, 0..4)])).await;
    assert_eq!(read_one(&store, read(0, 8, 8)).await, Ok(pages(0..8)));
}

pub async fn the_later_write_of_a_batch_counts<K: Kind>() {
    let store = K::fresh(&name()).await;
    let batch = writes([write(0, 0, 0..8), write(0, 4, 14..20), write(0, 5, [25])]);
    commit(&store, batch).await;
    let expected = [0, 1, 2, 3, 14, 25, 16, 17, 18, 19];
    assert_eq!(read_one(&store, read(0, 0, 10)).await, Ok(pages(expected)));
}

pub async fn reads_see_the_state_before_the_writes<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(0, 0, 0..8)])).await;
    let batch = Batch {
        anew: false,
        reads: vec![read(0, 0, 8)],
        writes: vec![write(0, 0, 10..18)],
        ..Batch::default()
    };
    let done = store.commit(batch).await.expect("it can be carried out");
    assert_eq!(done.reads, [Ok(pages(0..8))]);
    assert_eq!(read_one(&store, read(0, 0, 8)).await, Ok(pages(10..18)));
}

pub async fn disks_are_apart<K: Kind>() {
    let store = K::fresh(&name()).await;
    let last_disk = layout::MAX_DISKS - 1;
    let last_block = layout::MAX_BLOCKS - 1;
    let disks = [0, 1, 2, 3, 4, 1000, last_disk];
    let number = |disk: u32| u64::from(disk) * 100;
    commit(
        &store,
        writes(disks.iter().flat_map(|&disk| {
            let first = number(disk);
            [
                write(disk, 0, first..first + 9),
                write(disk, last_block, [first + 9]),
            ]
        })),
    )
    .await;
    for disk in disks {
        let first = number(disk);
        let found = read_one(&store, read(disk, 0, 9)).await;
        assert_eq!(found, Ok(pages(first..first + 9)));
        let found = read_one(&store, read(disk, last_block, 1)).await;
        assert_eq!(found, Ok(pages([first + 9])));
    }
    assert_eq!(read_one(&store, read(5, 0, 1)).await, missing(5, 0));
}

pub async fn nothing_to_do_is_fine<K: Kind>() {
    let store = K::fresh(&name()).await;
    assert_eq!(
        store.commit(Batch::default()).await,
        Ok(BatchDone::default())
    );
    assert_eq!(read_one(&store, read(0, 5, 0)).await, Ok(vec![]));
    commit(&store, writes([write(0, 5, [])])).await;
    assert_eq!(read_one(&store, read(0, 5, 1)).await, missing(0, 5));
    assert_eq!(store.load_log().await, Ok(vec![]));
}

pub async fn the_log_keeps_its_order<K: Kind>() {
    let name = name();
    let mut store = K::fresh(&name).await;
    // More than one fetch brings, and enough for "10" to come before "9" if keys were texts.
    let mut expected = Vec::new();
    for batch in 0..60 {
        let records: Vec<Vec<u8>> = (0..batch % 12)
            .map(|record| format!("record {record} of batch {batch}").into_bytes())
            .collect();
        expected.extend(records.iter().cloned());
        let log = Batch {
            log: records,
            ..Batch::default()
        };
        commit(&store, log).await;
        if batch % 20 == 10 {
            store = K::reopen(store, &name).await;
        }
    }
    assert_eq!(expected.len(), 330);
    assert_eq!(store.load_log().await, Ok(expected));
}

pub async fn long_and_empty_log_records<K: Kind>() {
    let name = name();
    let store = K::fresh(&name).await;
    let records = vec![
        vec![],
        vec![7; 200_000],
        vec![1],
        vec![8; 32 * 1024],
        vec![],
    ];
    let log = records.clone();
    let batch = Batch {
        anew: false,
        log,
        ..Batch::default()
    };
    commit(&store, batch).await;
    let store = K::reopen(store, &name).await;
    assert_eq!(store.load_log().await, Ok(records));
}

pub async fn a_refused_batch_leaves_nothing<K: Kind>() {
    let store = K::fresh(&name()).await;
    let beyond = (DeviceId(0), DeviceBlock(layout::MAX_BLOCKS - 1), 2);
    let batch = Batch {
        anew: false,
        reads: vec![],
        writes: vec![write(0, 0, [1]), write(0, beyond.1.0, [2, 3])],
        log: vec![b"never".to_vec()],
    };
    assert_eq!(
        store.commit(batch).await,
        Err(StoreError::OutOfRange {
            disk: beyond.0,
            block: beyond.1,
            pages: beyond.2,
        })
    );
    assert_eq!(read_one(&store, read(0, 0, 1)).await, missing(0, 0));
    assert_eq!(store.load_log().await, Ok(vec![]));
}

pub async fn several_commits_at_once_take_effect_in_order<K: Kind>() {
    let store = K::fresh(&name()).await;
    let batch = |number: u64| Batch {
        anew: false,
        reads: vec![read(0, 0, 8)],
        writes: vec![write(0, 0, number..number + 8)],
        log: vec![vec![number as u8]],
    };
    let all = future::join_all((1..=20).map(|number| store.commit(batch(number)))).await;
    for (number, done) in (1..).zip(all) {
        let found = done.expect("it can be carried out").reads.remove(0);
        match number {
            1 => assert_eq!(found, missing(0, 0)),
            _ => assert_eq!(found, Ok(pages(number - 1..number + 7))),
        }
    }
    let expected: Vec<Vec<u8>> = (1..=20).map(|number| vec![number]).collect();
    assert_eq!(store.load_log().await, Ok(expected));
}

pub async fn everything_is_there_after_reopening<K: Kind>() {
    let name = name();
    let store = K::fresh(&name).await;
    commit(&store, writes([write(0, 0, 0..8), write(3, 70, 8..11)])).await;
    commit(&store, log(["one", "two"])).await;
    let store = K::reopen(store, &name).await;
    assert_eq!(read_one(&store, read(0, 0, 8)).await, Ok(pages(0..8)));
    assert_eq!(read_one(&store, read(3, 70, 3)).await, Ok(pages(8..11)));
    commit(&store, log(["three"])).await;
    let expected = ["one", "two", "three"].map(|text| text.into()).to_vec();
    assert_eq!(store.load_log().await, Ok(expected));
}

pub async fn clear_forgets_everything<K: Kind>() {
    let name = name();
    let store = K::fresh(&name).await;
    commit(&store, writes([write(0, 0, 0..8), write(3, 70, [8])])).await;
    commit(&store, log(["one"])).await;
    assert_eq!(store.clear().await, Ok(()));
    assert_eq!(read_one(&store, read(0, 0, 8)).await, missing(0, 0));
    assert_eq!(read_one(&store, read(3, 70, 1)).await, missing(3, 70));
    assert_eq!(store.load_log().await, Ok(vec![]));
    // And it can be used as before.
    commit(&store, log(["two"])).await;
    commit(&store, writes([write(0, 3, [9])])).await;
    let store = K::reopen(store, &name).await;
    assert_eq!(store.load_log().await, Ok(vec!["two".into()]));
    assert_eq!(read_one(&store, read(0, 3, 1)).await, Ok(pages([9])));
    assert_eq!(read_one(&store, read(0, 4, 1)).await, missing(0, 4));
}

pub async fn a_batch_can_begin_anew<K: Kind>() {
    let name = name();
    let store = K::fresh(&name).await;
    commit(&store, writes([write(0, 0, 0..8), write(3, 70, [8])])).await;
    commit(&store, log(["one", "two"])).await;
    let batch = Batch {
        anew: true,
        reads: vec![],
        writes: vec![write(0, 2, [9])],
        log: vec![b"three".to_vec()],
    };
    commit(&store, batch).await;
    let store = K::reopen(store, &name).await;
    assert_eq!(store.load_log().await, Ok(vec!["three".into()]));
    assert_eq!(read_one(&store, read(0, 2, 1)).await, Ok(pages([9])));
    assert_eq!(read_one(&store, read(0, 3, 1)).await, missing(0, 3));
    assert_eq!(read_one(&store, read(3, 70, 1)).await, missing(3, 70));
}

pub async fn a_refused_batch_does_not_begin_anew<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(0, 0, [1])])).await;
    let batch = Batch {
        anew: true,
        writes: vec![write(0, layout::MAX_BLOCKS - 1, [2, 3])],
        ..Batch::default()
    };
    assert!(store.commit(batch).await.is_err());
    assert_eq!(read_one(&store, read(0, 0, 1)).await, Ok(pages([1])));
}

pub async fn a_refusal_is_not_the_end<K: Kind>() {
    let store = K::fresh(&name()).await;
    commit(&store, writes([write(0, 0, [1])])).await;
    let beyond = writes([write(layout::MAX_DISKS, 0, [2])]);
    assert!(store.commit(beyond).await.is_err());
    assert_eq!(read_one(&store, read(0, 0, 1)).await, Ok(pages([1])));
    commit(&store, writes([write(0, 0, [3])])).await;
    assert_eq!(read_one(&store, read(0, 0, 1)).await, Ok(pages([3])));
}

pub async fn a_forgotten_page_is_refused<K: Kind>() {
    let store = K::fresh(&name()).await;
    let mut batch = writes([write(1, 4, [1, 2])]);
    batch.writes[0].data[1] = PageData::forgotten();
    batch.log.push(b"never".to_vec());
    let (disk, block) = (DeviceId(1), DeviceBlock(5));
    let refused = Err(StoreError::Forgotten { disk, block });
    assert_eq!(store.commit(batch).await, refused);
    assert_eq!(read_one(&store, read(1, 4, 1)).await, missing(1, 4));
    assert_eq!(store.load_log().await, Ok(vec![]));
}

pub async fn a_dropped_commit_is_all_or_nothing<K: Kind>() {
    let name = name();
    let store = K::fresh(&name).await;
    let batch = |number: u64| Batch {
        writes: vec![write(0, 0, number..number + 20)],
        log: vec![vec![number as u8]],
        ..Batch::default()
    };
    commit(&store, batch(1)).await;
    for number in 2..10 {
        let mut dropped = Box::pin(store.commit(batch(number)));
        let _ = futures_util::poll!(&mut dropped);
    }
    let store = K::reopen(store, &name).await;
    let log = store.load_log().await.expect("it is whole");
    assert_eq!(log.first(), Some(&vec![1]));
    assert!(log.is_sorted(), "{log:?}");
    let last = u64::from(log[log.len() - 1][0]);
    let found = read_one(&store, read(0, 0, 20)).await;
    assert_eq!(found, Ok(pages(last..last + 20)));
}

pub async fn clear_and_load_log_take_their_turn<K: Kind>() {
    let store = K::fresh(&name()).await;
    let (_, before, _, cleared, _, after) = future::join(
        future::join3(
            store.commit(log(["one"])),
            store.load_log(),
            store.commit(writes([write(0, 0, [1])])),
        ),
        future::join3(store.clear(), store.commit(log(["two"])), store.load_log()),
    )
    .map(|((a, b, c), (d, e, f))| (a, b, c, d, e, f))
    .await;
    assert_eq!(before, Ok(vec!["one".into()]));
    assert_eq!(cleared, Ok(()));
    assert_eq!(after, Ok(vec!["two".into()]));
    assert_eq!(read_one(&store, read(0, 0, 1)).await, missing(0, 0));
}

/// The store as one would write it down on paper.
#[derive(Default)]
struct Model {
    pages: BTreeMap<(u32, u32), PageData>,
    log: Vec<Vec<u8>>,
}

impl Model {
    fn read(&self, read: &ReadRequest) -> Result<Vec<PageData>, ReadError> {
        let (disk, first) = (read.disk.0, read.block.0);
        let page = |block| match self.pages.get(&(disk, block)) {
            Some(page) => Ok(page.clone()),
            None => missing(disk, block),
        };
        (first..first + read.pages).map(page).collect()
    }

    /// What the reads of a batch find. Changes the model.
    fn commit(&mut self, batch: &Batch) -> Vec<Result<Vec<PageData>, ReadError>> {
        let found = batch.reads.iter().map(|read| self.read(read)).collect();
        for write in &batch.writes {
            let places = (write.block.0..).map(|block| (write.disk.0, block));
            self.pages.extend(places.zip(write.data.iter().cloned()));
        }
        self.log.extend(batch.log.iter().cloned());
        found
    }
}

pub async fn random_operations_agree_with_a_plain_model<K: Kind>() {
    for seed in [1, 2, 3] {
        let mut random = Random::new(seed);
        let mut model = Model::default();
        let name = name();
        let mut store = K::fresh(&name).await;
        for step in 0..120 {
            let batch = random_batch(&mut random);
            let expected = model.commit(&batch);
            let done = store.commit(batch).await;
            let done = done.expect("it can be carried out");
            assert_eq!(done.reads, expected, "seed {seed}, step {step}");
            match random.below(60) {
                0 => {
                    assert_eq!(store.clear().await, Ok(()));
                    model = Model::default();
                }
                1..4 => store = K::reopen(store, &name).await,
                4 => assert_eq!(store.load_log().await, Ok(model.log.clone())),
                _ => {}
            }
        }
        assert_eq!(store.load_log().await, Ok(model.log.clone()));
        for (&(disk, block), page) in &model.pages {
            let found = read_one(&store, read(disk, block, 1)).await;
            assert_eq!(found, Ok(vec![page.clone()]), "seed {seed}, at the end");
        }
    }
}

/// A batch on a few blocks of a few disks.
pub fn random_batch(random: &mut Random) -> Batch {
    let mut batch = Batch::default();
    for _ in 0..random.below(4) {
        let (disk, block, count) = random_place(random);
        batch.reads.push(read(disk, block, count));
    }
    for _ in 0..random.below(4) {
        let (disk, block, count) = random_place(random);
        let first = random.draw() >> 8;
        batch
            .writes
            .push(write(disk, block, first..first + u64::from(count)));
    }
    for _ in 0..random.below(3) {
        batch
            .log
            .push(vec![random.draw() as u8; random.below(50) as usize]);
    }
    batch
}

fn random_place(random: &mut Random) -> (u32, u32, u32) {
    let disk = random.below(3);
    // Whole aligned groups and clusters often, as the pager makes them; anything else as well.
    match random.below(3) {
        0 => (disk, random.below(6) * 8, 8),
        1 => (disk, random.below(5) * 8, 16),
        _ => (disk, random.below(40), 1 + random.below(20)),
    }
}
