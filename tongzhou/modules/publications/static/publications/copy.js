// Puts the text on the clipboard with its format. What is copied is the value of a text field: nothing of it is ever drawn on this page.
export function start(element) {
  const button = element.querySelector("[data-copy]"), said = element.querySelector("[data-copied]");
  const html = element.querySelector("[data-html]").value;
  if (!navigator.clipboard?.write || !window.ClipboardItem) return; // the download is there for everyone
  button.hidden = false;
  button.addEventListener("click", async () => {
    const words = new DOMParser().parseFromString(html.replaceAll("</p>", "</p>\n").replaceAll(/ style="[^"]*"/g, ""), "text/html").body.textContent;
    const kinds = { "text/html": new Blob([html], { type: "text/html" }), "text/plain": new Blob([words], { type: "text/plain" }) };
    try {
      await navigator.clipboard.write([new ClipboardItem(kinds)]);
      said.textContent = said.dataset.done;
    } catch {
      said.textContent = said.dataset.failed;
    }
  });
}
