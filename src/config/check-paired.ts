import { type Problem, usageProblem } from "../errors.ts";
import { roundLength, segmentTimes } from "../load/segment.ts";
import { millis } from "../units.ts";
import type { Found } from "./collect.ts";
import { defaultPool, defaultSpawnRate } from "./default-load.ts";
import { formatDuration } from "./durations.ts";
import type { Values } from "./inputs.ts";

/** What cannot be measured beside a base, and a time in which nothing can be decided. */
export const pairedProblems = (values: Partial<Values>, given: ReadonlySet<string>): readonly Found[] => {
  if (!given.has("base-url"))
    return given.has("base-functions") ? [{ at: "base-functions", problem: NO_BASE_URL }] : [];
  const conflicts = CONFLICTS.flatMap(({ at, holds, message, hint }) =>
    holds(values, given) ? [{ at, problem: usageProblem("conflicting-values", message, hint) }] : [],
  );
  const short = durationProblem(values, given);
  return short === null ? conflicts : [...conflicts, { at: "max-duration", problem: short }];
};

const NO_BASE_URL = usageProblem(
  "missing-value",
  "base-functions is given and base-url is not.",
  "Set base-url to the base deployment that these functions are behind, or leave base-functions out.",
);

type Conflict = {
  readonly at: string;
  readonly holds: (values: Partial<Values>, given: ReadonlySet<string>) => boolean;
  readonly message: string;
  readonly hint: string;
};

const CONFLICTS: readonly Conflict[] = [
  {
    at: "stages",
    holds: ({ stages }) => (stages ?? null) !== null,
    message: "base-url and stages are both given, and rounds are measured with all users at one level.",
    hint: "Leave out stages and give users or rate, or leave out base-url.",
  },
  {
    at: "shard",
    holds: ({ mode, shard }) => mode === "shard" || mode === "merge" || (shard ?? null) !== null,
    message: "base-url is given, and rounds are measured from one machine: they cannot be shards.",
    hint: "Leave out shard and mode, or base-url.",
  },
];

/** As many rounds as the judge needs to decide anything (SPEC 12.1). */
const LEAST_ROUNDS = 6;

/** Said before anything is sent: a measurement that must end undecided is a waste of everybody's time. */
const durationProblem = (values: Partial<Values>, given: ReadonlySet<string>): Problem | null => {
  const { users: known, rate, stages, "segment-time": segment, "max-duration": most, "warm-up": warmUp } = values;
  if (known === undefined || rate === undefined || !segment || !most || warmUp === undefined || stages) return null;
  const users = given.has("users") ? known : defaultPool(rate?.perSecond ?? 0, known);
  const spawnRate = values["spawn-rate"] ?? defaultSpawnRate(users);
  const round = roundLength(segmentTimes({ users, spawnRate, rate, stages: null }, segment));
  const needed = millis(Math.ceil((LEAST_ROUNDS * round + 2 * warmUp) / 1000) * 1000);
  if (needed <= most) return null;
  return usageProblem(
    "conflicting-values",
    `max-duration is ${formatDuration(most)}, and the ${LEAST_ROUNDS} rounds that can decide anything take ${formatDuration(needed)} at least.`,
    `Raise max-duration to ${formatDuration(needed)} or more, or shorten segment-time; a higher spawn-rate saves time in every segment.`,
  );
};
