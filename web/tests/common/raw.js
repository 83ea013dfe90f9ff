// A way into a database past the block store, to look at what is in it and to do harm; and
// ways to make the browser refuse.

const ended = (request) =>
    new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });

// Opens a database, and makes it with these empty object stores if there is none in this version.
// Nothing listens on the connection, so it blocks others until it is closed.
export function openRaw(name, version, stores) {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => stores.forEach((store) => request.result.createObjectStore(store));
    return ended(request);
}

export const closeRaw = (db) => db.close();
export const closeSoon = (db) => setTimeout(() => db.close(), 100);

export async function databaseNames() {
    return (await indexedDB.databases()).map((database) => database.name);
}

async function inStore(name, store, request) {
    const db = await ended(indexedDB.open(name));
    const transaction = db.transaction(store, "readwrite");
    const complete = new Promise((resolve) => (transaction.oncomplete = resolve));
    const result = await ended(request(transaction.objectStore(store)));
    // Until then the connection would stay open, closed or not.
    await complete;
    db.close();
    return result;
}

export const getRaw = (name, store, key) => inStore(name, store, (s) => s.get(key));
export const putRaw = (name, store, key, value) => inStore(name, store, (s) => s.put(value, key));
export const deleteRaw = (name, store, key) => inStore(name, store, (s) => s.delete(key));
export const keysRaw = (name, store) => inStore(name, store, (s) => s.getAllKeys());

// Makes a database of the first release from what it left: JSON that was packed by gzip, with the
// entries of each object store, bytes in base64.
export async function loadFormat1(name, packed) {
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const entries = await new Response(unpacked).json();
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
        for (const store of ["groups", "pages", "log", "meta"]) {
            const made = request.result.createObjectStore(store, { autoIncrement: store === "log" });
            for (const [key, value] of entries[store])
                made.put(typeof value === "string" ? Uint8Array.fromBase64(value) : value, key);
        }
    };
    const db = await ended(request);
    db.close();
}

// All that is in a database, as text, and its version.
export async function dumpRaw(name) {
    const db = await ended(indexedDB.open(name));
    const stores = Array.from(db.objectStoreNames);
    const transaction = db.transaction(stores, "readonly");
    const dump = { version: db.version };
    for (const name of stores) {
        const store = transaction.objectStore(name);
        const keys = store.getAllKeys();
        const values = await ended(store.getAll());
        dump[name] = keys.result.map((key, i) => [key, values[i]?.toBase64?.() ?? values[i]]);
    }
    db.close();
    return JSON.stringify(dump);
}

// Replaces a property; returns a function that puts the old one back.
function replace(object, property, descriptor) {
    const original = Object.getOwnPropertyDescriptor(object, property);
    Object.defineProperty(object, property, { ...descriptor, configurable: true });
    return () => Object.defineProperty(object, property, original);
}

const replaceMethod = (type, property, make) => {
    const original = type.prototype[property];
    return replace(type.prototype, property, { value: make(original), writable: true });
};

// Each so many-th record that is put or added aborts its transaction, once it is carried out: so some
// of the others have been by then. Who opens the disks is left in peace.
export function abortEvery(nth) {
    let count = 0;
    const abort = (original) => function (...args) {
        const request = original.apply(this, args);
        count += 1;
        if (count % nth === 0 && this.transaction.mode === "readwrite" && this.name !== "meta")
            request.addEventListener("success", () => this.transaction.abort());
        return request;
    };
    const undo = ["add", "put"].map((name) => replaceMethod(IDBObjectStore, name, abort));
    return () => undo.forEach((one) => one());
}

// Each record that is added aborts its transaction.
export const abortOnAdd = () =>
    replaceMethod(IDBObjectStore, "add", (original) => function (...args) {
        const request = original.apply(this, args);
        this.transaction.abort();
        return request;
    });

// The same, and the browser says it was for want of space. For tests there is no real quota to fill.
export function quotaOnAdd() {
    const error = new DOMException("full", "QuotaExceededError");
    const undo = [abortOnAdd(), replace(IDBTransaction.prototype, "error", { get: () => error })];
    return () => undo.forEach((one) => one());
}

// The put number `nth` gets a value that can't be stored, and throws.
export const unstorableOnPut = (nth) =>
    replaceMethod(IDBObjectStore, "put", (original) => function (value, key) {
        nth -= 1;
        return original.call(this, nth === 0 ? () => {} : value, key);
    });

// Requests for a single value fail, as if the browser couldn't read it: what is asked in truth is
// to add a record that is there already.
export const failOnGet = () =>
    replaceMethod(IDBObjectStore, "get", (original) => function (key) {
        // Who has the disks can be asked.
        if (this.name === "meta") return original.call(this, key);
        return this.add("there already", key);
    });

export const throwOnOpen = (name) =>
    replaceMethod(IDBFactory, "open", () => () => {
        throw new DOMException("not here", name);
    });

// Databases are opened in this version, whichever is asked for.
export const openInVersion = (version) =>
    replaceMethod(IDBFactory, "open", (original) => function (name) {
        return original.call(this, name, version);
    });

export const noIndexedDb = () => replace(globalThis, "indexedDB", { value: undefined });

// Keeps the next connections that are opened, so that `closeAsTheBrowserDoes` finds them.
const connections = [];
export const keepConnections = () =>
    replaceMethod(IDBFactory, "open", (original) => function (...args) {
        const request = original.apply(this, args);
        request.addEventListener("success", () => connections.push(request.result));
        return request;
    });

export function closeAsTheBrowserDoes(withEvent) {
    for (const db of connections.splice(0)) {
        db.close();
        if (withEvent) db.dispatchEvent(new Event("close"));
    }
}

// Writes down which mode and durability each transaction has from now on.
const modes = [];
export const keepModes = () =>
    replaceMethod(IDBDatabase, "transaction", (original) => function (...args) {
        const transaction = original.apply(this, args);
        modes.push(`${transaction.mode} ${transaction.durability}`);
        return transaction;
    });

export const keptModes = () => modes.splice(0);
