// Which tickets are open, by time left: only the rows about what is in sight are there, changed in place.

import { clockTime, countdown, h, ms, nowMs, t, tOr, urgency, whereOf } from "./app.js";
import { secondWords } from "./second.js";

const QUEUED = ["outranked", "better_soon"];
const GROUPS = ["place", "open", "closed"];
const FILTERS = {
  all: () => true,
  nocrew: (ticket) => ticket.state === "waiting",
  late: (ticket, now) => urgency(ticket, now) === "late",
  hazard: (ticket) => ticket.hazard || ticket.critical,
};

/** Where a ticket stands on the list: needs_place on top, then by due time, callbacks last. */
const groupOf = (ticket) => ({ needs_place: "place", closed: "closed" })[ticket.state] ?? "open";

const BEYOND = 60; // rows drawn above and below those in sight, so that a short list is drawn whole
const STEP = 20; // and drawn anew when so many rows have gone by

/** The list in `root`; `onSelect(id)` when a row is chosen. Of thousands of tickets only those about the sight are drawn. */
export function createList(root, { onSelect }) {
  const rows = new Map(); // those drawn, by ticket
  const view = { filter: "all", unit: "", text: "", selected: null, shown: [], tickets: [], known: new Set(), drawn: "" };
  const groups = GROUPS.map(makeGroup);
  const empty = h("p", { class: "empty" });
  const clear = h("button", { type: "button" }, t("board.clear_filter"));
  const emptyBox = h("div", { class: "empty", hidden: true }, empty, clear);
  root.replaceChildren(...groups.map((group) => group.box), emptyBox);
  root.addEventListener("scroll", () => draw(), { passive: true });
  new ResizeObserver(() => draw()).observe(root);
  root.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) onSelect(row.dataset.id);
  });

  function update(tickets) {
    const fresh = view.known.size ? tickets.filter((ticket) => !view.known.has(ticket.id)) : [];
    Object.assign(view, { tickets, known: new Set(tickets.map((ticket) => ticket.id)) });
    arrange();
    for (const { id } of fresh) rows.get(id)?.element.classList.add("fresh");
    return fresh;
  }

  function arrange() {
    const now = nowMs();
    const wanted = view.tickets.filter((ticket) => matches(ticket, view, now)).sort(byTimeLeft);
    for (const group of groups) {
      group.tickets = wanted.filter((ticket) => groupOf(ticket) === group.name);
      group.count.textContent = group.tickets.length;
      group.box.hidden = !group.tickets.length;
    }
    view.shown = groups.flatMap((group) => group.tickets.map((ticket) => ticket.id));
    emptyBox.hidden = wanted.length > 0;
    empty.textContent = t(view.tickets.length ? "board.empty_filter" : "board.empty");
    clear.hidden = !view.tickets.length;
    draw(true);
  }

  /** Draw the rows about what is in sight; without `anew` only when that has moved on. */
  function draw(anew = false) {
    const high = parseFloat(getComputedStyle(root).getPropertyValue("--row"));
    const spans = groups.map((group) => inSight(group, high));
    const drawn = JSON.stringify([high, spans]);
    if (!anew && drawn === view.drawn) return;
    view.drawn = drawn;
    const before = new Set(rows.keys());
    let number = 0;
    groups.forEach((group, n) => {
      const [first, last] = spans[n];
      group.body.style.height = `${group.tickets.length * high}px`;
      group.body.style.paddingTop = `${first * high}px`;
      fill(group.body, group.tickets.slice(first, last), number + first, before);
      number += group.tickets.length;
    });
    for (const id of before) rows.delete(id);
    if (rows.has(view.selected)) root.setAttribute("aria-activedescendant", rows.get(view.selected).element.id);
    else root.removeAttribute("aria-activedescendant");
  }

  /** [first, last) of a group's tickets that are drawn. */
  function inSight({ body, tickets }, high) {
    const above = root.scrollTop - (body.offsetTop - root.offsetTop);
    const at = (pixels, rounded) => Math.min(Math.max(rounded(pixels / high / STEP) * STEP, 0), tickets.length);
    return [at(above - BEYOND * high, Math.floor), at(above + root.clientHeight + BEYOND * high, Math.ceil)];
  }

  /** Put the rows of `tickets` into `body`, in their order; `before` loses those that stay. */
  function fill(body, tickets, number, before) {
    let next = body.firstChild;
    tickets.forEach((ticket, n) => {
      const { element } = rowOf(ticket, number + n);
      before.delete(ticket.id);
      if (element === next) next = next.nextSibling;
      else body.insertBefore(element, next);
    });
    while (next) {
      const after = next.nextSibling;
      next.remove();
      next = after;
    }
  }

  function rowOf(ticket, number) {
    let row = rows.get(ticket.id);
    if (!row) rows.set(ticket.id, (row = makeRow(ticket.id)));
    if (row.ticket !== ticket) row.set(ticket);
    setAttributes(row.element, {
      "aria-posinset": number + 1, "aria-setsize": view.shown.length, "aria-selected": ticket.id === view.selected,
    });
    return row;
  }

  function select(id) {
    view.selected = id;
    reveal(view.shown.indexOf(id));
    draw(true);
    rows.get(id)?.element.scrollIntoView({ block: "nearest" });
  }

  /** Scroll to the row of this number, if it is too far off to be drawn. */
  function reveal(number) {
    if (number < 0 || rows.has(view.shown[number])) return;
    const high = parseFloat(getComputedStyle(root).getPropertyValue("--row"));
    let left = number;
    const group = groups.find(({ tickets }) => left < tickets.length || void (left -= tickets.length));
    root.scrollTop = group.body.offsetTop - root.offsetTop + left * high - root.clientHeight / 2;
  }

  return {
    update,
    select,
    arrange,
    onClear: (run) => clear.addEventListener("click", run),
    filter: (change) => {
      Object.assign(view, change);
      arrange();
    },
    /** The id `step` rows after the selected one; the first when none is selected. */
    beside: (step) => {
      const at = view.shown.indexOf(view.selected);
      if (at < 0) return view.shown[0] ?? null;
      return view.shown[Math.min(Math.max(at + step, 0), view.shown.length - 1)];
    },
    tick: (now) => rows.forEach((row) => row.tick(now)),
    /** How many tickets each filter would show, within the unit and the search. */
    counts: (now) => {
      const open = view.tickets.filter((ticket) => matches(ticket, { ...view, filter: "all" }, now));
      return Object.fromEntries(Object.entries(FILTERS).map(([name, has]) => [name, open.filter((x) => has(x, now)).length]));
    },
  };
}

