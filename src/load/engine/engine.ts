import type { LoadEngine } from "../../ports.ts";
import type { LoadPlan } from "../plan.ts";
import { LoadRun } from "./load-run.ts";

/**
 * The load engine: users in worker threads, the calling thread only adds up. `workerFile` is the built or source
 * `worker.ts`. The promise of `run` always resolves: a worker that dies gives `stopped: "worker-lost"` with everything
 * reported up to the second before, an abort `"interrupted"` with the seconds that were run.
 */
export const createEngine = (options: {
  readonly workerFile: URL | string;
  /** Threads; user k is run by thread k mod workers. */
  readonly workers?: number;
}): LoadEngine => ({
  run: (plan: LoadPlan, { signal, onProgress }) =>
    new LoadRun({ plan, workerFile: options.workerFile, workers: options.workers ?? 1, signal, onProgress }).result,
});
