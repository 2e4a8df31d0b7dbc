// The page of zones: the set in force and the next one as lines, the last proposal as cells, and why a cell is what it is.

import { AttributionControl, Map as LibreMap, NavigationControl, ScaleControl } from "./vendor/maplibre-gl/maplibre-gl.mjs";
import { api, fullTime, h, lang, t, tOr } from "./app.js";
import { baseLayers } from "./mapstyle.js";

const $ = (id) => document.getElementById(id);
const CODES = ["urban", "rural", "remote"];
const DARK = matchMedia("(prefers-color-scheme: dark)").matches;
const COLOURS = DARK // each at least 3 to 1 against the map of its time of day
  ? { urban: "#fb923c", rural: "#4ade80", remote: "#c4b5fd" }
  : { urban: "#c2410c", rural: "#15803d", remote: "#6d28d9" };
const DASHES = { urban: [1, 0], rural: [3, 2], remote: [0.5, 1.5] };
const colour = ["match", ["get", "code"], ...CODES.flatMap((code) => [code, COLOURS[code]]), "#666"];
const count = (n) => Number(n ?? 0).toLocaleString(lang);
const NONE = { type: "FeatureCollection", features: [] };
const ATTRIBUTION = '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">' +
  "© OpenStreetMap contributors, ODbL 1.0</a>";

function openMap(element, zones, coming, cells) {
  if (!document.createElement("canvas").getContext("webgl2")) {
    element.append(h("p", { class: "no-map", role: "status" }, t("map.no_webgl")));
    return null;
  }
  const bounds = JSON.parse(element.dataset.bounds);
  const map = new LibreMap({
    container: element, bounds, fitBoundsOptions: { padding: 12 }, attributionControl: false, fadeDuration: 0,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, renderWorldCopies: false, style: style(bounds, zones, coming, cells),
  });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.addControl(new AttributionControl({ compact: false, customAttribution: ATTRIBUTION }), "bottom-right");
  return map;
}

function style(bounds, zones, coming, cells) {
  const tiles = [`${location.origin}/tiles/{z}/{x}/{y}.mvt`];
  const theme = DARK ? "dark" : "light";
  const edge = (source, width) => (code) => ({
    id: `${source}-${code}`, type: "line", source, filter: ["==", ["get", "code"], code],
    paint: { "line-color": COLOURS[code], "line-width": width, "line-dasharray": DASHES[code] },
  });
  return {
    version: 8,
    sources: {
      base: { type: "vector", tiles, bounds, minzoom: 8, maxzoom: 14 },
      zones: { type: "geojson", data: zones }, next: { type: "geojson", data: coming }, cells: { type: "geojson", data: cells },
    },
    layers: [
      ...baseLayers(theme, lang),
      { id: "cells", type: "fill", source: "cells", paint: { "fill-color": colour, "fill-opacity": 0.22 } },
      { id: "cell-edges", type: "line", source: "cells", paint: { "line-color": colour, "line-width": 0.6 } },
      // a shared edge is drawn as that of the zone inside
      ...["rural", "remote", "urban"].map(edge("next", 1.5)), ...["rural", "remote", "urban"].map(edge("zones", 3)),
    ],
  };
}

function drawLegend(map, coming) {
  const toggle = (name, layers) => h("li", {}, h("label", { class: "check" },
    h("input", { type: "checkbox", checked: true, onchange: (event) => show(map, layers, event.currentTarget.checked) }), h("span", {}, t(name))));
  $("legend").replaceChildren(
    ...CODES.map((code) => h("li", {}, h("span", { class: `swatch ${code}`, style: `border-color:${COLOURS[code]}`, aria: { hidden: "true" } }), t(`zone.${code}`))),
    ...(map ? [toggle("zones.show_set", CODES.map((code) => `zones-${code}`)),
      ...(coming ? [toggle("zones.show_next", CODES.map((code) => `next-${code}`))] : []), toggle("zones.show_cells", ["cells", "cell-edges"])] : []));
}

function show(map, layers, visible) {
  for (const layer of layers) map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
}

function drawProposal(found) {
  if (!found) return $("proposal").replaceChildren(h("p", { class: "muted" }, t("zones.no_proposal")));
  const row = (each) => h("tr", {}, h("td", {}, t(`zone.${each.from}`)), h("td", {}, tOr(`zone.${each.to}`, t("zones.none"))),
    h("td", { class: "r" }, String(each.accounts)), h("td", { class: "r" }, String(each.by_record)));
  const head = ["zones.from", "zones.to", "zones.accounts", "zones.by_record"].map((key, at) => h("th", { class: at > 1 && "r" }, t(key)));
  const table = h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, found.changes.map(row)));
  $("proposal").replaceChildren(
    h("p", { class: "muted" }, t("zones.made", { at: fullTime(found.made_at), extract: found.extract })),
    h("p", {}, t("zones.would_change", { n: found.changes.reduce((sum, each) => sum + each.accounts, 0), of: found.accounts })),
    found.changes.length ? table : "");
}

function tellCell(cell) {
  const known = (value, unit) => (value === null || value === undefined ? "—" : `${value} ${unit}`.trim());
  const facts = [
    ["people", count(cell.people)], ["density", `${count(cell.density)} /km²`], ["buildings", known(cell.buildings, "")],
    ["drive", known(cell.drive_min, "min")], ["road", known(cell.road_m, "m")],
  ];
  $("here").replaceChildren(
    h("h2", {}, [cell.place, t(`zone.${cell.code}`)].filter(Boolean).join(" · ")),
    h("p", {}, tOr(`zones.why.${cell.why}`, cell.reason, { people: count(cell.cluster_people) })),
    h("table", {}, h("tbody", {}, facts.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, t(`zones.${name}`)), h("td", { class: "r" }, value))))));
}

async function begin() {
  const published = await api("/api/zones");
  const found = await api("/api/zones/proposal").catch((problem) => {
    if (problem.status === 404) return null;
    throw problem;
  });
  $("in-force").textContent = t("zones.in_force", { set: published.zone_set || "—", at: fullTime(published.from) });
  const coming = published.next;
  $("next").hidden = !coming;
  if (coming) $("next").textContent = t("zones.next", { set: coming.zone_set, at: fullTime(coming.from) });
  const map = openMap($("map"), published.zones, coming?.zones ?? NONE, found?.cells ?? NONE);
  drawLegend(map, coming);
  drawProposal(found);
  map?.on("click", "cells", (event) => tellCell(event.features[0].properties));
}

begin().catch((problem) => { $("in-force").textContent = problem.message; });
