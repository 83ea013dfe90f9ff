//! A machine with disks in memory, driven by hand or to the end.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::collections::VecDeque;

use swap_pager::command::{DirectCmd, OpResult, PageRange, Pattern};
use swap_pager::disk::MemDisk;
use swap_pager::pager::{IoRequest, IoResult, UnknownIo};
use swap_pager::units::{DeviceId, IoId, ObjectId, PAGE_SIZE, PageIndex};
use swap_pager::{Command, CommandError, Config, Errno, Event, EventQueue, Model, PageData, Vm};

/// A machine, its disks, and all that it told.
pub struct Machine {
    pub vm: Vm<EventQueue>,
    pub disks: MemDisk,
    /// Transfers to be carried out, oldest first.
    pub waiting: VecDeque<IoRequest>,
    /// The transfer that was completed last.
    pub completed: Option<IoId>,
    /// Every event so far.
    pub events: Vec<Event>,
    /// The fold of the events.
    pub model: Model,
}

impl Default for Machine {
    fn default() -> Machine {
        Machine::new(Config::default())
    }
}

impl Machine {
    pub fn new(config: Config) -> Machine {
        let vm = Vm::new(config, EventQueue::new());
        let model = vm.snapshot();
        Machine {
            vm,
            disks: MemDisk::default(),
            waiting: VecDeque::new(),
            completed: None,
            events: Vec::new(),
            model,
        }
    }

    pub fn swapon(&mut self, disk: u32, pages: u32) -> OpResult {
        self.run(Command::SwapOn {
            disk: DeviceId(disk),
            pages,
        })
    }

    pub fn create(&mut self, name: Option<&str>, pages: u32) -> OpResult {
        self.run(Command::Create {
            name: name.map(str::to_owned),
            pages,
        })
    }

    /// Makes an object while other operations are under way.
    pub fn create_unsettled(&mut self, pages: u32) {
        self.start(Command::Create { name: None, pages });
    }

    pub fn fill(&mut self, object: ObjectId, start: u32, count: u32, pattern: Pattern) {
        self.run(Command::Fill {
            object,
            range: range(start, count),
            pattern,
        });
    }

    pub fn write(&mut self, object: ObjectId, page: u32, offset: u32, text: &str) {
        self.start_write(object, page, offset, text);
        self.settle();
    }

    pub fn start_write(&mut self, object: ObjectId, page: u32, offset: u32, text: &str) {
        let text = text.to_owned();
        self.start(Command::Write {
            object,
            page: PageIndex(page),
            offset,
            text,
        });
    }

    pub fn read(&mut self, object: ObjectId, start: u32, count: u32) -> OpResult {
        self.run(Command::Read {
            object,
            range: range(start, count),
        })
    }

    pub fn start_read(&mut self, object: ObjectId, start: u32, count: u32) {
        self.start(Command::Read {
            object,
            range: range(start, count),
        });
    }

    pub fn check_read(&self, object: ObjectId) -> Result<(), CommandError> {
        self.vm.check(&Command::Read {
            object,
            range: range(0, 1),
        })
    }

    pub fn pageout(&mut self, object: ObjectId, start: u32, count: u32) -> OpResult {
        self.run(Command::Pageout {
            object,
            range: range(start, count),
            sync: false,
        })
    }

    pub fn start_pageout(&mut self, object: ObjectId, start: u32, count: u32, sync: bool) {
        self.start(Command::Pageout {
            object,
            range: range(start, count),
            sync,
        });
    }

    pub fn free(&mut self, object: ObjectId, start: u32, count: u32) {
        self.run(Command::Free {
            object,
            range: range(start, count),
        });
    }

    /// Writes to an object as to a disk.
    pub fn direct_write(&mut self, object: ObjectId, start: u32, count: u32) {
        self.run(Command::Direct {
            object,
            range: range(start, count),
            io: DirectCmd::Write(Pattern::Label(2)),
        });
    }

    pub fn start_destroy(&mut self, object: ObjectId) {
        self.start(Command::Destroy { object });
    }

    /// Begins a command that makes sense.
    pub fn start(&mut self, command: Command) {
        let started = self.vm.apply(command.clone());
        assert!(started.is_ok(), "{command:?}: {started:?}");
        self.drain();
    }

    /// Runs a command to its end.
    pub fn run(&mut self, command: Command) -> OpResult {
        self.start(command);
        self.settle();
        self.last_result()
            .expect("a command that has settled has a result")
    }

