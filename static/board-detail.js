// Everything about the selected ticket beside the map, and what the desk can do to it.

import { api, clockTime, countdown, everySecond, h, mayAct, ms, nowMs, Problem, t, tOr, urgency, whereOf } from "./app.js";
import { assign, callbackForm, mergeInto, mergeLikely, part, resolve, takeBack } from "./acts.js";
import { isQueued, marksOf, timeText, wordOf } from "./board-list.js";
import { byHand, optionList, reasonsText, whyVisit } from "./reasons.js";
import { outNotes } from "./out-of-service.js";
import { secondLine } from "./second.js";
import { isLikely, nearItem } from "./same.js";
import { suggest } from "./suggest.js";

const STEPS = ["assigned", "accepted", "departed", "arrived", "restored", "closed"];
const RECALLABLE = new Set(["assigned", "accepted", "departed"]);
const OPEN_TO_CREWS = new Set(["waiting", "assigned", "accepted"]);
const OPTIONS_EVERY_MS = 5000;
const isOpen = (ticket) => OPEN_TO_CREWS.has(ticket.state) || (["departed", "arrived"].includes(ticket.state) && !ticket.second?.crew); // for one more

/** The panel; `on` has close(), changed(), show(), place(report), choosePlace(report, lonlat), select(id), crewName(id), outOf(crew id). */
export function createDetail(on) {
  const back = h("button", { type: "button", class: "quiet", onclick: on.close }, `‹ ${t("board.crews")}`);
  const full = h("a", { class: "button small" }, t("detail.full"));
  const head = h("header", {}, back, h("span", { class: "gap" }), full);
  const body = h("div", { class: "body", "aria-live": "off" });
  const optionsBox = h("div");
  const pin = h("input", { type: "checkbox", checked: true });
  const words = h("input", { name: "reason", maxlength: 500, autocomplete: "off", placeholder: t("detail.assign_why"), "aria-label": t("detail.assign_why") });
  const reasonsBox = h("details", { class: "reasons" });
  const beside = h("input", { type: "checkbox", onchange: () => Object.assign(state, { asked: -Infinity }) && loadOptions({ force: true }) });
  const state = { id: null, ticket: null, options: [], asked: -Infinity, callback: null, find: null, stale: false, put_off: false };

  async function show(id, { anew = false } = {}) {
    const fresh = id !== state.id;
    if (fresh) Object.assign(beside, { checked: false }) && Object.assign(words, { value: "" });
    if (fresh) Object.assign(state, { id, ticket: null, options: [], asked: -Infinity, callback: null, find: null });
    if (!id) return;
    full.href = `/ticket/${encodeURIComponent(id)}`;
    if (fresh) body.replaceChildren(h("p", { class: "empty" }, t("board.loading")));
    if (fresh) await new Promise((go) => setTimeout(go, 80)); // someone may be stepping through the list
    if (state.id !== id) return;
    try {
      const ticket = await api(`/api/tickets/${encodeURIComponent(id)}`);
      if (state.id !== id) return;
      const sent = !fresh && state.ticket?.crew !== ticket.crew;
      if (sent || anew) state.asked = -Infinity;
      state.ticket = ticket;
      beside.disabled = ticket.state === "arrived";
      beside.checked = Boolean(ticket.crew && !ticket.second?.crew && (beside.checked || ticket.state === "arrived"));
      if (fresh) body.scrollTop = 0;
      draw();
      await loadOptions({ force: sent });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (state.id === id) body.replaceChildren(h("p", { class: "empty" }, problem.status === 404 ? t("detail.missing") : problem.message));
    }
  }

  async function loadOptions({ force = false } = {}) {
    const { id, ticket } = state;
    if (!isOpen(ticket)) return;
    if (performance.now() - state.asked < OPTIONS_EVERY_MS && state.options.length) return;
    state.asked = performance.now();
    try {
      const options = await api(`/api/tickets/${encodeURIComponent(id)}/options${beside.checked ? "?second=true" : ""}`);
      if (state.id !== id) return;
      state.options = options;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      state.options = []; // it no longer waits: the next refresh says what it does
    }
    drawOptions({ force });
  }

  /** The ranks may change at any moment: never under the pointer or the focus of someone about to press. */
  function drawOptions({ force = false } = {}) {
    const inUse = optionsBox.matches(":hover") || optionsBox.contains(document.activeElement);
    if (inUse && !force && optionsBox.childElementCount) {
      state.stale = true;
      return;
    }
    state.stale = false;
    const onAssign = mayAct && ((option, button) => send(option, button));
    optionsBox.replaceChildren(optionList(state.options, { onAssign, current: state.ticket?.crew }));
  }
  optionsBox.addEventListener("pointerleave", () => state.stale && drawOptions());

  async function send(option, button) {
    const after = await assign(state.id, option, { pin: pin.checked, reason: words.value.trim(), second: beside.checked, button });
    if (after) words.value = "";
    await done(after);
  }

  async function done(after) {
    if (!after) return;
    Object.assign(state, { asked: -Infinity, callback: null, find: null });
    on.changed();
    await show(state.id);
    drawOptions({ force: true }); // they have pressed: what is under the pointer may change now
  }

  /** Written anew as a whole, but never under the hands of someone who is typing in it. */
  function draw() {
    const { ticket } = state;
    state.put_off = body.contains(document.activeElement) && document.activeElement.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (state.put_off) return;
    const focused = document.activeElement?.dataset?.key;
    body.replaceChildren(...[headOf(ticket), placeBlock(ticket), callbackBlock(), crewBlock(ticket), optionsBlock(ticket),
      reportsBlock(ticket), nearbyBlock(ticket)].filter(Boolean));
    if (focused && body.contains(document.activeElement) === false) body.querySelector(`[data-key="${focused}"]`)?.focus();
    tick(nowMs());
  }

  body.addEventListener("focusout", () => setTimeout(() => state.put_off && state.ticket && draw(), 200));

  function headOf(ticket) {
    const clock = h("span", { class: "clock" });
    return h("div", { class: "detail-head" },
      h("div", {}, h("h1", {}, whereOf(ticket)),
        h("p", { class: "muted num" }, [ticket.id, t(`fault.${ticket.fault}`), t(`state.${ticket.state}`)].join(" · "))),
      h("div", { class: "big", data: { big: "" } }, h("i", { class: "shape", "aria-hidden": "true" }), clock),
      h("div", { class: "marks" }, ...marksOf(ticket),
        ticket.customers > 1 && h("span", { class: "mark num" }, t("board.customers", { n: ticket.customers })),
        ...(ticket.needs ?? []).map((skill) => h("span", { class: "mark" }, t(`skill.${skill}`))),
        ticket.unit_name && h("span", { class: "mark" }, ticket.unit_name),
        ticket.simulated && h("span", { class: "mark" }, t("board.simulated"))));
  }

  function tick(now) {
    const { ticket } = state;
    const big = body.querySelector("[data-big]");
    if (!ticket || !big) return;
    const level = urgency(ticket, now);
    big.className = `big ${level}`;
    const word = wordOf(ticket, level, now);
    const text = timeText(ticket, level, now);
    const clock = big.lastChild;
    if (clock.dataset.text === word + text) return;
    clock.dataset.text = word + text;
    clock.replaceChildren(...(word ? [h("small", {}, word), " "] : []), text);
  }
  everySecond(tick);

  function placeBlock(ticket) {
    const { place } = ticket;
    const report = ticket.reports.find((each) => !each.place && !each.resolved) ?? ticket.reports.find((each) => !each.resolved);
    const button = mayAct && report && h("button", { type: "button", class: "small", data: { key: "place" }, onclick: () => on.place(report.id) }, t("detail.set_place"));
    if (mayAct && !place && report) state.find ??= findField(report);
    const show = place && h("button", { type: "button", class: "small quiet", data: { key: "show" }, onclick: on.show }, t("detail.show"));
    return h("section", { class: "block" }, h("h2", {}, t("detail.place"), h("span", { class: "gap" }), show, button),
      place ? placeFacts(ticket) : h("p", { class: "note soon" }, t("detail.no_place")),
      !place && state.find);
  }

  function findField(report) {
    const input = h("input", { value: report.address, "aria-label": t("detail.find_place"), placeholder: t("detail.find_place") });
    const box = h("div", { class: "suggest" }, input);
    const offered = suggest(input, { onChoose: (chosen) => on.choosePlace(report.id, [chosen.lon, chosen.lat]) });
    input.addEventListener("focus", () => input.value && offered.load());
    return box;
  }

  function callbackBlock() {
    if (state.ticket.state !== "closed" || !mayAct) return null;
    state.callback ??= callbackForm(state.id, () => done({}));
    return h("section", { class: "block" }, h("h2", {}, t("detail.callback_title")), state.callback);
  }

  function crewBlock(ticket) {
    const visit = ticket.assignment;
    const recall = (crew, key, word) => h("button", { type: "button", class: "small danger", data: { key }, onclick: async () => done(await takeBack(ticket.id, crew)) }, word);
    const back = visit && mayAct && RECALLABLE.has(ticket.state) && recall(visit.crew, "back", t("detail.take_back"));
    const other = ticket.second?.crew && mayAct && RECALLABLE.has(ticket.second.step) && recall(ticket.second.crew, "back-second", t("second.take_back"));
    return h("section", { class: "block" }, h("h2", {}, t("detail.crew"), back), visit ? visitFacts(visit) : waitText(ticket, on.crewName),
      outNotes(ticket, on.outOf), secondLine(ticket, on.crewName, other), reasonsOf(ticket));
  }

  /** Why each crew was sent that goes or went: folded, and left as the dispatcher left it. */
  function reasonsOf(ticket) {
    const trips = ticket.visits.filter((visit) => !visit.over);
    const crews = trips.map((visit) => visit.crew_name).join(" · ");
    reasonsBox.replaceChildren(h("summary", { data: { key: "why" } }, t("why.title", { crew: crews })),
      ...trips.map((visit) => whyVisit(visit, on.crewName, { title: trips.length > 1 })));
    return trips.length > 0 && reasonsBox;
  }

  function optionsBlock(ticket) {
    if (!isOpen(ticket)) return null;
    const lock = mayAct && h("label", { class: "check" }, pin, h("span", {}, t("detail.pin")));
    const more = mayAct && ticket.crew && !ticket.second?.crew && h("label", { class: "check" }, beside, h("span", {}, t("second.send")));
    return h("section", { class: "block" }, h("h2", {}, t("detail.options")), lock, more, mayAct && words, optionsBox);
  }

  function reportsBlock(ticket) {
    const title = `${t("detail.reports")}${ticket.reports.length > 1 ? ` (${ticket.reports.length})` : ""}`;
    return h("section", { class: "block" }, h("h2", {}, title), h("ul", { class: "reports" }, ticket.reports.map((report) => reportCard(report, ticket))));
  }

  function reportCard(report, ticket) {
    const open = mayAct && !report.resolved && !["closed", "archived"].includes(ticket.state);
    const parts = mayAct && ticket.reports.length > 1 && report.first_ticket !== ticket.id;
    return h("li", {},
      h("div", { class: "first" }, h("b", { class: "num" }, report.id), h("span", { class: "mark" }, t(`channel.${report.channel}`)),
        h("span", { class: "gap" }), h("span", { class: "mark" }, report.resolved ? t(`resolved.${report.resolved}`) : t(`verdict.${report.verdict}`))),
      reportFacts(report),
      (open || parts) && h("div", { class: "actions" },
        open && h("button", { type: "button", class: "small", data: { key: `resolve-${report.id}` }, onclick: async () => done(await resolve(report.id)) }, t("detail.resolve")),
        open && ticket.reports.length > 1 && h("button", { type: "button", class: "small", onclick: () => on.place(report.id) }, t("detail.set_place")),
        parts && h("button", { type: "button", class: "small", onclick: async (event) => done(await part(report.id, event.currentTarget)) }, t("detail.part"))));
  }

  function nearbyBlock(ticket) {
    if (!ticket.nearby?.length) return null;
    const mergeable = mayAct && (ticket.state === "waiting" || RECALLABLE.has(ticket.state)); // its crew is taken back, and sent again by an undo
    return h("section", { class: "block" }, h("h2", {}, t("detail.nearby")), h("ul", { class: "near" }, ticket.nearby.map((near) => nearItem(near,
      h("button", { type: "button", class: "link", onclick: () => on.select(near.ticket) }, near.ticket),
      mergeable && h("button", { type: "button", class: "small", onclick: (event) => merge(near, event.currentTarget) }, t("detail.merge", { ticket: near.ticket }))))));
  }

  async function merge(near, button) {
    const into = near.ticket;
    if (!(isLikely(near) ? await mergeLikely(state.ticket, into, button) : await mergeInto(state.ticket, into))) return;
    on.changed();
    on.select(into);
  }

  return {
    head, body, show,
    ticket: () => state.ticket,
    /** Assign the best crew that can go; the desk's `a` key. */
    assignBest: () => {
      const best = state.options.find((option) => !option.not_possible);
      if (best && mayAct && best.crew !== state.ticket?.crew) send(best, optionsBox.querySelector("button"));
    },
  };
}

