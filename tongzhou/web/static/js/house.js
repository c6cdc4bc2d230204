// Comfort only: everything works without this file.

// Tick all rows of a list.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  for (const box of event.target.closest("table").querySelectorAll("input[name=keys]")) box.checked = event.target.checked;
});

// Ask before a grave step. The words are the button's own.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (!button || button.dataset.confirmed) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const said = document.createElement("p");
  said.textContent = button.dataset.confirm;
  const yes = Object.assign(document.createElement("button"), { textContent: button.textContent, className: "btn btn-danger" });
  const no = Object.assign(document.createElement("button"), { textContent: document.documentElement.lang.startsWith("en") ? "Cancel" : "取消", className: "btn" });
  const row = document.createElement("div");
  row.className = "form-actions";
  row.append(yes, no);
  dialog.append(said, row);
  document.body.append(dialog);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => { button.dataset.confirmed = "yes"; dialog.close(); button.click(); });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
});

// Warn before leaving a form with unsaved words.
let dirty = false;
document.addEventListener("input", (event) => { if (event.target.closest("[data-dirty-guard]")) dirty = true; });
document.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

// One open drop-down at a time; a click elsewhere closes it.
document.addEventListener("click", (event) => {
  for (const drop of document.querySelectorAll("details.drop[open]")) if (!drop.contains(event.target)) drop.open = false;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A part that renews itself by asking: while nothing comes through, what stands there is old, and the page says so.
let lost = null;
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.elt.matches('[hx-trigger^="every"]')) return;
  lost?.remove();
  lost = null;
  const words = document.body.dataset.lost;
  if (detail.successful || [...document.querySelectorAll("[role=status]")].some((one) => !one.hidden && one.textContent === words)) return;
  lost = Object.assign(document.createElement("p"), { className: "message warning", textContent: words });
  lost.setAttribute("role", "status");
  document.getElementById("main").prepend(lost);
});

// An element that names a module is started by it: charts, maps, what a room brings along. Once each, also in parts that come later.
function startModules(root) {
  for (const element of root.querySelectorAll("[data-module]:not([data-started])")) {
    element.dataset.started = "yes";
    import(element.dataset.module).then((module) => module.start(element));
  }
}
startModules(document);
document.addEventListener("htmx:load", (event) => startModules(event.detail.elt.parentElement ?? document));
