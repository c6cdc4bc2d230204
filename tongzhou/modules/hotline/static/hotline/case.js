// A case as whoever holds its key reads it. Fields marked data-seal are sealed before their form is sent; they have no name of their own,
// so that nothing goes out in clear even if this file does not run.

import { keepAsking, post } from "./live.js";
import { box, from64, openText, sealText, together, unbox, unlocked } from "./vault.js";
import { bubble } from "./words.js";

export function start(root) {
  document.addEventListener("hotline:unlocked", () => begin(root));
  begin(root);
}

async function begin(root) {
  const given = JSON.parse(root.dataset.case), words = JSON.parse(root.dataset.words);
  const own = given.mine ? await unlocked(given.mine.keypair) : null;
  root.classList.toggle("is-locked", !own);
  if (!own) return;
  agreeing(root, given, own);
  const secret = await caseSecret(given, own).catch(() => null);
  const unreadable = root.querySelector("[data-part=unreadable]");
  if (unreadable) unreadable.hidden = Boolean(secret);
  if (!secret) return;
  root.classList.add("is-open");
  reading(root, given, secret, words);
  sealing(root, given, secret);
  sharing(root, given, secret);
}

// The whole key; or the two halves of two supervisors who agreed.
async function caseSecret(given, own) {
  const mine = given.mine;
  if (mine.whole) return unbox(given.key, own, mine.public, mine.whole, "whole");
  if (!mine.half || !mine.other) return null;
  const half = await unbox(given.key, own, mine.public, mine.half, "half");
  return together(half, await unbox(given.key, own, mine.public, mine.other, "opening"));
}

function reading(root, given, secret, words) {
  const log = root.querySelector("[data-part=log]"), shown = new Set();
  let version = "";
  const ask = async (signal) => {
    const answer = await fetch(`${given.address}?version=${version}`, { headers: { Accept: "application/json" }, signal });
    if (answer.redirected) return location.reload(); // the session is over
    if (!answer.ok) throw new Error(answer.statusText);
    const now = await answer.json();
    version = now.version;
    for (const one of now.texts ?? []) {
      if (shown.has(one.key)) continue;
      shown.add(one.key);
      log.append(bubble(await openText(given.key, secret, one).catch(() => words.broken), one, "counsellor", words));
      log.scrollTop = log.scrollHeight;
    }
    const state = root.querySelector("[data-part=state]");
    if (state && now.label !== state.textContent) state.textContent = now.label;
  };
  const asking = keepAsking(given.live, ask);
  const say = root.querySelector("[data-part=say]"), typed = say?.querySelector("textarea");
  say?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = typed.value.trim();
    if (!text) return;
    try {
      await post(say.action, await sealText(given.key, secret, text, "counsellor"));
      typed.value = "";
      asking.round();
    } catch (fault) { alertIn(say, fault.message || words.failed); }
  });
  typed?.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); say.requestSubmit(); } });
}

function sealing(root, given, secret) {
  for (const field of root.querySelectorAll("[data-seal]")) {
    const form = field.form;
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sealed) return;
      event.preventDefault();
      if (!field.value.trim()) { field.focus(); return; }
      const sealed = await sealText(given.key, secret, field.value.trim(), field.dataset.seal);
      for (const [name, value] of Object.entries(sealed)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      form.dataset.sealed = "yes";
      form.submit();
    });
  }
}

function sharing(root, given, secret) {
  const form = root.querySelector("[data-part=share]");
  form?.addEventListener("submit", async (event) => {
    if (form.dataset.sealed) return;
    event.preventDefault();
    const chosen = form.querySelector("select").selectedOptions[0];
    const sealed = await box(given.key, chosen.dataset.public, secret, "whole");
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sealed", value: sealed }));
    form.dataset.sealed = "yes";
    form.submit();
  });
}

// The other supervisor gives their half to the one who asks: opened here, sealed again to them.
function agreeing(root, given, own) {
  for (const form of root.querySelectorAll("[data-part=agree]")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sealed) return;
      event.preventDefault();
      const half = await unbox(given.key, own, given.mine.public, form.dataset.half, "half");
      const sealed = await box(given.key, form.dataset.asker, half, "opening");
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sealed", value: sealed }));
      form.dataset.sealed = "yes";
      form.submit();
    });
  }
}

function alertIn(form, text) {
  const place = form.querySelector("[role=alert]");
  place.textContent = text;
  place.hidden = false;
}
