//! The bytes of a page, shared until they are written to.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::units::PAGE_SIZE;

/// The 4,096 bytes of a page. A clone shares them; writing makes a copy of its own first.
#[derive(Clone, PartialEq, Eq)]
pub struct PageData(Arc<[u8; PAGE_SIZE]>);

static ZERO: LazyLock<PageData> = LazyLock::new(|| PageData(Arc::new([0; PAGE_SIZE])));

impl PageData {
    /// A page of zeros. All of them share one copy.
    pub fn zero() -> PageData {
        ZERO.clone()
    }

    /// A page with these bytes.
    pub fn new(bytes: [u8; PAGE_SIZE]) -> PageData {
        PageData(Arc::new(bytes))
    }

    /// A page with the bytes of `slice`, or `None` if it isn't exactly one page long.
    pub fn from_slice(slice: &[u8]) -> Option<PageData> {
        Some(PageData(Arc::new(slice.try_into().ok()?)))
    }

    /// The bytes, to read.
    pub fn as_bytes(&self) -> &[u8; PAGE_SIZE] {
        &self.0
    }

    /// The bytes, to write: copied first if another page shares them.
    pub fn make_mut(&mut self) -> &mut [u8; PAGE_SIZE] {
        Arc::make_mut(&mut self.0)
    }
}

impl fmt::Debug for PageData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = String::from_utf8_lossy(&self.0[..16]);
        write!(f, "PageData({shown:?}…)")
    }
}
