import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const BUNDLED_WORKER = ["worker", "index.js"];

/**
 * The engine's worker thread: `dist/worker/index.js` beside the action's bundle or that of the command line; from source
 * it is the TypeScript file itself.
 */
export const workerFile = (): string => {
  const root = bundleRoot();
  return root === null ? join(here(), "..", "load", "engine", "worker.ts") : join(root, ...BUNDLED_WORKER);
};

/** File URL of what a scenario module imports as `swarmgate/scenario`. */
export const scenarioApi = (): string => {
  const root = bundleRoot();
  const path = root === null ? join(here(), "..", "scenario", "define.ts") : join(root, "scenario", "index.js");
  return pathToFileURL(path).href;
};

// Joined at run time: ncc would take a path that it can work out for an asset of the build machine.
const bundleRoot = (): string | null =>
  [here(), join(here(), "..")].find((root) => existsSync(join(root, ...BUNDLED_WORKER))) ?? null;

const here = (): string => dirname(fileURLToPath(import.meta.url));
