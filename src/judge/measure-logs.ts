import type { RunSummary } from "../record/summary.ts";
import { geometricMean } from "../stats/prediction.ts";
import { stepsAround } from "./accepted-steps.ts";
import { against, plateauOf } from "./against.ts";
import { usableBase } from "./gaps.ts";
import { compareLogs, type LogData, observeLogs, type Response } from "./latency.ts";
import type { Gap, Measured, Question, Sides } from "./measured.ts";
import { findSteps, logContrast } from "./plateau.ts";
import { runSpread } from "./spread.ts";
import { percent } from "./wording.ts";

/** Latencies of the survivors say little once this share of the requests failed (SPEC 12.1). */
const FAILING_SHARE = 0.1;

/** How the metrics on a log scale differ: where their figure comes from, and how the head's value answers to noise. */
export type LogSource = {
  /** What is compared between runs; 0 has no logarithm and is no figure. */
  readonly figure: (run: RunSummary) => number;
  /** The base's value over its plateau, in the metric's unit. */
  readonly level: (runs: readonly RunSummary[]) => number;
  readonly response: (plateau: readonly RunSummary[]) => Response;
  readonly samples: (runs: readonly RunSummary[]) => number;
  readonly remark: (plateau: readonly RunSummary[]) => string | null;
};

/** Measures a metric on the log scale: plateau, spread, both sides, and what cannot be compared. */
export const measureLogs = (question: Question, sides: Sides, source: LogSource): Measured => {
  const { info } = question;
  const logs = (runs: readonly RunSummary[]): readonly number[] => runs.map((run) => Math.log(source.figure(run)));
  const usable = usableBase(question, sides.base).filter((run) => source.figure(run) > 0);
  const steps = stepsAround(question.id, usable, (part) => findSteps(logs(part), logContrast));
  const plateau = plateauOf(question, usable, steps, (runs) => geometricMean(runs.map(source.figure)));
  const runs = plateau?.runs ?? [];
  const headIsZero = sides.heads.some((head) => !(source.figure(head) > 0));
  const data: LogData = {
    worse: info.worse,
    head: source.response(runs),
    spread: runSpread(logs(runs), headIsZero ? [] : logs(sides.heads), info.prior ?? 0),
    baseRuns: runs.length,
    headRuns: sides.heads.length,
    headSamples: source.samples(sides.heads),
  };
  const onlyZeros = usable.length === 0 && usableBase(question, sides.base).length > 0;
  const zero = headIsZero ? "this run" : onlyZeros ? "the base" : null;
  return {
    kind: "observed",
    observed: observeLogs(data),
    remark: source.remark(runs),
    survivorsOnly: survivorsOnly(question, sides.heads),
    networkMoved: null,
    against:
      zero === null
        ? against(question, sides, plateau, (used) => ({
            comparison: compareLogs(data, source.level(used)),
            samples: source.samples(used),
          }))
        : { kind: "gap", gap: noLogarithm(question, zero, data.head.value) },
  };
};

const noLogarithm = ({ id, info }: Question, whose: string, head: number): Gap => ({
  verdict: "inconclusive",
  code: info.source === "cloud" ? "cloud-incomplete" : "no-requests",
  head: Number.isFinite(head) ? head : null,
  reason: `${id} of ${whose} is 0, and a change from or to 0 has no ratio`,
});

const survivorsOnly = ({ info, scope }: Question, heads: readonly RunSummary[]): string | null => {
  if (info.family !== "latency" || info.source !== "client") return null;
  const shares = heads.map((head) => {
    const own = scope === null ? undefined : head.counts[`failure-rate@${scope}`];
    return own === undefined || own.trials === 0 ? head.failureShare : own.events / own.trials;
  });
  const worst = Math.max(...shares);
  return worst > FAILING_SHARE ? `${percent(worst).slice(1)} of the requests failed` : null;
};
