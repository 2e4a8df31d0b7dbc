// How the place of each report was sought: every way in order, what came of it, and who stands for it.

import { clockTime, h, t, tOr } from "./app.js";

const RESULTS = { taken: "fine", unsure: "soon", failed: "hazard" };

/** The attempts of a ticket's reports as elements; `who` tells a person's or program's name. */
export function attemptsOf(reports, who) {
  const several = reports.length > 1;
  return reports.filter((report) => report.attempts.length).flatMap((report) => [
    several && h("h3", {}, report.id),
    h("ol", { class: "attempts" }, report.attempts.map((attempt) => attemptLine(attempt, who))),
  ].filter(Boolean));
}

function attemptLine(attempt, who) {
  return h("li", {},
    h("span", { class: `mark ${RESULTS[attempt.result] ?? ""}` }, t(`attempt.${attempt.result}`)),
    h("div", {}, h("b", {}, tOr(`method.${attempt.method}`, attempt.method)), ` ${attempt.raw}`,
      attempt.answer && attempt.answer !== attempt.raw && h("small", {}, `→ ${attempt.answer}`),
      h("small", { class: "num" }, factsOf(attempt, who).filter(Boolean).join(" · "))));
}

function factsOf(attempt, who) {
  const found = attempt.result !== "unknown" && attempt.result !== "failed";
  return [
    attempt.reason && tOr(`attempt.reason.${attempt.reason}`, attempt.reason),
    found && t("attempt.score", { n: Math.round(attempt.score) }),
    attempt.precision_m !== null && t("detail.precision", { m: Math.round(attempt.precision_m) }),
    attempt.datum !== "wgs84" && t("attempt.datum", { datum: attempt.datum.toUpperCase() }),
    attempt.confirmed_by && t("attempt.confirmed", { who: who(attempt.confirmed_by) }),
    `${clockTime(attempt.at)} ${who(attempt.by)}`,
  ];
}
