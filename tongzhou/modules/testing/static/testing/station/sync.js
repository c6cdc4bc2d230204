/* The outbox: what is pending goes out in order, and an item counts as confirmed only by an answer that names it.
   Everything from outside is given in, so that `node --test` holds it to every answer a bad network can give. */

import { batch } from "./facts.js";

export const MOST = 50; // items in a batch: small enough to get through where the network is bad
const KEPT = new Set(["stored", "duplicate", "conflict"]);
export const PATIENCE = 20_000;
const FIRST = 2000, LONGEST = 120_000, LOCK = "tongzhou-station-send";

/** The protocol's envelope, or null for anything else: a login page, half an answer, another program's JSON. */
export function envelope(status, body, device) {
  if (status !== 200) return null;
  try {
    const told = JSON.parse(body);
    return told?.protocol === "tz-ack-1" && told.device === device ? told : null;
  } catch {
    return null;
  }
}

/** Whether the server knew worse of a swab than its operator was told, and nobody has seen that yet. */
const late = (item, ack) => (ack.verdict ?? 0) > 1 && ack.verdict !== item.told && !item.seen;

/** [{seq, state, ack}] for the items that this answer settles: same place, same number, same digest. */
export function settled(told, sent) {
  if (!Array.isArray(told?.items)) return [];
  return sent.flatMap((item, place) => {
    const ack = told.items[place];
    if (ack?.seq !== item.seq || ack.digest !== item.digest) return [];
    if (KEPT.has(ack.status)) return [{ seq: item.seq, state: late(item, ack) ? "warned" : "confirmed", ack }];
    return ack.status === "rejected" ? [{ seq: item.seq, state: "stuck", ack }] : [];
  });
}

/** How long to wait after so many failures, in milliseconds: doubling, never in step with the others, never before the server said. */
export function pause(failures, retryAfter = 0, random = Math.random) {
  const grown = Math.min(FIRST * 2 ** Math.max(failures - 1, 0), LONGEST);
  return Math.max(grown * (0.5 + random() / 2), retryAfter * 1000 * (1 + random() / 2));
}

/** `tell(status)` hears "sending", "idle", "offline", "busy", "unknown" (this device is not known there) and "revoked". */
export function outbox({ store, fetch, locks, tell = () => {}, now = Date.now, random = Math.random, later = setTimeout, sooner = clearTimeout }) {
  let failures = 0, timer = 0, busy = false, again = false, asked = false;

  async function ask(me, path, body) {
    const told = { method: body ? "POST" : "GET", body, headers: { Authorization: `Device ${me.device}.${me.secret}` } };
    const answer = await fetch(path, { ...told, cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    const text = await answer.text(); // throws where the answer was cut
    return { status: answer.status, retry: Number(answer.headers.get("retry-after")) || 0, told: envelope(answer.status, text, me.device) };
  }

  /** Null when everything has gone out, else what the answer was that stopped it. */
  async function send(me) {
    for (let items = await store.pending(MOST); items.length; items = await store.pending(MOST)) {
      const answer = await ask(me, "/testing/device/batch", batch(items, now()));
      const acks = settled(answer.told, items);
      if (acks.length) await store.settle(acks);
      if (acks.length < items.length) return answer;
    }
    return null;
  }

  /** What the server says of this device; once everything has gone out. */
  async function session(me) {
    const confirmed = await store.confirmed(), before = now();
    const answer = await ask(me, "/testing/device/session");
    if (!answer.told) return answer;
    const { where, size, zones, state, held, campaign } = answer.told;
    await store.know({ where, size, zones, state, campaign, skew: Math.round(answer.told.now - (before + now()) / 2) });
    if (held < confirmed && !asked) { // the server has less than it confirmed: it was put back to an earlier day
      asked = again = true;
      await store.resend();
    }
    if (answer.told.wipe) await store.wipe(me.device);
    return null;
  }

  async function round() {
    const me = await store.me();
    if (!me) return;
    tell("sending");
    const refused = (await send(me)) ?? (await session(me));
    failures = refused ? failures + 1 : 0;
    tell(!refused ? "idle" : refused.status === 401 ? "unknown" : refused.status === 503 ? "busy" : "offline");
    plan(refused ? pause(failures, refused.retry, random) : 60_000);
  }

  function plan(wait) {
    sooner(timer);
    timer = later(flush, wait);
  }

  /** One tab sends at a time; asked for meanwhile, it goes round once more. */
  async function flush() {
    if (busy) return void (again = true);
    busy = true;
    try {
      do {
        again = false;
        await locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock ? round() : plan(pause(1, 0, random))));
      } while (again && !failures);
    } catch {
      failures += 1;
      tell("offline");
      plan(pause(failures, 0, random));
    } finally {
      busy = false;
    }
  }
  return { flush };
}
