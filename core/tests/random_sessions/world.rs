//! A machine under a random session.

use proptest::prelude::*;
use swap_pager::disk::MemDisk;
use swap_pager::event::IoCmd;
use swap_pager::pager::{IoRequest, IoResult};
use swap_pager::units::DMMAX;
use swap_pager::{Command, Config, Errno, MIN_FRAMES, Policy};

use crate::common::Machine;
use crate::input::{Fault, Input};
use crate::runs::Tally;

/// What a machine and its disks were made to do.
#[derive(Clone, Debug)]
pub enum Logged {
    Command(Command),
    /// The transfer at that place of the queue was completed.
    Complete(usize),
    /// It failed in one of those ways.
    Fail(usize, Fault),
    /// The result of the transfer that was completed last was told once more.
    Again,
    /// The transfer at that place was carried out and no one heard of it.
    Lost(usize),
}

impl Logged {
    pub fn put_into(self, machine: &mut Machine) {
        match self {
            Logged::Command(command) => machine.start(command),
            Logged::Complete(place) => machine.complete(place, None),
            Logged::Fail(place, fault) => {
                machine.complete_as(place, |disks, request| carry_out(fault, disks, request))
            }
            Logged::Again => machine.complete_again(),
            Logged::Lost(place) => machine.carry_out_unheard(place),
        }
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        match self {
            Logged::Command(_) => tally.commands = 1,
            Logged::Complete(_) => tally.transfers = 1,
            Logged::Fail(..) => (tally.transfers, tally.failed) = (1, 1),
            Logged::Again => {}
            Logged::Lost(_) => tally.unheard = 1,
        }
        tally
    }
}

/// An ordinary machine, or one with hardly any memory, so that the pageout daemon is always at
/// work. Half of them deal out and search swap as the original does, half as they like.
pub fn config() -> impl Strategy<Value = Config> {
    let original = Just((DMMAX, Policy::FirstFit));
    let any_way = (3u32..=7).prop_map(|shift| 1 << shift);
    let any_way = (any_way, prop::sample::select(&Policy::ALL[..]));
    (any::<bool>(), prop_oneof![original, any_way]).prop_map(|(tight_memory, (stripe, policy))| {
        let frames = if tight_memory { MIN_FRAMES } else { 32_768 };
        Config {
            frames,
            stripe,
            policy,
            ..Config::default()
        }
    })
}

/// What comes of a transfer that fails in one of those ways.
pub fn carry_out(fault: Fault, disks: &mut MemDisk, request: &IoRequest) -> IoResult {
    let whole = request.pages;
    let part = fault.carried % (whole + 1);
    let result = disks.transfer(&IoRequest {
        pages: part,
        ..request.clone()
    });
    // A read that brings too little is as good as one that failed.
    match fault.short && request.cmd == IoCmd::Read && part < whole {
        true => result,
        false => Err(Errno::Eio),
    }
}

/// A machine, and what was put into it.
pub struct World {
    pub machine: Machine,
    /// What was put in.
    pub log: Vec<Logged>,
    pub tally: Tally,
}

impl World {
    /// A machine without disks or objects.
    pub fn new(config: Config) -> World {
        World {
            machine: Machine::new(config),
            log: Vec::new(),
            tally: Tally::default(),
        }
    }

    pub fn put_in(&mut self, input: &Input) {
        let waiting = self.machine.waiting.len();
        let logged = match (input, input.command(&self.machine.model)) {
            (Input::Lost { place }, _) if waiting > 0 => Logged::Lost(place % waiting),
            (Input::Complete { place, fault: None }, _) if waiting > 0 => {
                Logged::Complete(place % waiting)
            }
            (
                Input::Complete {
                    place,
                    fault: Some(fault),
                },
                _,
            ) if waiting > 0 => Logged::Fail(place % waiting, *fault),
            (Input::Again, _) => Logged::Again,
            (_, Some(command)) if self.machine.vm.check(&command).is_ok() => {
                Logged::Command(command)
            }
            _ => return,
        };
        self.tally += logged.tally();
        self.log.push(logged.clone());
        logged.put_into(&mut self.machine);
    }

    pub fn settle(&mut self) {
        while !self.machine.waiting.is_empty() {
            self.put_in(&Input::Complete {
                place: 0,
                fault: None,
            });
        }
        self.machine.settle();
    }
}
