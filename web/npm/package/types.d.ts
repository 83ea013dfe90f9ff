// Written from the Rust types, by the test `types` of the crate swap-pager-js. Do not edit.

/**
 * What lies behind an object (`backing_object`): where a page is looked for that the object
 * itself does not have.
 */
export interface Backing {
    /** The object. */
    object: ObjectId;
    /** Its page that is behind page 0, in pages (`backing_object_offset`). */
    offset: number;
}

/** The whole allocator, where it changed as a whole. */
export interface BlistImage {
    /** Blocks it is for. */
    blocks: number;
    /** Blocks the root covers. */
    radix: number;
    /** Nodes below the root of a full tree. */
    skip: number;
    /** All nodes. */
    nodes: TreeNode[];
}

/** A buffer: which of the `nswbuf` there are. */
export type BufId = number;

/** A request of strategy under way. Numbers are never given out twice. */
export type ChainId = number;

/** What an operation sleeps on: the address given to tsleep. */
export type Channel =
    /** A page that is busy. */
    | { Page: [ObjectId, PageIndex] }
    /** A buffer whose transfer is under way. */
    | { Buf: BufId }
    /** A limit on buffers that is reached. */
    | { Pool: Pool }
    /** All buffers being in use. */
    | "AnyBuf"
    /** Paging in progress on an object. */
    | { Object: ObjectId }
    /** Transfers of a request of strategy in flight. */
    | { Chain: ChainId }
    /** A device that is being switched off and still has blocks in use. */
    | { Device: SlotId }
    /** Memory being used up. */
    | "FreePages"
    /** Memory running short: what the pageout daemon sleeps on. */
    | "PageoutDaemon";

/**
 * Something to be done by the machine.
 *
 * Stored, it is an object with the key `cmd` that names the command, and its fields beside that.
 */
export type Command =
    /** Switch a disk on for swapping (`swapon`). */
    | {
          cmd: "swapon";
          /** Which disk. */
          disk: DeviceId;
          /** Its length in pages. */
          pages: number;
      }
    /** Make a memory object, or find the one of that name (`swap_pager_alloc`). */
    | {
          cmd: "create";
          /** Its name, if it is to have one. */
          name?: string | null;
          /** Its length in pages. */
          pages: number;
      }
    /** Write text into a page, which makes it dirty and frees its swap (`vm_fault`). */
    | {
          cmd: "write";
          /** The object. */
          object: ObjectId;
          /** The page. */
          page: PageIndex;
          /** The first byte to write. */
          offset: number;
          /** What to write there. */
          text: string;
      }
    /** Fill pages with a pattern, which makes them dirty and frees their swap (`vm_fault`). */
    | {
          cmd: "fill";
          /** The object. */
          object: ObjectId;
          /** The first. */
          start: PageIndex;
          /** How many. */
          count: number;
          /** What to fill them with. */
          pattern: Pattern;
      }
    /** Read pages; what is not in memory is paged in (`vm_fault`). */
    | {
          cmd: "read";
          /** The object. */
          object: ObjectId;
          /** The first. */
          start: PageIndex;
          /** How many. */
          count: number;
      }
    /** Force pages out: dirty ones are written to swap, then all leave memory. */
    | {
          cmd: "pageout";
          /** The object. */
          object: ObjectId;
          /** The first. */
          start: PageIndex;
          /** How many. */
          count: number;
          /**
           * Whether each write is waited for before the next begins, as for a process; else the
           * pageout daemon leaves several under way.
           */
          sync: boolean;
      }
    /** Switch a disk off (`swapoff`): what lies there is brought back into memory first. */
    | {
          cmd: "swapoff";
          /** Which disk. */
          disk: DeviceId;
      }
    /** Give up the contents of pages (`madvise` with MADV_FREE). */
    | {
          cmd: "free";
          /** The object. */
          object: ObjectId;
          /** The first. */
          start: PageIndex;
          /** How many. */
          count: number;
      }
    /**
     * Read, write, free or reserve the blocks of an object without bringing pages into memory,
     * as a swap-backed disk does (`swap_pager_strategy`).
     */
    | {
          cmd: "direct";
          /** The object. */
          object: ObjectId;
          /** The first. */
          start: PageIndex;
          /** How many. */
          count: number;
          /** What to do with them. */
          io: DirectCmd;
      }
    /** Fork an object (`vm_object_shadow`): two objects that share its pages until they write. */
    | {
          cmd: "fork";
          /** The object. */
          object: ObjectId;
      }
    /**
     * Set how many asynchronous page-outs may be under way (`vm.swap_async_max`). It comes into
     * force at the next page-out, cut down to what makes sense.
     */
    | {
          cmd: "setasyncmax";
          /** How many. */
          value: number;
      }
    /** Let go of an object, and of all its pages and swap with the last reference (`vm_object_deallocate`). */
    | {
          cmd: "destroy";
          /** The object. */
          object: ObjectId;
      };

