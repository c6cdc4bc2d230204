// Sends drafts, each once as far as the server can tell: by the key made here and the digest of its exact text.
//
// A draft is { id, who, state, text, digest, photos: [{ field, blob }] }. States: draft → pending → acked, or stuck with `why`.
// Only an answer that names the draft and its digest in the right envelope counts. A log-in page, a captive portal, half an
// answer, silence: the draft stays pending, and is sent again.

const PROTOCOL = "tz-ack-1";

// The text that will be sent, fixed now: what is digested is what goes.
export async function sealed(draft, content) {
  const text = JSON.stringify({ id: draft.id, ...content });
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const digest = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { ...draft, text, digest, state: "pending", why: "" };
}

// Returns "sent", "failed", "signedout" or "busy" (another tab is at it).
export function flush(store, base) {
  const send = (lock) => (lock ? sendAll(store, base) : "busy");
  return navigator.locks ? navigator.locks.request("tongzhou-outbox", { ifAvailable: true }, send) : send(true);
}

async function sendAll(store, base) {
  const session = await answer(fetch(`${base}session/`, { cache: "no-store" }));
  if (session?.error) return "signedout";
  if (!session?.token) return "failed";
  const pending = (await store.all("drafts")).filter((one) => one.state === "pending" && one.who === session.person);
  for (const draft of pending) {
    const ack = await sendOne(draft, base, session.token);
    if (!ack) return "failed";
    await store.put("drafts", settled(draft, ack));
  }
  return "sent";
}

async function sendOne(draft, base, token) {
  const body = new FormData();
  body.append("item", draft.text);
  draft.photos.forEach((photo, n) => body.append(`${draft.id}.${photo.field}`, photo.blob, `${n + 1}.jpg`));
  const said = await answer(fetch(`${base}sync/`, { method: "POST", headers: { "X-CSRFToken": token }, body }));
  const items = Array.isArray(said?.items) ? said.items : [];
  return items.find((one) => one.digest === draft.digest && (one.id === draft.id || (!one.id && one.status === "rejected")));
}

function settled(draft, ack) {
  const kept = ack.status === "stored" || ack.status === "duplicate";
  if (kept) return { ...draft, state: "acked", photos: [], text: "", fields: {} };
  return ["rejected", "conflict"].includes(ack.status) ? { ...draft, state: "stuck", why: ack.why, clash: ack.status === "conflict" } : draft;
}

// The envelope, or nothing: whatever is not ours is no answer.
async function answer(asking) {
  try {
    const response = await asking;
    const json = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (!json || response.redirected || ![200, 401].includes(response.status)) return null;
    const said = await response.json();
    return said?.protocol === PROTOCOL ? said : null;
  } catch {
    return null;
  }
}
