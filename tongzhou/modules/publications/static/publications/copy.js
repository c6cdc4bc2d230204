// Puts the text on the clipboard with its format. What is copied is the value of a text field: nothing of it is ever drawn on this page.
// By the copy event: the newer clipboard.write reads the text into this page first, whose policy refuses its inline styles, and it is
// missing where there is no HTTPS.
export function start(element) {
  const button = element.querySelector("[data-copy]"), said = element.querySelector("[data-copied]"), field = element.querySelector("[data-html]");
  const bare = field.value.replaceAll("</p>", "</p>\n").replaceAll("<br>", "<br>\n").replaceAll(/ style="[^"]*"/g, "");
  const words = new DOMParser().parseFromString(bare, "text/html").body.textContent;
  const put = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/html", field.value);
    event.clipboardData.setData("text/plain", words);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    field.select(); // some browsers copy only where something is selected
    document.addEventListener("copy", put, { once: true });
    said.textContent = document.execCommand("copy") ? said.dataset.done : said.dataset.failed;
    document.removeEventListener("copy", put);
    button.focus();
  });
}
