//! Tests of the layout: natively, and as wasm.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::collections::BTreeMap;

use super::*;

fn page(fill: u8) -> PageData {
    PageData::new([fill; PAGE_SIZE])
}

fn first_byte(page: &PageData) -> u8 {
    page.bytes().expect("it was just read")[0]
}

fn write(disk: u32, block: u32, fills: &[u8]) -> WriteRequest {
    WriteRequest {
        disk: DeviceId(disk),
        block: DeviceBlock(block),
        data: fills.iter().copied().map(page).collect(),
    }
}

fn read(disk: u32, block: u32, pages: u32) -> ReadRequest {
    ReadRequest {
        disk: DeviceId(disk),
        block: DeviceBlock(block),
        pages,
    }
}

/// The two stores of pages, as plain maps.
#[derive(Default)]
struct Stores {
    groups: BTreeMap<u64, Vec<u8>>,
    pages: BTreeMap<u64, Vec<u8>>,
}

impl Stores {
    fn with(writes: &[WriteRequest]) -> Stores {
        let mut stores = Stores::default();
        stores.write(writes);
        stores
    }

    fn write(&mut self, writes: &[WriteRequest]) {
        let plan = WritePlan::new(writes);
        let put = |record: Record| (record.key, bytes(&record));
        self.groups.extend(plan.groups.into_iter().map(put));
        for covered in plan.covered {
            self.pages.retain(|key, _| !covered.contains(key));
        }
        self.pages.extend(plan.pages.into_iter().map(put));
    }

    /// What a read finds: the first byte of each page.
    fn read(&self, read: ReadRequest) -> Result<Vec<u8>, ReadError> {
        let plan = ReadPlan::new(&read).expect("the read is for some pages");
        let within = |records: &BTreeMap<u64, Vec<u8>>, keys: &RangeInclusive<u64>| -> Records {
            let found = records.range(keys.clone());
            found.map(|(key, value)| (*key, value.clone())).collect()
        };
        let groups = within(&self.groups, &plan.groups);
        let pages = within(&self.pages, &plan.pages);
        let pages = plan.assemble(&groups, &pages)?;
        Ok(pages.iter().map(first_byte).collect())
    }
}

fn bytes(record: &Record) -> Vec<u8> {
    let mut bytes = vec![7];
    record.encode(&mut bytes);
    bytes
}

fn keys(records: &[Record]) -> Vec<u64> {
    records.iter().map(|record| record.key).collect()
}

#[test]
fn keys_are_exact_and_apart() {
    let last = DeviceBlock(MAX_BLOCKS - 1);
    assert_eq!(page_key(DeviceId(0), DeviceBlock(0)), 0);
    assert_eq!(
        page_key(DeviceId(0), last) + 1,
        page_key(DeviceId(1), DeviceBlock(0))
    );
    assert_eq!(
        group_key(DeviceId(0), last) + 1,
        group_key(DeviceId(1), DeviceBlock(0))
    );
    let largest = page_key(DeviceId(MAX_DISKS - 1), last);
    assert_eq!(place(largest), (DeviceId(MAX_DISKS - 1), last));
    assert_eq!(largest as f64 as u64, largest);
    assert!(largest < 1 << 53);
}

#[test]
fn requests_beyond_the_limits_are_refused() {
    let reads = |read| Batch {
        reads: vec![read],
        ..Batch::default()
    };
    assert_eq!(check_batch(&reads(read(0, MAX_BLOCKS - 1, 1))), Ok(()));
    assert_eq!(check_batch(&reads(read(MAX_DISKS - 1, 0, 1))), Ok(()));
    for (disk, block, pages) in [
        (0, MAX_BLOCKS - 1, 2),
        (0, u32::MAX, u32::MAX),
        (MAX_DISKS, 0, 1),
    ] {
        assert_eq!(
            check_batch(&reads(read(disk, block, pages))),
            Err(StoreError::OutOfRange {
                disk: DeviceId(disk),
                block: DeviceBlock(block),
                pages,
            })
        );
    }
    let writes = Batch {
        writes: vec![write(0, MAX_BLOCKS - 1, &[1, 2])],
        ..Batch::default()
    };
    assert!(check_batch(&writes).is_err());
}

#[test]
fn what_is_forgotten_is_not_written() {
    let mut write = write(0, 8, &[1, 2]);
    write.data[1] = PageData::forgotten();
    let batch = Batch {
        writes: vec![write],
        ..Batch::default()
    };
    assert_eq!(
        check_batch(&batch),
        Err(StoreError::Forgotten {
            disk: DeviceId(0),
            block: DeviceBlock(9),
        })
    );
}

#[test]
fn whole_groups_and_single_pages() {
    // Blocks 6 to 25: two pages, two groups, two pages.
    let fills: Vec<u8> = (6..26).collect();
    let writes = [write(0, 6, &fills)];
    let plan = WritePlan::new(&writes);
    assert_eq!(keys(&plan.groups), [1, 2]);
    assert_eq!(keys(&plan.pages), [6, 7, 24, 25]);
    // One range for groups that are neighbours.
    assert_eq!(plan.covered, [8..=23]);
    assert_eq!(bytes(&plan.groups[0]).len(), 8 * 4096 + 8 * 4);
    assert_eq!(bytes(&plan.pages[0]).len(), 4096 + 4);
}

