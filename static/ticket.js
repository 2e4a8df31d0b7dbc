// The full story of one ticket: its reports and their clocks, its trips and why, and everything that happened.

import { alertText, seenText } from "./alerts.js";
import { attemptsOf } from "./attempts.js";
import { api, clockTime, countdown, everySecond, fullTime, h, listen, ms, nowMs, Problem, syncClock, t, tOr, urgency, whereOf } from "./app.js";
import { isQueued, marksOf, timeText, wordOf } from "./board-list.js";
import { themedMap } from "./board-map.js";
import { reasonsText, whyVisit } from "./reasons.js";
import { secondText } from "./second.js";
import { nearItem, sameTexts, surety } from "./same.js";

const $ = (id) => document.getElementById(id);
const id = $("ticket").dataset.id;
const STEPS = ["assigned", "accepted", "departed", "arrived", "restored", "closed"];
const map = themedMap($("map"));
let ticket = null;
let names = {};

async function load() {
  try {
    ticket = await api(`/api/tickets/${encodeURIComponent(id)}`);
    draw();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("head").replaceChildren(h("h1", {}, problem.status === 404 ? t("ticket.not_found", { id }) : problem.message));
  }
}

function draw() {
  $("head").replaceChildren(...headOf());
  $("reports").replaceChildren(ticket.reports.length ? reportTable() : h("p", { class: "muted" }, t("ticket.into")));
  const sought = attemptsOf(ticket.reports, who);
  $("attempts").replaceChildren(...sought);
  $("attempts").parentElement.hidden = !sought.length;
  const lacks = ticket.second && !ticket.second.crew && h("p", { class: "note soon" }, secondText(ticket.second, (crew) => names[crew] ?? crew));
  const trips = ticket.visits.length ? [...ticket.visits].reverse().map(visitBox) : [h("p", { class: "muted" }, waiting())];
  $("visits").replaceChildren(...(ticket.visits.length ? [lacks, ...trips] : [...trips, lacks]).filter(Boolean));
  const told = [...ticket.timeline.map((event) => [event.recorded_at, line(event)]), ...ticket.alerts.map((alert) => [alert.raised_at, warning(alert)])];
  $("timeline").replaceChildren(...told.sort(([one], [other]) => ms(one) - ms(other)).map(([, item]) => item));
  $("nearby").replaceChildren(...nearby());
  drawMap();
  tick(nowMs());
}

/* ---- head ---- */

function headOf() {
  const where = whereOf(ticket);
  const facts = [t("ticket.title", { id }), t(`fault.${ticket.fault}`), t(`state.${ticket.state}`),
    ticket.zone && `${t(`zone.${ticket.zone}`)} ${t("time.min", { n: ticket.minutes })}`, `${t("detail.opened")} ${clockTime(ticket.opened_at)}`,
    ticket.due_at && `${t("detail.due")} ${clockTime(ticket.due_at)}`];
  return [
    h("div", {}, h("h1", {}, where), h("p", { class: "muted num" }, facts.filter(Boolean).join(" · ")),
      h("div", { class: "marks" }, marksOf(ticket), ticket.simulated && h("span", { class: "mark" }, t("board.simulated")))),
    h("div", { class: "big", id: "big" }, h("i", { class: "shape", "aria-hidden": "true" }), h("small", {}), h("span", { class: "clock" })),
    h("div", { class: "actions no-print" }, h("a", { class: "button", href: `/#${id}` }, t("ticket.to_board")),
      h("button", { type: "button", onclick: () => print() }, t("ticket.print"))),
  ];
}

function tick(now) {
  const big = $("big");
  if (!ticket || !big) return;
  const level = urgency(ticket, now);
  big.className = `big ${level}`;
  big.children[1].textContent = wordOf(ticket, level, now);
  big.children[2].textContent = timeText(ticket, level, now);
}

/* ---- reports ---- */

function reportTable() {
  const heads = ["received", "due", "arrived", "verdict", "caller", "address", "shadow"];
  return h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, t("detail.reports")), heads.map((name) => h("th", {}, t(`report.${name}`))))),
    h("tbody", {}, ticket.reports.map(reportRow)));
}

