// Measures all contenders, in random order, and writes a report into the page.

import { Naive, Raw } from './plain.js';
import { Ours } from './ours.js';
import { DexieBulk, IdbKeyval, IdbKeyvalGroups, WaSqlite, ZenFS } from './peers.js';
import { report } from './report.js';
import { makeWork, randomFrom, shuffled, verify } from './work.js';

const CONTENDERS = {
    ours: Ours,
    raw: Raw,
    naive: Naive,
    keyval: IdbKeyval,
    groups: IdbKeyvalGroups,
    dexie: DexieBulk,
    sqlite: WaSqlite,
    zenfs: ZenFS,
};

const address = new URLSearchParams(location.search);
const number = (name, usual) => Number(address.get(name) ?? usual);
const options = {
    rounds: number('rounds', 9),
    mebibytes: number('mebibytes', 64),
    pages: number('pages', 2000),
    minutes: number('minutes', Infinity),
    seed: number('seed', Math.floor(Math.random() * 2 ** 31)),
    only: address.get('only')?.split(',') ?? Object.keys(CONTENDERS),
};

/** Milliseconds between parts: what the browser still does for one isn't part of the next. */
const PAUSE = 300;

/** Intervals between frames, until `stop`. */
class Frames {
    constructor() {
        this.apart = [];
        let last;
        const tick = (now) => {
            if (last !== undefined) this.apart.push(now - last);
            last = now;
            this.next = requestAnimationFrame(tick);
        };
        this.next = requestAnimationFrame(tick);
    }

    stop() {
        cancelAnimationFrame(this.next);
        return this.apart;
    }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Runs a phase: how long it took, and the function that gives what was read. */
async function timed(contender, phase) {
    contender.prepare?.(phase);
    const writes = phase.batches[0][0].data !== undefined;
    const results = [];
    const start = performance.now();
    let read;
    if (contender.run) {
        read = await contender.run();
    } else {
        for (const batch of phase.batches) {
            results.push(await (writes ? contender.write(batch) : contender.read(batch)));
        }
    }
    const took = performance.now() - start;
    if (writes) return [took, null];
    if (!read) return [took, (b, r, i) => results[b][r][i]];
    let at, pages;
    const pageOf = (b, r, i) => {
        const now = b * 1000 + r;
        if (at !== now) [at, pages] = [now, read(b, r)];
        return pages(i);
    };
    return [took, pageOf];
}

async function measure(key, work, samples, frames) {
    const contender = await CONTENDERS[key].open(`bench-${key}-${Math.random().toString(36).slice(2)}`);
    try {
        for (const phase of work.phases) {
            await pause(PAUSE);
            const counted = new Frames();
            const [took, pageOf] = await timed(contender, phase);
            frames[key].push(...counted.stop());
            samples[key][phase.name].push(took);
            if (pageOf) verify(work, phase, pageOf);
        }
    } finally {
        await contender.close();
    }
}

/**
 * Ours and the raw loop in turn, batch by batch, each in its database. They differ by less than what else goes on in a
 * machine from one second to the next; two neighbouring batches of some milliseconds share that.
 */
async function inTurn(work, random, turns) {
    const keys = ['ours', 'raw'];
    const contenders = {};
    try {
        for (const key of keys) {
            contenders[key] = await CONTENDERS[key].open(`bench-${key}-${Math.random().toString(36).slice(2)}`);
        }
        for (const phase of work.phases) {
            await pause(PAUSE);
            for (const batch of phase.batches) {
                for (const key of shuffled(keys, random)) {
                    const one = { name: phase.name, batches: [batch] };
                    const [took, pageOf] = await timed(contenders[key], one);
                    turns[phase.name][key].push(took);
                    if (pageOf) verify(work, one, pageOf);
                }
            }
        }
    } finally {
        for (const contender of Object.values(contenders)) await contender.close();
    }
}

async function main() {
    const started = performance.now();
    const random = randomFrom(options.seed);
    const samples = {};
    const frames = {};
    const titles = {};
    const work = makeWork(options, options.seed);
    for (const key of options.only) {
        frames[key] = [];
        titles[key] = CONTENDERS[key].title;
        samples[key] = Object.fromEntries(work.phases.map(({ name }) => [name, []]));
    }
    // The first of each compiles code: not counted, and small.
    const small = makeWork({ mebibytes: 1, pages: 32 }, options.seed);
    const nowhere = { samples: structuredClone(samples), frames: structuredClone(frames) };
    for (const key of options.only) await measure(key, small, nowhere.samples, nowhere.frames);
    const both = samples.ours && samples.raw;
    const turns = Object.fromEntries(work.phases.map(({ name }) => [name, { ours: [], raw: [] }]));
    for (let round = 1; round <= options.rounds; round++) {
        if (performance.now() - started > options.minutes * 60000) {
            options.rounds = round - 1;
            break;
        }
        for (const key of shuffled(options.only, random)) {
            document.getElementById('report').textContent = `Round ${round} of ${options.rounds}: ${titles[key]}`;
            await measure(key, work, samples, frames);
            await pause(PAUSE);
        }
        if (both) await inTurn(work, random, turns);
    }
    const seconds = (performance.now() - started) / 1000;
    return { text: report({ options, titles, samples, turns: both && turns, frames, seconds }), samples, turns, frames };
}

window.outcome = main().then(
    (outcome) => outcome,
    (error) => ({ failure: `${error?.stack ?? error}` }),
);
window.outcome.then((outcome) => {
    window.ended = outcome;
    document.getElementById('report').textContent = outcome.text ?? outcome.failure;
});
