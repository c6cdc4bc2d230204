/* ZXing in WebAssembly, for browsers without a detector of their own. Loaded only where it is needed, from this house. */

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing/reader/index.js";

const HOW = { formats: ["QRCode", "Code128", "Code39", "EAN13", "ITF", "Codabar"], maxNumberOfSymbols: 1, tryInvert: false };
const MOST = 1280; // pixels of the longer side; more costs time and finds nothing more

export async function detector(address) {
  await prepareZXingModule({ overrides: { locateFile: () => address }, fireImmediately: true });
  const canvas = document.createElement("canvas"), drawing = canvas.getContext("2d", { willReadFrequently: true });
  return async (source) => {
    const width = source.videoWidth ?? source.width, height = source.videoHeight ?? source.height;
    const scale = Math.min(1, MOST / Math.max(width, height));
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    drawing.drawImage(source, 0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(drawing.getImageData(0, 0, canvas.width, canvas.height), HOW);
    return found.filter((one) => one.isValid).map((one) => one.text);
  };
}
