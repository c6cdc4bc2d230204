/* Pure rules: what was scanned, what a station says to it, what follows from the facts that the device holds.
   `judge` is rules/verdicts.py in another language; both are held to tests/modules/testing/cases/verdicts.json. */

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

/** GB 11643-1999: seventeen digits and a check, 0 to 9 or X. */
export function isIdNumber(text) {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, place) => all + weight * Number(text[place]), 0);
  return "10X98765432"[sum % 11] === text[17];
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
  return fact.code ? (readCode(fact.code)?.person ?? fact.code) : `${fact.person.kind}:${fact.person.number}`;
}

/** Nothing has happened yet. `tube` is the one that is open, `last` the swab that can be taken back. */
export const nothing = () => ({ tubes: new Map(), people: new Map(), samples: new Map(), boxes: new Map(), tube: "", last: 0 });

/** What the facts say, one after the other. `where` is the place of this device. */
export function apply(state, seq, fact, where = "") {
  const tube = state.tubes.get(fact.tube) ?? { people: 0, closed: false, boxed: false };
  if (fact.kind === "sample") {
    const person = personOf(fact);
    state.tubes.set(fact.tube, { ...tube, people: tube.people + 1 });
    state.samples.set(seq, { person, tube: fact.tube, before: state.people.get(person) });
    state.people.set(person, { where, at: fact.at, seq });
    Object.assign(state, { tube: tube.closed ? state.tube : fact.tube, last: seq });
  } else if (fact.kind === "correct") {
    takeBack(state, fact);
  } else if (fact.kind === "close") {
    state.tubes.set(fact.tube, { ...tube, closed: true });
    if (state.tube === fact.tube) Object.assign(state, { tube: "", last: 0 });
  } else if (fact.kind === "box") {
    for (const code of fact.tubes) state.tubes.set(code, { people: 0, closed: true, ...state.tubes.get(code), boxed: true });
    state.boxes.set(fact.box, { tubes: fact.tubes.length, sent: false });
  } else if (fact.kind === "courier") {
    state.boxes.set(fact.box, { tubes: 0, ...state.boxes.get(fact.box), sent: true });
  }
  return state;
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

/** {verdict, where, at} for a swab that is about to be taken. `skew` is what the device's clock is behind the server's. */
export function decide(state, station, fact, skew = 0) {
  const code = fact.code ? readCode(fact.code) : null;
  if (fact.code && !code) return { verdict: Verdict.UNKNOWN_CODE };
  const seen = fact.retest ? undefined : state.people.get(personOf(fact));
  const tube = state.tubes.get(fact.tube) ?? {};
  const verdict = judge(station, fact.at + skew, code?.expires ?? 0, code?.zone ?? 0, tube, seen);
  return verdict === Verdict.REPEAT ? { verdict, where: seen.where, at: seen.at + skew } : { verdict };
}

/** The tubes that are to go into the next box: closed here, in none yet. */
export const toBox = (state) => [...state.tubes].filter(([, tube]) => tube.closed && !tube.boxed).map(([code]) => code);

/** Tubes in the system against tubes in hand: which are not in hand, and which this device knows nothing of. */
export function reconcile(system, hand) {
  return { missing: system.filter((code) => !hand.includes(code)), extra: hand.filter((code) => !system.includes(code)) };
}
