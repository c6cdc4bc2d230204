// The board on the wall: nobody is there to load it anew, so it must come back by itself and say meanwhile that it is old.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { start } from "../../../../tongzhou/modules/testing/static/testing/live.js";

const streams = [];
let board, answers, reloads;

class Stream {
  static CLOSED = 2;
  readyState = 1;
  heard = {};
  constructor(address) { this.address = address; streams.push(this); }
  addEventListener(name, run) { this.heard[name] = run; }
  close() { this.readyState = Stream.CLOSED; }
  fail(state) { this.readyState = state; this.onerror(); }
}

const page = (stream) => ({ status: 200, ok: true, text: async () => stream });
const failure = (status) => ({ status, ok: false, statusText: "", text: async () => "" });

beforeEach(() => {
  streams.length = reloads = 0;
  answers = [];
  const state = { textContent: "" };
  board = { id: "live", innerHTML: "old", dataset: { stream: "/first" }, state, querySelector: () => state };
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Object.assign(globalThis, {
    EventSource: Stream,
    document: { body: { dataset: { lost: "lost" } } },
    location: { href: "/board", reload: () => { reloads += 1; } },
    DOMParser: class { parseFromString(text) { return { getElementById: () => text && { innerHTML: "fresh", dataset: { stream: text } } }; } },
    fetch: async () => { const next = answers.shift(); if (next instanceof Error) throw next; return next; },
  });
  start(board);
});

async function later() {
  mock.timers.tick(5000);
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
}

test("while the browser tries again by itself, the figures are said to be old, until new ones come", () => {
  streams[0].fail(0);
  assert.equal(board.state.textContent, "lost");
  assert.equal(streams.length, 1);
  streams[0].heard.figures({ data: "new" });
  assert.equal(board.innerHTML, "new");
});

test("a server that starts anew is asked until it answers, and the page stays", async () => {
  answers = [failure(502), new Error("no network"), failure(429), page("/second")];
  streams[0].fail(Stream.CLOSED);
  for (let n = 0; n < 3; n += 1) {
    await later();
    assert.deepEqual([board.innerHTML, board.state.textContent, streams.length], ["old", "lost", 1]);
  }
  await later();
  assert.deepEqual([board.innerHTML, streams.at(-1).address, reloads], ["fresh", "/second", 0]);
});

test("whoever may look no more is shown the page that says so", async () => {
  for (const answer of [failure(404), page("")]) {
    answers = [answer];
    streams.at(-1).fail(Stream.CLOSED);
    await later();
  }
  assert.equal(reloads, 2);
});

test("a ticket that is over is changed for a new one at once", async () => {
  answers = [page("/second")];
  streams[0].heard.renew();
  await later();
  assert.deepEqual([streams[0].readyState, streams.at(-1).address], [Stream.CLOSED, "/second"]);
});
