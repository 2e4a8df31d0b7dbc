// Closed and slowed roads on the board: how the map shows them, the list of them, and drawing a new one.

import { ask, field } from "./acts.js";
import { act, api, clockTime, h, mayAct, ms, nowMs, t, toast } from "./app.js";
import { marks } from "./mapicons.js";
import { BOLD, colours } from "./mapstyle.js";

const HOURS = [1, 2, 4, 8, 24];
const SLOW = 0.5; // of the usual speed
const SOURCE = "closures";

/* ---- on the map ---- */

const kindIs = (...kinds) => ["in", ["get", "kind"], ["literal", kinds]];
const shapeIs = (...shapes) => ["in", ["geometry-type"], ["literal", shapes]];
const LINES = ["!", shapeIs("Point")];

/** Layers over the basemap: closed is a solid line, slow and to come a broken one; both say so in words. */
export function closureLayers(theme) {
  const c = marks(theme);
  const colour = ["match", ["get", "kind"], "closed", c.late, "slow", c.soon, c.crew];
  const round = { "line-cap": "round", "line-join": "round" };
  const layer = (id, type, filter, rest) => ({ id: `closure-${id}`, type, source: SOURCE, filter, ...rest });
  return [
    layer("area", "fill", shapeIs("Polygon", "MultiPolygon"), { paint: { "fill-color": colour, "fill-opacity": 0.18 } }),
    layer("rim", "line", LINES, { layout: round, paint: { "line-color": c.paper, "line-width": 8 } }),
    layer("solid", "line", ["all", LINES, ["get", "now"]], { layout: round, paint: { "line-color": colour, "line-width": 4.5 } }),
    layer("broken", "line", ["all", LINES, ["!", ["get", "now"]]],
      { paint: { "line-color": colour, "line-width": 4, "line-dasharray": [1.6, 1] } }),
    layer("points", "circle", ["all", shapeIs("Point"), kindIs("draft")],
      { paint: { "circle-radius": 5, "circle-color": c.crew, "circle-stroke-color": c.paper, "circle-stroke-width": 2 } }),
    layer("names", "symbol", ["all", shapeIs("Point"), kindIs("closed", "slow")], {
      layout: { "text-field": ["get", "label"], "text-font": BOLD, "text-size": 12, "text-offset": [0, 1], "text-max-width": 12 },
      paint: { "text-color": c.ink, "text-halo-color": colours(theme).halo, "text-halo-width": 1.8 },
    }),
  ];
}

const feature = (geometry, properties) => ({ type: "Feature", geometry, properties });
const point = (coordinates, properties) => feature({ type: "Point", coordinates }, properties);

/** A spot of the shape for its words: the middle corner of its first line or ring. */
function anchor({ coordinates }) {
  let corners = coordinates;
  while (Array.isArray(corners[0][0])) [corners] = corners;
  return corners[Math.floor((corners.length - 1) / 2)];
}

const kindOf = (closure) => (closure.factor === 0 ? "closed" : "slow");
const sign = (closure) => (closure.factor === 0 ? `✕ ${t("closure.closed")}` : `◐ ${Math.round(closure.factor * 100)} %`);

function closureFeatures(closure) {
  const begun = ms(closure.from) <= nowMs();
  const said = { kind: kindOf(closure), now: begun && closure.factor === 0, label: `${sign(closure)}\n${closure.reason}` };
  return [feature(closure.geometry, said), point(anchor(closure.geometry), said)];
}

function draftFeatures(points) {
  const said = { kind: "draft", now: false };
  const line = points.length > 1 ? [feature({ type: "LineString", coordinates: points }, said)] : [];
  return [...line, ...points.map((each) => point(each, said))];
}

/* ---- the tool ---- */

