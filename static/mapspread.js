// Where plates go when several things stand at one place: each one beside the others, none hidden.

const STEP = { y: 27, gap: 4 };

/** Half the width of a plate in pixels, by the letters on it. */
const halfWidth = (label) => 10 + label.length * 4.2;

/** Offsets to try, the nearest first: up, aside, down, then farther. */
function ways(label) {
  const x = halfWidth(label) + 13 + STEP.gap; // clear of a ticket
  return [0, 1, 2, 3].flatMap((ring) => [[0, -ring], [ring, 0], [-ring, 0], [0, ring], [ring, -ring], [-ring, -ring]])
    .map(([right, down]) => [right * x, down * STEP.y]);
}

const FAR = { x: 800, y: 150 }; // beyond, no way leads: the longest plate moved by three rings

const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/**
 * Pixels [right, down] to move each plate {x, y, label} so that it covers neither a plate before it nor a
 * ticket {x, y}; a plate that finds no room stays where it is.
 */
export function spread(plates, tickets) {
  const taken = tickets.map(({ x, y }) => [x - 13, y - 13, x + 13, y + 22]); // the shape and the name below it
  return plates.map(({ x, y, label }) => {
    const half = halfWidth(label);
    const box = ([right, down]) => [x + right - half, y + down - 13, x + right + half, y + down + 13];
    const near = taken.filter((other) => meet([x - FAR.x, y - FAR.y, x + FAR.x, y + FAR.y], other)); // of thousands
    const isFree = (mine) => !near.some((other) => meet(mine, other));
    const way = ways(label).find((each) => isFree(box(each))) ?? [0, 0];
    taken.push(box(way));
    return way;
  });
}
