// What the desk can do to a ticket: small dialogs and the calls behind them.

import { act, api, h, t, toast } from "./app.js";

const path = (kind, id, rest = "") => `/api/${kind}/${encodeURIComponent(id)}${rest}`;
const post = (where, body = {}) => api(where, { method: "POST", body });

/** Ask in a dialog; resolves with the form's values, or null when it was cancelled. */
export function ask(title, content, confirm, { danger = false } = {}) {
  return new Promise((done) => {
    const cancel = h("button", { type: "button", onclick: () => dialog.close() }, t("act.cancel"));
    const form = h("form", { method: "dialog" }, content,
      h("div", { class: "actions" }, cancel, h("button", { class: danger ? "danger" : "primary" }, confirm)));
    const dialog = h("dialog", { "aria-label": title }, h("h2", {}, title), form);
    form.addEventListener("submit", () => (dialog.returnValue = "yes"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(dialog.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const field = (label, control) => {
  control.id ||= `f-${control.name}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
};

/** Send a crew; says so with a way back. Answers the ticket or null. */
export async function assign(ticket, option, { pin, reason = "", second = false, button }) {
  const crew = option.crew_name ?? option.crew;
  const send = (replaces) => {
    const body = { crew: option.crew, pin, reason, second, replaces };
    return post(path("tickets", ticket, "/assign"), body).catch((problem) => sendInstead(ticket, crew, problem, send));
  };
  const after = await act(button, () => send(""));
  if (after) {
    const undo = { label: t("act.undo"), run: () => takeBackNow(ticket, "", option.crew) };
    toast(t("detail.assigned", { ticket, crew }), { action: undo });
  }
  return after;
}

async function takeBackNow(ticket, reason = "", crew = "") {
  const body = { reason, crew };
  const after = await act(null, () => api(path("tickets", ticket, "/assign"), { method: "DELETE", body }));
  if (after) toast(t("detail.taken_back"));
  return after;
}

/** Somebody sent another crew by hand: say so, and only replace that one when the dispatcher wants it. */
async function sendInstead(ticket, crew, problem, send) {
  if (problem.case !== "sent_by_other") throw problem;
  const said = h("p", { role: "alert" }, [problem.message, problem.detail].filter(Boolean).join(" · "));
  const sure = await ask(`${t("detail.take_back")} · ${ticket}`, said, t("detail.send_instead", { crew }), { danger: true });
  return sure && send(problem.facts.sent);
}

/** Take a crew back, asking why. */
export async function takeBack(ticket, crew) {
  const why = h("input", { name: "reason", maxlength: 500, autocomplete: "off" });
  const said = await ask(`${t("detail.take_back")} · ${ticket}`, field(t("detail.take_back_why"), why), t("detail.take_back"), { danger: true });
  return said && takeBackNow(ticket, said.reason.trim(), crew);
}

/** Move every report of `ticket` to the ticket `into`. */
export async function mergeInto(ticket, into) {
  const reports = ticket.reports.filter((report) => !report.resolved);
  const content = h("p", {}, t("detail.merge_ask", { n: reports.length, from: ticket.id, ticket: into }));
  if (!(await ask(t("detail.merge", { ticket: into }), content, t("detail.merge", { ticket: into })))) return null;
  return act(null, async () => {
    for (const report of reports) await post(path("reports", report.id, "/merge"), { ticket: into });
    toast(t("detail.merged", { ticket: into }));
  });
}

/** Move every report of `ticket` to `into` at once, with a way back: for tickets that are likely one fault. */
export async function mergeLikely(ticket, into, button) {
  const reports = ticket.reports.filter((report) => !report.resolved);
  const after = await act(button, async () => {
    for (const report of reports) await post(path("reports", report.id, "/merge"), { ticket: into });
  });
  const undo = () => act(null, async () => {
    for (const report of reports) await post(path("reports", report.id, "/unmerge"));
    toast(t("detail.parted", { report: reports.map((report) => report.id).join(" ") }));
  });
  if (after) toast(t("detail.merged", { ticket: into }), { action: { label: t("act.undo"), run: undo } });
  return after;
}

/** Merge one report at once: the one-click way of the intake page. */
export const mergeReport = (report, ticket, button) =>
  act(button, () => post(path("reports", report, "/merge"), { ticket }));

/** Part a merged report from its ticket again. */
export async function part(report, button) {
  const after = await act(button, () => post(path("reports", report, "/unmerge")));
  if (after) toast(t("detail.parted", { report }));
  return after;
}

const WAYS = ["by_phone", "customer_side", "planned_outage", "false_alarm"];

/** Answer a report without a trip: how, and what the caller was told. */
export async function resolve(report) {
  const ways = h("fieldset", { class: "choices" }, WAYS.map((how, n) => h("label", {},
    h("input", { type: "radio", name: "how", value: how, required: true, autofocus: n === 0 }),
    h("span", {}, t(`resolved.${how}`)), h("small", {}, t(`resolve_help.${how}`)))));
  const note = field(t("detail.resolve_note"), h("textarea", { name: "note", rows: 2, maxlength: 2000, required: true }));
  const said = await ask(t("detail.resolve_title", { report }), [ways, note], t("detail.resolve"));
  if (!said) return null;
  const after = await act(null, () => post(path("reports", report, "/resolve"), { how: said.how, note: said.note }));
  if (after) toast(t("detail.resolved", { report }));
  return after;
}

/** Put a report at (lon, lat) degrees WGS-84. Answers what the server found there, or null. */
export async function place(report, lonlat, button) {
  const [lon, lat] = lonlat;
  const after = await act(button, () => post(path("reports", report, "/place"), { lon, lat }));
  if (after) toast(t("detail.place_saved"));
  return after;
}

/** The form of the callback for `ticket`; `onDone` when it was saved. */
export function callbackForm(ticket, onDone) {
  const pair = (name, label) => h("fieldset", { class: "actions", data: { name } }, h("legend", { class: "sr" }, label),
    h("span", { class: "ask" }, label),
    ["yes", "no"].map((value) => h("label", { class: "check" }, h("input", { type: "radio", name, value, required: name === "reached" }), t(`detail.${value}`))));
  const more = [pair("power_back", t("detail.power_back")), pair("satisfied", t("detail.satisfied"))];
  const warning = h("p", { class: "note late", hidden: true }, t("detail.reopens"));
  const button = h("button", { class: "primary" }, t("detail.callback_save"));
  const form = h("form", { class: "callback" }, pair("reached", t("detail.reached")), more, warning,
    field(t("detail.note"), h("textarea", { name: "note", rows: 2, maxlength: 2000, id: `callback-note-${ticket}` })),
    h("div", { class: "actions" }, button));
  form.addEventListener("change", () => {
    const said = new FormData(form);
    for (const group of more) group.hidden = said.get("reached") === "no";
    warning.hidden = said.get("reached") === "no" || said.get("power_back") !== "no";
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const after = await act(button, () => post(path("tickets", ticket, "/callback"), callbackBody(new FormData(form))));
    if (after) {
      toast(t("detail.called_back"));
      onDone();
    }
  });
  return form;
}

function callbackBody(said) {
  const body = { reached: said.get("reached") === "yes" };
  if (body.reached)
    for (const name of ["satisfied", "power_back"]) if (said.get(name)) body[name] = said.get(name) === "yes";
  const note = String(said.get("note") ?? "").trim();
  if (note) body.note = note;
  return body;
}
