// The outbox against every answer a bad network can give: what is confirmed, what is sent again, how long it waits.
import assert from "node:assert/strict";
import { test } from "node:test";

import { digest, writeDown } from "../../../../tongzhou/modules/testing/static/testing/station/facts.js";
import { MOST, envelope, outbox, pause, settled } from "../../../../tongzhou/modules/testing/static/testing/station/sync.js";

const DEVICE = 7001;
const locks = { request: (_name, _how, work) => work({}) };
const json = (told, status = 200, headers = {}) => new Response(JSON.stringify(told), { status, headers });

/** A store in memory with n facts. */
async function shelf(n) {
  const rows = [];
  for (let seq = 1; seq <= n; seq += 1) rows.push({ seq, state: "pending", ...(await writeDown({ kind: "close", at: seq, tube: `T${seq}` })) });
  const inState = (state) => rows.filter((row) => row.state === state);
  return {
    rows, inState, known: {}, wiped: 0,
    me: async () => ({ device: DEVICE, secret: "s" }),
    pending: async (most) => inState("pending").slice(0, most),
    confirmed: async () => inState("confirmed").length,
    settle: async (acks) => acks.forEach(({ seq, state, ack }) => Object.assign(rows[seq - 1], { state, ack })),
    resend: async () => inState("confirmed").forEach((row) => (row.state = "pending")),
    async know(said) { this.known = said; },
    async wipe() { this.wiped += 1; },
  };
}

/** A server that keeps what it is sent; `spoil(n, answer)` may put another answer in the place of the n-th. */
function server(spoil = (_n, answer) => answer) {
  const held = new Map(), posts = [];
  let n = 0;
  const fetch = async (path, { body }) => {
    n += 1;
    if (path.endsWith("/session")) {
      return spoil(n, json({ protocol: "tz-ack-1", device: DEVICE, now: 1_000_500, state: "active", where: "w", size: 10, zones: [], held: held.size, last_seq: 0, wipe: false }));
    }
    const sent = JSON.parse(body);
    posts.push(sent.items.map((item) => item.seq));
    const items = sent.items.map((item) => {
      const status = held.get(item.seq) === item.digest ? "duplicate" : "stored";
      held.set(item.seq, item.digest);
      return { status, seq: item.seq, digest: item.digest };
    });
    return spoil(n, json({ protocol: "tz-ack-1", device: DEVICE, received_at: 1, items }));
  };
  return { held, posts, fetch };
}

function station(store, fetch) {
  const waits = [], told = [];
  const box = outbox({ store, fetch, locks, now: () => 1_000_000, random: () => 1, tell: (word) => told.push(word), later: (_f, wait) => waits.push(wait), sooner() {} });
  return { flush: box.flush, waits, told };
}

test("everything goes out in order, in small batches, and the session is asked for then", async () => {
  const store = await shelf(MOST + 7), { fetch, posts, held } = server(), at = station(store, fetch);
  await at.flush();
  assert.deepEqual(posts.map((seqs) => [seqs[0], seqs.at(-1)]), [[1, MOST], [MOST + 1, MOST + 7]]);
  assert.deepEqual([held.size, store.inState("confirmed").length, store.known.skew, at.told.at(-1), at.waits.at(-1)], [MOST + 7, MOST + 7, 500, "idle", 60_000]);
});

const BAD = {
  "a login page with 200": () => new Response("<html>请登录</html>", { status: 200 }),
  "JSON of something else": () => json({ ok: true }),
  "an envelope of another device": () => json({ protocol: "tz-ack-1", device: 1, items: [] }),
  "an empty answer": () => new Response("", { status: 200 }),
  "an answer cut in the middle": () => new Response('{"protocol":"tz-ack-1","device":7001,"items":[{"status":"sto'),
  "a list shorter than what was sent": () => json({ protocol: "tz-ack-1", device: DEVICE, items: [] }),
  "500": () => json({}, 500),
  "a connection that breaks": () => { throw new TypeError("network"); },
};
for (const [name, answer] of Object.entries(BAD)) {
  test(`nothing is confirmed by ${name}, and all of it arrives once`, async () => {
    const store = await shelf(3), { fetch, held, posts } = server((n, good) => (n === 1 ? answer() : good)), at = station(store, fetch);
    await at.flush();
    assert.deepEqual([store.inState("pending").length, at.told.at(-1), at.waits], [3, "offline", [2000]]);
    await at.flush();
    assert.deepEqual([store.inState("confirmed").length, held.size, posts.length, at.told.at(-1)], [3, 3, 2, "idle"]);
  });
}