function placeFacts(ticket) {
  const { place } = ticket;
  const zone = ticket.zone && `${t(`zone.${ticket.zone}`)} · ${t("time.min", { n: ticket.minutes })}`;
  const edge = ticket.reports.find((report) => report.doubt)?.edge_m;
  const known = [t(`method.${place.method}`), t("detail.precision", { m: Math.round(place.precision_m) }), t("detail.by", { by: place.by })];
  return [
    h("dl", { class: "facts num" },
      h("dt", {}, t("detail.promise")), h("dd", {}, zone ?? "—"),
      h("dt", {}, t("detail.due")), h("dd", {}, clockTime(ticket.due_at)),
      h("dt", {}, t("detail.place")), h("dd", { title: tOr(`tier.${place.tier}`, "") }, known.join(" · "))),
    ticket.doubt && h("p", { class: "note soon" }, t(`doubt.${ticket.doubt}`, { m: Math.round(edge ?? 0) })),
  ];
}

function visitFacts(visit) {
  const at = { assigned: visit.assigned_at, ...Object.fromEntries(STEPS.slice(1).map((step) => [step, visit[`${step}_at`]])) };
  const by = byHand(visit) ? t("detail.by_hand", { by: tOr(`by.${visit.by}`, visit.by) }) : t("detail.by_planner");
  return [
    h("p", {}, h("b", {}, visit.crew_name), " ", h("span", { class: "muted" }, by), " ", visit.pinned && h("span", { class: "mark" }, t("board.pinned")),
      visit.eta_at && !visit.arrived_at && etaOf(visit)),
    h("ol", { class: "steps num" }, STEPS.map((step) => h("li", { class: at[step] ? "past" : null }, t(`ticket.${step}`), h("time", {}, at[step] ? clockTime(at[step]) : "–")))),
    visit.flags?.length > 0 && h("p", { class: "note soon" }, visit.flags.map((flag) => tOr(`flag.${flag}`, flag)).join(" · ")),
  ];
}

