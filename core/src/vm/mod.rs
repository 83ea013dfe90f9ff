//! The machine around the pager: what a person's commands go to.
//!
//! # How to drive it
//!
//! There are two inputs, [`Vm::apply`] and [`Vm::complete`]. After each of them, fetch what came
//! of it: transfers with [`Vm::poll_io`] until there are none, and events with
//! [`Vm::poll_event`]. Carry the transfers out in any order and give each result back once. The
//! same inputs in the same order give the same events, bit for bit.
//!
//! Several operations can be under way at once. One that can't go on sleeps on a wait channel,
//! as in the kernel, and goes on inside the call that wakes it.

mod check;
mod cluster;
mod config;
mod daemon;
mod direct;
mod fault;
mod madvise;
mod pageout;
mod shadow;
mod swapoff;
mod terminate;
mod touch;

use std::sync::Arc;

use litemap::LiteMap;

use crate::buf::Pools;
use crate::command::{Command, CommandError, OpError, OpResult};
use crate::event::{Event, EventQueue, Sink, Transfer};
use crate::model::{Model, ModelOp, filled};
use crate::object::Handle;
use crate::pager::{Channel, IoRequest, IoResult, Pager, Step, UnknownIo, WaitChannel};
use crate::swap_space::Device;
use crate::units::{IoId, OpId, PAGE_SIZE, SECTORS_PER_PAGE};

pub use config::{Config, MAX_FRAMES, MIN_FRAMES};

use daemon::Daemon;
use direct::Direct;
use madvise::MadviseFree;
use pageout::Pageout;
use swapoff::SwapOff;
use terminate::Terminate;
use touch::Touch;

/// An operation under way.
#[derive(Clone, Debug)]
enum Op {
    Touch(Touch),
    Pageout(Pageout),
    MadviseFree(MadviseFree),
    Direct(Direct),
    SwapOff(SwapOff),
    Terminate(Terminate),
}

/// An operation that sleeps.
#[derive(Clone, Debug)]
struct Sleeper {
    id: OpId,
    command: Arc<Command>,
    op: Op,
    channel: WaitChannel,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Vm<S> {
    pager: Pager<S>,
    /// Operations that sleep, in the order they fell asleep.
    sleepers: Vec<Sleeper>,
    /// The pageout daemon, and what it sleeps on.
    daemon: (Daemon, WaitChannel),
    /// The number of the last operation.
    last_op: OpId,
    /// The handles that names stand for.
    names: LiteMap<String, Handle>,
}

impl<S: Sink> Vm<S> {
    /// A machine without disks or objects. Values of the configuration that make no sense are
    /// brought to the nearest that do.
    pub fn new(config: Config, events: S) -> Vm<S> {
        Vm {
            pager: Pager::new(config.pager(), events),
            sleepers: Vec::new(),
            daemon: (Daemon::default(), Daemon::IDLE),
            last_op: OpId(0),
            names: LiteMap::new_vec(),
        }
    }

    /// Begins what a command asks for, and returns the number of the operation. It may end
    /// within the call or later; [`Event::OpEnded`] tells.
    ///
    /// # Errors
    /// When the command makes no sense; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<OpId, CommandError> {
        self.check(&command)?;
        self.last_op = OpId(self.last_op.0 + 1);
        let id = self.last_op;
        let command = Arc::new(command);
        let started = Arc::clone(&command);
        self.pager.events.note(|| Event::OpStarted {
            op: id,
            command: started,
        });
        match self.begin(&command) {
            Ok(op) => self.run(id, command, op),
            Err(result) => self.end(id, command, result),
        }
        self.run_woken();
        Ok(id)
    }

    /// Takes the result of a transfer.
    ///
    /// # Errors
    /// When no such transfer is in flight; nothing has changed then.
    pub fn complete(&mut self, io: IoId, result: IoResult) -> Result<(), UnknownIo> {
        let short = self.pager.pages.targets().severe;
        self.pager.severe = self.pager.pages.available() < short;
        self.pager.complete(io, result)?;
        self.run_woken();
        Ok(())
    }

