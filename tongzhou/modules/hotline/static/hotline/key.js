// One's own key: made, unlocked, locked again. The passphrase and the private key never leave this page in clear.

import { post } from "./live.js";
import { lock, makeKeypair, unlock, unlocked } from "./vault.js";

const SHORTEST = 12;

export async function start(root) {
  const words = JSON.parse(root.dataset.words);
  const make = root.querySelector("[data-part=make]"), open = root.querySelector("[data-part=unlock]"), done = root.querySelector("[data-part=open]");
  const keypair = Number(root.dataset.keypair);
  const show = (part) => { for (const one of [make, open, done]) if (one) one.hidden = one !== part; };
  show(!keypair ? make : (await unlocked(keypair)) ? done : open);

  make?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [one, other] = make.querySelectorAll("input[type=password]");
    if (one.value.length < SHORTEST) return say(make, words.short);
    if (one.value !== other.value) return say(make, words.differ);
    try {
      const made = await makeKeypair(one.value);
      const kept = await post(root.dataset.make, { act: "key", ...made });
      await unlock(kept.keypair, made.wrapped, one.value);
      location.reload();
    } catch (fault) { say(make, fault.message || words.failed); }
  });
  open?.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await unlock(keypair, root.dataset.wrapped, open.querySelector("input").value);
      show(done);
      document.dispatchEvent(new Event("hotline:unlocked"));
    } catch { say(open, words.wrong); }
  });
  done?.querySelector("button")?.addEventListener("click", async () => { await lock(); show(open); location.reload(); });
  root.querySelector("[data-part=renew]")?.addEventListener("click", () => show(make));
}

function say(form, text) {
  const place = form.querySelector("[role=alert]");
  place.textContent = text;
  place.hidden = false;
}
