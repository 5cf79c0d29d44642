import { type Millis, millis, millisToSeconds, type Seconds, seconds, secondsToMillis } from "../units.ts";
import { isOpen, type ModelPlan } from "./model.ts";
import type { LoadPlan } from "./plan.ts";
import { userRandom } from "./random.ts";
import { steadyFrom } from "./spawn.ts";

/** The two deployments of paired mode. */
export type Arm = "base" | "head";
export const ARMS = ["base", "head"] as const satisfies readonly Arm[];

/** Which arm of a round is measured first. */
export type RoundOrder = "base-first" | "head-first";

/** How one segment of paired mode spends its time. */
export type SegmentTimes = {
  /** Unmeasured, until all users run; whole seconds. */
  readonly ramp: Seconds;
  /** With all users. */
  readonly measured: Seconds;
  /** Nothing is sent: what the one arm has left behind does not meet the other. */
  readonly settle: Millis;
};

/** At a rate of arrivals all users are there from the start; a second of it warms their connections. */
const OPEN_RAMP = 1;
const LONGEST_SETTLE = 1_000;
const SETTLE_SHARE = 0.1;

export const segmentTimes = (
  plan: Pick<ModelPlan, "users" | "spawnRate" | "rate" | "stages">,
  segmentTime: Millis,
): SegmentTimes => ({
  ramp: seconds(isOpen(plan) ? OPEN_RAMP : Math.max(1, steadyFrom(plan.users, plan.spawnRate))),
  measured: millisToSeconds(segmentTime),
  settle: millis(Math.min(LONGEST_SETTLE, segmentTime * SETTLE_SHARE)),
});

/** What a round of two segments takes at least: answers that are waited for at the end of a segment come on top. */
export const roundLength = ({ ramp, measured, settle }: SegmentTimes): Millis =>
  millis(2 * (secondsToMillis(seconds(ramp + measured)) + settle));

/** The arms of a round in the order in which they are measured. */
export const armsInOrder = (order: RoundOrder): readonly [Arm, Arm] =>
  order === "base-first" ? ["base", "head"] : ["head", "base"];

/**
 * The order of a round, the first is 1. Four rounds AB BA BA AB, or their mirror as the seed decides: an even number of
 * rounds has both orders equally often, and a drift that is straight over four rounds falls on both arms alike.
 */
export const orderOfRound = (round: number, seed: number): RoundOrder => {
  const block = Math.floor((round - 1) / BLOCK.length);
  const mirrored = userRandom(seed, block, "picks")() < 0.5;
  const baseFirst = BLOCK[(round - 1) % BLOCK.length] !== mirrored;
  return baseFirst ? "base-first" : "head-first";
};

const BLOCK: readonly boolean[] = [true, false, false, true];

/** Seeds are 32 bits wide. */
const SEEDS = 2 ** 32;

/**
 * The plan of one segment. Both arms of a round get the same seed, rounds have different ones: each repeats its own
 * picks and waits on both sides. Only an arm's first segment warms up.
 */
export const segmentPlan = (
  plan: LoadPlan,
  { ramp, measured }: SegmentTimes,
  of: { readonly round: number; readonly isFirst: boolean; readonly maxRequests: number },
): LoadPlan => ({
  ...plan,
  ramp,
  runTime: seconds(ramp + measured),
  seed: (plan.seed + of.round - 1) % SEEDS,
  maxRequests: of.maxRequests,
  ...(of.isFirst ? {} : { warmUp: seconds(0), preWarm: 0 }),
});
