//! A disk in memory, for native runs and tests, and for replaying a log.

use std::collections::BTreeMap;

use crate::PageData;
use crate::event::IoCmd;
use crate::pager::{IoRequest, IoResult};
use crate::units::{DeviceBlock, DeviceId};

/// Disks of any number and size that hold what is written to them. Blocks never written read as
/// zeros.
#[derive(Clone, Debug, Default)]
pub struct MemDisk {
    blocks: BTreeMap<(DeviceId, DeviceBlock), PageData>,
}

impl MemDisk {
    /// Carries out a transfer.
    pub fn transfer(&mut self, request: &IoRequest) -> IoResult {
        let blocks = (0..request.pages).map(|n| DeviceBlock(request.block.0 + n));
        match request.cmd {
            IoCmd::Read => Ok(blocks
                .map(|block| self.block(request.device, block))
                .collect()),
            IoCmd::Write => {
                for (block, data) in blocks.zip(&request.data) {
                    self.blocks.insert((request.device, block), data.clone());
                }
                Ok(Vec::new())
            }
        }
    }

    /// All blocks that were written to, in order.
    pub fn blocks(&self) -> impl Iterator<Item = (DeviceId, DeviceBlock, &PageData)> {
        self.blocks
            .iter()
            .map(|(&(device, block), data)| (device, block, data))
    }

    /// What a block holds.
    pub fn block(&self, device: DeviceId, block: DeviceBlock) -> PageData {
        self.blocks
            .get(&(device, block))
            .cloned()
            .unwrap_or_else(PageData::zero)
    }
}
