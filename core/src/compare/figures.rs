//! What is counted while commands are played.

use crate::Event;
use crate::blist::Finding;
use crate::event::IoCmd;
use crate::units::{DeviceId, OpId};

/// What went to one disk and came from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnDisk {
    /// The disk.
    pub disk: DeviceId,
    /// Transfers.
    pub transfers: u64,
    /// Pages they moved.
    pub pages: u64,
}

/// What was counted since the machine started. Everything comes from events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Transfers that were started, to memory and from it.
    pub reads: u64,
    /// Those to disks.
    pub writes: u64,
    /// Pages that were read.
    pub pages_read: u64,
    /// Pages that were written.
    pub pages_written: u64,
    /// Transfers that failed.
    pub failed: u64,
    /// By disk, in the order in which they were first used.
    pub disks: Vec<OnDisk>,
    /// Searches for room.
    pub searches: u64,
    /// How many of these found none.
    pub in_vain: u64,
    /// Nodes that were looked at by searches; not those that a hint let them skip.
    pub nodes: u64,
    /// How often operations slept, by what they slept on (`wmesg`).
    pub sleeps: Vec<(&'static str, u64)>,
    /// Commands that the machine did not take.
    pub refused: u32,
    /// The time on the clock of the disks.
    pub milliseconds: u64,
}

impl Figures {
    /// Takes an event in.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::IoStarted { transfer } => {
                let pages = u64::from(transfer.pages);
                match transfer.cmd {
                    IoCmd::Read => {
                        (self.reads, self.pages_read) = (self.reads + 1, self.pages_read + pages)
                    }
                    IoCmd::Write => {
                        (self.writes, self.pages_written) =
                            (self.writes + 1, self.pages_written + pages);
                    }
                }
                if let Some(place) = transfer.place {
                    let disk = self.disk(place.device);
                    disk.transfers += 1;
                    disk.pages += pages;
                }
            }
            Event::IoDone { error: Some(_), .. } => self.failed += 1,
            Event::GetSwapSpace { found, .. } => {
                self.searches += 1;
                self.in_vain += u64::from(found.is_none());
            }
            // A node that had nothing is told of a second time when the search leaves it.
            Event::BlistVisited { leaf, finding, .. } => {
                let left = !leaf && *finding == Finding::NoRun;
                self.nodes += u64::from(!left && *finding != Finding::HintTooSmall);
            }
            Event::OpSlept { op, channel } if *op != OpId::PAGEOUT_DAEMON => {
                let known = self.sleeps.iter().position(|(on, _)| *on == channel.wmesg);
                match known {
                    Some(place) => self.sleeps[place].1 += 1,
                    None => self.sleeps.push((channel.wmesg, 1)),
                }
            }
            _ => {}
        }
    }

    /// All transfers.
    pub fn transfers(&self) -> u64 {
        self.reads + self.writes
    }

    /// How often operations slept on this.
    pub fn slept_on(&self, wmesg: &str) -> u64 {
        let found = self.sleeps.iter().find(|(on, _)| *on == wmesg);
        found.map_or(0, |(_, times)| *times)
    }

    /// What is counted for a disk.
    pub fn on(&self, disk: DeviceId) -> OnDisk {
        let found = self.disks.iter().find(|on| on.disk == disk);
        found.copied().unwrap_or_default()
    }

    fn disk(&mut self, disk: DeviceId) -> &mut OnDisk {
        let known = self.disks.iter().position(|on| on.disk == disk);
        let place = known.unwrap_or_else(|| {
            self.disks.push(OnDisk {
                disk,
                ..OnDisk::default()
            });
            self.disks.len() - 1
        });
        &mut self.disks[place]
    }
}
