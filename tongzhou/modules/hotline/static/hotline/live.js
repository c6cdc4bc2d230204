// Asks again when told that something changed; by itself every few seconds where no stream comes through, and now and then in any case,
// which also tells the server that this page is still open.

const SLOW = 20000, QUICK = 3000, LATE = 15000; // after that an answer is given up: the network has changed under it

export function keepAsking(address, ask) {
  let streaming = false, timer, busy = false, again = false, stopped = false;
  const round = async () => {
    if (busy) { again = true; return; }
    let failed = false;
    busy = true;
    clearTimeout(timer);
    try { await ask(AbortSignal.timeout(LATE)); } catch { failed = true; } // no network or no answer for a moment
    busy = false;
    if (stopped) return;
    if (again) { again = false; round(); return; }
    timer = setTimeout(round, streaming && !failed ? SLOW : QUICK);
  };
  const source = address && window.EventSource ? new EventSource(address) : null;
  if (source) {
    source.onopen = () => { streaming = true; document.body.dataset.live = "yes"; };
    source.onmessage = round; // the first one comes when the server has begun to look
    source.onerror = () => {
      if (streaming) { streaming = false; document.body.dataset.live = ""; round(); }
    };
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !stopped) round(); });
  round();
  return { round, stop: () => { stopped = true; source?.close(); clearTimeout(timer); } };
}

export async function post(address, data) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const { headers = {}, ...fields } = data;
  const body = new URLSearchParams(fields);
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json", ...headers } });
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => ({}));
  throw new Error(said.error || "");
}
