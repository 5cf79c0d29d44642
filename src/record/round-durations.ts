/** Lambda's Duration in the rounds of one arm, as far as their REPORT lines are whole. */
import { hasForeignLines, isShortOfLines } from "../cloud/starts.ts";
import { countRequests } from "../load/outcome.ts";
import type { RoundArm, RoundDuration } from "./record.ts";
import type { Figures } from "./summarise.ts";

/** Means by metric id, and the invocations behind them. */
export type DurationFigures = Pick<Figures, "values" | "samples">;

/** What is said where lines were not read, or do not agree with what was sent. */
export const NO_DURATIONS: DurationFigures = { values: {}, samples: {} };

/**
 * `lambda-duration` of each segment, weighted by invocations as CloudWatch's is, and with several functions
 * `lambda-duration@function`: under the head's names, as the base calls its functions differently and the i-th of one is the
 * i-th of the other, where there are as many. A segment whose lines are not whole says nothing: the mean of those
 * that were found would be a choice. A request may call one of several functions, or all: there the calls of each per
 * request must be what they are in the other rounds.
 */
export const durationFigures = (arms: readonly RoundArm[], heads: readonly string[]): readonly DurationFigures[] => {
  const usual = callsPerRequest(arms);
  return arms.map((arm) => {
    const { durations } = arm;
    if (durations === undefined || !isWhole(arm, durations, usual)) return NO_DURATIONS;
    const names = durations.map((one, at) => (heads.length === durations.length && heads[at]) || one.function);
    const scopes = durations.length > 1 ? durations.map((one, at) => ({ id: `@${names[at]}`, of: [one] })) : [];
    const figures = [{ id: "", of: durations }, ...scopes].flatMap(({ id, of }) => {
      const mean = weighted(of);
      return mean === null ? [] : [{ id: `lambda-duration${id}`, mean, behind: invocationsOf(of) }];
    });
    return {
      values: Object.fromEntries(figures.map(({ id, mean }) => [id, mean])),
      samples: Object.fromEntries(figures.map(({ id, behind }) => [id, behind])),
    };
  });
};

const isWhole = ({ outcomes }: RoundArm, durations: readonly RoundDuration[], usual: readonly number[]): boolean => {
  const all = invocationsOf(durations);
  if (isShortOfLines(outcomes, all)) return false;
  if (durations.length === 1) return !hasForeignLines(outcomes, all);
  const requests = countRequests(outcomes);
  return durations.every(({ invocations }, at) => isUsual(invocations, requests * (usual[at] ?? 0)));
};

/** Which requests a round picked is chance: four standard deviations of a Poisson count beside what edges may move. */
const isUsual = (invocations: number, expected: number): boolean =>
  Math.abs(invocations - expected) <= 0.05 * expected + 4 * Math.sqrt(expected);

/** Calls of each function per request, over all segments that were read. */
const callsPerRequest = (arms: readonly RoundArm[]): readonly number[] => {
  const read = arms.filter(({ durations }) => durations !== undefined);
  const requests = read.reduce((sum, { outcomes }) => sum + countRequests(outcomes), 0);
  const functions = Math.max(0, ...read.map(({ durations = [] }) => durations.length));
  return Array.from({ length: functions }, (_, at) =>
    requests === 0
      ? 0
      : read.reduce((sum, { durations = [] }) => sum + (durations[at]?.invocations ?? 0), 0) / requests,
  );
};

const weighted = (durations: readonly RoundDuration[]): number | null => {
  const all = invocationsOf(durations);
  return all === 0 ? null : durations.reduce((sum, one) => sum + (one.durationMs ?? 0) * one.invocations, 0) / all;
};

const invocationsOf = (durations: readonly RoundDuration[]): number =>
  durations.reduce((sum, { invocations }) => sum + invocations, 0);