    /// Completes transfers, oldest first, until none is left.
    pub fn settle(&mut self) {
        while !self.waiting.is_empty() {
            self.complete_oldest(None);
        }
        let asleep = self
            .model
            .ops
            .values()
            .map(|op| (&op.command, op.sleeps_on));
        let asleep: Vec<_> = asleep.collect();
        assert!(
            asleep.is_empty(),
            "nothing is in flight, and still asleep are {asleep:?}"
        );
    }

    pub fn complete_oldest(&mut self, error: Option<Errno>) {
        self.complete(0, error);
    }

    /// Carries out a transfer without telling the machine.
    pub fn carry_out_unheard(&mut self, place: usize) {
        if let Some(request) = self.waiting.get(place % self.waiting.len().max(1)) {
            // What it brings is lost.
            let _ = self.disks.transfer(request);
        }
    }

    /// Completes the transfer at that place of the queue.
    pub fn complete(&mut self, position: usize, error: Option<Errno>) {
        self.complete_as(position, |disks, request| match error {
            None => disks.transfer(request),
            Some(errno) => Err(errno),
        });
    }

    /// Completes the transfer at that place of the queue, carried out as `transfer` does.
    pub fn complete_as(
        &mut self,
        position: usize,
        transfer: impl FnOnce(&mut MemDisk, &IoRequest) -> IoResult,
    ) {
        let request = self
            .waiting
            .remove(position)
            .expect("that many transfers wait");
        let result = transfer(&mut self.disks, &request);
        self.vm
            .complete(request.io, result)
            .expect("it is in flight");
        self.completed = Some(request.io);
        self.drain();
    }

    /// Completes the last transfer that was completed once more, which changes nothing.
    pub fn complete_again(&mut self) {
        if let Some(io) = self.completed {
            let again = self.vm.complete(io, Err(Errno::Eio));
            assert_eq!(again, Err(UnknownIo(io)));
            assert_eq!(self.vm.poll_event(), None);
        }
    }

    pub fn bytes(&self, object: ObjectId, page: u32) -> [u8; 4096] {
        known(&self.vm.snapshot().pages[&(object, PageIndex(page))].data)
    }

    /// The bytes of a page in memory as one who reads the object sees them: its own, else those
    /// of the object behind it.
    pub fn seen(&self, object: ObjectId, page: u32) -> [u8; 4096] {
        let (mut object, mut page) = (object, page);
        loop {
            if let Some(found) = self.model.pages.get(&(object, PageIndex(page))) {
                return known(&found.data);
            }
            let behind = self.model.objects[&object].backing;
            let behind = behind.expect("a page that was read is in memory somewhere");
            (object, page) = (behind.object, page + behind.offset);
        }
    }

    /// The names of what operations sleep on, in the order in which they began.
    pub fn sleeps(&self) -> Vec<&'static str> {
        let model = self.vm.snapshot();
        let channels = model.ops.values().filter_map(|op| op.sleeps_on);
        channels.map(|channel| channel.wmesg).collect()
    }

    /// The result of the command that ended last.
    pub fn last_result(&self) -> Option<OpResult> {
        self.events.iter().rev().find_map(|event| match event {
            Event::OpEnded { result, .. } => Some((**result).clone()),
            _ => None,
        })
    }

    /// The lines the kernel printed.
    pub fn messages(&self) -> Vec<String> {
        let text = |event: &Event| match event {
            Event::Message { text } => Some(text.clone()),
            _ => None,
        };
        self.events.iter().filter_map(text).collect()
    }

    fn drain(&mut self) {
        while let Some(request) = self.vm.poll_io() {
            self.waiting.push_back(request);
        }
        while let Some(event) = self.vm.poll_event() {
            self.model.apply(&event);
            self.events.push(event);
        }
    }
}

/// The bytes of a page; the machine forgets none.
fn known(data: &PageData) -> [u8; PAGE_SIZE] {
    let bytes = data.bytes().expect("the machine forgets nothing");
    bytes.into_owned()
}

pub fn range(start: u32, count: u32) -> PageRange {
    PageRange {
        start: PageIndex(start),
        count,
    }
}

/// The object that most scenarios are about.
pub const HEAP: ObjectId = ObjectId(1);

/// Four disks of 4,096 pages and an object of 128.
pub fn four_disks() -> Machine {
    let mut machine = Machine::default();
    for disk in 0..4 {
        machine.swapon(disk, 4096);
    }
    machine.create(Some("heap"), 128);
    machine
}

/// A machine of 256 frames with four disks and an object of 1,024 pages.
pub fn small_memory() -> Machine {
    let mut machine = Machine::new(Config {
        frames: 256,
        ..Config::default()
    });
    for disk in 0..4 {
        machine.swapon(disk, 4096);
    }
    machine.create(Some("heap"), 1024);
    machine
}
