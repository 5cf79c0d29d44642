import { type EpochMs, epochMs, type Millis, millis } from "../units.ts";
import type { CloudState, FunctionRef } from "./cloud.ts";
import { type Counts, readCounts } from "./counts.ts";
import type { Expectation } from "./expectation.ts";
import type { MetricAnswer, MetricValues } from "./queries.ts";
import { settleReason } from "./settle-reason.ts";

/**
 * AWS publishes Lambda's metrics late and states no bound, and an answer never says whether more will come. So the only
 * proof that the figures are whole is our own count (reference "Publication delay and settling").
 */
export type SettleRules = {
  readonly functions: readonly FunctionRef[];
  readonly expected: Expectation;
  readonly deadline: EpochMs;
  /** From poll to poll. */
  readonly interval: Millis;
  /** How long nothing may have arrived before a count inside the expected range is taken as final. */
  readonly plateau: Millis;
};

export type SettleState = {
  readonly polls: number;
  /** Newest figures; `null` before the first answer. */
  readonly values: MetricValues | null;
  readonly counts: Counts | null;
  /** Since when the answers have been equal, and whether there were two of them. */
  readonly unchangedSince: EpochMs | null;
  readonly stable: boolean;
  /** What CloudWatch said beside the figures, each sentence once. */
  readonly messages: readonly string[];
  /** Why the newest poll brought nothing. */
  readonly failure: string | null;
};

export type SettleStep =
  | { readonly kind: "wait"; readonly state: SettleState; readonly time: Millis }
  | { readonly kind: "done"; readonly state: SettleState; readonly result: CloudState; readonly reason: string };

const MAX_INTERVAL = 15_000;
const POLLS_PER_TIMEOUT = 8;
const PLATEAU_SHARE = 1 / 3;
/** Contaminated needs both: more than this share and more than this many too many (SPEC 12.2). */
const OVERSHOOT = { oneIn: 50, count: 20 };
/** One request in 200 may be missing from a count that is called complete; below 200 requests none. */
const TOLERATED_ONE_IN = 200;

/** `timeout` counts from the end of the load; there is no fixed wait before the first poll. */
export const settleRules = (
  functions: readonly FunctionRef[],
  expected: Expectation,
  { loadEnd, timeout }: { readonly loadEnd: EpochMs; readonly timeout: Millis },
): SettleRules => ({
  functions,
  expected,
  deadline: epochMs(loadEnd + timeout),
  interval: millis(Math.min(MAX_INTERVAL, timeout / POLLS_PER_TIMEOUT)),
  plateau: millis(timeout * PLATEAU_SHARE),
});

export const settleStart: SettleState = {
  polls: 0,
  values: null,
  counts: null,
  unchangedSince: null,
  stable: false,
  messages: [],
  failure: null,
};

/** One poll's answer: either wait for the next, or the state AWS's figures are left in. */
export const settle = (
  rules: SettleRules,
  before: SettleState,
  { answer, now }: { readonly answer: MetricAnswer; readonly now: EpochMs },
): SettleStep => {
  const state = { ...afterPoll(rules, before, { answer, now }), polls: before.polls + 1 };
  const done = (result: CloudState): SettleStep => ({
    kind: "done",
    state,
    result,
    reason: settleReason(result, rules, state),
  });
  if (answer.kind === "denied") return done("denied");
  const result = now >= rules.deadline ? stateAtDeadline(rules, state) : settledState(rules, state, now);
  if (result !== null) return done(result);
  return { kind: "wait", state, time: millis(Math.min(rules.interval, rules.deadline - now)) };
};

/** A poll that failed says nothing about the figures: they stay as they were, stable or not. */
const afterPoll = (
  { functions }: SettleRules,
  before: SettleState,
  { answer, now }: { readonly answer: MetricAnswer; readonly now: EpochMs },
): SettleState => {
  if (answer.kind !== "values") return { ...before, failure: answer.reason };
  const counts = readCounts(functions, answer.values);
  const stable = counts.signature === before.counts?.signature;
  return {
    ...before,
    values: answer.values,
    counts,
    stable,
    unchangedSince: stable ? before.unchangedSince : now,
    messages: [...new Set([...before.messages, ...answer.messages])],
    failure: null,
  };
};

/** `null`: not settled, ask again. */
const settledState = (rules: SettleRules, state: SettleState, now: EpochMs): CloudState | null => {
  const { counts, stable, unchangedSince } = state;
  if (!stable || counts === null || counts.seen === null || counts.missing.length > 0) return null;
  if (isOvershoot(rules, counts.seen)) return "contaminated";
  if (!isEnough(counts.seen, rules.expected.atLeast)) return null;
  // Requests that may never have arrived could also be on their way into the metrics: a plateau decides. Functions that
  // call each other have no exact number at all; there two equal polls are the rule.
  const certain = isEnough(counts.seen, rules.expected.atMost) || rules.functions.length > 1;
  const steady = unchangedSince !== null && now - unchangedSince >= rules.plateau;
  return certain || steady ? "complete" : null;
};

const stateAtDeadline = (rules: SettleRules, { counts, stable }: SettleState): CloudState => {
  if (!stable || counts === null || counts.seen === null) return "incomplete";
  if (isOvershoot(rules, counts.seen)) return "contaminated";
  return isEnough(counts.seen, rules.expected.atLeast) && counts.missing.length === 0 ? "complete" : "partial";
};

/** A request may call several functions, so that only a single one can be seen too often. */
const isOvershoot = ({ functions, expected }: SettleRules, seen: number): boolean => {
  const excess = seen - expected.atMost;
  return functions.length === 1 && excess > OVERSHOOT.count && excess * OVERSHOOT.oneIn > expected.atMost;
};

const isEnough = (seen: number, expected: number): boolean =>
  seen > 0 && seen >= expected - Math.floor(expected / TOLERATED_ONE_IN);
