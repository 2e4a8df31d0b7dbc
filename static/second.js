// The second crew of a ticket that two go to: who it is and how far, or that it is missing and why.

import { clockTime, h, t } from "./app.js";
import { reasonsText } from "./reasons.js";

/** The second crew in a few words, for a row of the list; empty where one crew is enough. */
export const secondWords = ({ second }) => second && (second.crew ? second.crew_name : t("second.missing"));

/** The second crew in a sentence: its step and arrival, or whom it waits for, or why nobody can go. */
export function secondText(second, crewName) {
  const { eta_at: eta, nobody, step, waiting_for: wait } = second;
  if (second.crew) {
    const on = ["assigned", "accepted", "departed"].includes(step) && eta ? t("board.eta", { time: clockTime(eta) }) : "";
    return [second.crew_name, t(`state.${step}`), on].filter(Boolean).join(" · ");
  }
  const why = nobody?.length ? whyNobody(nobody) : wait && `${t("board.waits_for", { crew: crewName(wait.crew) })} · ${clockTime(wait.start_at)}`;
  return why ? t("second.alone_why", { why }) : t("second.alone");
}

/** `same_crew` is said of the first crew, and is news only where no other one is spoken of. */
function whyNobody(codes) {
  const others = codes.filter((code) => code !== "same_crew");
  return others.length ? reasonsText(others) : t("second.only_first");
}

/** A line of its own under the crew that leads; `back` is a button to take the second one back, or nothing. */
export const secondLine = (ticket, crewName, back) => ticket.second && h("div", { class: "second" },
  h("h2", {}, t("second.crew"), back),
  h("p", { class: ticket.second.crew ? "num" : "note soon num" }, secondText(ticket.second, crewName)));
