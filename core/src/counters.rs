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
