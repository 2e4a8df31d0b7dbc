// How the basemap looks, by day and by night: MapLibre layers over the tiles of dispatch/basemap.

const LIGHT = {
  land: "#f3f2ee", residential: "#e9e7e1", industrial: "#e4e2e8", green: "#dde7d5",
  water: "#b9d3e6", waterText: "#3f6a8c", building: "#dcd8d0", buildingLine: "#c9c4b9",
  casing: "#c4bfb4", road: "#ffffff", main: "#fbeed0", mainCasing: "#cdb98a", path: "#b5aea1",
  rail: "#8d8a86", boundary: "#b3abbd", power: "#8f86b8", powerFill: "#d6cfee",
  text: "#3b3a37", softText: "#63605a", halo: "#fbfaf8",
};
const DARK = {
  land: "#181c21", residential: "#1f242b", industrial: "#22242f", green: "#1b2823",
  water: "#15334a", waterText: "#7fb2d6", building: "#2a3038", buildingLine: "#39414b",
  casing: "#12151a", road: "#3a424d", main: "#57503d", mainCasing: "#12151a", path: "#4c5561",
  rail: "#5f6771", boundary: "#6d6480", power: "#8c7fca", powerFill: "#322d52",
  text: "#d9dde2", softText: "#a3abb5", halo: "#14171b",
};

/** The basemap's colours for a theme, "light" or "dark". */
export const colours = (theme) => (theme === "dark" ? DARK : LIGHT);

// Without font files MapLibre draws letters with the machine's own fonts; it only reads the weight from the name.
export const REGULAR = ["Regular", "system-ui"];
export const BOLD = ["Bold", "system-ui"];

const kind = ["get", "kind"];
const is = (...kinds) => ["in", kind, ["literal", kinds]];
const grow = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
const MAIN = ["motorway", "trunk", "primary"];

/** A width that depends on the class of road: [zoom, [main, middle, minor, service]] … */
function roadWidth(extra, ...stops) {
  const perClass = (widths) => ["match", kind, MAIN, widths[0] + extra, ["secondary", "tertiary"], widths[1] + extra,
    "minor", widths[2] + extra, widths[3] + extra];
  return grow(...stops.flatMap(([zoom, widths]) => [zoom, perClass(widths)]));
}

const WIDTHS = [[8, [1, 0.6, 0.4, 0.2]], [12, [2.6, 1.8, 0.9, 0.5]], [14, [5, 4, 2.8, 1.4]], [18, [24, 20, 16, 8]]];

/** The name of a place in the reader's language where the map knows it, otherwise as it is written there. */
function nameIn(language) {
  const own = ["get", language === "zh" ? "name_zh" : "name_en"];
  return ["case", ["in", own, ["literal", ["", null]]], ["get", "name"], own];
}

/** All layers of the basemap, bottom first. */
export function baseLayers(theme, language) {
  const c = colours(theme);
  return [...ground(c), ...ways(c), ...power(c), ...labels(c, language)];
}

const layer = (id, type, from, rest) => ({ id, type, source: "base", "source-layer": from, ...rest });

function ground(c) {
  return [
    { id: "land", type: "background", paint: { "background-color": c.land } },
    layer("landuse", "fill", "landuse", {
      paint: { "fill-color": ["match", kind, "green", c.green, "industrial", c.industrial, c.residential] },
    }),
    layer("water", "fill", "water", { filter: ["==", kind, "area"], paint: { "fill-color": c.water } }),
    layer("waterways", "line", "water", {
      filter: is("river", "stream"),
      paint: {
        "line-color": c.water,
        "line-width": grow(8, 0.5, 14, ["match", kind, "river", 3, 1], 18, ["match", kind, "river", 10, 4]),
      },
    }),
    layer("boundaries", "line", "boundaries", {
      paint: { "line-color": c.boundary, "line-width": 1, "line-dasharray": [5, 3, 1, 3], "line-opacity": 0.45 },
    }),
    layer("buildings", "fill", "buildings", {
      minzoom: 13,
      paint: { "fill-color": c.building, "fill-outline-color": c.buildingLine },
    }),
  ];
}

