// Published results as a browser reads them, held to the files that the server makes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Forged, checked, opened, place, results } from "../../../../tongzhou/modules/testing/static/testing/result/files.js";

const CASES = JSON.parse(readFileSync(new URL("../cases/published.json", import.meta.url)));

for (const one of CASES.lines) {
  test(`line of ${one.key.slice(0, 4)}`, async () => {
    assert.deepEqual(await place(one.key, CASES.campaign, one.shards), { name: one.name, shard: one.shard });
    const { value, laboratory, tested, sampled } = one;
    assert.deepEqual(await opened(one.key, CASES.campaign, one.line), { value, laboratory, tested, sampled });
  });
}

test("a line is opened by its own key alone", async () => {
  const [one, other] = CASES.lines;
  await assert.rejects(opened(other.key, CASES.campaign, one.line), Forged);
});

test("a signed text is read, and one that was changed is not", async () => {
  assert.equal(await checked(CASES.signed, CASES.public), CASES.text);
  await assert.rejects(checked(`${CASES.signed}.`, CASES.public), Forged);
  await assert.rejects(checked("", CASES.public), Forged);
});

test("where nothing is published there is nothing", async () => {
  assert.deepEqual(await results([{ key: CASES.lines[0].key, name: "" }], CASES.public, async () => null), []);
});
