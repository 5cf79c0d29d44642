/** Readers of paired mode: its rounds, and what is known of the base arm. */
import { latencySummary, MAX_TASKS, outcomeCounts } from "./load-readers.ts";
import { flag, listOf, object, oneOf, orNull, type Reader, text } from "./reader.ts";
import type { BaseArm, Round, RoundArm } from "./record.ts";
import { cloudResult, identifier, runWindow, systemFacts } from "./run-readers.ts";

/** 24 rounds are planned, and a few more may confirm; a day of segments of 20 s is not ten thousand. */
const MAX_ROUNDS = 10_000;

const roundTask = object<NonNullable<RoundArm["tasks"]>[number]>({
  name: text(500),
  outcomes: outcomeCounts,
  response: latencySummary,
  service: latencySummary,
});

const roundArm = object<RoundArm>(
  {
    window: runWindow,
    outcomes: outcomeCounts,
    response: latencySummary,
    service: latencySummary,
    tasks: listOf(roundTask, MAX_TASKS),
  },
  { tasks: undefined },
);

export const rounds: Reader<readonly Round[]> = listOf(
  object<Round>(
    { order: oneOf("base-first", "head-first"), base: roundArm, head: roundArm, confirms: flag },
    { confirms: undefined },
  ),
  MAX_ROUNDS,
);

export const baseArm: Reader<BaseArm> = object<BaseArm>({
  url: text(4_000),
  sha: orNull(identifier),
  system: systemFacts,
  cloud: orNull(cloudResult),
});
