//! The machine for scripts and notebooks: what the npm package `swap-pager` is made of.
//!
//! This is the part in WebAssembly. It knows no promises and no iterators: `package/machine.js` builds those
//! around [`Core`]. What is handed over are plain objects, serialised as the core serialises them; the types
//! of them in TypeScript are written from the Rust types by `tests/types`.

mod convert;
mod failure;
mod settings;
mod snapshot;

use js_sys::{Array, Uint8Array};
use swap_pager::command::OpResult;
use swap_pager::disk::MemDisk;
use swap_pager::language::{NamedObject, Names, parse, print};
use swap_pager::object::Handle;
use swap_pager::pager::IoRequest;
use swap_pager::units::{DeviceBlock, DeviceId, IoId, ObjectId, PageIndex};
use swap_pager::{Config, Errno, Event, EventQueue, LiteMap, PageData, Vm};
use wasm_bindgen::prelude::*;

pub use failure::{Code, Failure};
pub use settings::{Setting, Settings};
pub use snapshot::{
    DiskSnapshot, MemorySnapshot, ObjectSnapshot, OperationSnapshot, PageSnapshot, Snapshot,
    SwapSnapshot,
};

use convert::{from_js, to_js};

/// A machine with disks in memory.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Core {
    vm: Vm<EventQueue>,
    config: Config,
    disks: MemDisk,
    /// Transfers to be carried out, oldest first.
    waiting: Vec<IoRequest>,
    /// What names stand behind handles, as the events told.
    names: LiteMap<Handle, String>,
}

/// The settings a machine can be made with.
///
/// # Errors
/// Never: it can be written.
#[wasm_bindgen]
pub fn settings() -> Result<JsValue, JsValue> {
    to_js(&Settings::all())
}

