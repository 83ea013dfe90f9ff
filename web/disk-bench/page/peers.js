// Libraries, each in its own fast way: many records in one call, a batch of requests a call.

import { createStore, getMany, setMany } from 'idb-keyval';
import Dexie from 'dexie';
import * as SQLite from 'wa-sqlite';
import SQLiteFactory from 'wa-sqlite/dist/wa-sqlite-async.mjs';
import { IDBBatchAtomicVFS } from 'wa-sqlite/src/examples/IDBBatchAtomicVFS.js';
import { resolveMountConfig, fs, mounts, mount, umount } from '@zenfs/core';
import { IndexedDB as ZenIndexedDB } from '@zenfs/dom';
import { remove } from './idb.js';
import { CLUSTER, DISKS, PAGE, pageKey } from './work.js';

const blocksOf = (batch) =>
    batch.flatMap(({ disk, block, pages }) => Array.from({ length: pages }, (_, i) => pageKey(disk, block + i)));

/** Results in a row, cut into those of each request. */
function cut(batch, all) {
    let at = 0;
    return batch.map(({ pages }) => all.slice(at, (at += pages)));
}

export class IdbKeyval {
    static title = 'idb-keyval, page records';

    static async open(name) {
        const keyval = new this();
        keyval.name = name;
        keyval.store = createStore(name, 'pages');
        // Its connection can only be closed through a transaction of it.
        await keyval.store('readonly', (store) => (keyval.db = store.transaction.db));
        return keyval;
    }

    async close() {
        this.db.close();
        await remove(this.name);
    }

    async write(batch) {
        const data = batch.flatMap((request) => request.data);
        await setMany(blocksOf(batch).map((key, i) => [key, data[i]]), this.store);
    }

    async read(batch) {
        return cut(batch, await getMany(blocksOf(batch), this.store));
    }
}

/** A control: what the size of records alone brings. Single pages are read, changed and written with their group. */
export class IdbKeyvalGroups extends IdbKeyval {
    static title = 'idb-keyval, 32 KiB records';

    async write(batch) {
        const groups = new Map();
        const parts = [];
        for (const { disk, block, data } of batch) {
            data.forEach((page, i) => parts.push([pageKey(disk, block + i), page]));
        }
        const single = batch.filter(({ pages }) => pages === 1).map((r) => Math.floor(pageKey(r.disk, r.block) / 8));
        const there = await getMany(single, this.store);
        single.forEach((group, i) => groups.set(group, there[i]));
        for (const [key, page] of parts) {
            const group = Math.floor(key / 8);
            if (!groups.has(group)) groups.set(group, new Uint8Array(8 * PAGE));
            groups.get(group).set(page, (key % 8) * PAGE);
        }
        await setMany([...groups], this.store);
    }

    async read(batch) {
        const blocks = blocksOf(batch);
        const keys = [...new Set(blocks.map((key) => Math.floor(key / 8)))];
        const values = await getMany(keys, this.store);
        const groups = new Map(keys.map((key, i) => [key, values[i]]));
        return cut(
            batch,
            blocks.map((key) => groups.get(Math.floor(key / 8)).subarray((key % 8) * PAGE, ((key % 8) + 1) * PAGE)),
        );
    }
}

export class DexieBulk {
    static title = 'Dexie, page records';

    static async open(name) {
        const dexie = new DexieBulk();
        dexie.db = new Dexie(name);
        dexie.db.version(1).stores({ pages: '' });
        await dexie.db.open();
        return dexie;
    }

    async close() {
        await this.db.delete();
    }

    async write(batch) {
        await this.db.pages.bulkPut(batch.flatMap((request) => request.data), blocksOf(batch));
    }

    async read(batch) {
        return cut(batch, await this.db.pages.bulkGet(blocksOf(batch)));
    }
}

/**
 * SQLite on IndexedDB. With durability "default" its writes are complete when it says so, and the browser's default
 * is the "relaxed" that all others have; its own "relaxed" returns before anything is stored.
 */
export class WaSqlite {
    static title = 'wa-sqlite, IDBBatchAtomicVFS';