/** List and pen of the board: `box` takes the list, `bar` what to do next; `changed` after a closure came or went. */
export function createClosures({ map, box, bar, begin, changed }) {
  let closures = [];
  let points = null; // of the line being drawn, (lon, lat)
  let listed = "";
  const count = h("span", { class: "num" }, "0");
  const list = h("ul", {});
  const pen = mayAct && h("button", { type: "button", onclick: start }, t("closure.draw"));
  box.replaceChildren(h("details", {}, h("summary", {}, t("closure.title"), " ", count), list, pen));

  function show() {
    map.setClosures([...closures.flatMap(closureFeatures), ...draftFeatures(points ?? [])]);
    const text = JSON.stringify(closures.map((each) => [each, ms(each.from) > nowMs()]));
    if (text === listed) return; // what somebody is about to press stays where it is
    listed = text;
    count.textContent = closures.length;
    list.replaceChildren(...(closures.length ? closures.map(row) : [h("li", { class: "none" }, t("closure.none"))]));
  }

  function row(closure) {
    const open = (event) => remove(closure, event.currentTarget);
    const times = [ms(closure.from) > nowMs() && t("closure.from", { time: clockTime(closure.from) }),
      closure.until ? t("closure.until_at", { time: clockTime(closure.until) }) : t("closure.open_end")];
    return h("li", { data: { id: closure.id } },
      h("p", { class: kindOf(closure) }, h("b", {}, sign(closure)), " ", closure.reason, h("small", {}, times.filter(Boolean).join(" · "))),
      mayAct && h("button", { type: "button", onclick: open }, t("closure.remove")));
  }

  async function remove(closure, button) {
    if (!(await act(button, () => api(`/api/closures/${encodeURIComponent(closure.id)}`, { method: "DELETE" })))) return;
    toast(t("closure.removed"));
    changed();
  }

  function start() {
    begin();
    points = [];
    box.querySelector("details").open = false;
    drawBar();
  }

  function end() {
    if (!points) return;
    points = null;
    drawBar();
    show();
  }

  function add(lonlat) {
    points.push(lonlat);
    drawBar();
    show();
  }

  function undo() {
    points.pop();
    drawBar();
    show();
  }

  function drawBar() {
    bar.hidden = !points;
    if (!points) return;
    const button = (text, run, more = {}) => h("button", { type: "button", onclick: run, ...more }, text);
    bar.replaceChildren(h("p", { role: "status" }, t(points.length ? "closure.points" : "closure.click", { n: points.length })),
      h("div", { class: "actions" }, button(t("act.cancel"), end), points.length > 0 && button(t("closure.undo"), undo),
        points.length > 1 && button(t("closure.finish"), finish, { class: "primary" })));
  }

  async function finish(event) {
    const button = event.currentTarget;
    const geometry = { type: "LineString", coordinates: [...points] };
    const said = await askHow();
    if (!said || !points) return;
    const body = { geometry, factor: Number(said.factor), reason: said.reason.trim() };
    if (said.hours) body.until = new Date(nowMs() + Number(said.hours) * 3600000).toISOString();
    const after = await act(button, () => api("/api/closures", { method: "POST", body }));
    if (!after) return;
    if (after.edges) toast(t("closure.done", { n: after.edges }));
    else toast(t("closure.done_none"), { kind: "error" });
    end();
    changed();
  }

  return {
    add,
    end,
    drawing: () => Boolean(points),
    set: (to) => {
      closures = to;
      show();
    },
  };
}

/** {factor, reason, hours} of a closure, or null when it was cancelled. */
function askHow() {
  const way = (factor, name, checked) => h("label", {},
    h("input", { type: "radio", name: "factor", value: String(factor), required: true, checked }),
    h("span", {}, t(`closure.${name}`)), h("small", {}, t(`closure.${name}_help`)));
  const ways = h("fieldset", { class: "choices" }, h("legend", { class: "sr" }, t("closure.how")), way(0, "closed", true), way(SLOW, "slow", false));
  const reason = h("input", { name: "reason", maxlength: 500, required: true, pattern: ".*\\S.*", autocomplete: "off" });
  const until = h("select", { name: "hours" }, h("option", { value: "" }, t("closure.open_end")),
    HOURS.map((n) => h("option", { value: String(n) }, t("closure.hours", { n, time: clockTime(nowMs() + n * 3600000) }))));
  return ask(t("closure.draw"), [ways, field(t("closure.reason"), reason), field(t("closure.until"), until)], t("closure.confirm"));
}
