//! The queues in figures, and the pageout daemon in words.

use swap_pager::Model;
use swap_pager::page::{PageTargets, Queue};
use swap_pager::pager::{Channel, WaitChannel};

use crate::session::frames::Frames;
use crate::view::format::grouped;

/// A queue: its name, the kernel's counter, its pages, and what should be so, with a name each.
pub type Row = (&'static str, &'static str, u32, Vec<(&'static str, u32)>);

/// How many pages are where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Frames there are.
    pub frames: u32,
    /// Frames that hold nothing.
    pub free: u32,
    /// Clean pages whose frames may be taken.
    pub cache: u32,
    /// Pages not used of late.
    pub inactive: u32,
    /// Pages in use.
    pub active: u32,
    /// How many should be free.
    pub targets: PageTargets,
}

impl Figures {
    /// The figures of a model.
    pub fn of(model: &Model, frames: &Frames) -> Figures {
        Figures {
            frames: model.frames,
            free: model.frames - frames.resident(),
            cache: frames.queue(Queue::Cache),
            inactive: frames.queue(Queue::Inactive),
            active: frames.queue(Queue::Active),
            targets: model.targets,
        }
    }

    /// The queues with their targets.
    pub fn queues(&self) -> [Row; 4] {
        let targets = self.targets;
        [
            (
                "free",
                "v_free_count",
                self.free,
                vec![
                    ("v_free_reserved", targets.reserved),
                    ("v_free_severe", targets.severe),
                    ("v_free_min", targets.min),
                    ("v_free_target", targets.target),
                ],
            ),
            ("cache", "v_cache_count", self.cache, Vec::new()),
            (
                "inactive",
                "v_inactive_count",
                self.inactive,
                vec![("v_inactive_target", targets.inactive)],
            ),
            ("active", "v_active_count", self.active, Vec::new()),
        ]
    }

    /// What the pageout daemon does, and when it does what else. At first it has not run at all.
    pub fn daemon(&self, sleeps_on: Option<WaitChannel>) -> String {
        let available = self.free + self.cache;
        let begins = self.targets.reserved + self.targets.min;
        let has = format!("{} are free or in the cache", grouped(available));
        match sleeps_on {
            None => format!(
                "The pageout daemon has had nothing to do: {has}. It wakes below v_free_reserved + v_free_min = {begins}."
            ),
            Some(channel) if channel.on == Channel::PageoutDaemon && available >= begins => {
                format!(
                    "The pageout daemon sleeps on {}: {has}. It wakes below v_free_reserved + v_free_min = {begins} \
                 and works until there are v_free_target = {}.",
                    channel.wmesg,
                    grouped(self.targets.target)
                )
            }
            Some(channel) if channel.on == Channel::PageoutDaemon => format!(
                "The pageout daemon sleeps on {}, though only {has}, fewer than {begins}: it found no page that it could \
                 take or write, and tries again when something changes.",
                channel.wmesg
            ),
            Some(channel) => format!(
                "The pageout daemon is at work and waits on {}: {has}; it goes on until there are v_free_target = {}. \
                 It takes the oldest inactive pages: clean ones go to the cache, dirty ones are written.",
                channel.wmesg,
                grouped(self.targets.target)
            ),
        }
    }
}

/// A queue in words.
pub fn queue(queue: Queue) -> &'static str {
    match queue {
        Queue::None => "none",
        Queue::Inactive => "inactive",
        Queue::Active => "active",
        Queue::Cache => "cache",
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::buf::Pool;

    fn figures(free: u32) -> Figures {
        Figures {
            frames: 64,
            free,
            cache: 2,
            inactive: 10,
            active: 20,
            targets: PageTargets::new(64),
        }
    }

    #[test]
    fn the_daemon_is_told_by_what_it_sleeps_on() {
        let rests = WaitChannel {
            on: Channel::PageoutDaemon,
            wmesg: "psleep",
        };
        let writes = WaitChannel {
            on: Channel::Pool(Pool::WriteAsync),
            wmesg: "wswbuf0",
        };
        let begins = PageTargets::new(64).reserved + PageTargets::new(64).min;
        let told = figures(40).daemon(Some(rests));
        assert!(
            told.contains("42 are free") && told.contains(&format!("= {begins} ")),
            "{told}"
        );
        assert!(figures(0).daemon(Some(rests)).contains("though only 2"));
        assert!(
            figures(0)
                .daemon(Some(writes))
                .contains("at work and waits on wswbuf0")
        );
        assert!(figures(60).daemon(None).contains("nothing to do"));
    }
}
