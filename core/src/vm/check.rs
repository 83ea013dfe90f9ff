//! Whether a command makes sense at all, before anything is done.

use super::Vm;
use crate::command::{
    Command, CommandError, MAX_DISK_PAGES, MAX_DISKS, MAX_NAME_CHARS, MAX_OBJECT_PAGES, PageRange,
};
use crate::event::Sink;
use crate::units::{ObjectId, PAGE_SIZE, PageIndex};

impl<S: Sink> Vm<S> {
    /// What [`Vm::apply`] would say to a command, without doing anything: for a form that tells
    /// while one types.
    ///
    /// # Errors
    /// As [`Vm::apply`].
    pub fn check(&self, command: &Command) -> Result<(), CommandError> {
        self.check_not_shared(command)?;
        match command {
            Command::SwapOn { disk, .. } if disk.0 >= MAX_DISKS => {
                Err(CommandError::DiskNumber(*disk))
            }
            Command::SwapOn { pages, .. } => within(*pages, MAX_DISK_PAGES, CommandError::DiskSize),
            Command::Create { name, pages } => {
                check_name(name.as_deref())?;
                within(*pages, MAX_OBJECT_PAGES, CommandError::ObjectSize)
            }
            Command::Write {
                object,
                page,
                offset,
                text,
            } => {
                self.check_range(
                    *object,
                    PageRange {
                        start: *page,
                        count: 1,
                    },
                )?;
                let room = PAGE_SIZE.saturating_sub(*offset as usize);
                if text.len() > room {
                    return Err(CommandError::TextTooLong {
                        bytes: text.len(),
                        room,
                    });
                }
                Ok(())
            }
            Command::Fill { object, range, .. }
            | Command::Read { object, range }
            | Command::Pageout { object, range, .. }
            | Command::Free { object, range }
            | Command::Direct { object, range, .. } => self.check_range(*object, *range),
            Command::SwapOff { .. } | Command::SetAsyncMax { .. } => Ok(()),
            Command::Fork { object } => self.check_object(*object).map(|_| ()),
            Command::Destroy { object } => self.check_object(*object).map(|_| ()),
        }
    }

    /// What lies behind other objects can be read and paged out, but not changed.
    fn check_not_shared(&self, command: &Command) -> Result<(), CommandError> {
        let (Command::Write { object, .. }
        | Command::Fill { object, .. }
        | Command::Free { object, .. }
        | Command::Direct { object, .. }
        | Command::Fork { object }
        | Command::Destroy { object }) = command
        else {
            return Ok(());
        };
        let found = self.pager().object(*object);
        if found.is_some_and(|object| object.shadow_count > 0) {
            return Err(CommandError::Shared(*object));
        }
        let is_shadow = found.is_some_and(|object| object.backing.is_some());
        match command {
            Command::Direct { .. } if is_shadow => Err(CommandError::NoDisk(*object)),
            _ => Ok(()),
        }
    }

    fn check_object(&self, id: ObjectId) -> Result<u32, CommandError> {
        let object = self.pager().object(id).filter(|object| !object.dead);
        Ok(object.ok_or(CommandError::NoObject(id))?.size)
    }

    fn check_range(&self, object: ObjectId, range: PageRange) -> Result<(), CommandError> {
        let size = self.check_object(object)?;
        let PageRange { start, count } = range;
        if count == 0 {
            return Err(CommandError::NoPages);
        }
        let end = u64::from(start.0) + u64::from(count);
        if end > u64::from(size) {
            let page = PageIndex(start.0.max(size));
            return Err(CommandError::NoPage { object, page, size });
        }
        Ok(())
    }
}

fn within(pages: u32, most: u32, error: fn(u32) -> CommandError) -> Result<(), CommandError> {
    if (1..=most).contains(&pages) {
        Ok(())
    } else {
        Err(error(pages))
    }
}

fn check_name(name: Option<&str>) -> Result<(), CommandError> {
    let Some(name) = name else {
        return Ok(());
    };
    let chars = name.chars().count();
    match chars {
        0 => Err(CommandError::NameEmpty),
        1..=MAX_NAME_CHARS => Ok(()),
        _ => Err(CommandError::NameTooLong(chars)),
    }
}
