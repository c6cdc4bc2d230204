/* Published results, read and checked: rules/published.py in another language. Nothing is asked of the program; the files may come from any cache. */

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
const decoded = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const letters = (content) => btoa(String.fromCharCode(...content)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? new TextEncoder().encode(part) : part)]));
const sha = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

export class Forged extends Error {}

/** The text of a file; throws Forged where it is not the house's. */
export async function checked(file, publicKey) {
  const key = await crypto.subtle.importKey("raw", decoded(publicKey), "Ed25519", false, ["verify"]);
  const cut = file.indexOf("\n"), text = file.slice(cut + 1);
  if (cut < 0 || !(await crypto.subtle.verify("Ed25519", key, decoded(file.slice(0, cut)), new TextEncoder().encode(text)))) throw new Forged();
  return text;
}

/** Which line of which shard is this person's. */
export async function place(key, campaign, shards) {
  const name = (await sha("tz-name:", bytes(campaign), bytes(key))).slice(0, 12);
  return { name: letters(name), shard: new DataView(name.buffer).getUint32(0) % shards };
}

/** {value, laboratory, tested, sampled} of a line; times in seconds. */
export async function opened(key, campaign, line) {
  const raw = decoded(line), secret = await sha("tz-key:", bytes(campaign), bytes(key));
  const aes = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: raw.slice(12, 24) }, aes, raw.slice(24)).catch(() => { throw new Forged(); });
  const view = new DataView(plain);
  return { value: view.getUint8(0), laboratory: view.getUint8(1), tested: view.getUint32(2), sampled: view.getUint32(6) };
}

/** Outcomes of these keys in all campaigns of the house: [{key, name, campaign, outcome, laboratory}]. `get(path)` fetches a text, null where there is none. */
export async function results(keys, publicKey, get) {
  const told = async (path, protocol) => {
    const file = await get(path);
    const found = file === null ? null : JSON.parse(await checked(file, publicKey));
    if (found && found.protocol !== protocol) throw new Forged();
    return found;
  };
  const found = [];
  for (const campaign of (await told("index.txt", "tz-results-1"))?.campaigns ?? []) {
    const list = await told(`${campaign.campaign}/${campaign.list}.txt`, "tz-result-list-1");
    if (list?.campaign !== campaign.campaign) throw new Forged();
    for (const { key, name } of keys) {
      const at = await place(key, campaign.campaign, list.shards.length);
      const text = await checked((await get(`${campaign.campaign}/${list.shards[at.shard]}.txt`)) ?? "", publicKey);
      const [head, ...lines] = text.split("\n");
      if (head !== `tz-result-shard-1 ${campaign.campaign} ${at.shard}`) throw new Forged();
      const line = lines.find((one) => one.startsWith(at.name));
      const outcome = line ? await opened(key, campaign.campaign, line) : null;
      found.push({ key, name, campaign, outcome, laboratory: outcome ? list.laboratories[outcome.laboratory] : "" });
    }
  }
  return found;
}
