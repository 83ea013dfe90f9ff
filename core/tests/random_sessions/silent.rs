//! A machine that tells nothing: where no events are wanted, some things are done in one piece.

use std::collections::VecDeque;

use swap_pager::disk::MemDisk;
use swap_pager::pager::IoRequest;
use swap_pager::{Config, NoEvents, Vm};

use crate::input::Fault;
use crate::world::{Logged, carry_out};

/// A machine without events, and its disks.
pub struct Silent {
    pub vm: Vm<NoEvents>,
    disks: MemDisk,
    waiting: VecDeque<IoRequest>,
}

impl Silent {
    pub fn new(config: Config) -> Silent {
        Silent {
            vm: Vm::new(config, NoEvents),
            disks: MemDisk::default(),
            waiting: VecDeque::new(),
        }
    }

    /// Does what another machine was made to do.
    pub fn put_in(&mut self, logged: &Logged) {
        match logged {
            Logged::Command(command) => {
                self.vm.apply(command.clone()).expect("the other took it");
            }
            Logged::Complete(place) => self.complete(*place, None),
            Logged::Fail(place, fault) => self.complete(*place, Some(*fault)),
            Logged::Again => {}
            Logged::Lost(place) => {
                if let Some(request) = self.waiting.get(*place) {
                    let _ = self.disks.transfer(request);
                }
            }
        }
        self.waiting
            .extend(std::iter::from_fn(|| self.vm.poll_io()));
    }

    fn complete(&mut self, place: usize, fault: Option<Fault>) {
        let request = self.waiting.remove(place).expect("that many wait");
        let result = match fault {
            None => self.disks.transfer(&request),
            Some(fault) => carry_out(fault, &mut self.disks, &request),
        };
        self.vm
            .complete(request.io, result)
            .expect("it is in flight");
    }
}
