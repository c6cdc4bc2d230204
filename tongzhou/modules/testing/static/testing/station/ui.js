/* What is seen, heard and felt. Words come with the page, in its language; a verdict has a word, a shape, a colour, a sound and a beat. */

const $ = (name) => document.getElementById(name);
const WORDS = JSON.parse(document.body.dataset.words);
const SIGNS = { fine: "✓", warn: "!", bad: "✕", closed: "■", opened: "＋" };
const TONES = { 1: "fine", 2: "warn", 3: "warn", 4: "warn", 5: "bad", 6: "bad", 7: "warn" };
const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
const filled = (words, data = {}) => (WORDS[words] ?? words).replace(/\{(\w+)\}/g, (_all, name) => data[name] ?? "");

const heard = new Set(); // warnings that were sounded
let drawn = ""; // warnings that are shown: a button is not drawn anew under the finger that presses it

let audio = null, quiet = true; // a browser lets a page sound only after it was touched

export function wake() {
  quiet = false;
  audio ??= new AudioContext();
}

function signal(tone) {
  const good = tone === "fine" || tone === "opened";
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(good ? 60 : [180, 90, 180]);
  if (quiet || !audio) return;
  for (const [place, pitch] of (good ? [880] : tone === "closed" ? [660, 880] : [220, 220]).entries()) {
    const sound = audio.createOscillator(), from = audio.currentTime + place * 0.2;
    sound.frequency.value = pitch;
    sound.connect(audio.destination);
    sound.start(from);
    sound.stop(from + 0.13);
  }
}

/** The one big panel: tone, words, what more is to say, and what can be done about it. */
function panel(tone, words, more = "", choices = []) {
  const box = $("verdict");
  delete box.dataset.of;
  box.className = `verdict tone-${tone}`;
  box.querySelector(".sign").textContent = SIGNS[tone];
  box.querySelector("strong").textContent = words;
  box.querySelector(".more").textContent = more;
  $("choices").replaceChildren(...choices.map(([word, run]) => button(filled(word), () => {
    $("choices").replaceChildren();
    if (run) run();
    else panel("opened", filled("ready"));
  })));
  signal(tone);
}

function button(words, run) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, className: "big" });
  made.addEventListener("click", run);
  return made;
}

export const say = (tone, words, data) => panel(tone, filled(words, data));

export function verdict({ seq, verdict: number, where, at }, { n, tube, full } = {}) {
  const more = where || at ? filled("before", { where, at: clock(at) }) : filled("in_tube", { tube, n });
  panel(TONES[number], filled(`verdict_${number}`), full ? `${more} ${filled("then_full")}` : more);
  $("verdict").dataset.of = seq;
}

/** What came too late for the panel, beside it: a bar that stays in sight, and below it each with what to do, until it is dismissed. */
export function late(warnings, { dismiss, takeBack }) {
  if (drawn === JSON.stringify(warnings)) return;
  drawn = JSON.stringify(warnings);
  const news = warnings.flatMap(({ seqs }) => seqs).filter((seq) => !heard.has(seq));
  news.forEach((seq) => heard.add(seq));
  $("late-bar").hidden = !warnings.length;
  if (warnings.length) $("late-bar").replaceChildren(...bar(warnings));
  $("late").replaceChildren(...warnings.map((one) => {
    const seen = ["late_seen", () => dismiss(one)], back = ["late_back", () => takeBack(one)];
    return card(one, one.stands ? [seen, back] : [seen]);
  }));
  const shown = warnings.find(({ seqs }) => seqs.includes(Number($("verdict").dataset.of)));
  if (shown) panel(TONES[shown.verdict], headline(shown), placed(shown)); // else it went on saying that the person may be swabbed
  else if (news.length) signal("bad");
}

/** Of whom, or of which tube, and what. */
const headline = (one) => filled(one.tubes ? "late_tube" : one.name ? "late_name" : "late_code", one) + filled(`verdict_${one.verdict}`);

/** Where else, and when. */
const placed = ({ where, at }) => filled("before", { where, at: at ? clock(at) : "" }).trim();

const lines = (told) => told.filter(([, words]) => words).map(([tag, words]) => Object.assign(document.createElement(tag), { textContent: words }));

/** The newest, and how many there are. */
const bar = ([first, ...others]) => lines([
  ["strong", headline(first)],
  ["span", [placed(first), filled("late_bar", { n: others.length + 1 })].filter(Boolean).join(" · ")],
]);

function card(one, choices) {
  const { verdict: number, tubes, tube, n, swabbed } = one;
  const made = Object.assign(document.createElement("div"), { className: `late tone-${TONES[number]}` });
  const swab = tubes ? "" : filled("late_swab", { tube, n, time: clock(swabbed) });
  made.replaceChildren(...lines([["strong", headline(one)], ["b", placed(one)], ["p", filled(`late_do_${number}`)], ["small", swab]]));
  made.append(...choices.map(([word, run]) => button(filled(word), run)));
  return made;
}

export function ask(said, choices) {
  const words = said.words ? filled(said.words, said) : filled(`verdict_${said.verdict}`);
  const more = said.where ? filled("before", { where: said.where, at: clock(said.at) }) : filled("not_written");
  panel(said.words ? "warn" : TONES[said.verdict], words, more, [...choices, ["leave", null]]);
}

export function table({ me, state, tube, size }) {
  $("enrol").hidden = Boolean(me);
  $("work").hidden = !me;
  $("place").textContent = me?.where ?? filled("title");
  if (!me) return;
  const people = state.tubes.get(tube)?.people ?? 0;
  $("tube-code").textContent = tube || filled("scan_tube");
  $("tube-people").textContent = tube ? `${people} / ${size}` : "";
  $("tube-retest").hidden = !retest();
  $("tube-fill").max = size;
  $("tube-fill").value = people;
  $("close").disabled = !tube || !people;
  $("correct").disabled = !state.last;
  const minutes = Math.round(Math.abs(me.skew ?? 0) / 60_000);
  warn("clock", minutes >= 2 && filled("clock_wrong", { n: minutes }));
  warn("revoked", me.state === "revoked" && filled("revoked"));
}

export function counts({ kept, confirmed, pending, stuck }) {
  for (const [name, n] of Object.entries({ kept, confirmed, pending })) $(`n-${name}`).textContent = n;
  $("pending").classList.toggle("some", pending > 0);
  warn("stuck", stuck > 0 && filled("stuck", { n: stuck }));
}

export function net(word) {
  $("net").textContent = filled(`net_${word}`);
  warn("unknown", word === "unknown" && filled("unknown_device"));
}

export function warn(name, words) {
  const line = $(`warn-${name}`);
  line.hidden = !words;
  line.textContent = words || "";
}

export function typing(number = "") {
  $("typed").open = true;
  const form = $("typed").querySelector("form");
  form.elements.number.value = number;
  form.elements.name.focus();
}

export function box({ system, hand, missing, extra }) {
  $("box-system").textContent = system.length;
  $("box-differences").textContent = hand.length ? filled("box_differences", { missing: missing.join(" ") || "0", extra: extra.join(" ") || "0" }) : system.join(" ");
}

export function roster({ next, left, all }) {
  $("list-next").hidden = $("list-absent").hidden = !next;
  $("list-next").textContent = next ? filled("list_next", next) : "";
  $("list-left").textContent = all ? filled("list_left", { left, all }) : "";
}

export function unsent(codes) {
  $("sending").hidden = !codes.length;
  $("sending").elements.box.replaceChildren(...codes.map((code) => new Option(code, code)));
}

export const words = filled;
export const retest = () => $("retest").checked;
