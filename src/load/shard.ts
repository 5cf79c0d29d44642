import { seconds } from "../units.ts";
import type { LoadPlan } from "./plan.ts";

/** Which part of a load one machine sends: `index` from 1 to `count`. */
export type Shard = { readonly index: number; readonly count: number };

/** GitHub starts at most 256 jobs of one matrix. */
export const MOST_SHARDS = 256;

/** `2/4`. */
export const formatShard = ({ index, count }: Shard): string => `${index}/${count}`;

/** Reads what the pattern of the input `shard` has let through; whether the index is within the count is asked elsewhere. */
export const parseShard = (text: string): Shard => {
  const [index, count] = text.split("/").map(Number);
  return { index: index ?? 1, count: count ?? 1 };
};

/** Takes every k of the whole with k mod count = index. */
export type Share = { readonly index: number; readonly count: number };

/**
 * The users and arrivals of one worker: every `workers`-th of those that its shard has, which are every `count`-th of the
 * whole. Workers of all shards together make exactly the whole, each user with the number that it has there.
 */
export const shareOf = (shard: Shard | undefined, worker: number, workers: number): Share =>
  shard === undefined
    ? { index: worker, count: workers }
    : { index: shard.index - 1 + worker * shard.count, count: workers * shard.count };

/** How many of the first `whole` users, arrivals or requests belong to this shard. */
export const partOf = (whole: number, shard: Shard | undefined): number =>
  shard === undefined ? whole : Math.max(0, Math.ceil((whole - (shard.index - 1)) / shard.count));

/**
 * The plan with what is bounded or done once for the whole: each shard gets its part of `max-requests`, only the first
 * warms up, and one whose part of `pre-warm` is nothing has none. Users, rates and stages stay those of the whole.
 */
export const planOfShard = (plan: LoadPlan): LoadPlan => {
  const { shard } = plan;
  if (shard === undefined) return plan;
  return {
    ...plan,
    maxRequests: partOf(plan.maxRequests, shard),
    warmUp: shard.index === 1 ? plan.warmUp : NO_TIME,
    preWarm: partOf(plan.preWarm, shard) === 0 ? 0 : plan.preWarm,
  };
};

const NO_TIME = seconds(0);
