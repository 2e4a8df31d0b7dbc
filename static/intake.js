// Taking a report by phone: the form, its suggestions and pin, what became of it, and what to tell the caller.

import { act, api, clockTime, h, newKey, Problem, showProblem, t, toast } from "./app.js";
import { mergeReport, part, place as placeReport } from "./acts.js";
import { themedMap } from "./board-map.js";
import { nearItem } from "./same.js";
import { around } from "./around.js";
import { suggest } from "./suggest.js";

const $ = (id) => document.getElementById(id);
const form = $("report");
const DANGER = new Set(["wire_down", "fire_or_shock"]);
const SHAPES = { dispatchable: "fine", merged: "fine", planned_outage: "done", needs_place: "place" };

const map = themedMap($("map"));
const known = around($("around"));
/** `place` is the pin or chosen suggestion; `open` the report still to be placed, `pin` where; `sent` the last body and its key. */
const state = { place: null, open: null, pin: null, sent: null, account: "" };

/* ---- where ---- */

function setPlace(place, words) {
  state.place = place;
  known.at(place);
  $("place").textContent = place ? words : t("intake.place_none");
  $("place").parentElement.classList.toggle("set", Boolean(place));
  $("place-clear").hidden = !place;
  map.setPin(place && [place.lon, place.lat], { draggable: true, onMove: ([lon, lat]) => pinned(lon, lat) });
}

function pinned(lon, lat) {
  if (state.open) return pinOpen([lon, lat]);
  return setPlace({ lon, lat, precision_m: 30 }, t("intake.place_pin", { lon: lon.toFixed(5), lat: lat.toFixed(5) }));
}

map.onClick(({ lon, lat }) => pinned(lon, lat));
$("place-clear").addEventListener("click", () => setPlace(null));

/** A suggestion was chosen: a place of the map, or an account or caller that was found by a number. */
function choose(place, typed) {
  if (place.kind === "account") return chooseAccount(place.account_no, typed);
  if (place.kind === "caller" && !$("phone").value) $("phone").value = typed;
  $("address").value = place.label;
  const precise = { lon: place.lon, lat: place.lat, precision_m: place.precision_m };
  setPlace(precise, t("intake.place_chosen", { label: place.label }));
  return map.focus([place.lon, place.lat]);
}

function chooseAccount(number, typed) {
  if (typed !== number.slice(0, typed.length) && !$("phone").value) $("phone").value = typed;
  $("account").value = number;
  findAccount();
  $("address").focus();
}

for (const [field, least] of [["address", undefined], ["account", 4]]) {
  suggest($(field), { onChoose: choose, onLook: (place) => state.place || known.at(place), least });
}
$("address").addEventListener("input", () => state.place && setPlace(null));

async function findAccount() {
  const number = $("account").value.trim();
  if (number === state.account) return;
  state.account = number;
  $("account-hint").textContent = t("intake.account_hint");
  if (!number) return;
  try {
    const found = await api(`/api/accounts/${encodeURIComponent(number)}`);
    if (state.account !== number) return;
    if (found.account_no !== number) tidyAccount(found.account_no, number);
    $("account-hint").textContent = t("intake.account_found", { name: found.name, transformer: found.transformer });
    $("address").value = found.address;
    if (!$("caller").value) $("caller").value = found.name;
    if (!$("phone").value) $("phone").value = found.phone ?? "";
    if (!state.place) showAccountPlace(found);
    map.focus([found.lon, found.lat]);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("account-hint").textContent = problem.status === 404 ? t("intake.account_missing") : problem.message;
  }
}
$("account").addEventListener("change", findAccount);

/** What was typed as an account was its phone number: each goes where it belongs. */
function tidyAccount(account, phone) {
  $("account").value = account;
  state.account = account;
  if (!$("phone").value) $("phone").value = phone;
}

/** Shown, not sent: the account itself says where. */
function showAccountPlace({ lon, lat }) {
  known.at({ lon, lat, precision_m: 20 });
  map.setPin([lon, lat]);
  $("place").textContent = t("intake.place_account");
  $("place").parentElement.classList.add("set");
}

/* ---- sending ---- */

function bodyOf() {
  const said = new FormData(form);
  const text = (name) => String(said.get(name) ?? "").trim();
  const body = { channel: "phone", fault: text("fault"), customers: Math.trunc(Number(said.get("customers"))) || 1, critical: said.has("critical") };
  for (const name of ["account_no", "address", "note"]) if (text(name)) body[name] = text(name);
  const caller = { ...(text("name") && { name: text("name") }), ...(text("phone") && { phone: text("phone") }) };
  if (Object.keys(caller).length) body.caller = caller;
  if (state.place) body.place = state.place;
  return body;
}

function wrongWith(body) {
  if (!body.fault) return [t("intake.need_fault"), form.elements.fault[0]];
  if (!body.account_no && !body.address && !body.place) return [t("intake.need_where"), $("account")];
  return null;
}

/** The same key for the same words, so that a lost answer never makes two reports. */
function keyFor(body) {
  const text = JSON.stringify(body);
  if (state.sent?.text !== text) state.sent = { text, key: newKey() };
  return state.sent.key;
}

async function send() {
  const body = bodyOf();
  const wrong = wrongWith(body);
  $("wrong").hidden = !wrong;
  if (wrong) {
    $("wrong").textContent = wrong[0];
    return wrong[1].focus();
  }
  const answer = await act($("send"), () => api("/api/reports", { method: "POST", body, headers: { "Idempotency-Key": keyFor(body) } }));
  if (!answer) return undefined;
  state.sent = null;
  clearForm();
  return showOutcome(answer);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send().catch(showProblem);
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
});
$("faults").addEventListener("change", () => {
  $("danger").hidden = !DANGER.has(new FormData(form).get("fault"));
});

