/** Readers of paired mode: its rounds, and what is known of the base arm. */
import type { DeploymentNoise } from "../config/config.ts";
import { latencySummary, MAX_TASKS, outcomeCounts } from "./load-readers.ts";
import { amount, between, count, flag, listOf, mapOf, object, oneOf, orNull, type Reader, text } from "./reader.ts";
import type { BaseArm, Round, RoundArm, RoundDuration } from "./record.ts";
import { cloudResult, identifier, runWindow, systemFacts } from "./run-readers.ts";

/** 24 rounds are planned, and a few more may confirm; a day of segments of 20 s is not ten thousand. */
const MAX_ROUNDS = 10_000;

const roundTask = object<NonNullable<RoundArm["tasks"]>[number]>({
  name: text(500),
  outcomes: outcomeCounts,
  response: latencySummary,
  service: latencySummary,
});

/** As many as functions may be named. */
const MAX_FUNCTIONS = 500;

const roundDuration = object<RoundDuration>({ function: text(300), invocations: count, durationMs: orNull(amount) });

const roundArm = object<RoundArm>(
  {
    window: runWindow,
    outcomes: outcomeCounts,
    response: latencySummary,
    service: latencySummary,
    tasks: listOf(roundTask, MAX_TASKS),
    durations: listOf(roundDuration, MAX_FUNCTIONS),
  },
  { tasks: undefined, durations: undefined },
);

export const rounds: Reader<readonly Round[]> = listOf(
  object<Round>(
    { order: oneOf("base-first", "head-first"), base: roundArm, head: roundArm, confirms: flag },
    { confirms: undefined },
  ),
  MAX_ROUNDS,
);

/** Metrics that are compared on the log scale are a dozen. */
const MAX_TERMS = 100;

export const deploymentNoise: Reader<DeploymentNoise> = object<DeploymentNoise>({
  pairs: count,
  terms: mapOf(object<DeploymentNoise["terms"][string]>({ sd: between(0, 10), df: between(1, MAX_ROUNDS) }), MAX_TERMS),
});

export const baseArm: Reader<BaseArm> = object<BaseArm>({
  url: text(4_000),
  sha: orNull(identifier),
  system: systemFacts,
  cloud: orNull(cloudResult),
});
