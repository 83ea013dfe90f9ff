/// <reference lib="esnext.disposable" />

import type {
    BlistImage,
    Command,
    Config,
    Errno,
    ErrorCode,
    Fixes,
    MachineEvent,
    OpError,
    OpResult,
    Snapshot,
    Transfer,
} from './types.js';

export type * from './types.js';

/** What a machine is made with: any of the settings, and how its disks work. */
export interface CreateOptions extends Partial<Omit<Config, 'fixes'>> {
    /** Which bugs of the original are mended; none unless it is said here. */
    fixes?: Partial<Fixes>;
    /**
     * Whether transfers wait until you carry them out with {@link Machine.complete}. Else they are carried
     * out by themselves, the oldest first, some time after the call that started them.
     */
    manual?: boolean;
    /**
     * The program, where it does not lie beside the script: its address, its bytes, or compiled already. It is
     * looked at only by the first call; all machines share the program. An address is fetched, in Node too: a
     * file is given by its bytes there.
     */
    wasm?: string | URL | Response | BufferSource | WebAssembly.Module;
}

/**
 * Makes a machine, without disks and objects.
 *
 * Rejects with a {@link SettingError} when a setting has a value that it can't have.
 */
export function create(options?: CreateOptions): Promise<Machine>;

/** What came of an operation that did not fail. Pages that were read directly come as bytes, 4,096 each. */
export type Result =
    | Exclude<OpResult, { result: 'failed' | 'transferred' }>
    | (Extract<OpResult, { result: 'transferred' }> & { data: Uint8Array[] });

/** A machine with disks in memory. {@link create} makes one. */
export class Machine implements Disposable {
    private constructor();

    /**
     * Begins a command: a text such as `fill heap 0..63`, or an object. The operation begins within the call;
     * the promise settles when it has ended.
     *
     * A page-out that does not wait (without `sync`) ends when its writes are started: {@link idle} waits for
     * them.
     *
     * Rejects with a {@link RequestError} when it is no command, or one that makes no sense, and with an
     * {@link OperationError} when the operation fails.
     */
    run(command: string | Command): Promise<Result>;

    /**
     * Settles when no operation and no transfer is under way.
     *
     * Rejects with a {@link SwapPagerError} when the machine is freed before.
     */
    idle(): Promise<void>;

    /**
     * All that happens from now on, to be read with `for await`. There can be several readers, and each gets
     * all events. They are kept until they are read: leave the loop, or call `return`, when you want no more.
     * It ends with {@link free}.
     */
    events(): AsyncIterableIterator<MachineEvent>;

    /** The state of the machine now. It is a copy: nothing changes it later. */
    snapshot(): Snapshot;

    /** The radix tree of free blocks now; null before the first disk is switched on. */
    tree(): BlistImage | null;

    /**
     * A copy of the 4,096 bytes of a page, or null if it is not in memory. It is no command: nothing is paged
     * in. The object is given by number or by name. One that was forked has only pages of its own here.
     *
     * @throws {@link RequestError} when there is no such object, or it has no such page.
     */
    read(object: number | string, page: number): Uint8Array | null;

    /**
     * A copy of the 4,096 bytes that lie in a block of a disk: zeros where nothing was written.
     *
     * @throws {@link RequestError} when no disk of that number is on, or it has no such block.
     */
    block(disk: number, block: number): Uint8Array;

    /** The transfers in flight, the oldest first. */
    transfers(): Transfer[];

    /**
     * Carries out a transfer in flight: with an error it fails, and nothing is read or written. With `manual`
     * this is how transfers end, in any order.
     *
     * @throws {@link RequestError} when no such transfer is in flight.
     */
    complete(io: number, error?: Errno | null): void;

    /**
     * Gives the memory back that the machine has. What is under way rejects with a {@link SwapPagerError} whose
     * code is `Freed`; streams of events end. After that the machine can't be used.
     */
    free(): void;

    /** The same as {@link free}, for `using`. */
    [Symbol.dispose](): void;
}

/** What all errors of this package are. */
export class SwapPagerError extends Error {
    protected constructor();
    /** What is wrong, as one word. `Freed`: the machine was freed. */
    readonly code: ErrorCode | Errno | Exclude<OpError['why'], 'refused'> | 'Freed';
}

/** A setting of the machine has a value that it can't have, or there is no such setting. */
export class SettingError extends SwapPagerError {
    /** Always this. */
    readonly code: 'Setting';
    /** Which setting. */
    readonly setting: string;
}

/** What was asked makes no sense. Nothing has changed. */
export class RequestError extends SwapPagerError {
    /** What is wrong. */
    readonly code: Exclude<ErrorCode, 'Setting'>;
    /** Where in a text that is no command the wrong part begins; null if it was no text. */
    readonly start: number | null;
    /** Where it ends; at `start` where something is missing. */
    readonly end: number | null;
}

/** An operation failed. What it did until then stays done. */
export class OperationError extends SwapPagerError {
    /** The error number of the kernel, or why there is none. */
    readonly code: Errno | Exclude<OpError['why'], 'refused'>;
    /** The number of the operation. */
    readonly op: number;
    /** What was asked. */
    readonly command: Command;
    /** What came of it. */
    readonly result: Extract<OpResult, { result: 'failed' | 'transferred' }>;
}
