// Where this phone is: one fix for an arrival, and a thin trail of positions while there is a job.

import { call, isoHere } from "/static/phone-link.js";

const FIX_MS = 12000;
const FRESH_MS = 5000;
const LAST_MS = 30000; // a phone that lies still may hear of no new position for so long, and a van has not come far
const EVERY_MS = 15000;
let watch = null;
let latest = null;
let sentAt = -Infinity;

/** Whether the browser may tell positions at all: over plain http it does not. */
export const canLocate = () => window.isSecureContext && "geolocation" in navigator;

const shown = ({ coords, timestamp }) => ({
  lon: Number(coords.longitude.toFixed(6)),
  lat: Number(coords.latitude.toFixed(6)),
  accuracy_m: Math.round(coords.accuracy * 10) / 10,
  at: isoHere(timestamp),
});

const isYounger = (than) => latest && Date.now() - latest.timestamp < than;

/** {fix} of now, else the last one if it was just now, or {why}: http | denied | timeout | unavailable. Never throws. */
export function findFix() {
  if (!canLocate()) return Promise.resolve({ why: "http" });
  if (isYounger(FRESH_MS)) return Promise.resolve({ fix: shown(latest) });
  const tapped = isYounger(LAST_MS) ? { fix: shown(latest) } : null; // when the crew said it, not when waiting ended
  return new Promise((done) => {
    const options = { enableHighAccuracy: true, timeout: FIX_MS, maximumAge: FRESH_MS };
    const why = { 1: "denied", 2: "unavailable", 3: "timeout" };
    navigator.geolocation.getCurrentPosition((at) => done({ fix: shown(at) }), (error) => done(tapped ?? { why: why[error.code] }), options);
  });
}

/** Follow the phone while `on`; each position goes to the desk at most every 15 s, and is not kept when it cannot. */
export function follow(on) {
  if (on && watch === null && canLocate()) {
    watch = navigator.geolocation.watchPosition(moved, () => {}, { enableHighAccuracy: true, maximumAge: FRESH_MS });
  } else if (!on && watch !== null) {
    navigator.geolocation.clearWatch(watch);
    watch = latest = null;
  }
}

function moved(position) {
  latest = position;
  if (performance.now() - sentAt < EVERY_MS) return;
  sentAt = performance.now();
  call("/api/phone/positions", { method: "POST", body: [shown(position)] }).catch(() => {}); // the next one will do
}

/** Metres from the phone's latest fix to `place` (lon, lat), beyond its accuracy; null when unknown. */
export function awayFrom(place) {
  if (!latest || !place) return null;
  const rad = Math.PI / 180;
  const [dx, dy] = [(latest.coords.longitude - place.lon) * Math.cos(place.lat * rad), latest.coords.latitude - place.lat];
  return Math.max(0, Math.hypot(dx, dy) * 111195 - latest.coords.accuracy);
}
