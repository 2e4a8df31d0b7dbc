// Which tickets are open, by time left: rows are made once, changed in place, and only those in sight tick.

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

/** The list in `root`; `onSelect(id)` when a row is chosen. */
export function createList(root, { onSelect }) {
  const rows = new Map();
  const inSight = new Set();
  const view = { filter: "all", unit: "", text: "", selected: null, shown: [], tickets: [] };
  const groups = Object.fromEntries(GROUPS.map((name) => [name, makeGroup(name)]));
  const empty = h("p", { class: "empty" });
  const clear = h("button", { type: "button" }, t("board.clear_filter"));
  const emptyBox = h("div", { class: "empty", hidden: true }, empty, clear);
  root.replaceChildren(...GROUPS.map((name) => groups[name].box), emptyBox);
  const sight = new IntersectionObserver(watchSight, { root, rootMargin: "200px" });
  root.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) onSelect(row.dataset.id);
  });

  function watchSight(entries) {
    for (const { target, isIntersecting } of entries) {
      const row = rows.get(target.dataset.id);
      if (!row) continue;
      if (isIntersecting) inSight.add(row);
      else inSight.delete(row);
      if (isIntersecting) row.tick(nowMs());
    }
  }

  function update(tickets) {
    view.tickets = tickets;
    const live = new Set(tickets.map((ticket) => ticket.id));
    for (const [id, row] of rows) if (!live.has(id)) remove(id, row);
    const fresh = rows.size ? tickets.filter((ticket) => !rows.has(ticket.id)) : [];
    for (const ticket of tickets) rowOf(ticket).set(ticket);
    for (const ticket of fresh) rows.get(ticket.id).element.classList.add("fresh");
    arrange();
    return fresh;
  }

  function rowOf(ticket) {
    let row = rows.get(ticket.id);
    if (!row) {
      row = makeRow(ticket.id);
      rows.set(ticket.id, row);
      sight.observe(row.element);
    }
    return row;
  }

  function remove(id, row) {
    sight.unobserve(row.element);
    inSight.delete(row);
    row.element.remove();
    rows.delete(id);
  }

  function arrange() {
    const now = nowMs();
    const wanted = view.tickets.filter((ticket) => matches(ticket, view, now)).sort(byTimeLeft);
    view.shown = GROUPS.flatMap((name) => wanted.filter((ticket) => groupOf(ticket) === name)).map((x) => x.id);
    for (const name of GROUPS) fill(groups[name], wanted.filter((ticket) => groupOf(ticket) === name));
    emptyBox.hidden = wanted.length > 0;
    empty.textContent = t(view.tickets.length ? "board.empty_filter" : "board.empty");
    clear.hidden = !view.tickets.length;
  }

  function fill(group, tickets) {
    group.count.textContent = tickets.length;
    group.box.hidden = !tickets.length;
    let next = group.head.nextSibling;
    for (const { id } of tickets) {
      const { element } = rows.get(id);
      if (element === next) next = next.nextSibling;
      else group.box.insertBefore(element, next);
    }
    while (next) {
      const after = next.nextSibling;
      next.remove();
      next = after;
    }
  }

  function select(id) {
    rows.get(view.selected)?.element.setAttribute("aria-selected", "false");
    view.selected = id;
    const row = rows.get(id);
    if (!row) return root.removeAttribute("aria-activedescendant");
    row.element.setAttribute("aria-selected", "true");
    root.setAttribute("aria-activedescendant", row.element.id);
    return row.element.scrollIntoView({ block: "nearest" });
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
    tick: (now) => inSight.forEach((row) => row.tick(now)),
    /** How many tickets each filter would show, within the unit and the search. */
    counts: (now) => {
      const open = view.tickets.filter((ticket) => matches(ticket, { ...view, filter: "all" }, now));
      return Object.fromEntries(Object.entries(FILTERS).map(([name, has]) => [name, open.filter((x) => has(x, now)).length]));
    },
  };
}

function makeGroup(name) {
  const count = h("span", { class: "num" });
  const head = h("h2", { id: `group-${name}`, role: "presentation" }, h("span", {}, t(`board.group.${name}`)), count);
  return { head, count, box: h("div", { class: "group", role: "group", "aria-labelledby": `group-${name}`, hidden: true }, head) };
}

function matches(ticket, view, now) {
  if (view.unit && ticket.unit !== view.unit) return false;
  if (!FILTERS[view.filter](ticket, now)) return false;
  if (!view.text) return true;
  const words = [ticket.id, ticket.address, ticket.place?.near, ticket.crew_name, ticket.crew, ticket.second?.crew_name, ticket.unit, ticket.unit_name, t(`fault.${ticket.fault}`)];
  return words.some((word) => word?.toLowerCase().includes(view.text));
}

const timeOf = (ticket) => ms(ticket.due_at ?? ticket.opened_at);

function byTimeLeft(one, other) {
  const there = (urgency(one) === "done") - (urgency(other) === "done");
  return there || timeOf(one) - timeOf(other) || one.id.localeCompare(other.id);
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
