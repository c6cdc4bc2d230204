/* The board renews itself: the server pushes the figures when they change. A ticket holds for some minutes; then a new one is fetched
   with the page, by someone who must still be allowed to see it. While nothing comes through, the board says that its figures are old. */

const LATER = 5000, PATIENCE = 20000;

export function start(element) {
  listen(element, element.dataset.stream);
}

function listen(element, address) {
  const stream = new EventSource(address);
  stream.addEventListener("figures", (event) => {
    element.innerHTML = event.data; // made by our own template, escaped there
  });
  stream.addEventListener("behind", (event) => say(element, event.data));
  stream.addEventListener("renew", () => {
    stream.close();
    renew(element);
  });
  stream.onerror = () => {
    say(element, document.body.dataset.lost);
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself, and is sent the figures then
    setTimeout(() => renew(element), LATER);
  };
}

function say(element, words) {
  const state = element.querySelector(".live-state");
  state.textContent = words;
  state.hidden = false;
}

async function renew(element) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText); // it starts anew, or has too much to do
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    if (!answer.ok || !fresh) return location.reload(); // signed out: the page says so
    element.innerHTML = fresh.innerHTML;
    listen(element, fresh.dataset.stream);
  } catch {
    say(element, document.body.dataset.lost);
    setTimeout(() => renew(element), LATER);
  }
}