/** What a machine is built with. */
export interface Config {
    /** Slots for swap devices (`nswdev`), 1 to 4. */
    nswdev: number;
    /** Buffers for transfers (`nswbuf`), 2 to 256. */
    nswbuf: number;
    /** The low water mark of swap, in pages (`nswap_lowat`). */
    lowat: number;
    /** The high water mark of swap, in pages (`nswap_hiwat`). */
    hiwat: number;
    /** Metadata blocks the kernel has room for; it wants two for each page of memory. */
    swap_zone: number;
    /** Pages of memory (`v_page_count`), `MIN_FRAMES` to `MAX_FRAMES`. */
    frames: number;
    /** Which bugs of the original are mended. */
    fixes: Fixes;
    /**
     * Length of a stripe in pages (`dmmax`), a power of two from 8 to 128. The original has 32;
     * what is stored says so by leaving it out.
     */
    stripe?: number;
    /** How room on swap is found. The original knows first fit; what is stored says so by leaving it out. */
    policy?: Policy;
}

/** Something that is counted. */
export type Count =
    /** A page-in from swap, of so many pages. */
    | { PageIn: number }
    /** A page-out to swap, of so many pages. */
    | { PageOut: number }
    /** A wait for a page-in. */
    | "InTransit"
    /** A page fault. */
    | "Fault"
    /** A page copied because it was shared and written to. */
    | "Copied"
    /** A page filled with zeros because it had never been written. */
    | "ZeroFilled";

/** Counts since the machine started. */
export interface Counters {
    /** Page-ins from swap (`v_swapin`). */
    v_swapin: number;
    /** Pages paged in (`v_swappgsin`). */
    v_swappgsin: number;
    /** Page-outs to swap (`v_swapout`). */
    v_swapout: number;
    /** Pages paged out (`v_swappgsout`). */
    v_swappgsout: number;
    /** Times a page-in had to be waited for (`v_intrans`). */
    v_intrans: number;
    /** Page faults (`v_vm_faults`). */
    v_vm_faults: number;
    /** Pages copied because they were shared and written to (`v_cow_faults`). */
    v_cow_faults: number;
    /** Pages filled with zeros because they had never been written (`v_zfod`). */
    v_zfod: number;
}

/** A device that is switched on (`struct swdevt`). */
export interface Device {
    /** Which disk it is. */
    id: DeviceId;
    /** Its length in pages (`sw_nblks`). */
    pages: number;
    /** Pages of it in use (`sw_used`). */
    used: number;
    /** Whether it is being switched off and takes nothing new (`SW_CLOSING`, which came later). */
    closing: boolean;
}

/** A block of one swap device, one page long, counted from the start of that device. */
export type DeviceBlock = number;

/** The identity of a disk, whatever slot it is in (`sw_vp` in vm_swap.c). */
export type DeviceId = number;

/** What to do with the blocks of an object. */
export type DirectCmd =
    /** Read them. */
    | "read"
    /** Write a pattern to them. */
    | { write: Pattern }
    /** Free them. */
    | "delete"
    /**
     * Give each page a block before anything is written, so that there will be room
     * (`swap_pager_reserve`). What the blocks held before is not wiped out.
     */
    | "reserve";

/** A disk that is switched on. */
export interface DiskSnapshot extends Device {
    /**
     * The slot it is in: every stripe whose number leaves this rest when it is divided by the
     * number of slots lies on it.
     */
    slot: SlotId;
}

/** The error numbers of the kernel that the pager knows. */
export type Errno =
    /** 5: the transfer failed. */
    | "EIO"
    /** 6: no such device, or one of no use. */
    | "ENXIO"
    /** 12: no room. */
    | "ENOMEM"
    /** 16: in use already. */
    | "EBUSY"
    /** 19: no device in that slot. */
    | "ENODEV"
    /** 22: not possible as asked. */
    | "EINVAL";

