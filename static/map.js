// The map of the desk: basemap, tickets, crews, one route and one pin. Asks nothing of any other machine.

import { AttributionControl, Map as LibreMap, Marker, NavigationControl, ScaleControl }
  from "./vendor/maplibre-gl/maplibre-gl.mjs";
import { tOr } from "./app.js";
import { closureLayers } from "./closures.js";
import { coverageLayers } from "./coverage.js";
import { BOLD, baseLayers, colours } from "./mapstyle.js";
import { spread } from "./mapspread.js";
import { CREW_STATES, URGENCIES, crewIcon, marks, pictures, plateText, ticketIcon } from "./mapicons.js";

const ATTRIBUTION = '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">' +
  "© OpenStreetMap contributors, ODbL 1.0</a>";
const NEAR = 15; // the zoom at which houses and street names can be read
const EDGE = 40; // pixels from the edge within which a place does not count as seen
const SPREAD = ["off", "free", "busy", "driving"]; // who moves keeps out of the way of those who stand
const PLATE_LETTERS = 12; // pixels
const REACH = 8; // pixels around a click in which a ticket or crew is meant

/**
 * A map in `element` over `bounds` [west, south, east, north], in degrees.
 * Without WebGL 2 the element says so, and every function of the answer does nothing; `works` tells.
 */
export function createMap(element, { bounds, theme = "light", language = "zh" }) {
  addStyleSheets();
  if (!document.createElement("canvas").getContext("webgl2")) return withoutMap(element);
  const map = openMap(element, bounds, theme, language);
  element.classList.toggle("map-dark", theme === "dark");
  const shown = { theme, last: new Map(), tickets: [], crews: [] };
  // Data may come before the style is ready: it waits.
  const ready = new Promise((resolve) => map.once("style.load", resolve)).then(() => addPictures(map, theme));
  const put = (source, features) => ready.then(() => putFeatures(map, shown.last, source, features));
  let crewsDue = null;
  const putCrews = () => (crewsDue ??= ready.then(() => {
    crewsDue = null;
    putFeatures(map, shown.last, "crews", crewFeatures(map, shown));
  }));
  map.on("zoomend", putCrews); // what lay on one spot from afar has room from near
  return {
    works: true,
    setTickets: (tickets) => {
      shown.tickets = tickets;
      put("tickets", tickets.map(ticketFeature));
      putCrews();
    },
    setCrews: (crews) => {
      shown.crews = [...crews].sort((a, b) => SPREAD.indexOf(a.state) - SPREAD.indexOf(b.state));
      putCrews();
      put("drives", crews.filter((crew) => crew.state === "driving" && crew.to).map(driveFeature));
    },
    setClosures: (features) => put("closures", features),
    setCoverage: (features) => put("coverage", features),
    setRoute: (line) => put("route", line ? [feature(line.coordinates ? line : lineString(line))] : []),
    setPin: pinSetter(map),
    onClick: (run) => map.on("click", (event) => run(whatIsAt(map, event))),
    /** Bring a place into view when it is outside, at the same zoom. */
    reveal: (lonlat) => {
      const { x, y } = map.project(lonlat);
      const { clientWidth: width, clientHeight: height } = map.getContainer();
      if (x < EDGE || y < EDGE || x > width - EDGE || y > height - EDGE) map.easeTo({ center: lonlat, duration: 400 });
    },
    focus: (lonlat) => map.easeTo({ center: lonlat, zoom: Math.max(map.getZoom(), NEAR), duration: 500 }),
    setTheme: (to) => ready.then(() => dress(map, shown, to, language)),
  };
}

