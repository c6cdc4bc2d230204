// What a device keeps: drafts (by the key made here) and pages (by address). Written to the disk before it is said to be kept.

const STORES = { drafts: "id", pages: "url" };

export async function open(name) {
  const base = await opened(name);
  const rows = (store) => base.transaction(store).objectStore(store);
  return {
    get: (store, key) => asked(rows(store).get(key)),
    all: (store) => asked(rows(store).getAll()),
    put: (store, row) => written(base, store, (into) => into.put(row)),
    remove: (store, key) => written(base, store, (into) => into.delete(key)),
  };
}

function opened(name) {
  const asking = indexedDB.open(name, 1);
  asking.onupgradeneeded = () => {
    for (const [store, key] of Object.entries(STORES)) asking.result.createObjectStore(store, { keyPath: key });
  };
  return asked(asking);
}

function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

// Done when the transaction is, not when the request is: only then does it survive the battery.
function written(base, store, write) {
  return new Promise((done, failed) => {
    const transaction = base.transaction(store, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => done();
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
    write(transaction.objectStore(store));
  });
}
