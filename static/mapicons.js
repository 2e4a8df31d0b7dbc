// What tickets and crews look like on the map: small pictures drawn on a canvas, told apart by shape before colour.

export const SCALE = 2; // pixels of a picture per pixel of the page

const LIGHT = {
  late: "#c81e1e", soon: "#d97706", fine: "#1a7f37", done: "#6b7280",
  paper: "#ffffff", ink: "#1c1c1c", crew: "#1d4ed8", off: "#8b93a1",
};
const DARK = {
  late: "#ff5c5c", soon: "#ffb224", fine: "#3fce6a", done: "#8b949e",
  paper: "#101418", ink: "#f2f4f7", crew: "#6ea8ff", off: "#7c8696",
};

/** Colours of what lies over the basemap, for a theme. */
export const marks = (theme) => (theme === "dark" ? DARK : LIGHT);

export const URGENCIES = ["done", "fine", "soon", "late"];
export const CREW_STATES = ["off", "busy", "free", "driving"];

const SHAPES = {
  late: [[0, -0.95], [0.95, 0.75], [-0.95, 0.75]],
  soon: [[0, -1], [0.95, 0], [0, 1], [-0.95, 0]],
};

function outline(pen, urgency, radius) {
  pen.beginPath();
  const corners = SHAPES[urgency];
  if (corners) {
    corners.forEach(([x, y]) => pen.lineTo(x * radius, y * radius));
    pen.closePath();
  } else {
    pen.arc(0, 0, radius * 0.82, 0, 2 * Math.PI);
  }
}

function canvas(width, height, draw) {
  const element = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
  const pen = element.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.lineJoin = "round";
  draw(pen);
  return pen.getImageData(0, 0, element.width, element.height);
}

/** A ticket: solid while it needs a crew, a ring when it has one, a dark rim around the chosen one. */
function ticket(urgency, assigned, selected, theme) {
  const c = marks(theme);
  return canvas(36, 36, (pen) => {
    pen.translate(18, 18);
    const stroke = (colour, width) => Object.assign(pen, { strokeStyle: colour, lineWidth: width }) && pen.stroke();
    outline(pen, urgency, 10);
    if (selected) stroke(c.ink, 11);
    stroke(c.paper, selected ? 7 : 5);
    pen.fillStyle = assigned ? c.paper : c[urgency];
    pen.fill();
    stroke(c[urgency], assigned ? 3.6 : 1.5);
    if (urgency === "done") tick(pen, assigned ? c.done : c.paper);
  });
}

function tick(pen, colour) {
  pen.beginPath();
  [[-3.5, 0.3], [-1, 3], [4, -2.8]].forEach(([x, y]) => pen.lineTo(x, y));
  Object.assign(pen, { strokeStyle: colour, lineWidth: 2 });
  pen.stroke();
}

/** A crew's plate, stretched around its name: full when free or driving, hollow at work, grey off, dashed when silent. */
function plate(state, stale, theme) {
  const c = marks(theme);
  const colour = state === "off" ? c.off : c.crew;
  const full = state === "free" || state === "driving";
  return canvas(28, 28, (pen) => {
    pen.beginPath();
    pen.roundRect(3, 3, 22, 22, 6);
    Object.assign(pen, { strokeStyle: c.paper, lineWidth: 5 });
    pen.stroke();
    pen.fillStyle = full && !stale ? colour : c.paper;
    pen.fill();
    Object.assign(pen, { strokeStyle: colour, lineWidth: 2.2 });
    if (stale) pen.setLineDash([4, 3]);
    pen.stroke();
  });
}

/** The colour of a crew's name on its plate. */
export function plateText(state, stale, theme) {
  const c = marks(theme);
  if (state === "off") return c.off;
  return stale || state === "busy" ? c.crew : c.paper;
}

export const ticketIcon = (urgency, assigned, selected) =>
  `ticket-${urgency}-${assigned ? "crew" : "none"}${selected ? "-chosen" : ""}`;
export const crewIcon = (state, stale) => `crew-${state}${stale ? "-silent" : ""}`;

/** Every picture of a theme: [name, pixels, options of addImage]. */
export function pictures(theme) {
  const both = [false, true];
  const middle = [[9 * SCALE, 19 * SCALE]];
  const fit = { pixelRatio: SCALE, stretchX: middle, stretchY: middle, content: [7, 7, 21, 21].map((at) => at * SCALE) };
  return [
    ...URGENCIES.flatMap((u) => both.flatMap((a) => both.map((s) =>
      [ticketIcon(u, a, s), ticket(u, a, s, theme), { pixelRatio: SCALE }]))),
    ...CREW_STATES.flatMap((state) => both.map((stale) =>
      [crewIcon(state, stale), plate(state, stale, theme), fit])),
  ];
}
