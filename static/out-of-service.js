// Crews that cannot go though their shift says so: why and until when, saying it at the desk, and ending it.

import { ask, field } from "./acts.js";
import { act, api, clockTime, h, nowMs, t, toast, tOr } from "./app.js";

const HOURS = [1, 2, 4, 8, 12, 24];
const HOUR_MS = 3600000;
const WHYS = ["van", "ill", "called_away"];
const NOT_BEGUN = ["assigned", "accepted", "departed"];
const LONGEST = 200;

const path = (crew) => `/api/crews/${encodeURIComponent(crew.id)}/out_of_service`;

/** Why a crew is out of service and until when, in one sentence that begins as `key` says. */
const outText = ({ reason, until }, key = "out.here") =>
  t(until ? key : `${key}_open`, { reason, until: clockTime(until) });

/** What a crew's line on the board says of it. */
export function outLine(crew) {
  const said = crew.out_of_service;
  const by = t("out.said_by", { by: tOr(`by.${said.by}`, said.by), time: clockTime(said.at) });
  return [outText(said), h("small", {}, by)];
}

/** What a ticket's panel says when one who was sent and is not there yet cannot go: the desk decides what becomes of it. */
export function outNotes({ assignment: lead, second }, outOf) {
  const onTheWay = [lead && !lead.arrived_at && !lead.restored_at && !lead.closed_at && lead, NOT_BEGUN.includes(second?.step) && second];
  return onTheWay.filter((each) => each && outOf(each.crew)).map((each) => h("p", { class: "note late" }, `${each.crew_name} · ${outText(outOf(each.crew))}`));
}

function button(crew, changed, { look, run, text = "", says }) {
  const press = async (event) => (await run(crew, event.currentTarget)) && changed();
  const name = t(says, { crew: crew.name });
  return h("button", { type: "button", class: look, data: { key: says }, "aria-label": name, title: text ? null : name, onclick: press }, text);
}

/** The small button beside a crew's name that puts it out of service; `changed()` after an act. */
export const outButton = (crew, changed) => button(crew, changed, { look: "small quiet go-out", run: putOut, says: "out.say_of" });

/** Back in service, or another reason or time. */
export const backButtons = (crew, changed) => [
  button(crew, changed, { look: "small", run: putBack, text: t("out.back"), says: "out.back_of" }),
  button(crew, changed, { look: "small quiet", run: putOut, text: t("out.change"), says: "out.change_of" }),
];

async function putBack(crew, button) {
  const done = await act(button, () => api(`${path(crew)}/${encodeURIComponent(crew.out_of_service.id)}`, { method: "DELETE" }));
  if (done) toast(t("out.back_done", { crew: crew.name }));
  return done;
}

async function putOut(crew, button) {
  const said = crew.out_of_service;
  const form = await ask(`${crew.name} · ${t("crew_state.out_of_service")}`, questions(crew, said), t("crew_state.out_of_service"));
  if (!form) return null;
  const body = {
    reason: form.reason.trim(), release: form.keep === undefined || form.release !== undefined,
    replaces: said?.id ?? "", ...untilOf(form.until, said),
  };
  const done = await act(button, () => api(path(crew), { method: "POST", body }));
  if (done) toast(t("out.done", { crew: crew.name }));
  return done ?? {}; // refused: somebody was faster, and the board shows what they said
}

/** Hours count from the moment the word is sent; a time that was said before stays to the millisecond. */
function untilOf(chosen, said) {
  if (chosen === "said") return { until: said.until };
  return chosen ? { until: new Date(nowMs() + Number(chosen) * HOUR_MS).toISOString() } : {};
}

function questions(crew, said) {
  const reason = h("input", { name: "reason", required: true, maxlength: LONGEST, autocomplete: "off", list: "out-whys", value: said?.reason ?? "" });
  const known = h("datalist", { id: "out-whys" }, WHYS.map((why) => h("option", { value: t(`out.why.${why}`) })));
  const until = h("select", { name: "until" }, untilChoices(said));
  return [h("p", { class: "muted" }, t("out.what")),
    field(t("out.reason"), reason), known, h("small", { class: "muted" }, t("out.no_names")),
    field(t("out.until"), until), ...whatItWasTold(crew, said)];
}

/** Until it is ended, or so many hours from now; first what was said already. */
export function untilChoices(said = null) {
  return [
    said?.until && h("option", { value: "said" }, t("out.until_as_said", { time: clockTime(said.until) })),
    h("option", { value: "" }, t("out.until_ended")),
    ...HOURS.map((n) => h("option", { value: n }, t("out.for_hours", { n, time: clockTime(nowMs() + n * HOUR_MS) }))),
  ].filter(Boolean);
}

/** What a person at the desk left with the crew is left again unless they say otherwise. */
function whatItWasTold(crew, said) {
  const begun = crew.ticket && !NOT_BEGUN.includes(crew.step);
  const left = [...(begun || !crew.ticket ? [] : [crew.ticket]), ...(crew.next ?? [])];
  return [
    begun && h("p", { class: "muted" }, t("out.works_on", { ticket: crew.ticket })),
    left.length > 0 && h("input", { type: "hidden", name: "keep", value: "asked" }),
    left.length > 0 && h("label", { class: "check" }, h("input", { type: "checkbox", name: "release", checked: !said || said.by_crew }),
      h("span", {}, t("out.release", { tickets: left.join(", ") }))),
  ].filter(Boolean);
}
