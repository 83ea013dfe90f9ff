//! What events carry.

use serde::Serialize;

use crate::PageData;
use crate::blist::{BMAP_RADIX, META_RADIX, Node};
use crate::buf::BufId;
use crate::page::{Page, PageState};
use crate::units::{DeviceBlock, DeviceId, IoId, ObjectId, PageIndex, SlotId, SwapBlock};

/// The direction of a transfer (`b_iocmd`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IoCmd {
    /// From the device to memory (`BIO_READ`).
    Read,
    /// From memory to the device (`BIO_WRITE`).
    Write,
}

/// A transfer on its way to or from a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// Its number.
    pub io: IoId,
    /// The buffer it uses.
    pub buf: BufId,
    /// Its direction.
    pub cmd: IoCmd,
    /// The first swap block.
    pub block: SwapBlock,
    /// How many pages.
    pub pages: u32,
    /// Where it goes; `None` if no device took it.
    pub place: Option<Place>,
    /// The object and first page, if it carries pages of one.
    pub object: Option<(ObjectId, PageIndex)>,
}

/// Where a transfer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The device, which may leave the slot to another later.
    pub device: DeviceId,
    /// The slot it is in.
    pub slot: SlotId,
    /// The first block there.
    pub block: DeviceBlock,
}

/// A page as events carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageRecord {
    /// The object it belongs to.
    pub object: ObjectId,
    /// Its place there.
    pub index: PageIndex,
    /// What is so about it.
    pub state: PageState,
    /// Its bytes.
    #[serde(skip)]
    pub data: PageData,
}

impl From<Page> for PageRecord {
    fn from(page: Page) -> PageRecord {
        let Page {
            object,
            index,
            state,
            data,
        } = page;
        PageRecord {
            object,
            index,
            state,
            data,
        }
    }
}

/// The whole allocator, where it changed as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BlistImage {
    /// Blocks it is for.
    pub blocks: u32,
    /// Blocks the root covers.
    pub radix: u32,
    /// Nodes below the root of a full tree.
    pub skip: u32,
    /// All nodes.
    pub nodes: Vec<Node>,
}

impl BlistImage {
    /// The free blocks of the leaf that a block is in: a bit each, the lowest for the first. What stands
    /// below a collapsed node is told by that.
    pub fn leaf(&self, block: u32) -> u32 {
        let (mut slot, mut first, mut covers, mut skip) = (0u32, 0u32, self.radix, self.skip);
        if block >= self.blocks {
            return 0;
        }
        while covers > BMAP_RADIX {
            match self.nodes.get(slot as usize) {
                Some(node) if node.value == covers => return u32::MAX,
                Some(node) if node.value > 0 && !node.is_terminator() => {}
                _ => return 0,
            }
            covers /= META_RADIX;
            let apart = skip / META_RADIX;
            let n = (block - first) / covers.max(1);
            slot += 1 + n * apart;
            first += n * covers;
            skip = apart.saturating_sub(1);
        }
        let leaf = self.nodes.get(slot as usize);
        leaf.filter(|leaf| !leaf.is_terminator())
            .map_or(0, |leaf| leaf.value)
    }
}
