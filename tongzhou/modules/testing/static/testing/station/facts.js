/* A fact as it is written down: the exact text, once, and its digest. Nothing writes the text anew after this. */

const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));

export const digest = async (text) => base64(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** {text, digest, fact}; `fact` is read back from the text, so that what is shown is what is sent. */
export async function writeDown(fact) {
  const text = JSON.stringify(fact);
  return { text, digest: await digest(text), fact: JSON.parse(text) };
}

/** The batch as it goes over the wire, or into a file. */
export function batch(items, sentAt) {
  return JSON.stringify({ protocol: "tz-batch-1", sent_at: sentAt, items: items.map(({ seq, digest, text }) => ({ seq, digest, text })) });
}

/** What is pending as a file for a colleague: sealed with a key that the device and the server both have, of use to nobody between.
    `skew` goes with it, since the time of arrival says nothing of the device's clock. */
export async function sealedFile(me, items, now) {
  const parts = [];
  for (let from = 0; from < items.length; from += 500) parts.push(batch(items.slice(from, from + 500), now));
  const content = new TextEncoder().encode(JSON.stringify({ skew: me.skew ?? 0, batches: parts }));
  const key = await crypto.subtle.importKey("raw", await fileKey(me.secret), "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(`tz-file-1:${me.device}`);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, content);
  return JSON.stringify({ protocol: "tz-file-1", device: me.device, items: items.length, iv: base64(iv), sealed: base64(sealed) });
}

async function fileKey(secret) {
  const hashed = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  const hex = Array.from(new Uint8Array(hashed), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(`tz-file-1:${hex}`));
}
