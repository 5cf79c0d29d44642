import { type Seconds, seconds } from "../units.ts";
import { formatArrivalRate, type Spacing } from "./arrivals.ts";
import type { LoadPlan } from "./plan.ts";
import { highestLevel, levelAt, type Profile, plateau } from "./profile.ts";
import type { Shard } from "./shard.ts";
import { steadyFrom } from "./spawn.ts";
import { formatStages } from "./stages.ts";

/** What decides when requests start; every function here takes a plan or the configuration it is made from. */
export type ModelPlan = Pick<LoadPlan, "users" | "spawnRate" | "runTime" | "rate" | "stages"> & {
  readonly shard?: Shard;
  readonly ramp?: Seconds;
};

/** Open: arrivals keep their schedule whatever the responses do. Closed: users wait for their answers. */
export const isOpen = ({ rate, stages }: Pick<ModelPlan, "rate" | "stages">): boolean =>
  rate !== null || stages?.of === "rate";

/** Arrivals per second over time; `null` in the closed model. */
export const arrivalProfile = ({ rate, stages, runTime }: ModelPlan): Profile | null => {
  if (stages?.of === "rate") return stages.profile;
  return rate === null ? null : [{ seconds: runTime, from: rate.perSecond, to: rate.perSecond }];
};

export const spacingOf = ({ rate }: ModelPlan): Spacing => rate?.spacing ?? "constant";

/** Users over time: the stages, the ramp of the spawn rate, or in the open model the whole pool from the start. */
export const userProfile = (plan: ModelPlan): Profile => {
  const { users, spawnRate, runTime, stages } = plan;
  if (isOpen(plan)) return [{ seconds: runTime, from: users, to: users }];
  if (stages !== null) return stages.profile;
  const ramp = users / spawnRate;
  const level = { seconds: seconds(Math.max(0, runTime - ramp)), from: users, to: users };
  return [{ seconds: seconds(ramp), from: 0, to: users }, ...(level.seconds > 0 ? [level] : [])];
};

/** Users that are to run when a second of the window ends. */
export const usersAtEnd = (profile: Profile, second: number): number =>
  Math.floor(levelAt(profile, seconds(second + 1 - 1e-9)));

/** Users that are asked for: the pool, or the highest level of the ramp or the stages. */
export const mostUsers = (plan: ModelPlan): number =>
  plan.stages?.of === "users" ? highestLevel(plan.stages.profile) : plan.users;

/** Whole seconds in which the load is at its height; `null` when there is none within `length`. */
export const steadyRange = (
  plan: ModelPlan,
  length: Seconds,
): { readonly from: number; readonly to: number } | null => {
  const range = isOpen(plan) ? arrivalPlateau(plan) : userPlateau(plan);
  if (range === null) return null;
  const from = Math.ceil(range.from);
  const to = Math.floor(Math.min(range.to, length));
  return to > from ? { from, to } : null;
};

const arrivalPlateau = (plan: ModelPlan): { readonly from: number; readonly to: number } | null => {
  const profile = arrivalProfile(plan);
  return profile === null ? null : plateau(profile);
};

const userPlateau = (plan: ModelPlan): { readonly from: number; readonly to: number } | null =>
  plan.stages === null
    ? { from: steadyFrom(plan.users, plan.spawnRate), to: Number.POSITIVE_INFINITY }
    : plateau(plan.stages.profile);

/** The model in the record's words: the rate and the stages as they were given, `null` where they were not. */
export const modelTexts = ({
  rate,
  stages,
}: Pick<ModelPlan, "rate" | "stages">): {
  readonly rate: string | null;
  readonly stages: string | null;
} => ({
  rate: rate === null ? null : formatArrivalRate(rate),
  stages: stages === null ? null : formatStages(stages),
});
