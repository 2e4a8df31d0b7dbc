// The board's map: which tickets and crews are on it, and setting the place of a report with a pin.

import { h, lang, ms, nowMs, t, urgency } from "./app.js";
import { STALE_S } from "./board-crews.js";
import { createClosures } from "./closures.js";
import { createCoverage } from "./coverage.js";
import { createMap } from "./map.js";

const TICKET_MS = 1; // for each ticket, between two drawings of all of them
const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => (dark.matches ? "dark" : "light");

/** A map in `element` that follows the system's light and dark; its element carries the bounds. */
export function themedMap(element) {
  const map = createMap(element, { bounds: JSON.parse(element.dataset.bounds), theme: theme(), language: lang });
  dark.addEventListener("change", () => map.setTheme(theme()));
  return map;
}

/**
 * `onSelect(ticket id)` for a click on a ticket or a busy crew; `onPlace(report, lonlat, button)` for a set pin;
 * `onClosure()` after a road was closed or opened, listed in `roads`; `reach` takes the switch of coverage.
 */
export function createBoardMap({ element, bar, roads, reach, onSelect, onPlace, onClosure }) {
  const map = themedMap(element);
  let jobs = new Map();
  let shown = { tickets: [], selected: null };
  let timer = 0;
  let drawn = -Infinity;
  let pin = null;
  const closures = createClosures({ map, bar, box: roads, begin: () => endPin(), changed: onClosure });
  const coverage = createCoverage({ map, box: reach });

  map.onClick((what) => {
    const ticket = what.kind === "ticket" ? what.id : jobs.get(what.id);
    if (closures.drawing()) closures.add([what.lon, what.lat]);
    else if (pin) movePin([what.lon, what.lat]);
    else if (ticket) onSelect(ticket);
  });

  /** The less often the more tickets there are, lest thousands take the page's time from all else; or `atOnce`. */
  function drawTickets(tickets, selected, { atOnce = false } = {}) {
    shown = { tickets, selected };
    if (atOnce) drawShown();
    else timer ||= setTimeout(drawShown, drawn + tickets.length * TICKET_MS - performance.now());
  }

  function drawShown() {
    clearTimeout(timer);
    timer = 0;
    drawn = performance.now();
    const { tickets, selected } = shown;
    const now = nowMs();
    map.setTickets(tickets.filter((ticket) => ticket.place).map((ticket) => ({
      id: ticket.id, lon: ticket.place.lon, lat: ticket.place.lat, urgency: urgency(ticket, now),
      assigned: Boolean(ticket.crew), selected: ticket.id === selected,
    })));
  }

  function drawCrews(crews, tickets) {
    const now = nowMs();
    jobs = new Map([...crews.values()].map((crew) => [crew.id, crew.ticket]));
    const places = new Map(tickets.map((ticket) => [ticket.id, ticket.place]));
    map.setCrews([...crews.values()].filter((crew) => crew.state !== "off").map((crew) => crewOnMap(crew, places, now)));
  }

  function movePin(lonlat) {
    pin.lonlat = lonlat;
    map.setPin(lonlat, { draggable: true, onMove: (to) => pin && (pin.lonlat = to) });
    drawBar();
  }

  function drawBar() {
    bar.hidden = !pin;
    if (!pin) return;
    const { report, lonlat } = pin;
    const cancel = h("button", { type: "button", onclick: endPin }, t("act.cancel"));
    const send = (event) => onPlace(report, pin.lonlat, event.currentTarget);
    const save = lonlat && h("button", { type: "button", class: "primary", onclick: send }, t("act.confirm"));
    const words = lonlat ? [t("detail.confirm_place", { report }), h("small", {}, t("detail.drag"))] : t("detail.click_map", { report });
    bar.replaceChildren(h("p", { role: "status" }, words), h("div", { class: "actions" }, cancel, save));
    bar.querySelector(".primary")?.focus();
  }

  function endPin() {
    closures.end();
    if (!pin) return;
    pin = null;
    map.setPin(null);
    drawBar();
  }

  return {
    drawTickets,
    drawCrews,
    endPin,
    pinning: () => Boolean(pin) || closures.drawing(),
    setClosures: closures.set,
    changed: coverage.changed,
    reveal: (at) => map.reveal([at.lon, at.lat]),
    show: (at) => map.focus([at.lon, at.lat]),
    beginPin: (report, at) => {
      closures.end();
      pin = { report, lonlat: null };
      drawBar();
      if (at) map.focus([at.lon, at.lat]);
    },
  };
}

function crewOnMap(crew, places, now) {
  const at = crew.position ?? crew.depot;
  const to = places.get(crew.ticket);
  const stale = Boolean(crew.position) && (now - ms(crew.position.at)) / 1000 > STALE_S;
  return { id: crew.id, name: crew.name, lon: at.lon, lat: at.lat, state: crew.state === "out_of_service" ? "off" : crew.state, stale, to: to && [to.lon, to.lat] };
}