/** What is wrong with what the machine was asked. */
export type ErrorCode =
    /** A setting of the machine has a value that it can't have, or there is no such setting. */
    | "Setting"
    /** The object is no command: a field is missing, or is not what it should be. */
    | "NotACommand"
    /** The text is no command; `start` and `end` tell what part of it is wrong. */
    | "Syntax"
    /** There is no such object. */
    | "NoObject"
    /** The object lies behind others, which share its pages: only they can change. */
    | "Shared"
    /** The object has another behind it, and can't be driven as a disk. */
    | "NoDisk"
    /** The object has no such page. */
    | "NoPage"
    /** No pages are named. */
    | "NoPages"
    /** An object of that many pages can't be made. */
    | "ObjectSize"
    /** A disk of that many pages can't be switched on. */
    | "DiskSize"
    /** No disk has that number. */
    | "DiskNumber"
    /** The name is empty. */
    | "NameEmpty"
    /** The name is too long. */
    | "NameTooLong"
    /** The text does not fit in the page. */
    | "TextTooLong"
    /** No disk of that number is on. */
    | "DiskOff"
    /** The disk has no such block. */
    | "NoBlock"
    /** No such transfer is in flight. */
    | "NoTransfer"
    /** A transfer can't fail with that. */
    | "NoErrno";

/** What a search for free blocks found out about a node, in the order it looked. */
export type Finding =
    /** The hint is smaller than the run sought: skipped and not visited. */
    | "HintTooSmall"
    /** Everything below is allocated. */
    | "AllAllocated"
    /**
     * A leaf without a run of that length, or a node none of whose children had one; its hint
     * was lowered to one less than what was sought.
     */
    | "NoRun"
    /** Entered: its children are looked at next. */
    | "Entered"
    /** A leaf that gave the run starting at this block. */
    | { Found: SwapBlock };

/** Which bugs of the original are mended. None by default: the original decides. */
export interface Fixes {
    /**
     * What reserve has left of its last piece goes back to the free space. In the original it
     * leaks, and the swap of as many pages behind the range is freed instead (line 611).
     */
    reserve_tail: boolean;
    /** An object with swap beyond page 0x20000000 can be let go of. In the original that is a panic (line 1935). */
    far_metadata: boolean;
}

/** A page frame: which one of the machine's pages of memory (an index into `vm_page_array`). */
export type Frame = number;

/** How near the swap space is to its end. */
export interface Full {
    /** 2 once a search for room has failed, until there is room above the low water mark (`swap_pager_full`). */
    full: number;
    /** Below the low water mark, until above the high one (`swap_pager_almost_full`). */
    almost_full: boolean;
}

/** What names an object: in the kernel an address, say of a System V shared memory segment. */
export type Handle = number;

/** The direction of a transfer (`b_iocmd`). */
export type IoCmd =
    /** From the device to memory (`BIO_READ`). */
    | "read"
    /** From memory to the device (`BIO_WRITE`). */
    | "write";

/**
 * A transfer between the pager and a swap device, from start to completion. Numbers start
 * at 1 and are never given out twice.
 */
export type IoId = number;

/** Where the kernel would panic. Here the operation ends with this error and all else goes on. */
export type KernelPanic =
    /**
     * `swp_pager_meta_free_all` looked at every page index up to 0x20000000 and some metadata
     * was still missing (line 1935).
     */
    | "MetaFreeAllNotFound";