#[test]
fn requests_fill_a_group_together() {
    let writes = [
        write(0, 4, &[4, 5, 6, 7]),
        write(0, 0, &[0, 1, 2, 3]),
        write(0, 24, &[0; 8]),
    ];
    let plan = WritePlan::new(&writes);
    assert_eq!(keys(&plan.groups), [0, 3]);
    assert_eq!(plan.covered, [0..=7, 24..=31]);
    assert_eq!(plan.pages, []);
}

#[test]
fn the_later_write_counts() {
    let stores = Stores::with(&[write(0, 0, &[1; 8]), write(0, 2, &[2, 2])]);
    assert_eq!(stores.read(read(0, 0, 8)), Ok(vec![1, 1, 2, 2, 1, 1, 1, 1]));
    assert!(stores.pages.is_empty());
}

#[test]
fn overlay_lies_over_the_group_until_it_is_covered() {
    let mut stores = Stores::with(&[write(0, 0, &[1; 16])]);
    stores.write(&[write(0, 7, &[2, 2])]);
    assert_eq!(stores.read(read(0, 6, 4)), Ok(vec![1, 2, 2, 1]));
    stores.write(&[write(0, 0, &[3; 8])]);
    assert_eq!(stores.read(read(0, 6, 4)), Ok(vec![3, 3, 2, 1]));
    assert_eq!(stores.pages.into_keys().collect::<Vec<_>>(), [8]);
}

#[test]
fn a_read_of_nothing_has_no_plan() {
    assert_eq!(ReadPlan::new(&read(0, 5, 0)), None);
}

#[test]
fn the_first_bad_block_is_told() {
    let mut stores = Stores::with(&[write(3, 0, &[1; 9])]);
    let disk = DeviceId(3);
    assert_eq!(
        stores.read(read(3, 7, 4)),
        Err(ReadError::Missing {
            disk,
            block: DeviceBlock(9)
        })
    );
    let group = group_key(disk, DeviceBlock(0));
    stores.groups.get_mut(&group).expect("it was put")[5 * PAGE_SIZE + 17] ^= 1;
    assert_eq!(stores.read(read(3, 0, 5)), Ok(vec![1; 5]));
    assert_eq!(
        stores.read(read(3, 0, 9)),
        Err(ReadError::Checksum {
            disk,
            block: DeviceBlock(5)
        })
    );
    stores.groups.get_mut(&group).expect("it was put").pop();
    assert_eq!(
        stores.read(read(3, 2, 1)),
        Err(ReadError::Damaged {
            disk,
            block: DeviceBlock(2),
            what: "its record has 32799 bytes instead of 32800".into()
        })
    );
}

#[test]
fn every_changed_bit_is_found() {
    let whole = Stores::with(&[write(1, 9, &[7])]);
    let (key, record) = whole.pages.first_key_value().expect("it was put");
    for bit in (0..record.len() * 8).step_by(61) {
        let mut changed = record.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let stores = Stores {
            pages: [(*key, changed)].into(),
            ..Stores::default()
        };
        assert_eq!(
            stores.read(read(1, 9, 1)),
            Err(ReadError::Checksum {
                disk: DeviceId(1),
                block: DeviceBlock(9)
            })
        );
    }
}

#[test]
fn a_good_record_in_the_wrong_place_is_found() {
    let mut stores = Stores::with(&[write(0, 3, &[7]), write(0, 8, &[8; 8])]);
    let [page_here, page_there] =
        [(0, 3), (1, 3)].map(|(d, b)| page_key(DeviceId(d), DeviceBlock(b)));
    let [group_here, group_there] =
        [(0, 8), (0, 16)].map(|(d, b)| group_key(DeviceId(d), DeviceBlock(b)));
    let moved = stores.pages.remove(&page_here).expect("it was put");
    stores.pages.insert(page_there, moved);
    let moved = stores.groups.remove(&group_here).expect("it was put");
    stores.groups.insert(group_there, moved);
    for (disk, block) in [(1, 3), (0, 16), (0, 23)] {
        assert_eq!(
            stores.read(read(disk, block, 1)),
            Err(ReadError::Checksum {
                disk: DeviceId(disk),
                block: DeviceBlock(block)
            })
        );
    }
}

/// What was stored once must stay readable: bytes of format 1, made with Python's `zlib.crc32`.
#[test]
fn format_1_stays_as_it_is() {
    let writes = [write(2, 5, &[0xa5])];
    let plan = WritePlan::new(&writes);
    assert_eq!(plan.pages[0].key, 2 * 67_108_864 + 5);
    assert_eq!(bytes(&plan.pages[0])[4096..], PYTHON_PAGE);
    let writes = [write(2, 8, &[0xa5; 8])];
    let plan = WritePlan::new(&writes);
    assert_eq!(plan.groups[0].key, 2 * 8_388_608 + 1);
    assert_eq!(bytes(&plan.groups[0])[32768 + 28..], PYTHON_GROUP);
}

const PYTHON_PAGE: [u8; 4] = [63, 242, 17, 252];
const PYTHON_GROUP: [u8; 4] = [242, 226, 21, 70];
