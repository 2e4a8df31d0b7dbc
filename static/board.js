// The desk's board: keeps list, map and side panel in step with the server, and the keys that drive them.

import { clockTime, everySecond, h, listen, mayAct, ms, nowMs, onKeys, Problem, showProblem, syncClock, t, duration, urgency, whereOf } from "./app.js";
import { createAlerts } from "./alerts.js";
import { createCrews } from "./board-crews.js";
import { createDetail } from "./board-detail.js";
import { createKnown } from "./board-known.js";
import { createList } from "./board-list.js";
import { createBoardMap } from "./board-map.js";
import { createStandby } from "./standby.js";
import { place } from "./acts.js";

const $ = (id) => document.getElementById(id);
const POLL_MS = 30000; // a second way in, should the stream stay silent without an error

const desk = { tickets: [], crews: new Map(), selected: null, plan: null, planAt: 0, link: "loading" };
const getBoard = createKnown();

const map = createBoardMap({ element: $("map"), bar: $("mapbar"), roads: $("closures"), reach: $("coverage"), onSelect: select, onPlace: savePlace, onClosure: refreshSoon });
const list = createList($("rows"), { onSelect: select });
const alerts = createAlerts($("alerts"), $("sound"), { ticket: select, changed: refreshSoon });
const standby = createStandby({ box: $("standby") });
const crews = createCrews({ onTicket: select, onCrew: showCrew, changed: refreshSoon });
const detail = createDetail({ close: () => select(null), changed: refreshSoon, place: beginPin, show: showTicket, choosePlace: savePlace, select, crewName, outOf: (crew) => desk.crews.get(crew)?.out_of_service });

function crewName(id) {
  return desk.crews.get(id)?.name ?? id;
}

/* ---- from the server ---- */

let timer = 0;
let running = false;
let again = false;

/** Ask for the board a moment after the last of several changes, never twice at once. */
function refreshSoon() {
  if (!timer) timer = setTimeout(refresh, 250);
}

async function refresh() {
  clearTimeout(timer);
  timer = 0;
  if (running) return void (again = true);
  running = true;
  try {
    const board = await getBoard();
    if (board) take(board);
    if (desk.link === "lost") setLink("live");
    return board;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    setLink("lost");
    return null;
  } finally {
    running = false;
    if (again) refreshSoon();
    again = false;
  }
}

function take(board) {
  syncClock(board.now);
  desk.plan = board.plan;
  desk.planAt = board.plan ? ms(board.plan.at) : 0;
  desk.crews = new Map(board.crews.map((crew) => [crew.id, crew]));
  for (const { waiting_for: wait } of board.tickets) if (wait) wait.crew_name = crewName(wait.crew);
  desk.tickets = board.tickets;
  announce(list.update(board.tickets));
  crews.update(board.crews);
  alerts.update(board.alerts, board.tickets);
  fillUnits();
  drawCounts(nowMs());
  const out = board.crews.map((crew) => crew.out_of_service?.id).join();
  if (out !== desk.out && desk.selected) detail.show(desk.selected, { anew: true });
  desk.out = out;
  map.setClosures(board.closures);
  map.changed();
  standby.changed();
  drawMap();
}

function announce(fresh) {
  if (!fresh.length) return;
  const [first] = fresh;
  $("news").textContent = fresh.length > 1 ? t("board.new_many", { n: fresh.length })
    : t("board.new_one", { id: first.id, what: t(`fault.${first.fault}`), where: whereOf(first) });
}

function setLink(state) {
  desk.link = state;
  drawLink();
}

function drawLink() {
  const silent = desk.planAt ? (nowMs() - desk.planAt) / 1000 : 0;
  const lost = desk.link === "lost" || desk.link === "reconnecting";
  const planner = desk.link !== "live" ? "" : !desk.plan ? t("live.planner_none")
    : silent > desk.plan.silent_after_s ? t("live.planner_silent", { time: duration(silent) })
    : desk.plan.by !== "search" ? t(`live.planner_${desk.plan.by}`) : "";
  const level = lost || planner ? "reconnecting soon" : "fine";
  const text = lost ? t("live.reconnecting") : planner || t(desk.link === "live" ? "live.live" : "board.loading");
  const box = $("live");
  if (box.className !== `live ${level}`) box.className = `live ${level}`;
  box.title = lost ? t("live.reconnecting_why") : desk.plan ? t("live.planned_at", { time: clockTime(desk.plan.at) }) : "";
  const word = box.querySelector(".word");
  if (word.textContent !== text) word.textContent = text;
}

function moveCrew({ crew: id, lon, lat, at, accuracy_m: accuracy }) {
  const crew = desk.crews.get(id);
  if (!crew) return;
  crew.position = { lon, lat, at, accuracy_m: accuracy };
  crewsSoon();
}

let crewTimer = 0;
function crewsSoon() {
  crewTimer ||= setTimeout(() => {
    crewTimer = 0;
    crews.update([...desk.crews.values()]);
    drawMap();
  }, 500);
}

/* ---- map ---- */

function drawMap() {
  map.drawCrews(desk.crews, desk.tickets);
  map.drawTickets(desk.tickets, desk.selected);
}

function showCrew(crew) {
  setView("map");
  map.show(crew.position ?? crew.depot);
}

function showTicket() {
  const at = desk.tickets.find((ticket) => ticket.id === desk.selected)?.place;
  if (!at) return;
  setView("map");
  map.show(at);
}

/** Let the dispatcher click where a report is; the place is saved only when confirmed. */
function beginPin(report) {
  setView("map");
  map.beginPin(report, detail.ticket()?.place);
}

