import type { FunctionSummary, RunSummary } from "../record/summary.ts";
import { geometricMean, mean } from "../stats/prediction.ts";
import type { Response } from "./latency.ts";

/** Lambda takes at most 10 requests per second for each environment of concurrency (reference/aws-semantics.md section 3). */
const REQUESTS_PER_ENVIRONMENT = 10;
const MS_PER_SECOND = 1000;
/** AWS's count and ours agree within this share at best (SPEC 12.2): smaller differences in calls are no difference. */
const COUNT_TOLERANCE = 0.02;
/** Search range of the log: beyond e^20 nothing is a duration. */
const FARTHEST = 20;
const PRECISION = 1e-9;

/**
 * Execution environments that a rate of requests per second needs, not rounded: over all functions the sum of
 * max(rate x W, rate / 10), the rate being the function's own share of ours (SPEC 5.4). `shift` raises the log of all
 * durations.
 */
export const environmentsNeeded = (functions: readonly FunctionSummary[], rate: number, shift = 0): number =>
  functions.reduce((sum, { callsPerRequest, durationMs }) => {
    const ownRate = rate * callsPerRequest;
    const busy = (ownRate * durationMs * Math.exp(shift)) / MS_PER_SECOND;
    return sum + Math.max(busy, ownRate / REQUESTS_PER_ENVIRONMENT);
  }, 0);

/**
 * How environments answer to noise in the durations. Below 100 ms a function needs its rate / 10 whatever its duration,
 * so noise there moves nothing.
 */
export const environmentsResponse = (functions: readonly FunctionSummary[], rate: number): Response => {
  const at = (shift: number): number => environmentsNeeded(functions, rate, shift);
  const value = at(0);
  return { value, at, above: (target) => fallTo(target, at) };
};

/** Milliseconds of Lambda time behind one request of ours: what is compared between runs to find steps and spread. */
export const busyPerRequest = (run: RunSummary, scope: string | null): number =>
  functionsOf(run, scope).reduce((sum, one) => sum + one.callsPerRequest * one.durationMs, 0);

/** All functions, or the one that the scope names. */
export const functionsOf = (run: RunSummary, scope: string | null): readonly FunctionSummary[] =>
  scope === null ? run.functions : run.functions.filter((one) => one.function === scope);

/** Each function over several runs: geometric mean of its durations, mean of its calls. */
export const averageFunctions = (runs: readonly RunSummary[], scope: string | null): readonly FunctionSummary[] => {
  const all = runs.flatMap((run) => functionsOf(run, scope));
  return [...new Set(all.map((one) => one.function))].map((name) => {
    const same = all.filter((one) => one.function === name);
    return {
      function: name,
      callsPerRequest: mean(same.map((one) => one.callsPerRequest)),
      durationMs: geometricMean(same.map((one) => one.durationMs)),
    };
  });
};

/** The head's functions, with the base's calls per request where they differ by no more than counting does. */
export const withSettledCalls = (
  head: readonly FunctionSummary[],
  base: readonly FunctionSummary[],
): readonly FunctionSummary[] =>
  head.map((one) => {
    const calls = base.find((other) => other.function === one.function)?.callsPerRequest;
    const same = calls !== undefined && Math.abs(one.callsPerRequest - calls) <= COUNT_TOLERANCE * calls;
    return same ? { ...one, callsPerRequest: calls } : one;
  });

/** The smallest fall of the log that brings a rising function down (or, negative, up) to `target`; infinite if none does. */
const fallTo = (target: number, at: (shift: number) => number): number => {
  const now = at(0);
  const [low, high] = [target * (1 - PRECISION), target * (1 + PRECISION)];
  if (now >= low && now <= high) return 0;
  const direction = now > target ? 1 : -1;
  const reached = (fall: number): boolean => (direction === 1 ? at(-fall) <= high : at(fall) >= low);
  if (!reached(FARTHEST)) return direction * Number.POSITIVE_INFINITY;
  let [no, yes] = [0, FARTHEST];
  for (let step = 0; step < 60; step++) {
    const middle = (no + yes) / 2;
    if (reached(middle)) yes = middle;
    else no = middle;
  }
  return direction * yes;
};