/** One thing that happened. */
export type MachineEvent =
    /** A command began. */
    | {
          ev: "OpStarted";
          /** Its number. */
          op: OpId;
          /** What was asked. */
          command: Command;
      }
    /** An operation can't go on and sleeps on a wait channel (`tsleep`). */
    | {
          ev: "OpSlept";
          /** Which. */
          op: OpId;
          /** On what. */
          channel: WaitChannel;
      }
    /** A sleeping operation goes on (`wakeup`). */
    | {
          ev: "OpWoken";
          /** Which. */
          op: OpId;
          /** What it slept on. */
          channel: WaitChannel;
      }
    /** An operation ended. */
    | {
          ev: "OpEnded";
          /** Which. */
          op: OpId;
          /** What was asked. */
          command: Command;
          /** What came of it. */
          result: OpResult;
      }
    /** The kernel printed a line (`printf`). */
    | {
          ev: "Message";
          /** The line. */
          text: string;
      }
    /** A device was switched on, is being switched off, or was. */
    | {
          ev: "DeviceChanged";
          /** Its slot. */
          slot: SlotId;
          /** Before. */
          old: Device | null;
          /** After. */
          new: Device | null;
      }
    /** The pages in use on a device changed (`sw_used`). */
    | {
          ev: "DeviceUsed";
          /** Its slot. */
          slot: SlotId;
          /** Before. */
          old: number;
          /** After. */
          new: number;
      }
    /** The free pages of all swap changed (`vm_swap_size`). */
    | {
          ev: "FreeChanged";
          /** Before. */
          old: number;
          /** After. */
          new: number;
      }
    /** The full states changed (`swap_pager_full`, `swap_pager_almost_full`). */
    | {
          ev: "FullChanged";
          /** Before. */
          old: Full;
          /** After. */
          new: Full;
      }
    /** Room for so many pages was sought (`swp_pager_getswapspace`). */
    | {
          ev: "GetSwapSpace";
          /** How many, in one run. */
          pages: number;
          /** The first block, if there was room. */
          found: SwapBlock | null;
      }
    /** Blocks went back to the free space (`swp_pager_freeswapspace`). */
    | {
          ev: "FreeSwapSpace";
          /** The first. */
          block: SwapBlock;
          /** How many. */
          pages: number;
      }
    /** The allocator was made or rebuilt (`blist_create`, `blist_resize`). */
    | {
          ev: "BlistReplaced";
          /** Before. */
          old: BlistImage | null;
          /** After. */
          new: BlistImage;
      }
    /** A node of the allocator changed. */
    | {
          ev: "BlistNode";
          /** Its slot. */
          index: number;
          /** Before. */
          old: TreeNode;
          /** After. */
          new: TreeNode;
      }
    /**
     * A search begins in a way that the original does not know: from another block than the
     * first, or on one device. If it finds nothing, another may follow for the same room. See
     * `Policy`.
     */
    | {
          ev: "SearchBegan";
          /** The first block it may take. */
          from: SwapBlock;
          /** Where it has to lie, if not anywhere. */
          slot: SlotId | null;
      }
    /** A search looked at a node of the allocator. */
    | {
          ev: "BlistVisited";
          /** Its slot. */
          index: number;
          /** The first block it covers. */
          block: SwapBlock;
          /** How many blocks it covers. */
          covers: number;
          /** Whether it is a leaf. */
          leaf: boolean;
          /** Its hint as the search found it. */
          hint: number;
          /** The run sought, in blocks. */
          sought: number;
          /** What came of it. */
          finding: Finding;
      }
    /** A metadata block was made and hung at the end of its hash chain. */
    | {
          ev: "SwblockAdded";
          /** The chain. */
          bucket: number;
          /** The object it is for. */
          object: ObjectId;
          /** The first page it is for. */
          index: PageIndex;
      }
    /** A metadata block lost its last mapping and is gone. */
    | {
          ev: "SwblockRemoved";
          /** The chain. */
          bucket: number;
          /** Its place there, from 0. */
          position: number;
          /** The object it was for. */
          object: ObjectId;
          /** The first page it was for. */
          index: PageIndex;
      }
    /** A page got, changed or lost its swap block. */
    | {
          ev: "MetaSet";
          /** The object. */
          object: ObjectId;
          /** The page. */
          index: PageIndex;
          /** Before. */
          old: SwapBlock | null;
          /** After. */
          new: SwapBlock | null;
      }
    /** A name was given a handle. */
    | {
          ev: "Named";
          /** The handle. */
          handle: Handle;
          /** The name. */
          name: string;
      }
    /** An object was made. */
    | {
          ev: "ObjectCreated";
          /** The object. */
          object: VmObject;
      }
    /** Something about an object changed. */
    | {
          ev: "ObjectChanged";
          /** Before. */
          old: VmObject;
          /** After. */
          new: VmObject;
      }
    /** More or less of an object is paging (`paging_in_progress`), and nothing else about it changed. */
    | {
          ev: "PagingInProgress";
          /** The object. */
          object: ObjectId;
          /** Before. */
          old: number;
          /** After. */
          new: number;
      }
    /** An object is gone. */
    | {
          ev: "ObjectDestroyed";
          /** As it was. */
          object: VmObject;
      }
    /** A page came into memory. */
    | {
          ev: "PageInserted";
          /** The frame that holds it. */
          frame: Frame;
          /** The page. */
          page: PageRecord;
      }
    /** Something about a page changed. */
    | {
          ev: "PageChanged";
          /** The object. */
          object: ObjectId;
          /** The page. */
          index: PageIndex;
          /** Before. */
          old: PageState;
          /** After. */
          new: PageState;
          /** What the kernel did to it, in order. */
          actions: PageAction[];
      }
    /** A page got other bytes. */
    | {
          ev: "PageBytes";
          /** The object. */
          object: ObjectId;
          /** The page. */
          index: PageIndex;
      }
    /** A page went out of memory. */
    | {
          ev: "PageRemoved";
          /** The frame that held it. */
          frame: Frame;
          /** The page. */
          page: PageRecord;
      }
    /** Pages are handed to the pager to be written (`swap_pager_putpages`). */
    | {
          ev: "PutPages";
          /** The object. */
          object: ObjectId;
          /** The first page. */
          start: PageIndex;
          /** How many. */
          count: number;
          /** Whether the caller waits for each write. */
          sync: boolean;
      }
    /** What putpages answered, a value a page. */
    | {
          ev: "PutPagesReturned";
          /** The object. */
          object: ObjectId;
          /** The first page. */
          start: PageIndex;
          /** The answers. */
          rtvals: Rtval[];
      }
    /** A page is asked of the pager, others around it welcome (`swap_pager_getpages`). */
    | {
          ev: "GetPages";
          /** The object. */
          object: ObjectId;
          /** The first page offered. */
          start: PageIndex;
          /** How many are offered. */
          count: number;
          /** The page that must come. */
          wanted: PageIndex;
      }
    /** A buffer was taken (`getpbuf`). */
    | {
          ev: "BufTaken";
          /** The pool it counts against. */
          pool: Pool | null;
      }
    /** A buffer was given back (`relpbuf`). */
    | {
          ev: "BufReleased";
          /** The pool it counts against. */
          pool: Pool | null;
      }
    /** The limits of the pools were set. */
    | {
          ev: "PoolsChanged";
          /** Before. */
          old: Pools;
          /** After. */
          new: Pools;
      }
    /** A transfer was handed to a device (`VOP_STRATEGY`). */
    | {
          ev: "IoStarted";
          /** The transfer. */
          transfer: Transfer;
      }
    /** A transfer is over (`biodone`). */
    | {
          ev: "IoDone";
          /** The transfer. */
          transfer: Transfer;
          /** Its place among the transfers in flight, from 0. */
          position: number;
          /** Why it failed, if it did. */
          error: Errno | null;
      }
    /** The statistics moved. */
    | {
          ev: "Counted";
          /** By what. */
          count: Count;
      };

