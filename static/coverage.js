// What no free crew reaches in time, on the board: a layer of the map with its switch and its legend.

import { clockTime, conditional, duration, h, nowMs, Problem, t } from "./app.js";
import { marks } from "./mapicons.js";
import { BOLD, colours } from "./mapstyle.js";

const SOURCE = "coverage";
const KEY = "coverage"; // whether the switch is on, in this browser
const EVERY_MS = 60000; // shifts end even when nothing happens
const AT_MOST_MS = 3000; // between two questions while much happens
const NAMES_FROM = 11.5; // zoom; from farther off the labels would hide the map

/** Layers under tickets and crews: ground out of reach is tinted, with a broken rim and its figures. */
export function coverageLayers(theme) {
  const c = marks(theme);
  const layer = (id, type, rest) => ({ id: `coverage-${id}`, type, source: SOURCE, ...rest });
  return [
    layer("ground", "fill", { paint: { "fill-color": c.soon, "fill-opacity": 0.26 } }),
    layer("rim", "line", { paint: { "line-color": c.soon, "line-width": 1.6, "line-dasharray": [2, 1.2] } }),
    layer("names", "symbol", { minzoom: NAMES_FROM,
      layout: { "text-field": ["get", "label"], "text-font": BOLD, "text-size": 11, "symbol-placement": "point", "text-max-width": 9 },
      paint: { "text-color": c.ink, "text-halo-color": colours(theme).halo, "text-halo-width": 1.8 } }),
  ];
}

const etaOf = ({ eta_s: eta }) => (eta === null ? t("coverage.never") : duration(eta));
const labelOf = (hole) => `${t("coverage.accounts", { n: hole.accounts })}\n${etaOf(hole)}`;

/** The switch and legend in `box`; `changed()` when anything on the board is another. */
export function createCoverage({ map, box }) {
  let on = localStorage.getItem(KEY) === "on";
  let timer = 0;
  let askedAt = 0;
  let get = conditional("/api/coverage?zone_limit=true");
  const input = h("input", { type: "checkbox", checked: on, onchange: () => turn(input.checked) });
  const legend = h("p", { role: "status", hidden: true });
  box.replaceChildren(h("label", {}, input, h("i", { class: "swatch", "aria-hidden": "true" }), h("span", {}, t("coverage.title"))), legend);

  function turn(to) {
    on = to;
    localStorage.setItem(KEY, on ? "on" : "off");
    get = conditional("/api/coverage?zone_limit=true");
    if (on) return ask();
    clearTimeout(timer);
    timer = 0;
    legend.hidden = true;
    map.setCoverage([]);
  }

  async function ask() {
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
    askedAt = nowMs();
    try {
      const found = await get();
      if (found && on) show(found);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      legend.hidden = !on;
      legend.textContent = problem.message;
    }
  }

  function show({ features, free, accounts, uncovered, at }) {
    map.setCoverage(features.map((each) => ({ ...each, properties: { label: labelOf(each.properties) } })));
    const worst = features.map((each) => each.properties).sort((a, b) => b.accounts - a.accounts)[0];
    legend.hidden = false;
    legend.replaceChildren(
      h("b", { class: "num" }, t("coverage.count", { n: uncovered, all: accounts })),
      h("small", {}, [t("coverage.free", { n: free.length }), worst && t("coverage.worst", { n: worst.accounts, time: etaOf(worst) }),
        t("coverage.at", { time: clockTime(at) })].filter(Boolean).join(" · ")));
  }

  if (on) ask();
  return {
    changed: () => {
      if (!on) return;
      clearTimeout(timer);
      timer = setTimeout(ask, Math.max(0, AT_MOST_MS - (nowMs() - askedAt)));
    },
  };
}
