import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createEngine } from "../../src/load/engine/engine.ts";
import type { LoadPlan } from "../../src/load/plan.ts";
import type { LoadProgress, LoadResult } from "../../src/load/result.ts";
import { millis, perSecond, seconds } from "../../src/units.ts";
import type { TargetCounts, TargetKind } from "./engine-target.ts";

export type Target = {
  readonly origin: string;
  /** What arrived since the last call. */
  readonly counts: () => Promise<TargetCounts>;
  readonly stop: () => Promise<unknown>;
};

export const startTarget = async (kind: TargetKind = "http"): Promise<Target> => {
  const thread = new Worker(new URL("./engine-target.ts", import.meta.url), { workerData: kind });
  const [{ port }] = await once(thread, "message");
  return {
    origin: `${kind === "http" ? "http" : "https"}://127.0.0.1:${port}`,
    counts: async () => {
      thread.postMessage("counts");
      const [counts] = await once(thread, "message");
      return counts;
    },
    stop: () => thread.terminate(),
  };
};

export const get = (path: string, weight = 1) => ({
  name: `GET ${path}`,
  weight,
  request: { method: "GET", path, headers: {}, body: null },
});

/** A small load: 4 users at once, a second, no warm-up. */
export const planFor = (target: { readonly origin: string }, change: Partial<LoadPlan> = {}): LoadPlan => ({
  origin: target.origin,
  headers: {},
  userAgent: "swarmgate/test",
  tasks: [get("/")],
  scenario: null,
  allowedHosts: [],
  users: 4,
  spawnRate: perSecond(1000),
  rate: null,
  stages: null,
  runTime: seconds(1),
  warmUp: seconds(0),
  preWarm: 0,
  waitTime: { kind: "constant", seconds: seconds(0.05) },
  timeout: millis(5000),
  stopTimeout: millis(2000),
  seed: 1,
  maxRequests: 100_000,
  stopIf: null,
  insecure: false,
  http2: false,
  ...change,
});

export const workerFile = new URL("../../src/load/engine/worker.ts", import.meta.url);

export const runLoad = (
  plan: LoadPlan,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: LoadProgress) => void;
    readonly onLog?: (line: string) => void;
    readonly workers?: number;
    readonly workerFile?: URL;
  } = {},
): Promise<LoadResult> =>
  createEngine({ workerFile: options.workerFile ?? workerFile, workers: options.workers ?? 1 }).run(plan, {
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    onLog: options.onLog ?? (() => {}),
  });
