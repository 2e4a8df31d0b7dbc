// What the crew sees: who they are, the job in hand, its next step, the other jobs, and what has not been sent.

import { caseText, clockTime, countdown, duration, fullTime, h, ms, nowMs, role, spansText, t, tOr, urgency, whereOf } from "/static/app.js";
import { canLocate } from "/static/phone-place.js";
import { paired, store } from "/static/phone-link.js";
import * as queue from "/static/phone-queue.js";

const STEPS = ["accepted", "departed", "arrived", "restored", "closed"];
const root = document.getElementById("phone");
const link = document.getElementById("link");

/** The steps of a job that are done, by the desk's knowledge or this phone's own, with their times. */
export function doneSteps(job) {
  const own = queue.pending(job.id);
  const known = STEPS.map((step) => [step, job.visit?.[`${step}_at`] ?? own[step]]);
  return Object.fromEntries([...known, ["declined", own.declined]].filter(([, at]) => at));
}

/** The step that comes next, by the furthest one done; none after declining or closing. */
export function nextStep(job) {
  const done = doneSteps(job);
  if (done.declined) return null;
  const last = STEPS.findLastIndex((step) => done[step]);
  return STEPS[last + 1] ?? null;
}

const stateOf = (job) => STEPS[STEPS.indexOf(nextStep(job) ?? "accepted") - 1] ?? (nextStep(job) ? "assigned" : "closed");

/** The job in hand: the one chosen, else one under way, else the one due first. */
function inHand(state) {
  const open = state.jobs.filter(nextStep);
  const chosen = open.find((job) => job.id === state.focus);
  const byDue = [...open].sort((a, b) => (ms(a.due_at ?? "9999") || Infinity) - (ms(b.due_at ?? "9999") || Infinity));
  return chosen ?? byDue.find((job) => nextStep(job) !== "accepted") ?? byDue[0] ?? null;
}

/** Draw the whole page for `state`; `on` has press, decline, focus, dismiss, forget, goOut and comeBack. */
export function draw(state, on) {
  link.className = `connection ${state.link}`;
  link.textContent = t(`phone.link.${state.link}`);
  const job = state.jobs && inHand(state);
  root.replaceChildren(...[
    state.crew && who(state, on),
    store.lasting ? null : h("p", { class: "note late" }, t("phone.forgetful")),
    Math.abs(state.skewS) > 90 && h("p", { class: "note late" }, t("phone.clock_off", { time: duration(Math.abs(state.skewS)) })),
    ...(state.gone ?? []).map((gone) => notGoing(gone, on)),
    ...queue.refused().map((item) => refusal(item, on)),
    queue.waiting().length ? unsent() : null,
    ...(state.jobs ? jobs(state, job, on) : [nothing(state, on)]),
  ].filter(Boolean));
}

function who(state, on) {
  const { crew } = state;
  const shift = crew.shift ? t("phone.shift", { from: clockTime(crew.shift.from).slice(-5), until: clockTime(crew.shift.until).slice(-5).replace("00:00", "24:00") }) : "";
  const breaks = crew.breaks?.length ? t("phone.breaks", { spans: spansText(crew.breaks) }) : "";
  return h("header", { class: "who-am-i" },
    h("h1", {}, crew.name),
    crew.out_of_service ? outOfService(state, on) : null,
    crew.rests_until && h("p", { class: "rests num", role: "status", data: { until: crew.rests_until } }, t("phone.rests", { until: clockTime(crew.rests_until) })),
    h("p", { class: "muted" }, [shift, breaks, t("phone.updated")].filter(Boolean).join(" · "), " ", h("time", { id: "updated" })));
}