test("503 waits at least as long as the server says", async () => {
  const store = await shelf(1), { fetch } = server((_n, _good) => json({}, 503, { "retry-after": "30" })), at = station(store, fetch);
  await at.flush();
  assert.deepEqual([at.told.at(-1), at.waits], ["busy", [45_000]]);
});

test("401 loses nothing and says so", async () => {
  const store = await shelf(1), { fetch } = server((_n, _good) => json({ protocol: "tz-ack-1", error: "device" }, 401)), at = station(store, fetch);
  await at.flush();
  assert.deepEqual([at.told.at(-1), store.inState("pending").length], ["unknown", 1]);
});

test("an item that is no fact is kept aside and holds nobody up", async () => {
  const store = await shelf(3);
  const { fetch } = server((n, good) => (n > 1 ? good : json({
    protocol: "tz-ack-1", device: DEVICE,
    items: store.rows.map(({ seq, digest: of }) => ({ status: seq === 2 ? "rejected" : "stored", seq, digest: of, reason: "tube" })),
  })));
  await station(store, fetch).flush();
  assert.deepEqual(store.rows.map((row) => row.state), ["confirmed", "stuck", "confirmed"]);
});

test("worse news than the operator was told is a warning; what was told, or seen before, is none", async () => {
  const [item] = (await shelf(1)).rows, ack = (verdict) => ({ status: "conflict", seq: 1, digest: item.digest, verdict, where: "东街 2" });
  const state = (verdict, known) => settled({ items: [ack(verdict)] }, [{ ...item, ...known }])[0].state;
  assert.deepEqual([state(2, { told: 1 }), state(6, { told: 4 }), state(7, {})], ["warned", "warned", "warned"]);
  assert.deepEqual([state(2, { told: 2 }), state(1, { told: 1 }), state(undefined, {}), state(2, { told: 1, seen: true })], Array(4).fill("confirmed"));
});

test("an acknowledgement with another digest, number or word confirms nothing", async () => {
  const [item] = (await shelf(1)).rows, right = { status: "stored", seq: 1, digest: item.digest };
  const states = [right, { ...right, seq: 2 }, { ...right, digest: await digest("x") }, { ...right, status: "fine" }, null].map((ack) => settled({ items: [ack] }, [item]).length);
  assert.deepEqual(states, [1, 0, 0, 0, 0]);
  assert.equal(envelope(200, "null", DEVICE), null);
});

test("a server put back to an earlier day gets everything again, asked for once", async () => {
  const store = await shelf(4), { fetch, held, posts } = server(), at = station(store, fetch);
  await at.flush();
  held.clear();
  await at.flush();
  assert.deepEqual([held.size, posts.length, store.inState("confirmed").length], [4, 2, 4]);
});

test("a revoked device is wiped when nothing is pending", async () => {
  const store = await shelf(2), told = { protocol: "tz-ack-1", device: DEVICE, now: 1, held: 2, wipe: true };
  const { fetch } = server((n, good) => (n === 1 ? good : json(told))), at = station(store, fetch);
  await at.flush();
  assert.equal(store.wiped, 1);
});

test("waiting doubles up to two minutes, with jitter", () => {
  assert.deepEqual([1, 2, 3, 9, 30].map((n) => pause(n, 0, () => 1)), [2000, 4000, 8000, 120_000, 120_000]);
  assert.equal(pause(1, 0, () => 0), 1000);
});