    static async open(name) {
        const sqlite = new WaSqlite();
        sqlite.name = name;
        const api = (sqlite.api = SQLite.Factory(await SQLiteFactory({ locateFile: (file) => file })));
        sqlite.vfs = new IDBBatchAtomicVFS(name, { durability: 'default' });
        api.vfs_register(sqlite.vfs, true);
        sqlite.db = await api.open_v2('disks');
        // The size of pages that its author recommends for IndexedDB; no journal beside the atomic batches.
        await api.exec(
            sqlite.db,
            `PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = NORMAL;
             CREATE TABLE pages (place INTEGER PRIMARY KEY, data BLOB NOT NULL);`,
        );
        sqlite.put = await sqlite.prepared('INSERT OR REPLACE INTO pages VALUES (?, ?)');
        sqlite.get = await sqlite.prepared('SELECT data FROM pages WHERE place BETWEEN ? AND ? ORDER BY place');
        return sqlite;
    }

    async prepared(sql) {
        const text = this.api.str_new(this.db, sql);
        return (await this.api.prepare_v2(this.db, this.api.str_value(text))).stmt;
    }

    async close() {
        await this.api.finalize(this.put);
        await this.api.finalize(this.get);
        await this.api.close(this.db);
        await this.vfs.close();
        await remove(this.name);
    }

    async write(batch) {
        const { api, put } = this;
        await api.exec(this.db, 'BEGIN IMMEDIATE');
        for (const { disk, block, data } of batch) {
            for (let i = 0; i < data.length; i++) {
                api.bind_int64(put, 1, BigInt(pageKey(disk, block + i)));
                api.bind_blob(put, 2, data[i]);
                await api.step(put);
                await api.reset(put);
            }
        }
        await api.exec(this.db, 'COMMIT');
    }

    async read(batch) {
        const { api, get } = this;
        await api.exec(this.db, 'BEGIN');
        const results = [];
        for (const { disk, block, pages } of batch) {
            const first = pageKey(disk, block);
            api.bind_int64(get, 1, BigInt(first));
            api.bind_int64(get, 2, BigInt(first + pages - 1));
            const found = [];
            while ((await api.step(get)) === SQLite.SQLITE_ROW) found.push(api.column_blob(get, 0).slice());
            await api.reset(get);
            results.push(found);
        }
        await api.exec(this.db, 'COMMIT');
        return results;
    }
}

/** A file system on IndexedDB: a file a cluster, a folder a disk. */
export class ZenFS {
    static title = 'ZenFS, a file a cluster';

    static async open(name) {
        const zen = new ZenFS();
        zen.name = name;
        // Without its copy of everything in memory: it would answer reads from there.
        const system = await resolveMountConfig({ backend: ZenIndexedDB, storeName: name, disableAsyncCache: true });
        zen.system = system;
        mount(`/${name}`, system);
        for (let disk = 0; disk < DISKS; disk++) await fs.promises.mkdir(`/${name}/${disk}`);
        return zen;
    }

    path(disk, block) {
        return `/${this.name}/${disk}/${Math.floor(block / CLUSTER)}`;
    }

    async close() {
        umount(`/${this.name}`);
        this.system.store.db.close();
        await remove(this.name);
    }

    async write(batch) {
        for (const { disk, block, data } of batch) {
            if (data.length > 1) {
                const all = new Uint8Array(data.length * PAGE);
                data.forEach((page, i) => all.set(page, i * PAGE));
                await fs.promises.writeFile(this.path(disk, block), all);
                continue;
            }
            const file = await fs.promises.open(this.path(disk, block), 'r+');
            await file.write(data[0], 0, PAGE, (block % CLUSTER) * PAGE);
            await file.close();
        }
    }

    async read(batch) {
        const results = [];
        for (const { disk, block, pages } of batch) {
            if (pages > 1) {
                const all = await fs.promises.readFile(this.path(disk, block));
                results.push(Array.from({ length: pages }, (_, i) => all.subarray(i * PAGE, (i + 1) * PAGE)));
                continue;
            }
            const page = new Uint8Array(PAGE);
            const file = await fs.promises.open(this.path(disk, block), 'r');
            await file.read(page, 0, PAGE, (block % CLUSTER) * PAGE);
            await file.close();
            results.push([page]);
        }
        return results;
    }
}
