// What every page shares: texts, calls to the API, the company's clock, countdowns, messages, live events, keys.

const catalogue = JSON.parse(document.getElementById("texts")?.textContent || "{}");
export const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
export const role = document.body.dataset.role || "";
export const mayAct = role === "dispatcher" || role === "supervisor";

/** The text of `key` with `{name}` filled from `vars`; the key itself when nobody has written it. */
export function t(key, vars = {}) {
  const text = catalogue[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (vars[name] === undefined ? whole : String(vars[name])));
}

export const hasText = (key) => key in catalogue;

/** The text of `key`, or `otherwise` when there is none: for codes that may be newer than this page. */
export const tOr = (key, otherwise, vars) => (hasText(key) ? t(key, vars) : otherwise);

/** An element: props beginning with `on` are listeners, `data` and `aria` are maps, false and null are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "aria") for (const [k, v] of Object.entries(value)) element.setAttribute(`aria-${k}`, v);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/* ---- calls ---- */

const WORDS = { state: "state", how: "resolved", why: "reason", by: "by" };

/** What a refusal speaks of: states and reasons in this page's words, names as they are. */
const inWords = (facts) => Object.fromEntries(Object.entries(facts ?? {}).map(([name, said]) => [name, tOr(`${WORDS[name]}.${said}`, said)]));

/** The sentence of a refusal's code in this page's language, or `otherwise`. */
export const caseText = (code, facts, otherwise) => tOr(`problem.${code}`, otherwise, inWords(facts));

/** What the server refused, in words a dispatcher can act on. */
export class Problem extends Error {
  constructor(status, body = {}) {
    const code = String(body.type ?? "").split(/[/#:]/).pop() || String(status);
    const detail = body.detail || body.title || "";
    const general = tOr(`problem.${code}`, tOr(`problem.${status}`, ""));
    const known = caseText(body.code, body.facts, general);
    super(lang === "zh" && known ? known : detail || known || t("problem.unknown", { status }));
    const whole = this.message === detail || hasText(`problem.${body.code}`); // nothing is left to add in English
    Object.assign(this, { status, code, case: body.code ?? "", facts: body.facts ?? {}, detail: whole ? "" : detail, errors: body.code ? [] : body.errors ?? [] });
  }
}

/** Parsed JSON of a call (null without a body); throws Problem, with status 0 when the server is out of reach. */
export async function api(path, { method = "GET", body, headers = {} } = {}) {
  const response = await send(path, { method, body, headers });
  return parsed(response);
}

async function send(path, { method, body, headers }) {
  const all = { Accept: "application/json", ...headers };
  if (method !== "GET") all["X-CSRF-Token"] = document.querySelector("meta[name=csrf]")?.content ?? "";
  if (body !== undefined) all["Content-Type"] = "application/json";
  const options = { method, headers: all, cache: "no-store", credentials: "same-origin" };
  if (body !== undefined) options.body = JSON.stringify(body);
  try {
    return await fetch(path, options);
  } catch {
    throw new Problem(0, { detail: t("problem.offline"), type: "offline" });
  }
}

async function parsed(response) {
  const text = response.status === 204 ? "" : await response.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok) throw new Problem(response.status, { detail: t("problem.unreadable") });
  }
  if (response.status === 401) signInAgain();
  if (!response.ok) throw new Problem(response.status, data ?? {});
  return data;
}

