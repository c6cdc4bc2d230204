// Walks a round: the places in the order of the way, one form at a time, drafts that outlive reloads, log-ins and dead spots.
//
// The page and the shell shown without a network both end here: the fragment with the places comes from the server when it can,
// else from the device. Where the browser keeps nothing, the plain pages do the work.

const HERE = /^(\/[^/]+\/inspections\/)([0-9a-f-]{36})\/route\//;
const SOON = 15_000, LATE = 300_000; // ms between tries

export async function start(element) {
  const found = HERE.exec(location.pathname);
  if (!found || !window.indexedDB || !window.crypto?.subtle) return;
  const [stores, sync, visit] = await Promise.all([element.dataset.store, element.dataset.sync, element.dataset.visit].map((one) => import(one)));
  const walk = { element, sync, visit, base: found[1], round: found[2], store: await stores.open("tongzhou-inspections"), wait: SOON };
  await draw(walk);
  addEventListener("hashchange", () => show(walk));
  addEventListener("online", () => send(walk));
  addEventListener("offline", () => say(walk));
  document.addEventListener("visibilitychange", () => (document.hidden ? walk.keep?.() : send(walk)));
  addEventListener("pagehide", () => walk.keep?.());
  navigator.storage?.persist?.();
  navigator.serviceWorker?.register(`${walk.base}sw.js`, { scope: walk.base, updateViaCache: "none" }).then(() => navigator.serviceWorker.ready).then(() => {
    walk.ready = true;
    say(walk);
  }, () => {});
  await send(walk);
}

async function draw(walk) {
  const url = `${walk.base}${walk.round}/stops/`;
  const html = (await fetched(url + location.search)) ?? (await walk.store.get("pages", url))?.html;
  if (!html) return;
  await walk.store.put("pages", { url, html });
  walk.element.innerHTML = html;
  const body = walk.element.querySelector("[data-walk]");
  walk.words = JSON.parse(body.dataset.words);
  walk.person = body.dataset.person;
  body.querySelector(".walk-status").hidden = false;
  body.querySelector("[data-send]").addEventListener("click", () => send(walk));
  body.querySelector(".walk-list").addEventListener("click", (event) => chosen(walk, event));
  await show(walk);
}

// The fragment, or nothing: a page of somebody else's network is not taken for it.
async function fetched(url) {
  try {
    const response = await fetch(url, { cache: "no-store" });
    const html = await response.text();
    return response.ok && !response.redirected && html.includes("data-walk=") ? html : null;
  } catch {
    return null;
  }
}

function chosen(walk, event) {
  const item = event.target.closest("a[data-open]")?.closest("li");
  if (!item || (item.dataset.result && !item.dataset.draft)) return; // visited already: its page tells
  event.preventDefault();
  if (!["acked", "pending"].includes(item.dataset.draft)) location.hash = item.dataset.place;
}

async function drafts(walk) {
  return (await walk.store.all("drafts")).filter((one) => one.round === walk.round && one.who === walk.person);
}

async function show(walk) {
  const body = walk.element.querySelector("[data-walk]");
  if (!body) return;
  await walk.keep?.();
  walk.keep = null;
  body.querySelector(".walk-form")?.remove();
  const item = location.hash && body.querySelector(`li[data-place="${CSS.escape(location.hash.slice(1))}"]`);
  body.classList.toggle("is-open", Boolean(item));
  if (item) await opened(walk, body, item);
  await say(walk);
}

