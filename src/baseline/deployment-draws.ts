import { between, mapOf, object, orNull, type Reader, text } from "../record/reader.ts";
import type { TestFingerprint } from "../record/record.ts";
import { identifier, isoTime, testFingerprint } from "../record/run-readers.ts";
import { measuredSd, oldestFirst, roundCount } from "./calibration.ts";
import { loadDifferences } from "./compatible.ts";
import type { MeasuredSd } from "./noise-floor.ts";

/** Draws that a history carries: beyond these the documented term counts for little (docs/adr/0023-deployment-term.md). */
export const DRAWS_KEPT = 20;
const MAX_METRICS = 100;
const MAX_NAME = 8_000;

/** How far two deployments of one code were apart in one metric, on the scale of the natural log. */
export type Difference = {
  /** Mean log of the head less that of the base. */
  readonly log: number;
  /** What the rounds leave open about it. */
  readonly error: MeasuredSd;
};

/** One session of rounds on two deployments of the same code: one draw of what deployments differ by. */
export type DeploymentDraw = {
  readonly id: string;
  /** Start of the first round's window, ISO 8601. */
  readonly start: string;
  readonly sha: string | null;
  readonly test: TestFingerprint;
  /** Address and code of each: a pair that is measured again shows nothing new. */
  readonly base: string;
  readonly head: string;
  readonly rounds: number;
  /** By metric id; whole metrics only. */
  readonly metrics: Readonly<Record<string, Difference>>;
};

/** Each pair once, as it was measured last; oldest first, the newest twenty. */
export const uniteDraws = (lists: readonly (readonly DeploymentDraw[])[]): readonly DeploymentDraw[] => {
  const sorted = oldestFirst(lists.flat());
  const last = new Map(sorted.map((draw) => [pairOf(draw), draw]));
  return sorted.filter((draw) => last.get(pairOf(draw)) === draw).slice(-DRAWS_KEPT);
};

/** The same in either order. */
const pairOf = ({ base, head }: DeploymentDraw): string => JSON.stringify([base, head].toSorted());

/**
 * Draws that were measured under this load. For how long, and whether the start of the users counts, decides how much
 * rounds scatter, which a draw carries itself, and not what a deployment adds to all of them.
 */
export const drawsUnder = (draws: readonly DeploymentDraw[], test: TestFingerprint): readonly DeploymentDraw[] =>
  draws.filter((draw) => loadDifferences(timeless(draw.test), timeless(test)).length === 0);

const timeless = ({ ramp: _, ...test }: TestFingerprint): TestFingerprint => ({ ...test, runTime: 0, seed: 0 });

export const deploymentDraw: Reader<DeploymentDraw> = object<DeploymentDraw>({
  id: identifier,
  start: isoTime,
  sha: orNull(identifier),
  test: testFingerprint,
  base: text(MAX_NAME),
  head: text(MAX_NAME),
  rounds: roundCount,
  metrics: mapOf(object<Difference>({ log: between(-10, 10), error: measuredSd }), MAX_METRICS),
});
