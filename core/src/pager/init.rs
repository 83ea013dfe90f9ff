//! Sizes settled when the machine starts (`swap_pager_swap_init`, line 287).

/// What the metadata zone came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Metadata blocks it was to have: two for each page of memory.
    pub wanted: u32,
    /// Metadata blocks it has.
    pub limit: u32,
}

impl Zone {
    /// The zone for a machine of so many pages whose kernel has room for so many metadata
    /// blocks. If there is no room for all, a third fewer are tried, again and again (lines 329
    /// to 352). Without room for even one the kernel panics; here there is room for one.
    pub fn new(page_count: u32, room: u32) -> Zone {
        let wanted = page_count.saturating_mul(2).max(1);
        let mut limit = wanted;
        while limit > room.max(1) {
            limit -= limit.saturating_add(2) / 3;
        }
        Zone {
            wanted,
            limit: limit.max(1),
        }
    }

    /// What the kernel prints if it had to make do with less.
    pub fn message(self) -> Option<String> {
        let Zone { wanted, limit } = self;
        let text = || format!("Swap zone entries reduced from {wanted} to {limit}.");
        (limit < wanted).then(text)
    }

    /// Chains of the metadata hash: the first power of two that is no smaller than an eighth of
    /// the zone (lines 364 to 369).
    pub fn chains(self) -> u32 {
        (self.limit / 8).max(1).next_power_of_two()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_that_does_not_fit_shrinks_by_thirds() {
        let zone = Zone::new(1_000, 2_000);
        assert_eq!(
            (zone.limit, zone.chains(), zone.message()),
            (2_000, 256, None)
        );
        // 2000, less 667, less 445.
        let zone = Zone::new(1_000, 1_000);
        assert_eq!((zone.limit, zone.chains()), (888, 128));
        let message = "Swap zone entries reduced from 2000 to 888.";
        assert_eq!(zone.message().as_deref(), Some(message));
        assert_eq!(Zone::new(1_000, 0).limit, 1);
        assert_eq!(Zone::new(0, 0).limit, 1);
    }
}
