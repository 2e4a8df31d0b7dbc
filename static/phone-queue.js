// The steps a crew pressed, kept on the phone until the desk has answered each one; nothing is deleted silently.
//
// An item is {event, state, reason, code?, facts?}: fixing (a position is being found), waiting (to be sent), sent (stored by the
// desk, kept until the next list of jobs shows it), refused (shown until the crew dismisses it).

import { call, isoHere, newKey, nextSeq, store } from "/static/phone-link.js";

const KEEP = [401, 403, 408, 425, 429]; // says nothing about the step itself: sign in, wait, try again
const BATCH = 50;
let sending = null;

export const items = () => store.get("queue", []);

const save = (list) => store.set("queue", list);

const change = (id, fields) => save(items().map((item) => (item.event.id === id ? { ...item, ...fields } : item)));

export const waiting = () => items().filter((item) => item.state === "waiting" || item.state === "fixing");

export const refused = () => items().filter((item) => item.state === "refused");

export const dismiss = (id) => save(items().filter((item) => item.event.id !== id));

/** The steps of `ticket` that this phone knows of and the desk may not show yet, by kind. */
export function pending(ticket) {
  const mine = items().filter((item) => item.event.ticket === ticket && item.state !== "refused");
  return Object.fromEntries(mine.map((item) => [item.event.kind, item.event.at]));
}

/** Keep one step of the crew, stamped now; `state` is fixing while its position is still being found. */
export function keep(ticket, kind, { note = "", state = "waiting" } = {}) {
  const event = { id: newKey(), ticket, kind, at: isoHere(Date.now()), seq: nextSeq() };
  if (note) event.note = note;
  save([...items(), { event, state, reason: "" }]);
  return event.id;
}

/** The position of a kept step, or a note of why there is none; it can be sent from now on. */
export function settle(id, { fix = null, note = "" }) {
  const item = items().find((each) => each.event.id === id);
  if (!item || item.state !== "fixing") return;
  const event = { ...item.event };
  if (fix) event.fix = fix;
  else event.note = [event.note, note].filter(Boolean).join("; ");
  change(id, { event, state: "waiting" });
}

/** After a restart nobody is finding positions any more. */
export function settleAll(note) {
  for (const item of items()) if (item.state === "fixing") settle(item.event.id, { note });
}

/** Forget sent steps once a list of jobs that was asked for after sending has arrived. */
export function forgetSent(askedAt) {
  const list = items();
  const left = list.filter((item) => item.state !== "sent" || item.sentAt > askedAt);
  if (left.length !== list.length) save(left);
}

/** Send what waits, oldest first, one delivery at a time; throws Problem when the desk cannot be reached or asks. */
export function flush() {
  sending ??= deliver().finally(() => {
    sending = null;
  });
  return sending;
}

async function deliver() {
  const batch = items().filter((item) => item.state === "waiting").slice(0, BATCH);
  if (!batch.length) return;
  try {
    await post(batch);
  } catch (problem) {
    if (!aboutContent(problem)) throw problem;
    for (const item of batch) await alone(item); // one bad step must not hold up the others
  }
}

const aboutContent = (problem) => problem.status >= 400 && problem.status < 500 && !KEEP.includes(problem.status);

async function alone(item) {
  try {
    await post([item]);
  } catch (problem) {
    if (!aboutContent(problem)) throw problem;
    const fields = (problem.errors ?? []).map((each) => `${each.field}: ${each.message}`);
    change(item.event.id, { state: "refused", reason: [problem.message, problem.detail, ...fields].filter(Boolean).join(" · ") });
  }
}

async function post(batch) {
  const { data } = await call("/api/phone/events", { method: "POST", body: batch.map((item) => item.event) });
  for (const { id, result, reason, code, facts } of data) {
    if (result === "refused") change(id, { state: "refused", reason: reason ?? "", code, facts });
    else change(id, { state: "sent", sentAt: Date.now() });
  }
}
