// Severe weather on the page of chances: what holds, is to come or was, declaring it, and ending it before its time.

import { ask, field } from "./acts.js";
import { act, api, clockTime, fullTime, h, mayAct, nowMs, syncClock, t, toast, tOr } from "./app.js";

const KINDS = ["storm", "snow", "ice", "flood", "typhoon", "fog", "heat"];
const LATER = [0, 1, 2, 4, 8, 12, 24];
const HOURS = [2, 4, 8, 12, 24, 48];
const HOUR_MS = 3600000;
const EVERY_MS = 60000;
const OPEN = ["holds", "to_come"];

const box = document.getElementById("weather");
const list = h("ul", {});
box.append(list, mayAct ? h("button", { type: "button", onclick: declare }, t("weather.declare")) : "");

const kindOf = ({ kind }) => tOr(`weather.kind.${kind}`, kind);
const minute = (at) => fullTime(at).slice(0, 16);

function shown(each) {
  const end = (event) => over(each, event.currentTarget);
  const said = [t("weather.by", { by: tOr(`by.${each.by}`, each.by) }),
    each.ended_at && t("weather.ended_by", { time: minute(each.ended_at), by: tOr(`by.${each.ended_by}`, each.ended_by) })];
  return h("li", { class: each.state, data: { weather: each.id } },
    h("p", {}, h("b", {}, kindOf(each)), " ", h("span", { class: "badge" }, t(`weather.state.${each.state}`)), " ",
      h("span", { class: "num" }, t("weather.span", { from: minute(each.from), until: minute(each.until) })),
      h("small", {}, said.filter(Boolean).join(" · "))),
    mayAct && OPEN.includes(each.state) && h("button", { type: "button", onclick: end },
      t(each.state === "holds" ? "weather.end" : "weather.withdraw")));
}

let drawn = ""; // what the list shows: written anew only on a change, or the focus on a button would be lost

async function draw() {
  const { now, weather } = await api("/api/weather");
  syncClock(now);
  const told = JSON.stringify(weather);
  if (told === drawn) return;
  drawn = told;
  const open = (each) => OPEN.includes(each.state);
  const sorted = [...weather.filter(open), ...weather.filter((each) => !open(each))];
  list.replaceChildren(...(weather.length ? sorted.map(shown) : [h("li", { class: "muted" }, t("weather.none"))]));
}

async function over(each, button) {
  const done = await act(button, () => api(`/api/weather/${encodeURIComponent(each.id)}`, { method: "DELETE" }));
  if (done) toast(t(each.state === "holds" ? "weather.ended" : "weather.withdrawn", { kind: kindOf(each) }));
  refresh();
}

async function declare(event) {
  const button = event.currentTarget;
  const now = nowMs();
  const select = (name, options) => h("select", { name }, options);
  const kind = select("kind", KINDS.map((each) => h("option", { value: each }, t(`weather.kind.${each}`))));
  const from = select("from", LATER.map((n) => h("option", { value: n },
    t(n ? "weather.in_hours" : "weather.now", { n, time: clockTime(now + n * HOUR_MS) }))));
  const hours = select("hours", HOURS.map((n) => h("option", { value: n }, t("weather.hours", { n }))));
  const said = await ask(t("weather.declare"),
    [field(t("weather.kind"), kind), field(t("weather.from"), from), field(t("weather.until"), hours)], t("weather.declare"));
  if (said) send(said, button);
}

/** Declare what the form says; `from` and `hours` count from the moment it is sent. */
async function send({ kind, from, hours }, button) {
  const begins = nowMs() + Number(from) * HOUR_MS;
  const iso = (at) => new Date(at).toISOString();
  const body = { kind, until: iso(begins + Number(hours) * HOUR_MS), ...(Number(from) ? { from: iso(begins) } : {}) };
  const made = await act(button, () => api("/api/weather", { method: "POST", body }));
  if (made) toast(t("weather.declared", { kind: kindOf(made), time: minute(made.until) }));
  refresh();
}

const refresh = () => draw().catch((problem) => {
  drawn = "";
  list.replaceChildren(h("li", { role: "alert" }, problem.message));
});

refresh();
setInterval(refresh, EVERY_MS);