    /// Has the kernel complain about a page-in that takes very long; see
    /// [`Pager::indefinite_wait`].
    ///
    /// # Errors
    /// When no such read is in flight; nothing has changed then.
    pub fn indefinite_wait(&mut self, io: IoId) -> Result<(), UnknownIo> {
        self.pager.indefinite_wait(io)
    }

    /// The next transfer to carry out.
    pub fn poll_io(&mut self) -> Option<IoRequest> {
        self.pager.poll_io()
    }

    /// Transfers started and not over, oldest first.
    pub fn in_flight(&self) -> &[Transfer] {
        self.pager.in_flight()
    }

    /// The swap devices, slot by slot.
    pub fn devices(&self) -> &[Option<Device>] {
        self.pager.space.slots()
    }

    /// The pager, to look at.
    pub fn pager(&self) -> &Pager<S> {
        &self.pager
    }

    /// Whether an operation is under way.
    pub fn is_busy(&self) -> bool {
        !self.sleepers.is_empty()
    }

    /// All that views may show, taken from the machine itself. It equals the [`Model`] that all
    /// events so far were applied to.
    pub fn snapshot(&self) -> Model {
        let mut model = Model::of_pager(&self.pager);
        let named = |(name, &handle): (&String, &Handle)| (handle, name.clone());
        model.names = filled(self.names.iter().map(named));
        let asleep = |sleeper: &Sleeper| {
            let command = Arc::clone(&sleeper.command);
            (
                sleeper.id,
                ModelOp {
                    command,
                    sleeps_on: Some(sleeper.channel),
                },
            )
        };
        model.ops = filled(self.sleepers.iter().map(asleep));
        model.daemon = Some(self.daemon.1);
        model
    }

    /// Begins an operation, or ends it if it never sleeps.
    fn begin(&mut self, command: &Command) -> Result<Op, OpResult> {
        match command {
            Command::SwapOn { disk, pages } => {
                let sectors = pages.saturating_mul(SECTORS_PER_PAGE);
                Err(match self.pager.swapon(*disk, sectors) {
                    Ok(done) => OpResult::SwappedOn(done),
                    Err(errno) => OpResult::Failed {
                        error: OpError::Refused { errno },
                    },
                })
            }
            Command::Create { name, pages } => {
                let handle = name.as_ref().map(|name| self.handle_for(name));
                let made = self
                    .pager
                    .alloc(handle, u64::from(*pages) * PAGE_SIZE as u64, 0);
                let object = self.pager.object(made.object);
                Err(OpResult::Created {
                    object: made.object,
                    existing: made.existing,
                    pages: object.map_or(*pages, |object| object.size),
                })
            }
            Command::Write { .. } | Command::Fill { .. } | Command::Read { .. } => {
                Touch::new(command)
                    .map(Op::Touch)
                    .ok_or(OpResult::Touched(Default::default()))
            }
            Command::Pageout {
                object,
                range,
                sync,
            } => Ok(Op::Pageout(Pageout::new(*object, *range, *sync))),
            Command::Free { object, range } => {
                Ok(Op::MadviseFree(MadviseFree::new(*object, *range)))
            }
            Command::Direct { object, range, io } => {
                Ok(Op::Direct(Direct::new(*object, *range, *io)))
            }
            Command::SwapOff { disk } => Ok(Op::SwapOff(SwapOff::new(*disk))),
            Command::Fork { object } => Err(shadow::fork(&mut self.pager, *object)),
            Command::SetAsyncMax { value } => {
                let pools = Pools {
                    swap_async_max: *value,
                    ..self.pager.bufs.pools
                };
                self.pager.bufs.set_pools(pools, &mut self.pager.events);
                Err(OpResult::Set)
            }
            Command::Destroy { object } => Ok(Op::Terminate(Terminate::new(*object))),
        }
    }

