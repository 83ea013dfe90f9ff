// The machine as scripts see it: promises and event streams around what is in WebAssembly.

import { Core, settings } from './wasm/swap_pager.js';

/** So many transfers are carried out before others get their turn. */
const TRANSFERS_A_TURN = 64;

export class SwapPagerError extends Error {
    constructor(code, message) {
        super(message);
        this.code = code;
    }

    // Written out in each class: those who make scripts small rename them.
    get name() {
        return 'SwapPagerError';
    }
}

export class SettingError extends SwapPagerError {
    constructor(setting, message) {
        super('Setting', message);
        this.setting = setting;
    }

    get name() {
        return 'SettingError';
    }
}

export class RequestError extends SwapPagerError {
    constructor({ code, message, start, end }) {
        super(code, message);
        this.start = start;
        this.end = end;
    }

    get name() {
        return 'RequestError';
    }
}

export class OperationError extends SwapPagerError {
    constructor({ op, text, command, result, message }) {
        const { why, errno } = result.error.why ? result.error : { errno: result.error };
        super(errno ?? why, `${text}: ${message}`);
        this.op = op;
        this.command = command;
        this.result = result;
    }

    get name() {
        return 'OperationError';
    }
}

/** What WebAssembly throws is a plain object that says what is wrong, unless something is broken. */
function thrown(failure) {
    if (failure instanceof Error || typeof failure?.code !== 'string') return failure;
    return new RequestError(failure);
}

const freed = () => new SwapPagerError('Freed', 'The machine was freed.');

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** The whole configuration for what is given of it. */
function configured(given) {
    const { defaults, numbers, choices } = settings();
    const names = [...Object.keys(defaults), ...choices.map(({ name }) => name)];
    for (const name of Object.keys(given)) {
        if (!names.includes(name)) {
            throw new SettingError(name, `There is no setting ${name}. Settings: ${names.join(', ')}.`);
        }
    }
    const config = { ...defaults, fixes: { ...defaults.fixes } };
    for (const { name, min, max } of numbers) {
        const value = given[name] ?? defaults[name];
        if (!Number.isInteger(value) || value < min || value > max) {
            throw new SettingError(name, `${name} is ${String(value)}: it can be ${min} to ${max}.`);
        }
        config[name] = value;
    }
    for (const { name, values } of choices) {
        const value = given[name];
        if (value === undefined) continue;
        if (!values.includes(value)) {
            throw new SettingError(name, `${name} is ${String(value)}: it can be ${values.join(', ')}.`);
        }
        config[name] = value;
    }
    for (const [name, value] of Object.entries(given.fixes ?? {})) {
        if (!Object.hasOwn(defaults.fixes, name) || typeof value !== 'boolean') {
            const known = Object.keys(defaults.fixes).join(' and ');
            throw new SettingError('fixes', `fixes.${name} is ${String(value)}: there are ${known}, true or false.`);
        }
        config.fixes[name] = value;
    }
    return config;
}

let loading;

/** Makes a machine; `load` gets the program, once for all machines. */
export async function make(load, { manual = false, wasm, ...given } = {}) {
    loading ??= load(wasm);
    try {
        await loading;
    } catch (error) {
        loading = undefined; // to be tried again
        throw error;
    }
    return new Machine(new Core(configured(given)), manual);
}

/** A queue that is read with `for await`. */
function stream(onend) {
    let queue = [];
    let at = 0; // the next to be read
    let ended = false;
    const readers = [];
    const next = () => {
        const value = queue[at];
        at += 1;
        if (at === queue.length) {
            queue = [];
            at = 0;
        }
        return { value, done: false };
    };
    const end = () => {
        ended = true;
        for (const read of readers.splice(0)) read({ value: undefined, done: true });
    };
    return {
        push(events) {
            for (const event of events) queue.push(event);
            while (at < queue.length && readers.length > 0) readers.shift()(next());
        },
        end,
        events: {
            async next() {
                if (at < queue.length) return next();
                if (ended) return { value: undefined, done: true };
                return new Promise((resolve) => readers.push(resolve));
            },
            async return(value) {
                onend();
                queue = [];
                at = 0;
                end();
                return { value, done: true };
            },
            [Symbol.asyncIterator]() {
                return this;
            },
        },
    };
}

export class Machine {
    #core;
    #manual;
    /** The promises of operations under way, by number. */
    #running = new Map();
    #streams = new Set();
    /** Who waits until nothing is under way. */
    #waiting = [];
    #carrying = false;

    constructor(core, manual) {
        this.#core = core;
        this.#manual = manual;
        core.drain(false); // of its making nobody could hear
    }

    async run(command) {
        const op = this.#ask((core) => core.start(command));
        const ended = new Promise((resolve, reject) => this.#running.set(op, { resolve, reject }));
        this.#tell();
        return ended;
    }

    async idle() {
        if (this.#ask((core) => core.is_idle())) return;
        await new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    }

    events() {
        this.#ask(() => {});
        const added = stream(() => this.#streams.delete(added));
        this.#streams.add(added);
        return added.events;
    }

    snapshot() {
        return this.#ask((core) => core.snapshot());
    }

    tree() {
        return this.#ask((core) => core.tree());
    }

    read(object, page) {
        return this.#ask((core) => core.read(object, page)) ?? null;
    }

    block(disk, block) {
        return this.#ask((core) => core.block(disk, block));
    }

    transfers() {
        return this.#ask((core) => core.transfers());
    }

    complete(io, error = null) {
        this.#ask((core) => core.carry_out(io, error));
        this.#tell();
    }

    free() {
        this.#end(freed());
    }

    // Not every browser has the symbol yet.
    [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
        this.free();
    }

    #ask(what) {
        if (!this.#core) throw freed();
        try {
            return what(this.#core);
        } catch (failure) {
            throw thrown(failure);
        }
    }

    /** Tells all who wait for it what happened, and sees to the transfers that were started. */
    #tell() {
        const [ended, events] = this.#core.drain(this.#streams.size > 0);
        for (const { push } of this.#streams) push(events);
        for (const operation of ended) {
            const promise = this.#running.get(operation.op);
            this.#running.delete(operation.op);
            if (operation.message === null) promise?.resolve(operation.result);
            else promise?.reject(new OperationError(operation));
        }
        if (this.#waiting.length > 0 && this.#core.is_idle()) {
            for (const { resolve } of this.#waiting.splice(0)) resolve();
        }
        if (!this.#manual) this.#carryOn();
    }

    /** Carries transfers out, the oldest first, until there are none. */
    async #carryOn() {
        if (this.#carrying) return;
        this.#carrying = true;
        try {
            for (let n = 1; ; n += 1) {
                await (n % TRANSFERS_A_TURN === 0 ? turn() : undefined);
                const io = this.#core?.next_transfer();
                if (io === undefined) break;
                this.#core.carry_out(io, null);
                this.#tell();
            }
        } catch (error) {
            this.#end(error); // the program is broken: nothing can be waited for any more
        } finally {
            this.#carrying = false;
        }
    }

    #end(error) {
        const core = this.#core;
        if (!core) return;
        this.#core = undefined;
        for (const { reject } of [...this.#running.values(), ...this.#waiting]) reject(error);
        this.#running.clear();
        this.#waiting = [];
        for (const { end } of this.#streams) end();
        this.#streams.clear();
        core.free();
    }
}
