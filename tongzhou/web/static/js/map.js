// Draws outlines and places on plain paper: no tiles, nothing from elsewhere. See kernel/maps.py.

const FILLS = { plain: "#0c5c6b", good: "#16522d", wait: "#c98300", bad: "#a8211a", off: "#aebcc3" };

export async function start(element) {
  await draw(element);
}

// {L, map, marks}: `marks` are the layers of data.places, in their order. For what lets places be set on a map as well.
export async function draw(element) {
  const L = await import(element.dataset.leaflet);
  await sheet(element.dataset.sheet);
  const data = JSON.parse(element.dataset.map);
  const map = L.map(element, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, preferCanvas: Boolean(data.lines) });
  const english = document.documentElement.lang.startsWith("en");
  L.control.zoom(english ? {} : { zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  const most = Math.min(15, Math.max(4, 70 / Math.sqrt(data.places.length))); // many marks are smaller, so that the lines between them are seen
  const marks = data.places.map((one) => place(L, one, most));
  const drawn = L.featureGroup([...data.shapes.map((one) => shape(L, one)), ...threads(L, data), ...path(L, data), ...marks]);
  drawn.addTo(map);
  const top = data.layers ? 64 : 0; // below the switches
  if (drawn.getLayers().length) map.fitBounds(drawn.getBounds().pad(0.08), { animate: false, maxZoom: 16, paddingTopLeft: [0, top] });
  if (data.layers) switches(L, data.layers).addTo(map);
  return { L, map, marks };
}

// Layers that a reader switches on, over the rest.
function switches(L, layers) {
  const control = L.control.layers(null, null, { collapsed: false });
  for (const one of layers) control.addOverlay(L.featureGroup([...ways(L, one.lines), ...one.places.map((stop) => place(L, stop, 12))]), words(one.name).outerHTML);
  return control;
}

function ways(L, lines) {
  return lines.map(([fromLat, fromLon, toLat, toLon, tone]) => L.polyline([[fromLat, fromLon], [toLat, toLon]], { color: FILLS[tone], weight: 3, dashArray: "8 5", interactive: false }));
}

// Only pages with a map take Leaflet's own style sheet.
function sheet(address) {
  return new Promise((done) => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: done, onerror: done })));
}

function shape(L, one) {
  const quiet = one.tone === "off";
  const style = { color: quiet ? "#7d8f98" : FILLS[one.tone], weight: quiet ? 1 : 2, fillColor: FILLS[one.tone], fillOpacity: quiet ? 0.12 : 0.35 };
  return said(L.geoJSON(one.geometry, { style: () => style }), one);
}

function place(L, one, most) {
  const sized = one.size !== null && one.size !== undefined;
  const radius = sized ? 3 + most * Math.sqrt(one.size) : one.number ? 12 : 8;
  const style = { radius, color: "#fff", weight: sized ? 1 : 2, fillColor: FILLS[one.tone], fillOpacity: sized ? 0.85 : 0.95 };
  const mark = L.circleMarker([one.lat, one.lon], style);
  if (one.number) mark.bindTooltip(words(String(one.number)), { permanent: true, direction: "center", className: "map-number" });
  return said(mark, one, !one.number);
}

// Thin lines below the marks, a dot where each begins: a thousand of them are one canvas.
function threads(L, data) {
  return (data.lines ?? []).flatMap(([fromLat, fromLon, toLat, toLon, tone]) => {
    const color = tone === "off" ? "#6d7f89" : FILLS[tone];
    return [
      L.polyline([[fromLat, fromLon], [toLat, toLon]], { color, weight: 1, opacity: 0.6, interactive: false }),
      L.circleMarker([fromLat, fromLon], { radius: 2, stroke: false, fillColor: color, fillOpacity: 0.9, interactive: false }),
    ];
  });
}

function path(L, data) {
  return data.route && data.places.length > 1 ? [L.polyline(data.places.map((one) => [one.lat, one.lon]), { color: "#55666f", weight: 2, dashArray: "6 6" })] : [];
}

// Words are put in as text: a label is what somebody typed.
function said(layer, one, tip = true) {
  if (tip) layer.bindTooltip(words(one.label), { sticky: true });
  if (one.links) layer.bindPopup(offered(one));
  else if (one.url) layer.on("click", () => { location.href = one.url; });
  return layer;
}

// On a telephone there is no pointer to hover with: tapped, a mark says what it is, and what may be done there.
function offered(one) {
  const box = document.createElement("div");
  const links = one.links.map(([text, url]) => Object.assign(document.createElement("a"), { href: url, textContent: text }));
  box.append(words(one.label), ...links);
  return box;
}

function words(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}
