/* What the device keeps: the only file that touches IndexedDB. Texts are sealed with a key that this browser made and gives to nobody.

   keep   "key" the key, "me" who this device is (sealed), "last" the highest number given, "list" people listed beforehand (sealed),
          "begun" what is under way and no fact yet (sealed): {tube, retest, box: {box, in_hand, note, hand}}; never who stands at the table
   facts  seq → {seq, digest, state, told, iv, sealed, ack}; `told` is the verdict that was shown before the swab, `ack` the server's answer
          "pending"; "confirmed"; "warned": confirmed, and the server knew worse than the station, which somebody has still to see;
          "stuck": the server takes it for no fact, so this device is the only place where it is

   A transaction of IndexedDB ends as soon as anything else is awaited, so all sealing comes before it opens. */

const NAME = "tongzhou-station", LOCK = "tongzhou-station-write", DURABLE = { durability: "strict" };
const encode = (text) => new TextEncoder().encode(text);

export async function open() {
  const db = await opened();
  const key = await ownKey(db);
  const told = new BroadcastChannel(NAME);
  const hears = new Set();
  told.onmessage = () => hears.forEach((hear) => hear());
  const changed = () => (told.postMessage(""), hears.forEach((hear) => hear()));

  async function seal(text, about) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encode(about) }, key, encode(text)) };
  }
  async function unseal({ iv, sealed }, about) {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encode(about) }, key, sealed));
  }
  const readable = async (row) => ({ ...row, text: await unseal(row, row.digest) });
  const inStates = (state) => asked(db, "facts", (facts) => facts.index("state").count(state));
  const inState = (state, most) => asked(db, "facts", (facts) => facts.index("state").getAll(state, most));
  const confirmed = async () => (await inStates("confirmed")) + (await inStates("warned"));
  const unsent = async () => [...(await inState("pending")), ...(await inState("stuck"))].sort((one, other) => one.seq - other.seq);
  /** Facts in these states, or some of them, in one transaction: another tab may be at them too. */
  async function move(states, change, some = () => true) {
    await written(db, ["facts"], (tx) => states.forEach((state) => {
      const found = tx.objectStore("facts").index("state").openCursor(state);
      found.onsuccess = () => {
        if (!found.result) return;
        if (some(found.result.value)) found.result.update({ ...found.result.value, ...change });
        found.result.continue();
      };
    }));
    changed();
  }

  async function me() {
    const row = await asked(db, "keep", (keep) => keep.get("me"));
    return row ? JSON.parse(await unseal(row, "me")) : null;
  }
  async function keepMe(said) {
    const row = await seal(JSON.stringify(said), "me");
    await written(db, ["keep"], (tx) => tx.objectStore("keep").put(row, "me"));
  }
  async function begun() {
    const row = await asked(db, "keep", (keep) => keep.get("begun"));
    return row ? JSON.parse(await unseal(row, "begun")) : {};
  }
  return {
    me,
    onChange: (hear) => hears.add(hear),
    /** This device is another one from now on; its facts begin at 1. Never while anything of the former is unconfirmed. */
    async enrol(said) {
      const row = await seal(JSON.stringify(said), "me");
      await written(db, ["keep", "facts"], (tx) => {
        tx.objectStore("facts").clear();
        for (const name of ["list", "begun"]) tx.objectStore("keep").delete(name);
        tx.objectStore("keep").put(row, "me");
        tx.objectStore("keep").put(0, "last");
      });
      changed();
    },
    /** What the server said of this device, beside what is known. */
    know: (said) => navigator.locks.request(LOCK, async () => {
      const before = await me();
      if (before) await keepMe({ ...before, ...said });
      changed();
    }),
    /** `make()` gives what is to be written down, or null; it is called when no other tab writes. Resolves to the number once it is on the disk. */
    add: (make) => navigator.locks.request(LOCK, async () => {
      const made = await make();
      if (!made) return 0;
      const row = await seal(made.text, made.digest);
      let seq = 0;
      await written(db, ["keep", "facts"], (tx) => {
        const keep = tx.objectStore("keep"), last = keep.get("last");
        last.onsuccess = () => {
          seq = (last.result ?? 0) + 1;
          keep.put(seq, "last");
          tx.objectStore("facts").add({ seq, digest: made.digest, state: "pending", told: made.told, ...row });
        };
      });
      changed();
      return seq;
    }),
    /** All facts after a number, in order, readable. */
    async since(seq) {
      const rows = await asked(db, "facts", (facts) => facts.getAll(IDBKeyRange.lowerBound(seq, true)));
      return Promise.all(rows.map(readable));
    },
    pending: async (most) => Promise.all((await inState("pending", most)).map(readable)),
    confirmed,
    /** All that is on no server: for a file that a colleague carries. */
    unsent: async () => Promise.all((await unsent()).map(readable)),
    async counts() {
      const [pending, stuck, sent] = await Promise.all([inStates("pending"), inStates("stuck"), confirmed()]);
      return { pending, stuck, confirmed: sent, kept: pending + stuck + sent };
    },

    /** Each item by its own answer. One whose digest is no longer the same is left as it is. */
    async settle(acks) {
      await written(db, ["facts"], (tx) => {
        const facts = tx.objectStore("facts");
        for (const { seq, state, ack } of acks) {
          const found = facts.get(seq);
          found.onsuccess = () => {
            if (found.result?.digest === ack.digest) facts.put({ ...found.result, state, ack });
          };
        }
      });
      changed();
    },
    /** Everything once more: the server has less than it confirmed. What it has comes back as a duplicate. */
    resend: () => move(["confirmed", "warned"], { state: "pending" }),
    /** What the server did not take, once more: it may have learnt to since. */
    retry: () => move(["stuck"], { state: "pending" }),
    /** Swabs of which the server knew worse, readable, until they are dismissed. */
    warned: async () => Promise.all((await inState("warned")).map(readable)),
    dismiss: (seqs) => move(["warned"], { state: "confirmed", seen: true }, ({ seq }) => seqs.includes(seq)),
    begun,
    /** Some of what is under way, beside the rest of it. Resolves once it is on the disk. */
    begin: (part) => navigator.locks.request(LOCK, async () => {
      const row = await seal(JSON.stringify({ ...(await begun()), ...part }), "begun");
      await written(db, ["keep"], (tx) => tx.objectStore("keep").put(row, "begun"));
      changed();
    }),
    async list() {
      const row = await asked(db, "keep", (keep) => keep.get("list"));
      return row ? JSON.parse(await unseal(row, "list")) : [];
    },
    async keepList(people) {
      const row = await seal(JSON.stringify(people), "list");
      await written(db, ["keep"], (tx) => tx.objectStore("keep").put(row, "list"));
      changed();
    },
    /** Forget this device and all it knows, if it is still this one and nothing is unconfirmed. Says whether it did. */
    wipe: (device) => navigator.locks.request(LOCK, async () => {
      if ((await me())?.device !== device || (await unsent()).length) return false;
      await written(db, ["keep", "facts"], (tx) => {
        tx.objectStore("facts").clear();
        for (const name of ["me", "last", "list", "begun"]) tx.objectStore("keep").delete(name);
      });
      changed();
      return true;
    }),
  };
}

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keep");
    request.result.createObjectStore("facts", { keyPath: "seq" }).createIndex("state", "state");
  };
  return result(request);
}

async function ownKey(db) {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await written(db, ["keep"], (tx) => { // two tabs at once: the first one's stays
    const there = tx.objectStore("keep").getKey("key");
    there.onsuccess = () => there.result ?? tx.objectStore("keep").put(fresh, "key");
  });
  return asked(db, "keep", (keep) => keep.get("key"));
}

const asked = (db, name, question) => result(question(db.transaction(name).objectStore(name)));

const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Resolves when the transaction is on the disk, as far as the browser can say so. */
const written = (db, names, write) => new Promise((resolve, reject) => {
  const tx = db.transaction(names, "readwrite", DURABLE);
  tx.oncomplete = () => resolve();
  tx.onabort = () => reject(tx.error ?? new Error("aborted"));
  write(tx);
});
