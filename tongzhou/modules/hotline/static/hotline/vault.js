// Keys: a counsellor's own, made here and wrapped with a passphrase; a case's, made by whoever opens the case; and what is sealed with it.

import { join, open as hpkeOpen, seal as hpkeSeal } from "./hpke.js";

const subtle = crypto.subtle;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const ROUNDS = 600000; // PBKDF2-SHA256, as OWASP asks since 2023
const KEPT = 8 * 3600 * 1000; // how long an unlocked key stays in this browser without being used: one shift
const utf8 = (text) => new TextEncoder().encode(text);

export const random = (length) => crypto.getRandomValues(new Uint8Array(length));
export const to64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
export const from64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// -- a person's own key

export async function makeKeypair(passphrase) {
  const pair = await subtle.generateKey(CURVE, true, ["deriveBits"]);
  const publicRaw = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const salt = random(16), iv = random(12);
  const wrapping = await stretched(passphrase, salt);
  const wrapped = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, wrapping, await subtle.exportKey("pkcs8", pair.privateKey)));
  return { public: to64(publicRaw), wrapped: to64(join(salt, iv, wrapped)) };
}

// Throws when the passphrase is not the one. The key that comes out can be used, never taken out.
export async function unlock(keypair, wrapped, passphrase) {
  const raw = from64(wrapped);
  const wrapping = await stretched(passphrase, raw.slice(0, 16));
  const pkcs8 = await subtle.decrypt({ name: "AES-GCM", iv: raw.slice(16, 28) }, wrapping, raw.slice(28));
  const key = await subtle.importKey("pkcs8", pkcs8, CURVE, false, ["deriveBits"]);
  await store((keys) => keys.put({ id: keypair, key, until: Date.now() + KEPT }));
  return key;
}

export async function unlocked(keypair) {
  const found = await store((keys) => keys.get(keypair));
  if (!found || found.until < Date.now()) return null;
  await store((keys) => keys.put({ ...found, until: Date.now() + KEPT }));
  return found.key;
}

export function lock() {
  return store((keys) => keys.clear());
}

async function stretched(passphrase, salt) {
  const typed = await subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function store(act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("tongzhou-hotline", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "id" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const asked = act(opening.result.transaction("keys", "readwrite").objectStore("keys"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    };
  });
}

// -- a case's key, and to whom it is sealed. What a box is for is part of it: it opens for this case and this purpose only.

export async function boxes(caseKey, secret, recipients) {
  const whole = recipients.whole.map(async (one) => ({ keypair: one.keypair, sealed: await box(caseKey, one.public, secret, "whole") }));
  const halves = recipients.halves.map(async ([one, other]) => {
    const first = random(32), second = secret.map((byte, i) => byte ^ first[i]);
    return [
      { keypair: one.keypair, partner: other.keypair, sealed: await box(caseKey, one.public, first, "half") },
      { keypair: other.keypair, partner: one.keypair, sealed: await box(caseKey, other.public, second, "half") },
    ];
  });
  return [...(await Promise.all(whole)), ...(await Promise.all(halves)).flat()];
}

export async function box(caseKey, publicKey, bytes, purpose) {
  return to64(await hpkeSeal(from64(publicKey), bytes, `tongzhou hotline ${caseKey} ${purpose}`));
}

export function unbox(caseKey, privateKey, publicKey, sealed, purpose) {
  return hpkeOpen(privateKey, from64(publicKey), from64(sealed), `tongzhou hotline ${caseKey} ${purpose}`);
}

export const together = (one, other) => one.map((byte, i) => byte ^ other[i]);

// -- texts: AES-256-GCM under the case's key; case, text and kind are bound to it, so that none can be put in another's place

export async function sealText(caseKey, secret, text, kind) {
  const key = crypto.randomUUID(), iv = random(12);
  const aes = await subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const how = { name: "AES-GCM", iv, additionalData: utf8(`${caseKey} ${key} ${kind}`) };
  return { key, sealed: to64(join(iv, new Uint8Array(await subtle.encrypt(how, aes, utf8(text))))) };
}

export async function openText(caseKey, secret, one) {
  const raw = from64(one.sealed);
  const aes = await subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: raw.slice(0, 12), additionalData: utf8(`${caseKey} ${one.key} ${one.kind}`) };
  return new TextDecoder().decode(await subtle.decrypt(how, aes, raw.slice(12)));
}
