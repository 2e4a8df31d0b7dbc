// Which crews there are, what each is doing, and how old its last position is.

import { clockTime, duration, h, mayAct, ms, spansText, t, tOr } from "./app.js";
import { backButtons, outButton, outLine } from "./out-of-service.js";

export const STALE_S = 600;
const ORDER = { free: 0, driving: 1, busy: 2, out_of_service: 3, off: 4 };

/** The list of crews; `onTicket(id)` opens a ticket, `onCrew(crew)` shows it on the map, `changed()` after an act. */
export function createCrews({ onTicket, onCrew, changed }) {
  const title = h("h2", {}, t("board.crews"));
  const summary = h("span", { class: "muted num" });
  const list = h("ul", { class: "body" });
  const head = h("header", {}, title, h("span", { class: "gap" }), summary);
  const shown = new Map(); // by crew: {crew, said, age, at, line}; a line stays while what it says does

  function update(crews) {
    const count = (...states) => crews.filter((crew) => states.includes(crew.state)).length;
    summary.textContent = t("crew.summary", { free: count("free"), out: count("driving", "busy"), off: count("off") });
    if (count("out_of_service")) summary.textContent += ` · ${t("crew.summary_out", { n: count("out_of_service") })}`;
    const sorted = [...crews].sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.name.localeCompare(b.name));
    for (const id of shown.keys()) if (!crews.some((crew) => crew.id === id)) shown.delete(id);
    put(sorted.length ? sorted.map(lineOf) : [h("li", { class: "empty" }, t("crew.none"))]);
  }

  /** Only what changed is touched: never a button under the pointer, and the focus stays where it was. */
  function put(lines) {
    const focused = list.contains(document.activeElement) && document.activeElement;
    const crew = focused && focused.closest("[data-crew]")?.dataset.crew;
    for (const old of [...list.children]) if (!lines.includes(old)) old.remove();
    lines.forEach((line, n) => list.children[n] !== line && list.insertBefore(line, list.children[n] ?? null));
    if (!crew || document.activeElement === focused) return;
    const line = list.querySelector(`[data-crew="${CSS.escape(crew)}"]`);
    (line?.querySelector(`[data-key="${CSS.escape(focused.dataset.key)}"]`) ?? line?.querySelector("button"))?.focus();
  }

  function lineOf(crew) {
    const said = JSON.stringify({ ...crew, position: Boolean(crew.position) });
    const known = shown.get(crew.id)?.said === said ? shown.get(crew.id) : { said, age: h("span", { class: "age num" }) };
    shown.set(crew.id, Object.assign(known, { crew, at: crew.position && ms(crew.position.at) }));
    return (known.line ??= draw(crew, known));
  }

  /** Nobody waits for its position; one out of service may have a ticket still, and is "busy" then. */
  const isAway = (crew) => crew.state === "off" || Boolean(crew.out_of_service);

  function draw(crew, known) {
    if (!crew.position && !isAway(crew)) known.age.textContent = t("crew.no_position");
    return h("li", { class: `crew ${isAtRest(crew) ? "rests" : crew.state}`, data: { crew: crew.id } },
      h("i", { class: "dot", "aria-hidden": "true" }),
      h("span", {}, h("button", { type: "button", class: "link name", data: { key: "name" }, onclick: () => onCrew(known.crew) }, crew.name),
        " ", ...crew.skills.map((skill) => [h("span", { class: "mark" }, t(`skill.${skill}`)), " "]),
        mayAct && !crew.out_of_service && outButton(crew, changed)),
      h("span", { class: "what num" }, stepOf(crew)),
      h("span", { class: "sub num" }, ...jobOf(crew)),
      known.age,
      crew.out_of_service && h("span", { class: "sub out" }, outLine(crew)),
      mayAct && crew.out_of_service && h("span", { class: "acts" }, backButtons(crew, changed)),
      crew.breaks?.length > 0 && h("span", { class: "sub breaks num" }, t("crew.breaks", { spans: spansText(crew.breaks) })));
  }

  /** Told, accepted, on site …: "at work" alone would hide that nobody has answered yet. */
  function stepOf(crew) {
    if (isAtRest(crew)) return t("crew.rests", { until: clockTime(crew.rests_until) });
    return crew.state === "busy" ? tOr(`state.${crew.step}`, t("crew_state.busy")) : t(`crew_state.${crew.state}`);
  }

  /** Whom somebody sends in its break is at work, and its step says so. */
  const isAtRest = (crew) => crew.state === "free" && Boolean(crew.rests_until);

  function jobOf(crew) {
    const open = (id) => h("button", { type: "button", class: "link", data: { key: id }, onclick: () => onTicket(id) }, id);
    const then = (crew.next ?? []).filter((id) => id !== crew.ticket);
    const parts = [crew.unit_name];
    if (crew.ticket) parts.push(" · ", open(crew.ticket));
    if (then.length) parts.push(` · ${t("crew.then")} `, ...then.flatMap((id, n) => [n ? ", " : "", open(id)]));
    if (crew.state === "off" && crew.shift) parts.push(` · ${t("crew.back_at", { from: clockTime(crew.shift.from) })}`);
    return parts;
  }

  function tick(now) {
    for (const { age, at, crew } of shown.values()) {
      if (!at) continue;
      const seconds = Math.max(0, (now - at) / 1000);
      const text = t("crew.position_age", { time: duration(seconds) });
      if (age.textContent !== text) age.textContent = text;
      age.classList.toggle("stale", !isAway(crew) && seconds > STALE_S);
    }
  }

  return { head, list, update, tick };
}