/** Memory. */
export interface MemorySnapshot {
    /** Frames there are (`v_page_count`). */
    frames: number;
    /** Frames that hold nothing (`v_free_count`). */
    free: number;
    /** How many of them should be free. */
    targets: PageTargets;
}

/** A memory object (`vm_object_t`). Numbers start at 1 and are never given out twice. */
export type ObjectId = number;

/** Where an object's pages come from and go to (`objtype_t`). */
export type ObjectKind =
    /** Zero-filled memory that has never been paged out (`OBJT_DEFAULT`). */
    | "Default"
    /** Memory the swap pager knows (`OBJT_SWAP`). */
    | "Swap";

/** A memory object. */
export interface ObjectSnapshot extends VmObject {
    /** Its name, if it has one. */
    name: string | null;
    /** Its pages that are in memory or on swap, by index. Those that are missing were never touched. */
    pages: PageSnapshot[];
}

/** Why an operation ended early. */
export type OpError =
    /** The kernel refused with this error. */
    | {
          why: "refused";
          /** The error. */
          errno: Errno;
      }
    /** A page could not be read from swap. */
    | {
          why: "pagein";
          /** Which. */
          page: PageIndex;
      }
    /** The object went away in the meantime. */
    | {
          why: "objectgone";
          /** Which. */
          object: ObjectId;
      }
    /** There was no memory for it and none to be had: the kernel kills the process. */
    | { why: "killed" }
    /** The kernel would panic here. */
    | {
          why: "panic";
          /** With what. */
          panic: KernelPanic;
      };

/** An operation that a command began. Numbers start at 1 and are never given out twice. */
export type OpId = number;

