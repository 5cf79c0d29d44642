import type { RoundSummary } from "../record/summary.ts";
import { type ErrorPart, standardError } from "../stats/error-parts.ts";
import { differenceError, geometricMean } from "../stats/prediction.ts";
import { errorOfRounds } from "../stats/rounds.ts";
import { deploymentPart } from "./deployment.ts";
import type { LogData, Response } from "./latency.ts";
import type { LogQuestion } from "./log-source.ts";
import { LEAST_ROUNDS } from "./looks.ts";
import type { Design } from "./measured.ts";
import { priorFor, runSpread, toldPrior } from "./spread.ts";

/**
 * Log-ratios of the rounds: what both arms share in a round cancels, what is left scatters between the rounds; beside it
 * stands what a deployment adds to all of its rounds alike (reference/ci-gates.md 10.3).
 */
export const logsOfRounds = (
  { question, sides, source }: LogQuestion,
  head: Response,
  { first, whole }: Extract<Design, { kind: "rounds" }>,
): LogData => {
  const base = sides.base.map(source.figure);
  const heads = sides.heads.map(source.figure);
  const ratios = heads.map((value, i) => ({ log: Math.log(value / (base[i] ?? value)), first: first[i] ?? null }));
  const deployment = { of: "deployment", ...deploymentPart(question.id, sides.noise) } as const;
  const prior = priorFor(question, sides.noise, ONE_EACH);
  // One round shows no scatter of its own: what runs scatter stands in, so that there is an interval at all.
  const scatter =
    ratios.length > 1
      ? ({ of: "rounds", ...errorOfRounds(ratios) } as const)
      : ({ of: "runs", ...differenceError(runSpread([], prior), 1, 1) } as const);
  return {
    worse: question.info.worse,
    head,
    parts: [scatter, deployment],
    own: null,
    doubt: null,
    shown: {
      design: "rounds",
      base,
      head: heads,
      prior: ratios.length > 1 ? null : toldPrior(prior),
      ...(whole === undefined ? {} : { whole }),
    },
  };
};

/**
 * Each arm read once, over all its rounds: CloudWatch is too coarse for rounds. The arms shared their time, so what is left
 * is bounded by what the rounds show of the service time of the same requests, which holds the handler's. Where the
 * rounds cannot tell, or tell less than the documented spread between runs, that spread stands in, as for one run against
 * one.
 */
export const logsOfArms = (
  { question, sides, source }: LogQuestion,
  head: Response,
  { rounds, whole }: Extract<Design, { kind: "arms" }>,
): LogData => {
  const base = sides.base.map(source.figure);
  const heads = sides.heads.map(source.figure);
  const prior = priorFor(question, sides.noise, ONE_EACH);
  const asRuns = differenceError(runSpread([], prior), 1, 1);
  const shown = errorOfService(rounds, serviceOf(question.info.id), {
    base: Math.min(...base),
    head: Math.min(...heads),
  });
  const told = shown !== null && standardError([shown]) < standardError([asRuns]) ? shown : null;
  return {
    worse: question.info.worse,
    head,
    parts: [
      told === null ? { of: "runs", ...asRuns } : { of: "arms", ...told },
      { of: "deployment", ...deploymentPart(question.id, sides.noise) },
    ],
    own: null,
    doubt: null,
    shown: {
      design: "arms",
      base,
      head: heads,
      prior: told === null ? toldPrior(prior) : null,
      ...(whole === undefined ? {} : { whole }),
    },
  };
};

/** Arms stand for one run against one where their rounds do not tell more. */
const ONE_EACH = { base: 1, heads: 1 };

type Side = "base" | "head";
type ServiceTime = (round: RoundSummary, side: Side) => number | null;

/** The service time that a handler's figure is a part of: the same quantile, or the mean. */
const serviceOf = (id: string): ServiceTime => {
  const [, quantile] = /^lambda-duration-(p\d+)$/.exec(id) ?? [];
  return quantile === undefined
    ? (round, side) => round.serviceMean[side]
    : (round, side) => round[side].values[`service-${quantile}`] ?? null;
};

/** Relative error of the handler's share: that of the service time, times how much longer the service time is. */
const errorOfService = (
  rounds: readonly RoundSummary[],
  time: ServiceTime,
  handler: Readonly<Record<Side, number>>,
): ErrorPart | null => {
  const pairs = rounds.flatMap((round) => {
    const [base, head] = [time(round, "base"), time(round, "head")];
    return base === null || head === null || base <= 0 || head <= 0 ? [] : [{ base, head, first: round.first }];
  });
  // Rounds that are too few to decide say too little of their own scatter to speak for another metric.
  if (pairs.length < rounds.length || pairs.length < LEAST_ROUNDS) return null;
  const error = errorOfRounds(pairs.map(({ base, head, first }) => ({ log: Math.log(head / base), first })));
  const longer = (["base", "head"] as const).map(
    (side) => geometricMean(pairs.map((pair) => pair[side])) / handler[side],
  );
  return { ...error, sd: error.sd * Math.max(1, ...longer) };
};
