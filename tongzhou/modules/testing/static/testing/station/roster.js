/* A list made beforehand, of a class or a ward: the next who was not swabbed yet comes with one press. Kept sealed like everything else. */

import { personOf } from "./checkin.js";
import { person, plainNumber, tidy } from "./people.js";

const HEAD = /姓名|证件|name|number/i, BETWEEN = /[,，;；\t]+/; // a number may be written in groups where something else separates it

/** {people: [{name, kind, number}], wrong: [numbers of lines]}. A line is a name and a document; who has none is given a number of their own. */
export function readList(text, drawn = () => crypto.randomUUID()) {
  const people = [], wrong = [];
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    const parts = line.split(BETWEEN.test(line) ? BETWEEN : /\s+/).map(tidy).filter(Boolean);
    if (!parts.length || (place === 0 && HEAD.test(line))) continue;
    const number = /\d/.test(parts.at(-1)) ? plainNumber(parts.pop()) : "";
    const made = person({ name: parts.join(" "), kind: kindOf(number), number }, drawn);
    if (made.person) people.push(made.person);
    else wrong.push(place + 1);
  }
  return { people, wrong };
}

/** By its shape. */
function kindOf(number) {
  if (!number) return "none";
  if (/^\d{15,18}X?$/.test(number)) return "id";
  return /^([HM]\d{8,10}|\d{8})$/.test(number) ? "permit" : "passport";
}

export function roster({ at, store, ui }) {
  let people = [], left = [];

  async function show() {
    people = await store.list();
    left = people.filter((person) => !at.facts().people.has(personOf({ person })));
    ui.roster({ next: left[0], left: left.length, all: people.length });
  }
  async function keep(text) {
    const read = readList(text);
    if (read.wrong.length) return ui.say("bad", "list_wrong", { lines: read.wrong.slice(0, 5).join(" ") });
    await store.keepList(read.people);
    ui.say("opened", "list_kept", { n: read.people.length });
    return true;
  }
  return {
    show,
    keep,
    next: () => left[0] && at.sample({ person: left[0] }),
    /** Not here now: asked again after the others. */
    absent: () => left[0] && store.keepList([...people.filter((one) => one !== left[0]), left[0]]),
  };
}
