import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type Parsed, refused } from "../../../errors.ts";
import type { ModuleFacts } from "../../../scenario/module-scenario.ts";
import type { ModuleSource } from "../../../scenario/scenario.ts";
import type { ModuleProbe, ProbedModule } from "../messages.ts";
import { IMPORT_MS, neverImported } from "./load-module.ts";

/** The thread itself has to start as well, on a machine that may be busy. */
const MARGIN_MS = 5000;

/**
 * Reads a scenario module in a thread of its own, so that whatever it does cannot reach this one, and says what is in
 * it. Resolves in bounded time: a thread that does not answer is ended. `workerFile` is that of the engine.
 */
export const probeModule = async (workerFile: URL | string, source: ModuleSource): Promise<Parsed<ModuleFacts>> => {
  const workerData: ModuleProbe = { probe: source };
  const thread = new Worker(workerFile, { workerData, stdout: true, stderr: true });
  for (const stream of [thread.stdout, thread.stderr]) stream.resume();
  const never = refused([neverImported(basename(fileURLToPath(source.url)))]);
  const { promise, resolve, reject } = Promise.withResolvers<ProbedModule>();
  thread.on("message", resolve);
  thread.on("error", reject);
  thread.on("exit", () => resolve(never));
  const limit = setTimeout(() => resolve(never), IMPORT_MS + MARGIN_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    await thread.terminate();
  }
};
