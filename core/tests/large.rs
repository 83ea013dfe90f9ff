//! A swap space of a million blocks.

use swap_pager::pager::{Dealloc, Fixes, Pager, PagerConfig, Reserve, Step};
use swap_pager::units::{DMMAX, DeviceId, PageIndex, SECTORS_PER_PAGE};
use swap_pager::{NoEvents, Policy};

const DEVICE_PAGES: u32 = 262_144;
const OBJECTS: u32 = 16;

/// A multiple of 32, so that reserve has no tail.
const OBJECT_PAGES: u32 = 65_504;

#[test]
fn a_million_pages_are_mapped_and_let_go_of() {
    let config = PagerConfig {
        nswdev: 4,
        nswbuf: 64,
        page_count: DEVICE_PAGES,
        zone_room: u32::MAX,
        lowat: 128,
        hiwat: 512,
        stripe: DMMAX,
        policy: Policy::FirstFit,
        fixes: Fixes::default(),
    };
    let mut pager = Pager::new(config, NoEvents);
    for device in 0..4 {
        let on = pager.swapon(DeviceId(device), DEVICE_PAGES * SECTORS_PER_PAGE);
        assert_eq!(on.map(|on| on.nswap), Ok(4 * DEVICE_PAGES));
    }
    let usable = 4 * (DEVICE_PAGES - 32);
    let objects: Vec<_> = (0..OBJECTS)
        .map(|_| pager.alloc(None, u64::from(OBJECT_PAGES) * 4096, 0).object)
        .collect();
    for &object in &objects {
        let mut reserve = Reserve::new(object, PageIndex(0), OBJECT_PAGES);
        assert_eq!(reserve.run(&mut pager), Step::Done(Ok(())));
    }
    assert_eq!(pager.meta.mapped(), OBJECTS * OBJECT_PAGES);
    assert!(pager.meta.mapped() > 1_000_000);
    assert_eq!(pager.space.free_pages(), usable - OBJECTS * OBJECT_PAGES);
    let last = pager.haspage(objects[15], PageIndex(OBJECT_PAGES - 1));
    assert_eq!((last.has, last.before, last.after), (true, 7, 0));

    for &object in &objects {
        let mut dealloc = Dealloc::new(object);
        assert!(matches!(dealloc.run(&mut pager), Step::Done(Ok(_))));
    }
    assert_eq!((pager.meta.mapped(), pager.space.free_pages()), (0, usable));
}
