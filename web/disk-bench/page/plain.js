// Loops over IndexedDB without any library.

import { ended, open, remove } from './idb.js';
import { PAGE, pageKey } from './work.js';

const RELAXED = { durability: 'relaxed' };
const GROUP = 8; // pages: with 16 a value would be a file of its own

/**
 * The limit: as fast as JavaScript can do it. Aligned groups of 8 pages are one record, single pages lie over them in a
 * store of their own, and which groups have such pages is remembered; a batch is a transaction. No checksum, nothing
 * looked after.
 */
export class Raw {
    static title = 'raw loop (the limit)';

    static async open(name) {
        const raw = new Raw();
        raw.db = await open(name, ['groups', 'pages']);
        raw.name = name;
        raw.room = new Uint8Array(GROUP * PAGE);
        raw.covered = new Set();
        raw.allRecords = 'getAllRecords' in IDBObjectStore.prototype;
        return raw;
    }

    async close() {
        this.db.close();
        await remove(this.name);
    }

    async write(batch) {
        const transaction = this.db.transaction(['groups', 'pages'], 'readwrite', RELAXED);
        const groups = transaction.objectStore('groups');
        const pages = transaction.objectStore('pages');
        for (const { disk, block, data } of batch) {
            const first = pageKey(disk, block);
            if (data.length === 1) {
                pages.put(data[0], first);
                this.covered.add(Math.floor(first / GROUP));
                continue;
            }
            for (let i = 0; i < data.length; i += GROUP) {
                for (let j = 0; j < GROUP; j++) this.room.set(data[i + j], j * PAGE);
                const group = (first + i) / GROUP;
                groups.put(this.room, group);
                if (this.covered.delete(group)) pages.delete(IDBKeyRange.bound(first + i, first + i + GROUP - 1));
            }
        }
        await ended(transaction);
    }

    async read(batch) {
        const transaction = this.db.transaction(['groups', 'pages'], 'readonly');
        const groups = transaction.objectStore('groups');
        const pages = transaction.objectStore('pages');
        const requests = batch.map(({ disk, block, pages: count }) => {
            const first = pageKey(disk, block);
            const last = first + count - 1;
            let covered = false;
            for (let group = Math.floor(first / GROUP); group <= last / GROUP; group++) covered ||= this.covered.has(group);
            if (count === 1) return [covered ? pages.get(first) : null, groups.get(Math.floor(first / GROUP))];
            const groupRange = IDBKeyRange.bound(first / GROUP, Math.floor(last / GROUP));
            const pageRange = IDBKeyRange.bound(first, last);
            if (!covered) return [null, groups.getAll(groupRange)];
            if (this.allRecords) return [pages.getAllRecords({ query: pageRange }), groups.getAllRecords({ query: groupRange })];
            return [pages.getAll(pageRange), groups.getAll(groupRange), pages.getAllKeys(pageRange)];
        });
        await ended(transaction);
        return batch.map(({ disk, block, pages: count }, r) => {
            const [over, under, keys] = requests[r].map((request) => request?.result);
            const first = pageKey(disk, block);
            if (count === 1) return [over ?? under.subarray((first % GROUP) * PAGE, ((first % GROUP) + 1) * PAGE)];
            const found = [];
            for (const record of under) {
                const group = record.value ?? record;
                for (let j = 0; j < GROUP; j++) found.push(group.subarray(j * PAGE, (j + 1) * PAGE));
            }
            over?.forEach((record, i) => {
                if (keys) found[keys[i] - first] = record;
                else found[record.key - first] = record.value;
            });
            return found;
        });
    }
}

/** The naive way: one record a page, one transaction a request. */
export class Naive {
    static title = 'a record a page, a transaction a request';

    static async open(name) {
        const naive = new Naive();
        naive.db = await open(name, ['pages']);
        naive.name = name;
        return naive;
    }

    async close() {
        this.db.close();
        await remove(this.name);
    }

    async write(batch) {
        for (const { disk, block, data } of batch) {
            const transaction = this.db.transaction('pages', 'readwrite', RELAXED);
            const pages = transaction.objectStore('pages');
            data.forEach((page, i) => pages.put(page, pageKey(disk, block + i)));
            await ended(transaction);
        }
    }

    async read(batch) {
        const results = [];
        for (const { disk, block, pages: count } of batch) {
            const transaction = this.db.transaction('pages', 'readonly');
            const first = pageKey(disk, block);
            const request = transaction.objectStore('pages').getAll(IDBKeyRange.bound(first, first + count - 1));
            await ended(transaction);
            results.push(request.result);
        }
        return results;
    }
}