#[wasm_bindgen]
impl Core {
    /// A machine without disks or objects.
    ///
    /// # Errors
    /// A [`Failure`] when `config` is no configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue) -> Result<Core, JsValue> {
        let config = from_js(config, Code::Setting)?;
        Ok(Core {
            vm: Vm::new(config, EventQueue::new()),
            config,
            disks: MemDisk::default(),
            waiting: Vec::new(),
            names: LiteMap::new_vec(),
        })
    }

    /// Begins a command, given as text or as an object, and returns the number of the operation.
    /// [`drain`](Self::drain) tells what came of it.
    ///
    /// # Errors
    /// A [`Failure`] when it is no command, or one that makes no sense. Nothing has changed then.
    pub fn start(&mut self, command: JsValue) -> Result<u32, JsValue> {
        let command = match command.as_string() {
            Some(text) => {
                parse(&text, &self.names()).map_err(|error| Failure::of_text(&text, &error))?
            }
            None => convert::command(command)?,
        };
        let op = self
            .vm
            .apply(command)
            .map_err(|error| Failure::of_command(&error))?;
        self.fetch_transfers();
        Ok(op.0)
    }

    /// What happened since the last call: an array of the operations that ended, each with the
    /// keys `op`, `text`, `command`, `result` and `message`, and an array of all events, which is
    /// empty unless they are wanted.
    ///
    /// # Errors
    /// When something can't be written as JavaScript.
    pub fn drain(&mut self, wanted: bool) -> Result<Array, JsValue> {
        let (ended, events) = (Array::new(), Array::new());
        while let Some(event) = self.vm.poll_event() {
            match &event {
                Event::Named { handle, name } => {
                    self.names.insert(*handle, name.clone());
                }
                Event::OpEnded {
                    op,
                    command,
                    result,
                } => {
                    let text = print(command, &self.names());
                    ended.push(&convert::ended(*op, text, command, result)?);
                }
                _ => {}
            }
            if wanted {
                events.push(&to_js(&event)?);
            }
        }
        Ok(Array::of2(&ended, &events))
    }

    /// The oldest transfer that is to be carried out.
    pub fn next_transfer(&self) -> Option<u32> {
        self.waiting.first().map(|request| request.io.0)
    }

    /// Carries a transfer out, or has it fail with an error.
    ///
    /// # Errors
    /// A [`Failure`] when no such transfer is in flight, or there is no such error.
    pub fn carry_out(&mut self, io: u32, error: JsValue) -> Result<(), JsValue> {
        let error: Option<Errno> = from_js(error, Code::NoErrno)?;
        let place = self.waiting.iter().position(|request| request.io.0 == io);
        let request = match place {
            Some(place) => self.waiting.remove(place),
            None => return Err(Failure::no_transfer(IoId(io)).into()),
        };
        let result = match error {
            None => self.disks.transfer(&request),
            Some(errno) => Err(errno),
        };
        self.vm
            .complete(request.io, result)
            .map_err(|_| Failure::no_transfer(request.io))?;
        self.fetch_transfers();
        Ok(())
    }

    /// Whether nothing is under way: no operation, and no transfer.
    pub fn is_idle(&self) -> bool {
        !self.vm.is_busy() && self.vm.in_flight().is_empty()
    }

    /// The transfers in flight, oldest first.
    ///
    /// # Errors
    /// When something can't be written as JavaScript.
    pub fn transfers(&self) -> Result<JsValue, JsValue> {
        to_js(self.vm.in_flight())
    }

    /// The state of the machine.
    ///
    /// # Errors
    /// When something can't be written as JavaScript.
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        let interleave = self.vm.pager().space.interleave();
        to_js(&Snapshot::of(self.config, interleave, &self.vm.snapshot()))
    }

    /// The radix tree of free blocks; null before the first disk is switched on.
    ///
    /// # Errors
    /// When something can't be written as JavaScript.
    pub fn tree(&self) -> Result<JsValue, JsValue> {
        to_js(&self.vm.snapshot().blist)
    }

    /// The bytes of a page that is in memory. The object is a number or a name.
    ///
    /// # Errors
    /// A [`Failure`] when there is no such object, or it has no such page.
    pub fn read(&self, object: JsValue, page: u32) -> Result<Option<Uint8Array>, JsValue> {
        let object = self.object(&object)?;
        let page = PageIndex(page);
        let known = self.vm.pager().object(object);
        let size = known.ok_or_else(|| Failure::no_object(object))?.size;
        if page.0 >= size {
            return Err(Failure::no_page(object, page, size).into());
        }
        let pages = &self.vm.pager().pages;
        let frame = pages.lookup(object, page);
        let held = frame
            .and_then(|frame| pages.get(frame))
            .filter(|page| page.state.valid);
        Ok(held.and_then(|page| convert::bytes(&page.data)))
    }

    /// The bytes that lie in a block of a disk: zeros where nothing was written.
    ///
    /// # Errors
    /// A [`Failure`] when no disk of that number is on, or it has no such block.
    pub fn block(&self, disk: u32, block: u32) -> Result<Option<Uint8Array>, JsValue> {
        let mut disks = self.vm.devices().iter().flatten();
        let known = disks.find(|device| device.id == DeviceId(disk));
        let pages = known.ok_or_else(|| Failure::no_disk(disk))?.pages;
        if block >= pages {
            return Err(Failure::no_block(disk, block, pages).into());
        }
        let data: PageData = self.disks.block(DeviceId(disk), DeviceBlock(block));
        Ok(convert::bytes(&data))
    }
}

impl Core {
    fn fetch_transfers(&mut self) {
        while let Some(request) = self.vm.poll_io() {
            self.waiting.push(request);
        }
    }

    /// The objects and disks that a command can name.
    fn names(&self) -> Names<'_> {
        let living = self.vm.pager().objects.iter().filter(|object| !object.dead);
        let named = living.map(|object| {
            let name = object.handle.and_then(|handle| self.names.get(&handle));
            NamedObject {
                id: object.id,
                name: name.map(String::as_str),
                pages: object.size,
            }
        });
        Names {
            objects: named.collect(),
            disks: self
                .vm
                .devices()
                .iter()
                .flatten()
                .map(|disk| disk.id)
                .collect(),
        }
    }

    fn object(&self, which: &JsValue) -> Result<ObjectId, Failure> {
        if let Some(name) = which.as_string() {
            let names = self.names();
            let mut objects = names.objects.iter();
            let found = objects.find(|object| object.name == Some(&name));
            return found
                .map(|object| object.id)
                .ok_or_else(|| Failure::no_name(&name));
        }
        from_js(which.clone(), Code::NoObject)
    }
}

/// Why an operation failed, if it did.
fn failed(result: &OpResult) -> Option<String> {
    match result {
        OpResult::Failed { error } => Some(error.to_string()),
        OpResult::Transferred { error, .. } => error.map(|errno| errno.to_string()),
        _ => None,
    }
}
