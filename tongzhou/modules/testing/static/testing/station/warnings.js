/* What the server knew and this device could not: somebody sampled at another table, a tube used there, a code that is not ours. It comes after
   the swab, online a second later, else hours; so it is a list beside the work, until somebody has seen to each. */

import { Verdict } from "./checkin.js";

const OF_THE_TUBE = new Set([Verdict.FULL, Verdict.USED]);

/** The store's rows → [{verdict, seqs, tubes, tube, name, n, swabbed, stands, where, at}], the newest first. With `tubes` it is the tube that is
    wrong, one warning for all in it; else `n` is the person's place in it, `stands` whether the swab was not taken back yet. */
export function warnings(rows, state) {
  const found = new Map();
  for (const { seq, ack, text } of rows) {
    const { tube, person, at: swabbed } = JSON.parse(text), { verdict, where = "", at = 0 } = ack;
    const tubes = OF_THE_TUBE.has(verdict), key = tubes ? `${verdict} ${tube}` : seq, seqs = [...(found.get(key)?.seqs ?? []), seq];
    const whose = tubes ? { name: "", n: 0, stands: false } : { name: person?.name ?? "", n: placeOf(state, seq, tube), stands: state.samples.has(seq) };
    found.delete(key); // the newest of a tube puts it to the front
    found.set(key, { verdict, seqs, tubes, tube, swabbed, where, at, ...whose });
  }
  return [...found.values()].reverse();
}

const placeOf = (state, seq, tube) => [...state.samples].filter(([other, sample]) => other <= seq && sample.tube === tube).length;
