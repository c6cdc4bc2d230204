// HPKE (RFC 9180), base mode, one message: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, on the browser's own cryptography.
// P-256 because telephones that are ten years old have it. What comes out is the encapsulated key (65 bytes) and then the sealed text,
// as Python's cryptography has it: tests/e2e/test_hotline.py lets the one open what the other sealed.

const subtle = crypto.subtle;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const POINT = 65;
const utf8 = (text) => new TextEncoder().encode(text);
const KEM = join(utf8("KEM"), [0x00, 0x10]);
const SUITE = join(utf8("HPKE"), [0x00, 0x10, 0x00, 0x01, 0x00, 0x02]);

export async function seal(publicRaw, plain, info) {
  const ours = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const enc = new Uint8Array(await subtle.exportKey("raw", ours.publicKey));
  const theirs = await subtle.importKey("raw", publicRaw, CURVE, false, []);
  const { key, nonce } = await schedule(await shared(ours.privateKey, theirs, enc, publicRaw), info);
  const aes = await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  return join(enc, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv: nonce }, aes, plain)));
}

export async function open(privateKey, publicRaw, sealed, info) {
  const enc = sealed.slice(0, POINT);
  const theirs = await subtle.importKey("raw", enc, CURVE, false, []);
  const { key, nonce } = await schedule(await shared(privateKey, theirs, enc, publicRaw), info);
  const aes = await subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: nonce }, aes, sealed.slice(POINT)));
}

// section 4.1: Encap and Decap
async function shared(privateKey, publicKey, enc, publicRaw) {
  const dh = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: publicKey }, privateKey, 256));
  const prk = await labeledExtract(KEM, [], "eae_prk", dh);
  return labeledExpand(KEM, prk, "shared_secret", join(enc, publicRaw), 32);
}

// section 5.1: KeySchedule with mode_base, no psk
async function schedule(secretShared, info) {
  const context = join([0], await labeledExtract(SUITE, [], "psk_id_hash", []), await labeledExtract(SUITE, [], "info_hash", utf8(info)));
  const secret = await labeledExtract(SUITE, secretShared, "secret", []);
  return { key: await labeledExpand(SUITE, secret, "key", context, 32), nonce: await labeledExpand(SUITE, secret, "base_nonce", context, 12) };
}

function labeledExtract(suite, salt, label, ikm) {
  return hmac(salt.length ? salt : new Uint8Array(32), join(utf8("HPKE-v1"), suite, utf8(label), ikm));
}

// HKDF-Expand for at most one block of SHA-256
async function labeledExpand(suite, prk, label, info, length) {
  const block = await hmac(prk, join([0, length], utf8("HPKE-v1"), suite, utf8(label), info, [1]));
  return block.slice(0, length);
}

async function hmac(key, data) {
  const imported = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, data));
}

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}
