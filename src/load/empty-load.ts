import { type EpochMs, seconds } from "../units.ts";
import { noOutcomes } from "./outcome.ts";
import type { LoadResult } from "./result.ts";
import { type TalliedPlan, tallyLoad } from "./tally.ts";

/** The result of a load that was never started, because the target was not ready: every count 0, every latency `null`. */
export const emptyLoad = (plan: TalliedPlan, at: EpochMs): LoadResult =>
  tallyLoad([], {
    plan,
    start: at,
    seconds: seconds(0),
    stopped: "run-time",
    workers: 0,
    memoryMb: 0,
    linkMbit: null,
    host: [],
    warmUp: { start: null, requests: 0, outcomes: noOutcomes() },
    preWarm: { requests: 0, outcomes: noOutcomes() },
  });
