//! The statistics of paging (`struct vmmeter`).

use serde::{Deserialize, Serialize};

/// Counts since the machine started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Page-ins from swap (`v_swapin`).
    pub v_swapin: u64,
    /// Pages paged in (`v_swappgsin`).
    pub v_swappgsin: u64,
    /// Page-outs to swap (`v_swapout`).
    pub v_swapout: u64,
    /// Pages paged out (`v_swappgsout`).
    pub v_swappgsout: u64,
    /// Times a page-in had to be waited for (`v_intrans`).
    pub v_intrans: u64,
    /// Page faults (`v_vm_faults`).
    pub v_vm_faults: u64,
    /// Pages copied because they were shared and written to (`v_cow_faults`).
    pub v_cow_faults: u64,
    /// Pages filled with zeros because they had never been written (`v_zfod`).
    pub v_zfod: u64,
}

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Count {
    /// A page-in from swap, of so many pages.
    PageIn(u32),
    /// A page-out to swap, of so many pages.
    PageOut(u32),
    /// A wait for a page-in.
    InTransit,
    /// A page fault.
    Fault,
    /// A page copied because it was shared and written to.
    Copied,
    /// A page filled with zeros because it had never been written.
    ZeroFilled,
}

impl Counters {
    /// Counts it.
    pub fn add(&mut self, count: Count) {
        self.change(count, u64::wrapping_add);
    }

    /// Takes back what was counted.
    pub fn take_back(&mut self, count: Count) {
        self.change(count, u64::wrapping_sub);
    }

    #[inline]
    fn change(&mut self, count: Count, by: fn(u64, u64) -> u64) {
        let change = |counter: &mut u64, n| *counter = by(*counter, n);
        match count {
            Count::PageIn(pages) => {
                change(&mut self.v_swapin, 1);
                change(&mut self.v_swappgsin, u64::from(pages));
            }
            Count::PageOut(pages) => {
                change(&mut self.v_swapout, 1);
                change(&mut self.v_swappgsout, u64::from(pages));
            }
            Count::InTransit => change(&mut self.v_intrans, 1),
            Count::Fault => change(&mut self.v_vm_faults, 1),
            Count::Copied => change(&mut self.v_cow_faults, 1),
            Count::ZeroFilled => change(&mut self.v_zfod, 1),
        }
    }
}
