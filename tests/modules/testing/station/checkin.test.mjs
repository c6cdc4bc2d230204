// The station's verdicts, held to the cases that the server's are held to; and what follows from the facts of a device.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Verdict, apply, classify, decide, hear, judge, nothing, personOf, readCode, reconcile, toBox } from "../../../../tongzhou/modules/testing/static/testing/station/checkin.js";

import { isIdNumber, isNumber, person, plainNumber, tidy } from "../../../../tongzhou/modules/testing/static/testing/station/people.js";
import { readList } from "../../../../tongzhou/modules/testing/static/testing/station/roster.js";

const CASES = JSON.parse(readFileSync(new URL("../cases/verdicts.json", import.meta.url)));
const CODES = JSON.parse(readFileSync(new URL("../cases/codes.json", import.meta.url)));
const DOCUMENTS = JSON.parse(readFileSync(new URL("../cases/documents.json", import.meta.url)));
const STATION = { size: 2, zones: [7] };
const sample = (tube, code, at = 1000) => ({ kind: "sample", at, tube, code });
const [ANNE, BEN, CARL] = CODES.map((one) => one.text);

for (const one of CASES) {
  test(`verdict: ${one.name}`, () => {
    assert.equal(judge(one.station, one.at, one.expires, one.zone, one.tube, one.seen), Verdict[one.verdict]);
  });
}

for (const one of CODES) {
  test(`code: ${one.name}`, () => assert.deepEqual(readCode(one.text), one.says));
}

for (const { name, called, kind, number, kept, right } of DOCUMENTS) {
  test(`document: ${name}`, () => {
    assert.deepEqual([tidy(called), plainNumber(number), isNumber(kind, plainNumber(number))], [...kept, right]);
    const made = person({ name: called, kind, number });
    assert.deepEqual(made.person ?? Boolean(made.wrong), right ? { name: kept[0], kind, number: kept[1] } : true);
  });
}

test("nobody is written down whom the server could not keep", () => {
  assert.deepEqual(person({ name: "张三", kind: "passport", number: "　" }), { wrong: "wrong_document" });
  assert.deepEqual(person({ name: "　", kind: "none", number: "" }), { wrong: "name_missing" });
  assert.deepEqual(person({ name: "张　三", kind: "none", number: "" }, () => "drawn").person, { name: "张 三", kind: "none", number: "drawn" });
  assert.deepEqual(person({ name: "𠮷".repeat(70) + "\ud800", kind: "passport", number: "E1234567" }).person.name, "𠮷".repeat(60));
});

test("a number in groups is the same person on this device as well", () => {
  const [one, other] = ["E 123-4567", "e1234567"].map((number) => personOf({ person: { name: "x", kind: "passport", number } }));
  assert.equal(one, other);
});

test("what is no code of ours is read as none", () => {
  for (const text of ["", "TZ1", "TZ2" + ANNE.slice(3), ANNE + "A", ANNE.slice(0, -1) + "!"]) assert.equal(readCode(text), null);
});

test("an identity number is known by its check digit", () => {
  assert.equal(isIdNumber("11010519491231002X"), true);
  assert.equal(isIdNumber("110105194912310021"), false);
});

test("a scan is sorted by what it looks like", () => {
  const kinds = [ANNE, " 11010519491231002x ", "202209070001", "eyJh:1tXyZ:s-ig_", "东街小学", ""].map((text) => classify(text).kind);
  assert.deepEqual(kinds, ["code", "id", "barcode", "invitation", "none", "none"]);
});

test("a person is told where and when, on the server's clock", () => {
  const state = apply(nothing(), 1, sample("T1", ANNE, 5000), "东街小学 1");
  assert.deepEqual(decide(state, STATION, sample("T2", ANNE, 9000), 60_000), { verdict: Verdict.REPEAT, where: "东街小学 1", at: 65_000 });
  assert.deepEqual(decide(state, STATION, { ...sample("T2", ANNE), retest: true }), { verdict: Verdict.FINE });
});

test("a tube fills, closes, and is used from then on", () => {
  const state = nothing();
  for (const [seq, code] of [[1, ANNE], [2, BEN]]) apply(state, seq, sample("T1", code));
  assert.equal(decide(state, STATION, sample("T1", CARL)).verdict, Verdict.FULL);
  apply(state, 3, { kind: "close", at: 1, tube: "T1" });
  assert.deepEqual([state.tube, state.last], ["", 2]);
  assert.equal(decide(state, STATION, sample("T1", CARL)).verdict, Verdict.USED);
});