function openMap(element, bounds, theme, language) {
  const [west, south, east, north] = bounds;
  const map = new LibreMap({
    container: element,
    style: style(bounds, theme, language),
    bounds,
    fitBoundsOptions: { padding: 12 },
    // Half the area on every side: enough to look around, not enough to get lost.
    maxBounds: [west - (east - west), south - (north - south), east + (east - west), north + (north - south)],
    maxZoom: 19,
    attributionControl: false,
    renderWorldCopies: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    fadeDuration: 0, // labels need no fading, and without a GPU every frame is dear
    locale: words(),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.addControl(new AttributionControl({ compact: false, customAttribution: ATTRIBUTION }), "bottom-right");
  return map;
}

const words = () => ({
  "Map.Title": tOr("map.title", "Map of tickets and crews"),
  "Marker.Title": tOr("map.pin", "Pin"),
  "NavigationControl.ZoomIn": tOr("map.zoom_in", "Zoom in"),
  "NavigationControl.ZoomOut": tOr("map.zoom_out", "Zoom out"),
});

// MapLibre's controls know no night: these follow the theme of the element.
const NIGHT = `
.map-dark .maplibregl-ctrl-attrib, .map-dark .maplibregl-ctrl-scale { background: #14171bcc; color: #c8cdd4; }
.map-dark .maplibregl-ctrl-scale { border-color: #7c8696; }
.map-dark .maplibregl-ctrl-attrib a { color: #c8cdd4; }
.map-dark .maplibregl-ctrl-group { background: #22272e; }
.map-dark .maplibregl-ctrl-group button + button { border-color: #3a424d; }
.map-dark .maplibregl-ctrl-group .maplibregl-ctrl-icon { filter: invert(1); }
`;

function addStyleSheets() {
  const href = new URL("./vendor/maplibre-gl/maplibre-gl.css", import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return;
  document.head.append(
    Object.assign(document.createElement("link"), { rel: "stylesheet", href }),
    Object.assign(document.createElement("style"), { textContent: NIGHT }));
}

function withoutMap(element) {
  const text = tOr("map.no_webgl", "This browser cannot draw the map (WebGL 2 is off or missing). Lists work as usual.");
  element.append(Object.assign(document.createElement("p"), { className: "no-map", role: "status", textContent: text }));
  const names = ["setTickets", "setCrews", "setClosures", "setCoverage", "setRoute", "setPin", "onClick", "focus", "reveal", "setTheme"];
  return { works: false, ...Object.fromEntries(names.map((name) => [name, () => {}])) };
}

/* ---- style ---- */

const EMPTY = { type: "geojson", data: { type: "FeatureCollection", features: [] } };

function style(bounds, theme, language) {
  const tiles = [`${location.origin}/tiles/{z}/{x}/{y}.mvt`];
  return {
    version: 8, // no glyphs: letters are drawn with the machine's own fonts
    sources: {
      base: { type: "vector", tiles, bounds, minzoom: 8, maxzoom: 14 },
      coverage: EMPTY, closures: EMPTY, route: EMPTY, drives: EMPTY, crews: EMPTY, tickets: EMPTY,
    },
    layers: [...baseLayers(theme, language), ...deskLayers(theme)],
  };
}

function deskLayers(theme) {
  const c = marks(theme);
  const rank = (names) => ["index-of", ["get", "kind"], ["literal", names]];
  const line = { "line-cap": "round", "line-join": "round" };
  return [
    ...coverageLayers(theme),
    ...closureLayers(theme),
    { id: "route-rim", type: "line", source: "route", layout: line, paint: { "line-color": c.paper, "line-width": 8 } },
    { id: "route", type: "line", source: "route", layout: line, paint: { "line-color": c.crew, "line-width": 4.5 } },
    { id: "drives", type: "line", source: "drives",
      paint: { "line-color": c.crew, "line-width": 2, "line-dasharray": [2, 1.5], "line-opacity": 0.85 } },
    { id: "crews", type: "symbol", source: "crews",
      layout: {
        "icon-image": ["get", "icon"], "icon-text-fit": "both", "icon-allow-overlap": true,
        "text-field": ["get", "label"], "text-font": BOLD, "text-size": PLATE_LETTERS, "text-max-width": 20,
        "text-offset": ["array", "number", 2, ["get", "offset"]],
        // Names of the basemap stay under tickets and crews rather than vanish.
        "text-allow-overlap": true, "text-ignore-placement": true, "icon-ignore-placement": true, "symbol-sort-key": rank(CREW_STATES),
      },
      paint: { "text-color": plateTextColour(theme) } },
    // Names are placed first come first served, pictures are painted last on top: late comes first here, last there.
    { id: "tickets", type: "symbol", source: "tickets",
      layout: {
        "icon-image": ["get", "icon"], "icon-allow-overlap": true, "icon-ignore-placement": true,
        "symbol-sort-key": ["+", rank(URGENCIES), ["case", ["get", "selected"], 10, 0]],
      } },
    { id: "ticket-names", type: "symbol", source: "tickets",
      layout: {
        "text-field": ["get", "id"], "text-font": BOLD, "text-size": 12, "text-offset": [0, 1.35],
        "text-anchor": "center", "text-padding": 1,
        "symbol-sort-key": ["-", ["case", ["get", "selected"], -10, 0], rank(URGENCIES)],
      },
      paint: { "text-color": c.ink, "text-halo-color": colours(theme).halo, "text-halo-width": 1.8 } },
  ];
}

function plateTextColour(theme) {
  const cases = CREW_STATES.flatMap((state) => [true, false].flatMap((stale) =>
    [["all", ["==", ["get", "kind"], state], ["==", ["get", "stale"], stale]], plateText(state, stale, theme)]));
  return ["case", ...cases, marks(theme).ink];
}

function addPictures(map, theme) {
  for (const [name, pixels, options] of pictures(theme)) {
    if (map.hasImage(name)) map.updateImage(name, pixels);
    else map.addImage(name, pixels, options);
  }
}

/** Change colours and pictures in place: tiles and data stay. */
function dress(map, shown, theme, language) {
  if (theme === shown.theme) return;
  shown.theme = theme;
  map.getContainer().classList.toggle("map-dark", theme === "dark");
  for (const layer of [...baseLayers(theme, language), ...deskLayers(theme)]) {
    for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name, value);
  }
  addPictures(map, theme);
}

/* ---- what lies over the basemap ---- */

const feature = (geometry, properties = {}) => ({ type: "Feature", geometry, properties });
const point = (thing, properties) => feature({ type: "Point", coordinates: [thing.lon, thing.lat] }, properties);
const lineString = (coordinates) => ({ type: "LineString", coordinates });

const ticketFeature = (ticket) => point(ticket, {
  id: ticket.id, kind: ticket.urgency, selected: Boolean(ticket.selected),
  icon: ticketIcon(ticket.urgency, ticket.assigned, ticket.selected),
});

/** Shape says what colour says: ▸ on the road, ? not heard from. */
const crewLabel = (crew) => `${crew.state === "driving" ? "▸ " : ""}${crew.id}${crew.stale ? " ?" : ""}`;

/** The crews' plates, spread so that each can be read at this zoom; offsets are in letters' heights. */
function crewFeatures(map, { crews, tickets }) {
  const plates = crews.map((crew) => ({ ...map.project([crew.lon, crew.lat]), label: crewLabel(crew) }));
  const ways = spread(plates, tickets.map((ticket) => map.project([ticket.lon, ticket.lat])));
  return crews.map((crew, n) => point(crew, {
    id: crew.id, kind: crew.state, stale: Boolean(crew.stale), icon: crewIcon(crew.state, crew.stale),
    label: plates[n].label, offset: ways[n].map((pixels) => Math.round(pixels / PLATE_LETTERS * 100) / 100),
  }));
}

const driveFeature = (crew) => feature(lineString([[crew.lon, crew.lat], crew.to]));

function putFeatures(map, last, source, features) {
  const text = JSON.stringify(features);
  if (last.get(source) === text) return; // drawing anew is dear without a GPU
  last.set(source, text);
  map.getSource(source).setData({ type: "FeatureCollection", features });
}

/** {kind: "ticket" | "crew" | "place", id, lon, lat} for a click; the most urgent ticket wins. */
function whatIsAt(map, { point: at, lngLat }) {
  const box = [[at.x - REACH, at.y - REACH], [at.x + REACH, at.y + REACH]];
  const place = { lon: lngLat.lng, lat: lngLat.lat };
  const hits = map.queryRenderedFeatures(box, { layers: ["tickets", "crews"] });
  const tickets = hits.filter((hit) => hit.layer.id === "tickets")
    .sort((a, b) => URGENCIES.indexOf(b.properties.kind) - URGENCIES.indexOf(a.properties.kind));
  const hit = tickets[0] ?? hits[0];
  if (!hit) return { kind: "place", id: null, ...place };
  return { kind: hit.layer.id === "tickets" ? "ticket" : "crew", id: hit.properties.id, ...place };
}

function pinSetter(map) {
  let pin = null;
  return (lonlat, { draggable = false, onMove = null } = {}) => {
    pin?.remove();
    pin = null;
    if (!lonlat) return;
    pin = new Marker({ draggable, color: "#7c3aed" }).setLngLat(lonlat).addTo(map);
    const moved = pin;
    pin.on("dragend", () => onMove?.(moved.getLngLat().toArray()));
  };
}
