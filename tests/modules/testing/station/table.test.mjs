// What is under way at a table and no fact yet: kept by the device, the same in all its tabs, gone with the enrolment it belonged to.
import assert from "node:assert/strict";
import { test } from "node:test";

import { table } from "../../../../tongzhou/modules/testing/static/testing/station/table.js";

const person = (number) => ({ person: { name: "模拟", kind: "none", number } });

/** A device's store in memory, for as many tabs as it is given to. */
function device() {
  const facts = [], kept = { begun: {}, me: { device: 1, where: "w", size: 2, zones: [], skew: 0 } };
  return {
    kept, facts,
    me: async () => kept.me,
    begun: async () => kept.begun,
    begin: async (part) => void (kept.begun = { ...kept.begun, ...part }),
    since: async (seq) => facts.filter((one) => one.seq > seq),
    warned: async () => facts.filter((one) => one.state === "warned"),
    async add(make) {
      const made = await make();
      if (!made) return 0;
      facts.push({ seq: facts.length + 1, text: made.text, told: made.told });
      return facts.length;
    },
  };
}

/** A tab, or the page after a reload: it knows what the store tells it. `seen` is what it shows. */
async function tab(store) {
  const seen = { said: [] };
  const ui = {
    table: ({ tube, size, state }) => Object.assign(seen, { tube, size, last: state.last }), say: (_tone, words) => seen.said.push(words), ask: (said) => seen.said.push(said.words ?? said.verdict),
    verdict: ({ verdict }, { full }) => seen.said.push(...[verdict, full ? "full" : ""].filter(Boolean)), retest: () => Boolean(seen.retest),
  };
  const at = table({ store, ui, wrote() {}, now: () => 1000 });
  await at.refresh();
  return { at, seen };
}

test("an empty tube is known after a reload and in another tab, and sampled into", async () => {
  const store = device(), { at } = await tab(store);
  await at.take("T1");
  const after = await tab(store);
  assert.equal(after.seen.tube, "T1");
  await after.at.sample(person("a"));
  assert.deepEqual([JSON.parse(store.facts[0].text).tube, after.seen.said], ["T1", [1]]);
});

test("a tube is said to be open only once it is kept", async () => {
  const store = device(), { at, seen } = await tab(store);
  store.begin = async () => { throw new DOMException("full", "QuotaExceededError"); };
  await at.take("T1");
  assert.deepEqual([seen.tube, seen.said], ["", ["not_saved"]]);
});

test("a closed tube does not come back, and the next one is the same in both tabs", async () => {
  const store = device(), { at, seen } = await tab(store), other = await tab(store);
  await at.take("T1");
  await at.sample(person("a"));
  await at.close();
  assert.deepEqual([seen.tube, (await tab(store)).seen.tube], ["", ""]);
  await other.at.refresh();
  await other.at.take("T2");
  await at.refresh();
  assert.deepEqual([seen.tube, other.seen.tube], ["T2", "T2"]);
});

test("a tube of which the last swab was taken back gives way to the one scanned after it", async () => {
  const store = device(), { at } = await tab(store);
  await at.take("T1");
  await at.sample(person("a"));
  await at.correct();
  await at.take("T2");
  assert.equal((await tab(store)).seen.tube, "T2");
});

const kinds = (store) => store.facts.map(({ text }) => JSON.parse(text)).map(({ kind, tube }) => `${kind} ${tube}`);

test("the last of a full tube is taken back, before a reload or after it, and the right person put in its place", async () => {
  const store = device(), { at, seen } = await tab(store);
  await at.take("T1");
  for (const one of ["a", "b"]) await at.sample(person(one));
  assert.deepEqual([seen.said.slice(1), seen.tube, seen.last], [[1, 1, "full"], "T1", 2]);
  const after = await tab(store);
  await after.at.correct();
  await after.at.sample(person("c"));
  await after.at.take("T2");
  assert.deepEqual(kinds(store), ["sample T1", "sample T1", "correct T1", "sample T1", "close T1"]);
  assert.deepEqual([after.seen.said.slice(-2), after.seen.tube], [["tube_closed", "tube_opened"], "T2"]);
});

test("singly, each scan can be taken back and said again into the same tube", async () => {
  const store = device(), { at } = await tab(store);
  store.kept.me.size = 1;
  await at.take("T1");
  await at.sample(person("a"));
  await at.correct();
  await at.sample(person("b"));
  assert.deepEqual(kinds(store), ["sample T1", "correct T1", "sample T1"]);
});

test("a full tube is closed when tubes are counted, once; one that is not full stays open", async () => {
  const store = device(), { at, seen } = await tab(store);
  await at.take("T1");
  await at.sample(person("a"));
  await at.inTurn(at.closeFull);
  await at.sample(person("b"));
  for (let n = 0; n < 2; n += 1) await at.inTurn(at.closeFull);
  assert.deepEqual([kinds(store), seen.tube, seen.last], [["sample T1", "sample T1", "close T1"], "", 2]);
});

test("while resampling a tube takes one, and the next person waits for another", async () => {
  const store = device(), { at, seen } = await tab(store);
  seen.retest = true;
  await at.take("T1");
  assert.equal(seen.size, 1);
  await at.sample(person("a"));
  await at.sample(person("b"));
  assert.deepEqual([seen.said.slice(1), store.facts.length], [[1, "full", 5], 1]);
});

test("what the server knew too late is said of whom, where and when, and goes on being known after it was dismissed", async () => {
  const store = device(), { at } = await tab(store);
  await at.take("T1");
  for (const one of ["a", "b"]) await at.sample(person(one));
  Object.assign(store.facts[1], { state: "warned", ack: { verdict: 2, where: "东街 2", at: 900 } });
  await at.refresh();
  const [late] = at.late();
  assert.deepEqual(late, { verdict: 2, seqs: [2], tubes: false, tube: "T1", name: "模拟", n: 2, swabbed: 1000, stands: true, where: "东街 2", at: 900 });
  await at.correct(2);
  assert.equal(at.late()[0].stands, false);
  await at.sample(person("c"));
  for (const n of [0, 1, 3]) Object.assign(store.facts[n], { state: "warned", ack: { verdict: 6, where: "东街 2" } });
  await at.refresh();
  assert.deepEqual(at.late().map(({ verdict, seqs, tubes, name }) => [verdict, seqs, tubes, name]), [[6, [1, 2, 4], true, ""]]);
  store.facts.forEach((one) => (one.state = "confirmed"));
  const after = await tab(store);
  await after.at.sample(person("d"));
  assert.deepEqual([after.at.late(), after.seen.said], [[], [6]]);
});