/** What came of a command. */
export type OpResult =
    /** The disk is on. */
    | ({ result: "swappedon" } & SwapOn)
    /** There is an object. */
    | {
          result: "created";
          /** Which. */
          object: ObjectId;
          /** Whether it was there already, under that name. */
          existing: boolean;
          /** Pages it has. One that was there already keeps its size. */
          pages: number;
      }
    /** The pages were read or written. */
    | ({ result: "touched" } & Touched)
    /** The pages were paged out. */
    | ({ result: "pagedout" } & PagedOut)
    /** The disk is off. */
    | {
          result: "swappedoff";
          /** Pages that were brought back from it. */
          pages: number;
      }
    /** The contents of pages were given up. */
    | {
          result: "givenup";
          /** How many. */
          pages: number;
      }
    /** Blocks were read, written or freed directly. */
    | {
          result: "transferred";
          /** Why it failed, if it did. */
          error: Errno | null;
          /** Bytes not transferred. */
          resid: number;
          /** Pages read that have no block. */
          zero_filled: number;
      }
    /** The object was forked; the same twice if it is shared instead. */
    | {
          result: "forked";
          /** What the parent uses from now on. */
          parent: ObjectId;
          /** What the child uses. */
          child: ObjectId;
      }
    /** A setting was changed. */
    | { result: "set" }
    /** A reference was let go of. */
    | {
          result: "destroyed";
          /** References left; with none the object is gone. */
          ref_count: number;
      }
    /** The operation ended early. */
    | {
          result: "failed";
          /** Why. */
          error: OpError;
      };

/** An operation under way. */
export interface OperationSnapshot {
    /** Its number. */
    op: OpId;
    /** What was asked. */
    command: Command;
    /** What it sleeps on. */
    sleeps_on: WaitChannel | null;
}

/** What was done to a page, in the kernel's words. */
export type PageAction =
    /** `vm_page_activate`. */
    | "Activate"
    /** `vm_page_deactivate`. */
    | "Deactivate"
    /** `vm_page_io_start`: one more write in progress. */
    | "IoStart"
    /** `vm_page_io_finish`: one write fewer. */
    | "IoFinish"
    /** `vm_page_protect`: mappings made read-only, so that the next write is noticed. */
    | "Protect"
    /** `vm_page_cache`: clean, its frame free for the taking. */
    | "Cache"
    /** `vm_page_free`: out of memory. */
    | "Free"
    /** `vm_page_flash`: sleepers woken, the page stays busy. */
    | "Flash"
    /** `vm_page_wakeup`: no longer busy, sleepers woken. */
    | "Wakeup"
    /** `vm_page_dirty`. */
    | "Dirty"
    /** The swap pager took it for a transfer. */
    | "SwapInProgress"
    /** `vm_page_zero_fill`. */
    | "ZeroFill";

/** The place of a page in its object, in pages (`vm_pindex_t`). */
export type PageIndex = number;

/** A page as events carry it. */
export interface PageRecord {
    /** The object it belongs to. */
    object: ObjectId;
    /** Its place there. */
    index: PageIndex;
    /** What is so about it. */
    state: PageState;
}

/** A page of an object. */
export interface PageSnapshot {
    /** Its place in the object. */
    index: PageIndex;
    /** The frame of memory that holds it; null if it is not in memory. */
    frame: Frame | null;
    /** What is so about it; null if it is not in memory. */
    state: PageState | null;
    /** Its swap block; null if it has none. */
    block: SwapBlock | null;
    /** Where that block lies; null if it has none. */
    place: Place | null;
}

/**
 * What is so about a page at a moment. `valid` and `dirty` are for the whole page: the swap
 * pager never deals in parts of one.
 */
export interface PageState {
    /** Its contents count (`m->valid`). */
    valid: boolean;
    /** Its contents are newer than what is on swap (`m->dirty`). */
    dirty: boolean;
    /** Writes of it in progress (`m->busy`, the soft-busy count). */
    busy: number;
    /** One operation has it to itself (`PG_BUSY`). */
    pg_busy: boolean;
    /** A transfer by the swap pager is under way (`PG_SWAPINPROG`). */
    swap_in_progress: boolean;
    /** Someone sleeps until it is no longer busy (`PG_WANTED`). */
    wanted: boolean;
    /** Used since the last look (`PG_REFERENCED`). */
    referenced: boolean;
    /** Holds that keep it in memory (`m->hold_count`). */
    hold_count: number;
    /** The list it is on. */
    queue: Queue;
}

