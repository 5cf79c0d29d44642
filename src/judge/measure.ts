import { environmentsNeeded } from "../record/environments.ts";
import type { RunSummary } from "../record/summary.ts";
import { geometricMean, mean } from "../stats/prediction.ts";
import { stepsAround } from "./accepted-steps.ts";
import { against, plateauOf } from "./against.ts";
import { compareCounts, observeCounts } from "./counts.ts";
import { headGap, usableBase } from "./gaps.ts";
import { plainResponse } from "./latency.ts";
import { measureLogs } from "./measure-logs.ts";
import type { Measured, Question, Sides } from "./measured.ts";
import { countContrast, findSteps, pooled } from "./plateau.ts";
import {
  averageFunctions,
  busyPerRequest,
  environmentsResponse,
  functionsOf,
  withComparableColds,
  withSettledCalls,
} from "./required-concurrency.ts";
import { amount } from "./wording.ts";

/** What head and base show about one metric; `null` when it was neither asked for nor measured. */
export const measure = (question: Question, sides: Sides): Measured | null => {
  const gap = headGap(question, sides);
  if (gap === "absent") return null;
  if (gap !== null) return { kind: "gap", gap };
  if (question.info.family === "counts") return measureCounts(question, sides);
  return question.info.id === "required-concurrency"
    ? measureEnvironments(question, sides)
    : measureValues(question, sides);
};

const measureCounts = (question: Question, sides: Sides): Measured => {
  const countsOf = (runs: readonly RunSummary[]) => runs.flatMap((run) => run.counts[question.id] ?? []);
  const heads = countsOf(sides.heads);
  const usable = usableBase(question, sides.base);
  const steps = stepsAround(question.id, usable, (part) => findSteps(countsOf(part), countContrast));
  const plateau = plateauOf(question, usable, steps, (runs) => {
    const tally = pooled(countsOf(runs));
    return tally.events / tally.trials;
  });
  return {
    kind: "observed",
    observed: observeCounts(heads),
    remark: null,
    survivorsOnly: null,
    networkMoved: null,
    against: against(question, sides, plateau, (runs) => ({
      comparison: compareCounts(countsOf(runs), heads, { burstsDoubted: question.info.id === "failure-rate" }),
      samples: pooled(countsOf(runs)).trials,
    })),
  };
};

const measureValues = (question: Question, sides: Sides): Measured => {
  const valuesOf = (runs: readonly RunSummary[]) => runs.map((run) => run.values[question.id] ?? 0);
  const samples = (runs: readonly RunSummary[]) => runs.reduce((sum, run) => sum + (run.samples[question.id] ?? 0), 0);
  return measureLogs(question, sides, {
    figure: (run) => run.values[question.id] ?? 0,
    level: (runs) => geometricMean(valuesOf(runs)),
    response: () => plainResponse(geometricMean(valuesOf(sides.heads))),
    samples,
    remark: () => null,
  });
};

const measureEnvironments = (question: Question, given: Sides): Measured => {
  const sides = withComparableColds(given);
  const { scope } = question;
  const rateOf = (base: readonly RunSummary[]): number =>
    sides.referenceRps ?? mean((base.length > 0 ? base : sides.heads).map((run) => run.rate));
  return measureLogs(question, sides, {
    figure: (run) => busyPerRequest(run, scope),
    level: (plateau) => environmentsNeeded(averageFunctions(plateau, scope), rateOf(plateau)),
    response: (plateau) =>
      environmentsResponse(
        withSettledCalls(averageFunctions(sides.heads, scope), averageFunctions(plateau, scope)),
        rateOf(plateau),
      ),
    samples: (runs) => runs.reduce((sum, run) => sum + functionsOf(run, scope).length, 0),
    remark: (plateau) => {
      const whose = sides.referenceRps !== null ? "reference-rps" : plateau.length > 0 ? "the base's rate" : null;
      const rate = amount(rateOf(plateau), "rps");
      return whose === null
        ? `at this run's own ${rate}, for want of a baseline or reference-rps`
        : `at ${rate} (${whose})`;
    },
  });
};