async function opened(walk, body, item) {
  const known = (await drafts(walk)).find((one) => one.place === item.dataset.place);
  if (known && ["acked", "pending"].includes(known.state)) return void (location.hash = "");
  const draft = known ?? {
    id: crypto.randomUUID(), round: walk.round, place: item.dataset.place, who: walk.person, state: "draft", photos: [],
    fields: { started_at: [new Date().toISOString()] },
  };
  const part = body.querySelector(`template[data-kind="${item.dataset.kind}"]`).content.cloneNode(true);
  body.append(part);
  const section = body.querySelector(".walk-form");
  const form = section.querySelector("form");
  section.querySelector("h2").textContent = item.dataset.title;
  if (draft.why) Object.assign(section.querySelector("[data-why]"), { textContent: draft.why, hidden: false });
  section.querySelector("[data-back]").addEventListener("click", () => (location.hash = ""));
  let later = 0;
  const put = () => walk.store.put("drafts", draft).catch(() => alert(walk.words.full));
  walk.visit.show(form, draft, walk.words, () => {
    if (draft.state === "stuck") Object.assign(draft, { id: draft.clash ? crypto.randomUUID() : draft.id, state: "draft", why: "", clash: false });
    clearTimeout(later);
    later = setTimeout(() => walk.keep?.(), 300);
    walk.keep = () => (clearTimeout(later), (walk.keep = null), put());
  });
  form.addEventListener("submit", (event) => (event.preventDefault(), finish(walk, form, draft)));
  section.scrollIntoView();
}

async function finish(walk, form, draft) {
  const lacking = walk.visit.missing(form, draft);
  const said = form.querySelector("[data-lacking]");
  said.textContent = lacking.length ? walk.words.missing.replace("{n}", lacking.length) : "";
  if (lacking.length) return lacking[0].scrollIntoView({ block: "center" });
  walk.keep = null;
  const fields = { ...walk.visit.read(form), started_at: draft.fields.started_at, ended_at: [new Date().toISOString()] };
  await walk.store.put("drafts", await walk.sync.sealed({ ...draft, fields }, { round: draft.round, place: draft.place, fields }));
  location.hash = "";
  await show(walk);
  await send(walk);
}

async function send(walk) {
  clearTimeout(walk.timer);
  const before = (await drafts(walk)).filter((one) => one.state === "pending").length;
  walk.state = navigator.onLine || before ? await walk.sync.flush(walk.store, walk.base) : "failed";
  const left = (await drafts(walk)).filter((one) => one.state === "pending").length;
  if (before && !left && !location.hash) await draw(walk);
  walk.wait = left ? Math.min(LATE, walk.wait * 2) : SOON;
  if (left) walk.timer = setTimeout(() => send(walk), walk.wait * (0.75 + Math.random() / 2));
  await say(walk);
}

// How far everything has come, in words: on this device, or with the server.
async function say(walk) {
  const body = walk.element.querySelector("[data-walk]");
  if (!body) return;
  const all = await walk.store.all("drafts");
  for (const item of body.querySelectorAll("li[data-place]")) {
    const draft = all.find((one) => one.round === walk.round && one.who === walk.person && one.place === item.dataset.place);
    const mark = item.querySelector("[data-mark]");
    item.dataset.draft = draft?.state ?? "";
    if (draft) Object.assign(mark, { className: `badge tone-${{ draft: "todo", pending: "doing", acked: "done", stuck: "bad" }[draft.state]}`, textContent: walk.words[draft.state] });
  }
  const waiting = all.filter((one) => one.state === "pending" && one.who === walk.person).length;
  const others = all.filter((one) => one.state === "pending" && one.who !== walk.person).length;
  const net = navigator.onLine ? (walk.state === "signedout" ? "signedout" : waiting && walk.state === "failed" ? "failed" : "online") : "offline";
  const lines = [walk.words[net], waiting ? walk.words.waiting.replace("{n}", waiting) : walk.words.none, ...(walk.ready ? [walk.words.ready] : []),
    ...(others ? [walk.words.other.replace("{n}", others)] : [])];
  body.querySelector("[data-said]").textContent = lines.join(" · ");
  body.querySelector("[data-send]").hidden = !waiting;
  body.querySelector("[data-signin]").hidden = net !== "signedout";
  body.dataset.net = net;
}