/**
 * How many frames should be free, in pages (`cnt.v_free_*`). The kernel's formulas, but with a
 * reserve that suits machines of a few hundred pages as well.
 */
export interface PageTargets {
    /** Frames kept back, for the pageout daemon and the like (`v_free_reserved`). */
    reserved: number;
    /** Below so many, whoever needs a frame waits (`v_free_min`). */
    min: number;
    /** Below so many, memory is very short (`v_free_severe`). */
    severe: number;
    /** So many the daemon brings about (`v_free_target`). */
    target: number;
    /** And so many on the inactive list (`v_inactive_target`). */
    inactive: number;
}

/** What a forced pageout did. */
export interface PagedOut {
    /** Pages for which a write was started. */
    written: number;
    /** Pages that left memory. */
    freed: number;
    /** Pages that stay in memory because they could not be written. */
    kept: number;
}

/** What a page can be filled with. */
export type Pattern =
    /**
     * Lines that say which object and page this is, and the given number: every page differs,
     * and a hex dump of it can be read.
     */
    | { label: number }
    /** The same byte throughout. */
    | { byte: number }
    /** Bytes that look random, made from the given number and the place of the page. */
    | { noise: number };

/** Where a transfer goes. */
export interface Place {
    /** The device, which may leave the slot to another later. */
    device: DeviceId;
    /** The slot it is in. */
    slot: SlotId;
    /** The first block there. */
    block: DeviceBlock;
}

/** How room is found. */
export type Policy =
    /** From the first block on, the first run that is long enough: what the original does (`blist_alloc`). */
    | "firstfit"
    /**
     * From the leaf on that gave room last, and if there is none up to the end, from the first
     * block on. This is what DragonFly's pager has code for (`blist_allocat` with
     * `swapiterator`, tried twice). As there, the leaf is looked at as a whole, so that room
     * before the last allocation in the same leaf may be taken; and a node whose first blocks
     * were passed over keeps its hint. In the version we know, the line that moves
     * `swapiterator` is commented out; here it moves.
     */
    | "nextfit"
    /**
     * On the devices in turn, beginning behind the one that gave room last, and on each the
     * first run that is long enough. So it has been in FreeBSD since 5.2
     * (`swp_pager_getswapspace`). There each device has an allocator and a range of blocks of
     * its own, and there are no stripes. Here all share one tree, and a device is searched by
     * looking at its leaves only: nodes above leaves are for all devices, so they are looked at
     * more often than there, and their hints are lowered only where no leaf was left out. A
     * device with fewer pages free than are sought is not searched at all. The turn goes by
     * slots; there by the order of swapon. After a search that found nothing it begins with the
     * first device again, as there.
     */
    | "roundrobin";

/** A limit that a buffer counts against. */
export type Pool =
    /** Page-ins (`nsw_rcount`). */
    | "Read"
    /** Page-outs that their caller waits for (`nsw_wcount_sync`). */
    | "WriteSync"
    /** Page-outs of the pageout daemon (`nsw_wcount_async`). */
    | "WriteAsync";

/** How many buffers there are and how many are left. */
export interface Pools {
    /** Buffers in all (`nswbuf`). */
    nswbuf: number;
    /** Buffers no one has (`bswlist`). */
    free: number;
    /** Page-ins that may still start (`nsw_rcount`). */
    rcount: number;
    /** Synchronous page-outs that may still start (`nsw_wcount_sync`). */
    wcount_sync: number;
    /** Asynchronous page-outs that may still start (`nsw_wcount_async`). */
    wcount_async: number;
    /** The limit `wcount_async` counts down from (`nsw_wcount_async_max`). */
    wcount_async_max: number;
    /** The limit as a person set it; putpages makes it the one in force (`swap_async_max`). */
    swap_async_max: number;
}

/** The list a page is on (`m->queue`). */
export type Queue =
    /** On no list (`PQ_NONE`). */
    | "None"
    /** Not used of late (`PQ_INACTIVE`). */
    | "Inactive"
    /** In use (`PQ_ACTIVE`). */
    | "Active"
    /** Clean and free for the taking, but still with its contents (`PQ_CACHE`). */
    | "Cache";

