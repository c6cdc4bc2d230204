// Taps are counted at once and sent one after another; one that did not arrive is kept, also over a reload, and sent again under its own key.

const PATIENCE = 20000;

// 128 bits as the house reads a key; crypto.randomUUID is absent where the station's network has no https.
const drawn = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function start(element) {
  const address = element.dataset.tap;
  const shelf = `taps:${address}`;
  const fault = element.querySelector("[data-fault]");
  const waiting = element.querySelector("[data-waiting]");
  let queue = JSON.parse(localStorage.getItem(shelf) ?? "[]");
  let sending = false;

  function keep() {
    localStorage.setItem(shelf, JSON.stringify(queue));
    waiting.hidden = !waiting.dataset.late;
    waiting.textContent = waiting.dataset.words.replace("{n}", queue.length);
  }

  function total(what) {
    return [...element.querySelectorAll("[data-total]")].find((one) => one.dataset.total === what);
  }

  function show(totals) {
    for (const one of element.querySelectorAll("[data-total]")) {
      const ahead = queue.filter((tap) => tap.what === one.dataset.total).reduce((sum, tap) => sum + Number(tap.number), 0);
      one.textContent = (totals[one.dataset.total] ?? 0) + ahead;
    }
  }

  async function send() {
    if (sending || !queue.length) return;
    sending = true;
    const tap = queue[0];
    const token = element.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": token };
      const answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams(tap), signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status !== 200 && answer.status !== 422) throw new Error(answer.status);
      const said = await answer.json();
      queue.shift();
      fault.hidden = !said.fault;
      fault.textContent = said.fault;
      if (said.fault) fault.scrollIntoView({ block: "center" });
      show(said.totals);
      delete waiting.dataset.late;
      setTimeout(send);
    } catch {
      waiting.dataset.late = "yes";
      setTimeout(send, 4000);
    }
    sending = false;
    keep();
  }

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const tap = Object.fromEntries(new FormData(form, event.submitter));
    delete tap.csrfmiddlewaretoken;
    queue.push({ ...tap, key: drawn() });
    const shown = total(tap.what);
    shown.textContent = Number(shown.textContent) + Number(tap.number);
    keep();
    send();
  });

  keep();
  send();
}