/** The crew is out of service: why, until when, what of its jobs, and the way back. */
function outOfService({ crew, jobs: all }, on) {
  const { by, at, reason, until } = crew.out_of_service;
  const left = (all ?? []).filter((job) => nextStep(job) && !doneSteps(job).arrived).map((job) => job.id);
  return h("section", { class: "note soon out", role: "status", data: { until: until ?? "" } },
    h("b", {}, t(until ? "phone.out.here" : "phone.out.here_open", { until: clockTime(until) })),
    h("p", {}, reason), h("p", { class: "muted" }, t("out.said_by", { by: tOr(`by.${by}`, by), time: clockTime(at) })),
    h("p", {}, t("phone.out.nothing")),
    left.length > 0 && h("p", {}, t("phone.out.desk_decides", { tickets: left.join(", ") })),
    h("button", { type: "button", class: "big", id: "come-back", onclick: on.comeBack }, t("phone.out.back")));
}

function nothing(state, on) {
  if (state.link === "opening") return h("p", { class: "muted" }, t("phone.loading"));
  if (state.link === "offline") return h("p", { class: "note soon" }, t("phone.offline_empty"));
  if (paired()) {
    const again = h("button", { type: "button", class: "big", onclick: on.forget }, t("phone.forget"));
    return h("section", { class: "panel stranger" }, h("p", {}, t("phone.token_refused")), again);
  }
  const why = state.link === "unknown" ? t("phone.sign_in_why") : t(role && role !== "crew" ? "phone.not_a_crew" : "phone.denied", { why: state.why });
  return h("section", { class: "panel stranger" }, h("p", {}, why),
    h("a", { class: "button big", href: "/signin?next=/phone" }, t("phone.sign_in")),
    h("button", { type: "button", class: "big", onclick: () => location.reload() }, t("act.retry")));
}

function jobs(state, job, on) {
  const others = state.jobs.filter((each) => each !== job);
  const out = state.crew.out_of_service;
  return [
    job ? card(job) : state.standBy ? standBy(state.standBy) : out ? null : h("p", { class: "none" }, t("phone.no_jobs")),
    others.length ? h("section", { class: "others" }, h("h2", {}, t("phone.other_jobs")), others.map((each) => other(each, on))) : null,
    out ? null : h("button", { type: "button", class: "big", id: "go-out", onclick: on.goOut }, t("phone.out.say")),
    job ? bar(job, on) : null,
  ];
}

/** Where to wait while there is no job, and what for. */
function standBy(place) {
  const at = place.near ? t("place.near", { name: place.near }) : t("standby.here");
  const point = `${place.lat},${place.lon}`;
  const way = APPLE ? `maps://?daddr=${point}` : `geo:${point}?q=${point}`;
  return h("article", { class: "panel job stand-by", role: "status" },
    h("p", { class: "address" }, t("phone.stand_by", { where: at })),
    place.gain > 0 && h("p", { class: "muted" }, t("phone.stand_by_why", { n: place.gain })),
    h("div", { class: "links" }, h("a", { class: "button big", href: way }, t("phone.stand_by_map"))),
    where(place));
}

function card(job) {
  const marks = [
    job.critical && h("span", { class: "mark critical" }, t("board.critical")),
    job.simulated && h("span", { class: "mark" }, t("board.simulated")),
  ];
  const count = job.customers > 1 ? t("board.customers", { n: job.customers }) : "";
  return h("article", { class: "panel job" },
    h("p", { class: "job-head" }, h("b", { class: "num" }, job.id), h("span", {}, t(`state.${stateOf(job)}`)), marks),
    job.hazard && h("p", { class: "hazard", role: "alert" }, h("b", {}, t("phone.danger")), " ", tOr(`phone.hazard.${job.fault}`, t("phone.hazard"))),
    job.visit.instead_of && !doneSteps(job).arrived && h("p", { class: "note late", role: "alert" }, t("phone.instead_of", { ticket: job.visit.instead_of })),
    nextStep(job) === "accepted" && acceptNote(job),
    clock(job),
    h("p", { class: "address" }, whereOf(job)),
    h("p", { class: "fault" }, [tOr(`fault.${job.fault}`, job.fault), count].filter(Boolean).join(" · ")),
    job.beside && h("p", { class: job.beside.crew ? "muted" : "note soon" }, besideText(job.beside)),
    job.note && h("p", { class: "job-note" }, job.note),
    h("div", { class: "links" }, route(job), phone(job)),
    job.place && where(job.place),
    steps(job));
}

