/* The board renews itself: the server pushes the figures when they change. A ticket holds for some minutes; then a new one is fetched
   with the page, by someone who must still be allowed to see it. */

const LATER = 5000;

export function start(element) {
  listen(element, element.dataset.stream);
}

function listen(element, address) {
  const stream = new EventSource(address);
  stream.addEventListener("figures", (event) => {
    element.innerHTML = event.data; // made by our own template, escaped there
  });
  stream.addEventListener("behind", (event) => {
    element.querySelector(".live-state").textContent = event.data;
  });
  stream.addEventListener("renew", () => {
    stream.close();
    renew(element);
  });
  stream.onerror = () => {
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    setTimeout(() => renew(element), LATER);
  };
}

async function renew(element) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    if (!answer.ok || !fresh) return location.reload(); // signed out: the page says so
    element.innerHTML = fresh.innerHTML;
    listen(element, fresh.dataset.stream);
  } catch {
    setTimeout(() => renew(element), LATER);
  }
}
