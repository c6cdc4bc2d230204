// The seat: the queue as it moves, and contacts by telephone or face to face, whose key is made here.

import { keepAsking, post } from "./live.js";
import { boxes, random } from "./vault.js";

export function start(root) {
  const part = root.querySelector("[data-part=queue]");
  keepAsking(root.dataset.live, async (signal) => {
    const answer = await fetch(root.dataset.address, { headers: { "HX-Request": "true" }, signal });
    if (answer.headers.get("HX-Refresh")) return location.reload(); // the session is over
    if (!answer.ok) throw new Error(answer.statusText);
    part.innerHTML = await answer.text();
    const waiting = part.querySelectorAll("[data-waiting]").length; // seen on the tab while something else is open
    document.title = (waiting ? `(${waiting}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  });
  for (const form of root.querySelectorAll("[data-part=enter]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const secret = random(32), key = crypto.randomUUID();
      const sealed = await boxes(key, secret, JSON.parse(form.dataset.recipients));
      const made = await post(root.dataset.address, { act: "enter", line: form.dataset.line, mode: event.submitter.value, key, boxes: JSON.stringify(sealed) });
      location.assign(made.url);
    });
  }
}
