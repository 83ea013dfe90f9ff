//! What a machine is built with.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::pager::{Fixes, PagerConfig, Zone};
use crate::policy::Policy;
use crate::stripe::Interleave;
use crate::units::{DMMAX, NSWAPDEV};

/// What a machine is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Slots for swap devices (`nswdev`), 1 to 4.
    pub nswdev: u32,
    /// Buffers for transfers (`nswbuf`), 2 to 256.
    pub nswbuf: u32,
    /// The low water mark of swap, in pages (`nswap_lowat`).
    pub lowat: u32,
    /// The high water mark of swap, in pages (`nswap_hiwat`).
    pub hiwat: u32,
    /// Metadata blocks the kernel has room for; it wants two for each page of memory.
    pub swap_zone: u32,
    /// Pages of memory (`v_page_count`), [`MIN_FRAMES`] to [`MAX_FRAMES`].
    #[serde(default = "default_frames")]
    pub frames: u32,
    /// Which bugs of the original are mended.
    #[serde(default)]
    pub fixes: Fixes,
    /// Length of a stripe in pages (`dmmax`), a power of two from 8 to 128. The original has 32;
    /// what is stored says so by leaving it out.
    #[serde(
        default = "original_stripe",
        skip_serializing_if = "is_original_stripe"
    )]
    pub stripe: u32,
    /// How room on swap is found. The original knows first fit; what is stored says so by leaving
    /// it out.
    #[serde(default, skip_serializing_if = "Policy::is_original")]
    pub policy: Policy,
}

/// Fewest frames a machine can have: room for a few clusters.
pub const MIN_FRAMES: u32 = 64;

/// Most frames a machine can have: 1 GiB.
pub const MAX_FRAMES: u32 = 1 << 18;

/// 128 MiB: a common machine of 2001.
fn default_frames() -> u32 {
    32_768
}

fn original_stripe() -> u32 {
    DMMAX
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_original_stripe(stripe: &u32) -> bool {
    *stripe == DMMAX
}

impl Default for Config {
    fn default() -> Config {
        Config {
            nswdev: NSWAPDEV,
            nswbuf: 32,
            lowat: 128,
            hiwat: 512,
            swap_zone: 65_536,
            frames: default_frames(),
            fixes: Fixes::default(),
            stripe: DMMAX,
            policy: Policy::FirstFit,
        }
    }
}

impl Config {
    /// The numbers that lessons and scripts can set, see [`number`](Self::number).
    pub const NUMBERS: [&str; 6] = ["frames", "nswdev", "nswbuf", "lowat", "hiwat", "swap_zone"];

    /// One of the [`NUMBERS`](Self::NUMBERS) by its name, and what it can be.
    pub fn number(&mut self, name: &str) -> Option<(&mut u32, RangeInclusive<u32>)> {
        Some(match name {
            "frames" => (&mut self.frames, MIN_FRAMES..=MAX_FRAMES),
            "nswdev" => (&mut self.nswdev, 1..=NSWAPDEV),
            "nswbuf" => (&mut self.nswbuf, 2..=256),
            "lowat" => (&mut self.lowat, 0..=u32::MAX),
            "hiwat" => (&mut self.hiwat, 0..=u32::MAX),
            "swap_zone" => (&mut self.swap_zone, 0..=u32::MAX),
            _ => return None,
        })
    }

    /// Chains of the metadata hash that such a machine has.
    pub fn meta_chains(self) -> u32 {
        let pager = self.pager();
        Zone::new(pager.page_count, pager.zone_room).chains()
    }

    /// How such a machine deals its swap space out to the devices.
    pub fn interleave(self) -> Interleave {
        let pager = self.pager();
        Interleave::new(pager.nswdev, pager.stripe)
    }

    /// What the pager of such a machine is built with. Values that make no sense are brought to
    /// the nearest that do.
    pub(super) fn pager(self) -> PagerConfig {
        PagerConfig {
            nswdev: self.nswdev.clamp(1, NSWAPDEV),
            nswbuf: self.nswbuf.clamp(2, 256),
            page_count: self.frames.clamp(MIN_FRAMES, MAX_FRAMES),
            zone_room: self.swap_zone,
            lowat: self.lowat,
            hiwat: self.hiwat,
            fixes: self.fixes,
            stripe: self.stripe.max(self.policy.shortest_stripe()),
            policy: self.policy,
        }
    }
}
