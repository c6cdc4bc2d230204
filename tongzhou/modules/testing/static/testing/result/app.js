/* Shows the results of the people who were registered on this telephone. Where a browser cannot check the signature, the form below remains. */

import { place } from "./keys.js";
import { results } from "./files.js";

const PATIENCE = 20000;

export async function start(element) {
  const { files, house, language } = element.dataset, shown = element.querySelector(".results");
  const keys = JSON.parse(localStorage.getItem(place(house)) ?? "[]");
  if (!keys.length || shown.children.length) return;
  const drawn = (name) => element.querySelector(`template.${name}`).content.cloneNode(true);
  const get = async (path) => {
    const answer = await fetch(files + path, { credentials: "omit", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.text();
  };
  try {
    const found = await results(keys, element.dataset.public, get);
    const cards = keys.flatMap(({ name, key }) => of(found.filter((one) => one.key === key), name));
    shown.replaceChildren(...cards.map((one) => filled(drawn(`value-${one.outcome?.value ?? 0}`), one, language)));
  } catch (fault) {
    if (fault.name !== "NotSupportedError") shown.replaceChildren(drawn("failed"));
  }
}

/** What there is of one person; where there is nothing, that. */
function of(found, name) {
  const there = found.filter((one) => one.outcome);
  return there.length ? there : [{ name, outcome: null, campaign: null, laboratory: "" }];
}

function filled(card, { name, campaign, outcome, laboratory }, language) {
  const put = (where, words) => {
    const at = card.querySelector(where);
    if (at) at.textContent = words;
  };
  const when = (seconds) => new Date(seconds * 1000).toLocaleString(language, { dateStyle: "medium", timeStyle: "short", hour12: false });
  put(".who", name);
  put(".campaign", campaign ? (language === "en" && campaign.name_en) || campaign.name : "");
  put(".laboratory", laboratory);
  if (outcome) {
    put(".sampled", when(outcome.sampled));
    put(".tested", when(outcome.tested));
  }
  return card;
}
