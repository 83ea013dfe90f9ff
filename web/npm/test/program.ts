// What the package promises. It runs in Node, in a page without bundler and in one that Vite built, and is
// compiled with `tsc --strict`: every export is used here as its type says.

import type * as Api from 'swap-pager';
import type {
    BlistImage,
    Command,
    Config,
    CreateOptions,
    DiskSnapshot,
    Errno,
    ErrorCode,
    Machine,
    MachineEvent,
    ObjectSnapshot,
    OpResult,
    PageSnapshot,
    Result,
    Snapshot,
    Transfer,
} from 'swap-pager';

/** Blocks of a stripe, and slots of a machine unless it is made with fewer. */
const STRIPE = 32;
const SLOTS = 4;

function same<T>(is: T, wanted: T, what: string): void {
    const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)];
    if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
}

function present<T>(value: T | null | undefined, what: string): T {
    if (value === null || value === undefined) throw new Error(`there is no ${what}`);
    return value;
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** What a promise is rejected with. */
async function refusal(promise: Promise<unknown>): Promise<unknown> {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error('it was not refused');
}

async function withDisks(api: typeof Api, options?: CreateOptions): Promise<Machine> {
    const machine = await api.create(options);
    for (const disk of [0, 1, 2, 3]) await machine.run({ cmd: 'swapon', disk, pages: 1024 });
    await machine.run('create heap 128');
    return machine;
}

const objectOf = (snapshot: Snapshot): ObjectSnapshot => present(snapshot.objects[0], 'object');

type Check = (api: typeof Api) => Promise<void>;

const checks: Record<string, Check> = {
    'results are typed by what was asked': async ({ create }) => {
        using machine = await create();
        const on: Result = await machine.run('swapon disk 0, 4096 pages');
        same(on, { result: 'swappedon', slot: 0, pages: 4096, nswap: 4096 * SLOTS }, 'swapon');
        const made = await machine.run({ cmd: 'create', name: 'heap', pages: 8 });
        same(made, { result: 'created', object: 1, existing: false, pages: 8 }, 'create');
        if (made.result !== 'created') throw new Error(made.result);
        const filled = await machine.run({ cmd: 'fill', object: made.object, start: 0, count: 8, pattern: { byte: 7 } });
        same(filled, { result: 'touched', resident: 0, zero_filled: 8, paged_in: 0, copied: 0 }, 'fill');
        same(hex(present(machine.read('heap', 3), 'page')), '07'.repeat(4096), 'the page');
    },

    'pages go out in stripes and come back as they were': async (api) => {
        using machine = await withDisks(api);
        await machine.run('fill heap 0..127 with noise 5');
        const before = Array.from({ length: 128 }, (_, page) => hex(present(machine.read(1, page), 'page')));
        same(new Set(before).size, 128, 'different pages');
        same(await machine.run('pageout heap 0..127 sync'), { result: 'pagedout', written: 128, freed: 128, kept: 0 }, 'pageout');
        await machine.idle();
        const pages: PageSnapshot[] = objectOf(machine.snapshot()).pages;
        same(pages.length, 128, 'pages');
        const used = new Set<number>();
        for (const page of pages) {
            same([page.frame, page.state], [null, null], 'a page that is out');
            same(machine.read('heap', page.index), null, 'its bytes');
            const block = present(page.block, 'block');
            const place = present(page.place, 'place');
            const stripe = Math.floor(block / STRIPE);
            same(place.slot, stripe % SLOTS, 'its slot');
            same(place.block, Math.floor(stripe / SLOTS) * STRIPE + (block % STRIPE), 'its block there');
            same(hex(machine.block(place.device, place.block)), before[page.index], 'what lies there');
            used.add(place.device);
        }
        same(used.size, 4, 'disks in use');
        const read = await machine.run('read heap');
        if (read.result !== 'touched') throw new Error(read.result);
        same(read.resident + read.paged_in, 128, 'pages read');
        const after = Array.from({ length: 128 }, (_, page) => hex(present(machine.read('heap', page), 'page')));
        same(after, before, 'bytes');
        const { v_swappgsout, v_swappgsin } = machine.snapshot().counters;
        same([v_swappgsout, v_swappgsin], [128, 128], 'counters');
    },

    'settings are checked': async ({ create, SettingError, SwapPagerError }) => {
        const config: Config = (await create({ frames: 256, fixes: { reserve_tail: true } })).snapshot().config;
        same([config.frames, config.nswdev, config.fixes], [256, 4, { reserve_tail: true, far_metadata: false }], 'config');
        same([config.stripe, config.policy], [undefined, undefined], 'as in the original');
        const other: Config = (await create({ stripe: 8, policy: 'nextfit' })).snapshot().config;
        same([other.stripe, other.policy], [8, 'nextfit'], 'other policies');
        for (const [options, setting] of [
            [{ frames: 63 }, 'frames'],
            [{ nswbuf: 2.5 }, 'nswbuf'],
            [{ lowat: -1 }, 'lowat'],
            [{ nswdev: '4' }, 'nswdev'],
            [{ colour: 1 }, 'colour'],
            [{ stripe: 24 }, 'stripe'],
            [{ policy: 'bestfit' }, 'policy'],
            [{ fixes: { all: true } }, 'fixes'],
        ] as const) {
            const error = await refusal(create(options as unknown as CreateOptions));
            if (!(error instanceof SettingError && error instanceof SwapPagerError)) throw error;
            same([error.code, error.setting, error.name], ['Setting', setting, 'SettingError'], 'refusal');
        }
    },

    'what makes no sense is refused, and changes nothing': async (api) => {
        using machine = await withDisks(api);
        const before = machine.snapshot();
        const asked: [string | Command, ErrorCode, number | null, number | null][] = [
            ['💾 filll heap 0..3', 'Syntax', 0, 2],
            ['fill heap 0..', 'Syntax', 10, 13],
            ['read stack', 'NoObject', 5, 10],
            ['read heap 128', 'NoPage', 10, 13],
            [{ cmd: 'destroy', object: 9 }, 'NoObject', null, null],
            [{ cmd: 'read', object: 1, start: 0, count: 0 }, 'NoPages', null, null],
            [{ cmd: 'create', pages: 0 }, 'ObjectSize', null, null],
            [{ cmd: 'fork', object: 1, colour: 3 } as Command, 'NotACommand', null, null],
            [{ cmd: 'swapon', disk: 0 } as unknown as Command, 'NotACommand', null, null],
            [undefined as unknown as Command, 'NotACommand', null, null],
        ];
        for (const [command, code, start, end] of asked) {
            const error = await refusal(machine.run(command));
            if (!(error instanceof api.RequestError)) throw error;
            same([error.code, error.start, error.end], [code, start, end], `${JSON.stringify(command)}: ${error.message}`);
        }
        for (const [ask, code] of [
            [() => machine.read('stack', 0), 'NoObject'],
            [() => machine.read(1, 128), 'NoPage'],
            [() => machine.block(7, 0), 'DiskOff'],
            [() => machine.block(0, 1024), 'NoBlock'],
            [() => machine.complete(99), 'NoTransfer'],
        ] as const) {
            const error = await refusal((async () => ask())());
            if (!(error instanceof api.RequestError)) throw error;
            same<string>(error.code, code, error.message);
        }
        same(machine.snapshot(), before, 'the machine');
    },

    'an operation that fails rejects': async (api) => {
        using machine = await withDisks(api);
        const error = await refusal(machine.run('swapon disk 4, 64 pages'));
        if (!(error instanceof api.OperationError)) throw error;
        const result: OpResult = error.result;
        same(result, { result: 'failed', error: { why: 'refused', errno: 'EINVAL' } }, 'result');
        same([error.code, error.command.cmd, error.message], ['EINVAL', 'swapon', 'swapon disk 4, 64 pages: EINVAL'], 'error');
    },

    'events: each stream gets all from when it began, until the end': async (api) => {
        const machine = await withDisks(api);
        const read = async (stream: AsyncIterable<MachineEvent>) => {
            const events: MachineEvent[] = [];
            for await (const event of stream) events.push(event);
            return events;
        };
        const first = read(machine.events());
        await machine.run('fill heap 0..15');
        const second = read(machine.events());
        let left = 0;
        const leaves = (async () => {
            for await (const event of machine.events()) {
                left += 1;
                if (event.ev === 'IoStarted') break;
            }
        })();
        await machine.run('pageout heap 0..15');
        await machine.idle();
        await leaves;
        machine.free();
        const [all, some] = await Promise.all([first, second]);
        const begun = all.findLastIndex((event) => event.ev === 'OpStarted');
        same(some, all.slice(begun), 'the events that both got');
        same(left, some.findIndex((event) => event.ev === 'IoStarted') + 1, 'events before it left');
        const sought = some.flatMap((event) => (event.ev === 'GetSwapSpace' ? [event.pages] : []));
        same(sought, [16], 'rooms sought');
        const changes = all.filter((event) => event.ev === 'MetaSet' && event.old === null);
        same(changes.length, 16, 'pages that got a block');
        same(all.at(-1)?.ev !== undefined, true, 'a last event');
    },

    'transfers by hand': async (api) => {
        using machine = await withDisks(api, { manual: true });
        await machine.run('fill heap 0..31');
        let over = false;
        const out = machine.run('pageout heap 0..31 sync').then((result) => {
            over = true;
            return result;
        });
        await new Promise((resolve) => setTimeout(resolve, 20));
        const [only, none]: Transfer[] = machine.transfers();
        same([present(only, 'transfer').cmd, only?.pages, none], ['write', 16, undefined], 'the transfer');
        same([over, machine.snapshot().operations[0]?.sleeps_on?.wmesg], [false, 'swwrt'], 'the operation');
        for (let n = 0; machine.transfers().length > 0; n += 1) {
            if (n > 9) throw new Error('it has no end');
            machine.complete(present(machine.transfers()[0], 'transfer').io);
        }
        same((await out).result, 'pagedout', 'the result');
        await machine.idle();
    },

    'a disk that fails': async (api) => {
        using machine = await withDisks(api, { manual: true });
        const fail = (errno: Errno) => {
            for (const { io } of machine.transfers()) machine.complete(io, errno);
        };
        await machine.run('write heap 0 "kept"');
        const bytes = hex(present(machine.read('heap', 0), 'page'));
        void machine.run('pageout heap 0');
        fail('EIO');
        await machine.idle();
        const page = present(objectOf(machine.snapshot()).pages[0], 'page');
        same(page.state?.dirty, true, 'still dirty');
        same(hex(present(machine.read('heap', 0), 'page')), bytes, 'its bytes');

        const out = machine.run('pageout heap 0 sync');
        for (const { io } of machine.transfers()) machine.complete(io);
        await out;
        same(machine.read('heap', 0), null, 'what was paged out');
        const read = refusal(machine.run('read heap 0'));
        fail('EIO');
        const error = await read;
        if (!(error instanceof api.OperationError)) throw error;
        same([error.code, error.message], ['pagein', 'read heap 0: page 0 could not be read from swap'], 'the error');
        const again = machine.run('read heap 0');
        for (const { io } of machine.transfers()) machine.complete(io, null);
        await again;
        same(hex(present(machine.read('heap', 0), 'page')), bytes, 'its bytes, read again');
        const wrong = await refusal((async () => machine.complete(1, 'EPERM' as Errno))());
        same(wrong instanceof api.RequestError && wrong.code, 'NoErrno', 'another error');
    },

    'direct transfers bring their bytes': async (api) => {
        using machine = await withDisks(api);
        await machine.run('strategy heap 4..5 write with byte 0xab');
        const read = await machine.run('strategy heap 3..5 read');
        if (read.result !== 'transferred') throw new Error(read.result);
        same([read.error, read.resid, read.zero_filled], [null, 0, 1], 'the result');
        same(read.data.map((page) => hex(page.subarray(0, 2))), ['0000', 'abab', 'abab'], 'the bytes');
    },

    'a snapshot tells the state, and stays as it is': async (api) => {
        using machine = await withDisks(api);
        await machine.run('fill heap 0..9');
        await machine.run('pageout heap 0..4 sync');
        const snapshot: Snapshot = machine.snapshot();
        const disks: DiskSnapshot[] = snapshot.disks;
        same(disks.map(({ slot, id, pages }) => [slot, id, pages]), [0, 1, 2, 3].map((n) => [n, n, 1024]), 'disks');
        same(disks.reduce((sum, disk) => sum + disk.used, 0), 5, 'pages in use');
        same([snapshot.swap.blocks, snapshot.swap.free], [4096, 4096 - 4 * STRIPE - 5], 'swap');
        const heap = objectOf(snapshot);
        same([heap.name, heap.size, heap.kind, heap.pages.length], ['heap', 128, 'Swap', 10], 'the object');
        same([snapshot.memory.frames - snapshot.memory.free, snapshot.buffers.nswbuf], [5, 32], 'memory');
        same([snapshot.daemon?.wmesg, snapshot.transfers, snapshot.operations], ['psleep', [], []], 'nothing under way');
        const tree: BlistImage = present(machine.tree(), 'tree');
        same(tree.blocks, 4096, 'blocks of the tree');
        const copy = JSON.stringify(snapshot);
        await machine.run('destroy heap');
        same(JSON.stringify(snapshot), copy, 'the snapshot');
        same(machine.snapshot().objects, [], 'objects left');
        same((await api.create()).tree(), null, 'the tree of a machine without disks');
    },

    'with little memory the daemon pages out, and all is found again': async (api) => {
        using machine = await withDisks(api, { frames: 64 });
        const filled = Promise.all([machine.run('fill heap 0..127 with noise 1'), machine.run('create stack 4')]);
        await filled;
        same(machine.snapshot().objects.length, 2, 'objects');
        await machine.idle();
        same(machine.snapshot().counters.v_swappgsout > 60, true, 'pages written');
        await machine.run('read heap 0');
        const first = hex(present(machine.read('heap', 0), 'page'));
        await machine.run('fill heap 1 with noise 1');
        await machine.run('fill heap 0 with noise 1');
        same(hex(present(machine.read('heap', 0), 'page')), first, 'page 0');
    },

    'a machine that was freed says so': async (api) => {
        const machine = await withDisks(api, { manual: true });
        await machine.run('fill heap 0..15');
        const out = refusal(machine.run('pageout heap 0..15 sync'));
        const idle = refusal(machine.idle());
        const next = machine.events().next();
        machine.free();
        machine.free();
        for (const error of [await out, await idle, await refusal(machine.run('read heap 0')), await refusal((async () => machine.snapshot())())]) {
            if (!(error instanceof api.SwapPagerError)) throw error;
            same(error.code, 'Freed', 'the error');
        }
        same((await next).done, true, 'the stream');
    },
};

/** Runs all of it; tells the names of what passed. The first machine is made with the options. */
export async function check(api: typeof Api, options: CreateOptions = {}): Promise<string[]> {
    same(Object.keys(api).sort(), ['Machine', 'OperationError', 'RequestError', 'SettingError', 'SwapPagerError', 'create'], 'exports');
    // A program that can't be loaded is none for ever.
    const broken = await refusal(api.create({ wasm: new Uint8Array(4) }));
    same(broken instanceof WebAssembly.CompileError, true, String(broken));
    const machine = await api.create(options);
    same(machine instanceof api.Machine, true, 'what create makes is a machine');
    machine.free();
    const passed: string[] = [];
    for (const [name, run] of Object.entries(checks)) {
        try {
            await run(api);
        } catch (error) {
            throw new Error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        }
        passed.push(name);
    }
    return passed;
}

/** Commands and values of a machine at work, to be held against their types. */
export async function samples(api: typeof Api) {
    const machine = await withDisks(api, { frames: 64 });
    const events: MachineEvent[] = [];
    const hear = async (machine: Machine) => {
        for await (const event of machine.events()) events.push(event);
    };
    const heard = [hear(machine)];
    const results: (Result | OpResult)[] = [];
    const commands: Command[] = [];
    const snapshots: Snapshot[] = [];
    for (const text of [
        'fill heap 0..99 with label 3', 'write heap 3 "some text" at 9', 'pageout heap 0..63', 'read heap 0..99',
        'create unnamed 40', 'fill object 2 0..30', 'pageout object 2 0..30 sync', 'madvise object 2 0..3 free',
        'strategy object 2 10..12 read', 'strategy object 2 10..12 write', 'strategy object 2 10..11 delete',
        'sysctl vm.swap_async_max=2', 'create unnamed 9', 'fill object 3 0..8', 'fork object 3', 'fill object 5 1..2', 'swapoff disk 1', 'swapon disk 1, 20 pages',
        'swapon disk 1, 1024 pages', 'swapon disk 2, 1024 pages', 'destroy object 2', 'destroy object 4', 'destroy object 5', 'fork heap', 'destroy heap',
        'create large 9000', 'fill large 0..4095', 'destroy large',
    ]) {
        const running = machine.run(text);
        snapshots.push(machine.snapshot());
        try {
            const { ...result } = await running;
            // Bytes are no literals.
            if (result.result === 'transferred') result.data = [];
            results.push(result);
        } catch (error) {
            if (!(error instanceof api.OperationError)) throw error;
            results.push(error.result);
        }
    }
    await machine.idle();
    snapshots.push(machine.snapshot());
    const tree = machine.tree();
    machine.free();
    // Searches that don't begin as those of the original.
    for (const policy of ['nextfit', 'roundrobin'] as const) {
        const other = await withDisks(api, { policy });
        heard.push(hear(other));
        for (const text of ['fill heap 0..31', 'pageout heap 0..15', 'pageout heap 16..31']) await other.run(text);
        snapshots.push(other.snapshot());
        other.free();
    }
    await Promise.all(heard);
    for (const event of events) if (event.ev === 'OpStarted') commands.push(event.command);
    return { events, results, commands, snapshots, tree };
}
