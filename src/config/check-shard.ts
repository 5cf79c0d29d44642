import { type Problem, usageProblem } from "../errors.ts";
import { highestLevel } from "../load/profile.ts";
import { formatShard, MOST_SHARDS, parseShard, partOf, type Shard } from "../load/shard.ts";
import type { Found } from "./collect.ts";
import type { Values } from "./inputs.ts";

/** A shard that does not exist, has nobody to send anything, or stands beside a mode that knows none. */
export const shardProblems = (values: Partial<Values>, given: ReadonlySet<string>): readonly Found[] => {
  const { mode } = values;
  const found = (problem: Problem): readonly Found[] => [{ at: "shard", problem }];
  if (values.shard === undefined) return [];
  if (values.shard === null) return mode === "shard" ? found(NO_SHARD) : [];
  if (mode !== undefined && mode !== "shard" && given.has("mode")) return found(otherMode(mode));
  const shard = parseShard(values.shard);
  if (shard.index > shard.count || shard.count > MOST_SHARDS) return found(noSuchShard(shard));
  const users = usersOf(values, given);
  return users === null || partOf(users, shard) > 0 ? [] : found(nobody(shard, users));
};

/** Users as given; the default pool of a rate is larger than any number of shards that makes sense. */
const usersOf = ({ users, stages, rate }: Partial<Values>, given: ReadonlySet<string>): number | null => {
  if (stages?.of === "users") return highestLevel(stages.profile);
  const open = (rate ?? null) !== null || stages?.of === "rate";
  return users === undefined || (open && !given.has("users")) ? null : users;
};

const NO_SHARD = usageProblem(
  "missing-value",
  "mode is shard, and shard does not say which one.",
  "Set shard, such as 1/4 in the first of four jobs.",
);

const otherMode = (mode: string): Problem =>
  usageProblem("conflicting-values", `shard is given, and mode is ${mode}.`, "Leave out shard, or set mode: shard.");

const noSuchShard = (shard: Shard): Problem =>
  usageProblem(
    "bad-value",
    `shard is ${formatShard(shard)}, and there is no such shard.`,
    `Write a number and how many there are, from 1/1 to ${MOST_SHARDS}/${MOST_SHARDS}.`,
  );

const nobody = (shard: Shard, users: number): Problem =>
  usageProblem(
    "conflicting-values",
    `Shard ${formatShard(shard)} has none of the ${users} users.`,
    "Use fewer shards, or more users.",
  );