function reportRow(report) {
  const { promise, caller, place } = report;
  return h("tr", {},
    h("td", {}, h("b", {}, report.id), h("small", {}, [t(`channel.${report.channel}`), t(`fault.${report.fault}`), report.customers > 1 && t("board.customers", { n: report.customers })].filter(Boolean).join(" · ")),
      report.note && h("small", {}, report.note)),
    h("td", {}, clockTime(report.received_at, { seconds: true })),
    h("td", {}, promise ? clockTime(promise.due_at, { seconds: true }) : "—", promise && h("small", {}, `${t(`zone.${report.zone}`)} ${t("time.min", { n: promise.minutes })}`), promise && h("small", {}, policy(promise))),
    h("td", {}, clockTime(report.arrived_at, { seconds: true }), report.arrival_s !== null && h("small", {}, countdown(report.arrival_s))),
    h("td", {}, verdictOf(report)),
    h("td", {}, caller ? [caller.name, caller.phone && h("small", {}, caller.phone)] : "—", report.account_no && h("small", {}, report.account_no)),
    h("td", {}, report.address || "—", place && h("small", {}, `${t(`method.${place.method}`)} · ${t("detail.precision", { m: Math.round(place.precision_m) })} · ${place.by}`), place?.near && h("small", {}, t("place.near", { name: place.near })), doubtOf(report)),
    h("td", {}, report.shadows.map((each) => h("small", {}, `${policy(each)}: ${clockTime(each.due_at)}`)), !report.shadows.length && "—"));
}

const policy = (promise) => tOr(`policy.${promise.policy}`, promise.policy);

function verdictOf(report) {
  if (report.resolved) return h("span", { class: "mark" }, t(`resolved.${report.resolved}`));
  const kind = { kept: "fine", missed: "hazard" }[report.verdict] ?? "";
  return h("span", { class: `mark ${kind}` }, tOr(`verdict.${report.verdict}`, report.verdict));
}

function doubtOf(report) {
  const zoneSet = report.zone_set && h("small", {}, t("report.zone_set", { set: report.zone_set }));
  return [zoneSet, report.doubt && h("small", { class: "error" }, t(`doubt.${report.doubt}`, { m: Math.round(report.edge_m ?? 0) }))].filter(Boolean);
}

/* ---- trips ---- */

function waiting() {
  const wait = ticket.waiting_for;
  if (wait) return `${t("board.waits_for", { crew: names[wait.crew] ?? wait.crew })} · ${clockTime(wait.start_at)} · ${reasonsText(wait.codes)}`;
  if (isQueued(ticket)) return `${t("board.queued")}: ${reasonsText(ticket.nobody)}`;
  return ticket.nobody?.length ? `${t("board.nobody")}: ${reasonsText(ticket.nobody)}` : t("ticket.no_visits");
}

function visitBox(visit) {
  const times = [["expected", visit.eta_at], ...STEPS.map((step) => [step, visit[`${step}_at`]])];
  return h("div", { class: `visit${visit.over ? " over" : ""}` },
    h("div", { class: "visit-head" }, h("b", {}, visit.crew_name), h("span", { class: "muted" }, who(visit.by)),
      visit.pinned && h("span", { class: "mark" }, t("board.pinned")), visit.over && h("span", { class: "mark soon" }, tOr(`over.${visit.over}`, visit.over)),
      visit.evidence && h("span", { class: `mark ${visit.evidence === "D" ? "hazard" : ""}`, title: tOr(`evidence.${visit.evidence}`, "") }, t("evidence.label", { grade: visit.evidence }))),
    h("dl", { class: "times" }, times.map(([name, at]) => h("div", {}, h("dt", {}, t(`ticket.${name}`)), h("dd", {}, clockTime(at))))),
    visit.flags.length > 0 && h("p", { class: "note soon" }, flagsText(visit.flags)),
    whyVisit(visit, (crew) => names[crew] ?? crew));
}

const flagsText = (flags) => flags.map((flag) => tOr(`flag.${flag}`, flag)).join(" · ");
const who = (by) => tOr(`by.${by}`, names[by] ?? by);

/* ---- timeline ---- */

const LATE_RECORD_MS = 60000;

