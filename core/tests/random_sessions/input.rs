//! What can be put in, and what commands it makes. The stress test of the web crate (`web/tests/stress`)
//! puts in the same.

use proptest::prelude::*;
use swap_pager::command::{DirectCmd, Pattern};
use swap_pager::units::DeviceId;
use swap_pager::{Command, Model};

use crate::common::range;

/// An input; numbers are brought into range when it is put in.
#[derive(Clone, Debug)]
pub enum Input {
    SwapOn {
        disk: u32,
        pages: u32,
    },
    Create {
        name: Option<u8>,
        pages: u32,
    },
    Fill {
        object: u32,
        start: u32,
        count: u32,
        number: u32,
    },
    Write {
        object: u32,
        page: u32,
        offset: u32,
    },
    Read {
        object: u32,
        start: u32,
        count: u32,
    },
    Pageout {
        object: u32,
        start: u32,
        count: u32,
        sync: bool,
    },
    Destroy {
        object: u32,
    },
    SwapOff {
        disk: u32,
    },
    Free {
        object: u32,
        start: u32,
        count: u32,
    },
    Direct {
        object: u32,
        start: u32,
        count: u32,
        io: DirectCmd,
    },
    SetAsyncMax {
        value: i32,
    },
    Fork {
        object: u32,
    },
    /// A transfer is carried out, but no one hears of it; it is carried out again later.
    Lost {
        place: usize,
    },
    Complete {
        place: usize,
        fault: Option<Fault>,
    },
    /// The transfer that was completed last is reported once more.
    Again,
}

/// How a transfer fails.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// How many pages were carried out before that; brought into range.
    pub carried: u32,
    /// A read brings these and tells of no error.
    pub short: bool,
}

fn fault(failures: u32) -> impl Strategy<Value = Option<Fault>> {
    let fault = (any::<u32>(), any::<bool>()).prop_map(|(carried, short)| Fault { carried, short });
    prop::option::weighted(f64::from(failures) / 100.0, fault)
}

fn direct_cmd() -> impl Strategy<Value = DirectCmd> {
    prop_oneof![
        Just(DirectCmd::Read),
        any::<u32>().prop_map(|number| DirectCmd::Write(Pattern::Noise(number))),
        Just(DirectCmd::Delete),
    ]
}

/// Inputs of a session, which begins with disks and objects. Of a hundred transfers, so many fail.
pub fn session(failures: u32) -> impl Strategy<Value = Vec<Input>> {
    let inputs = prop::collection::vec(input(failures), 1..200);
    let disks = prop::collection::vec(100u32..400, 0..3);
    let objects = prop::collection::vec(20u32..120, 0..4);
    (disks, objects, inputs).prop_map(|(disks, objects, inputs)| {
        let disks = (0..).zip(disks);
        let disks = disks.map(|(disk, pages)| Input::SwapOn { disk, pages });
        let name = None;
        let objects = objects.into_iter();
        let objects = objects.map(|pages| Input::Create { name, pages });
        disks.chain(objects).chain(inputs).collect()
    })
}

fn input(failures: u32) -> impl Strategy<Value = Input> {
    let place = || (any::<u32>(), any::<u32>(), 1u32..40);
    prop_oneof![
        1 => (0u32..4, 1u32..400).prop_map(|(disk, pages)| Input::SwapOn { disk, pages }),
        1 => (prop::option::of(0u8..3), 1u32..120)
            .prop_map(|(name, pages)| Input::Create { name, pages }),
        4 => (place(), any::<u32>()).prop_map(|((object, start, count), number)| {
            Input::Fill { object, start, count, number }
        }),
        1 => (any::<u32>(), any::<u32>(), 0u32..4000)
            .prop_map(|(object, page, offset)| Input::Write { object, page, offset }),
        4 => place().prop_map(|(object, start, count)| Input::Read { object, start, count }),
        6 => (place(), any::<bool>()).prop_map(|((object, start, count), sync)| {
            Input::Pageout { object, start, count, sync }
        }),
        1 => any::<u32>().prop_map(|object| Input::Destroy { object }),
        2 => (0u32..4).prop_map(|disk| Input::SwapOff { disk }),
        1 => place().prop_map(|(object, start, count)| Input::Free { object, start, count }),
        2 => (place(), direct_cmd()).prop_map(|((object, start, count), io)| {
            Input::Direct { object, start, count, io }
        }),
        2 => any::<u32>().prop_map(|object| Input::Fork { object }),
        1 => (-2i32..20).prop_map(|value| Input::SetAsyncMax { value }),
        2 => any::<usize>().prop_map(|place| Input::Lost { place }),
        1 => Just(Input::Again),
        12 => (any::<usize>(), fault(failures))
            .prop_map(|(place, fault)| Input::Complete { place, fault }),
    ]
}

impl Input {
    /// The command it makes of a machine as it is now; `None` if it is none, or there is no object.
    pub fn command(&self, model: &Model) -> Option<Command> {
        let pick = |n: u32| {
            let count = model.objects.len().max(1);
            model.objects.values().nth(n as usize % count).copied()
        };
        let within = |object: u32, start: u32, count: u32| {
            let object = pick(object)?;
            let start = start % object.size;
            Some((object.id, range(start, count.min(object.size - start))))
        };
        match *self {
            Input::SwapOn { disk, pages } => Some(Command::SwapOn {
                disk: DeviceId(disk),
                pages,
            }),
            Input::Create { name, pages } => {
                let name = name.map(|name| format!("name {name}"));
                Some(Command::Create { name, pages })
            }
            Input::Fill {
                object,
                start,
                count,
                number,
            } => {
                let (object, range) = within(object, start, count)?;
                Some(Command::Fill {
                    object,
                    range,
                    pattern: Pattern::Noise(number),
                })
            }
            Input::Write {
                object,
                page,
                offset,
            } => {
                let (object, range) = within(object, page, 1)?;
                let text = format!("written at {offset}");
                Some(Command::Write {
                    object,
                    page: range.start,
                    offset,
                    text,
                })
            }
            Input::Read {
                object,
                start,
                count,
            } => {
                let (object, range) = within(object, start, count)?;
                Some(Command::Read { object, range })
            }
            Input::Pageout {
                object,
                start,
                count,
                sync,
            } => {
                let (object, range) = within(object, start, count)?;
                Some(Command::Pageout {
                    object,
                    range,
                    sync,
                })
            }
            Input::SwapOff { disk } => Some(Command::SwapOff {
                disk: DeviceId(disk),
            }),
            Input::Free {
                object,
                start,
                count,
            } => {
                let (object, range) = within(object, start, count)?;
                Some(Command::Free { object, range })
            }
            Input::Direct {
                object,
                start,
                count,
                io,
            } => {
                let (object, range) = within(object, start, count)?;
                Some(Command::Direct { object, range, io })
            }
            Input::Fork { object } => Some(Command::Fork {
                object: pick(object)?.id,
            }),
            Input::SetAsyncMax { value } => Some(Command::SetAsyncMax { value }),
            Input::Destroy { object } => Some(Command::Destroy {
                object: pick(object)?.id,
            }),
            Input::Lost { .. } | Input::Complete { .. } | Input::Again => None,
        }
    }
}