/** Who else comes to this job, or that somebody is still to be sent. */
const besideText = (other) => (other.crew ? t("second.with_you", { crew: other.crew_name, step: t(`state.${other.step}`) }) : t("second.alone"));

/** What the desk waits for first: a job is only sure when its crew has said so. */
function acceptNote(job) {
  const late = job.accept_by && ms(job.accept_by) < nowMs();
  const by = job.accept_by && !late ? t("phone.accept_by", { time: clockTime(job.accept_by) }) : t("phone.please_accept");
  return h("p", { class: late ? "note late" : "note soon", role: "status", data: { accept: job.accept_by ?? "" } }, by);
}

/** Time left, big; after the arrival, when that was. */
function clock(job) {
  const arrived = doneSteps(job).arrived;
  const zone = job.zone ? t("phone.promise", { zone: tOr(`zone.${job.zone}`, job.zone), minutes: job.minutes }) : "";
  const due = job.due_at ? t("phone.due_at", { time: clockTime(job.due_at) }) : t("phone.no_due");
  const eta = !arrived && job.eta_at ? t("phone.eta", { time: clockTime(job.eta_at) }) : "";
  const big = arrived
    ? h("span", { class: "big-clock" }, t("phone.arrived_at", { time: clockTime(arrived) }))
    : h("span", { class: "big-clock num clock", data: { due: job.due_at ?? "", minutes: job.minutes ?? 0 } }, "—");
  return h("div", { class: `left ${urgencyOf(job)}` },
    h("span", { class: "shape" }), big, arrived ? null : h("span", { class: "urgency" }),
    h("p", { class: "muted" }, [due, zone, eta].filter(Boolean).join(" · ")));
}

const urgencyOf = (job) => urgency({ ...job, state: doneSteps(job).arrived ? "arrived" : "assigned" });

const APPLE = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

/** The phone's own navigation: `geo:` everywhere but on Apple's phones, which know only their own word for it. */
function route(job) {
  if (APPLE && job.place) return h("a", { class: "button big", href: `maps://?daddr=${job.place.lat},${job.place.lon}` }, t("phone.route"));
  const safe = /^(geo:|https?:|\/)/.test(job.route_url ?? "") ? job.route_url : "";
  return safe && h("a", { class: "button big", href: safe, target: safe.startsWith("geo:") ? null : "_blank", rel: "noopener" }, t("phone.route"));
}

/** Latitude and longitude to type or paste into any navigation. */
function where(place) {
  const text = `${place.lat.toFixed(6)}, ${place.lon.toFixed(6)}`;
  const shown = h("input", { class: "num", readonly: true, value: text, "aria-label": t("phone.coordinates"), onfocus: (event) => event.target.select() });
  const copy = async ({ currentTarget: button }) => {
    shown.select();
    if (navigator.clipboard) await navigator.clipboard.writeText(text).catch(() => {}); // http or not allowed: it is selected
    button.textContent = t("phone.copied");
  };
  return h("div", { class: "coordinates" }, shown, navigator.clipboard && h("button", { type: "button", class: "small", onclick: copy }, t("phone.copy")));
}

function phone(job) {
  const number = job.caller?.phone?.replace(/\s*转\s*/, ",").replace(/[^\d+,;]/g, "");
  return number && h("a", { class: "button big", href: `tel:${number}` }, h("span", {}, t("phone.call", { name: job.caller.name || "" }), " "), h("b", { class: "num" }, job.caller.phone));
}

function steps(job) {
  const done = doneSteps(job);
  const unsent = queue.pending(job.id);
  return h("ol", { class: "steps" }, STEPS.map((step) => h("li", { class: done[step] ? "was" : "" },
    h("span", {}, t(`phone.did.${step}`)), h("time", { class: "num" }, done[step] ? clockTime(done[step]) : ""),
    unsent[step] && !job.visit?.[`${step}_at`] ? h("span", { class: "mark soon" }, t("phone.unsent_mark")) : null)));
}