async function savePlace(report, lonlat, button) {
  if (!(await place(report, lonlat, button))) return;
  map.endPin();
  refreshSoon();
  if (desk.selected) detail.show(desk.selected);
}

/* ---- what is shown ---- */

function select(id) {
  map.endPin();
  desk.selected = id;
  list.select(id);
  $("side").replaceChildren(...(id ? [detail.head, detail.body] : [crews.head, crews.list]));
  $("side").setAttribute("aria-label", t(id ? "board.detail" : "board.crews"));
  document.querySelector(".views [data-view=side]").textContent = t(id ? "board.detail" : "board.crews");
  detail.show(id);
  map.drawTickets(desk.tickets, id, { atOnce: true });
  const at = desk.tickets.find((ticket) => ticket.id === id)?.place;
  if (at) map.reveal(at);
  setView(id ? "side" : "list");
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
}

function setView(view) {
  $("board").dataset.view = view;
  for (const button of document.querySelectorAll(".views button")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
}

function setFilter(name) {
  for (const button of $("filters").children) button.setAttribute("aria-pressed", String(button.dataset.filter === name));
  list.filter({ filter: name });
}

function nextFilter() {
  const buttons = [...$("filters").children];
  const at = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
  setFilter(buttons[(at + 1) % buttons.length].dataset.filter);
}

function fillUnits() {
  const named = new Map([...desk.crews.values(), ...desk.tickets].filter((each) => each.unit).map((each) => [each.unit, each.unit_name]));
  const units = [...named.keys()].sort();
  const box = $("unit");
  if ([...box.options].slice(1).map((option) => option.value).join() === units.join()) return;
  const wanted = box.value || localStorage.getItem("unit") || "";
  box.replaceChildren(box.options[0], ...units.map((unit) => h("option", { value: unit }, named.get(unit))));
  box.value = units.includes(wanted) ? wanted : "";
  list.filter({ unit: box.value });
}

function drawCounts(now) {
  const counts = list.counts(now);
  for (const button of $("filters").children) {
    const number = button.querySelector(".num");
    if (number.textContent !== String(counts[button.dataset.filter])) number.textContent = counts[button.dataset.filter];
  }
  const late = counts.late ? `▲${counts.late} ` : "";
  const title = `${late}${document.title.replace(/^▲\d+ /, "")}`;
  if (document.title !== title) document.title = title;
}

function clearFilter() {
  $("search").value = "";
  $("unit").value = "";
  localStorage.removeItem("unit");
  list.filter({ text: "", unit: "" });
  setFilter("all");
}

/* ---- wiring ---- */

let urgencies = "";
function tick(now) {
  list.tick(now);
  crews.tick(now);
  drawLink();
  $("live").querySelector("time").textContent = clockTime(now, { seconds: true });
  const text = desk.tickets.map((ticket) => urgency(ticket, now)).join();
  if (text === urgencies) return; // one has just become late: the counts, a filter and the map know
  urgencies = text;
  list.arrange();
  drawCounts(now);
  drawMap();
}

$("search").addEventListener("input", () => list.filter({ text: $("search").value.trim().toLowerCase() }));
$("search").addEventListener("keydown", (event) => {
  if (event.isComposing || !["Escape", "Enter"].includes(event.key)) return;
  if (event.key === "Escape") list.filter({ text: ($("search").value = "") });
  else if (list.beside(0)) select(list.beside(0));
  $("search").blur();
});
$("unit").addEventListener("change", () => {
  localStorage.setItem("unit", $("unit").value);
  list.filter({ unit: $("unit").value });
});
$("filters").addEventListener("click", (event) => event.target.closest("button") && setFilter(event.target.closest("button").dataset.filter));
document.querySelector(".views").addEventListener("click", (event) => event.target.dataset.view && setView(event.target.dataset.view));
$("help-open").addEventListener("click", () => $("help").showModal());
list.onClear(clearFilter);

const step = (by) => () => {
  const id = list.beside(by);
  if (id && id !== desk.selected) select(id);
};
const arrow = (by) => (event) => (event.target === document.body || event.target === $("rows") || event.target.id === "main" ? step(by)() : false);
onKeys({
  j: step(1), k: step(-1), ArrowDown: arrow(1), ArrowUp: arrow(-1),
  a: () => detail.ticket() && desk.selected && detail.assignBest(),
  p: () => {
    const report = mayAct && desk.selected && detail.ticket()?.reports.find((each) => !each.resolved);
    if (report) beginPin(report.id);
  },
  m: () => showTicket(),
  o: () => desk.selected && location.assign(`/ticket/${encodeURIComponent(desk.selected)}`),
  n: () => mayAct && location.assign("/intake"),
  f: nextFilter,
  "/": () => $("search").focus(),
  "?": () => $("help").showModal(),
  Escape: () => (map.pinning() ? map.endPin() : select(null)),
});

async function start() {
  $("side").replaceChildren(crews.head, crews.list);
  const board = await refresh();
  if (!board) return void setTimeout(start, 3000);
  everySecond(tick);
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (desk.tickets.some((ticket) => ticket.id === wanted)) select(wanted);
  listen(board.seq, {
    change: (change) => {
      refreshSoon();
      if (change.ticket && change.ticket === desk.selected) detail.show(desk.selected);
    },
    plan: refreshSoon,
    alert: alerts.news,
    position: moveCrew,
    state: (state) => {
      if (state === "live" && desk.link !== "live") refreshSoon();
      setLink(state);
    },
  });
  setInterval(refresh, POLL_MS);
}

start().catch((problem) => showProblem(problem));
