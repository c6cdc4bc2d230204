/* Where codes come from: a hand scanner that types like a keyboard, the camera, a picture. Typing is a plain form of the page. */

const FAST = 60; // milliseconds between two letters of a hand scanner; nobody types like that
const SAME = 3000; // the camera sees the same code many times while it is held before it
const FORMATS = ["qr_code", "code_128", "code_39", "ean_13", "itf", "codabar"];
const EVERY = 150;

/** Letters in quick succession that end with Enter, wherever the focus is, except in a field that is being typed into. */
export function hand(take) {
  let text = "", last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input:not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const quick = event.timeStamp - last < FAST;
    last = event.timeStamp;
    if (event.key === "Enter" && text.length > 3 && quick) {
      event.preventDefault(); // else it presses the button that has the focus
      take(text);
      text = "";
    } else if (event.key.length === 1) {
      text = quick ? text + event.key : event.key;
    }
  });
}

/** A function that finds the texts in a picture or a video: the browser's own where it has one, else ZXing in WebAssembly, else null. */
export async function detector(address) {
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (known.includes("qr_code") && known.includes("code_128")) {
    const own = new BarcodeDetector({ formats: FORMATS.filter((one) => known.includes(one)) });
    return async (source) => (await own.detect(source)).map((one) => one.rawValue);
  }
  try {
    return await (await import("./zxing.js")).detector(address);
  } catch {
    return null;
  }
}

/** Scans from the camera until `stop()`; throws where there is none or it may not be used. */
export async function camera(video, detect, take) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  let on = true, before = "", when = 0;
  video.srcObject = stream;
  await video.play();
  (async () => {
    while (on) {
      const texts = video.readyState >= 2 ? await detect(video).catch(() => []) : [];
      const text = texts.find((one) => one !== before || Date.now() - when > SAME);
      if (on && text) {
        [before, when] = [text, Date.now()];
        take(text);
      }
      await new Promise((go) => setTimeout(go, EVERY));
    }
  })();
  return () => {
    on = false;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}

/** The texts in a picture that was taken or chosen. */
export async function picture(file, detect) {
  const drawn = await createImageBitmap(file);
  try {
    return await detect(drawn);
  } finally {
    drawn.close();
  }
}
