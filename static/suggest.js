// Suggestions of places under an address field: asks while someone types, chosen by keys or pointer.

import { api, h, t, tOr, lang } from "./app.js";

let count = 0;

/**
 * Give `input` suggestions. `onChoose(place, typed)` gets {label, lon, lat, kind, score, tier, precision_m, account_no};
 * `onLook(place)` the one that is looked at, the first until another is, and null when the list is empty or closed;
 * `least` is the fewest characters worth asking for.
 */
export function suggest(input, { onChoose, onLook = () => {}, fetchAt = 180, least = lang === "zh" ? 1 : 2 }) {
  const id = `suggest-${++count}`;
  const list = h("ul", { id, role: "listbox", "aria-label": t("intake.suggestions"), hidden: true });
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" }))
    input.setAttribute(name, value);
  const state = { places: [], at: -1, timer: 0, asked: "", of: "", keys: [], open: false };

  const close = () => show(false);
  function show(open) {
    state.open = open;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
    if (!open) state.keys = [];
  }

  function ask() {
    clearTimeout(state.timer);
    const text = input.value.trim();
    if (text.length < least) {
      onLook(null);
      return close();
    }
    state.timer = setTimeout(() => load(text), fetchAt);
    return undefined;
  }

  async function load(text) {
    state.asked = text;
    let places;
    try {
      places = await api(`/api/places?q=${encodeURIComponent(text)}`);
    } catch {
      return close(); // suggestions are a help, not the way in
    }
    if (state.asked !== text || document.activeElement !== input) return undefined;
    const looked = state.places[state.at]; // it stays chosen in a list that came a moment later
    Object.assign(state, { places, of: text });
    state.at = looked && state.open ? places.findIndex((place) => place.label === looked.label && place.account_no === looked.account_no) : -1;
    draw();
    onLook(places[Math.max(state.at, 0)] ?? null);
    show(true);
    for (const key of state.keys.splice(0)) if (state.open) press(key);
    return undefined;
  }

  function draw() {
    const options = state.places.map((place, n) => h("li", { id: `${id}-${n}`, role: "option", "aria-selected": String(n === state.at), data: { n } },
      h("span", {}, place.label), h("small", { class: "muted" }, tOr(`kind.${place.kind}`, place.kind ?? ""))));
    list.replaceChildren(...(options.length ? options : [h("li", { class: "none" }, t("intake.no_suggestions"))]));
    const active = options[state.at];
    if (active) input.setAttribute("aria-activedescendant", active.id);
    active?.scrollIntoView({ block: "nearest" });
  }

  function choose(place) {
    const typed = input.value.trim();
    input.value = place.account_no || place.label;
    clearTimeout(state.timer);
    state.asked = "";
    close();
    onChoose(place, typed);
  }

  input.addEventListener("input", (event) => event.isComposing || ask());
  input.addEventListener("compositionend", ask);
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const n = event.target.closest("[data-n]")?.dataset.n;
    if (n !== undefined) choose(state.places[n]);
  });
  function press(key) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && state.places.length) {
      state.at = state.at < 0 && step < 0 ? state.places.length - 1 : (state.at + step + state.places.length) % state.places.length;
      draw();
      onLook(state.places[state.at]);
    } else if (key === "Enter" && state.at >= 0) choose(state.places[state.at]);
    else if (key === "Escape") close();
    else return false;
    return true;
  }

  /** A list of what stood there before is no choice: keys wait for the one of what stands there now. */
  const mustWait = (key) => input.value.trim() !== state.of && ["ArrowDown", "ArrowUp", "Enter"].includes(key);

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !state.open) return;
    if (mustWait(event.key)) state.keys.push(event.key);
    else if (!press(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { close, load: () => load(input.value.trim()) };
}
