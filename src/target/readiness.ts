import type { StatusRange } from "../config/config.ts";
import type { Problem } from "../errors.ts";
import { type EpochMs, type Millis, millis } from "../units.ts";
import { notReadyProblem } from "./not-ready.ts";
import { type CommitRule, checkCommit } from "./ready-commit.ts";

/** Why a probe did not count as a success. */
export type NotReady =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "commit"; readonly text: string }
  | { readonly kind: "transport"; readonly cause: TransportCause; readonly text: string };

export type TransportCause = "dns" | "connect" | "tls" | "timeout" | "reset";

/** One probe's answer as readiness sees it; the same shape as the `Probe` port's. */
export type ReadinessAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: "error"; readonly cause: TransportCause; readonly text: string };

/** What is kept of a probe: AWS's count holds it too. */
export type ProbeRecord = {
  readonly at: EpochMs;
  /** A connection came about, so that the request may have reached the function. */
  readonly connected: boolean;
  readonly status: number | null;
};

export type ReadinessRules = {
  readonly url: string;
  readonly status: readonly StatusRange[];
  readonly commit: CommitRule | null;
  readonly timeout: Millis;
  readonly deadline: EpochMs;
};

export type ReadinessState = {
  readonly successes: number;
  readonly failures: number;
  readonly last: NotReady | null;
};

export type ReadinessStep =
  | { readonly kind: "ready" }
  | { readonly kind: "wait"; readonly state: ReadinessState; readonly time: Millis }
  | { readonly kind: "give-up"; readonly problem: Problem };

/** Successes in a row, and the time between them (SPEC 12.2). */
const SUCCESSES = 3;
const GAP = 500;
/** Failing probes become rarer, so that five minutes of waiting are not six hundred invocations. */
const MAX_GAP = 3_000;

export const readinessStart: ReadinessState = { successes: 0, failures: 0, last: null };

/**
 * One probe's answer: ready after three successes in a row, else wait until the deadline. A 404, a 401 or a dead name is
 * waited for as well, because previews come up that way. A run of successes that the deadline cuts may finish.
 */
export const readinessStep = (
  rules: ReadinessRules,
  before: ReadinessState,
  { answer, now }: { readonly answer: ReadinessAnswer; readonly now: EpochMs },
): ReadinessStep => {
  const failure = judgeProbe(rules, answer);
  if (failure === null) {
    const successes = before.successes + 1;
    if (successes >= SUCCESSES) return { kind: "ready" };
    return { kind: "wait", state: { ...before, successes }, time: millis(GAP) };
  }
  const left = rules.deadline - now;
  if (left <= 0) return { kind: "give-up", problem: notReadyProblem(rules, failure) };
  const gap = Math.min(MAX_GAP, GAP * 2 ** Math.min(before.failures, 10));
  return {
    kind: "wait",
    state: { successes: 0, failures: before.failures + 1, last: failure },
    time: millis(Math.min(gap, left)),
  };
};

/** Whether the request of a probe may have come as far as the function. */
export const probeRecord = (at: EpochMs, answer: ReadinessAnswer): ProbeRecord => ({
  at,
  connected: answer.kind === "answer" || answer.cause === "timeout" || answer.cause === "reset",
  status: answer.kind === "answer" ? answer.status : null,
});

/** Why this answer is no success, `null` when it is one. */
export const judgeProbe = (
  rules: Pick<ReadinessRules, "status" | "commit">,
  answer: ReadinessAnswer,
): NotReady | null => {
  if (answer.kind === "error") return { kind: "transport", cause: answer.cause, text: answer.text };
  const { status } = answer;
  if (!rules.status.some((range) => status >= range.from && status <= range.to)) return { kind: "status", status };
  const text = rules.commit === null ? null : checkCommit(rules.commit, answer);
  return text === null ? null : { kind: "commit", text };
};