function clearForm() {
  form.reset();
  $("danger").hidden = true;
  $("account-hint").textContent = t("intake.account_hint");
  state.account = "";
  setPlace(null);
}

/* ---- what became of it ---- */

function showOutcome(answer) {
  state.open = answer.outcome === "needs_place" ? answer.report : null;
  const { place } = answer;
  map.setPin(place && [place.lon, place.lat]);
  if (place) map.focus([place.lon, place.lat]);
  $("outcome").replaceChildren(...[headOf(answer), sayOf(answer), doubtOf(answer), candidatesOf(answer), outageOf(answer), partOf(answer), nearbyOf(answer), nextButton()].filter(Boolean));
  $("outcome").scrollIntoView({ block: "nearest" });
  $("outcome").querySelector(state.open ? ".near button" : ".next")?.focus();
}

function headOf({ outcome, report, ticket }) {
  const links = h("span", { class: "ids num" }, t("intake.report", { id: report }), " · ", h("a", { href: `/#${ticket}` }, t("intake.ticket", { id: ticket })));
  return h("div", { class: `head ${SHAPES[outcome] ?? "fine"}` }, h("i", { class: "shape", "aria-hidden": "true" }), h("h2", {}, t(`intake.done.${outcome}`)), links);
}

const promised = (promise, zone) => t("intake.say.promise", { due: clockTime(promise.due_at), zone: t(`zone.${zone}`), minutes: promise.minutes });

function sayOf({ outcome, promise, zone, outage }) {
  let words = "";
  if (outcome === "needs_place") words = [t("intake.say.place"), promise && promised(promise, zone)].filter(Boolean).join(" ");
  else if (outage) words = t("intake.say.outage", { cause: outage.cause, until: clockTime(outage.to) });
  else if (promise) words = promised(promise, zone);
  return words && h("p", { class: "say num" }, h("small", {}, t("intake.say")), words);
}

/** What is doubtful about the zone, while the caller can still be asked. */
function doubtOf({ doubt, edge_m: edge }) {
  return doubt ? h("p", { class: "note soon", role: "status" }, t(`doubt.${doubt}`, { m: Math.round(edge ?? 0) })) : null;
}

function candidatesOf({ outcome, candidates, report }) {
  if (outcome !== "needs_place") return null;
  const list = candidates?.length ? h("ul", { class: "near" }, candidates.map((candidate) => candidateLine(candidate, report))) : h("p", { class: "note soon" }, t("intake.candidates_none"));
  return h("div", {}, h("h2", {}, t("intake.candidates")), list, h("div", { id: "pin-save" }));
}

function candidateLine(candidate, report) {
  const choose = (event) => settle(report, [candidate.lon, candidate.lat], event.currentTarget);
  return h("li", {}, h("button", { type: "button", class: "link", onclick: () => map.focus([candidate.lon, candidate.lat]) }, candidate.label),
    h("button", { type: "button", class: "small", onclick: choose }, t("intake.choose")));
}

/** While a report waits for its place, a pin on the map offers to settle it. */
function pinOpen(lonlat) {
  state.pin = lonlat;
  map.setPin(lonlat, { draggable: true, onMove: (to) => (state.pin = to) });
  const save = (event) => settle(state.open, state.pin, event.currentTarget);
  $("pin-save").replaceChildren(h("button", { type: "button", class: "primary", onclick: save }, t("intake.pin_save")));
}

async function settle(report, lonlat, button) {
  const answer = await placeReport(report, lonlat, button);
  if (answer) showOutcome(answer);
}

function outageOf({ outage }) {
  if (!outage) return null;
  return h("dl", { class: "facts num" }, h("dt", {}, t("intake.outage", { id: outage.id })), h("dd", {}, `${outage.cause} · ${clockTime(outage.from)} – ${clockTime(outage.to)}`));
}

function nearbyOf({ nearby, report, outcome }) {
  if (!nearby?.length || !["dispatchable", "needs_place"].includes(outcome)) return null;
  return h("div", {}, h("h2", {}, t("intake.nearby")), h("ul", { class: "near" }, nearby.map((near) => nearItem(near,
    h("a", { href: `/ticket/${near.ticket}`, target: "_blank", rel: "noopener" }, near.ticket),
    h("button", { type: "button", class: "small", onclick: (event) => merge(report, near.ticket, event.currentTarget) }, t("intake.merge", { ticket: near.ticket }))))));
}

async function merge(report, into, button) {
  const answer = await mergeReport(report, into, button);
  if (!answer) return;
  toast(t("detail.merged", { ticket: into }));
  showOutcome(answer); // the caller's own clock stays as it was promised
}

/** The way back from a merge, whoever made it. */
function partOf({ outcome, report }) {
  if (outcome !== "merged") return null;
  const undo = async (event) => {
    const answer = await part(report, event.currentTarget);
    if (answer) showOutcome(answer);
  };
  return h("div", { class: "actions" }, h("button", { type: "button", onclick: undo }, t("detail.part")));
}

function nextButton() {
  const next = () => {
    state.open = null;
    clearForm();
    $("outcome").replaceChildren(h("p", { class: "muted" }, t("intake.waiting")));
    form.elements.fault[0].focus();
  };
  return h("div", { class: "actions" }, h("button", { type: "button", class: "next", onclick: next }, t("intake.next")));
}

form.elements.fault[0].focus({ preventScroll: true });
