// How sure it is that two tickets are one fault, and why, in words.

import { clockTime, distance, duration, h, lang, t, tOr } from "./app.js";

/** From here on it is offered as the same fault, not only as near. */
export const isLikely = (near) => near.score >= 0.6;

/** One reason of the score in words; an unknown code is shown as it is. */
function sameText(code) {
  const [kind, value] = String(code).split(":");
  if (kind === "apart_m") return t("same.apart", { distance: distance(Number(value)) });
  if (kind === "minutes_apart") return t("same.minutes_apart", { time: duration(Number(value) * 60) });
  return tOr(`same.${kind}`, String(code));
}

/** All reasons of a score as one phrase. */
export const sameTexts = (codes) => [].concat(codes ?? []).map(sameText).join(lang === "zh" ? "、" : ", ");

/** `96 %`, never 100: nothing is certain. */
export const surety = (score) => `${Math.min(99, Math.floor(score * 100))} %`;

/** An open ticket that may be the same fault: how sure, why, and `button` if it can be merged. */
export function nearItem(near, name, button) {
  const likely = isLikely(near);
  const head = [name, ` · ${t("intake.opened", { time: clockTime(near.opened_at) })}`];
  return h("li", { class: likely ? "likely" : null },
    h("span", { class: "num" }, head, " ", likely && h("span", { class: "mark critical" }, t("same.likely", { n: surety(near.score) })),
      h("small", {}, sameTexts(near.reasons))),
    button);
}
