// Why this crew and not another: turns the planner's codes and costs into words and small tables.

import { clockTime, duration, h, lang, t, tOr } from "./app.js";

/** One reason in words; `would_delay:T7` names its ticket; an unknown code is shown as it is. */
export function reasonText(code) {
  const [kind, ticket] = String(code).split(":");
  return tOr(`reason.${kind}`, String(code), { ticket });
}

/** Several codes as one phrase. */
export const reasonsText = (codes) => [].concat(codes ?? []).map(reasonText).join(lang === "zh" ? "、" : ", ");

const percent = (share) => Math.round((share ?? 0) * 100);

/** The crews for a ticket, best first, then who cannot go; `onAssign(option, button)` or null to only read. */
export function optionList(options, { onAssign, current }) {
  const able = options.filter((option) => !option.not_possible);
  const unable = options.filter((option) => option.not_possible);
  if (!options.length) return h("p", { class: "muted" }, t("detail.options_none"));
  return h("div", { class: "why" },
    able.length > 0 && h("ol", { class: "options" }, able.map((option, n) => oneOption(option, n, { onAssign, current }))),
    unable.length > 0 && h("h3", {}, t("detail.cannot")),
    unable.length > 0 && cannotList(unable.map((option) => ({ crew: option.crew_name ?? option.crew, why: option.not_possible }))));
}

function oneOption(option, n, { onAssign, current }) {
  const mine = option.crew === current;
  const name = option.crew_name ?? option.crew;
  const button = onAssign && !mine && h("button", {
    type: "button", class: `small${n === 0 ? " primary" : ""}`, data: { key: `assign-${option.crew}` },
    "aria-label": t("detail.assign_to", { crew: name }), onclick: (event) => onAssign(option, event.currentTarget),
  }, t("detail.assign"));
  return h("li", { class: option.on_time ? "fine" : "late" },
    h("i", { class: "shape", "aria-hidden": "true" }),
    h("span", { class: "name" }, h("b", {}, name), h("span", { class: "num" }, t("option.arrives", { time: clockTime(option.arrives_at) })),
      n === 0 && h("span", { class: "mark" }, t("option.best")), mine && h("span", { class: "mark critical" }, t("option.now"))),
    h("span", { class: "sub num" }, ...optionFacts(option),
      option.rests_until && h("span", { class: "rests" }, t("option.rests", { until: clockTime(option.rests_until) }))),
    button);
}

function optionFacts(option) {
  const facts = [duration(option.eta_s), " · ", option.on_time ? t("option.on_time") : h("span", { class: "bad" }, t("option.late"))];
  const chance = percent(option.p_on_time);
  if (chance > 0 && chance < 100) facts.push(` · ${t("option.chance", { n: chance })}`);
  const delays = option.would_delay ?? [];
  for (const delay of delays.slice(0, 2)) facts.push(" · ", h("span", { class: delay.becomes_late ? "bad" : "" }, delayText(delay)));
  if (!delays.length) facts.push(` · ${t("option.no_delay")}`);
  if (delays.length > 2) facts.push(` +${delays.length - 2}`);
  return facts;
}

function delayText({ ticket, by_s: by, becomes_late: late }) {
  if (by === null) return t("option.strands", { ticket });
  return t(late ? "option.delays_late" : "option.delays", { ticket, time: duration(by) });
}

/** Who cannot go and why, as a definition list. */
export function cannotList(crews) {
  return h("dl", { class: "cannot" }, crews.map(({ crew, why }) => [h("dt", {}, crew), h("dd", {}, reasonsText(why))]));
}

/** Why the crew of `visit` was sent: its cost beside the best others, and who could not go. */
export function whyVisit(visit, names = {}) {
  const reasons = visit.reasons ?? {};
  const name = (id) => names[id] ?? id;
  if (!reasons.terms) return h("p", { class: "muted" }, t("why.by_hand", { by: visit.by }));
  const others = reasons.others ?? [];
  const cannot = (reasons.cannot ?? []).map((each) => ({ crew: name(each.crew), why: each.why ?? each.code }));
  return h("div", { class: "why" },
    h("h3", {}, t("why.title", { crew: visit.crew_name ?? name(visit.crew) })),
    h("p", {}, sentence(visit, reasons.terms)),
    h("div", { class: "scroll" }, costTable(visit, others, name)),
    cannot.length > 0 && h("h3", {}, t("why.cannot")),
    cannot.length > 0 && cannotList(cannot));
}

function sentence(visit, terms) {
  const drive = duration((terms.drive_min ?? 0) * 60);
  const said = t("why.sentence", { drive, eta: clockTime(visit.eta_at) });
  const missed = percent(terms.miss);
  return missed > 0 ? `${said} ${t("why.sentence_miss", { miss: Math.min(missed, 100) })}` : said;
}

const TERMS = ["drive_min", "wait_min", "late_min", "miss", "total"];

function costTable(visit, others, name) {
  const head = h("tr", {}, h("th", {}, t("board.crews")), h("th", { class: "r" }, t("ticket.expected")),
    TERMS.map((term) => h("th", { class: "r" }, t(`term.${term}`))), h("th", {}, t("why.against")));
  const chosen = costRow(visit.crew_name ?? name(visit.crew), visit.eta_at, visit.reasons.terms, "", "chosen");
  const rest = others.map((other) =>
    costRow(name(other.crew), other.arrives_at ?? other.arrive_ms, other.terms ?? {}, reasonsText(other.why)));
  return h("table", {}, h("thead", {}, head), h("tbody", {}, chosen, rest));
}

function costRow(crew, at, terms, why, kind = null) {
  return h("tr", { class: kind }, h("td", {}, crew), h("td", { class: "r num" }, clockTime(at)),
    TERMS.map((term) => h("td", { class: "r num" }, termText(term, terms[term] ?? terms[term.replace("_min", "")]))),
    h("td", {}, why || (kind ? "✓" : "")));
}

function termText(term, value) {
  if (value === undefined || value === null) return "—";
  if (term === "miss") return `${percent(Math.min(value, 1))} %`;
  if (term === "total") return value.toFixed(1);
  return value < 0.05 ? "0" : duration(value * 60);
}
