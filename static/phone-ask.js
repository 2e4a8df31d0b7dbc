// What the phone asks its crew, with big buttons: whether they mean it, why not, and until when.

import { clockTime, h, nowMs, t } from "/static/app.js";

const REASONS = ["vehicle", "working", "tools", "way", "other"];
const OUT_WHYS = ["van", "ill", "called_away", "other"];
const HOURS = [1, 2, 4, 8];
const HOUR_MS = 3600000;

function question(content, buttons) {
  return new Promise((done) => {
    const box = h("dialog", { class: "ask" }, h("form", { method: "dialog" }, content, h("div", { class: "buttons" }, buttons)));
    box.addEventListener("close", () => {
      const form = new FormData(box.firstChild);
      box.remove();
      done(box.returnValue === "yes" ? Object.fromEntries(form) : null);
    });
    document.body.append(box);
    box.showModal();
  });
}

/** No submit button: Enter in a field presses the first of those, and must never take back what was filled in. */
const no = () => h("button", { type: "button", class: "huge", onclick: (event) => event.currentTarget.closest("dialog").close("no") }, t("act.cancel"));
const yes = (label) => h("button", { class: "huge primary", value: "yes" }, label);

/** {note} when the crew confirms, else null. */
export async function ask(text, label, { withNote = false } = {}) {
  const note = withNote && h("label", {}, t("phone.note"), h("textarea", { name: "note", rows: 2, maxlength: 2000 }));
  const answer = await question([h("h2", {}, text), note], [no(), yes(label)]);
  return answer && { note: (answer.note ?? "").trim() };
}

/** Why the crew declines, in words for the desk; null when they think better of it. */
export async function askReason() {
  const choices = REASONS.map((code) => h("label", {}, h("input", { type: "radio", name: "why", value: code, required: true }), h("span", {}, t(`phone.why.${code}`))));
  const more = h("label", {}, t("phone.note"), h("textarea", { name: "note", rows: 2, maxlength: 2000 }));
  const answer = await question([h("h2", {}, t("phone.why_title")), h("div", { class: "choices" }, choices), more], [no(), yes(t("phone.step.declined"))]);
  return answer && [t(`phone.why.${answer.why}`), answer.note.trim()].filter(Boolean).join(": ");
}

/** {reason, until} of a crew that cannot go, `until` in epoch ms or null; null when they think better of it. */
export async function askOut() {
  const text = (why) => (why === "other" ? t("phone.why.other") : t(`out.why.${why}`));
  const choices = OUT_WHYS.map((why) => h("label", {}, h("input", { type: "radio", name: "why", value: why, required: true }), h("span", {}, text(why))));
  const more = h("label", {}, t("phone.note"), h("input", { name: "note", maxlength: 120, autocomplete: "off" }), h("small", { class: "muted" }, t("out.no_names")));
  const until = h("label", {}, t("out.until"), h("select", { name: "hours" }, h("option", { value: "" }, t("out.until_ended")),
    HOURS.map((n) => h("option", { value: n }, t("out.for_hours", { n, time: clockTime(nowMs() + n * HOUR_MS) })))));
  const answer = await question([h("h2", {}, t("phone.out.title")), h("div", { class: "choices" }, choices), more, until], [no(), yes(t("crew_state.out_of_service"))]);
  if (!answer) return null;
  const reason = [text(answer.why), answer.note.trim()].filter(Boolean).join(": ");
  return { reason, until: answer.hours ? nowMs() + Number(answer.hours) * HOUR_MS : null };
}
