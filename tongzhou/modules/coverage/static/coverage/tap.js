// One tap for each person, also where the network is slow or gone. The key of a tap is made here; sent again, it is the same tap.
//
// What waits is kept on this device: which person (by key), what was done, the day. No name, no number. Without this file the buttons are forms.

const WAIT = 15_000;

export function start(board) {
  const words = board.dataset, place = `tongzhou/${words.place}/taps`;
  const box = board.querySelector("[data-status]");
  const waiting = () => JSON.parse(localStorage.getItem(place) ?? "[]");
  const say = (text) => { box.textContent = text; box.hidden = !text; };
  const token = board.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  function keep(rows) {
    localStorage.setItem(place, JSON.stringify(rows));
    say(rows.length ? `${words.waiting} (${rows.length})` : "");
  }

  async function post(row) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), WAIT);
    const body = new URLSearchParams({ key: row.key, what: row.what ?? "", day: row.day ?? "" });
    try {
      const answer = await fetch(row.at, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, body, signal: stop.signal, redirect: "manual" });
      return answer.status === 200 || answer.status === 422 ? await answer.json() : null;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  async function send() {
    for (const row of waiting()) {
      const said = await post(row);
      if (!said) return say(`${words.waiting} (${waiting().length})`);
      keep(waiting().filter((one) => one.key !== row.key));
      done(row, said);
    }
  }

  function done(row, said) {
    const line = document.getElementById(row.line);
    if (!line) return;
    const told = document.createElement("p");
    told.className = "tap-name";
    told.textContent = said.said;
    const forms = line.querySelector(".moves");
    forms.hidden = true;
    line.append(told);
    if (!said.undo) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: words.undo });
    button.addEventListener("click", async () => {
      button.disabled = true;
      const back = await post({ at: said.undo, key: "" });
      if (!back) { button.disabled = false; return say(words.waiting); }
      told.remove();
      button.remove();
      for (const key of line.querySelectorAll("[data-tap] [name=key]")) key.value = crypto.randomUUID();
      forms.hidden = false;
    });
    line.append(button);
  }

  for (const form of board.querySelectorAll("[data-tap]")) {
    form.elements.key.value = crypto.randomUUID?.() ?? form.elements.key.value;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const row = { at: form.action, key: form.elements.key.value, what: form.elements.what.value, day: form.elements.day.value, line: form.closest(".tap-row").id };
      if (!waiting().some((one) => one.key === row.key)) keep([...waiting(), row]);
      say("");
      form.querySelector("button").disabled = true;
      send().finally(() => { form.querySelector("button").disabled = false; });
    });
  }
  window.addEventListener("online", send);
  send();
}
