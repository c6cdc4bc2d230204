/* The keys by which this telephone finds its results in the published files; exactly those of the codes that are shown. */

export const place = (house) => `testing.keys.${house}`;

export function start(element) {
  localStorage.setItem(place(element.dataset.house), element.dataset.keys);
}