/** What putpages answered for a page (`VM_PAGER_*`). */
export type Rtval =
    /** A write was started; it may be over already (`VM_PAGER_PEND`). */
    | "PEND"
    /** There was no room on swap (`VM_PAGER_FAIL`). */
    | "FAIL";

/** A place for a swap device in the interleave (an index into `swdevt`). */
export type SlotId = number;

/** The state of a machine at a moment. */
export interface Snapshot {
    /** What the machine was made with. */
    config: Config;
    /** The swap space as a whole. */
    swap: SwapSnapshot;
    /** The disks that are switched on, by slot. */
    disks: DiskSnapshot[];
    /** The objects, by number. */
    objects: ObjectSnapshot[];
    /** The transfers in flight, oldest first. */
    transfers: Transfer[];
    /** The operations under way, oldest first. */
    operations: OperationSnapshot[];
    /** What the pageout daemon sleeps on. */
    daemon: WaitChannel | null;
    /** Memory. */
    memory: MemorySnapshot;
    /** The buffers for transfers. */
    buffers: Pools;
    /** The statistics since the machine started. */
    counters: Counters;
}

/**
 * A block of the swap space, one page long (`daddr_t` in swap_pager.c). The space is one
 * line of blocks, dealt out to the devices stripe by stripe. "No block" (`SWAPBLK_NONE`)
 * is `None`.
 */
export type SwapBlock = number;

/** What swapon did. */
export interface SwapOn {
    /** The slot the device took. */
    slot: SlotId;
    /** Its length in pages. */
    pages: number;
    /** The blocks of the whole swap space now (`nswap`). */
    nswap: number;
}

/** The swap space as a whole. */
export interface SwapSnapshot {
    /** Free pages (`vm_swap_size`). */
    free: number;
    /** How near the end of it is. */
    full: Full;
    /** Below so many free pages it is almost full (`nswap_lowat`). */
    lowat: number;
    /** Above so many free pages it is no longer (`nswap_hiwat`). */
    hiwat: number;
    /** Blocks it has, those of empty slots and of the first stripe of each disk included (`nswap`). */
    blocks: number;
}

/** What it took to read or write pages. */
export interface Touched {
    /** Pages that were in memory. */
    resident: number;
    /** Pages that had never been written, and were filled with zeros. */
    zero_filled: number;
    /** Pages that had to be waited for while they were read from swap. */
    paged_in: number;
    /** Pages that were shared, and copied to be written to. */
    copied: number;
}

/** A transfer on its way to or from a device. */
export interface Transfer {
    /** Its number. */
    io: IoId;
    /** The buffer it uses. */
    buf: BufId;
    /** Its direction. */
    cmd: IoCmd;
    /** The first swap block. */
    block: SwapBlock;
    /** How many pages. */
    pages: number;
    /** Where it goes; `None` if no device took it. */
    place: Place | null;
    /** The object and first page, if it carries pages of one. */
    object: [ObjectId, PageIndex] | null;
}

/** A node of the tree (`blmeta_t`). */
export interface TreeNode {
    /**
     * In a leaf the bitmap, a set bit being a free block (`bmu_bitmap`); in any other node the
     * number of free blocks below (`bmu_avail`).
     */
    value: number;
    /**
     * A run longer than this is not to be found below; it may be shorter (`bm_bighint`).
     * −1 marks the end of a node's children.
     */
    hint: number;
}

/** A memory object. */
export interface VmObject {
    /** Its number. */
    id: ObjectId;
    /** Whether the swap pager knows it. */
    kind: ObjectKind;
    /** Its name, if it has one. */
    handle: Handle | null;
    /** Its length in pages (`object->size`). */
    size: number;
    /** References to it (`object->ref_count`). */
    ref_count: number;
    /** Pages of it in transfer, and operations that rely on it (`paging_in_progress`). */
    paging_in_progress: number;
    /** Metadata blocks it has (`swp_bcount`). */
    swp_bcount: number;
    /** What lies behind it, if it is a shadow. */
    backing: Backing | null;
    /** Objects it lies behind (`shadow_count`). */
    shadow_count: number;
    /** Its last reference is gone and it is being taken apart (`OBJ_DEAD`). */
    dead: boolean;
}

/** A sleep: on what, and under which name (`tsleep`). */
export interface WaitChannel {
    /** What would wake it. */
    on: Channel;
    /** The name that ps shows, such as `swread` (`wmesg`). */
    wmesg: string;
}