/** When the crew is expected, marked once that has passed. */
function etaOf(visit) {
  const passed = ms(visit.eta_at) < nowMs();
  const text = t(passed ? "board.eta_passed" : "board.eta", { time: clockTime(visit.eta_at) });
  const unaccepted = passed && !visit.accepted_at && !visit.departed_at && ` · ${t("board.not_accepted")}`;
  return h("span", { class: passed ? "num error" : "num" }, ` · ${text}`, unaccepted);
}

function waitText(ticket, crewName) {
  if (isQueued(ticket)) return h("p", { class: "note" }, `${t("board.queued")}: ${reasonsText(ticket.nobody)}`);
  if (ticket.state === "needs_place") return h("p", { class: "muted" }, t("detail.unassigned"));
  const wait = ticket.waiting_for;
  if (wait) return h("p", {}, t("board.waits_for", { crew: crewName(wait.crew) }), h("span", { class: "muted num" }, ` · ${clockTime(wait.start_at)} · ${reasonsText(wait.codes)}`));
  if (ticket.nobody?.length) return h("p", { class: "note soon" }, `${t("board.nobody")}: ${reasonsText(ticket.nobody)}`);
  return h("p", { class: "muted" }, t("detail.unassigned"));
}

/** What is known of one report, as a list of facts. */
export function reportFacts(report) {
  const caller = report.caller && [report.caller.name, report.caller.phone && h("a", { href: `tel:${report.caller.phone}` }, report.caller.phone)];
  const due = report.promise && `${clockTime(report.promise.due_at)} (${t("time.min", { n: report.promise.minutes })})`;
  const late = report.promise && report.arrived_at && ms(report.promise.due_at) < ms(report.arrived_at);
  const rows = [
    [t("report.received"), clockTime(report.received_at)],
    [t("report.due"), due],
    [t("report.arrived"), report.arrived_at && h("span", { class: late ? "error" : "" }, `${clockTime(report.arrived_at)} · ${countdown(report.arrival_s)}`)],
    [t("report.caller"), caller && caller.filter(Boolean).flatMap((part, n) => (n ? [" ", part] : [part]))],
    [t("report.account"), report.account_no],
    [t("report.address"), report.address],
    [t("report.fault"), [t(`fault.${report.fault}`), report.customers > 1 && ` · ${t("board.customers", { n: report.customers })}`]],
    [t("report.note"), report.note],
    [t("intake.outage", { id: "" }), report.outage && `${report.outage.cause} · ${clockTime(report.outage.to)}`],
  ];
  return h("dl", { class: "facts num" }, rows.filter(([, value]) => value && String(value)).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