function line(event) {
  const { kind, body } = event;
  const sooner = body.sooner_s > 0 && t("event.sooner", { minutes: Math.round(body.sooner_s / 60) });
  const notes = [who(event.by), sooner, body.reason, body.note, body.score !== undefined && `${t("same.sure", { n: surety(body.score) })}: ${sameTexts(body.reasons)}`, body.flags?.length && h("span", { class: "odd" }, flagsText(body.flags)),
    Date.parse(event.recorded_at) - Date.parse(event.at) > LATE_RECORD_MS && t("event.recorded", { time: clockTime(event.recorded_at) })];
  return h("li", {}, h("time", { datetime: event.at, title: `${fullTime(event.at)} · #${event.seq}` }, clockTime(event.at)),
    h("div", {}, sentence(kind, body), h("small", {}, notes.filter(Boolean).flatMap((note, n) => (n ? [" · ", note] : [note])))));
}

/** A warning among the events: it changed nothing, but somebody was told. */
function warning(alert) {
  return h("li", { class: "warning" }, h("time", { datetime: alert.at, title: fullTime(alert.at) }, clockTime(alert.at)),
    h("div", {}, alertText(alert, ticket), h("small", {}, seenText(alert) || t("alert.unseen"))));
}

function sentence(kind, body) {
  const ending = body.code ? `_${body.code}` : kind === "assigned" && body.pinned ? "_pinned" : body.instead_of ? "_instead" : "";
  const words = wordsOf(body);
  return tOr(`event.${kind}${ending}`, tOr(`event.${kind}`, kind, words), words);
}

/** The blanks of an event's sentence, filled from its body. */
function wordsOf(body) {
  const report = typeof body.report === "object" ? body.report : { id: body.report };
  const promise = body.promise ?? {};
  const zone = promise.zone ?? body.zoned?.zone;
  const due = promise.due_at ?? body.due_at;
  return {
    report: report?.id ?? "", channel: tOr(`channel.${report?.channel}`, ""), fault: tOr(`fault.${report?.fault}`, ""),
    method: tOr(`method.${body.place?.method}`, body.place?.method ?? ""), zone: tOr(`zone.${zone}`, ""), minutes: promise.minutes ?? "",
    due: clockTime(due), eta: clockTime(body.eta_at), outage: body.outage ?? "", how: tOr(`resolved.${body.how}`, body.how ?? ""),
    into: body.into ?? "", instead: names[body.instead] ?? body.instead ?? body.instead_of ?? "", other: body.for ?? "", crew: names[body.crew] ?? body.crew ?? "", result: callbackText(body),
  };
}

function callbackText(body) {
  if (body.reached === false) return t("callback.unreached");
  const parts = [["power_back", "back", "dark"], ["satisfied", "satisfied", "unsatisfied"]]
    .filter(([name]) => typeof body[name] === "boolean").map(([name, yes, no]) => t(`callback.${body[name] ? yes : no}`));
  return parts.join(" · ") || t("detail.yes");
}

/* ---- map and nearby ---- */

function nearby() {
  if (!ticket.nearby?.length) return [];
  return [h("h2", {}, t("ticket.nearby")), h("ul", { class: "near" }, ticket.nearby.map((near) => nearItem(near, h("a", { href: `/ticket/${near.ticket}` }, near.ticket))))];
}

let shownAt = "";
function drawMap() {
  const { place } = ticket;
  if (!place) return map.setTickets([]);
  map.setTickets([{ id, lon: place.lon, lat: place.lat, urgency: urgency(ticket), assigned: Boolean(ticket.crew), selected: true }]);
  const at = `${place.lon},${place.lat}`;
  if (at !== shownAt) map.focus([place.lon, place.lat]);
  shownAt = at;
  return undefined;
}

async function start() {
  let seq = 0;
  try {
    const board = await api("/api/board"); // for the company's clock and the crews' names
    syncClock(board.now);
    seq = board.seq;
    names = Object.fromEntries(board.crews.map((crew) => [crew.id, crew.name]));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
  await load();
  everySecond(tick);
  let soon = 0;
  const reload = () => {
    clearTimeout(soon);
    soon = setTimeout(load, 300);
  };
  const mine = (told) => told.ticket === id && reload();
  listen(seq, { change: mine, alert: mine });
}

start();
