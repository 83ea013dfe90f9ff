//! A machine under a random session.

use swap_pager::{Command, Config, Errno, MIN_FRAMES};

use crate::common::Machine;
use crate::input::Input;
use crate::runs::Tally;

/// What a machine and its disks were made to do.
#[derive(Clone, Debug)]
pub enum Logged {
    Command(Command),
    /// The transfer at that place of the queue was completed.
    Complete(usize, Option<Errno>),
    /// The transfer at that place was carried out and no one heard of it.
    Lost(usize),
}

impl Logged {
    pub fn put_into(self, machine: &mut Machine) {
        match self {
            Logged::Command(command) => machine.start(command),
            Logged::Complete(place, error) => machine.complete(place, error),
            Logged::Lost(place) => machine.carry_out_unheard(place),
        }
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        match self {
            Logged::Command(_) => tally.commands = 1,
            Logged::Complete(_, error) => {
                tally.transfers = 1;
                tally.failed = u64::from(error.is_some());
            }
            Logged::Lost(_) => tally.unheard = 1,
        }
        tally
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
    /// A machine without disks or objects. With tight memory it has hardly any, so that the
    /// pageout daemon is always at work.
    pub fn new(tight_memory: bool) -> World {
        let mut config = Config::default();
        if tight_memory {
            config.frames = MIN_FRAMES;
        }
        World {
            machine: Machine::new(config),
            log: Vec::new(),
            tally: Tally::default(),
        }
    }

    pub fn put_in(&mut self, input: &Input) {
        let waiting = self.machine.waiting.len();
        let logged = match (input, input.command(&self.machine)) {
            (Input::Lost { place }, _) if waiting > 0 => Logged::Lost(place % waiting),
            (Input::Complete { place, fails }, _) if waiting > 0 => {
                Logged::Complete(place % waiting, fails.then_some(Errno::Eio))
            }
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
                fails: false,
            });
        }
        self.machine.settle();
    }
}
