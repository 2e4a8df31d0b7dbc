// The board as this page knows it: all of it once, and then only what changed since.

import { conditional, ms } from "./app.js";

/** What a ticket is sorted and judged by, read once when it comes rather than at every look. */
function readTicket(ticket) {
  ticket.due_ms = ticket.due_at ? ms(ticket.due_at) : null;
  ticket.order_ms = ticket.due_ms ?? ms(ticket.opened_at);
}

const readAlert = (alert) => (alert.at_ms = ms(alert.at));
const numberOf = ({ id }) => Number(id.slice(1));
const unseenFirst = (a, b) => Boolean(a.acknowledged_at) - Boolean(b.acknowledged_at) || a.at_ms - b.at_ms || numberOf(a) - numberOf(b);

const READ = { tickets: readTicket, crews: () => {}, alerts: readAlert };

/** A getter of the board with everything that is open; it answers null while nothing has changed. */
export function createKnown() {
  const lines = { tickets: new Map(), crews: new Map(), alerts: new Map() };
  let tag = "";
  const get = conditional("/api/board");

  function keep(sent, kind) {
    if (!sent.since) lines[kind].clear();
    for (const id of sent.gone[kind]) lines[kind].delete(id);
    for (const line of sent[kind]) {
      READ[kind](line);
      lines[kind].set(line.id, line);
    }
    return [...lines[kind].values()];
  }

  return async () => {
    const sent = await get(tag && `?since=${encodeURIComponent(tag)}`);
    if (!sent) return null;
    const known = Object.fromEntries(Object.keys(lines).map((kind) => [kind, keep(sent, kind)]));
    tag = sent.tag;
    known.alerts.sort(unseenFirst);
    return { ...sent, ...known };
  };
}
