// Comfort only: without this file the tokens are shown to copy, and places are told by line and column.

const wide = matchMedia("(min-width: 62rem)").matches;
for (const details of document.querySelectorAll("[data-beside]")) details.open = wide;

for (const button of document.querySelectorAll("[data-token]")) {
  button.hidden = false;
  button.parentElement.querySelector("[data-plain-token]").hidden = true;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.into);
    field.focus();
    field.setRangeText(button.dataset.token, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

for (const button of document.querySelectorAll("[data-goto]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.goto);
    const letters = Array.from(field.value);
    const at = (place) => letters.slice(0, Number(place)).join("").length; // places count letters, the field counts UTF-16
    field.focus();
    field.setSelectionRange(at(button.dataset.start), at(button.dataset.end));
  });
}
