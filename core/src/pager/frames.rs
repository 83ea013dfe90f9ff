//! Taking frames of memory and giving them back (`vm_page_alloc`, `vm_page_free`).

use super::{Channel, Pager, WaitChannel};
use crate::event::Sink;
use crate::page::{Frame, Page, Queue};
use crate::units::PageIndex;

impl<S: Sink> Pager<S> {
    /// Puts a page into a frame (`vm_page_alloc`). When few are free, the page that has been on
    /// the cache list longest makes room; when there is none, the pageout daemon is woken and
    /// the answer is `None`. The page must not be in memory.
    pub(crate) fn alloc_page(&mut self, page: Page) -> Option<Frame> {
        if self.pages.free_count() <= self.pages.targets().reserved {
            let Some(oldest) = self.pages.queues().first(Queue::Cache) else {
                self.wake(Channel::PageoutDaemon);
                return None;
            };
            self.free_page(oldest);
        }
        let frame = self.pages.insert(page, &mut self.events);
        if self.pageout_needed() {
            self.wake(Channel::PageoutDaemon);
        }
        frame
    }

    /// Takes a page out of memory, and wakes who waits for it and who waits for memory
    /// (`vm_page_free`).
    pub(crate) fn free_page(&mut self, frame: Frame) {
        if let Some(page) = self.pages.remove(frame, &mut self.events) {
            self.wake(Channel::Page(page.object, page.index));
            self.wake_for_memory();
        }
    }

    /// Wakes who waits for memory, if there is enough (`vm_page_free_wakeup`).
    pub(crate) fn wake_for_memory(&mut self) {
        if self.pages.available() >= self.pages.targets().min {
            self.wake(Channel::FreePages);
        }
    }

    /// Whether the pageout daemon has something to do (`vm_paging_needed`).
    pub(crate) fn pageout_needed(&self) -> bool {
        let targets = self.pages.targets();
        self.pages.available() < targets.reserved + targets.min
    }

    /// What to sleep on until there is memory (`VM_WAIT`).
    pub(crate) fn wait_for_memory(&mut self) -> WaitChannel {
        self.wake(Channel::PageoutDaemon);
        WaitChannel {
            on: Channel::FreePages,
            wmesg: "vmwait",
        }
    }

    /// The index of the page in a frame.
    pub(crate) fn page_index(&self, frame: Frame) -> Option<PageIndex> {
        Some(self.pages.get(frame)?.index)
    }
}
