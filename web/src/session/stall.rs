//! A store that refuses is no failure of the machine: what was to be stored waits, in flight, until
//! a person says how to go on.

use crate::disk::StoreError;

/// Milliseconds before a batch that the browser took back is tried again. Each is longer than the
/// one before: what stood in its way may need its time.
const PAUSES: [u32; 3] = [100, 400, 1_600];

/// A store that refuses, and what waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stall {
    /// Why.
    pub error: StoreError,
    /// Bytes that were to be stored.
    pub needed: u64,
    /// Whether it was not even tried, since too little room would be left. The log still finds
    /// room then.
    pub held_back: bool,
    /// Transfers that wait.
    pub transfers: usize,
    /// Whether all of the store was to be changed at once.
    pub whole: bool,
}

/// A way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The same once more.
    TryAgain,
    /// Open the disks again, and store in them what they lack.
    Reopen,
    /// The whole session goes on with disks in memory.
    Memory,
    /// The transfers fail, or the disks stay as they are.
    Fail,
}

impl Stall {
    /// Whether the disks have to be opened again before anything can be stored.
    pub fn is_cut_off(&self) -> bool {
        !matches!(
            self.error,
            StoreError::Quota
                | StoreError::Aborted { .. }
                | StoreError::OutOfRange { .. }
                | StoreError::Forgotten { .. }
        )
    }

    /// What can be done, the most promising first.
    pub fn ways(&self) -> impl Iterator<Item = Way> {
        let first = match self.is_cut_off() {
            true => Way::Reopen,
            false => Way::TryAgain,
        };
        let fail = (self.transfers > 0 || self.whole).then_some(Way::Fail);
        [first, Way::Memory].into_iter().chain(fail)
    }
}

/// How often a batch was taken back in a row.
#[derive(Debug, Default)]
pub struct Patience(usize);

impl Patience {
    /// The pause before the next attempt; `None` if there is to be none.
    pub fn pause(&mut self, error: &StoreError) -> Option<u32> {
        let StoreError::Aborted { .. } = error else {
            return None;
        };
        let pause = PAUSES.get(self.0).copied();
        self.0 += 1;
        pause
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::disk::Closed;

    fn stall(error: StoreError, transfers: usize, whole: bool) -> Stall {
        Stall {
            error,
            needed: 0,
            held_back: false,
            transfers,
            whole,
        }
    }

    #[test]
    fn what_helps_depends_on_the_refusal() {
        let ways = |stall: Stall| stall.ways().collect::<Vec<_>>();
        assert_eq!(
            ways(stall(StoreError::Quota, 4, false)),
            [Way::TryAgain, Way::Memory, Way::Fail]
        );
        // Without a connection there is nothing to try.
        for error in [
            StoreError::Gone(Closed::ByTheBrowser),
            StoreError::Gone(Closed::ByAnotherTab),
            StoreError::Blocked,
        ] {
            let stall = stall(error, 0, false);
            assert!(stall.is_cut_off());
            // There is no transfer that could fail.
            assert_eq!(ways(stall), [Way::Reopen, Way::Memory]);
        }
        assert_eq!(ways(stall(StoreError::Quota, 0, true)).len(), 3);
    }

    #[test]
    fn only_what_was_taken_back_is_tried_again_and_not_for_ever() {
        let aborted = StoreError::Aborted {
            name: "AbortError".into(),
            message: String::new(),
        };
        let mut patience = Patience::default();
        assert_eq!(patience.pause(&StoreError::Quota), None);
        let pauses: Vec<_> = std::iter::from_fn(|| patience.pause(&aborted)).collect();
        assert_eq!(pauses, PAUSES);
        assert!(pauses.is_sorted());
        assert_eq!(patience.pause(&aborted), None);
        assert!(Patience::default().pause(&aborted).is_some());
    }
}
