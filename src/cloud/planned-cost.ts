import { grouped } from "../config/numbers.ts";
import { type Problem, usageProblem } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import { plannedRequests } from "../load/planned-requests.ts";
import { millis } from "../units.ts";
import { type BilledFunction, costOf } from "./cost.ts";
import type { FunctionFacts } from "./facts.ts";
import { addressedFrontEnd } from "./front-ends.ts";
import type { PriceTable } from "./prices.ts";

/** Billed time and memory of an invocation of which nothing is known: rather more than usual, so that a bound holds. */
const ASSUMED_MS = 500;
const ASSUMED_MB = 1024;

export type PlannedRun = {
  readonly plan: LoadPlan;
  readonly url: string;
  readonly region: string | null;
  /** Configurations of the functions, as far as they could be read. */
  readonly functions: readonly FunctionFacts[];
  /** What an invocation took in the baseline, with its share of cold starts; `null` without one that is known now. */
  readonly baseline:
    | readonly { readonly callsPerRequest: number; readonly durationMs: number; readonly coldMs?: number }[]
    | null;
};

export type PlannedCost = {
  /** US dollars. */
  readonly usd: number;
  readonly requests: number;
  /** How it was estimated, as the end of a sentence. */
  readonly text: string;
};

/**
 * What a run will cost at list prices, before it starts: its requests, each as long as in the baseline, else half a second
 * (or the time that a request may take, if that is less), at the memory of the largest function, else 1,024 MB. Without a
 * baseline each request is taken for one invocation.
 */
export const plannedCost = (run: PlannedRun, prices: PriceTable): PlannedCost => {
  const { plan, url, region, functions, baseline } = run;
  const known = baseline?.filter(({ durationMs, callsPerRequest }) => durationMs > 0 && callsPerRequest > 0) ?? [];
  const memory = largestMemory(functions);
  const assumed = { callsPerRequest: 1, durationMs: assumedMs(plan, functions) };
  const calls = known.length > 0 ? known : [assumed];
  const architecture =
    functions.length > 0 && functions.every((one) => one.architecture === "arm64") ? "arm64" : "x86_64";
  const billed = calls.map(
    ({ callsPerRequest, durationMs, ...rest }): BilledFunction => ({
      memoryMb: memory ?? ASSUMED_MB,
      architecture,
      billedMs: durationMs + ("coldMs" in rest ? (rest.coldMs ?? 0) : 0),
      callsPerRequest,
      ephemeralMb: 0,
    }),
  );
  const perRequest = billed.reduce((sum, one) => sum + one.callsPerRequest * one.billedMs, 0);
  const requests = plannedRequests(plan, millis(perRequest));
  const frontEnd = addressedFrontEnd(url, plan.headers);
  const { total } = costOf({ functions: billed, frontEnd, region }, requests, prices);
  const time = `${Math.max(1, Math.round(perRequest))} ms (${known.length > 0 ? "as in the baseline" : "assumed"})`;
  const size = `${grouped(memory ?? ASSUMED_MB)} MB${memory === null ? " (assumed)" : ""}`;
  return { usd: total, requests, text: `${grouped(requests)} requests of ${time} at ${size} and list prices` };
};

/** Why the run is not started; `null` when it costs no more than it may. */
export const costProblem = (planned: PlannedCost, maxUsd: number): Problem | null => {
  if (planned.usd <= maxUsd) return null;
  return usageProblem(
    "max-cost-exceeded",
    `The run would cost about ${dollars(planned.usd)}, more than max-cost allows (${dollars(maxUsd)}): ${planned.text}.`,
    "Ask for fewer users, a lower rate or a shorter run-time, bound it with max-requests, or raise max-cost.",
  );
};

const largestMemory = (functions: readonly FunctionFacts[]): number | null => {
  const sizes = functions.flatMap(({ memoryMb }) => (memoryMb === null ? [] : [memoryMb]));
  return sizes.length === 0 ? null : Math.max(...sizes);
};

/** Nothing is billed for longer than the function may run. */
const assumedMs = ({ timeout }: LoadPlan, functions: readonly FunctionFacts[]): number => {
  const limits = functions.flatMap(({ timeoutMs }) => (timeoutMs === null ? [] : [timeoutMs]));
  return Math.min(ASSUMED_MS, timeout, limits.length === 0 ? ASSUMED_MS : Math.max(...limits));
};

/** Cents, and two digits of what is less than a cent. */
const dollars = (usd: number): string => `$${usd >= 0.01 ? usd.toFixed(2) : Number(usd.toPrecision(2))}`;
