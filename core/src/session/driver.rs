//! When a transfer goes to its disk, and what a person has put in its way: delays, faults, and
//! completion by hand.
//!
//! Nothing here touches a disk. A transfer that is to fail never reaches one, as if the cable or
//! the disk's own electronics had refused it; all others are carried out for real, later.

use serde::{Deserialize, Serialize};

use crate::Errno;
use crate::event::IoCmd;
use crate::pager::IoRequest;
use crate::units::{DeviceBlock, DeviceId, IoId};

/// After so many seconds the kernel complains about a page-in that is not over, and again after
/// as many.
const INDEFINITE_WAIT: f64 = 20.0;

/// Longest delay of one transfer, and longest full seek, in milliseconds.
pub const MAX_DELAY: u32 = 60_000;

/// How a disk behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Milliseconds that every transfer takes. A disk does one at a time.
    pub delay: u32,
    /// Milliseconds that the head takes from one end of the disk to the other; a shorter way
    /// takes its share.
    pub seek: u32,
    /// So many of the next reads fail.
    pub fail_reads: u32,
    /// So many of the next writes fail.
    pub fail_writes: u32,
    /// From this block on ...
    pub bad_start: u32,
    /// ... so many blocks can be neither read nor written.
    pub bad_count: u32,
    /// Whether the plug is pulled: every transfer fails with ENODEV.
    pub unplugged: bool,
}

impl Plan {
    /// The same with numbers brought to the nearest that make sense.
    pub fn sensible(self) -> Plan {
        Plan {
            delay: self.delay.min(MAX_DELAY),
            seek: self.seek.min(MAX_DELAY),
            ..self
        }
    }

    /// Why a transfer is to fail, if it is. What fails only so many times is used up by one.
    fn failure(&mut self, request: &IoRequest) -> Option<Errno> {
        if self.unplugged {
            return Some(Errno::Enodev);
        }
        let (start, end) = (
            self.bad_start,
            self.bad_start.saturating_add(self.bad_count),
        );
        let first = request.block.0;
        if first < end && start < first.saturating_add(request.pages) {
            return Some(Errno::Eio);
        }
        let left = match request.cmd {
            IoCmd::Read => &mut self.fail_reads,
            IoCmd::Write => &mut self.fail_writes,
        };
        *left = left.checked_sub(1)?;
        Some(Errno::Eio)
    }
}

/// What is to become of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes to its disk.
    CarryOut,
    /// It fails.
    Fail(Errno),
}

/// A transfer that waits for its time, or for a person.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The transfer.
    pub request: IoRequest,
    /// When it is due, in seconds; `None` while a person has to say.
    due: Option<f64>,
    /// What a person said.
    said: Option<Verdict>,
    /// When the kernel complains about it next.
    complaint: f64,
}

/// When transfers go to their disks.
#[derive(Clone, Debug, Default)]
pub struct Driver {
    by_hand: bool,
    plans: Vec<(DeviceId, Plan)>,
    waiting: Vec<Waiting>,
    /// When each disk is done with what it was given, and where its head is then.
    heads: Vec<(DeviceId, (f64, DeviceBlock))>,
}

impl Driver {
    /// Whether a person completes each transfer.
    pub fn is_by_hand(&self) -> bool {
        self.by_hand
    }

    /// Sets whether a person completes each transfer. What waits already is due at once, or
    /// waits for the person from now on.
    pub fn set_by_hand(&mut self, by_hand: bool, now: f64) {
        self.by_hand = by_hand;
        for waiting in &mut self.waiting {
            waiting.due = (!by_hand).then_some(now);
        }
    }

    /// How a disk behaves.
    pub fn plan(&self, disk: DeviceId) -> Plan {
        of(&self.plans, disk)
    }

    /// Sets how a disk behaves. Transfers that wait already keep their time, but fail if they
    /// are to fail now.
    pub fn set_plan(&mut self, disk: DeviceId, plan: Plan) {
        put(&mut self.plans, disk, plan.sensible());
    }

    /// The transfers that wait, oldest first.
    pub fn waiting(&self) -> &[Waiting] {
        &self.waiting
    }

    /// That a transfer does not wait, and which do.
    #[cold]
    pub fn waits_not(&self, io: IoId) -> String {
        let mut why = format!("Transfer {} does not wait.", io.0);
        if self.waiting.is_empty() {
            why.push_str(" None does: `by hand` makes them wait.");
            return why;
        }
        why.push_str(" These do: ");
        for (i, waiting) in self.waiting.iter().enumerate() {
            if i > 0 {
                why.push_str(", ");
            }
            why.push_str(&waiting.request.io.0.to_string());
        }
        why.push('.');
        why
    }

    /// Takes a transfer in. `pages` is the size of its disk; times are in seconds.
    pub fn take(&mut self, request: IoRequest, pages: u32, now: f64) {
        let plan = self.plan(request.device);
        let due = (!self.by_hand).then(|| {
            let (free, head) = of(&self.heads, request.device);
            let way = f64::from(head.0.abs_diff(request.block.0)) / f64::from(pages.max(1));
            let takes = f64::from(plan.delay) + f64::from(plan.seek) * way;
            let due = free.max(now) + takes / 1000.0;
            let end = DeviceBlock(request.block.0 + request.pages);
            put(&mut self.heads, request.device, (due, end));
            due
        });
        self.waiting.push(Waiting {
            request,
            due,
            said: None,
            complaint: now + INDEFINITE_WAIT,
        });
    }

