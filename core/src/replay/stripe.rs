//! Recordings of the mapping from blocks to devices alone.

use serde_json::{Map, Value, json};

use super::Replay;
use super::trace::{number, word};
use crate::error::Errno;
use crate::event::NoEvents;
use crate::policy::Policy;
use crate::stripe::Interleave;
use crate::swap_space::SwapSpace;
use crate::units::{DMMAX, DeviceId, SECTORS_PER_PAGE, SlotId, SwapBlock};

/// A swap space with devices whose mapping is replayed.
pub struct StripeReplay {
    space: SwapSpace,
    /// Whether there is a device in each slot.
    present: Vec<bool>,
}

impl StripeReplay {
    pub fn new(config: &Value) -> Result<StripeReplay, String> {
        let config = config.as_object().ok_or("\"config\" is no object")?;
        let slots = number(config, "nswdev")?;
        let pages = config.get("device_pages").and_then(Value::as_array);
        let pages = pages.ok_or("\"device_pages\" is missing or no list")?;
        let mut space = SwapSpace::new(Interleave::new(slots, DMMAX), Policy::FirstFit, 0, 0);
        for (slot, pages) in pages.iter().enumerate() {
            // A device of one page stands for an empty slot until all are filled.
            let pages = pages
                .as_u64()
                .and_then(|pages| u32::try_from(pages).ok())
                .unwrap_or(1);
            let sectors = pages.saturating_mul(SECTORS_PER_PAGE);
            space
                .swapon(DeviceId(slot as u32), sectors, &mut NoEvents)
                .map_err(|errno| format!("device {slot} of {pages} pages: {errno}"))?;
        }
        let present = pages.iter().map(|pages| !pages.is_null()).collect();
        Ok(StripeReplay { space, present })
    }
}

impl Replay for StripeReplay {
    fn step(&mut self, line: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        if word(line, "op")? != "stripe" {
            return Err("only the operation \"stripe\" is known here".to_owned());
        }
        let (block, pages) = (SwapBlock(number(line, "blk")?), number(line, "npages")?);
        let ret = match self.space.strategy(block, pages) {
            Ok((SlotId(slot), at)) if self.present[slot as usize] => {
                json!({ "dev": slot, "devblk": at })
            }
            // The length of a slot without a device is 0: too short for any transfer.
            Ok(_) => json!({ "errno": Errno::Einval }),
            Err(errno) => json!({ "errno": errno }),
        };
        Ok(Map::from_iter([("ret".to_owned(), ret)]))
    }
}
