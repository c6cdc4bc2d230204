/* Puts the station together: store, outbox, table, boxes, scanner, and the page. */

import { boxing } from "./boxing.js";
import { classify } from "./checkin.js";
import { sealedFile } from "./facts.js";
import { person } from "./people.js";
import { camera, detector, hand, picture } from "./scanner.js";
import { roster } from "./roster.js";
import { open } from "./store.js";
import { PATIENCE, outbox } from "./sync.js";
import { table } from "./table.js";
import * as ui from "./ui.js";

const $ = (name) => document.getElementById(name);
const on = (name, event, run) => $(name).addEventListener(event, (happened) => {
  if (event === "submit") happened.preventDefault();
  run(happened);
});

const store = await open();
const out = outbox({ store, fetch: (...given) => fetch(...given), locks: navigator.locks, tell: ui.net });
const at = table({ store, ui, wrote: () => out.flush() });
const boxes = boxing({ at, store, ui, form: $("box-form"), sending: $("sending") });
const list = roster({ at, store, ui });
let stop = null, find = null;

async function show() {
  await at.refresh();
  ui.counts(await store.counts());
  ui.late(at.late(), { dismiss: ({ seqs }) => store.dismiss(seqs), takeBack });
  boxes.show();
  await list.show();
}

/** Not swabbed yet, or not to be: whoever a warning is about, however many came after. */
async function takeBack({ seqs }) {
  await at.correct(seqs[0]);
  await store.dismiss(seqs);
}

function take(text) {
  if (!at.me()) return enrolBy(text);
  if (!boxes.take(text.trim())) at.take(text);
}

/** Whoever holds a code that is on show at the point gets a number and a secret for this device. */
async function enrolBy(code) {
  if (classify(code).kind !== "invitation") return ui.warn("enrol", ui.words("not_invitation"));
  const asked = { code: classify(code).text, table: Number($("table-number").value), label: $("label").value };
  try {
    const answer = await fetch("/testing/device/enrol", { method: "POST", body: JSON.stringify(asked), credentials: "omit", redirect: "error", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const told = answer.ok ? await answer.json() : null;
    if (told?.protocol !== "tz-ack-1") return ui.warn("enrol", ui.words(answer.status === 403 ? "invitation_over" : "no_network"));
    await store.enrol({ device: told.device, secret: told.secret, where: "", size: 0, zones: [], skew: 0 });
    await navigator.storage?.persist?.();
    ui.warn("enrol", "");
    await out.flush();
  } catch {
    ui.warn("enrol", ui.words("no_network"));
  }
}

async function look() {
  if (stop) return unlook();
  find ??= await detector(document.body.dataset.zxing);
  if (!find) return ui.say("bad", "no_camera");
  try {
    stop = await camera($("video"), find, take);
    $("viewer").hidden = false;
  } catch {
    ui.say("bad", "no_camera");
    ui.warn("enrol", at.me() ? "" : ui.words("no_camera"));
  }
}

function unlook() {
  stop?.();
  stop = null;
  $("viewer").hidden = true;
}

async function fromPicture(event) {
  find ??= await detector(document.body.dataset.zxing);
  const texts = find && event.target.files[0] ? await picture(event.target.files[0], find).catch(() => []) : [];
  event.target.value = "";
  if (texts.length) take(texts[0]);
  else ui.say("bad", "not_known");
}

async function exported() {
  const me = await store.me(), items = await store.unsent();
  if (!items.length) return ui.say("opened", "nothing_pending");
  const address = URL.createObjectURL(new Blob([await sealedFile(me, items, Date.now())], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: `tongzhou-${me.device}-${items[0].seq}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  ui.say("closed", "exported", { n: items.length });
}

/** All that the server has not, once more: also what it did not take, since it may have learnt to. */
async function sendNow() {
  await store.retry();
  await out.flush();
}

/** Nothing goes with the device that is nowhere else, or that nobody has seen to. */
async function giveBack() {
  const me = await store.me();
  await at.inTurn(at.closeFull);
  await sendNow();
  const { stuck } = await store.counts();
  if (stuck) ui.say("bad", "stuck_kept", { n: stuck });
  else if (at.late().length) ui.say("bad", "late_kept", { n: at.late().length });
  else if (!(await store.wipe(me.device))) ui.say("bad", "not_yet_sent");
}

function typed() {
  const { name, kind, number } = $("typed-form").elements;
  const { person: who, wrong } = person({ name: name.value, kind: kind.value, number: number.value });
  if (wrong) return ui.say("bad", wrong);
  at.sample({ person: who });
  $("typed-form").reset();
  $("typed").open = false;
}

on("scan", "submit", () => {
  const text = $("scanned").value;
  $("scanned").value = "";
  if (text.trim()) take(text);
});
on("enrol-form", "submit", () => enrolBy($("invitation").value));
on("typed-form", "submit", typed);
on("box-form", "submit", boxes.seal);
on("list-form", "submit", async () => {
  if (await list.keep($("list-text").value)) $("list-form").reset();
});
on("list-file", "change", async (event) => {
  $("list-text").value = event.target.files[0] ? await event.target.files[0].text() : "";
});
on("list-next", "click", list.next);
on("list-absent", "click", list.absent);
on("sending", "submit", boxes.send);
on("box", "toggle", boxes.opened);
on("retest", "change", () => at.inTurn(() => store.begin({ retest: $("retest").checked })));
for (const name of ["look", "enrol-look", "unlook"]) on(name, "click", look);
for (const name of ["picture", "enrol-picture"]) on(name, "change", fromPicture);
on("close", "click", at.close);
on("correct", "click", () => at.correct());
on("late-bar", "click", () => $("late").scrollIntoView());
on("send-now", "click", sendNow);
on("export", "click", exported);
on("give-back", "click", giveBack);
document.addEventListener("pointerdown", ui.wake, { once: true });
hand(take);
store.onChange(show);
addEventListener("online", () => out.flush());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && out.flush());
if (location.hash) {
  $("invitation").value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
}
const { retest = false, box } = await store.begun();
$("retest").checked = retest;
await show();
boxes.goOn(box);
sendNow();
document.documentElement.dataset.ready = "yes";
if ("serviceWorker" in navigator) {
  const worker = `sw.js?lang=${document.documentElement.lang}`;
  navigator.serviceWorker.register(worker, { updateViaCache: "none" }).then(() => ui.warn("shell", ""), () => ui.warn("shell", ui.words("no_worker")));
} else ui.warn("shell", ui.words("no_worker"));
