// A declaration that could not be sent keeps its dates and choices on this device; never names, documents, telephones or places.

const KEPT = ["arrived_on", "tested_on", "has_symptoms"];
const STAY = /^stays-\d+-(area|since|until)$/;

export function start(form) {
  const given = form.dataset, place = `tongzhou/${given.place}/draft`;
  const box = form.querySelector("[data-status]");
  const fields = () => [...form.elements].filter((one) => KEPT.includes(one.name) || STAY.test(one.name));
  const say = (text) => { box.textContent = text; box.hidden = !text; };
  const kept = JSON.parse(localStorage.getItem(place) ?? "null");
  if (kept) {
    for (const one of fields()) {
      if (one.type === "checkbox") one.checked = Boolean(kept[one.name]);
      else if (kept[one.name]) one.value = kept[one.name];
    }
    say(given.back);
  }
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return localStorage.removeItem(place);
    event.preventDefault();
    localStorage.setItem(place, JSON.stringify(Object.fromEntries(fields().map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]))));
    return say(given.waits);
  });
}