function setAttributes(element, wanted) {
  for (const [name, value] of Object.entries(wanted)) if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

function makeGroup(name) {
  const count = h("span", { class: "num" });
  const head = h("h2", { id: `group-${name}`, role: "presentation" }, h("span", {}, t(`board.group.${name}`)), count);
  const body = h("div", { class: "lines", role: "presentation" });
  const box = h("div", { class: "group", role: "group", "aria-labelledby": `group-${name}`, hidden: true }, head, body);
  return { name, count, body, box, tickets: [] };
}

function matches(ticket, view, now) {
  if (view.unit && ticket.unit !== view.unit) return false;
  if (!FILTERS[view.filter](ticket, now)) return false;
  if (!view.text) return true;
  const words = [ticket.id, ticket.address, ticket.place?.near, ticket.crew_name, ticket.crew, ticket.second?.crew_name, ticket.unit, ticket.unit_name, t(`fault.${ticket.fault}`)];
  return words.some((word) => word?.toLowerCase().includes(view.text));
}

function byTimeLeft(one, other) {
  const there = (urgency(one, 0) === "done") - (urgency(other, 0) === "done"); // whatever the time
  return there || one.order_ms - other.order_ms || one.id.localeCompare(other.id);
}

/** One row; `set(ticket)` writes what changed, `tick(now)` only the clock. */
function makeRow(id) {
  const shape = h("i", { class: "shape", "aria-hidden": "true" });
  const name = h("b");
  const where = h("span", { class: "where" }, name);
  const word = h("small");
  const number = h("span", { class: "num" });
  const sub = h("span", { class: "sub" });
  const whom = h("span", { class: "whom" });
  const clock = h("span", { class: "clock" }, word, number);
  const element = h("div", { class: "row", role: "option", id: `row-${id}`, data: { id }, "aria-selected": "false" },
    shape, h("div", { class: "line" }, where, clock), h("div", { class: "line under" }, sub, whom));
  const row = { element, ticket: null, urgency: "", told: "" };
  row.tick = (now) => tickRow(row, { word, number, whom }, now);
  row.set = (ticket) => {
    row.ticket = ticket;
    const told = JSON.stringify([ticket.version, ticket.crew_name, ticket.eta_at, ticket.waiting_for, ticket.nobody, ticket.second, ticket.address]);
    if (told !== row.told) {
      row.told = told;
      name.textContent = whereOf(ticket);
      where.replaceChildren(name, ...marksOf(ticket));
      sub.textContent = subline(ticket);
      element.classList.toggle("two", Boolean(ticket.crew && ticket.second));
      const lacks = ticket.crew && ticket.second && !ticket.second.crew;
      whom.classList.toggle("none", Boolean(lacks) || (ticket.state === "waiting" && !ticket.waiting_for && !isQueued(ticket)));
    }
    row.tick(nowMs());
  };
  return row;
}

/** What the clock of a row counts; a ticket without a place may have its promise already. */
export function wordOf(ticket, level, now) {
  if (level === "done") return "";
  const promised = level === "place" && ticket.due_at;
  return t(`urgency.${promised ? (ms(ticket.due_at) < now ? "late" : "fine") : level}`);
}

function tickRow(row, { word, number, whom }, now) {
  const { ticket, element } = row;
  const level = urgency(ticket, now);
  if (level !== row.urgency) {
    element.classList.remove(row.urgency || "none");
    element.classList.add(level);
    row.urgency = level;
  }
  const said = wordOf(ticket, level, now);
  if (word.textContent !== said) word.textContent = said;
  const text = timeText(ticket, level, now);
  if (number.textContent !== text) number.textContent = text;
  const goes = whomOf(ticket, now);
  if (whom.textContent !== goes) whom.textContent = goes;
  whom.classList.toggle("passed", isPassed(ticket, now));
}

/** What the clock of a ticket shows: time left, time waited where nothing could be promised, the state once there. */
export function timeText(ticket, level, now) {
  if (level === "done") return tOr(`state.${ticket.state}`, ticket.state);
  if (level === "place" && !ticket.due_at) return countdown((now - ms(ticket.opened_at)) / 1000);
  return ticket.due_at ? countdown((ms(ticket.due_at) - now) / 1000) : "—";
}

/** Danger, critical customer, merged reports: the marks of a ticket. */
export function marksOf(ticket) {
  const count = ticket.reports.length ?? ticket.reports; // the whole ticket has them, the brief counts them
  return [
    ticket.hazard && h("span", { class: "mark hazard" }, t("board.hazard")),
    ticket.critical && h("span", { class: "mark critical" }, t("board.critical")),
    count > 1 && h("span", { class: "mark num", title: t("board.reports_n", { n: count }) }, `×${count}`),
  ].filter(Boolean);
}

function subline(ticket) {
  const zone = ticket.zone && `${t(`zone.${ticket.zone}`)} ${t("time.min", { n: ticket.minutes })}`;
  const customers = ticket.customers > 1 && t("board.customers", { n: ticket.customers });
  return [ticket.id, t(`fault.${ticket.fault}`), zone, customers].filter(Boolean).join(" · ");
}

/** Somebody could go, but every crew serves a more pressing ticket first. */
export const isQueued = (ticket) => QUEUED.some((code) => ticket.nobody?.includes(code));

const EXPECTED = new Set(["assigned", "accepted", "departed"]);

/** Whether a crew should have been there by its own estimate and is not. */
export const isPassed = (ticket, now) => EXPECTED.has(ticket.state) && Boolean(ticket.eta_at) && ms(ticket.eta_at) < now;

function whomOf(ticket, now) {
  if (ticket.crew) {
    const name = [ticket.crew_name ?? ticket.crew, secondWords(ticket)].filter(Boolean).join(" + ");
    if (!EXPECTED.has(ticket.state) || !ticket.eta_at) return name;
    if (!isPassed(ticket, now)) return `${name} → ${clockTime(ticket.eta_at)}`;
    const passed = t("board.eta_passed", { time: clockTime(ticket.eta_at) });
    return [name, ticket.state === "assigned" && t("board.not_accepted"), passed].filter(Boolean).join(" · ");
  }
  if (ticket.waiting_for) return t("board.waits_for", { crew: ticket.waiting_for.crew_name ?? ticket.waiting_for.crew });
  if (isQueued(ticket)) return t("board.queued");
  if (ticket.nobody?.length) return t("board.nobody");
  return ticket.state === "waiting" ? t("board.no_crew") : "";
}
