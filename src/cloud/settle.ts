import { type EpochMs, epochMs, type Millis, millis } from "../units.ts";
import type { CloudState, FunctionRef } from "./cloud.ts";
import { type Counts, readCounts } from "./counts.ts";
import { type Expectation, isEnough } from "./expectation.ts";
import type { MetricAnswer, MetricValues } from "./queries.ts";
import { settleReason } from "./settle-reason.ts";

/**
 * AWS publishes Lambda's metrics late and states no bound, and an answer never says whether more will come. So the only
 * proof that the figures are whole is our own count (reference "Publication delay and settling").
 */
export type SettleRules = {
  readonly functions: readonly FunctionRef[];
  readonly subject: Subject;
  readonly expected: Expectation;
  readonly deadline: EpochMs;
  /** From poll to poll. */
  readonly interval: Millis;
  /** How long nothing may have arrived before a count inside the expected range is taken as final. */
  readonly plateau: Millis;
};

/** Whose count is waited for. */
export type Subject = {
  readonly names: readonly string[];
  /** `the function`, in sentences. */
  readonly what: string;
  /** A request may count several times or not at all, so that no number is exact. */
  readonly several: boolean;
  /**
   * Whether a count that is reached must stand for two polls, because other figures may follow it. Where it need not, a
   * count that stays short is not waited for to the end either: it decides over no metric.
   */
  readonly twice: boolean;
  readonly count: (values: MetricValues) => Counts;
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

/** `timeout` counts from the end of the load; there is no fixed wait before the first poll. */
export const settleRules = (
  functions: readonly FunctionRef[],
  expected: Expectation,
  { loadEnd, timeout }: { readonly loadEnd: EpochMs; readonly timeout: Millis },
): SettleRules => ({
  functions,
  subject: functionsSubject(functions),
  expected,
  deadline: epochMs(loadEnd + timeout),
  interval: millis(Math.min(MAX_INTERVAL, timeout / POLLS_PER_TIMEOUT)),
  plateau: millis(timeout * PLATEAU_SHARE),
});

const functionsSubject = (functions: readonly FunctionRef[]): Subject => ({
  names: functions.map((ref) => ref.label),
  what: "the function",
  several: functions.length > 1,
  twice: true,
  count: (values) => readCounts(functions, values),
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
  { subject }: SettleRules,
  before: SettleState,
  { answer, now }: { readonly answer: MetricAnswer; readonly now: EpochMs },
): SettleState => {
  if (answer.kind !== "values") return { ...before, failure: answer.reason };
  const counts = subject.count(answer.values);
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
  const steady = stable && unchangedSince !== null && now - unchangedSince >= rules.plateau;
  if (steady && !rules.subject.twice && !isEnough(counts?.seen ?? 0, rules.expected.atLeast))
    return counts?.seen === null ? "incomplete" : "partial";
  if (counts === null || counts.seen === null || counts.missing.length > 0) return null;
  if (!stable && (rules.subject.twice || !isEnough(counts.seen, rules.expected.atLeast))) return null;
  if (isOvershoot(rules, counts.seen)) return "contaminated";
  if (!isEnough(counts.seen, rules.expected.atLeast)) return null;
  // Requests that may never have arrived could also be on their way into the metrics: a plateau decides. Functions that
  // call each other have no exact number at all; there two equal polls are the rule.
  const certain = isEnough(counts.seen, rules.expected.atMost) || rules.subject.several || !rules.subject.twice;
  return certain || steady ? "complete" : null;
};

const stateAtDeadline = (rules: SettleRules, { counts, stable }: SettleState): CloudState => {
  if (counts === null || counts.seen === null) return "incomplete";
  if (!stable && rules.subject.twice) return "incomplete";
  if (isOvershoot(rules, counts.seen)) return "contaminated";
  return isEnough(counts.seen, rules.expected.atLeast) && counts.missing.length === 0 ? "complete" : "partial";
};

/** A request may call several functions, so that only a single one can be seen too often. */
const isOvershoot = ({ subject, expected }: SettleRules, seen: number): boolean => {
  const excess = seen - expected.atMost;
  return !subject.several && excess > OVERSHOOT.count && excess * OVERSHOOT.oneIn > expected.atMost;
};
