// Lets the clock of a running drill tick between two looks at the server, whose time it is.

export function start(element) {
  if (!element.dataset.running) return;
  const shown = element.querySelector("b");
  const begun = performance.now() - Number(element.dataset.elapsed) * 1000;
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer);
    shown.textContent = words(Math.floor((performance.now() - begun) / 1000));
  }, 1000);
}

function words(total) {
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(total / 3600), minutes = Math.floor(total / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}