function ways(c) {
  const round = { "line-cap": "round", "line-join": "round" };
  return [
    layer("paths", "line", "roads", {
      filter: is("path", "track"),
      minzoom: 13,
      paint: { "line-color": c.path, "line-width": grow(13, 0.6, 18, 2.5), "line-dasharray": [3, 2] },
    }),
    layer("road-casing", "line", "roads", {
      filter: ["!", is("path", "track")],
      minzoom: 11,
      layout: round,
      paint: {
        "line-color": ["match", kind, MAIN, c.mainCasing, c.casing],
        "line-width": roadWidth(1.4, ...WIDTHS),
      },
    }),
    layer("roads", "line", "roads", {
      filter: ["!", is("path", "track")],
      layout: { ...round, "line-sort-key": ["match", kind, MAIN, 3, ["secondary", "tertiary"], 2, "minor", 1, 0] },
      paint: {
        // Far out there is no casing: white on pale ground would not be seen.
        "line-color": ["step", ["zoom"], ["match", kind, MAIN, c.mainCasing, c.casing], 11,
          ["match", kind, MAIN, c.main, c.road]],
        "line-width": roadWidth(0, ...WIDTHS),
      },
    }),
    layer("rails", "line", "railways", {
      paint: {
        "line-color": c.rail,
        "line-width": grow(10, 0.8, 14, ["match", kind, "siding", 0.8, 1.8], 18, 3),
      },
    }),
    layer("sleepers", "line", "railways", {
      minzoom: 13,
      filter: ["==", kind, "rail"],
      paint: { "line-color": c.land, "line-width": grow(13, 0.6, 18, 1.6), "line-dasharray": [5, 5] },
    }),
  ];
}

function power(c) {
  return [
    layer("substation-areas", "fill", "power", {
      filter: ["all", ["==", ["geometry-type"], "Polygon"], ["==", kind, "substation"]],
      paint: { "fill-color": c.powerFill, "fill-outline-color": c.power },
    }),
    layer("power-lines", "line", "power", {
      filter: is("line", "minor_line", "cable"),
      paint: {
        "line-color": c.power,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 10, 0.25, 14, 0.5],
        "line-width": ["match", kind, "line", 1.1, 0.8],
      },
    }),
    layer("substations", "circle", "power", {
      filter: ["all", ["==", ["geometry-type"], "Point"], is("substation", "transformer")],
      minzoom: 13,
      paint: {
        "circle-radius": grow(13, 2, 16, 4.5),
        "circle-color": c.powerFill,
        "circle-stroke-color": c.power,
        "circle-stroke-width": 1.2,
      },
    }),
  ];
}

function labels(c, language) {
  const paint = (colour) => ({ "text-color": colour, "text-halo-color": c.halo, "text-halo-width": 1.4 });
  const along = { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": REGULAR };
  return [
    layer("waterway-names", "symbol", "water", {
      minzoom: 13, filter: ["==", kind, "river"],
      layout: { ...along, "text-size": 12 },
      paint: paint(c.waterText),
    }),
    layer("lake-names", "symbol", "water", {
      minzoom: 11, filter: ["all", ["==", kind, "area"], ["!=", ["get", "name"], ""]],
      layout: { "text-field": ["get", "name"], "text-font": REGULAR, "text-size": 12, "text-max-width": 7 },
      paint: paint(c.waterText),
    }),
    layer("street-names", "symbol", "roads", {
      minzoom: 13, filter: ["all", ["!=", ["get", "name"], ""], ["!", is("path", "track")]],
      layout: {
        ...along,
        "text-size": grow(13, 10, 18, 14),
        "symbol-sort-key": ["match", kind, MAIN, 0, ["secondary", "tertiary"], 1, 2],
        "symbol-spacing": 400,
      },
      paint: paint(c.softText),
    }),
    layer("substation-names", "symbol", "power", {
      minzoom: 14, filter: ["all", ["==", kind, "substation"], ["!=", ["get", "name"], ""]],
      layout: { "text-field": ["get", "name"], "text-font": REGULAR, "text-size": 11, "text-offset": [0, 1.1] },
      paint: paint(c.power),
    }),
    layer("place-names", "symbol", "places", {
      layout: {
        "text-field": nameIn(language),
        "text-font": ["match", kind, ["city", "town"], ["literal", BOLD], ["literal", REGULAR]],
        "text-size": grow(8, ["match", kind, ["city", "town"], 13, 10], 14,
          ["match", kind, ["city", "town"], 19, ["village", "suburb", "quarter"], 14, 12]),
        "text-max-width": 8,
        "symbol-sort-key": ["-", ["match", kind, "city", 0, "town", 1e7, "village", 2e7, "suburb", 3e7, 4e7],
          ["get", "population"]],
      },
      paint: paint(c.text),
    }),
  ];
}