/** The buttons of the next step only, where the thumb is. */
function bar(job, on) {
  const step = nextStep(job);
  const finding = queue.items().some((item) => item.event.ticket === job.id && item.state === "fixing");
  return h("div", { class: "bar" },
    step === "arrived" && !canLocate() && h("p", { class: "muted" }, t("phone.http")),
    finding && h("p", { role: "status" }, t("phone.finding")),
    h("div", { class: "buttons" },
      step === "accepted" && h("button", { type: "button", class: "huge", onclick: () => on.decline(job) }, t("phone.step.declined")),
      h("button", { type: "button", class: "huge primary", id: "next", disabled: finding, onclick: () => on.press(job) }, t(`phone.step.${step}`))));
}

function other(job, on) {
  const over = !nextStep(job);
  const text = over ? t(doneSteps(job).declined ? "phone.did.declined" : "phone.did.closed") : t(`state.${stateOf(job)}`);
  const said = [h("b", { class: "num" }, job.id), " ", whereOf(job), h("small", {}, [text, job.due_at && t("phone.due_at", { time: clockTime(job.due_at) })].filter(Boolean).join(" · "))];
  return over ? h("p", { class: "other over" }, said) : h("button", { type: "button", class: "other", onclick: () => on.focus(job.id) }, said);
}

function unsent() {
  const list = queue.waiting();
  return h("section", { class: "note soon unsent", role: "status" },
    h("b", {}, t("phone.unsent", { n: list.length })),
    h("ul", {}, list.map(({ event }) => h("li", {}, `${clockTime(event.at)} ${event.ticket} ${t(`phone.did.${event.kind}`)}`))));
}

/** A job that is this crew's no more: why, until they have seen it. */
function notGoing({ about, code, reason, ticket }, on) {
  const how = code === "resolved" ? tOr(`resolved.${about}`, about) : about;
  const text = code === null ? t("phone.gone.done", { ticket }) : tOr(`phone.gone.${code}`, t("phone.gone.taken_back", { ticket }), { ticket, about: how });
  return h("section", { class: "note late refused", role: "alert" }, h("b", {}, text), reason && h("p", {}, reason),
    h("button", { type: "button", class: "big", onclick: () => on.understood(ticket) }, t("phone.dismiss")));
}

function refusal(item, on) {
  const { code, event, facts, reason } = item;
  return h("section", { class: "note late refused", role: "alert" },
    h("b", {}, t("phone.refused", { what: t(`phone.did.${event.kind}`), ticket: event.ticket, time: clockTime(event.at) })),
    h("p", {}, caseText(code, facts, reason || t("phone.refused_why"))),
    h("button", { type: "button", class: "big", onclick: () => on.dismiss(event.id) }, t("phone.dismiss")));
}

/** What changes by the second: the countdown and the age of what is shown. */
export function tick(state) {
  const clock = root.querySelector(".clock[data-due]");
  if (clock?.dataset.due) {
    const kind = urgency({ state: "assigned", due_at: clock.dataset.due, minutes: Number(clock.dataset.minutes) });
    clock.textContent = countdown((ms(clock.dataset.due) - nowMs()) / 1000);
    clock.closest(".left").className = `left ${kind}`;
    root.querySelector(".urgency").textContent = t(`urgency.${kind}`);
  }
  const accept = root.querySelector("[data-accept]");
  if (accept?.dataset.accept && accept.classList.contains("soon") && ms(accept.dataset.accept) < nowMs()) {
    accept.className = "note late";
    accept.textContent = t("phone.please_accept");
  }
  const rests = root.querySelector(".rests"); // without a network nobody else says that it is over
  if (rests && ms(rests.dataset.until) <= nowMs()) rests.remove();
  const out = root.querySelector(".out"); // as above
  if (out?.dataset.until && ms(out.dataset.until) <= nowMs()) out.remove();
  const age = root.querySelector("#updated");
  if (age && state.at) age.textContent = fullTime(state.at).slice(11);
}