    /// Runs an operation until it ends or sleeps.
    fn run(&mut self, id: OpId, command: Arc<Command>, mut op: Op) {
        let step = match &mut op {
            Op::Touch(op) => op.run(&mut self.pager),
            Op::Pageout(op) => op.run(&mut self.pager),
            Op::MadviseFree(op) => op.run(&mut self.pager),
            Op::Direct(op) => op.run(&mut self.pager),
            Op::SwapOff(op) => op.run(&mut self.pager),
            Op::Terminate(op) => op.run(&mut self.pager),
        };
        match step {
            Step::Done(result) => self.end(id, command, result),
            Step::Sleep(channel) => {
                self.pager
                    .events
                    .note(|| Event::OpSlept { op: id, channel });
                self.sleepers.push(Sleeper {
                    id,
                    command,
                    op,
                    channel,
                });
            }
        }
    }

    fn end(&mut self, op: OpId, command: Arc<Command>, result: OpResult) {
        self.pager.events.note(|| Event::OpEnded {
            op,
            command,
            result: Box::new(result),
        });
    }

    /// Runs the operations whose wait channels were woken, and those they wake in turn.
    fn run_woken(&mut self) {
        loop {
            while let Some(channel) = self.pager.poll_wakeup() {
                self.run_daemon(channel);
                let (woken, asleep): (Vec<_>, _) = self
                    .sleepers
                    .drain(..)
                    .partition(|sleeper| sleeper.channel.on == channel);
                self.sleepers = asleep;
                for Sleeper {
                    id,
                    command,
                    op,
                    channel,
                } in woken
                {
                    self.pager
                        .events
                        .note(|| Event::OpWoken { op: id, channel });
                    self.run(id, command, op);
                }
            }
            if !self.kill_for_memory() {
                return;
            }
        }
    }

    /// Runs the pageout daemon if it sleeps on a channel that was woken, and has a reason to.
    fn run_daemon(&mut self, woken: Channel) {
        let (daemon, channel) = &mut self.daemon;
        if channel.on != woken || (*channel == Daemon::IDLE && !self.pager.pageout_needed()) {
            return;
        }
        let (op, slept_on) = (OpId::PAGEOUT_DAEMON, *channel);
        self.pager.events.note(|| Event::OpWoken {
            op,
            channel: slept_on,
        });
        *channel = daemon.run(&mut self.pager);
        let channel = *channel;
        self.pager.events.note(|| Event::OpSlept { op, channel });
    }

    /// Ends an operation that waits for memory if none is going to come: nothing is in flight,
    /// and the daemon found nothing more to do. The kernel kills a process then
    /// (`vm_pageout_scan`). Tells whether there was one.
    fn kill_for_memory(&mut self) -> bool {
        let starves = |sleeper: &Sleeper| {
            sleeper.channel.on == Channel::FreePages
                && matches!(sleeper.op, Op::Touch(_) | Op::SwapOff(_))
        };
        if !self.pager.in_flight().is_empty() {
            return false;
        }
        let Some(place) = self.sleepers.iter().position(starves) else {
            return false;
        };
        let Sleeper { id, command, .. } = self.sleepers.remove(place);
        self.pager
            .printf(|| format!("pid {} was killed: out of swap space", id.0));
        self.end(
            id,
            command,
            OpResult::Failed {
                error: OpError::Killed,
            },
        );
        true
    }

    /// The handle a name stands for; a new one the first time. In the kernel a handle is an
    /// address, so ours are 16 apart.
    fn handle_for(&mut self, name: &str) -> Handle {
        if let Some(&handle) = self.names.get(name) {
            return handle;
        }
        let handle = Handle((self.names.len() as u32 + 1) * 16);
        self.names.insert(name.to_owned(), handle);
        self.pager.events.note(|| Event::Named {
            handle,
            name: name.to_owned(),
        });
        handle
    }
}

impl Vm<EventQueue> {
    /// The next event.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.pager.events.pop_front()
    }
}
