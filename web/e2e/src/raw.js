// Looks into the database past the page's own code, and does harm there. The body of a function:
// `args` are the name of the database, what to do, and what that needs.
const [name, action, ...rest] = args;

const ended = (request) =>
    new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });

const actions = {
    // Every value of every object store, in the order of the keys: [key, bytes in base64].
    async read(db) {
        const names = Array.from(db.objectStoreNames);
        const transaction = db.transaction(names, "readonly");
        const values = async (name) => {
            const store = transaction.objectStore(name);
            const [keys, values] = await Promise.all([ended(store.getAllKeys()), ended(store.getAll())]);
            // Not `instanceof Uint8Array`: Firefox runs a driver's scripts beside the page, with constructors of their own.
            return keys.map((key, i) => [key, ArrayBuffer.isView(values[i]) ? values[i].toBase64() : values[i]]);
        };
        const stores = await Promise.all(names.map(values));
        return Object.fromEntries(names.map((name, i) => [name, stores[i]]));
    },

    // Turns over the bits of one byte of a value.
    async flip(db, storeName, key, at) {
        const transaction = db.transaction(storeName, "readwrite");
        const complete = new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onabort = () => reject(transaction.error);
        });
        const store = transaction.objectStore(storeName);
        const value = await ended(store.get(key));
        if (!ArrayBuffer.isView(value) || at >= value.length) throw new Error(`no such byte in ${storeName}`);
        value[at] ^= 0xff;
        store.put(value, key);
        await complete;
    },
};

const names = (await indexedDB.databases()).map((database) => database.name);
if (!names.includes(name)) return null;
const db = await ended(indexedDB.open(name));
try {
    return await actions[action](db, ...rest);
} finally {
    db.close();
}
