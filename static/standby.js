// Crews without a ticket, on the board: where one should wait and why, sending it there, and who waits where.

import { act, api, clockTime, conditional, duration, h, mayAct, nowMs, Problem, t, tOr, toast } from "./app.js";

const EVERY_MS = 60000;
const AT_MOST_MS = 3000; // between two questions while much happens

/** The list in `box`, which is hidden while there is nothing to say. */
export function createStandby({ box }) {
  const get = conditional("/api/standby");
  let timer = 0;
  let askedAt = 0;

  async function ask() {
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
    askedAt = nowMs();
    try {
      const found = await get();
      if (found) draw(found);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      box.hidden = true; // the board itself says what is out of order
      get.forget();
    }
  }

  function draw({ standing, suggestions }) {
    box.hidden = !standing.length && !suggestions.length;
    const count = h("span", { class: "num" }, suggestions.length || "");
    const open = box.querySelector("details")?.open ?? suggestions.length > 0;
    box.replaceChildren(h("details", { open }, h("summary", {}, t("standby.title"), " ", count),
      h("ul", {}, suggestions.map(suggested), standing.map(waiting))));
  }

  const near = ({ near: name }) => (name ? t("place.near", { name }) : t("standby.here"));

  function suggested(each) {
    const send = (event) => put(each, event.currentTarget);
    return h("li", { data: { crew: each.crew } },
      h("p", {}, h("b", {}, each.crew_name), " ", t("standby.go", { where: near(each) }),
        h("small", {}, t("standby.why", { n: each.gain, time: duration(each.drive_s) }))),
      mayAct && h("button", { type: "button", onclick: send }, t("standby.send")));
  }

  function waiting(each) {
    const end = (event) => drop(each, event.currentTarget);
    return h("li", { data: { crew: each.crew } },
      h("p", {}, h("b", {}, each.crew_name), " ", t("standby.waits", { where: near(each) }),
        h("small", {}, t("standby.since", { time: clockTime(each.at), by: tOr(`by.${each.by}`, each.by) }))),
      mayAct && h("button", { type: "button", onclick: end }, t("standby.end")));
  }

  const path = (crew) => `/api/crews/${encodeURIComponent(crew)}/standby`;

  async function put({ crew, crew_name: name, lon, lat }, button) {
    if (!(await act(button, () => api(path(crew), { method: "POST", body: { lon, lat } })))) return;
    toast(t("standby.sent", { name }));
    ask();
  }

  async function drop({ crew }, button) {
    if (await act(button, () => api(path(crew), { method: "DELETE" }))) ask();
  }

  ask();
  return {
    changed: () => {
      clearTimeout(timer);
      timer = setTimeout(ask, Math.max(0, AT_MOST_MS - (nowMs() - askedAt)));
    },
  };
}
