/* Pure rules: what was scanned, what a station says to it, what follows from the facts that the device holds.
   `judge` is rules/verdicts.py in another language; both are held to tests/modules/testing/cases/verdicts.json. */

import { isIdNumber, plainNumber } from "./people.js";

export const Verdict = { FINE: 1, REPEAT: 2, OTHER_ZONE: 3, EXPIRED: 4, FULL: 5, USED: 6, UNKNOWN_CODE: 7 };

const CODE = /^TZ1[A-Za-z0-9_-]{43}$/;
const BARCODE = /^[A-Za-z0-9]{1,24}$/;
const INVITATION = /^[\w-]+:[\w-]+:[\w-]+$/; // as Django signs it
const HOUR = 3_600_000;

/** The first that holds: what is wrong with the tube, since it would spoil a swab, then what is wrong with the code. None of it forbids. */
export function judge(station, at, expires, zone, tube, seen) {
  if (tube.elsewhere || tube.closed) return Verdict.USED;
  if ((tube.people ?? 0) >= station.size) return Verdict.FULL;
  if (seen) return Verdict.REPEAT;
  if (expires && at > expires) return Verdict.EXPIRED;
  if (zone && station.zones.length && !station.zones.includes(zone)) return Verdict.OTHER_ZONE;
  return Verdict.FINE;
}

/** What a resident's code says: {person, expires, zone}; null for another text. Whether its seal is ours only the server can tell. */
export function readCode(text) {
  if (!CODE.test(text)) return null;
  const raw = atob(text.slice(3).replaceAll("-", "+").replaceAll("_", "/") + "=");
  const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return { person: btoa(raw.slice(0, 16)), expires: view.getUint32(16) * HOUR, zone: view.getUint32(20) };
}

/** What a scan is, whatever it came from: {kind: "code" | "id" | "invitation" | "barcode" | "none", text}. */
export function classify(scanned) {
  const text = scanned.trim().replace(/^https?:.*#/, ""); // a point's code is an address, so that any telephone's camera opens the station
  if (CODE.test(text)) return { kind: "code", text };
  if (isIdNumber(text.toUpperCase())) return { kind: "id", text: text.toUpperCase() };
  if (INVITATION.test(text)) return { kind: "invitation", text };
  return { kind: BARCODE.test(text) ? "barcode" : "none", text };
}

/** By what a person is known again on this device. A code and a card of the same person meet only on the server. */
export function personOf(fact) {
  return fact.code ? (readCode(fact.code)?.person ?? fact.code) : `${fact.person.kind}:${plainNumber(fact.person.number)}`;
}

/** Nothing has happened yet. `tube` is the one that is open, `last` the swab that can be taken back: until the next one, or until its tube is in a box. */
export const nothing = () => ({ tubes: new Map(), people: new Map(), samples: new Map(), boxes: new Map(), tube: "", last: 0 });

/** What the facts say, one after the other. `where` is the place of this device. */
export function apply(state, seq, fact, where = "") {
  const tube = state.tubes.get(fact.tube) ?? { people: 0, closed: false, boxed: false };
  if (fact.kind === "sample") {
    const person = personOf(fact);
    state.tubes.set(fact.tube, { ...tube, people: tube.people + 1, single: Boolean(tube.single || fact.retest) });
    state.samples.set(seq, { person, tube: fact.tube, before: state.people.get(person) });
    state.people.set(person, { where, at: fact.at, seq });
    Object.assign(state, { tube: tube.closed ? state.tube : fact.tube, last: seq });
  } else if (fact.kind === "correct") {
    takeBack(state, fact);
  } else if (fact.kind === "close") {
    state.tubes.set(fact.tube, { ...tube, closed: true });
    if (state.tube === fact.tube) state.tube = "";
  } else if (fact.kind === "box") {
    for (const code of fact.tubes) state.tubes.set(code, { people: 0, closed: true, ...state.tubes.get(code), boxed: true });
    state.boxes.set(fact.box, { tubes: fact.tubes.length, sent: false });
    if (fact.tubes.includes(state.samples.get(state.last)?.tube)) state.last = 0;
  } else if (fact.kind === "courier") {
    state.boxes.set(fact.box, { tubes: 0, ...state.boxes.get(fact.box), sent: true });
  }
  return state;
}

/** What the server answered to a fact: a tube that it knows from another table too is not one to go on with. */
export function hear(state, fact, ack) {
  const tube = state.tubes.get(fact.tube);
  if (ack?.verdict === Verdict.USED && tube) state.tubes.set(fact.tube, { ...tube, elsewhere: true });
}

function takeBack(state, fact) {
  const sample = state.samples.get(fact.of);
  if (!sample) return;
  const tube = state.tubes.get(sample.tube);
  state.tubes.set(sample.tube, { ...tube, people: tube.people - 1 });
  if (state.people.get(sample.person)?.seq === fact.of) {
    if (sample.before) state.people.set(sample.person, sample.before);
    else state.people.delete(sample.person);
  }
  state.samples.delete(fact.of);
  if (state.last === fact.of) state.last = 0;
}

/** How many swabs go into a tube: nobody else's into that of a retest, whatever the zone says. */
export const room = (station, tube, retest) => (retest || tube?.single ? 1 : station.size);

/** {verdict, where, at} for a swab that is about to be taken. `skew` is what the device's clock is behind the server's. */
export function decide(state, station, fact, skew = 0) {
  const code = fact.code ? readCode(fact.code) : null;
  if (fact.code && !code) return { verdict: Verdict.UNKNOWN_CODE };
  const seen = fact.retest ? undefined : state.people.get(personOf(fact));
  const tube = state.tubes.get(fact.tube) ?? {};
  const verdict = judge({ ...station, size: room(station, tube, fact.retest) }, fact.at + skew, code?.expires ?? 0, code?.zone ?? 0, tube, seen);
  return verdict === Verdict.REPEAT ? { verdict, where: seen.where, at: seen.at + skew } : { verdict };
}

/** The tubes that are to go into the next box: closed here, in none yet. */
export const toBox = (state) => [...state.tubes].filter(([, tube]) => tube.closed && !tube.boxed).map(([code]) => code);

/** Tubes in the system against tubes in hand: which are not in hand, and which this device knows nothing of. */
export function reconcile(system, hand) {
  return { missing: system.filter((code) => !hand.includes(code)), extra: hand.filter((code) => !system.includes(code)) };
}