test("the last swab can be taken back until the next one, or until its tube is in a box", () => {
  const state = apply(apply(nothing(), 1, sample("T1", ANNE)), 2, { kind: "close", at: 1, tube: "T1" });
  assert.equal(apply(apply(nothing(), 1, sample("T1", ANNE)), 2, sample("T2", BEN)).last, 2);
  assert.equal(apply(state, 3, { kind: "box", at: 2, box: "X1", tubes: ["T1"], in_hand: 1 }).last, 0);
});

test("a retest has a tube of its own, whatever the zone's size is", () => {
  const state = apply(nothing(), 1, { ...sample("T1", ANNE), retest: true });
  assert.deepEqual([sample("T1", BEN), { ...sample("T1", BEN), retest: true }, sample("T2", BEN)].map((fact) => decide(state, STATION, fact).verdict), [Verdict.FULL, Verdict.FULL, Verdict.FINE]);
  apply(state, 2, sample("T2", BEN));
  assert.equal(decide(state, STATION, { ...sample("T2", CARL), retest: true }).verdict, Verdict.FULL);
});

test("a tube that the server knows from another table is not gone on with", () => {
  const state = apply(nothing(), 1, sample("T1", ANNE));
  hear(state, sample("T1", ANNE), { verdict: Verdict.REPEAT });
  assert.equal(decide(state, STATION, sample("T1", BEN)).verdict, Verdict.FINE);
  hear(state, sample("T1", ANNE), { verdict: Verdict.USED });
  assert.equal(decide(state, STATION, sample("T1", BEN)).verdict, Verdict.USED);
});

test("a swab taken back frees the person and the tube, and is not taken back twice", () => {
  const state = apply(nothing(), 1, sample("T1", ANNE));
  for (const seq of [2, 3]) apply(state, seq, { kind: "correct", at: 1, tube: "T1", of: 1 });
  assert.deepEqual([state.tubes.get("T1").people, state.people.size, state.last], [0, 0, 0]);
});

test("taking the second swab of a person back leaves the first", () => {
  const state = apply(apply(nothing(), 1, sample("T1", ANNE, 5)), 2, sample("T2", ANNE, 9));
  apply(state, 3, { kind: "correct", at: 10, tube: "T2", of: 2 });
  assert.equal(decide(state, STATION, sample("T3", ANNE)).at, 5);
});

test("a box takes the closed tubes, once", () => {
  const state = apply(nothing(), 1, sample("T1", ANNE));
  apply(state, 2, { kind: "close", at: 1, tube: "T1" });
  apply(state, 3, sample("T2", BEN));
  assert.deepEqual(toBox(state), ["T1"]);
  assert.deepEqual(reconcile(["T1", "T3"], ["T3", "T9"]), { missing: ["T1"], extra: ["T9"] });
  apply(state, 4, { kind: "box", at: 2, box: "X1", tubes: ["T1"], in_hand: 1 });
  assert.deepEqual([toBox(state), state.boxes.get("X1")], [[], { tubes: 1, sent: false }]);
  apply(state, 5, { kind: "courier", at: 3, box: "X1", courier: "老马" });
  assert.deepEqual(state.boxes.get("X1"), { tubes: 1, sent: true });
});

test("a list is read as it is pasted, and a wrong line is said", () => {
  const text = "姓名\t证件号码\n王小明\t11010519491231002x\nJohn Smith, E1234567\r\n\n李无证\n陈港 H12345678";
  assert.deepEqual(readList(text, () => "drawn"), {
    people: [
      { name: "王小明", kind: "id", number: "11010519491231002X" }, { name: "John Smith", kind: "passport", number: "E1234567" },
      { name: "李无证", kind: "none", number: "drawn" }, { name: "陈港", kind: "permit", number: "H12345678" },
    ],
    wrong: [],
  });
  assert.deepEqual(readList("王小明 110105194912310021\n12345678").wrong, [1, 2]);
  assert.deepEqual(readList("张　三\tE 123 4567").people, [{ name: "张 三", kind: "passport", number: "E1234567" }]);
});
