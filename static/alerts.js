// What the desk is warned of: the list above the tickets, who has seen what, and a sound for whoever asked for it.

import { act, api, clockTime, h, mayAct, t, whereOf } from "./app.js";

const PAUSE_S = 1; // between two sounds: a storm raises hundreds of warnings at once
const SHOWN = 50; // nobody reads on; the rest comes up as these are seen
const LEVEL = { no_place: "soon", before_due: "soon", due: "late", not_accepted: "soon", silent: "soon", out_of_service: "late" };

/** A warning in words; `ticket` when its due time is known. */
export const alertText = (alert, ticket) => t(`alert.${alert.kind}`, { crew: alert.crew_name ?? "", due: ticket?.due_at ? clockTime(ticket.due_at) : "" });

/** Who has seen a warning and when, or an empty string. */
export const seenText = (alert) => (alert.acknowledged_at ? t("alert.seen_by", { by: alert.acknowledged_by, time: clockTime(alert.acknowledged_at) }) : "");

/** The warnings in `root`, the sound in `button`; `on` has ticket(id) and changed(). */
export function createAlerts(root, button, on) {
  const count = h("span", { class: "num" });
  const seenAll = mayAct && h("button", { type: "button", class: "small quiet", onclick: (event) => seen(fresh(), event.currentTarget) }, t("alert.seen_all"));
  const list = h("ul");
  const more = h("p", { class: "more num" });
  const state = { alerts: [], drawn: "" };
  root.replaceChildren(h("header", {}, h("h2", {}, t("alert.title")), count, h("span", { class: "gap" }), seenAll), list, more);
  const ring = createSound(button);

  const fresh = () => state.alerts.filter((alert) => !alert.acknowledged_at);

  async function seen(alerts, pressed) {
    const body = { alerts: alerts.map(({ id }) => id) };
    if (await act(pressed, () => api("/api/alerts/acknowledge", { method: "POST", body }))) on.changed();
  }

  function item(alert, tickets) {
    const ticket = tickets.get(alert.ticket);
    const mine = mayAct && !alert.acknowledged_at && h("button", { type: "button", class: "small", "aria-label": t("alert.seen_one", { ticket: alert.ticket }), onclick: (event) => seen([alert], event.currentTarget) }, t("alert.seen"));
    return h("li", { class: alert.acknowledged_at ? "done" : LEVEL[alert.kind] },
      h("i", { class: "shape", "aria-hidden": "true" }),
      h("div", {}, h("b", {}, alertText(alert, ticket)),
        h("small", { class: "num" }, h("button", { type: "button", class: "link", onclick: () => on.ticket(alert.ticket) }, alert.ticket),
          ` · ${[ticket && whereOf(ticket), clockTime(alert.at), seenText(alert)].filter(Boolean).join(" · ")}`)),
      mine);
  }

  return {
    /** Draw the first `alerts` beside the open `tickets`; never anew without a change, so that no button moves under a hand. */
    update(alerts, tickets) {
      const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
      const shown = alerts.slice(0, SHOWN);
      const unseen = alerts.filter((alert) => !alert.acknowledged_at).length;
      const drawn = JSON.stringify([shown, alerts.length, unseen, shown.map((alert) => whereOf(byId.get(alert.ticket) ?? {}))]);
      if (drawn === state.drawn) return;
      Object.assign(state, { alerts, drawn });
      root.hidden = !alerts.length;
      count.textContent = unseen;
      if (seenAll) seenAll.hidden = unseen < 2;
      list.replaceChildren(...shown.map((alert) => item(alert, byId)));
      more.hidden = alerts.length === shown.length;
      more.textContent = t("alert.more", { n: alerts.length - shown.length });
    },
    /** A warning has just been raised or seen. */
    news(alert) {
      if (!alert.acknowledged_at) ring();
      on.changed();
    },
  };
}

/** A short sound, once somebody has pressed `button`: browsers play none before a click, and nobody shall be startled. */
function createSound(button) {
  let context = null;
  let rung = -PAUSE_S;
  const draw = () => {
    button.setAttribute("aria-pressed", String(Boolean(context)));
    button.textContent = t(context ? "alert.sound_on" : "alert.sound_off");
  };
  const ring = () => {
    if (!context || context.currentTime - rung < PAUSE_S) return;
    rung = context.currentTime;
    for (const [hertz, after] of [[880, 0], [660, 0.18]]) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0.25, context.currentTime + after);
      gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + after + 0.16);
      tone.connect(gain).connect(context.destination);
      tone.start(context.currentTime + after);
      tone.stop(context.currentTime + after + 0.17);
    }
  };
  button.addEventListener("click", () => {
    if (context) context.close();
    context = context ? null : new AudioContext();
    rung = -PAUSE_S;
    draw();
    ring(); // so that it is heard how loud it is
  });
  draw();
  return ring;
}
