import { environmentsNeeded, timePerCall } from "../record/environments.ts";
import type { FunctionSummary, RunSummary } from "../record/summary.ts";
import { geometricMean, mean } from "../stats/prediction.ts";
import type { Response } from "./latency.ts";
import type { Sides } from "./measured.ts";

/** AWS's count and ours agree within this share at best (SPEC 12.2): smaller differences in calls are no difference. */
const COUNT_TOLERANCE = 0.02;
/** Search range of the log: beyond e^20 nothing is a duration. */
const FARTHEST = 20;
const PRECISION = 1e-9;

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
  functionsOf(run, scope).reduce((sum, one) => sum + one.callsPerRequest * timePerCall(one), 0);

/** All functions, or the one that the scope names. */
export const functionsOf = (run: RunSummary, scope: string | null): readonly FunctionSummary[] =>
  scope === null ? run.functions : run.functions.filter((one) => one.function === scope);

/** Each function over several runs: geometric mean of its durations, mean of its calls. */
export const averageFunctions = (runs: readonly RunSummary[], scope: string | null): readonly FunctionSummary[] => {
  const all = runs.flatMap((run) => functionsOf(run, scope));
  return [...new Set(all.map((one) => one.function))].map((name) => {
    const same = all.filter((one) => one.function === name);
    const cold = same.flatMap((one) => one.coldMs ?? []);
    const perEnvironment = same.at(-1)?.perEnvironment;
    return {
      function: name,
      callsPerRequest: mean(same.map((one) => one.callsPerRequest)),
      durationMs: geometricMean(same.map((one) => one.durationMs)),
      ...(cold.length === 0 ? {} : { coldMs: mean(cold) }),
      ...(perEnvironment === undefined ? {} : { perEnvironment }),
    };
  });
};

/**
 * Both sides with what cold starts add, or neither: a run whose logs were read would look hungrier than one without. A
 * head that has nothing to be compared with keeps what it knows.
 */
export const withComparableColds = (sides: Sides): Sides => {
  const runs = [...sides.base, ...sides.heads];
  const blind = new Set(
    runs.flatMap((run) => run.functions.flatMap((one) => (one.coldMs === undefined ? [one.function] : []))),
  );
  if (blind.size === 0) return sides;
  const without = (run: RunSummary): RunSummary => ({
    ...run,
    functions: run.functions.map((one) => {
      const { coldMs: _, ...rest } = one;
      return blind.has(one.function) ? rest : one;
    }),
  });
  return { ...sides, base: sides.base.map(without), heads: sides.heads.map(without) };
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
