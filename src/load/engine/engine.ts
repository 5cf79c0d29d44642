import type { LoadEngine } from "../../ports.ts";
import { mostUsers } from "../model.ts";
import type { LoadPlan } from "../plan.ts";
import { partOf, planOfShard } from "../shard.ts";
import { LoadRun } from "./load-run.ts";

/**
 * The load engine: users in worker threads, the calling thread only adds up. `workerFile` is the built or source
 * `worker.ts`. The promise of `run` always resolves: a worker that dies gives `stopped: "worker-lost"` with everything
 * reported up to the second before, an abort `"interrupted"` with the seconds that were run.
 */
export const createEngine = (options: {
  readonly workerFile: URL | string;
  /** Threads; user k is run by thread k mod workers. Never more than there are users. */
  readonly workers?: number;
  /** The process's environment, for the variables that name proxies. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}): LoadEngine => ({
  run: (plan: LoadPlan, { signal, onProgress, onLog = () => {}, startAt, signing, onLive, control }) =>
    new LoadRun({
      plan: planOfShard(plan),
      workerFile: options.workerFile,
      workers: Math.max(1, Math.min(options.workers ?? 1, partOf(mostUsers(plan), plan.shard))),
      environment: proxyVariables(options.environment ?? {}),
      signing: signing ?? null,
      signal,
      onProgress,
      startAt: startAt ?? null,
      onLog,
      onLive: onLive ?? null,
      control: control ?? null,
    }).result,
});

const proxyVariables = (
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => /^(https?|no)_proxy$/i.test(name)));
