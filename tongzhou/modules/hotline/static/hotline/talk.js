// The caller's side. The key of the case is made here and kept in this tab only; it goes to the counsellors sealed.

import { keepAsking, post } from "./live.js";
import { boxes, from64, openText, random, sealText, to64 } from "./vault.js";
import { bubble, count } from "./words.js";

export function start(root) {
  const words = JSON.parse(root.dataset.words);
  const at = (name) => root.querySelector(`[data-part=${name}]`);
  if (!window.crypto?.subtle || !window.indexedDB) { at("unable").hidden = false; return; }
  const slot = `hotline ${root.dataset.line}`;
  const begun = JSON.parse(sessionStorage.getItem(slot) || "null");
  if (begun) go(begun);
  else at("begin").hidden = false;

  at("begin").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = at("begin").querySelector("button");
    button.disabled = true;
    try { go(await begin()); } catch (fault) { complain(fault); }
    button.disabled = false;
  });

  async function begin() {
    const fresh = await (await fetch(root.dataset.recipients, { headers: { Accept: "application/json" } })).json();
    const talk = { key: crypto.randomUUID(), secret: to64(random(32)), token: to64(random(32)) };
    const sealed = await boxes(talk.key, from64(talk.secret), fresh);
    const made = await post(root.dataset.recipients, { key: talk.key, token: talk.token, boxes: JSON.stringify(sealed) });
    const whole = { ...talk, ...made };
    sessionStorage.setItem(slot, JSON.stringify(whole));
    return whole;
  }

  function go(talk) {
    const secret = from64(talk.secret), log = at("log"), box = at("say").querySelector("textarea"), shown = new Set();
    at("begin").hidden = true;
    at("talk").hidden = false;
    let version = "", asking = null;

    const ask = async (signal) => {
      const answer = await fetch(`${talk.voice}?version=${version}`, { headers: { "X-Caller": talk.token }, signal });
      if (answer.status === 404) { over(words.gone); return; }
      if (!answer.ok) throw new Error(answer.statusText); // a server that restarts ends no conversation
      const now = await answer.json();
      version = now.version;
      for (const one of now.texts ?? []) {
        if (shown.has(one.key)) continue;
        shown.add(one.key);
        log.append(bubble(await openText(talk.key, secret, one), one, "caller", words));
        log.lastElementChild.scrollIntoView({ block: "end" });
      }
      at("place").textContent = now.state === "waiting" ? count(words.place, now.place) : now.state === "talking" ? words.talking : "";
      root.dataset.state = now.state;
      if (!["waiting", "talking"].includes(now.state)) over(words.over);
    };
    asking = keepAsking(talk.live, ask);

    at("say").addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = box.value.trim();
      if (!text) return;
      try {
        const sealed = await sealText(talk.key, secret, text, "caller");
        box.value = "";
        await post(talk.voice, { ...sealed, headers: { "X-Caller": talk.token } });
        asking.round();
      } catch (fault) { box.value = text; complain(fault); }
    });
    box.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); at("say").requestSubmit(); } });
    at("leave").addEventListener("click", async () => {
      await post(talk.voice, { leave: "1", headers: { "X-Caller": talk.token } }).catch(() => {});
      over(words.left);
    });

    function over(said) {
      asking?.stop();
      sessionStorage.removeItem(slot);
      at("place").textContent = said;
      at("say").hidden = at("leave").hidden = true;
      at("again").hidden = false;
    }
  }

  function complain(fault) {
    at("fault").textContent = fault.message || words.failed;
    at("fault").hidden = false;
  }
}
