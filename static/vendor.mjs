// Which browser files the pages need: copies them from node_modules into static/vendor, next to their licences.
// Run after `npm ci --omit=dev --ignore-scripts`, from any folder: node static/vendor.mjs
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const here = dirname(fileURLToPath(import.meta.url));
const FILES = {
  // The worker is found beside the module that starts it: keep both in one folder.
  "maplibre-gl": ["dist/maplibre-gl.mjs", "dist/maplibre-gl-worker.mjs", "dist/maplibre-gl.css", "LICENSE.txt"],
};

for (const [library, files] of Object.entries(FILES)) {
  const target = join(here, "vendor", library);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of files) {
    cpSync(join(here, "..", "node_modules", library, file), join(target, file.split("/").at(-1)));
  }
}