    /// Takes out up to `most` transfers that are due, in the order in which they are, with what
    /// is to become of each.
    pub fn due(&mut self, now: f64, most: usize) -> Vec<(IoRequest, Verdict)> {
        // Few wait, mostly in this order: a sort would be 5 KB of the program.
        let mut due: Vec<(f64, IoId)> = Vec::new();
        for waiting in &self.waiting {
            if let Some(at) = waiting.due.filter(|at| *at <= now) {
                let place = due.partition_point(|(before, _)| *before <= at);
                due.insert(place, (at, waiting.request.io));
            }
        }
        due.truncate(most);
        due.iter().filter_map(|(_, io)| self.judge(*io)).collect()
    }

    fn judge(&mut self, io: IoId) -> Option<(IoRequest, Verdict)> {
        let place = self.place(io)?;
        let Waiting { request, said, .. } = self.waiting.remove(place);
        let by_plan = || {
            let mut plans = self.plans.iter_mut();
            let (_, plan) = plans.find(|(disk, _)| *disk == request.device)?;
            let failure = plan.failure(&request);
            failure.map(Verdict::Fail)
        };
        let verdict = said.or_else(by_plan).unwrap_or(Verdict::CarryOut);
        Some((request, verdict))
    }

    /// A person says what is to become of a transfer. Tells whether it was waiting.
    pub fn say(&mut self, io: IoId, verdict: Verdict, now: f64) -> bool {
        let Some(place) = self.place(io) else {
            return false;
        };
        let waiting = &mut self.waiting[place];
        waiting.due = Some(now);
        waiting.said = Some(verdict);
        true
    }

    /// Takes a transfer out that is over for another reason.
    pub fn withdraw(&mut self, io: IoId) -> Option<IoRequest> {
        let place = self.place(io)?;
        Some(self.waiting.remove(place).request)
    }

    /// When the first transfer is due that waits for its time and not for a person, in seconds.
    pub fn due_at(&self) -> Option<f64> {
        let dues = self.waiting.iter().filter_map(|waiting| waiting.due);
        let next = dues.fold(f64::INFINITY, f64::min);
        next.is_finite().then_some(next)
    }

    fn place(&self, io: IoId) -> Option<usize> {
        self.waiting
            .iter()
            .position(|waiting| waiting.request.io == io)
    }

    /// Page-ins that the kernel complains about now.
    pub fn complaints(&mut self, now: f64) -> Vec<IoId> {
        let late =
            |waiting: &&mut Waiting| waiting.request.cmd == IoCmd::Read && waiting.complaint <= now;
        let complain = |waiting: &mut Waiting| {
            waiting.complaint = now + INDEFINITE_WAIT;
            waiting.request.io
        };
        self.waiting.iter_mut().filter(late).map(complain).collect()
    }

    /// The page was frozen for so many seconds: nobody waited in that time.
    pub fn was_away(&mut self, seconds: f64) {
        for waiting in &mut self.waiting {
            waiting.complaint += seconds;
        }
    }

    /// When there is something to do next, in seconds, if time alone brings it.
    pub fn wakes_at(&self) -> Option<f64> {
        let of = |waiting: &Waiting| {
            let complaint = match waiting.request.cmd {
                IoCmd::Read => waiting.complaint,
                IoCmd::Write => f64::INFINITY,
            };
            waiting.due.unwrap_or(f64::INFINITY).min(complaint)
        };
        let next = self.waiting.iter().map(of).fold(f64::INFINITY, f64::min);
        next.is_finite().then_some(next)
    }
}

/// What is kept for a disk. There are few: a map of each kind would be 5 KB of the program.
fn of<T: Copy + Default>(kept: &[(DeviceId, T)], disk: DeviceId) -> T {
    let found = kept.iter().find(|(of, _)| *of == disk);
    found.map(|(_, kept)| *kept).unwrap_or_default()
}

