// The work, and what its pages hold.
//
// A phase is a list of batches, a batch a list of up to 16 requests, as the page's session makes them. A request to
// write has `data`: its pages, each in a buffer of its own, since that is how pages lie in memory.

export const PAGE = 4096;
export const CLUSTER = 16; // pages
export const DISKS = 4;
const BATCH = 16; // requests

/** Random numbers that can be had again: mulberry32. */
export function randomFrom(seed) {
    let state = seed >>> 0;
    return (below) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
    };
}

export function shuffled(items, random) {
    const all = [...items];
    for (let i = all.length - 1; i > 0; i--) {
        const j = random(i + 1);
        [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
}

/** The bytes of a page: of no pattern and told apart by its number. Nothing compresses them. */
export function contents(number) {
    const words = new Uint32Array(PAGE / 4);
    let word = Math.imul(number + 1, 0x9e3779b1) | 1;
    for (let i = 0; i < words.length; i++) {
        word ^= word << 13;
        word ^= word >>> 17;
        word ^= word << 5;
        words[i] = word;
    }
    return new Uint8Array(words.buffer);
}

function batched(requests) {
    const batches = [];
    for (let i = 0; i < requests.length; i += BATCH) batches.push(requests.slice(i, i + BATCH));
    return batches;
}

/** All phases, and the number of the page that is in each place during each. */
export function makeWork({ mebibytes, pages }, seed) {
    const random = randomFrom(seed);
    const clusters = (mebibytes << 20) / (PAGE * CLUSTER);
    let number = 0;
    const stored = new Map();
    const place = (disk, block) => disk * 2 ** 26 + block;
    const write = (disk, block, count) => {
        const data = [];
        for (let i = 0; i < count; i++) {
            stored.set(place(disk, block + i), number);
            data.push(contents(number++));
        }
        return { disk, block, pages: count, data };
    };
    const read = ({ disk, block, pages }) => ({ disk, block, pages });
    // Striped over the disks, as the pager does it.
    const all = [];
    for (let i = 0; i < clusters; i++) {
        all.push({ disk: i % DISKS, block: Math.floor(i / DISKS) * CLUSTER, pages: CLUSTER });
    }
    const anyPage = () => {
        const { disk, block } = all[random(all.length)];
        return { disk, block: block + random(CLUSTER), pages: 1 };
    };
    const times = (count, make) => Array.from({ length: count }, make);
    const phases = [
        ['write clusters', all.map(({ disk, block }) => write(disk, block, CLUSTER))],
        ['overwrite pages', times(pages, anyPage).map(({ disk, block }) => write(disk, block, 1))],
        ['read pages', times(pages, anyPage)],
        ['read clusters', shuffled(all, random).map(read)],
        ['read in order', all.map(read)],
    ];
    return {
        phases: phases.map(([name, requests]) => ({ name, batches: batched(requests) })),
        expected: ({ disk, block }, i) => stored.get(place(disk, block + i)),
    };
}

/** Throws if what was read isn't what was written last. `pageOf(batch, request, i)` gives page `i` of a request. */
export function verify(work, phase, pageOf) {
    phase.batches.forEach((batch, b) => {
        batch.forEach((request, r) => {
            for (let i = 0; i < request.pages; i++) {
                const found = pageOf(b, r, i);
                const wanted = contents(work.expected(request, i));
                if (!found || indexedDB.cmp(found, wanted) !== 0) {
                    throw new Error(`disk ${request.disk} block ${request.block + i} is not what was written`);
                }
            }
        });
    });
}

/** The number of a page among all pages of all disks: a good key. */
export function pageKey(disk, block) {
    return disk * 2 ** 22 + block;
}
