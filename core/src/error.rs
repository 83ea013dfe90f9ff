//! What can go wrong, with the value that was wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The error numbers of the kernel that the pager knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Errno {
    /// 5: the transfer failed.
    Eio,
    /// 6: no such device, or one of no use.
    Enxio,
    /// 12: no room.
    Enomem,
    /// 16: in use already.
    Ebusy,
    /// 19: no device in that slot.
    Enodev,
    /// 22: not possible as asked.
    Einval,
}

impl Errno {
    /// The number, as kernel messages print it.
    pub fn number(self) -> i32 {
        match self {
            Self::Eio => 5,
            Self::Enxio => 6,
            Self::Enomem => 12,
            Self::Ebusy => 16,
            Self::Enodev => 19,
            Self::Einval => 22,
        }
    }

    /// The name, as in errno.h.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eio => "EIO",
            Self::Enxio => "ENXIO",
            Self::Enomem => "ENOMEM",
            Self::Ebusy => "EBUSY",
            Self::Enodev => "ENODEV",
            Self::Einval => "EINVAL",
        }
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for Errno {}

/// Where the kernel would panic. Here the operation ends with this error and all else goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum KernelPanic {
    /// `swp_pager_meta_free_all` looked at every page index up to 0x20000000 and some metadata
    /// was still missing (line 1935).
    MetaFreeAllNotFound,
}

impl fmt::Display for KernelPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MetaFreeAllNotFound => {
                f.write_str("swp_pager_meta_free_all: failed to locate all swap meta blocks")
            }
        }
    }
}

impl std::error::Error for KernelPanic {}
