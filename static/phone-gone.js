// The jobs that this phone had and has no more: why, told until the crew has seen it.

import { call, store } from "/static/phone-link.js";

export const items = () => store.get("gone", []);

const unexplained = () => store.get("unexplained", []);

/** The jobs shown now, so that one of them that is missing from a later list is noticed. */
export const had = (tickets) => store.set("had", tickets);

/** Note which jobs the list `jobs` lacks that this phone had, though the crew had not finished them. */
export function note(jobs) {
  const now = new Set(jobs.flatMap((job) => [job.id, job.visit.instead_of]));
  const told = items().filter((gone) => !now.has(gone.ticket));
  const known = new Set(told.map((gone) => gone.ticket));
  const missing = [...unexplained(), ...store.get("had", [])].filter((ticket) => !now.has(ticket) && !known.has(ticket));
  store.set("gone", told);
  store.set("unexplained", [...new Set(missing)]);
}

/** Ask why of each job that is missing; throws Problem, and what is not answered is asked again next time. */
export async function explain() {
  for (const ticket of unexplained()) {
    const { data: why } = await call(`/api/phone/jobs/${encodeURIComponent(ticket)}/why_not`).catch(unlessUnknown);
    if (!unexplained().includes(ticket)) continue; // meanwhile it came back, or was explained
    store.set("unexplained", unexplained().filter((each) => each !== ticket));
    if (why) store.set("gone", [...items(), why]);
  }
}

/** Nothing is told of a ticket that the desk knows nothing of. */
function unlessUnknown(problem) {
  if (problem.status !== 404) throw problem;
  return { data: null };
}

export const understood = (ticket) => store.set("gone", items().filter((gone) => gone.ticket !== ticket));

export function forget() {
  for (const name of ["had", "gone", "unexplained"]) store.set(name, []);
}
