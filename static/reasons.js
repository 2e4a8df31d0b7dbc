// Why this crew and not another: turns the planner's codes and costs into words and small tables.

import { clockTime, duration, h, lang, t, tOr } from "./app.js";

const SECOND = "+"; // `T7+` is the half of T7 that a second crew does
const GAP = lang === "zh" ? "" : " ";
const LIST = lang === "zh" ? "、" : ", ";
const all = new Intl.ListFormat(lang, { type: "conjunction" });

/** One kind of reason in words, with the tickets it names; an unknown code is shown as it is. */
const reasonText = ([kind, tickets]) => joined(tOr(`reason.${kind}`, [kind, ...tickets].join(" "), { ticket: all.format(tickets.map(ticketText)) }));

/** Chinese has a space beside `T7`, not beside its own words. */
const joined = (text) => text.replace(/([\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, "$1");

const ticketText = (ticket) => (ticket?.endsWith(SECOND) ? t("second.of", { ticket: ticket.slice(0, -1) }) : ticket);

/** Several codes as one phrase; `would_delay:T7` names its ticket, and what speaks for a crew is set against what it breaks. */
export function reasonsText(codes) {
  const kinds = new Map();
  for (const [kind, ticket] of [].concat(codes ?? []).map((code) => String(code).split(":"))) kinds.set(kind, [...(kinds.get(kind) ?? []), ...(ticket ? [ticket] : [])]);
  return [...kinds].reduce((said, each, n, every) => {
    const turns = each[0].startsWith("would_") && every[n - 1]?.[0] === "nearer";
    return joined(said + (n === 0 ? "" : turns ? t("reason.but") : LIST) + reasonText(each));
  }, "");
}

const percent = (share) => Math.round((share ?? 0) * 100);

/** The crews for a ticket, best first, then who cannot go; `onAssign(option, button)` or null to only read. */
export function optionList(options, { onAssign, current }) {
  const able = options.filter((option) => !option.not_possible);
  const unable = options.filter((option) => option.not_possible);
  if (!options.length) return h("p", { class: "muted" }, t("detail.options_none"));
  return h("div", { class: "why" },
    able.length > 0 && h("ol", { class: "options" }, able.map((option, n) => oneOption(option, n, { onAssign, current }))),
    unable.length > 0 && h("h3", {}, t("detail.cannot")),
    unable.length > 0 && cannotList(unable.map((option) => ({ crew: option.crew_name ?? option.crew, why: option.not_possible, said: option.out_of_service }))));
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
  if (by === null) return joined(t("option.strands", { ticket: ticketText(ticket) }));
  return joined(t(late ? "option.delays_late" : "option.delays", { ticket: ticketText(ticket), time: duration(by) }));
}

/** Who cannot go and why, as a definition list; `said` is what somebody said of a crew out of service. */
export function cannotList(crews) {
  return h("dl", { class: "cannot" }, crews.map(({ crew, why, said }) => [h("dt", {}, crew), h("dd", {}, said ? saidText(why, said) : reasonsText(why))]));
}

const saidText = (why, { reason, until }) => (why !== "out_of_service" ? reasonsText(why)
  : t(until ? "reason.out_of_service_until" : "reason.out_of_service_said", { reason, until: clockTime(until) }));

/** Why the crew of `visit` was sent: whose order it was, then what the figures said of it and the best others. */
export function whyVisit(visit, nameOf, { title = true } = {}) {
  const crew = visit.crew_name ?? nameOf(visit.crew);
  return h("div", { class: "why" }, title && h("h3", {}, t("why.title", { crew })), orderText(visit), figures(visit, crew, nameOf));
}

const PROGRAMS = ["planner", "system"]; // who decides where nobody does

/** Whether a person gave the order, on a page or on the command line. */
export const byHand = ({ by }) => !PROGRAMS.includes(by);

function orderText(visit) {
  const { instead_of: left, reason, sooner_s: sooner } = visit;
  if (left) return h("p", {}, t("why.turned", { ticket: left }), sooner > 0 && GAP + t("why.sooner", { minutes: Math.round(sooner / 60) }));
  if (!byHand(visit)) return null;
  const by = tOr(`by.${visit.by}`, visit.by);
  return h("p", {}, reason ? t("why.by_hand_said", { by, reason }) : t("why.by_hand", { by }));
}

function figures(visit, crew, nameOf) {
  const { cannot = [], delays, others = [], rank, terms } = visit.reasons ?? {};
  if (!terms) return h("p", { class: "muted" }, t("why.no_figures"));
  const unable = cannot.map((each) => ({ crew: nameOf(each.crew), why: each.why ?? each.code }));
  return [
    h("p", {}, rank && rankText(rank) + GAP, sentence(visit, terms)),
    delays && breaksText(delays, visit.instead_of),
    h("div", { class: "scroll" }, costTable(visit, crew, others, nameOf)),
    unable.length > 0 && h("h3", {}, t("why.cannot")),
    unable.length > 0 && cannotList(unable),
  ];
}

/** Where the crew stood among those that could go. */
function rankText({ by_arrival: arrival, by_cost: cost, of }) {
  if (of === 1) return t("why.only");
  return arrival === cost ? t("why.rank", { n: cost, of }) : t("why.ranks", { cost, arrival, of });
}

/** What sending the crew did to other tickets: to the one it left first, then the worst. */
function breaksText(delays, left) {
  const bad = delays.some((delay) => delay.becomes_late || delay.by_s === null);
  const rank = (delay) => [delay.ticket !== left, delay.by_s !== null, !delay.becomes_late].reduce((sum, each) => 2 * sum + each, 0);
  const worst = [...delays].sort((one, other) => rank(one) - rank(other));
  const what = worst.slice(0, 3).map(delayText).join(t("why.then")) + (worst.length > 3 ? t("why.more", { n: worst.length - 3 }) : "");
  return h("p", { class: bad ? "note soon" : null }, delays.length ? t("why.breaks", { what }) : t("why.breaks_nothing"));
}

function sentence(visit, terms) {
  const drive = duration((terms.drive_min ?? 0) * 60);
  const said = t("why.sentence", { drive, eta: clockTime(visit.eta_at) });
  const missed = percent(terms.miss);
  return missed > 0 ? `${said}${GAP}${t("why.sentence_miss", { miss: Math.min(missed, 100) })}` : said;
}

const TERMS = ["drive_min", "wait_min", "late_min", "miss", "total"];

function costTable(visit, crew, others, nameOf) {
  const head = h("tr", {}, h("th", {}, t("board.crews")), h("th", { class: "r" }, t("ticket.expected")),
    TERMS.map((term) => h("th", { class: `r ${term}` }, t(`term.${term}`))), h("th", {}, t("why.against")));
  const chosen = costRow(crew, visit.eta_at, visit.reasons.terms, "", "chosen");
  const rest = others.map((other) =>
    costRow(nameOf(other.crew), other.arrives_at ?? other.arrive_ms, other.terms ?? {}, reasonsText(other.why)));
  return h("table", {}, h("thead", {}, head), h("tbody", {}, chosen, rest));
}

function costRow(crew, at, terms, why, kind = null) {
  return h("tr", { class: kind }, h("td", {}, crew), h("td", { class: "r num" }, clockTime(at)),
    TERMS.map((term) => h("td", { class: `r num ${term}` }, termText(term, terms[term] ?? terms[term.replace("_min", "")]))),
    h("td", {}, why || (kind ? "✓" : "")));
}

function termText(term, value) {
  if (value === undefined || value === null) return "—";
  if (term === "miss") return `${percent(Math.min(value, 1))} %`;
  if (term === "total") return value.toFixed(1);
  return value < 0.05 ? "0" : duration(value * 60);
}
