import { environmentsNeeded } from "../record/environments.ts";
import type { Counts, RunSummary } from "../record/summary.ts";
import { fisherHigher } from "../stats/exact-tests.ts";
import { geometricMean, mean } from "../stats/prediction.ts";
import { stepsAround } from "./accepted-steps.ts";
import { against, plateauOf } from "./against.ts";
import { type CountRules, compareCounts, observeCounts } from "./counts.ts";
import { headGap, usableBase } from "./gaps.ts";
import { plainResponse } from "./latency.ts";
import { SOFTEST_LEVEL } from "./levels.ts";
import { measureLogs } from "./measure-logs.ts";
import type { Measured, Question, Sides } from "./measured.ts";
import { countContrast, findSteps, pooled, youngCountContrast, youngStep } from "./plateau.ts";
import {
  averageFunctions,
  busyPerRequest,
  environmentsResponse,
  functionsOf,
  withComparableColds,
  withSettledCalls,
} from "./required-concurrency.ts";
import { amount, countOfRuns, points } from "./wording.ts";

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

const countsOf = (question: Question, runs: readonly RunSummary[]): readonly Counts[] =>
  runs.flatMap((run) => run.counts[question.id] ?? []);

const measureCounts = (question: Question, sides: Sides): Measured => {
  const heads = countsOf(question, sides.heads);
  const usable = usableBase(question, sides);
  const apart = sides.design.kind === "runs";
  const steps = apart
    ? stepsAround(question.id, usable, (part) => findSteps(countsOf(question, part), countContrast))
    : [];
  const plateau = plateauOf(question, usable, steps, (runs) => shareOf(countsOf(question, runs)));
  const rules: CountRules = {
    bursts: question.info.id !== "failure-rate" ? null : sides.design.kind === "rounds" ? "rounds" : "parts",
    headRuns: apart ? heads.length : 1,
    doubt: apart ? baseMoved(question, usable, heads) : null,
  };
  return {
    kind: "observed",
    observed: observeCounts(heads),
    remark: null,
    survivorsOnly: null,
    networkMoved: null,
    against: against(question, sides, plateau, (runs) => ({
      comparison: compareCounts(countsOf(question, runs), heads, rules),
      samples: pooled(countsOf(question, runs)).trials,
    })),
  };
};

const shareOf = (counts: readonly Counts[]): number => {
  const tally = pooled(counts);
  return tally.events / tally.trials;
};

/** As for latencies: what the base's newest runs show already did not come with this change. */
const baseMoved = (question: Question, usable: readonly RunSummary[], heads: readonly Counts[]): string | null => {
  const counts = countsOf(question, usable);
  const cut = youngStep(counts, youngCountContrast);
  if (cut === null) return null;
  const [before, young] = [counts.slice(0, cut), counts.slice(cut)];
  const step = shareOf(young) - shareOf(before);
  if (step <= 0 || fisherHigher(pooled(heads), pooled(young)) <= SOFTEST_LEVEL) return null;
  return `the base itself moved by ${points(step)} in its newest ${countOfRuns(young.length)}, and this change is not beyond that`;
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
