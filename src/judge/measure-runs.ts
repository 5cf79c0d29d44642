import type { RunSummary } from "../record/summary.ts";
import { tailBeyond } from "../stats/error-parts.ts";
import { differenceError, mean, type Spread } from "../stats/prediction.ts";
import { serialCorrelation, widenedFor } from "../stats/serial-correlation.ts";
import type { LogData, Response } from "./latency.ts";
import { SOFTEST_LEVEL } from "./levels.ts";
import type { LogQuestion, LogSource } from "./log-source.ts";
import { youngLogContrast, youngStep } from "./plateau.ts";
import { NO_PRIOR, type Prior, priorFor, runSpread, toldPrior } from "./spread.ts";
import { countOfRuns, percent } from "./wording.ts";

/** The base's runs plateau by plateau, oldest first; the last one is what the head is compared with. */
export type Plateaus = readonly (readonly RunSummary[])[];

/**
 * Prediction interval for the heads' mean from the current plateau's runs, half width t * s * sqrt(1/n + 1/m). A step
 * starts a new level; how much runs scatter is learned from all plateaus, each around its own mean.
 */
export const logsOfRuns = (asked: LogQuestion, head: Response, plateaus: Plateaus): LogData => {
  const { question, sides, source } = asked;
  const current = plateaus.at(-1) ?? [];
  const { spread, shown, prior } = spreadOf(asked, plateaus);
  const errorOf = (of: Spread) => differenceError(of, current.length, sides.heads.length);
  return {
    worse: question.info.worse,
    head,
    parts: [{ of: "runs", ...errorOf(spread) }],
    own: shown === null ? null : errorOf(shown),
    doubt: baseMoved(asked, current),
    shown: {
      design: "runs",
      base: current.map(source.figure),
      head: sides.heads.map(source.figure),
      prior: toldPrior(prior),
    },
  };
};

/** Fewer differences than these say too little of a spread to do without the documented one. */
const LEAST_SHOWN = 2;

type RunSpread = {
  /** What all plateaus and the heads show, and the prior that still counts. */
  readonly spread: Spread;
  /** What they show by themselves where a documented prior still counts; `null` where none does, or they are too few. */
  readonly shown: Spread | null;
  readonly prior: Prior;
};

/** Spread between runs of one code. */
export const spreadOf = ({ question, sides, source }: LogQuestion, plateaus: Plateaus): RunSpread => {
  const known = plateaus.reduce((sum, runs) => sum + runs.length, 0);
  const prior = priorFor(question, sides.noise, { base: known, heads: sides.heads.length });
  const heads = sides.heads.every((head) => source.figure(head) > 0) ? [sides.heads] : [];
  const base = plateaus.map((runs) => logsOf(runs, source));
  const groups = [...base, ...heads.map((runs) => logsOf(runs, source))];
  const byThemselves = (): Spread =>
    widenedFor(serialCorrelation(base), plateaus.at(-1)?.length ?? 0, runSpread(groups, NO_PRIOR));
  if (prior.weight === 0) return { spread: byThemselves(), shown: null, prior };
  const spread = runSpread(groups, prior);
  const tells = spread.dataDf >= LEAST_SHOWN && prior.calibrated !== true;
  return { spread, shown: tells ? byThemselves() : null, prior };
};

/**
 * The base's newest runs have moved for the worse, too few for a plateau of their own, and the head is no worse than they
 * are: then what it shows came in with the base. A clause, `null` when that is not so.
 */
const baseMoved = (asked: LogQuestion, current: readonly RunSummary[]): string | null => {
  const { question, sides, source } = asked;
  const cut = youngStep(logsOf(current, source), youngLogContrast);
  if (cut === null) return null;
  const [before, young] = [current.slice(0, cut), current.slice(cut)];
  const sign = question.info.worse === "up" ? 1 : -1;
  const step = mean(logsOf(young, source)) - mean(logsOf(before, source));
  if (sign * step <= 0) return null;
  const { spread } = spreadOf(asked, [before, young]);
  const beyond = sign * (mean(logsOf(sides.heads, source)) - mean(logsOf(young, source)));
  if (tailBeyond([differenceError(spread, young.length, sides.heads.length)], beyond) <= SOFTEST_LEVEL) return null;
  return `the base itself moved by ${percent(Math.expm1(step))} in its newest ${countOfRuns(young.length)}, and this change is not beyond that`;
};

export const logsOf = (runs: readonly RunSummary[], source: LogSource): readonly number[] =>
  runs.map((run) => Math.log(source.figure(run)));
