//! The bugs of the original, and what mends them.

use swap_pager::pager::{Dealloc, Fixes, Pager, PagerConfig, Reserve, Step, Strategy, StrategyCmd};
use swap_pager::units::{DMMAX, DeviceId, ObjectId, PageIndex};
use swap_pager::{EventQueue, KernelPanic, PageData, Policy};

const USABLE: u32 = 4096 - 32;

fn pager(fixes: Fixes) -> (Pager<EventQueue>, ObjectId) {
    let config = PagerConfig {
        nswdev: 1,
        nswbuf: 32,
        page_count: 1024,
        zone_room: 2048,
        lowat: 128,
        hiwat: 512,
        stripe: DMMAX,
        policy: Policy::FirstFit,
        fixes,
    };
    let mut pager = Pager::new(config, EventQueue::new());
    pager
        .swapon(DeviceId(0), 4096 * 8)
        .expect("the slot is empty");
    let object = pager.alloc(None, 64 * 4096, 0).object;
    (pager, object)
}

/// Runs an operation to its end; transfers succeed, the oldest first.
fn finish<T>(
    pager: &mut Pager<EventQueue>,
    mut run: impl FnMut(&mut Pager<EventQueue>) -> Step<T>,
) -> T {
    loop {
        if let Step::Done(done) = run(pager) {
            return done;
        }
        let oldest = pager
            .in_flight()
            .first()
            .expect("else it would sleep for ever")
            .io;
        pager
            .complete(oldest, Ok(Vec::new()))
            .expect("it is in flight");
    }
}

fn write(pager: &mut Pager<EventQueue>, object: ObjectId, page: u32) {
    let data = vec![PageData::zero()];
    let mut write = Strategy::new(object, StrategyCmd::Write, PageIndex(page), 4096, data);
    assert_eq!(finish(pager, |pager| write.run(pager)).error, None);
}

fn reserve_33(fixes: Fixes) -> (bool, u32) {
    let (mut pager, object) = pager(fixes);
    write(&mut pager, object, 40);
    let mut reserve = Reserve::new(object, PageIndex(0), 33);
    assert_eq!(finish(&mut pager, |pager| reserve.run(pager)), Ok(()));
    let page_40 = pager.haspage(object, PageIndex(40)).has;
    let mut dealloc = Dealloc::new(object);
    finish(&mut pager, |pager| dealloc.run(pager)).expect("there is nothing far away");
    (page_40, pager.space.free_pages())
}

#[test]
fn reserve_leaks_its_tail_and_frees_swap_behind_the_range() {
    assert_eq!(reserve_33(Fixes::default()), (false, USABLE - 31));
}

#[test]
fn mended_reserve_gives_its_tail_back_and_touches_nothing_else() {
    let fixes = Fixes {
        reserve_tail: true,
        ..Fixes::default()
    };
    assert_eq!(reserve_33(fixes), (true, USABLE));
}

fn let_go_with_far_metadata(fixes: Fixes) -> (Result<u32, KernelPanic>, u32) {
    let (mut pager, object) = pager(fixes);
    write(&mut pager, object, 7);
    write(&mut pager, object, 0x2000_0020);
    let mut dealloc = Dealloc::new(object);
    let done = finish(&mut pager, |pager| dealloc.run(pager));
    (done.map(|done| done.ref_count), pager.space.free_pages())
}

#[test]
fn far_metadata_is_a_panic_of_the_original_and_here_an_error() {
    let panic = KernelPanic::MetaFreeAllNotFound;
    assert_eq!(
        let_go_with_far_metadata(Fixes::default()),
        (Err(panic), USABLE - 1)
    );
}

#[test]
fn mended_far_metadata_is_freed() {
    let fixes = Fixes {
        far_metadata: true,
        ..Fixes::default()
    };
    assert_eq!(let_go_with_far_metadata(fixes), (Ok(0), USABLE));
}
