// What is known of the place a call may come from, while it is still being typed: outage notices and open tickets.

import { api, clockTime, distance, h, t, whereOf } from "./app.js";

const WAIT_MS = 150;
const BIG_M = 1500; // a place larger than this has no neighbourhood

/** Shows in `box` what is known around the last place given to `at(place)`; `at(null)` empties it. */
export function around(box) {
  const state = { timer: 0, asked: "" };

  function at(place) {
    clearTimeout(state.timer);
    const asked = place && place.precision_m <= BIG_M ? `lon=${place.lon}&lat=${place.lat}` : "";
    if (asked === state.asked) return;
    state.asked = asked;
    if (!asked) return fill([]);
    state.timer = setTimeout(() => load(asked, place.label), WAIT_MS);
  }

  async function load(asked, label) {
    let known;
    try {
      known = await api(`/api/places/around?${asked}`);
    } catch {
      return; // a help, not the way in
    }
    if (state.asked === asked) draw(known, label);
  }

  function draw({ outage, tickets }, label) {
    const parts = [outage && outageLine(outage), tickets.length > 0 && h("ul", { class: "near" }, tickets.map(ticketLine))].filter(Boolean);
    fill(parts.length ? [h("p", { class: "hint" }, label ? t("around.of", { place: label }) : t("around.here")), ...parts] : []);
  }

  function fill(parts) {
    box.hidden = !parts.length;
    box.replaceChildren(...parts);
  }

  return { at };
}

const outageLine = (outage) => h("p", { class: "note soon num" }, h("b", {}, t("intake.outage", { id: outage.id })),
  ` ${outage.cause} · ${clockTime(outage.from)} – ${clockTime(outage.to)}`);

function ticketLine(ticket) {
  const where = whereOf({ address: ticket.address, place: { near: ticket.near } });
  return h("li", {}, h("span", { class: "num" }, h("a", { href: `/ticket/${ticket.ticket}`, target: "_blank", rel: "noopener", tabindex: "-1" }, ticket.ticket),
    ` · ${distance(ticket.distance_m)} · ${t(`fault.${ticket.fault}`)} · ${where}`),
  h("span", { class: "muted num" }, `${t(`state.${ticket.state}`)} · ${t("intake.opened", { time: clockTime(ticket.opened_at) })}`));
}
