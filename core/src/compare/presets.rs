//! Pairs of machines that teach something, each with commands that show it.

use super::Side;
use crate::pager::Fixes;
use crate::{Config, Policy};

/// A pair of machines and what they are given.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name in addresses.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What there is to see.
    pub about: &'static str,
    /// What they are given, if nothing else is.
    pub script: &'static str,
    /// How the two machines are made of the one at hand.
    pub sides: fn(Config) -> [Side; 2],
}

impl Preset {
    /// The preset of that name.
    pub fn named(id: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.id == id)
    }
}

/// The names of [`PRESETS`], for who wants no more of them.
pub const IDS: [&str; PRESETS.len()] = {
    let mut ids = [""; PRESETS.len()];
    let mut at = 0;
    while at < ids.len() {
        ids[at] = PRESETS[at].id;
        at += 1;
    }
    ids
};

/// All there are.
pub const PRESETS: [Preset; 6] = [
    Preset {
        id: "disks",
        title: "1 disk or 4",
        about: "As many pages of swap in all, on one slow disk or dealt out to four. Disks work side \
                by side, but each does one transfer at a time.",
        script: "swapon 0 512\nswapon 1 512\nswapon 2 512\nswapon 3 512\ndisk 0 delay 8\ndisk 1 delay 8\n\
                 disk 2 delay 8\ndisk 3 delay 8\ncreate heap 384\nfill heap all\npageout heap all\n\
                 read heap 0..191\nfill heap 0..95\npageout heap 0..95",
        sides: |config| {
            let of = |disks| Side {
                disks: Some(disks),
                ..plain(config)
            };
            [of(1), of(4)]
        },
    },
    Preset {
        id: "stripes",
        title: "Stripes of 32 or 8",
        about: "A leaf of the radix tree is as long as a stripe, so that a cluster never crosses a \
                border. With shorter stripes it does, and putpages has to cut it.",
        script: "swapon 0 512\nswapon 1 512\nswapon 2 512\nswapon 3 512\ncreate heap 384\nfill heap all\n\
                 pageout heap all\nread heap 0..191\nfill heap 64..127\npageout heap 64..127",
        sides: |config| {
            let of = |stripe| Side {
                config: Config {
                    stripe,
                    policy: Policy::FirstFit,
                    ..config
                },
                ..Side::default()
            };
            [of(32), of(8)]
        },
    },
    Preset {
        id: "nextfit",
        title: "First fit or next fit",
        about: "Holes are left all over the first part of swap, then more goes out. First fit \
                begins at block 0 and fills the holes; next fit goes on behind what it gave last, as \
                DragonFly's pager has code for.",
        script: "swapon 0 512\nswapon 1 512\ndisk 0 delay 4\ndisk 0 seek 60\ndisk 1 delay 4\ndisk 1 seek 60\ncreate heap 512\nfill heap all\npageout heap 0..383\n\
                 free heap 8..15\nfree heap 40..47\nfree heap 72..79\nfree heap 104..111\nfree heap 136..143\n\
                 free heap 168..175\nfree heap 200..207\nfree heap 232..239\npageout heap 384..391\n\
                 pageout heap 400..407\npageout heap 416..423\npageout heap 432..439\npageout heap 448..463\n\
                 read heap 384..463",
        sides: |config| policies(config, Policy::FirstFit, Policy::NextFit),
    },
    Preset {
        id: "roundrobin",
        title: "First fit or the disks in turn",
        about: "All that was on one of three disks is freed, then as much goes out again. First fit \
                puts it all on that one disk; round robin, as later FreeBSD has it, goes on from disk to \
                disk. The first disk is smaller than the others.",
        script: "swapon 0 256\nswapon 1 512\nswapon 2 512\ndisk 0 delay 8\ndisk 1 delay 8\ndisk 2 delay 8\n\
                 create heap 512\nfill heap all\npageout heap 0..287\nfree heap 32..63\nfree heap 128..159\n\
                 free heap 224..255\npageout heap 288..383\nread heap 288..383",
        sides: |config| policies(config, Policy::FirstFit, Policy::RoundRobin),
    },
    Preset {
        id: "async",
        title: "1 write at a time or 4",
        about: "vm.swap_async_max limits the writes that the pageout daemon may have under way. With \
                1, three of four slow disks wait for the fourth.",
        script: "swapon 0 512\nswapon 1 512\nswapon 2 512\nswapon 3 512\ndisk 0 delay 8\ndisk 1 delay 8\n\
                 disk 2 delay 8\ndisk 3 delay 8\ncreate heap 384\nfill heap all\npageout heap all\n\
                 fill heap 0..127\npageout heap 0..127",
        sides: |config| {
            let of = |most| Side {
                async_max: Some(most),
                ..plain(config)
            };
            [of(1), of(4)]
        },
    },
    Preset {
        id: "mended",
        title: "As it was or mended",
        about: "Setting swap aside for 33 pages, the kernel of 2001 loses what is left of the last 32 \
                blocks it took, and forgets where pages behind the range are. Mended, what is left \
                goes back. The museum has more of its quirks.",
        script: "swapon 0 512\ncreate md 96\nstrategy md 40 write\nstrategy md 0..32 reserve\ndestroy md",
        sides: |config| {
            let of = |reserve_tail| {
                plain(Config {
                    fixes: Fixes {
                        reserve_tail,
                        ..Fixes::default()
                    },
                    ..config
                })
            };
            [of(false), of(true)]
        },
    },
];

fn plain(config: Config) -> Side {
    Side {
        config,
        ..Side::default()
    }
}

fn policies(config: Config, a: Policy, b: Policy) -> [Side; 2] {
    [a, b].map(|policy| plain(Config { policy, ..config }))
}
