import type { Limit } from "../config/limits.ts";
import type { MetricUnit } from "../config/metric-catalog.ts";
import type { ErrorCode, Problem } from "../errors.ts";
import type { How } from "./how.ts";

/** Per metric and overall (SPEC section 1). */
export type Verdict = "pass" | "improved" | "warn" | "fail" | "inconclusive" | "invalid" | "no-baseline";

/** Two-sided 95 % interval of head over base: as a ratio, or as a difference of shares. */
export type Change =
  | { readonly kind: "ratio"; readonly ratio: number; readonly low: number; readonly high: number }
  | { readonly kind: "points"; readonly points: number; readonly low: number; readonly high: number };

/** What a decision rests on. `base` is `null` where nothing was compared; `change` also where only an absolute limit was judged. */
export type Evidence = {
  readonly base: number | null;
  readonly head: number;
  readonly change: Change | null;
  /** Smallest true change that would be a `fail` with 90 % power: a share, or points as a share. */
  readonly detectable: number | null;
  readonly baseSamples: number | null;
  readonly headSamples: number;
  readonly baseRuns: number;
  readonly headRuns: number;
};

/** What was found about one metric. No verdict without its evidence, no absence of data that passes. */
export type Finding =
  | { readonly kind: "pass" | "improved" | "warn" | "fail"; readonly evidence: Evidence; readonly reason: string }
  /** `neutral`: estimate inside the limit; `suspected`: beyond it, not proved; both were measured. */
  | {
      readonly kind: "inconclusive";
      readonly face: "neutral" | "suspected";
      readonly evidence: Evidence;
      readonly reason: string;
    }
  /** Configured, but the figure is missing or cannot carry a decision. */
  | {
      readonly kind: "not-measured";
      /** `null` when the metric does not gate. */
      readonly verdict: "inconclusive" | "invalid" | null;
      readonly code: ErrorCode;
      readonly head: number | null;
      readonly reason: string;
    }
  | { readonly kind: "no-baseline"; readonly head: number; readonly reason: string }
  /** No limit, or one that only warns and has nothing to warn of: shown, never judged. The reason says what is not known. */
  | { readonly kind: "informs"; readonly evidence: Evidence; readonly reason?: string };

/** The verdict of a metric as reports and JSON show it; `null` without a limit, or without data where it does not gate. */
export const verdictOf = (finding: Finding): Verdict | null => {
  if (finding.kind === "informs") return null;
  return finding.kind === "not-measured" ? finding.verdict : finding.kind;
};

export type MetricJudgement = {
  /** Metric id, with `@scope` where it is one task or function. */
  readonly id: string;
  readonly unit: MetricUnit;
  readonly gates: boolean;
  /** Limits joined by `; `, `null` when it only informs. */
  readonly limits: readonly Limit[];
  readonly finding: Finding;
  /** Data, model and test behind the finding; absent where nothing was measured. */
  readonly how?: How;
};

export type Spread = "prior" | "learning" | "learned" | "paired";

export type BaselineFacts = {
  readonly state: "exact" | "ancestor" | "latest" | "file";
  readonly sha: string | null;
  /** Found or given, and on the plateau. */
  readonly runs: number;
  readonly used: number;
  readonly spread: Spread;
  /** Rounds of `calibrate` that say how runs scatter; absent where it never ran. */
  readonly calibrated?: number;
  /** How it was found, what of it was left out, `stale`, `far`: the first of the judgement's notes. */
  readonly notes: readonly string[];
};

export type Attribution = {
  readonly layer: "code" | "cold-start" | "throttling" | "gateway" | "network" | "runner" | "unknown" | "none";
  readonly text: string;
};

/** `unconfirmed`: it failed and was not measured again. `refuted`: it did not fail again and is suspected only. */
export type Confirmation = "unconfirmed" | "confirmed" | "refuted";

/** The decision about a run, with everything it rests on. */
export type Judgement = {
  readonly mode: "history" | "paired" | "absolute";
  readonly verdict: Verdict;
  readonly gateOpen: boolean;
  readonly baseline: BaselineFacts | null;
  readonly metrics: readonly MetricJudgement[];
  readonly attribution: Attribution | null;
  /** Paired mode: whether a `fail` was seen again with fresh connections (SPEC section 6). Absent where it was not asked. */
  readonly confirmation?: Confirmation;
  readonly problems: readonly Problem[];
  /** Sentences that no verdict depends on. */
  readonly notes: readonly string[];
};
