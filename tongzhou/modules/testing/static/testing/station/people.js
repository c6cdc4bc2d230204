/* Whoever comes without a code, written as the server keeps them (rules/protocol.py, rules/documents.py): what is right here is never refused
   there. Both are held to tests/modules/testing/cases/documents.json. */

const LONGEST_NAME = 60;

/** Words as they are kept: what separates them is one space, a full-width one too; half a letter is none. */
export const tidy = (text) => text.replace(/[\s\p{Cc}\p{Cs}]+/gu, " ").trim();

/** Half width, upper case, without spaces and hyphens. */
export const plainNumber = (text) => text.normalize("NFKC").replace(/[\s·-]/g, "").toUpperCase();

/** GB 11643-1999: seventeen digits and a check, 0 to 9 or X. */
export function isIdNumber(text) {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, place) => all + weight * Number(text[place]), 0);
  return "10X98765432"[sum % 11] === text[17];
}

/** Whether a plain number can be one of this kind. Passports and permits differ by country and year: only their shape is looked at. */
export const isNumber = (kind, number) => (kind === "id" ? isIdNumber(number) : /^[A-Z0-9]{5,20}$/.test(number));

/** {person}, or {wrong}: the word for what is to be put right before anything is written down. Who has no document gets a number of their own. */
export function person({ name, kind, number }, drawn = () => crypto.randomUUID()) {
  const called = [...tidy(name)].slice(0, LONGEST_NAME).join(""), known = kind === "none" ? drawn() : plainNumber(number);
  if (!called) return { wrong: "name_missing" };
  if (kind !== "none" && !isNumber(kind, known)) return { wrong: kind === "id" ? "wrong_number" : "wrong_document" };
  return { person: { name: called, kind, number: known } };
}