fn put<T>(kept: &mut Vec<(DeviceId, T)>, disk: DeviceId, value: T) {
    kept.retain(|(of, _)| *of != disk);
    kept.push((disk, value));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(io: u32, cmd: IoCmd, disk: u32, block: u32) -> IoRequest {
        IoRequest {
            io: IoId(io),
            cmd,
            device: DeviceId(disk),
            block: DeviceBlock(block),
            pages: 16,
            data: Vec::new(),
        }
    }

    fn ios(due: &[(IoRequest, Verdict)]) -> Vec<u32> {
        due.iter().map(|(request, _)| request.io.0).collect()
    }

    #[test]
    fn without_a_plan_all_is_due_at_once_and_in_order() {
        let mut driver = Driver::default();
        for io in 0..20 {
            driver.take(request(io, IoCmd::Write, 0, 32), 4096, 5.0);
        }
        assert_eq!(ios(&driver.due(5.0, 16)), (0..16).collect::<Vec<_>>());
        assert_eq!(driver.due(5.0, 16).len(), 4);
    }

    #[test]
    fn a_slow_disk_does_one_after_the_other_and_holds_up_no_other() {
        let mut driver = Driver::default();
        let delay = 100;
        driver.set_plan(
            DeviceId(1),
            Plan {
                delay,
                ..Plan::default()
            },
        );
        driver.take(request(1, IoCmd::Write, 1, 32), 4096, 1.0);
        driver.take(request(2, IoCmd::Write, 1, 64), 4096, 1.0);
        driver.take(request(3, IoCmd::Write, 0, 32), 4096, 1.0);
        assert_eq!(ios(&driver.due(1.0, 9)), [3]);
        assert_eq!(ios(&driver.due(1.11, 9)), [1]);
        assert_eq!(driver.wakes_at().map(|at| (at * 10.0).round()), Some(12.0));
        assert_eq!(ios(&driver.due(1.21, 9)), [2]);
        assert_eq!(driver.wakes_at(), None);
    }

    #[test]
    fn a_far_way_of_the_head_takes_longer() {
        let mut driver = Driver::default();
        let seek = 1000;
        driver.set_plan(
            DeviceId(0),
            Plan {
                seek,
                ..Plan::default()
            },
        );
        driver.take(request(1, IoCmd::Read, 0, 1000), 2000, 0.0);
        assert!(driver.due(0.49, 9).is_empty());
        assert_eq!(driver.due(0.51, 9).len(), 1);
        // The head is at block 1,016 now.
        driver.take(request(2, IoCmd::Read, 0, 1016), 2000, 1.0);
        assert_eq!(driver.due(1.0, 9).len(), 1);
    }

    #[test]
    fn faults_hit_what_they_name_and_are_used_up() {
        let mut driver = Driver::default();
        let plan = Plan {
            fail_writes: 1,
            bad_start: 100,
            bad_count: 4,
            ..Plan::default()
        };
        driver.set_plan(DeviceId(0), plan);
        let mut verdict = |cmd, block| {
            driver.take(request(1, cmd, 0, block), 4096, 0.0);
            driver.due(0.0, 1)[0].1
        };
        let failed = Verdict::Fail(Errno::Eio);
        assert_eq!(verdict(IoCmd::Read, 32), Verdict::CarryOut);
        assert_eq!(verdict(IoCmd::Write, 32), failed);
        assert_eq!(verdict(IoCmd::Write, 32), Verdict::CarryOut);
        assert_eq!(verdict(IoCmd::Read, 84), Verdict::CarryOut);
        assert_eq!(verdict(IoCmd::Read, 85), failed);
        assert_eq!(verdict(IoCmd::Write, 103), failed);
        assert_eq!(verdict(IoCmd::Write, 104), Verdict::CarryOut);
        driver.set_plan(
            DeviceId(0),
            Plan {
                unplugged: true,
                ..plan
            },
        );
        driver.take(request(9, IoCmd::Read, 0, 2000), 4096, 0.0);
        assert_eq!(driver.due(0.0, 1)[0].1, Verdict::Fail(Errno::Enodev));
    }

    #[test]
    fn by_hand_a_person_chooses_the_order_and_the_outcome() {
        let mut driver = Driver::default();
        driver.set_by_hand(true, 0.0);
        for io in 1..=3 {
            driver.take(request(io, IoCmd::Write, 0, 32), 4096, 0.0);
        }
        assert!(driver.due(1e9, 9).is_empty());
        assert!(driver.say(IoId(3), Verdict::Fail(Errno::Eio), 1.0));
        assert!(driver.say(IoId(1), Verdict::CarryOut, 2.0));
        assert!(!driver.say(IoId(7), Verdict::CarryOut, 2.0));
        let due = driver.due(2.0, 9);
        assert_eq!(ios(&due), [3, 1]);
        assert_eq!(due[0].1, Verdict::Fail(Errno::Eio));
        driver.set_by_hand(false, 3.0);
        assert_eq!(ios(&driver.due(3.0, 9)), [2]);
    }

    #[test]
    fn the_kernel_complains_every_20_seconds_about_reads() {
        let mut driver = Driver::default();
        driver.set_by_hand(true, 0.0);
        driver.take(request(1, IoCmd::Write, 0, 32), 4096, 0.0);
        driver.take(request(2, IoCmd::Read, 0, 64), 4096, 0.0);
        assert_eq!(driver.wakes_at(), Some(20.0));
        assert_eq!(driver.complaints(19.0), []);
        assert_eq!(driver.complaints(20.0), [IoId(2)]);
        assert_eq!(driver.complaints(21.0), []);
        assert_eq!(driver.complaints(41.0), [IoId(2)]);
        // Of the time until the next, the page was frozen for an hour.
        driver.was_away(3600.0);
        assert_eq!(driver.complaints(3660.0), []);
        assert_eq!(driver.complaints(3661.0), [IoId(2)]);
    }
}
