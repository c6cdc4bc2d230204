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
    async add(make) {
      const made = await make();
      if (!made) return 0;
      facts.push({ seq: facts.length + 1, text: made.text });
      return facts.length;
    },
  };
}

/** A tab, or the page after a reload: it knows what the store tells it. `seen` is what it shows. */
async function tab(store) {
  const seen = { said: [] };
  const ui = {
    table: ({ tube }) => (seen.tube = tube), say: (_tone, words) => seen.said.push(words), ask: (said) => seen.said.push(said.words ?? said.verdict),
    verdict: ({ verdict }) => seen.said.push(verdict), retest: () => false,
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
