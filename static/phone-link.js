// How the phone speaks to the desk: as a paired phone (token) or as the crew that signed in (cookie), and its memory.

import { Problem, newKey, t } from "/static/app.js";

const TIMEOUT_MS = 15000; // in a valley a request may hang for ever
const memory = new Map();

/** What this phone remembers; a browser that forbids it is remembered for this page only. */
export const store = {
  get(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`dispatch.${key}`)) ?? memory.get(key) ?? otherwise;
    } catch {
      return memory.get(key) ?? otherwise;
    }
  },
  set(key, value) {
    memory.set(key, value);
    try {
      localStorage.setItem(`dispatch.${key}`, JSON.stringify(value));
    } catch {
      store.lasting = false;
    }
  },
  lasting: true,
};

/** Take the token of `/phone#pair=TOKEN`, once, and wipe it from the address. */
export function pair() {
  const found = /^#pair=([\w.~-]{8,})$/.exec(location.hash);
  if (!found) return;
  store.set("token", found[1]);
  history.replaceState(null, "", location.pathname + location.search);
}

export const paired = () => Boolean(store.get("token", ""));

export const unpair = () => store.set("token", "");

/** The answer of a call as {status, data, etag}; throws Problem, with status 0 when the desk is out of reach. */
export async function call(path, { method = "GET", body, etag = "" } = {}) {
  const token = store.get("token", "");
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  else if (method !== "GET") headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]")?.content ?? "";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag) headers["If-None-Match"] = etag;
  const options = { method, headers, cache: "no-store", credentials: token ? "omit" : "same-origin" };
  if (body !== undefined) options.body = JSON.stringify(body);
  const { response, text } = await reach(path, options);
  if (response.status === 304) return { status: 304, data: null, etag };
  if (response.status === 204) return { status: 204, data: null, etag: "" };
  const data = parsed(text);
  if (!response.ok || data === null) throw new Problem(response.status, data ?? { detail: t("problem.unreadable") });
  return { status: response.status, data, etag: response.headers.get("ETag") ?? "" };
}

async function reach(path, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, { ...options, signal: stop.signal });
    return { response, text: await response.text() };
  } catch {
    throw new Problem(0, { detail: t("phone.unreachable"), type: "phone-unreachable" });
  } finally {
    clearTimeout(timer);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A moment (epoch ms) of this phone's clock, as ISO 8601 with its own offset. */
export function isoHere(at) {
  const offset = -new Date(at).getTimezoneOffset();
  const pad = (n) => String(Math.abs(n)).padStart(2, "0");
  const local = new Date(at + offset * 60000).toISOString().slice(0, 23);
  return `${local}${offset < 0 ? "-" : "+"}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`;
}

/** The next number of this phone's own count, which shows later what was sent before what. */
export function nextSeq() {
  const seq = store.get("seq", 0) + 1;
  store.set("seq", seq);
  return seq;
}

export { newKey };
