// A tap on the map fills the coordinates of the form; typed coordinates move the mark. Nothing is written before the form is sent.

export async function start(element) {
  const sheet = element.querySelector(".map");
  if (!sheet) return;
  sheet.dataset.started = ""; // its style sheet hides a map that is not drawn
  const { draw } = await import(element.dataset.draw);
  const { L, map } = await draw(sheet);
  keep(map, element.dataset.kept);
  const form = element.querySelector("form");
  if (!form) return;
  const { lon, lat } = form.elements;
  const here = L.circleMarker([0, 0], { radius: 10, color: "#a8211a", weight: 3, fill: false, interactive: false });
  const show = () => { if (lon.value && lat.value) here.setLatLng([Number(lat.value), Number(lon.value)]).addTo(map); };
  map.on("click", (event) => {
    const at = event.latlng.wrap();
    lon.value = at.lng.toFixed(6);
    lat.value = at.lat.toFixed(6);
    show();
    if (matchMedia("(min-width: 48rem)").matches && !form.elements.name.value) form.elements.name.focus({ preventScroll: true });
  });
  for (const field of [lon, lat]) field.addEventListener("change", show);
  show();
}

// After a place has been saved the page comes anew: the map stays where it was.
function keep(map, name) {
  const kept = sessionStorage.getItem(name);
  if (kept) { const [lat, lon, zoom] = JSON.parse(kept); map.setView([lat, lon], zoom, { animate: false }); }
  map.on("moveend", () => { const { lat, lng } = map.getCenter(); sessionStorage.setItem(name, JSON.stringify([lat, lng, map.getZoom()])); });
}