function signInAgain() {
  location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** A getter of `path` that answers null while the server says it has not changed; `forget()` asks anew. */
export function conditional(path) {
  let etag = "";
  const get = async (query = "") => {
    const response = await send(path + query, { method: "GET", headers: etag ? { "If-None-Match": etag } : {} });
    if (response.status === 304) return null;
    const data = await parsed(response);
    etag = response.headers.get("ETag") ?? "";
    return data;
  };
  get.forget = () => (etag = "");
  return get;
}

/** A new key for one submission; crypto.randomUUID does not exist on plain http. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/* ---- the company's clock: the server's time and offset, not this machine's ---- */

const clock = { server: Date.now(), mark: performance.now(), offsetMin: -new Date().getTimezoneOffset() };

/** Set the clock by a server time (ISO 8601 with offset). */
export function syncClock(iso) {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return;
  Object.assign(clock, { server: at, mark: performance.now(), offsetMin: offsetOf(iso) });
}

export const nowMs = () => clock.server + performance.now() - clock.mark;

export const ms = (value) => (typeof value === "number" ? value : Date.parse(value));

function offsetOf(iso) {
  const found = /([+-])(\d\d):?(\d\d)$/.exec(iso);
  return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
}

/** Local time of the company as ISO text: a server time brings its own offset, a number takes the clock's. */
const wall = (value, offsetMin) => new Date(ms(value) + offsetMin * 60000).toISOString();
const offsetFor = (value) => (typeof value === "string" ? offsetOf(value) : clock.offsetMin);
const pad = (number) => String(Math.floor(number)).padStart(2, "0");

/** `10:42` in company time; with the day (`11-23 10:42`) when it is not today; `—` for nothing. */
export function clockTime(value, { seconds = false } = {}) {
  if (value === null || value === undefined) return "—";
  const offset = offsetFor(value);
  const text = wall(value, offset);
  const hours = text.slice(11, seconds ? 19 : 16);
  return text.slice(0, 10) === wall(nowMs(), offset).slice(0, 10) ? hours : `${text.slice(5, 10)} ${hours}`;
}

/** `12:00–12:30, 18:00–18:30` in company time, each end as `clockTime` writes it; no line ends within one. */
export const spansText = (spans) => spans.map(({ from, until }) => `${clockTime(from)}\u2060–\u2060${clockTime(until)}`).join(lang === "zh" ? "、" : ", ");

/** `2026-11-23 10:42:07` in company time. */
export const fullTime = (value) => (value ? wall(value, offsetFor(value)).slice(0, 19).replace("T", " ") : "—");

/** Seconds as a clock with sign: `12:05`, `−03:21`, `1:59:30`, beyond a day `−2 d 05 h`. */
export function countdown(seconds) {
  const late = seconds < 0;
  const s = late ? Math.ceil(-seconds) : Math.floor(seconds);
  return (late ? "−" : "") + clockFace(s);
}

function clockFace(s) {
  if (s >= 86400) return t("time.days", { days: Math.floor(s / 86400), hours: pad((s % 86400) / 3600) });
  if (s >= 6000) return `${Math.floor(s / 3600)}:${pad((s % 3600) / 60)}:${pad(s % 60)}`;
  return `${pad(s / 60)}:${pad(s % 60)}`;
}

/** Seconds in words: `40 s`, `12 min`, `2 h 05 min`. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "—";
  if (seconds < 60) return t("time.s", { n: Math.round(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return t("time.min", { n: minutes });
  return t("time.h_min", { h: Math.floor(minutes / 60), min: pad(minutes % 60) });
}

/** Metres in words: `80 m`, `1.4 km`. */
/** Where a ticket is, in words: what the caller said, else the street or place its pin lies by. */
export function whereOf({ address, place }) {
  return address || (place?.near ? t("place.near", { name: place.near }) : t("board.no_address"));
}

export const distance = (m) => (m < 1000 ? `${Math.round(m)} m` : `${(m / 1000).toFixed(1)} km`);

/** late | soon (less than a quarter left) | fine | done (a crew is there) | place (nobody knows where). */
export function urgency(ticket, now = nowMs()) {
  if (ticket.state === "needs_place") return "place";
  if (["arrived", "restored", "closed", "archived", "no_trip", "merged"].includes(ticket.state)) return "done";
  if (!ticket.due_at) return "fine";
  const left = (ticket.due_ms ?? ms(ticket.due_at)) - now;
  if (left < 0) return "late";
  return left < (ticket.minutes ?? 0) * 60000 * 0.25 ? "soon" : "fine";
}

/** Call `run(now)` at once and then at every full second of the company's clock. */
export function everySecond(run) {
  const beat = () => {
    run(nowMs());
    setTimeout(beat, 1000 - (nowMs() % 1000) + 5);
  };
  beat();
}

/* ---- messages ---- */

/** A short message; errors stay until closed. `action` is {label, run}. */
export function toast(text, { kind = "ok", detail = "", action = null, stay = kind === "error" } = {}) {
  const box = document.getElementById("toasts");
  const close = () => item.remove();
  const act = () => {
    close();
    action.run();
  };
  const item = h("div", { class: `toast ${kind}` },
    h("p", {}, text, detail && h("small", {}, detail)),
    action && h("button", { type: "button", onclick: act }, action.label),
    h("button", { type: "button", class: "quiet close", "aria-label": t("act.close"), onclick: close }, "×"));
  box.append(item);
  while (box.children.length > 4) box.firstChild.remove();
  if (!stay) setTimeout(close, action ? 9000 : 5000);
  return item;
}

/** Show what went wrong; anything that is not a Problem is ours and is thrown on. */
export function showProblem(problem) {
  if (!(problem instanceof Problem)) throw problem;
  const fields = problem.errors.map((each) => `${tOr(`field.${each.field}`, each.field)}: ${each.message}`);
  toast(problem.message, { kind: "error", detail: [problem.detail, ...fields].filter(Boolean).join(" · ") });
}

/** Run an act of the desk once at a time from a button; answers what it answered, null when it was refused. */
export async function act(button, run) {
  if (button?.getAttribute("aria-busy") === "true") return null;
  button?.setAttribute("aria-busy", "true");
  try {
    return (await run()) ?? {};
  } catch (problem) {
    showProblem(problem);
    return null;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/* ---- live events ---- */

/** Listen to the desk from `after` on; `on` has change, position, plan, alert and state ("live" | "reconnecting"). */
export function listen(after, on) {
  let last = after;
  let wait = 1000;
  const open = () => {
    const source = new EventSource(`/api/events?after=${last}`);
    source.onopen = () => {
      wait = 1000;
      on.state?.("live");
    };
    source.onerror = () => {
      on.state?.("reconnecting");
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(open, wait); // the browser gives up after an HTTP error; we do not
      wait = Math.min(wait * 2, 15000);
    };
    source.addEventListener("change", (event) => {
      last = Number(event.lastEventId) || last;
      on.change?.(JSON.parse(event.data));
    });
    for (const kind of ["position", "plan", "alert"]) source.addEventListener(kind, (e) => on[kind]?.(JSON.parse(e.data)));
  };
  open();
}

/* ---- keys ---- */

/** Keys of a page, `{j: fn, "?": fn}`; silent while someone types, composes, or a dialog is open. */
export function onKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const run = keys[event.key];
    if (run && run(event) !== false) event.preventDefault();
  });
}
