// Keeps what is being written: on this device with every key, on the server whenever there is a network. What the server has, the
// device forgets. Everything but this comfort works without the file.

const START = "tongzhou/proposals";
const PROTOCOL = "tz-jot-1";
const LATER = 2500, ASKING = 15_000; // ms: after the last key; after which a request that hangs is given up
const WIDE = "\\u2014\\u2018-\\u201d\\u2026\\u2e80-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff00-\\uffef";
const COUNTED = new RegExp(`[${WIDE}]|[^\\s${WIDE}]+`, "g"); // the same rule as rules.count
const NAMES = ["kind", "name", "situation", "analysis", "suggestions", "is_confidential"];
const BODY = ["situation", "analysis", "suggestions"];

export function start(element) {
  if (element.dataset.saved) forget(element.dataset.saved);
  else write(element);
}

export function count(text) {
  return (text.match(COUNTED) ?? []).length;
}

function write(form) {
  const given = form.dataset, words = JSON.parse(given.words);
  const place = `${START}/${given.response}`;
  if (given.who) localStorage.setItem(`${place}/who`, given.who);
  const who = given.who || localStorage.getItem(`${place}/who`) || "";
  if (!form.elements.key.value) form.elements.key.value = crypto.randomUUID();
  const slot = () => `${place}/${who}/${form.elements.key.value}`;
  const offline = Boolean(given.offline);
  let timer = 0, asking = null;

  const say = (text, bad = false) => {
    const box = form.querySelector("[data-status]");
    box.hidden = !text;
    box.textContent = text;
    box.classList.toggle("alert-warning", bad);
  };
  const counted = () => {
    const n = BODY.reduce((sum, name) => sum + count(form.elements[name].value), 0), most = Number(given.most);
    const limited = form.elements.kind.value === "opinion";
    const box = form.querySelector("[data-count]");
    box.textContent = (limited ? (n > most ? words.long : words.fits) : words.count).replace("{n}", n).replace("{most}", most);
    box.classList.toggle("field-error", limited && n > most);
  };

  function keep(sent = false) {
    const row = { key: form.elements.key.value, fresh: Boolean(given.new), version: form.elements.version?.value ?? "", fields: read(form), at: Date.now(), sent };
    try {
      localStorage.setItem(slot(), JSON.stringify(row));
    } catch {
      return say(words.full, true);
    }
    if (!sent) say(navigator.onLine && !offline ? words.device : words.offline, !navigator.onLine);
  }

  async function jot() {
    clearTimeout(timer);
    const text = localStorage.getItem(slot());
    if (offline || !text || asking) return;
    asking = new AbortController();
    const body = new FormData();
    body.append("key", form.elements.key.value);
    for (const [name, value] of Object.entries(JSON.parse(text).fields)) body.append(name, value);
    const stop = setTimeout(() => asking?.abort(), ASKING);
    const said = await answer(fetch(given.jot, { method: "POST", headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value }, body, signal: asking.signal }));
    clearTimeout(stop);
    asking = null;
    if (said?.key !== form.elements.key.value) return say(said === "signedout" ? words.signedout : words.offline, true);
    if (localStorage.getItem(slot()) !== text) return later(); // more was typed meanwhile
    localStorage.removeItem(slot());
    say(words.kept.replace("{at}", said.at));
  }
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(jot, LATER);
  };

  const there = found(`${place}/${who}/`, form, Boolean(given.new));
  if (there) {
    form.elements.key.value = there.key;
    if (there.version && form.elements.version) form.elements.version.value = there.version;
    if (fill(form, there.fields)) say(words.restored);
    keep();
    if (navigator.onLine && !offline) jot();
  }
  counted();
  form.addEventListener("input", () => { counted(); keep(); later(); });
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine || offline) {
      event.preventDefault();
      keep();
      return say(words.wait, true);
    }
    clearTimeout(timer);
    asking?.abort();
    keep(true);
  });
  window.addEventListener("online", jot);
  window.addEventListener("offline", () => say(words.offline, true));
  if (given.worker && "serviceWorker" in navigator) navigator.serviceWorker.register(given.worker).catch(() => {});
}

// What this device still has of the same item; on a blank new page, of any item that was never saved, the latest.
function found(start, form, fresh) {
  const rows = slots().filter((name) => name.startsWith(start)).map((name) => JSON.parse(localStorage.getItem(name)));
  const same = rows.find((row) => row.key === form.elements.key.value);
  const blank = fresh && NAMES.every((name) => ["kind", "is_confidential"].includes(name) || !form.elements[name]?.value);
  return same ?? (blank ? rows.filter((row) => row.fresh).sort((a, b) => b.at - a.at)[0] : undefined);
}

// Gone once the server shows the item as saved, if this text was part of what was sent.
function forget(key) {
  for (const name of slots().filter((one) => one.endsWith(`/${key}`))) {
    if (JSON.parse(localStorage.getItem(name)).sent) localStorage.removeItem(name);
  }
}

function slots() {
  return Object.keys(localStorage).filter((name) => name.startsWith(`${START}/`) && !name.endsWith("/who"));
}

function read(form) {
  const all = new FormData(form);
  return Object.fromEntries(NAMES.filter((name) => all.has(name)).map((name) => [name, all.get(name)]));
}

// Returns whether anything was other than it stood.
function fill(form, fields) {
  const before = JSON.stringify(read(form));
  for (const name of NAMES) {
    const input = form.elements[name];
    if (!input) continue;
    if (input.type === "checkbox") input.checked = fields[name] === "on";
    else if (name in fields) input.value = fields[name];
  }
  return JSON.stringify(read(form)) !== before;
}

// The envelope, or nothing: a log-in page or a captive portal is no answer.
async function answer(asking) {
  try {
    const response = await asking;
    if (response.redirected) return "signedout";
    const json = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
    const said = json && response.ok ? await response.json() : null;
    return said?.protocol === PROTOCOL ? said : null;
  } catch {
    return null;
  }
}
