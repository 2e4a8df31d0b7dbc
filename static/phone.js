// The crew's phone: the job to do, its next step under the thumb, and what has not reached the desk yet.

import { act, everySecond, nowMs, syncClock, t, toast } from "/static/app.js";
import { ask, askOut, askReason } from "/static/phone-ask.js";
import * as gone from "/static/phone-gone.js";
import { call, isoHere, pair, unpair } from "/static/phone-link.js";
import { awayFrom, findFix, follow } from "/static/phone-place.js";
import * as queue from "/static/phone-queue.js";
import { doneSteps, draw, nextStep, tick } from "/static/phone-view.js";

const POLL_MS = 10000;
const FAR_M = 500; // farther than this from the pin, an arrival is asked again
const DOUBLE_TAP_MS = 1200;
const state = { crew: null, jobs: null, standBy: null, link: "opening", at: null, why: "", focus: "", skewS: 0, etag: "" };
let lastTap = -Infinity;
let asked = 0;
let drawn = "";

pair();
queue.settleAll(t("phone.no_fix.interrupted"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync());
window.addEventListener("online", () => sync());
window.addEventListener("offline", () => down({ status: 0 }));
window.addEventListener("storage", () => show());
window.addEventListener("hashchange", () => {
  pair();
  sync();
});
everySecond(() => tick(state));
sync();
setInterval(sync, POLL_MS);

/** Send what waits, then ask what there is to do; either may fail and is tried again in ten seconds. */
async function sync() {
  try {
    await queue.flush();
    await refresh();
  } catch (problem) {
    down(problem);
  }
  show();
  if (state.link === "live") await gone.explain().catch(later);
  show();
}

/** What could not be asked now is asked at the next round; the jobs are shown all the same. */
function later(problem) {
  if (problem.status === undefined) throw problem;
}

async function refresh() {
  const askedAt = Date.now();
  const turn = ++asked;
  const { status, data, etag } = await call("/api/phone/jobs", { etag: state.etag });
  if (turn !== asked) return; // a later question is under way; this answer may be older than what is shown
  if (status !== 304) {
    gone.note(data.jobs);
    const skewS = Math.round((Date.now() - Date.parse(data.now)) / 1000);
    Object.assign(state, { crew: data.crew, jobs: data.jobs, standBy: data.stand_by, skewS, etag });
    syncClock(data.now);
  }
  Object.assign(state, { link: "live", at: nowMs() });
  queue.forgetSent(askedAt);
  follow(Boolean(state.standBy) || state.jobs.some((job) => ["accepted", "departed", "arrived"].some((step) => doneSteps(job)[step])));
}

function down(problem) {
  if (problem.status === undefined) throw problem;
  Object.assign(state, { link: { 401: "unknown", 403: "denied" }[problem.status] ?? "offline", why: problem.message ?? "" });
  if (["unknown", "denied"].includes(state.link)) Object.assign(state, { jobs: null, standBy: null, etag: "" });
}

/** Draw anew only when something changed, so that no button moves under a thumb. */
function show() {
  const now = JSON.stringify([state.crew, state.jobs, state.standBy, state.link, state.focus, state.skewS > 90 || state.skewS < -90, queue.items(), gone.items()]);
  if (now === drawn) return;
  drawn = now;
  if (state.jobs) gone.had(state.jobs.filter(nextStep).map((job) => job.id));
  draw({ ...state, gone: gone.items() }, { press, decline, focus, dismiss, forget, understood, goOut, comeBack });
  tick(state);
}

function focus(ticket) {
  state.focus = ticket;
  show();
  window.scrollTo({ top: 0 });
}

function dismiss(id) {
  queue.dismiss(id);
  show();
}

function understood(ticket) {
  gone.understood(ticket);
  show();
}

function forget() {
  unpair();
  gone.forget();
  Object.assign(state, { crew: null, jobs: null, etag: "" });
  sync();
}

/** The crew cannot go: the desk must know at once, so this waits in no queue. */
async function goOut({ currentTarget: button }) {
  const said = await askOut();
  if (!said) return;
  const body = { reason: said.reason, ...(said.until ? { until: isoHere(said.until) } : {}) };
  await tell(button, true, () => call("/api/phone/out_of_service", { method: "POST", body }));
}

const comeBack = ({ currentTarget: button }) =>
  tell(button, false, () => call(`/api/phone/out_of_service/${encodeURIComponent(state.crew.out_of_service.id)}`, { method: "DELETE" }));

/** Tell the desk now, after the steps that wait; without an answer, unless the desk shows that it knows, say so. */
async function tell(button, out, send) {
  let lost = false;
  await act(button, async () => {
    await queue.flush().catch(later);
    await send().catch((problem) => {
      if (problem.status !== 0) throw problem;
      lost = true; // or only its answer was
    });
  });
  await sync();
  const known = state.link === "live" && Boolean(state.crew.out_of_service) === out;
  if (lost && !known) toast(t("phone.out.no_answer"), { kind: "error" });
}

/** The crew pressed the next step of a job. */
async function press(job) {
  if (performance.now() - lastTap < DOUBLE_TAP_MS) return;
  const kind = nextStep(job);
  if (!kind) return;
  const answer = await confirmed(job, kind);
  if (!answer) return;
  lastTap = performance.now();
  if (kind === "arrived") await arrive(job, answer.note);
  else queue.keep(job.id, kind, { note: answer.note });
  navigator.vibrate?.(40);
  show();
  await sync();
}

/** {note} when the crew means it, null otherwise. Steps that end something are asked for. */
async function confirmed(job, kind) {
  if (kind === "restored") return ask(t("phone.confirm.restored"), t("phone.step.restored"));
  if (kind === "closed") return ask(t("phone.confirm.closed"), t("phone.step.closed"), { withNote: true });
  const away = kind === "arrived" ? awayFrom(job.place) : null;
  if (away === null || away < FAR_M) return { note: "" };
  return ask(t("phone.confirm.far", { km: (away / 1000).toFixed(1) }), t("phone.step.arrived"));
}

/** Keep the arrival at once, with the moment of the press; the position follows, or why there is none. */
async function arrive(job, note) {
  const id = queue.keep(job.id, "arrived", { note, state: "fixing" });
  show();
  const { fix, why } = await findFix();
  queue.settle(id, { fix, note: fix ? "" : t(`phone.no_fix.${why}`) });
}

async function decline(job) {
  const note = await askReason();
  if (!note) return;
  queue.keep(job.id, "declined", { note });
  show();
  await sync();
}
