//! What can go wrong with the disks, in words for the person in front of them.

use std::error::Error;
use std::fmt;

use swap_pager::units::{DeviceBlock, DeviceId};

/// Why a block can't be read. To the pager this is an I/O error of the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing was ever written there.
    Missing {
        /// The disk.
        disk: DeviceId,
        /// The block.
        block: DeviceBlock,
    },
    /// The bytes are not those that were written to this place.
    Checksum {
        /// The disk.
        disk: DeviceId,
        /// The block.
        block: DeviceBlock,
    },
    /// The stored record isn't one of ours, or the browser can't read it.
    Damaged {
        /// The disk.
        disk: DeviceId,
        /// The block.
        block: DeviceBlock,
        /// What is wrong with the record.
        what: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Missing { disk, block } => {
                write!(f, "Block {block} of {disk} was never written.")
            }
            ReadError::Checksum { disk, block } => write!(
                f,
                "Block {block} of {disk} has changed since it was written: its checksum doesn't \
                 match."
            ),
            ReadError::Damaged { disk, block, what } => {
                write!(f, "Block {block} of {disk} is damaged: {what}.")
            }
        }
    }
}

impl Error for ReadError {}

/// Who closed the database while it was in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Another tab wants to delete or upgrade the database, and we made room for it.
    ByAnotherTab,
    /// Another tab opened the disks after us, and has them now.
    TakenOver,
    /// The browser did, most often because the data of the site was deleted.
    ByTheBrowser,
}

/// Why the store as a whole refused.
///
/// The texts are sentences for the person at the screen: what is wrong, then what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The browser has no room left for this site.
    Quota,
    /// The browser doesn't let this page store anything.
    Denied {
        /// The browser's own words.
        reason: String,
    },
    /// The browser took a transaction back. Nothing of the batch is stored.
    Aborted {
        /// The name of the browser's error, such as `AbortError`.
        name: String,
        /// The browser's own words.
        message: String,
    },
    /// The connection to the database is closed.
    Gone(Closed),
    /// A newer version of the playground wrote these disks.
    NewerFormat {
        /// The version of the format that is stored.
        found: u32,
        /// The latest version known here.
        known: u32,
    },
    /// Another tab has an older version of the database open and doesn't let go.
    Blocked,
    /// The database isn't one of ours.
    Foreign {
        /// What is wrong with it.
        what: String,
    },
    /// The log can't be read in full.
    LogDamaged {
        /// The number of the first bad record in the store, counted from 1.
        record: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A request beyond the largest disk, or for a disk with too high a number.
    OutOfRange {
        /// The disk.
        disk: DeviceId,
        /// The first block of the request.
        block: DeviceBlock,
        /// Its length in pages.
        pages: u32,
    },
    /// A write of a page whose contents are no longer known.
    Forgotten {
        /// The disk.
        disk: DeviceId,
        /// The block.
        block: DeviceBlock,
    },
}

impl StoreError {
    /// The error for what the browser says of a transaction.
    pub(super) fn of_transaction(name: &str, message: &str) -> StoreError {
        match name {
            "QuotaExceededError" => StoreError::Quota,
            _ => StoreError::Aborted {
                name: name.into(),
                message: message.into(),
            },
        }
    }

    /// The error for what the browser says when the database is opened or deleted.
    ///
    /// A sandboxed frame gets a SecurityError. Storage that is blocked by a setting is an
    /// UnknownError in Chromium and an InvalidStateError in Firefox.
    pub(super) fn of_opening(name: &str, message: &str) -> StoreError {
        match name {
            "SecurityError" | "UnknownError" | "InvalidStateError" => StoreError::Denied {
                // It ends up inside a sentence.
                reason: format!("{name}: {}", message.trim_end_matches('.')),
            },
            _ => StoreError::of_transaction(name, message),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Quota => write!(
                f,
                "There is no room left: the browser lets this site store no more. Free some \
                 space, or delete the stored session and start with smaller disks."
            ),
            StoreError::Denied { reason } => write!(
                f,
                "The browser doesn't let this page store anything ({reason}). Go on with disks \
                 in memory, which are gone when the page is closed, or open the page in a tab \
                 of its own with site data allowed."
            ),
            StoreError::Aborted { name, message } => {
                write!(f, "The browser took back what was to be stored ({name}")?;
                if !message.is_empty() {
                    write!(f, ": {message}")?;
                }
                write!(
                    f,
                    "). Nothing of it was kept, so it is safe to try it again."
                )
            }
            StoreError::Gone(Closed::ByAnotherTab) => write!(
                f,
                "The disks are closed, because another tab deletes or upgrades them."
            ),
            StoreError::Gone(Closed::TakenOver) => write!(
                f,
                "Another tab has the disks now. Take them back, or go on with disks in memory."
            ),
            StoreError::Gone(Closed::ByTheBrowser) => write!(
                f,
                "The browser closed the disks. Perhaps the data of this site was deleted."
            ),
            StoreError::NewerFormat { found, known } => write!(
                f,
                "A newer version of the playground wrote these disks: their format is {found}, \
                 and this version knows formats up to {known}. They are left as they are: reload the \
                 page to get the newer version, export the stored data, or go on with disks in \
                 memory."
            ),
            StoreError::Blocked => write!(
                f,
                "Another tab still uses the disks. Close the other tabs with the playground and \
                 try again."
            ),
            StoreError::Foreign { what } => write!(
                f,
                "The stored disks can't be opened: {what}. Go on with disks in memory, or delete \
                 the stored session."
            ),
            StoreError::LogDamaged { record, what } => write!(
                f,
                "The stored session can't be read: record {record} of its log {what}. Delete the \
                 stored session to start anew."
            ),
            StoreError::OutOfRange { disk, block, pages } => write!(
                f,
                "The request for {pages} pages at block {block} of {disk} lies beyond the \
                 largest disk. Use smaller disks."
            ),
            StoreError::Forgotten { disk, block } => write!(
                f,
                "Nothing is known of what was to be written to block {block} of {disk}, so nothing \
                 was. Go back to the present and try again."
            ),
        }
    }
}

impl Error for StoreError {}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_the_browser_says_is_sorted() {
        let aborted = |name: &str| StoreError::Aborted {
            name: name.into(),
            message: "m".into(),
        };
        let cases = [
            (
                StoreError::of_transaction("QuotaExceededError", "m"),
                StoreError::Quota,
            ),
            (
                StoreError::of_transaction("UnknownError", "m"),
                aborted("UnknownError"),
            ),
            (
                StoreError::of_opening("QuotaExceededError", "m"),
                StoreError::Quota,
            ),
            (
                StoreError::of_opening("AbortError", "m"),
                aborted("AbortError"),
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
        for name in ["SecurityError", "UnknownError", "InvalidStateError"] {
            let reason = format!("{name}: m");
            assert_eq!(
                StoreError::of_opening(name, "m"),
                StoreError::Denied { reason }
            );
        }
    }

    #[test]
    fn texts_are_sentences() {
        let aborted = |message: &str| StoreError::Aborted {
            name: "AbortError".into(),
            message: message.into(),
        };
        assert_eq!(
            aborted("").to_string(),
            "The browser took back what was to be stored (AbortError). Nothing of it was kept, \
             so it is safe to try it again."
        );
        assert!(aborted("why").to_string().contains("(AbortError: why)"));
        let (disk, block) = (DeviceId(2), DeviceBlock(70));
        assert_eq!(
            ReadError::Checksum { disk, block }.to_string(),
            "Block 70 of disk 2 has changed since it was written: its checksum doesn't match."
        );
    }
}
