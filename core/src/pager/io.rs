//! Buffers and the transfers they carry, from start to end (`getpbuf`, `VOP_STRATEGY`, `biodone`).

use super::{Channel, IoRequest, IoResult, Pager, UnknownIo, WaitChannel};
use crate::Count;
use crate::PageData;
use crate::buf::{Buf, BufId, Completion, NoBuf};
use crate::error::Errno;
use crate::event::{Event, IoCmd, Place, Sink, Transfer};
use crate::units::{IoId, PAGE_SIZE, SECTORS_PER_PAGE};

impl<S: Sink> Pager<S> {
    /// Takes a buffer, or tells what to sleep on until there is one (`getpbuf` in vm_pager.c).
    pub(super) fn getpbuf(&mut self, buf: Buf) -> Result<BufId, WaitChannel> {
        self.bufs
            .take(buf, &mut self.events)
            .map_err(|why| match why {
                NoBuf::Pool(pool) => WaitChannel {
                    on: Channel::Pool(pool),
                    wmesg: "wswbuf0",
                },
                NoBuf::All => WaitChannel {
                    on: Channel::AnyBuf,
                    wmesg: "wswbuf1",
                },
            })
    }

    /// Gives a buffer back and wakes who waits for one (`relpbuf` in vm_pager.c).
    pub(super) fn relpbuf(&mut self, id: BufId) {
        let Some(buf) = self.bufs.release(id, &mut self.events) else {
            return;
        };
        if let Some(pool) = buf.pool {
            self.wake(Channel::Pool(pool));
        }
        self.wake(Channel::AnyBuf);
    }

    /// Hands a buffer's transfer to its device (`VOP_STRATEGY`). A transfer that no device takes
    /// fails at once.
    pub(super) fn start_io(&mut self, id: BufId, data: Vec<PageData>) {
        let Some(buf) = self.bufs.get_mut(id) else {
            return;
        };
        self.last_io = IoId(self.last_io.0 + 1);
        buf.io = Some(self.last_io);
        let (cmd, block, pages) = (buf.cmd, buf.block, buf.npages);
        let first = buf.pages.first().and_then(|&frame| self.pages.get(frame));
        let object = first.map(|page| (page.object, page.index));

        let place = self
            .space
            .strategy(block, pages)
            .map(|(slot, block)| Place {
                device: self
                    .space
                    .device(slot)
                    .map(|device| device.id)
                    .unwrap_or_default(),
                slot,
                block,
            });
        let transfer = Transfer {
            io: self.last_io,
            buf: id,
            cmd,
            block,
            pages,
            place: place.ok(),
            object,
        };
        self.in_flight.push(transfer.clone());
        self.events.note(|| Event::IoStarted {
            transfer: Box::new(transfer),
        });
        match place {
            Ok(Place { device, block, .. }) => {
                let io = self.last_io;
                self.queue.push_back(IoRequest {
                    io,
                    cmd,
                    device,
                    block,
                    pages,
                    data,
                });
            }
            Err(errno) => {
                let refused = self.complete(self.last_io, Err(errno));
                debug_assert!(refused.is_ok(), "the transfer was put in flight just above");
            }
        }
    }

    /// Takes the result of a transfer (`biodone`). A read that brings another number of pages
    /// than were asked for counts as failed.
    ///
    /// # Errors
    /// [`UnknownIo`]; nothing has changed then.
    pub fn complete(&mut self, io: IoId, result: IoResult) -> Result<(), UnknownIo> {
        let position = self.in_flight.iter().position(|transfer| transfer.io == io);
        let position = position.ok_or(UnknownIo(io))?;
        let transfer = self.in_flight.remove(position);
        let id = transfer.buf;
        let buf = self.bufs.get_mut(id).ok_or(UnknownIo(io))?;
        let completion = buf.completion;

        let result = match result {
            Ok(data) if transfer.cmd == IoCmd::Read && data.len() != transfer.pages as usize => {
                Err(Errno::Eio)
            }
            other => other,
        };
        buf.error = result.as_ref().err().copied();
        let error = buf.error;
        self.events.note(|| Event::IoDone {
            transfer: Box::new(transfer),
            position: position as u32,
            error,
        });
        let data = result.unwrap_or_default();
        if let Completion::Chain { chain, first } = completion {
            self.chain_iodone(id, chain, first, data);
            return Ok(());
        }
        let frames = self.bufs.get(id).map_or(&[][..], |buf| &buf.pages);
        for (&frame, data) in frames.iter().zip(data) {
            self.pages.set_data(frame, data, &mut self.events);
        }
        if completion == Completion::Sync {
            self.sync_iodone(id);
        } else {
            self.async_iodone(id);
        }
        Ok(())
    }

    /// Says that a page-in has taken very long, as the kernel does every 20 seconds while it
    /// waits (lines 1188 to 1199). The pager knows no time: whoever does asks for it.
    ///
    /// # Errors
    /// [`UnknownIo`] when no such read is in flight.
    pub fn indefinite_wait(&mut self, io: IoId) -> Result<(), UnknownIo> {
        let is_it = |transfer: &&Transfer| transfer.io == io && transfer.cmd == IoCmd::Read;
        let transfer = self.in_flight.iter().find(is_it).ok_or(UnknownIo(io))?;
        let Place { device, block, .. } = transfer.place.ok_or(UnknownIo(io))?;
        let size = transfer.pages as usize * PAGE_SIZE;
        let sector = block.0 * SECTORS_PER_PAGE;
        self.printf(|| {
            format!(
                "swap_pager: indefinite wait buffer: device: {device}, blkno: {sector}, \
                 size: {size}"
            )
        });
        self.count(Count::InTransit);
        Ok(())
    }
}
